import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createHarness, type Harness, type Seeds, seedSchemaOf } from '@connectorkit/harness';
import { ConnectorError, type JSONSchema, type Path } from '@connectorkit/sdk';
import { operationsOf } from '@connectorkit/sdk/platforms';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { EMULATORS } from '../src/platforms/index.ts';
import { send } from './valid-requests.ts';

const RUNS = process.env.CONNECTOR_NIGHTLY === undefined ? 40 : 1_000;
const SCHEMAS = new URL('../generated/schemas/', import.meta.url);
const STORY = new URL('../../../docs/how-to/story/', import.meta.url);

let harness: Harness | undefined;
afterEach(() => harness?.close());

/** What is told of a seed that is refused. */
async function problemsOf(seed: Promise<void>) {
  const error: unknown = await seed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectorError)) throw new Error(`Not refused, or not in words: ${String(error)}`);
  return error.diagnostics.map(({ code, path = [], message, hint }) => `${code} ${path.join('.')}: ${message} ${hint}`);
}

describe('a seed that does not fit is refused with its place', () => {
  test.each<[keyof Seeds, unknown, string[]]>([
    [
      'workato',
      { managed_userz: [{ id: 7 }] },
      ['schema/unknown-key managed_userz: Unknown property "managed_userz". Did you mean "managed_users"?'],
    ],
    ['workato', [], ['schema/type : A seed of Workato must be an object, not an array. Write an object here.']],
    [
      'workato',
      { managed_users: {} },
      ['schema/type managed_users: "managed_users" must be an array, not an object. Write an array here.'],
    ],
    [
      'workato',
      { managed_users: [{ id: 7, conections: [] }] },
      [
        'schema/unknown-key managed_users.0.conections: Unknown property "conections" in item 1 of "managed_users". ' +
          'Did you mean "connections"?',
      ],
    ],
    [
      'workato',
      { managed_users: [{ id: 7, folders: [{ id: 110, parent_id: 35 }, { id: 36 }] }] },
      ['harness/seed managed_users.0.folders.0.parent_id: There is no folder 35. Did you mean "36"?'],
    ],
    [
      'workato',
      {
        managed_users: [
          {
            id: 7,
            folders: [
              { id: 1, parent_id: 2 },
              { id: 2, parent_id: 1 },
            ],
          },
        ],
      },
      ['harness/seed : Workato Embedded refuses the seed: Folder 1 lies in itself. undefined'],
    ],
    [
      'akana',
      { apis: [{ id: 'a', versions: [{ name: 'v1' }] }] },
      ['schema/required apis.0.versions.0.id: "id" is missing in item 1 of "versions". Add "id".'],
    ],
    [
      'akana',
      { contracts: [{ id: 'c', api_version: 'v', app_version: 'w' }], apps: [{ id: 'p', versions: [{ id: 'ww' }] }] },
      [
        'harness/seed contracts.0.api_version: There is no API version "v". Add it to the seed, or seed it before.',
        'harness/seed contracts.0.app_version: There is no app version "w". Did you mean "ww"?',
      ],
    ],
    [
      'akana',
      { contracts: [{ id: 'c', api_version: 'v', app_version: 'w', state: 'approved', updated_at: 'today' }] },
      [
        'schema/enum contracts.0.state: "state" cannot be "approved". Write apicontract.status.pending_approval, ' +
          'apicontract.status.resubmitted, apicontract.status.approved, apicontract.status.activated, ' +
          'apicontract.status.suspended, apicontract.status.rejected, apicontract.status.cancelled, ' +
          'api.contract.app.in.production, apicontract.status.app.deleted or apicontract.status.api.deleted.',
        'schema/value contracts.0.updated_at: "updated_at" cannot be "today". It takes a time such as 2026-01-01T00:00:00Z.',
      ],
    ],
    [
      'anypoint',
      { assets: [{ assetId: 'orders' }], instances: [{ id: 1, assetId: 'order' }], tiers: [{ id: 2, instanceId: 3 }] },
      [
        'harness/seed instances.0.assetId: There is no asset "order". Did you mean "orders"?',
        'harness/seed tiers.0.instanceId: There is no instance 3. Did you mean "1"?',
      ],
    ],
    [
      'anypoint',
      {
        applications: [
          { id: 1, name: 'Shop' },
          { id: 2, name: 'Shop' },
        ],
      },
      ['harness/seed : Anypoint Exchange refuses the seed: An application with the name Shop already exists undefined'],
    ],
    [
      'make',
      { connections: [{ type: 'basic', label: 'Main' }] },
      ['schema/required app: "app" is missing. Add "app".'],
    ],
    [
      'make',
      { app: 'shop', sections: { api: '{}' } },
      ['schema/required connections: "connections" is missing. Add "connections".'],
    ],
    [
      'make',
      { app: 'shop', connections: [{ type: 'oauth2', label: 'Main' }] },
      ['schema/enum connections.0.type: "type" cannot be "oauth2". Did you mean "oauth"?'],
    ],
    [
      'make',
      { tokens: [{ token: 5 }] },
      ['schema/type tokens.0.token: "token" must be a string, not 5. Write a string here.'],
    ],
  ])('%s %j', async (platform, given, problems) => {
    harness = await createHarness();
    expect(await problemsOf(harness.seed(platform, given as never))).toEqual(problems);
  });

  test('with line and column, where it comes from a text', async () => {
    harness = await createHarness();
    const text = '{\n  // whose\n  "managed_users": [{ "id": 7, "nmae": "Acme" }]\n}\n';
    await expect(harness.seedText('workato', text, 'customers.json')).rejects.toMatchObject({
      diagnostics: [{ code: 'schema/unknown-key', file: 'customers.json', line: 3, column: 32, found: 'nmae' }],
    });
    await expect(harness.seedText('workato', '{ "managed_users": [ }', 'a.json')).rejects.toMatchObject({
      diagnostics: [{ code: 'source/syntax', file: 'a.json', line: 1, column: 22 }],
    });
    await harness.seedText('workato', text.replace('nmae', 'name'), 'customers.json');
    const { result } = JSON.parse((await send(harness, { method: 'GET', path: '/api/managed_users/7' })).text);
    expect(
      result ?? JSON.parse((await send(harness, { method: 'GET', path: '/api/managed_users/7' })).text),
    ).toMatchObject({
      name: 'Acme',
    });
  });

  test('and nothing of it is put in place', async () => {
    harness = await createHarness();
    const users = async () => (await send(harness as Harness, { method: 'GET', path: '/api/managed_users' })).text;
    const before = await users();
    const customer = { id: 7, folders: [{ id: 1, parent_id: 99 }] };
    await problemsOf(harness.seed('workato', { managed_users: [{ id: 6 }, customer] }));
    expect(await users()).toBe(before);
    await harness.seed('workato', { managed_users: [{ id: 6 }] });
    expect(await users()).not.toBe(before);
  });

  test('also when the harness is started with it, which then does not start', async () => {
    const seed = { workato: { managed_users: [{ id: 7, home: 'x' }] } };
    await expect(createHarness({ seed: seed as never })).rejects.toMatchObject({ kind: 'findings' });
    harness = await createHarness({ seed: { workato: { managed_users: [{ id: 7 }] }, make: { app: 'shop' } } });
    expect((await send(harness, { method: 'GET', path: '/api/managed_users/7' })).status).toBe(200);
    expect(await (await harness.clients()).make.registry.apps()).toHaveLength(1);
  });
});

