import { setTimeout as sleep } from 'node:timers/promises';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_VERSION, at } from './akana/tenant.ts';
import { MANAGER } from './anypoint/exchange.ts';
import { type Answered, ask, MAKE, nameAt, type Place, putSection, section, TOKEN } from './asking.ts';
import { LIVES } from './models.ts';
import { PGBOUNCER, startPooler } from './pooler.ts';
import { POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';
import { randomFrom } from './requests.ts';
import { type Served, serve } from './served.ts';
import { stallable } from './stallable.ts';

const NIGHTLY = process.env.CONNECTOR_NIGHTLY !== undefined;
const KEY = 'the key of all processes';
const PROCESSES = 3;
const CLIENTS = 16;

const one = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

interface Disruption {
  readonly name: string;
  readonly often: number;
  disrupt(parts: {
    readonly time: number;
    readonly replace: (index: number) => Promise<void>;
    readonly server: PostgresServer;
    readonly way: Awaited<ReturnType<typeof stallable>>;
  }): Promise<void>;
}

const DISRUPTIONS: readonly Disruption[] = [
  {
    name: 'a process is killed in the middle',
    // Each is a start of a process, and the next victim is chosen when it has started.
    often: NIGHTLY ? 100 : 6,
    disrupt: ({ time, replace }) => replace(time % PROCESSES),
  },
  {
    name: 'the database is restarted, or crashes and recovers,',
    often: NIGHTLY ? 20 : 2,
    disrupt: async ({ time, server }) => {
      await server.restart(time % 2 === 0 ? 'immediate' : 'fast');
      await sleep(500);
    },
  },
  {
    name: 'a connection hangs',
    often: NIGHTLY ? 20 : 2,
    disrupt: async ({ way }) => {
      way.stall();
      await sleep(1000);
      way.resume();
      await sleep(500);
    },
  },
];

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

    // Updates of one thing: each client changes one field of a customer that another changes as well.
    const customers = times(CLIENTS / 2, (index) => index + 1);
    await first.seed('workato', { managed_users: customers.map((id) => ({ id, name: 'first' })) });
    const customer = (client: number) => `/api/managed_users/${Math.floor(client / 2) + 1}`;
    const field = (client: number) => (client % 2 === 0 ? 'name' : 'plan_id');
    await Promise.all(
      times(CLIENTS, async (client) => {
        for (let write = 0; write < 12; write++) {
          const changed = { [field(client)]: `${client}-${write}` };
          expect((await ask(one(processes, client + write), 'PUT', customer(client), changed))?.status).toBe(200);
        }
      }),
    );
    for (let client = 0; client < CLIENTS; client++) {
      const answer = await ask(one(processes, client), 'GET', customer(client));
      expect(answer?.body[field(client)]).toBe(`${client}-11`);
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

    // On Akana what is in force can be cancelled as well, but what is cancelled cannot be approved.
    const contracts = times(30, (index) => at(`c${index}`));
    await first.seed('akana', {
      apis: [{ id: at('api'), versions: contracts.map((_, index) => ({ id: at(`v${index}`) })) }],
      apps: [{ id: at('app'), versions: [{ id: APP_VERSION }] }],
      contracts: contracts.map((id, index) => ({ id, api_version: at(`v${index}`), app_version: APP_VERSION })),
    });
    const act = (place: Place, id: string, action: string) =>
      ask(place, 'POST', `/api/contracts/${id}/actions`, { ActionName: `apicontract.action.${action}` });
    await Promise.all(
      contracts.map(async (id, index) => {
        const [approved, cancelled] = await Promise.all(
          ['approve', 'cancel'].map((action, each) => act(one(processes, index + each), id, action)),
        );
        expect([200, 500]).toContain(approved?.status);
        expect(cancelled?.status).toBe(200);
        const { body } = (await ask(one(processes, index + 2), 'GET', `/api/contracts/${id}`)) ?? {};
        expect(body.State).toBe('apicontract.status.cancelled');
      }),
    );
    for (const each of processes) expect(each.output()).not.toContain('FAULT');
  });

  test.each(DISRUPTIONS)(
    'lose nothing that was answered when $name $often times',
    { timeout: NIGHTLY ? 3_600_000 : 600_000 },
    async (each) => {
      const schema = newStore();
      const ways = await Promise.all(times(PROCESSES, () => stallable(server.port)));
      // Who is not answered within two seconds asks again on another connection.
      const stores = ways.map(({ port }) => `${schema.replace(`:${server.port}/`, `:${port}/`)}&query_timeout=2000`);
      const processes = await Promise.all(stores.map(start));
      const replace = async (index: number) => {
        await processes[index]?.kill();
        processes[index] = await start(stores[index] ?? '');
      };
      const [first] = processes as [Served];
      const journeys = await startClients(first, () => processes);
      for (let time = 0; time < each.often; time++) {
        await journeys.someMore();
        await sleep(Math.random() * 50);
        await each.disrupt({ time, replace, server, way: one(ways, time) });
      }
      await journeys.someMore();
      await journeys.end();
      await journeys.check(one(processes, each.often));
      for (const process of processes) expect(process.output()).not.toContain('FAULT');
      await Promise.all(processes.map((process) => process.close()));
      await Promise.all(ways.map((way) => way.close()));
    },
  );
});

