import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test as vitest } from 'vitest';
import { POSTGRES, type PostgresServer, startPostgres } from '../../test/postgres-server.ts';
import { type Key, openStore as open, type Store, type StoreOptions, type WriteTransaction } from './index.ts';

let folder: string;
let files = 0;
let server: PostgresServer | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  if (POSTGRES !== undefined) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const STORES = [
  { name: 'memory', newLocation: () => 'memory', persistent: false },
  { name: 'file', newLocation: () => join(folder, `${++files}.db`), persistent: true },
  {
    name: 'PostgreSQL',
    newLocation: () => server?.location(`store_${++files}`) ?? '',
    persistent: true,
    given: { key: 'the key of all processes' },
    missing: POSTGRES === undefined,
  },
];

describe.each(STORES)('$name', ({ newLocation, persistent, given = {}, missing = false }) => {
  const test = vitest.skipIf(missing);
  const openStore = (location: string, options: StoreOptions = {}) => open(location, { ...given, ...options });
  let location: string;
  let store: Store;
  beforeEach(async () => {
    location = newLocation();
    store = await openStore(location);
  });
  afterEach(() => store.close());

  const set = (...entries: [Key, unknown][]) =>
    store.write(async (tx) => {
      for (const [key, value] of entries) await tx.set(key, value);
    });
  const get = (key: Key) => store.read((tx) => tx.get(key));
  const keys = async (prefix: Key, page = {}) =>
    (await store.read((tx) => tx.list(prefix, page))).map(({ key }) => key.join('/'));

  test('gives what was set, and undefined for what was not', async () => {
    await set([['a', 1], { deep: [1, null, 'x'] }], [['a', '1'], 'text'], [[], 'root'], [['null'], null]);
    expect(await get(['a', 1])).toEqual({ deep: [1, null, 'x'] });
    expect(await get(['a', '1'])).toBe('text');
    expect(await get([])).toBe('root');
    expect(await get(['null'])).toBeNull();
    expect(await get(['a'])).toBeUndefined();
    await set([['a', 1], 'new']);
    expect(await get(['a', 1])).toBe('new');
  });

  test('refuses what is no JSON and what is no key', async () => {
    await expect(set([['a'], undefined])).rejects.toThrow(TypeError);
    await expect(store.write((tx) => tx.setSecret(['a'], undefined))).rejects.toThrow(TypeError);
    for (const part of [-1, 0.5, Number.NaN, 2 ** 53]) await expect(set([['a', part], 1])).rejects.toThrow(RangeError);
  });

  test('tells what a snapshot keeps, whatever became of it', async () => {
    await store.write(async (tx) => {
      await tx.set(['a', 1], 'one');
      await tx.set(['a', 2], 'two');
      await tx.set(['b'], 'other');
      await tx.keep('first');
      await tx.deleteAll(['a']);
    });
    const listed = (snapshot: string) => store.read((tx) => tx.listKept(snapshot, ['a']));
    expect(await listed('first')).toEqual([
      { key: ['a', 1], value: 'one' },
      { key: ['a', 2], value: 'two' },
    ]);
    expect(await listed('second')).toEqual([]);
  });

  test('is put back to a snapshot, secrets and counters included, but for what stands apart', async () => {
    await store.close();
    store = await openStore(newLocation(), { apart: ['log'] });
    await store.write(async (tx) => {
      await tx.set(['a', 'kept'], 1);
      await tx.setSecret(['a', 'secret'], 'x');
      await tx.next(['count']);
      await tx.set(['log', 1], 'before');
      await tx.set(['logbook'], 1);
      await tx.next(['log']);
      await tx.keep('first');
      await tx.clear();
    });
    expect(await store.read((tx) => tx.list([]))).toEqual([{ key: ['log', 1], value: 'before' }]);
    await store.write(async (tx) => {
      expect(await tx.getSecret(['a', 'secret'])).toBeUndefined();
      expect([await tx.next(['count']), await tx.next(['log'])]).toEqual([1, 2]);
      await tx.set(['log', 2], 'after');
      await tx.set(['b'], 1);
      await tx.keep('second');
      expect(await tx.restore('none')).toBe(false);
      expect(await tx.restore('first')).toBe(true);
      expect(await tx.getSecret(['a', 'secret'])).toBe('x');
      expect([await tx.next(['count']), await tx.next(['log'])]).toEqual([2, 3]);
      expect((await tx.list([])).map(({ key }) => key.join('/'))).toEqual(['a/kept', 'log/1', 'log/2', 'logbook']);
      expect(await tx.snapshots()).toEqual(['first', 'second']);
      await tx.keep('second');
      await tx.clear();
      await tx.restore('second');
      expect(await tx.get(['a', 'kept'])).toBe(1);
      expect([await tx.drop('second'), await tx.drop('second')]).toEqual([true, false]);
      expect(await tx.snapshots()).toEqual(['first']);
      await tx.clear();
      await tx.keep('nothing');
      await tx.restore('first');
      expect(await tx.restore('nothing')).toBe(true);
      expect(await tx.get(['a', 'kept'])).toBeUndefined();
    });
  });

  test('removes a space with all that is in it, and nothing else', async () => {
    const fill = (of: Store) =>
      of.write(async (tx) => {
        await tx.set(['a'], 1);
        await tx.setSecret(['a'], 'x');
        await tx.next(['n']);
        await tx.keep('kept');
      });
    for (const of of [store, store.space('one'), store.space('one.2'), store.space('One')]) await fill(of);
    await store.removeSpace('one');
    const found = (of: Store) =>
      of.read(async (tx) => [
        await tx.get(['a']),
        await tx.getSecret(['a']),
        await tx.snapshots(),
        (await tx.listKept('kept', [])).length,
      ]);
    expect(await found(store.space('one'))).toEqual([undefined, undefined, [], 0]);
    expect(await store.space('one').write((tx) => tx.next(['n']))).toBe(1);
    for (const of of [store, store.space('one.2'), store.space('One')]) {
      expect(await found(of)).toEqual([1, 'x', ['kept'], 1]);
    }
    await store.removeSpace('was never there');
  });

  test('tells of secrets that pass', async () => {
    await store.close();
    const answers: unknown[] = [];
    store = await openStore(newLocation(), { onSecret: (value) => answers.push(value) });
    await store.write((tx) => tx.setSecret(['a'], { key: 'x' }));
    await store.read((tx) => tx.getSecret(['a']));
    await store.read((tx) => tx.getSecret(['b']));
    expect(answers).toEqual([{ key: 'x' }, { key: 'x' }]);
  });

  test('lists in key order: integers by value, then strings', async () => {
    await set(
      ...[10, 'b', 9, '10', 'a', 0, 9007199254740991, '', 'B', 'ä'].map((part) => [['x', part], 0] as [Key, 0]),
    );
    expect(await keys(['x'])).toEqual([
      'x/0',
      'x/9',
      'x/10',
      'x/9007199254740991',
      'x/',
      'x/10',
      'x/B',
      'x/a',
      'x/b',
      'x/ä',
    ]);
    const [first] = await store.read((tx) => tx.list(['x']));
    expect(first).toEqual({ key: ['x', 0], value: 0 });
  });

  test('lists exactly what lies below a prefix', async () => {
    await set(
      ...[['a'], ['a', 'b'], ['a', 'b', 'c'], ['ab'], ['a\u0001'], ['a\u0000'], ['a\u0002', 'x'], ['b'], ['a', 1]].map(
        (key) => [key, 0] as [Key, 0],
      ),
    );
    expect(await keys(['a'])).toEqual(['a/1', 'a/b', 'a/b/c']);
    expect(await keys(['a', 'b'])).toEqual(['a/b/c']);
    expect(await keys(['a', 1])).toEqual([]);
    expect(await keys(['c'])).toEqual([]);
    expect(await keys([])).toHaveLength(9);
  });

  test('lists in pages and backwards', async () => {
    await set(...Array.from({ length: 12 }, (_, i) => [['n', i], i] as [Key, number]));
    expect(await keys(['n'], { limit: 2 })).toEqual(['n/0', 'n/1']);
    expect(await keys(['n'], { limit: 2, offset: 9 })).toEqual(['n/9', 'n/10']);
    expect(await keys(['n'], { offset: 10 })).toEqual(['n/10', 'n/11']);
    expect(await keys(['n'], { limit: 2, offset: 1, reverse: true })).toEqual(['n/10', 'n/9']);
    expect(await keys(['n'], { limit: 0 })).toEqual([]);
    expect(await keys(['n'], { offset: 12 })).toEqual([]);
  });

  test('deletes a key with its secret, or everything from a prefix on', async () => {
    await set([['a'], 1], [['a', 'b'], 1], [['a', 'c', 'd'], 1], [['ab'], 1]);
    await store.write((tx) => tx.setSecret(['a', 'b'], 1));
    expect(await store.write((tx) => tx.delete(['a', 'b']))).toBe(true);
    expect(await store.read((tx) => tx.getSecret(['a', 'b']))).toBeUndefined();
    expect(await store.write((tx) => tx.delete(['a', 'b']))).toBe(false);
    await store.write((tx) => tx.setSecret(['a', 'e'], 1));
    expect(await store.write((tx) => tx.deleteAll(['a']))).toBe(3);
    expect(await keys([])).toEqual(['ab']);
    expect(await store.write((tx) => tx.deleteAll([]))).toBe(1);
    expect(await store.write((tx) => tx.deleteAll([]))).toBe(0);
  });

  test('forgets a key, whether it is there or not', async () => {
    await set([['a'], 1], [['b'], 1]);
    await store.write((tx) => tx.setSecret(['a'], 1));
    await store.write(async (tx) => {
      await tx.forget(['a']);
      await tx.forget(['absent']);
      expect(await tx.get(['a'])).toBeUndefined();
    });
    expect([await keys([]), await store.read((tx) => tx.getSecret(['a']))]).toEqual([['b'], undefined]);
  });

  test('counters go on from 1, whatever is deleted or rolled back', async () => {
    const next = (counter: Key = ['app']) => store.write((tx) => tx.next(counter));
    expect([await next(), await next(), await next(['other'])]).toEqual([1, 2, 1]);
    await store.write((tx) => tx.deleteAll([]));
    await store.write((tx) => tx.delete(['app']));
    const failing = store.write(async (tx) => {
      await tx.set(['app', await tx.next(['app'])], 1);
      throw new Error('no');
    });
    const given = await Promise.all([next(), failing.catch(() => 0), next(), next()]);
    expect(given.filter((number) => number > 0)).toEqual([3, 4, 5]);
    expect(await keys([])).toEqual([]);
  });

  test('a throw undoes everything and is passed on', async () => {
    await set([['kept'], 1], [['changed'], 1]);
    await store.write((tx) => tx.setSecret(['secret'], 1));
    const thrown = new Error('no');
    const failing = store.write(async (tx) => {
      await tx.set(['new'], 1);
      await tx.set(['changed'], 2);
      await tx.setSecret(['secret'], 2);
      await tx.deleteAll(['kept']);
      expect(await tx.get(['changed'])).toBe(2);
      throw thrown;
    });
    await expect(failing).rejects.toBe(thrown);
    expect(await keys([])).toEqual(['changed', 'kept']);
    expect(await get(['changed'])).toBe(1);
    expect(await store.read((tx) => tx.getSecret(['secret']))).toBe(1);
  });

  test('of transactions that wait together each ends by itself', async () => {
    await set([['n'], 0]);
    const add = async (tx: WriteTransaction, by: number) => {
      const n = ((await tx.get<number>(['n'])) ?? 0) + by;
      await tx.set(['n'], n);
      return n;
    };
    const ends = await Promise.allSettled([
      store.write((tx) => add(tx, 1)),
      store.write(async (tx) => {
        await add(tx, 100);
        throw new Error('no');
      }),
      store.read((tx) => tx.get(['n'])),
      store.write(async (tx) => {
        await tx.get(['n']);
        throw new Error('nor this');
      }),
      store.write((tx) => add(tx, 10)),
    ]);
    const [first, second, seen, ...others] = ends.map((end) =>
      end.status === 'fulfilled' ? end.value : end.reason.message,
    );
    expect([first, second, ...others]).toEqual([1, 'no', 'nor this', 11]);
    // Where reads need not wait for writes, it may be before or after those that wait with it.
    expect([0, 1, 11]).toContain(seen);
    expect(await get(['n'])).toBe(11);
  });

  test('what was read before is not taken for what is there now', async () => {
    await set([['a'], 'text'], [['b'], { list: [1] }]);
    const given = await get(['b']);
    (given as { list: number[] }).list.push(2);
    expect([await get(['a']), await get(['b'])]).toEqual(['text', { list: [1] }]);
    await expect(
      store.write(async (tx) => {
        await tx.set(['a'], 'never');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await get(['a'])).toBe('text');
    await store.write((tx) => tx.delete(['a']));
    expect(await get(['a'])).toBeUndefined();
    await store.write((tx) => tx.deleteAll(['b']));
    expect(await get(['b'])).toBeUndefined();
  });

  test('writes follow one another', async () => {
    const increment = () =>
      store.write(async (tx) => {
        const value = (await tx.get<number>(['n'])) ?? 0;
        if (value % 3 === 0) await macrotask();
        await tx.set(['n'], value + 1);
        return value + 1;
      });
    const answers = await Promise.all(Array.from({ length: 100 }, increment));
    expect(new Set(answers).size).toBe(100);
    expect(await get(['n'])).toBe(100);
  });

  test('a read never sees half of a write', async () => {
    await set([['left'], 0], [['right'], 0]);
    const move = async (_: unknown, i: number) => {
      if (i % 2 === 0) {
        await store.write(async (tx) => {
          await tx.set(['left'], i);
          await macrotask();
          await tx.set(['right'], i);
        });
      }
      return store.read(async (tx) => {
        const left = await tx.get(['left']);
        await macrotask();
        return [left, await tx.get(['right'])];
      });
    };
    for (const [left, right] of await Promise.all(Array.from({ length: 40 }, move))) expect(left).toBe(right);
  });

  test('a transaction cannot be used when it is over', async () => {
    const tx = await store.write(async (tx) => tx);
    await expect(tx.set(['late'], 1)).rejects.toThrow('over');
    await expect(tx.get(['late'])).rejects.toThrow('over');
  });

  test('secrets stand beside values and are not listed', async () => {
    const secret = { clientSecret: 'täglich\u0000\ud800', list: [1, 2] };
    await set([['a'], 'open']);
    await store.write((tx) => tx.setSecret(['a'], secret));
    await store.write((tx) => tx.setSecret(['b'], 'other'));
    expect(await store.read((tx) => tx.getSecret(['a']))).toEqual(secret);
    expect(await store.read((tx) => tx.getSecret(['c']))).toBeUndefined();
    expect(await get(['a'])).toBe('open');
    expect(await keys([])).toEqual(['a']);
  });

  test('keeps every character of long texts', async () => {
    const line = '\t"key": \'{{x}}\',\r\n\\u0041 \u2028\ufeff 👩‍👩‍👧 e\u0301 \u0000\u007f\n\r';
    const text = line.repeat(20_000);
    await set([['text'], text]);
    await store.write((tx) => tx.setSecret(['text'], text));
    expect((await get(['text'])) === text).toBe(true);
    expect((await store.read((tx) => tx.getSecret(['text']))) === text).toBe(true);
  });

  test('keeps any key and value, and the order of keys', async () => {
    const random = generator(20_260_101);
    const part = () => (random() < 0.3 ? Math.floor(random() ** 4 * 2 ** 53) : text(random));
    const parts = Array.from({ length: 40 }, part);
    const pick = () => (random() < 0.5 ? (parts[Math.floor(random() * parts.length)] ?? '') : part());
    const entries = new Map<string, { key: Key; value: unknown }>();
    for (let i = 0; i < 2000; i++) {
      const key = Array.from({ length: 1 + Math.floor(random() * 3) }, pick);
      entries.set(JSON.stringify(key), { key, value: { [text(random)]: text(random) } });
    }
    await set(...[...entries.values()].map(({ key, value }) => [key, value] as [Key, unknown]));
    const sorted = [...entries.values()].sort((a, b) => compareKeys(a.key, b.key));
    expect(await store.read((tx) => tx.list([]))).toEqual(sorted);
    for (const first of parts) {
      const below = sorted.filter(({ key }) => key.length > 1 && key[0] === first);
      expect(await store.read((tx) => tx.list([first]))).toEqual(below);
    }
    for (const { key, value } of sorted.slice(0, 300)) expect(await get(key)).toEqual(value);
  });

  test('waits for what is under way when it closes, then refuses', async () => {
    const write = store.write(async (tx) => {
      await macrotask();
      await tx.set(['a'], 1);
      return 'written';
    });
    const closing = store.close();
    await expect(store.read((tx) => tx.get(['a']))).rejects.toThrow('closed');
    await closing;
    expect(await write).toBe('written');
    await store.close();
    await expect(store.write((tx) => tx.set(['a'], 1))).rejects.toThrow('closed');
  });

  vitest.skipIf(missing || !persistent)('keeps everything when it is closed and opened again', async () => {
    await set([['a', 1], 'value']);
    await store.write((tx) => tx.setSecret(['a', 1], 'secret'));
    await store.write((tx) => tx.next(['n']));
    await store.close();
    store = await openStore(location);
    expect(await get(['a', 1])).toBe('value');
    expect(await store.read((tx) => tx.getSecret(['a', 1]))).toBe('secret');
    expect(await store.write((tx) => tx.next(['n']))).toBe(2);
  });

  vitest.skipIf(missing || !persistent)('is shared with other connections', async () => {
    const other = await openStore(location);
    await set([['seen'], 'before']);
    expect(await other.read((tx) => tx.get(['seen']))).toBe('before');
    await set([['seen'], 'after']);
    expect(await other.read((tx) => tx.get(['seen']))).toBe('after');
    const increment = (one: Store) =>
      one.write(async (tx) => {
        await macrotask();
        await tx.set(['n'], ((await tx.get<number>(['n'])) ?? 0) + 1);
      });
    await Promise.all(Array.from({ length: 40 }, (_, i) => increment(i % 2 === 0 ? store : other)));
    expect(await get(['n'])).toBe(40);
    await other.close();
  });
});

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALPHABETS = [
  '\u0000\u0001\u0002\u0003',
  'ab/~.%_\\"\u007f',
  'äß中\u0802\ufeff',
  '\ud7ff\ue000\ue001\uffff\uffff',
  '👍𐀀\u{10ffff}',
].map((each) => Array.from(each));
const SURROGATES = ['\ud800', '\udbff', '\udc00', '\udfff'];

function text(random: () => number): string {
  const alphabet = random() < 0.2 ? SURROGATES : [...ALPHABETS.flat(), ...SURROGATES];
  return Array.from({ length: Math.floor(random() * 5) }, () => alphabet[Math.floor(random() * alphabet.length)]).join(
    '',
  );
}

function compareKeys(a: Key, b: Key): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return 1;
    const order = compareParts(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: string | number, b: string | number): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  const different = left.findIndex((code, i) => code !== right[i]);
  return different < 0 ? left.length - right.length : (left[different] ?? 0) - (right[different] ?? -1);
}
