import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';

afterEach(stopAll);

/** Only the schema compiler's own modules hold these words: its source when it is loaded, or our bundle of it. */
const COMPILER = /class Ajv\b|ajv\/dist\/(core|ajv|compile|2020)/;

/** Writes down every module that a process loads, through Node's own loader hooks. */
function recorder(): { env: Record<string, string>; loaded(): string[] } {
  const folder = temporaryFolder();
  const log = join(folder, 'loaded.txt');
  writeFileSync(log, '');
  writeFileSync(
    join(folder, 'hooks.mjs'),
    `import { appendFileSync } from 'node:fs';
     export async function load(url, context, next) {
       if (url.startsWith('file:')) appendFileSync(${JSON.stringify(log)}, url + '\\n');
       return next(url, context);
     }`,
  );
  writeFileSync(
    join(folder, 'register.mjs'),
    `import { Module, register } from 'node:module';
     import { appendFileSync } from 'node:fs';
     import { pathToFileURL } from 'node:url';
     register('./hooks.mjs', import.meta.url);
     const original = Module._extensions['.js'];
     Module._extensions['.js'] = (module, file) => {
       appendFileSync(${JSON.stringify(log)}, pathToFileURL(file) + '\\n');
       return original(module, file);
     };`,
  );
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(join(folder, 'register.mjs'))}` };
  return { env, loaded: () => [...new Set(readFileSync(log, 'utf8').split('\n').filter(Boolean))] };
}

const withCompiler = (urls: readonly string[]) =>
  urls.filter((url) => COMPILER.test(readFileSync(new URL(url), 'utf8')));

test('validate loads no schema compiler', async () => {
  const project = await newProject();
  const { env, loaded } = recorder();
  expect((await run(['validate'], { cwd: project, env })).code).toBe(0);
  expect(loaded().length).toBeGreaterThan(2);
  expect(withCompiler(loaded())).toEqual([]);
});

test('the harness starts and serves without one', async () => {
  const { env, loaded } = recorder();
  const harness = await start(['harness', '--port', '0'], temporaryFolder(), env);
  expect((await fetch(`${harness.url}/api/v2/users/me`)).status).toBe(401);
  expect(loaded().length).toBeGreaterThan(2);
  expect(withCompiler(loaded())).toEqual([]);
});

test('the check sees the compiler where it is', async () => {
  const { env, loaded } = recorder();
  const folder = temporaryFolder();
  const ajv = new URL('../../sdk/node_modules/ajv/dist/2020.js', import.meta.url);
  writeFileSync(join(folder, 'loads.mjs'), `import ${JSON.stringify(ajv.href)};`);
  execFileSync(process.execPath, [join(folder, 'loads.mjs')], { env: { ...process.env, ...env } });
  expect(withCompiler(loaded()).length).toBeGreaterThan(0);
});
