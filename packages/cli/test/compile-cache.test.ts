import { readdirSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

const LINE = ['iml', '{{1 + 1}}'];
const kept = 'enableCompileCache' in Module;

test(`a run ${kept ? 'keeps what was compiled in the user’s cache folder' : 'keeps nothing where Node cannot'}`, async () => {
  const cache = temporaryFolder();
  const env = { XDG_CACHE_HOME: cache };
  const first = await run(LINE, { cwd: temporaryFolder(), env });
  expect(first).toMatchObject({ code: 0, stdout: '2\n' });
  expect(readdirSync(cache)).toEqual(kept ? ['connectorkit'] : []);
  expect(await run(LINE, { cwd: temporaryFolder(), env })).toEqual(first);
});

test('a cache that cannot be written or is not wanted is none', async () => {
  const cache = temporaryFolder();
  const file = join(cache, 'file');
  writeFileSync(file, '');
  for (const env of [{ XDG_CACHE_HOME: file }, { XDG_CACHE_HOME: cache, NODE_DISABLE_COMPILE_CACHE: '1' }]) {
    expect((await run(LINE, { cwd: temporaryFolder(), env })).stdout).toBe('2\n');
  }
  expect(readdirSync(cache)).toEqual(['file']);
});