/** Contracts that are decided on, of which each two clients want another decision. */
const CONTRACTS = NIGHTLY ? 2000 : 300;

/**
 * Begins to write as sixteen clients, which go on when they are not answered: each a section of its own, one of the two
 * fields that it changes of a customer, connections that Make names, and decisions that exclude another client's.
 */
async function startClients(first: Served, places: () => readonly Place[]) {
  const names = times(CLIENTS, (client) => nameAt('shop', client + 1));
  const customers = times(CLIENTS / 2, (index) => index + 1);
  const numbers = times(CONTRACTS, (index) => index + 1);
  await first.seed('make', { app: 'shop', connections: names.map((label) => ({ type: 'basic', label })) });
  await first.seed('workato', { managed_users: customers.map((id) => ({ id, name: '-1', plan_id: '-1' })) });
  await first.seed('anypoint', {
    assets: [{ assetId: 'connected-raml', name: 'Connected' }],
    instances: [{ id: 1, assetId: 'connected-raml' }],
    applications: numbers.map((id) => ({ id, name: `application ${id}` })),
    contracts: numbers.map((id) => ({
      ...{ id, applicationId: id, instanceId: 1, status: 'PENDING', tierId: null, requestedTierId: null },
    })),
  });
  const clients = times(CLIENTS, (client) => ({
    field: client % 2 === 0 ? 'name' : 'plan_id',
    path: `/api/managed_users/${Math.floor(client / 2) + 1}`,
    section: { asked: -1, answered: -1 },
    customer: { asked: -1, answered: -1 },
    lost: 0,
  }));
  const made: string[] = [];
  /** Contract → decisions that were answered as done. */
  const decided = new Map<number, string[]>();
  let over = false;
  const working = Promise.all(
    clients.map(async (client, index) => {
      for (let write = 0; !over; write++) {
        const place = () => one(places(), index + write);
        client.section.asked = client.customer.asked = write;
        const put = await putSection(place(), names[index] ?? '', `{ "write": ${write} }`);
        if (isDone(put)) client.section.answered = write;
        const changed = await ask(place(), 'PUT', client.path, { [client.field]: String(write) });
        if (isDone(changed)) client.customer.answered = write;
        if (put === undefined || changed === undefined) {
          client.lost++;
          await sleep(10);
        }
        if (write % 10 === 0) {
          const answer = await ask(place(), 'POST', CONNECTIONS, { type: 'basic', label: 'Main' }, MAKE);
          if (isDone(answer)) made.push(answer?.body.appConnection.name);
        }
        // Two clients after one another come to the same contract at about the same time.
        const id = 1 + ((Math.floor(index / 2) * 37 + write) % CONTRACTS);
        const status = index % 2 === 0 ? 'APPROVED' : 'REJECTED';
        if (write < CONTRACTS / CLIENTS) {
          const answer = await ask(place(), 'PATCH', `${MANAGER}/apis/1/contracts/${id}`, { status });
          if (isDone(answer, 409)) decided.set(id, [...(decided.get(id) ?? []), status]);
        }
      }
    }),
  );
  const writes = () => sum(clients.map(({ section: { answered } }) => answered));
  return {
    /** Waits until as many more writes were answered as there are clients, and each has been answered. */
    someMore: async () => {
      const before = writes();
      while (writes() < before + CLIENTS || clients.some(({ section: { answered } }) => answered < 1)) await sleep(5);
    },
    end: async () => {
      over = true;
      await working;
    },
    check: async (place: Place) => {
      // A later write may have been done whose answer was lost, but no earlier one may be there.
      const expectLatest = (write: number, { asked, answered }: { asked: number; answered: number }) => {
        expect(write).toBeGreaterThanOrEqual(answered);
        expect(write).toBeLessThanOrEqual(asked);
      };
      for (const [index, client] of clients.entries()) {
        const text = (await ask(place, 'GET', section(names[index] ?? ''), undefined, MAKE))?.text ?? '';
        expectLatest((JSON.parse(text) as { write: number }).write, client.section);
        const { body } = (await ask(place, 'GET', client.path)) ?? {};
        expectLatest(Number(body[client.field]), client.customer);
      }
      const listed = await ask(place, 'GET', CONNECTIONS, undefined, MAKE);
      const present = listed?.body.appConnections.map(({ name }: { name: string }) => name);
      expect(new Set(made).size).toBe(made.length);
      expect(made.filter((name) => !present.includes(name))).toEqual([]);
      for (const [id, decisions] of decided) {
        expect(decisions, `contract ${id}`).toHaveLength(1);
        const { body } = (await ask(place, 'GET', `${MANAGER}/apis/1/contracts/${id}`)) ?? {};
        expect(body.status, `contract ${id}`).toBe(decisions[0]);
      }
      const lost = sum(clients.map((each) => each.lost));
      console.log(
        `${writes()} sections and as many customers written, ${made.length} connections made, ${decided.size} contracts decided; ${lost} answers lost`,
      );
    },
  };
}

