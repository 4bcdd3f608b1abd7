import { operationsOf } from '@connectorkit/sdk/platforms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Emulation, emulate } from './emulate.ts';
import type { Emulator } from './emulator.ts';
import { EMULATORS } from './platforms/index.ts';
import { openStore } from './store/index.ts';
import type { Store } from './store/store.ts';

let store: Store;
const faults: unknown[] = [];
const options = () => ({
  store,
  now: () => new Date(0),
  checkAnswers: true,
  onFault: (each: unknown) => faults.push(each),
});

beforeEach(async () => {
  store = await openStore('memory', {});
  faults.length = 0;
});
afterEach(() => store.close());

function ask(emulation: Emulation, method: string, url: string, token = 'all', body?: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return emulation.answer({ method, url, headers, body: body === undefined ? undefined : Buffer.from(body) });
}

const scoped = ({ platform }: Emulator) =>
  [...operationsOf(platform.contract).values()].filter(({ scopes }) => scopes.length > 0);
// Where roles decide by what the thing is that is asked for, contracts have no scopes.
const [make, akana, workato] = (await Promise.all([
  EMULATORS.make?.load(),
  EMULATORS.akana?.load(),
  EMULATORS.workato?.load(),
])) as [Emulator, Emulator, Emulator];
const emulators = await Promise.all(Object.values(EMULATORS).map(({ load }) => load()));
const withScopes = emulators.filter((emulator) => scoped(emulator).length > 0);

describe.each(withScopes)('$platform.title', (emulator) => {
  const operations = scoped(emulator);

  test.each(operations)('$id wants its scopes', async ({ method, path, parameters, scopes }) => {
    const others = new Set(operations.flatMap((each) => each.scopes).filter((each) => !scopes.includes(each)));
    await store.write((tx) => emulator.admit(tx, 'others', [...others]));
    await store.write((tx) => emulator.admit(tx, 'all'));
    const emulation = emulate([emulator], options());
    const url = path.replace(/\{([^}]+)\}/g, (_, name) =>
      String(parameters.find((each) => each.name === name)?.example),
    );
    expect((await ask(emulation, method, url, 'others')).status).toBe(403);
    expect((await ask(emulation, method, url, 'all')).status).not.toBe(403);
    expect((await ask(emulation, method, url, 'nobody')).status).toBe(401);
  });
});

test('two contracts that answer one path stop the start', () => {
  expect(() => emulate([make, make], options())).toThrow(/both answer GET \/api\/v2\/users\/me/);
});

test('an operation below the prefix of another platform stops the start: its path would be the other’s', () => {
  expect(() => emulate([workato, akana], options())).not.toThrow();
  const without = { ...workato, prefixes: ['/direct_link'] };
  expect(() => emulate([without, akana], options())).toThrow(/workato stands below a prefix of akana/);
});

test('an operation without a behaviour stops the start', () => {
  const { listApps: _, ...behaviours } = make.behaviours;
  const partial: Emulator = { ...make, behaviours };
  expect(() => emulate([partial], options())).toThrow('make has no behaviour for listApps');
});

test('an answer that breaks the contract is our fault, and shown as one', async () => {
  const wrong = async () => ({ body: { appConnections: [{ name: 1 }] } });
  const broken: Emulator = { ...make, behaviours: { ...make.behaviours, listConnections: wrong as never } };
  await store.write((tx) => make.admit(tx, 'all'));
  const emulation = emulate([broken], options());
  const answer = await ask(emulation, 'GET', '/sdk/apps/x/connections');
  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body)).toMatchObject({ message: 'Internal Server Error' });
  expect(String(faults[0])).toContain('listConnections breaks its contract');
});

test('so is a refusal that breaks it', async () => {
  const broken: Emulator = { ...make, refuse: () => ({ status: 404, body: { message: 1 } }) };
  await store.write((tx) => make.admit(tx, 'all'));
  const emulation = emulate([broken], options());
  await ask(emulation, 'GET', '/sdk/apps/nothing/connections');
  expect(String(faults[0])).toContain('listConnections breaks its contract');
});

