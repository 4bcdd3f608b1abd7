import { setTimeout as sleep } from 'node:timers/promises';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MANAGER } from './anypoint/exchange.ts';
import { isLinearizable, type Operation } from './linearizable.ts';
import { POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';
import { type Served, serve } from './served.ts';

const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';
const KEY = 'the key of all processes';
const PROCESSES = 3;
const CLIENTS = 16;

interface Place {
  readonly url: string;
}

interface Asked {
  readonly scheme?: string;
  readonly type?: string;
}

/** Status and JSON of an answer; undefined when the connection was lost. */
async function ask(
  { url }: Place,
  method: string,
  path: string,
  body?: unknown,
  { scheme = 'Bearer', type }: Asked = {},
) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    authorization: `${scheme} ${TOKEN}`,
    ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
  };
  try {
    const response = await fetch(`${url}${path}`, { method, headers, ...(text !== undefined && { body: text }) });
    const answered = await response.text();
    return {
      status: response.status,
      text: answered,
      body: answered.startsWith('{') ? JSON.parse(answered) : undefined,
    };
  } catch {
    return undefined;
  }
}

const one = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const MAKE = { scheme: 'Token' };
const section = (name: string) => `/api/v2/sdk/apps/connections/${name}/api`;
const putSection = (place: Place, name: string, text: string) =>
  ask(place, 'PUT', section(name), text, { ...MAKE, type: 'application/jsonc' });

describe.skipIf(POSTGRES === undefined)('three processes on one PostgreSQL store', () => {
  let server: PostgresServer;
  let schemas = 0;
  const running: Served[] = [];
  const start = async (store: string) => {
    const served = await serve({ store, storeKey: KEY, token: TOKEN, journal: 100 });
    running.push(served);
    return served;
  };
  const newStore = () => server.location(`several_${++schemas}`);
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await Promise.all(running.map((each) => each.kill()));
    await server.stop();
  });

  test('give no name twice, lose no update, and let one of two decisions stand', async () => {
    const store = newStore();
    const processes = await Promise.all(times(PROCESSES, () => start(store)));
    const [first] = processes as [Served];
    await first.seed('make', { app: 'shop' });
    const clients = times(CLIENTS, (client) => one(processes, client));

    // Names, as each is made from those that are there.
    const made = await Promise.all(
      clients.flatMap((place) =>
        times(4, () => ask(place, 'POST', '/api/v2/sdk/apps/shop/connections', { type: 'basic', label: 'Main' }, MAKE)),
      ),
    );
    const names = made.map((answer) => answer?.body?.appConnection?.name as string);
    expect(new Set(names).size).toBe(CLIENTS * 4);
    for (const place of processes) {
      const listed = await ask(place, 'GET', '/api/v2/sdk/apps/shop/connections', undefined, MAKE);
      expect(listed?.body.appConnections.map(({ name }: { name: string }) => name).sort()).toEqual([...names].sort());
    }

    // Updates: each client writes its own section many times, always by another process.
    await Promise.all(
      times(CLIENTS, async (client) => {
        for (let write = 0; write < 12; write++) {
          const place = one(processes, client + write);
          const answer = await putSection(place, names[client] ?? '', `{ "write": "${client}-${write}" }`);
          expect(answer?.status).toBe(200);
        }
      }),
    );
    for (let client = 0; client < CLIENTS; client++) {
      const { text } = (await ask(one(processes, client), 'GET', section(names[client] ?? ''), undefined, MAKE)) ?? {};
      expect(text).toBe(`{ "write": "${client}-11" }`);
    }

    // Decisions: of an approval and a rejection of one contract one is refused.
    const numbers = times(30, (index) => 1000 + index);
    await first.seed('anypoint', {
      assets: [{ assetId: 'connected-raml', name: 'Connected' }],
      instances: numbers.map((id) => ({ id, assetId: 'connected-raml' })),
      tiers: numbers.map((id) => ({ id: id * 10, instanceId: id, name: 'WANTED', autoApprove: false })),
      applications: numbers.map((id) => ({ id, name: `application ${id}` })),
      contracts: numbers.map((id) => ({
        ...{ id, applicationId: id, instanceId: id, status: 'PENDING', tierId: null, requestedTierId: id * 10 },
      })),
    });
    const decisions = await Promise.all(
      numbers.flatMap((id) =>
        ['APPROVED', 'REJECTED'].map((status, index) =>
          ask(one(processes, id + index), 'PATCH', `${MANAGER}/apis/${id}/contracts/${id}`, { status }),
        ),
      ),
    );
    for (let each = 0; each < decisions.length; each += 2) {
      expect([decisions[each]?.status, decisions[each + 1]?.status].sort()).toEqual([200, 409]);
    }
    for (const each of processes) expect(each.output()).not.toContain('FAULT');
  });

  test('lose nothing that was answered when they are killed in the middle', { timeout: 300_000 }, async () => {
    const store = newStore();
    const processes = await Promise.all(times(PROCESSES, () => start(store)));
    await processes[0]?.seed('make', {
      app: 'shop',
      connections: times(CLIENTS, (index) => ({ type: 'basic', label: `c${index}` })),
    });
    const names = times(CLIENTS, (index) => (index === 0 ? 'shop' : `shop${index + 1}`));
    const answered = names.map(() => -1);
    const asked = names.map(() => -1);
    let over = false;
    const clients = Promise.all(
      names.map(async (name, client) => {
        for (let write = 0; !over; write++) {
          asked[client] = write;
          const answer = await putSection(one(processes, client + write), name, `{ "write": ${write} }`);
          if (answer?.status === 200) answered[client] = write;
          else await sleep(10);
        }
      }),
    );
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = kill % PROCESSES;
      await sleep(Math.random() * 50);
      await processes[victim]?.kill();
      processes[victim] = await start(store);
    }
    over = true;
    await clients;
    expect(Math.min(...answered)).toBeGreaterThan(0);
    for (const [client, name] of names.entries()) {
      const { text = '' } = (await ask(one(processes, 0), 'GET', section(name), undefined, MAKE)) ?? {};
      const { write } = JSON.parse(text) as { write: number };
      // A later write may have been done whose answer was lost, but no earlier one may be there.
      expect(write).toBeGreaterThanOrEqual(answered[client] ?? 0);
      expect(write).toBeLessThanOrEqual(asked[client] ?? 0);
    }
  });
});

