import { type Exchange, operationsOf, PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import { code, type Page, prose, sentence, table } from './markdown.ts';

const platforms: readonly Platform[] = Object.values(PLATFORMS);
const README = 'https://github.com/connectorkit/connectorkit/blob/main/packages/harness/src/platforms';

/** How the operations of a platform are known. */
export interface Proof {
  readonly platform: Platform;
  readonly exchanges: readonly Exchange[];
  readonly operations: number;
  /** Operations that an exchange of the vendor proves. */
  readonly proved: number;
  readonly deviations: number;
}

export async function proofs(): Promise<Proof[]> {
  return Promise.all(
    platforms.map(async (platform) => {
      const exchanges = await platform.exchanges();
      const ids = [...operationsOf(platform.contract).keys()];
      const proved = ids.filter((id) => exchanges.some(({ operation }) => operation === id)).length;
      const deviations = exchanges.reduce((sum, each) => sum + (each.deviations?.length ?? 0), 0);
      return { platform, exchanges, operations: ids.length, proved, deviations };
    }),
  );
}

/** Roles of platforms, as commands ask for them. */
const ROLES = [
  ['registry', 'connections are defined there: `push`, `pull`, `diff`, `publish`, `recreate`'],
  ['access', 'access to APIs is requested and granted there: `access`'],
  ['instances', 'customers’ connections live there: `instances`'],
] as const;

/** What all platforms are, and how well each is known. */
export function platformsPage(all: readonly Proof[]): Page {
  return {
    title: 'Platforms',
    blocks: [
      'Connectorkit knows four platforms. Each has a client in `@connectorkit/sdk/platforms` and an emulator in the [harness](harness.md). Both are made from one description of the platform’s API. `connector platforms` shows which parts of your connections each can use.',
      table(
        ['platform', 'name in `connector.json`', 'what it does'],
        all.map(({ platform }) => [
          `[${platform.title}](platform-${platform.name}.md)`,
          code(platform.name),
          prose(platform.takes.use),
        ]),
      ),
      '## Roles',
      table(
        ['role', ...all.map(({ platform }) => platform.title)],
        ROLES.map(([role, does]) => [does, ...all.map(({ platform }) => (platform[role] === undefined ? '' : 'yes'))]),
      ),
      '## What each takes of a connection',
      table(
        ['platform', 'kinds', 'sections', 'fields of the form', 'grants client id and secret'],
        all.map(({ platform: { title, takes } }) => [
          title,
          takes.kinds?.map(code).join(', ') ?? '',
          takes.sections.map(code).join(', '),
          fieldsOf(takes.fields),
          takes.credentials ? 'yes' : '',
        ]),
      ),
      'A field of another type becomes plain text.',
      '## Zones',
      'A `zone` in `connector.json` stands for the address of a platform.',
      ...all.map(({ platform }) =>
        table(
          [`zone of ${platform.title}`, 'address'],
          Object.entries(platform.zones ?? {}).map(([zone, url]) => [code(zone), code(url)]),
        ),
      ),
      'Akana has no zones: each company has a host of its own, which the `url` of an origin names.',
      '## How each is proved',
      evidence(all),
      'What the columns mean: [How faithful the emulators are](../explanation/fidelity.md).',
    ],
  };
}

/** The figures of all platforms. */
export function evidence(all: readonly Proof[]): string {
  const row = (title: string, each: Pick<Proof, 'operations' | 'proved' | 'deviations'>) => [
    title,
    String(each.operations),
    String(each.proved),
    String(each.operations - each.proved),
    String(each.deviations),
  ];
  const sum = (key: 'operations' | 'proved' | 'deviations') => all.reduce((count, each) => count + each[key], 0);
  return table(
    ['platform', 'operations', 'proved by the vendor’s page', 'our reading', 'values in which we leave the page'],
    [
      ...all.map((each) => row(`[${each.platform.title}](../reference/platform-${each.platform.name}.md)`, each)),
      row('all', { operations: sum('operations'), proved: sum('proved'), deviations: sum('deviations') }),
    ],
  );
}

function fieldsOf(fields: Platform['takes']['fields']): string {
  if (fields === undefined) return '';
  return fields === 'all' ? 'all' : fields.map(code).join(', ');
}

/** The operations of one platform, with how each is known. */
export function platformPage({ platform, exchanges, operations, proved }: Proof): Page {
  const { name, title, contract, basePath } = platform;
  const sourcesOf = (id: string) => {
    const sources = exchanges.filter(({ operation }) => operation === id).map(({ source }) => source);
    return [...new Set(sources)];
  };
  return {
    title: `${title}: operations`,
    blocks: [
      `The client and the emulator have ${operations} operations. ${proved} are proved by a request and an answer that the vendor publishes; the other ${operations - proved} are our reading of its documentation. [How faithful the emulators are](../explanation/fidelity.md) tells what that means. What the emulator does, and how open questions are read, is in [its README](${README}/${name}/README.md). The harness serves the description at ${code(`/__harness/platforms/${name}/openapi.json`)}.`,
      basePath === '' ? '' : `Paths are below ${code(basePath)}.`,
      '## Operations',
      table(
        ['operation', 'request', 'what it does', 'proof'],
        [...operationsOf(contract).values()].map(({ id, method, path }) => [
          code(id),
          code(`${method} ${path}`),
          sentence(summaryOf(contract, method, path)),
          sourcesOf(id).map(prose).join('; ') || 'our reading',
        ]),
      ),
      ...deviationBlocks(exchanges),
    ],
  };
}

function summaryOf(contract: Platform['contract'], method: string, path: string): string {
  const item = contract.paths?.[path] as Readonly<Record<string, { readonly summary?: string }>> | undefined;
  return item?.[method.toLowerCase()]?.summary ?? '';
}

function deviationBlocks(exchanges: readonly Exchange[]): string[] {
  const rows = exchanges.flatMap(({ operation, deviations = [] }) =>
    deviations.map(({ path, page, ours, why }) => [code(operation), code(path), value(page), value(ours), prose(why)]),
  );
  if (rows.length === 0) return [];
  return [
    '## Where we leave the page',
    'In these values the emulator does not answer what the page prints, because the page contradicts itself or another page.',
    table(['operation', 'place in the answer', 'page', 'here', 'why'], rows),
  ];
}

function value(given: unknown): string {
  if (given === undefined) return 'nothing';
  const text = JSON.stringify(given);
  return code(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
