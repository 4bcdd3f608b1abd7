import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '@connectorkit/sdk';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PGBOUNCER, startPooler } from '../../test/pooler.ts';
import { freePort, POSTGRES, type PostgresServer, startPostgres } from '../../test/postgres-server.ts';
import { stallable } from '../../test/stallable.ts';
import { commit } from './connections.ts';
import { openStore, type Store, type StoreOptions } from './index.ts';

const KEY = 'the key of all processes';
const open = (location: string, options: StoreOptions = {}) => openStore(location, { key: KEY, ...options });

describe.skipIf(POSTGRES === undefined)('a store on PostgreSQL', () => {
  let server: PostgresServer;
  let schemas = 0;
  const newLocation = () => server.location(`test_${++schemas}`);
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  /** Opens stores as several processes do, and closes them. */
  async function withStores(location: string, count: number, work: (stores: readonly Store[]) => Promise<void>) {
    const stores = await Promise.all(Array.from({ length: count }, () => open(location)));
    try {
      await work(stores);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  }

  async function expectRefused(words: string | RegExp, location: string, options: StoreOptions = {}) {
    const error = await open(location, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    const { diagnostics } = error as ConnectorError;
    expect(diagnostics).toMatchObject([{ code: 'harness/store', message: expect.stringMatching(words) }]);
    expect(JSON.stringify([diagnostics, (error as Error).stack, (error as Error).cause])).not.toContain(
      server.password,
    );
  }

  test('is made once by processes that start together, which agree on the key', async () => {
    await withStores(newLocation(), 6, async (stores) => {
      await stores[0]?.write((tx) => tx.setSecret(['s'], 'shared'));
      for (const store of stores) expect(await store.read((tx) => tx.getSecret(['s']))).toBe('shared');
    });
  });

  test('is refused when it cannot be used, without the password', async () => {
    const location = newLocation();
    await (await open(location)).close();
    const schema = `test_${schemas}`;
    await expectRefused('not the one it was created with', location, { key: 'another' });
    await expect(openStore(location)).rejects.toThrow('need a key');
    await server.sql(`UPDATE ${schema}.format SET version = 99`);
    await expectRefused('newer version: it has format 99', location);
    await server.sql('CREATE SCHEMA theirs; CREATE TABLE theirs.entry (x int)');
    await expectRefused('of another program', server.location('theirs'));
    await expectRefused('cannot be the schema', server.location('No"Schema'));
    await expectRefused('let this user in', location.replace(server.password, 'wrong'));
    await expectRefused('no such database', location.replace('/postgres?', '/absent?'));
    await server.sql('CREATE ROLE guest LOGIN PASSWORD $$guest$$');
    const guest = newLocation().replace(`${server.user}:${server.password}`, 'guest:guest');
    await expectRefused('do what is needed', guest);
  });

  test('says that the server cannot be reached', async () => {
    const port = await freePort();
    await expectRefused('cannot be reached', newLocation().replace(`:${server.port}/`, `:${port}/`));
  }, 60_000);

  test('keeps secrets encrypted, in every table', async () => {
    const location = newLocation();
    const secret = 'Plain-Secret-0123456789';
    await withStores(location, 1, async ([store]) => {
      await store?.write(async (tx) => {
        await tx.setSecret(['one'], { clientSecret: secret });
        await tx.keep('before');
      });
    });
    const schema = `test_${schemas}`;
    const tables = ['entry', 'snapshot', 'change', 'state'].map((name) => `SELECT t::text FROM ${schema}.${name} t`);
    const rows = await server.sql<{ t: string }>(tables.join(' UNION ALL '));
    const text = rows.map(({ t }) => t).join('\n');
    expect(text).toContain('one');
    for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, 20)]) expect(text).not.toContain(form);
  });

  test('counts and adds without loss from several processes', async () => {
    const location = newLocation();
    await withStores(location, 3, async (stores) => {
      const numbers = await writeFromAll(stores, 40);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(await stores[0]?.read((tx) => tx.get(['sum']))).toBe(numbers.length);
    });
  });

  test('sees at once what another process was answered', async () => {
    await withStores(newLocation(), 2, async ([one, other]) => {
      for (let round = 0; round < 30; round++) {
        await one?.write((tx) => tx.set(['row', round], round));
        expect(await other?.read((tx) => tx.get(['row', round]))).toBe(round);
        expect(await other?.read((tx) => tx.list(['row'], { limit: 1, reverse: true }))).toMatchObject([
          { value: round },
        ]);
        if (round > 0) await other?.write((tx) => tx.delete(['row', round - 1]));
        expect(await one?.read((tx) => tx.list(['row']))).toHaveLength(1);
      }
    });
  });

  test('lets nobody in between what a transaction has read and what it writes', async () => {
    await withStores(newLocation(), 3, async (stores) => {
      // Each may go off duty as long as another stays on: what isolation that is not serializable gets wrong.
      await stores[0]?.write(async (tx) => {
        for (let each = 0; each < stores.length; each++) await tx.set(['duty', each], true);
      });
      for (let round = 0; round < 30; round++) {
        await Promise.all(
          stores.map((store, each) =>
            store.write(async (tx) => {
              const on = (await tx.list<boolean>(['duty'])).filter(({ value }) => value);
              await tx.set(['duty', each], on.length < 2);
            }),
          ),
        );
        const on = await stores[0]?.read((tx) => tx.list<boolean>(['duty']));
        expect(on?.some(({ value }) => value)).toBe(true);
      }
    });
  });

  test('goes on where transactions are serializable unless they say otherwise', async () => {
    const location = newLocation();
    await server.sql('ALTER DATABASE postgres SET default_transaction_isolation = serializable');
    try {
      await withStores(location, 3, async (stores) => {
        const numbers = await writeFromAll(stores, 30);
        expect(new Set(numbers).size).toBe(numbers.length);
      });
    } finally {
      await server.sql('ALTER DATABASE postgres RESET default_transaction_isolation');
    }
  });

  test('loses nothing that was answered when connections are cut and the server is restarted', async () => {
    const location = newLocation();
    await withStores(location, 3, async (stores) => {
      let over = false;
      const answered: number[] = [];
      const writers = Promise.all(
        stores.map(async (store) => {
          while (!over) answered.push(...(await writeFromAll([store], 4)));
        }),
      );
      for (let cut = 0; cut < 25; cut++) {
        await sleep(20);
        await server.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'connectorkit'`,
        );
      }
      await server.restart('fast');
      await sleep(200);
      await server.restart('immediate');
      await sleep(200);
      over = true;
      await writers;
      expect(new Set(answered).size).toBe(answered.length);
      const rows = await stores[0]?.read((tx) => tx.list<number>(['row']));
      expect(rows?.map(({ value }) => value)).toEqual([...answered].sort((one, other) => one - other));
      expect(await stores[0]?.read((tx) => tx.get(['sum']))).toBe(answered.length);
    });
  }, 120_000);

  test('waits no longer than it is told for a connection that hangs, and does it once', async () => {
    const hanging = await stallable(server.port);
    const location = newLocation().replace(`:${server.port}/`, `:${hanging.port}/`).concat('&query_timeout=500');
    await withStores(location, 1, async ([store]) => {
      const add = () => store?.write((tx) => tx.next(['n'])) ?? 0;
      expect(await add()).toBe(1);
      hanging.stall();
      const [added] = await Promise.all([add(), sleep(700).then(hanging.resume)]);
      expect([added, await add()]).toEqual([2, 3]);
    });
    await hanging.close();
  });

  test('is not kept waiting by a process that stands still while it has the lock', async () => {
    const location = newLocation();
    await withStores(location, 1, async ([store]) => {
      const still = new Client({ connectionString: location.replace(/\?.*/, '') });
      still.on('error', () => {});
      await still.connect();
      await still.query('BEGIN');
      await still.query("SET LOCAL idle_in_transaction_session_timeout = '1s'");
      await still.query(`SELECT version FROM test_${schemas}.state FOR UPDATE`);
      expect(await store?.write((tx) => tx.next(['n']))).toBe(1);
    });
  });

  test('keeps nothing of a space that was removed, whatever others wrote there', async () => {
    const location = newLocation();
    await withStores(location, 2, async ([one, other]) => {
      const places = [one, other].map((store) => store?.space('pr'));
      for (const place of places) await place?.write((tx) => tx.next(['n']));
      await one?.removeSpace('pr');
      // Who does not know yet writes all the same, and what is there then goes the next time.
      await Promise.all(places.map((place) => place?.write((tx) => tx.set(['late'], 1))));
      await other?.removeSpace('pr');
      const tables = ['entry', 'snapshot', 'change', 'state'].map(
        (name) => `SELECT t::text FROM test_${schemas}.${name} t`,
      );
      const rows = await server.sql<{ t: string }>(tables.join(' UNION ALL '));
      expect(rows.filter(({ t }) => t.includes('@pr'))).toEqual([]);
    });
  });

  test('refuses a key that no index holds', async () => {
    await withStores(newLocation(), 1, async ([store]) => {
      const long = Array.from({ length: 3000 }, () => String.fromCharCode(97 + Math.random() * 26)).join('');
      await expect(store?.write((tx) => tx.set([long], 1))).rejects.toThrow('more than 2600 bytes');
      expect(await store?.read((tx) => tx.get([long]))).toBeUndefined();
    });
  });

  test.skipIf(PGBOUNCER === undefined)(
    'works behind a pooler that gives each transaction another connection',
    async () => {
      const pooler = await startPooler(server);
      const location = pooler.location(`test_${++schemas}`);
      await withStores(location, 3, async (stores) => {
        const numbers = await writeFromAll(stores, 40);
        expect(new Set(numbers).size).toBe(numbers.length);
        await stores[0]?.write((tx) => tx.keep('all'));
        await stores[1]?.write((tx) => tx.clear());
        expect(await stores[2]?.write((tx) => tx.restore('all'))).toBe(true);
        expect(await stores[0]?.read((tx) => tx.get(['sum']))).toBe(numbers.length);
      });
      await pooler.stop();
    },
  );
});

/** Behaviour of the driver that the store relies on. */
describe.skipIf(POSTGRES === undefined)('the driver', () => {
  let server: PostgresServer;
  let client: Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = new Client({ connectionString: server.location('none').replace(/\?.*/, ''), pipeline: true });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  test('gives int8 as a text, and NULL in arrays as null', async () => {
    const { rows } = await client.query(
      `SELECT 9007199254740993::int8 AS n, ARRAY['NULL', NULL, ''] AS list, $1::text[] AS back`,
      [['NULL', null, '', '{"\\,']],
    );
    expect(rows).toEqual([{ n: '9007199254740993', list: ['NULL', null, ''], back: ['NULL', null, '', '{"\\,'] }]);
  });

  test('answers COMMIT with ROLLBACK after a statement that failed, which is not taken for a commit', async () => {
    await client.query('BEGIN');
    await expect(client.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
    await client.query('BEGIN');
    await expect(client.query('SELECT 1/0')).rejects.toThrow();
    await expect(commit(client, ['SHOW port'])).rejects.toMatchObject({ code: '25P02' });
    const answers = { query: async () => ({ command: 'ROLLBACK', rows: [{}] }) };
    await expect(commit(answers as never, ['SELECT 1'])).rejects.toThrow('COMMIT was answered with ROLLBACK');
  });

  test('reports conflicts at a statement and at COMMIT, by one code', async () => {
    await client.query('CREATE TABLE counted (id int PRIMARY KEY, n int); INSERT INTO counted VALUES (1, 1), (2, 1)');
    const other = new Client({ connectionString: server.location('none').replace(/\?.*/, '') });
    await other.connect();
    const both = [client, other] as const;
    const where: string[] = [];
    for (const finish of [0, 1]) {
      for (const each of both) await each.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      for (const each of both) await each.query('SELECT sum(n) FROM counted');
      await client.query('INSERT INTO counted VALUES ($1, 1)', [10 + finish]);
      if (finish === 1) await other.query('INSERT INTO counted VALUES ($1, 1)', [20]);
      await client.query('COMMIT');
      const step = async (text: string) => {
        await other.query(text).catch(({ code }: { code: string }) => where.push(`${text.split(' ')[0]} ${code}`));
      };
      if (finish === 0) await step('INSERT INTO counted VALUES (30, 1)');
      await step('COMMIT');
    }
    await other.end();
    expect(where).toContain('COMMIT 40001');
    expect(where).toContain('INSERT 40001');
  });

  test('folds the names of channels unless they are quoted', async () => {
    const heard: string[] = [];
    client.on('notification', ({ channel }) => heard.push(channel));
    await client.query('LISTEN Chan');
    await client.query("SELECT pg_notify('Chan', ''), pg_notify('chan', '')");
    await client.query('SELECT 1');
    expect(heard).toEqual(['chan']);
  });
});

/** Writes many rows, each with a number of its own, and adds each to a sum; gives the numbers. */
async function writeFromAll(stores: readonly Store[], each: number): Promise<number[]> {
  const write = (store: Store) =>
    store.write(async (tx) => {
      const number = await tx.next(['rows']);
      await tx.set(['row', number], number);
      await tx.set(['sum'], ((await tx.get<number>(['sum'])) ?? 0) + 1);
      return number;
    });
  return Promise.all(stores.flatMap((store) => Array.from({ length: each }, () => write(store))));
}
