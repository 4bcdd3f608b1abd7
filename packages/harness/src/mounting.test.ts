import { afterEach, beforeEach, expect, test } from 'vitest';
import { emulate } from './emulate.ts';
import { emulationsOf } from './mounting.ts';
import { EMULATORS } from './platforms/index.ts';
import { Platforms } from './platforms.ts';
import { openStore } from './store/index.ts';
import type { Store } from './store/store.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore('memory', {});
});
afterEach(() => store.close());

const options = () => ({
  store,
  now: () => new Date(0),
  checkAnswers: true,
  rateLimits: true,
  onFault: (fault: unknown) => {
    throw fault;
  },
});

function started() {
  const platforms = new Platforms(Object.values(EMULATORS), (emulator) =>
    store.write((tx) => emulator.admit(tx, 'token')),
  );
  const emulations = emulationsOf(platforms, options());
  const ask = async (url: string) => {
    const emulation = await emulations.at(url);
    return emulation.answer({ method: 'GET', url, headers: { authorization: 'Bearer token' }, body: undefined });
  };
  return { platforms, ask, loaded: () => platforms.ready.map(({ platform }) => platform.name).sort() };
}

test('a platform is loaded when it is first asked for, with those whose connections it may know', async () => {
  const { ask, loaded } = started();
  expect(loaded()).toEqual([]);
  const answers = await Promise.all([ask('/api/v2/users/me'), ask('/sdk/apps?x=1'), ask('/api/v2/nothing')]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect(loaded()).toEqual(['make']);
  expect((await ask('/accounts/api/me')).status).toBe(200);
  expect(loaded()).toEqual(['anypoint', 'make']);
  const other = started();
  await other.ask('/api/managed_users');
  expect(other.loaded()).toEqual(['make', 'workato']);
});

test('all are where a path may be any’s', async () => {
  const { ask, loaded } = started();
  expect((await ask('/users/me')).status).toBe(200);
  expect(loaded()).toEqual(Object.keys(EMULATORS).sort());
});

test('requests that were counted are counted on when another platform is loaded', async () => {
  const { ask } = started();
  const status = async () => (await ask('/api/v2/sdk/apps')).status;
  for (let count = 0; count < 60; count++) expect(await status()).toBe(200);
  await ask('/accounts/api/me');
  expect(await status()).toBe(429);
});

test('one that could not be loaded is loaded by the next who asks', async () => {
  let tries = 0;
  const platforms = new Platforms(Object.values(EMULATORS), async () => {
    if (++tries === 1) throw new Error('the disk is full');
  });
  await expect(platforms.named('make')).rejects.toThrow('the disk is full');
  expect(platforms.ready).toEqual([]);
  expect((await platforms.named('make')).platform.name).toBe('make');
  expect(platforms.ready).toHaveLength(1);
});

test('what is said of platforms before they are loaded is so, and they can stand at one address', async () => {
  const all = await Promise.all(Object.values(EMULATORS).map(({ load }) => load()));
  for (const { platform, prefixes, scopes } of all) {
    const { name, title, basePath } = platform;
    expect(EMULATORS[name]).toMatchObject({ name, title, basePath, prefixes, scopes });
  }
  expect(() => emulate(all, options())).not.toThrow();
});