test('limits hold when they are asked for: by principal and by name, until the next minute', async () => {
  let now = 30_500;
  const limit: Emulator['limit'] = ({ method }, asked) => (asked ? { name: method, perMinute: 2 } : undefined);
  const limited: Emulator = { ...make, limit };
  await store.write((tx) => make.admit(tx, 'all'));
  const statuses = async (emulation: Emulation, method: string, times: number) => {
    const answers = [];
    for (let index = 0; index < times; index++) answers.push(await ask(emulation, method, '/sdk/apps'));
    return answers;
  };
  const emulation = emulate([limited], {
    ...options(),
    checkAnswers: false,
    now: () => new Date(now),
    rateLimits: true,
  });
  const [, , third] = await statuses(emulation, 'GET', 3);
  expect([third?.status, third?.headers['retry-after']]).toEqual([429, '30']);
  expect((await statuses(emulation, 'POST', 1))[0]?.status).toBe(400);
  now = 60_000;
  expect((await statuses(emulation, 'GET', 2)).map(({ status }) => status)).toEqual([200, 200]);
  const unlimited = emulate([limited], options());
  expect((await statuses(unlimited, 'GET', 3)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('what a behaviour wrote before it was refused is not kept', async () => {
  const behaviours: Emulator['behaviours'] = {
    ...make.behaviours,
    createApp: (async (call: never, tx: never) => {
      await (make.behaviours.createApp as (call: never, tx: never) => Promise<unknown>)(call, tx);
      throw new Error('lost power');
    }) as never,
  };
  await store.write((tx) => make.admit(tx, 'all'));
  const emulation = emulate([{ ...make, behaviours }], options());
  expect((await ask(emulation, 'POST', '/sdk/apps', 'all', '{"name":"shop","label":"Shop"}')).status).toBe(500);
  const list = await ask(emulation, 'GET', '/sdk/apps');
  expect(JSON.parse(list.body)).toEqual({ apps: [] });
});

test('a path that no platform owns is refused in words of our own', async () => {
  const emulation = emulate([make], options());
  const answer = await ask(emulation, 'GET', '/somewhere?else=1');
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    404,
    {
      message: 'Nothing is served at /somewhere.',
      hint: 'This path belongs to no platform of this harness. GET /__harness lists the platforms.',
    },
  ]);
});

test('bodies may be left out where the contract says so, forms are read, and an answer may be nothing', async () => {
  const content = {
    'application/json': { schema: { type: 'object' as const } },
    'application/x-www-form-urlencoded': { schema: { type: 'object' as const } },
  };
  const responses = { '200': { description: '', content: {} }, '204': { description: '' } };
  const contract: Emulator['platform']['contract'] = {
    ...make.platform.contract,
    servers: [{ url: '/' }],
    paths: { '/thing': { post: { operationId: 'post', security: [], requestBody: { content }, responses } } },
  };
  const seen: unknown[] = [];
  const post = async ({ body }: { body: unknown }) => {
    seen.push(body);
    return { status: 204, body: undefined };
  };
  const platform = { ...make.platform, contract, validators: async () => ({}) };
  const authenticate = async () => ({ id: 1, scopes: [] });
  const emulation = emulate([{ ...make, platform, authenticate, behaviours: { post: post as never } }], options());
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const send = (headers: object, text: string) =>
    emulation.answer({ method: 'POST', url: '/thing', headers: { ...headers }, body: Buffer.from(text) });
  expect(await send({}, '')).toMatchObject({ status: 204, headers: {}, body: '' });
  await send(form, 'a=1&b=%C3%A9+x');
  await send({ 'content-type': 'application/json' }, '{"a":1}');
  expect(seen).toEqual([undefined, { a: '1', b: 'é x' }, { a: 1 }]);
  expect(faults).toEqual([]);
});