/** Each is a start of a process, and the next victim is chosen when it has started. */
const KILLS = process.env.CONNECTOR_NIGHTLY === undefined ? 10 : 100;

/** One thing on each platform, whose value several clients read and write. */
const REGISTERS = [
  {
    platform: 'make',
    read: (place: Place) => ask(place, 'GET', section('shop'), undefined, MAKE).then((answer) => answer?.text),
    write: (place: Place, value: string) => putSection(place, 'shop', value),
    form: (value: string) => `{ "value": "${value}" }`,
  },
  {
    platform: 'workato',
    read: (place: Place) => ask(place, 'GET', '/api/managed_users/7').then((answer) => answer?.body?.name),
    write: (place: Place, name: string) => ask(place, 'PUT', '/api/managed_users/7', { name }),
    form: (value: string) => value,
  },
  {
    platform: 'anypoint',
    read: (place: Place) => ask(place, 'GET', APPLICATION).then((answer) => answer?.body?.description),
    write: (place: Place, description: string) => ask(place, 'PATCH', APPLICATION, { name: 'one', description }),
    form: (value: string) => value,
  },
] as const;

const APPLICATION = '/exchange/api/v2/organizations/5a673b98-92f4-459d-b950-daeed7a8165d/applications/1';

describe.skipIf(POSTGRES === undefined)('several harnesses on one PostgreSQL store', () => {
  let server: PostgresServer;
  let places: readonly Harness[];
  const faults: unknown[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    const given = { store: server.location('models'), storeKey: KEY, token: TOKEN, rateLimits: false };
    places = await Promise.all(
      times(PROCESSES, () => createHarness({ ...given, onFault: (fault) => faults.push(fault) })),
    );
  });
  afterAll(async () => {
    await Promise.all(places.map((each) => each.close()));
    await server.stop();
    expect(faults).toEqual([]);
  });

  test('show one history for each thing, whoever asks where', async () => {
    const [first] = places as [Harness];
    await first.seed('make', {
      app: 'shop',
      connections: [{ type: 'basic', label: 'Main' }],
      sections: { api: '{ "value": "first" }' },
    });
    await first.seed('workato', { managed_users: [{ id: 7, name: 'first' }] });
    await first.seed('anypoint', { applications: [{ id: 1, name: 'one', description: 'first' }] });
    const histories = await Promise.all(
      REGISTERS.map(async ({ read, write, form }) => {
        const history: Operation[] = [];
        await Promise.all(
          times(5, async (client) => {
            for (let step = 0; step < 25; step++) {
              const place = one(places, Math.floor(Math.random() * PROCESSES));
              const begun = performance.now();
              if (Math.random() < 0.5) {
                const value = form(`${client}-${step}`);
                expect((await write(place, value))?.status).toBe(200);
                history.push({ kind: 'write', value, begun, ended: performance.now() });
              } else {
                const value = String(await read(place));
                history.push({ kind: 'read', value, begun, ended: performance.now() });
              }
            }
          }),
        );
        return { history, initial: form('first') };
      }),
    );
    for (const { history, initial } of histories) expect(isLinearizable(history, initial)).toBe(true);
  });

  test('share clock, faults, journal and what the provider has granted', async () => {
    const [one, two, three] = places as [Harness, Harness, Harness];
    await one.clock.set('2030-01-01T00:00:00Z', { frozen: true });
    expect(await two.clock.now()).toEqual(new Date('2030-01-01T00:00:00Z'));
    await two.clock.reset();
    const heard: number[] = [];
    const end = three.journal.follow(({ number, url }) => url.endsWith('/users/me') && heard.push(number));
    await two.faults.add({ effect: 'status', platform: 'make', times: 1 });
    expect((await ask(three, 'GET', '/api/v2/users/me', undefined, MAKE))?.status).toBe(500);
    for (const place of places)
      expect((await ask(place, 'GET', '/api/v2/users/me', undefined, MAKE))?.status).toBe(200);
    for (let tries = 0; heard.length < 4 && tries < 100; tries++) await sleep(50);
    end();
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(new Set(heard).size).toBe(4);
    // Not the latest alone: entries of the tests before may be written after these.
    const entries = await one.journal.list();
    expect(entries.filter(({ number }) => heard.includes(number))).toHaveLength(4);
  });

  test('issue and take tokens of the provider in each other’s place, with scopes that one was given', async () => {
    const [one, two, three] = places as [Harness, Harness, Harness];
    const form = (scope: string) =>
      new URLSearchParams({ grant_type: 'client_credentials', client_id: 'demo', client_secret: 'demo-secret', scope });
    const tokenAt = ({ url }: Place, scope: string) =>
      fetch(`${url}/provider/token`, { method: 'POST', body: form(scope) }).then((response) => response.json());
    // Each has read which scopes there are.
    for (const place of places) expect(await tokenAt(place, 'strange')).toMatchObject({ error: 'invalid_scope' });
    await one.seed('provider', { scopes: { strange: 'Something new' } });
    const { access_token: token } = (await tokenAt(two, 'strange')) as { access_token: string };
    const used = await fetch(`${three.url}/provider/resources/bearer`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(used.status).toBe(200);
    await one.reset();
    expect(await tokenAt(three, 'strange')).toMatchObject({ error: 'invalid_scope' });
  });

  test('count requests together where limits hold', async () => {
    const given = { store: server.location('limits'), storeKey: KEY, token: TOKEN, rateLimits: true };
    const clock = { now: () => new Date('2026-01-01T00:00:30Z') };
    const limited = await Promise.all(times(2, () => createHarness({ ...given, clock })));
    const statuses: (number | undefined)[] = [];
    for (let request = 0; request < 70; request++) {
      statuses.push((await ask(one(limited, request), 'GET', '/api/v2/users/me', undefined, MAKE))?.status);
    }
    const refused = statuses.filter((status) => status === 429).length;
    expect(statuses.filter((status) => status === 200).length + refused).toBe(70);
    expect(refused).toBe(10);
    await Promise.all(limited.map((each) => each.close()));
  });
});
