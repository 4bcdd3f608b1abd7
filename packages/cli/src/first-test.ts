import { type Files, openProject, type Project, parametersSchema } from '@connectorkit/sdk';
import { writeAll } from '@connectorkit/sdk/project';
import { updatesOf } from '@connectorkit/sdk/tests';

type Json = Readonly<Record<string, unknown>>;

/**
 * Writes a first test for each connection that has none: it connects, and is refused. What is sent and what comes out is
 * what the connection does now, so that the tests tell when that changes.
 */
export async function writeFirstTests(files: Files, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const [connection] = openProject(files, { connections: [id] }).connections;
    if (connection === undefined || files.list(`${connection.folder}/tests`).length > 0) continue;
    const file = `${connection.folder}/tests/main.test.jsonc`;
    files.write(file, textOf(connection), { over: null });
    const project = openProject(files, { connections: [id] });
    const [written] = project.connections;
    if (written !== undefined) writeAll(files, await updatesOf(project, written, [file]));
  }
}

function textOf({ sections }: Project['connections'][number]): string {
  const given = {
    parameters: valuesFor(parametersSchema(sections.parameters?.value ?? [])),
    ...(sections.common === undefined ? {} : { common: valuesFor(sections.common.value) }),
  };
  const requests = requestsOf(sections.api?.value);
  const test = {
    given,
    cases: [
      { name: 'a user connects', exchanges: requests.map(([step, request]) => answered(step, request)) },
      ...refusal(requests),
    ],
  };
  const comment = '  // What the connection sends and makes of the answers, without a network. Run it with `npm test`.';
  return `${JSON.stringify(test, undefined, 2).replace('{\n', `{\n${comment}\n`)}\n`;
}

/** The requests of a connection in their order, those before a user is connected. */
function requestsOf(api: unknown): readonly (readonly [step: string | undefined, request: Json])[] {
  if (Array.isArray(api)) return api.map((request) => [undefined, request as Json] as const);
  const steps = api as Readonly<Record<string, Json>>;
  if ('url' in steps) return [[undefined, steps]];
  return ['authorize', 'token', 'info'].flatMap((step) => {
    const request = steps[step];
    return request === undefined ? [] : [[step, request] as const];
  });
}

/** The challenge of RFC 7616 that a request without credentials is answered with. */
const CHALLENGE = 'Digest realm="acme", qop="auth", algorithm=SHA-256, nonce="nonce-1", opaque="opaque-1"';

function answered(step: string | undefined, { response }: Json): object {
  if (step === 'authorize') return { query: { code: 'code-1' } };
  const { error: _, ...good } = response as Json;
  if (JSON.stringify(good).includes('www-authenticate')) {
    return { answer: { status: 401, headers: { 'www-authenticate': CHALLENGE } } };
  }
  return { answer: { body: bodyFor(good, sample) } };
}

/** That the last request is refused: what the user is told then. */
function refusal(requests: ReturnType<typeof requestsOf>): object[] {
  const [last] = requests.slice(-1);
  const { error } = (last?.[1].response ?? {}) as { readonly error?: { readonly message?: string } };
  if (error?.message === undefined) return [];
  const exchanges = requests.slice(0, -1).map(([step, request]) => answered(step, request));
  const told = error.message.replace('{{statusCode}}', '401').replace(/\{\{.*?\}\}/g, 'No access');
  return [
    {
      name: 'a user who is refused is told why',
      exchanges: [...exchanges, { answer: { status: 401, body: bodyFor(error, () => 'No access') } }],
      expect: { error: told },
    },
  ];
}

/** An answer that has what expressions read of it. */
function bodyFor(response: unknown, value: (name: string) => unknown): Json {
  const body: Record<string, unknown> = {};
  for (const [, path = ''] of JSON.stringify(response).matchAll(/\bbody((?:\.(?:\w+|`[^`]+`))+)/g)) {
    const names = [...path.matchAll(/\.(?:(\w+)|`([^`]+)`)/g)].map(([, plain, quoted]) => plain ?? quoted ?? '');
    let at = body;
    for (const name of names.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    const last = names.at(-1) ?? '';
    at[last] ??= value(last);
  }
  return body;
}

function sample(name: string): unknown {
  if (/expires_in/i.test(name)) return 3600;
  if (/token$/i.test(name)) return `${name.replace(/_?token$/i, '')}-1`;
  if (/mail/i.test(name)) return 'ada@example.com';
  return /id$|^sub$/i.test(name) ? 7 : 'Ada';
}

/** Values that a schema takes: those that it offers, or words that show what they are. */
function valuesFor(schema: unknown): Json {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, Json>> };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { default: preset, enum: choices, oneOf }]) => {
      const offered = Array.isArray(choices) ? choices : Array.isArray(oneOf) ? oneOf.map((each) => each.const) : [];
      return [name, preset ?? offered[0] ?? `${name}-1`];
    }),
  );
}
