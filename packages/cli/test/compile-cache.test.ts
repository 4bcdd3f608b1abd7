import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

const LINE = ['iml', '{{1 + 1}}'];

/** Runs a command with a cache folder, and gives its output. */
async function ran(cache: string, args: readonly string[] = LINE, env: Readonly<Record<string, string>> = {}) {
  return run(args, { cwd: temporaryFolder(), env: { XDG_CACHE_HOME: cache, ...env } });
}

/** The files below a folder that hold compiled texts. */
function compiled(cache: string): string[] {
  return (readdirSync(cache, { recursive: true }) as string[])
    .map((name) => join(cache, name))
    .filter((path) => statSync(path).isFile());
}

test('a run keeps what was compiled for itself alone, and the next one accepts it', async () => {
  const cache = temporaryFolder();
  const first = await ran(cache);
  expect(first).toMatchObject({ code: 0, stdout: '2\n' });
  const files = compiled(cache);
  expect(files.length).toBeGreaterThan(2);
  const builds = join(cache, 'connectorkit', 'compiled');
  expect(readdirSync(builds)).toHaveLength(1);
  if (process.platform !== 'win32') expect(statSync(builds).mode & 0o022).toBe(0);
  // What is not accepted is written again.
  const texts = files.map((path) => [path, statSync(path).ino, readFileSync(path).toString('base64')]);
  expect(await ran(cache)).toEqual(first);
  expect(compiled(cache).map((path) => [path, statSync(path).ino, readFileSync(path).toString('base64')])).toEqual(
    texts,
  );
});

test('what a command loads late is there in the next run too, and nothing else is said', async () => {
  const cache = temporaryFolder();
  const env = { XDG_CACHE_HOME: cache, XDG_CONFIG_HOME: temporaryFolder() };
  const args = ['login', '--url', 'http://127.0.0.1:9/api/v2'];
  const first = await run(args, { cwd: temporaryFolder(), env, input: 'a-token' });
  expect(first).toMatchObject({ code: 6, stderr: expect.stringMatching(/^error origin\/unreachable/) });
  expect(await run(args, { cwd: temporaryFolder(), env, input: 'a-token' })).toEqual(first);
});

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  [
    'changed in its middle',
    (bytes: Buffer) => bytes.map((byte, at) => (at > 999 && at % 999 === 0 ? byte ^ 0x55 : byte)),
  ],
  ['empty', () => Buffer.alloc(0)],
])('a cache that is %s does no harm', async (_, damage) => {
  const cache = temporaryFolder();
  const first = await ran(cache);
  for (const path of compiled(cache)) writeFileSync(path, damage(readFileSync(path)));
  expect(await ran(cache)).toEqual(first);
  expect(await ran(cache)).toEqual(first);
});

test('what cannot be written or is not wanted is no cache', async () => {
  const cache = temporaryFolder();
  const file = join(cache, 'file');
  writeFileSync(file, '');
  expect((await ran(file)).code).toBe(0);
  expect((await ran(join(cache, 'unwanted'), LINE, { NODE_DISABLE_COMPILE_CACHE: '1' })).code).toBe(0);
  expect(readdirSync(cache)).toEqual(['file']);
});

test.skipIf('enableCompileCache' in Module)('what is no command gets no folder (Node 20)', async () => {
  const cache = temporaryFolder();
  expect((await ran(cache, ['validat'])).code).toBe(2);
  expect(readdirSync(cache)).toEqual([]);
});

test('three other builds stay', async () => {
  const cache = temporaryFolder();
  const builds = join(cache, 'connectorkit', 'compiled');
  for (const day of [1, 2, 3, 4, 5]) {
    mkdirSync(join(builds, `old-${day}`), { recursive: true });
    utimesSync(join(builds, `old-${day}`), new Date(), new Date(2020, 0, day));
  }
  await ran(cache);
  expect(readdirSync(builds).filter((name) => name.startsWith('old'))).toEqual(['old-3', 'old-4', 'old-5']);
  expect(readdirSync(builds)).toHaveLength(4);
});