const CONNECTIONS = '/api/v2/sdk/apps/shop/connections';
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** True if it was answered as done; nothing but a lost connection and these other answers may come. */
function isDone(answer: Answered | undefined, ...others: readonly number[]): boolean {
  if (answer === undefined) return false;
  expect([200, ...others], answer.text).toContain(answer.status);
  return answer.status === 200;
}

/** Of random operations. */
const SEEDS = times(NIGHTLY ? 30 : 3, (index) => index + 1);

const WAYS = [
  { name: 'several harnesses on one PostgreSQL store', missing: POSTGRES === undefined, pooled: false },
  {
    name: 'several harnesses behind a pooler that gives each transaction another connection',
    missing: POSTGRES === undefined || PGBOUNCER === undefined,
    pooled: true,
  },
];

for (const { name, missing, pooled } of WAYS) {
  describe.skipIf(missing)(name, () => {
    let server: PostgresServer;
    let pooler: Awaited<ReturnType<typeof startPooler>> | undefined;
    const location = (schema: string) => (pooler ?? server).location(schema);
    let places: readonly Harness[];
    const faults: unknown[] = [];
    beforeAll(async () => {
      server = await startPostgres();
      if (pooled) pooler = await startPooler(server);
      const given = { store: location('models'), storeKey: KEY, token: TOKEN, rateLimits: false };
      places = await Promise.all(
        times(PROCESSES, () => createHarness({ ...given, onFault: (fault) => faults.push(fault) })),
      );
    });
    afterAll(async () => {
      await Promise.all(places.map((each) => each.close()));
      await pooler?.stop();
      await server.stop();
      expect(faults).toEqual([]);
    });

    test.each(LIVES)('show one history of $platform, whoever asks where', { timeout: 600_000 }, async (life) => {
      const [first] = places as [Harness];
      for (const seed of SEEDS) {
        await first.reset();
        await first.seed(life.platform, life.seed);
        const history = await life.history(places, randomFrom(seed), { clients: 6, steps: 25 });
        expect(life.holds(history as never[]), `seed ${seed}: ${JSON.stringify(history)}`).toBe(true);
      }
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
        new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'demo',
          client_secret: 'demo-secret',
          scope,
        });
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
      const given = { store: location('limits'), storeKey: KEY, token: TOKEN, rateLimits: true };
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
}
