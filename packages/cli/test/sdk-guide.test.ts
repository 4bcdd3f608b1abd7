import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { BINARY, environmentOf, temporaryFolder } from './connector.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** The modules of a page, each with what it prints where the page says so. */
function blocksOf(page: string): { code: string; prints: string | undefined }[] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const blocks = text.matchAll(/^```ts\n(.*?)^```\n(?:\n^```text\n(.*?)^```$)?/gms);
  return [...blocks].map(([, code = '', prints]) => ({ code, prints }));
}

const guide = blocksOf('how-to/sdk.md').map((block, index) => ({ ...block, name: `block ${index + 1}` }));

const folder = temporaryFolder();
beforeAll(async () => {
  const scope = join(folder, 'node_modules', '@connectorkit');
  mkdirSync(scope, { recursive: true });
  // As they are published: nothing leads to their sources.
  for (const name of ['sdk', 'harness']) symlinkSync(join(ROOT, 'packages', name), join(scope, name), 'junction');
  const types = join(folder, 'node_modules', '@types');
  mkdirSync(types);
  symlinkSync(realpathSync(join(ROOT, 'node_modules/@types/node')), join(types, 'node'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const made = await node([BINARY, 'create', 'my-connector', '--template', 'api-key'], folder);
  expect(made).toMatchObject({ code: 0 });
});

function node(args: readonly string[], cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = environmentOf({ NO_COLOR: '1', NODE_OPTIONS: '' });
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

test('the guide has an example of each entry that people use, and says what it prints', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'packages/sdk/package.json'), 'utf8')) as { exports: object };
  const code = guide.map((block) => block.code).join('');
  const entries = Object.keys(exports).map((entry) => entry.replace('.', '@connectorkit/sdk'));
  // For tools that write projects, serve editors or emulate platforms; one vendor; data.
  const others = /\/(project|language|emulator|platforms\/.*|package\.json)$/;
  expect(entries.filter((entry) => !others.test(entry) && !code.includes(`from '${entry}'`))).toEqual([]);
  expect(guide.filter(({ prints = '' }) => prints.trim() === '')).toEqual([]);
});

test('the compiler takes the examples as they stand', async () => {
  // The tests among the other pages' blocks are run elsewhere.
  const blocks = [...guide, ...blocksOf('reference/runtime.md').filter(({ code }) => !code.includes("'vitest'"))];
  expect(blocks.length).toBeGreaterThan(guide.length);
  for (const [index, { code }] of blocks.entries()) writeFileSync(join(folder, `block-${index + 1}.ts`), code);
  const compilerOptions = {
    ...{ noEmit: true, strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ target: 'es2023', lib: ['es2023'], module: 'nodenext', types: ['node'] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['block-*.ts'] }));
  expect(await node([TSC, '-p', folder], folder)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.each(guide)('$name prints what the guide says', async ({ name, code, prints }) => {
  const own = join(folder, name.replace(' ', '-'));
  mkdirSync(own);
  cpSync(join(folder, 'my-connector'), join(own, 'my-connector'), { recursive: true });
  writeFileSync(join(own, 'example.mjs'), code);
  const { stderr, ...ended } = await node([join(own, 'example.mjs')], own);
  expect({ ...ended, stderr: ended.code === 0 ? '' : stderr }).toEqual({ code: 0, stdout: prints, stderr: '' });
});