test.each([...Object.keys(EMULATORS), 'provider'])('the schema of %s’s seeds is published as it is', async (name) => {
  const published = JSON.parse(readFileSync(new URL(`${name}-seed.schema.json`, SCHEMAS), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(await seedSchemaOf(name))));
  harness = await createHarness();
  const response = await fetch(`${harness.url}/__harness/platforms/${name}/seed.schema.json`);
  expect(await response.json()).toEqual(published);
});

test.each(readdirSync(STORY).filter((file) => file.endsWith('.json')))(
  'the story’s %s can be seeded twice',
  async (file) => {
    harness = await createHarness();
    const [platform = ''] = file.split('.');
    const text = readFileSync(new URL(file, STORY), 'utf8');
    for (const _ of [1, 2]) await harness.seedText(platform, text, file);
  },
);

test.each(Object.keys(EMULATORS))('the seeds in the README of %s can be put in place', async (name) => {
  const page = readFileSync(new URL(`../src/platforms/${name}/README.md`, import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```[jt]s\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  const inline = [...page.matchAll(/`(harness\.seed\([^`]*\))`/g)].map(([, code = '']) => code);
  harness = await createHarness();
  const codes = [...blocks, ...inline].filter((code) => code.includes('harness.seed(') && !code.includes('[...]'));
  for (const code of codes)
    await new Function('harness', `return (async () => { await ${code.replace(/^await /, '')} })()`)(harness);
  if (name !== 'workato') expect(codes.length).toBeGreaterThan(0);
});

type Schema = Exclude<JSONSchema, boolean>;

const PEM = String(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
);

/** Values that a schema allows, of few names and numbers, so that they meet. */
function valuesOf(schema: Schema, root: Schema, depth = 0): fc.Arbitrary<unknown> {
  const names = fc.constantFrom(
    'a',
    'b',
    'c',
    'harness',
    'harness.acmepaymentscorp',
    'jira',
    '5a673b98-92f4-459d-b950-daeed7a8165d',
  );
  const { $ref, enum: choices, type, pattern } = schema;
  if (typeof $ref === 'string') {
    const { $defs } = root as { $defs: Record<string, Schema> };
    return valuesOf($defs[$ref.split('/').at(-1) ?? ''] ?? {}, root, depth + 1);
  }
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  const [first] = [type].flat();
  const maker = {
    string: () =>
      pattern === undefined ? names : fc.constantFrom('2026-01-01T00:00:00.000Z', '2025-06-30T12:00:00+02:00'),
    integer: () => fc.integer({ min: 1, max: 4 }),
    number: () => fc.integer({ min: 0, max: 4 }),
    boolean: () => fc.boolean(),
    array: () =>
      fc.array(valuesOf(schema.items as Schema, root, depth + 1), {
        minLength: Number(schema.minItems ?? 0),
        maxLength: depth > 4 ? 1 : 3,
      }),
    object: () => objectsOf(schema, root, depth),
  }[String(first)];
  if (maker === undefined) throw new Error(`No values of ${JSON.stringify(schema)}`);
  return Array.isArray(type) && type.includes('null') ? fc.option(maker()) : maker();
}

function objectsOf(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const { required = [], additionalProperties: more } = schema;
  const properties = schema.properties as Readonly<Record<string, Schema>> | undefined;
  if (properties === undefined) {
    return typeof more === 'object'
      ? fc.dictionary(fc.constantFrom('a', 'b'), valuesOf(more as Schema, root, depth + 1), { maxKeys: 2 })
      : fc.constant({ a: 'b' });
  }
  const entries = Object.entries(properties).filter(
    ([key]) => key !== '$schema' && !(depth > 5 && key === 'properties'),
  );
  const made = ([key, value]: readonly [string, Schema]) =>
    key === 'public_key' ? fc.constant(PEM) : valuesOf(value, root, depth + 1);
  const needed = Object.entries((schema.dependentRequired ?? {}) as Record<string, string[]>);
  return fc
    .record(Object.fromEntries(entries.map((entry) => [entry[0], made(entry)])), {
      requiredKeys: required as string[],
    })
    .map((object) => {
      const alone = needed.filter(([, others]) => !others.every((each) => Object.hasOwn(object, each)));
      return Object.fromEntries(Object.entries(object).filter(([key]) => !alone.some(([each]) => each === key)));
    });
}

/** The seed without the list items in which names are that nothing has. */
function pruned(seed: unknown, paths: readonly Path[]): unknown {
  const copy = structuredClone(seed);
  // Inner ones first: what is gone with them holds no others.
  for (const path of paths.toSorted((a, b) => b.length - a.length)) {
    const item = path.findLastIndex((step) => typeof step === 'number');
    const last = item < 0 ? path.length - 2 : item;
    const holder = path.slice(0, last).reduce((at, step) => Reflect.get(at as object, step), copy);
    Reflect.set(holder as object, path[last] ?? '', undefined);
  }
  return JSON.parse(JSON.stringify(copy), (_, value) =>
    Array.isArray(value) ? value.filter((each) => each !== null) : value,
  );
}

/** Puts a seed in place, or as much of it as names nothing that is not there. Whether there is any. */
async function placed(own: Harness, name: string, seed: unknown): Promise<boolean> {
  for (let rest = seed; ; ) {
    const error: unknown = await own.seed(name as never, rest as never).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error === undefined) return true;
    if (!(error instanceof ConnectorError) || error.kind !== 'findings') throw error;
    const paths = error.diagnostics.flatMap(({ code, path }) => {
      if (code !== 'harness/seed') throw new Error(`What is made by the schema breaks it: ${error.message}`);
      return path === undefined ? [] : [path];
    });
    // What the platform refuses has no place, as a name that is taken.
    if (paths.length === 0) return false;
    rest = pruned(rest, paths);
  }
}

const LOADED = await Promise.all(
  Object.entries(EMULATORS).map(async ([name, { load }]) => [name, await load()] as const),
);
const HOME = '5a673b98-92f4-459d-b950-daeed7a8165d';

test.each(LOADED)(
  'whatever fits the schema of %s’s seeds is refused in words, or can be read',
  { timeout: 600_000 },
  async (name, { seedSchema, platform }) => {
    const reads = [...operationsOf(platform.contract).values()].filter(({ method }) => method === 'GET');
    const faults: unknown[] = [];
    const own = await createHarness({ platforms: [name], checkAnswers: true, onFault: (fault) => faults.push(fault) });
    const seeds = valuesOf(seedSchema as Schema, seedSchema as Schema);
    let count = 0;
    try {
      await fc.assert(
        fc.asyncProperty(seeds, fc.constantFrom('a', 'b', '1', '2'), async (seed, value) => {
          await own.reset();
          if (!(await placed(own, name, seed))) return;
          count++;
          for (const { path, id } of reads) {
            const filled = path.replace(/\{([^}]+)\}/g, (_, parameter: string) =>
              /organization/i.test(parameter) ? HOME : value,
            );
            const { status, text } = await send(own, { method: 'GET', path: platform.basePath + filled });
            if (faults.length > 0) throw new Error(`${id} ${filled}: ${status} ${text}`, { cause: faults.shift() });
          }
        }),
        { numRuns: RUNS },
      );
    } finally {
      await own.close();
    }
    expect(count).toBeGreaterThan(RUNS / 3);
  },
);

/** Every path into a JSON value. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const step = (key: string) => (Array.isArray(value) ? Number(key) : key);
  return [path, ...inner.flatMap(([key, each]) => pathsIn(each, [...path, step(key)]))];
}

test.each(LOADED)(
  'a seed of %s in which one value is another one is taken, or refused in words',
  { timeout: 600_000 },
  async (name, { seedSchema }) => {
    const own = await createHarness({ platforms: [name] });
    const seeds = valuesOf(seedSchema as Schema, seedSchema as Schema);
    const reported = new Set<string>();
    try {
      await fc.assert(
        fc.asyncProperty(seeds, fc.nat(), fc.jsonValue({ maxDepth: 2 }), async (seed, pick, value) => {
          const paths = pathsIn(seed);
          const path = paths[pick % paths.length] ?? [];
          const holder = path.slice(0, -1).reduce((at, step) => Reflect.get(at as object, step), seed);
          const last = path.at(-1);
          if (last !== undefined) Reflect.set(holder as object, last, value);
          await own.reset();
          await own.seed(name as never, (last === undefined ? value : seed) as never).catch((error: unknown) => {
            if (!(error instanceof ConnectorError) || error.kind !== 'findings') throw error;
            for (const { code } of error.diagnostics) reported.add(code);
          });
        }),
        { numRuns: 5 * RUNS },
      );
    } finally {
      await own.close();
    }
    expect([...reported]).toEqual(expect.arrayContaining(['schema/type', 'schema/enum']));
  },
);
