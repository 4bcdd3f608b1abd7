import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { environmentOf, temporaryFolder } from './connector.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGES = ['sdk', 'harness', 'cli', 'create-connector'];
const MINUTES = 60_000;

/** pnpm as it was started, or as the README starts it. */
function pnpm(args: readonly string[], cwd: string) {
  const own = process.env.npm_execpath;
  if (own !== undefined && /pnpm/.test(own)) {
    const script = /\.[cm]?js$/.test(own);
    return execute(script ? process.execPath : own, script ? [own, ...args] : [...args], { cwd });
  }
  return execute('npx', ['-y', 'pnpm@12', ...args], { cwd, shell: process.platform === 'win32' });
}

function npm(args: readonly string[], cwd: string) {
  const shell = process.platform === 'win32';
  return execute('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: environmentOf(), shell });
}

test('the packed packages, installed into an empty folder, take the first steps', {
  timeout: 5 * MINUTES,
}, async () => {
  const folder = temporaryFolder();
  const packs = join(folder, 'packs');
  const home = join(folder, 'home');
  mkdirSync(home);
  for (const name of PACKAGES) await pnpm(['pack', '--pack-destination', packs], join(ROOT, 'packages', name));
  const tarballs = readdirSync(packs).map((name) => join(packs, name));
  expect(tarballs).toHaveLength(PACKAGES.length);
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  await npm(['install', ...tarballs], home);

  const bin = (name: string) => join(home, 'node_modules', '.bin', name);
  const shell = process.platform === 'win32';
  const call = (name: string, args: readonly string[], cwd: string) =>
    execute(bin(name), [...args], { cwd, env: environmentOf(), shell });
  for (const template of ['api-key', 'oauth2']) {
    const project = join(home, template);
    await call('create-connector', [template, '--template', template], home);
    expect(readFileSync(join(project, '.gitignore'), 'utf8')).toContain('.connector/');
    const validated = await call('connector', ['validate', '--json'], project);
    const { ok, data, diagnostics } = JSON.parse(validated.stdout);
    expect({ ok, errors: data.errors }).toEqual({ ok: true, errors: 0 });
    expect(new Set(diagnostics.map((each: { code: string }) => each.code))).toEqual(
      new Set(['request/placeholder-host']),
    );
    await call('connector', ['types'], project);
    expect(readFileSync(join(project, 'connector.d.ts'), 'utf8')).toContain('export interface');
  }

  writeFileSync(
    join(home, 'library.mjs'),
    `import { PLATFORMS, SECTIONS } from '@connectorkit/sdk';
     import { createHarness } from '@connectorkit/harness';
     import { readFileSync } from 'node:fs';
     import { createRequire } from 'node:module';
     import { dirname, join } from 'node:path';
     const { resolve } = createRequire(import.meta.url);
     const schema = (name) => JSON.parse(readFileSync(resolve('@connectorkit/harness/schemas/' + name + '-seed.schema.json')));
     const readme = (name) =>
       readFileSync(join(dirname(resolve('@connectorkit/harness/package.json')), 'src/platforms', name, 'README.md'), 'utf8');
     const seeds = Object.keys(PLATFORMS).map((name) => [schema(name).title, readme(name).startsWith('# ')]);
     const harness = await createHarness({ seed: { workato: { managed_users: [{ id: 7 }] } } });
     const response = await fetch(harness.url + '/sdk/apps', { headers: { authorization: 'Token ' + harness.token } });
     console.log(JSON.stringify({ sections: SECTIONS.length, make: PLATFORMS.make.title, seeds, answer: await response.json() }));
     await harness.close();`,
  );
  const { stdout } = await execute(process.execPath, ['library.mjs'], { cwd: home });
  const seeds = ['Make', 'Akana', 'Workato', 'Anypoint'].map((title) => [`A seed of ${title}`, true]);
  expect(JSON.parse(stdout)).toEqual({ sections: 7, make: 'Make', seeds, answer: { apps: [] } });
});

test('what is published carries no sources, no tests and no secrets', { timeout: MINUTES }, async () => {
  const folder = temporaryFolder();
  await pnpm(['pack', '--pack-destination', folder], join(ROOT, 'packages', 'cli'));
  const [tarball = ''] = readdirSync(folder);
  const { stdout } = await execute('tar', ['-tzf', tarball], { cwd: folder });
  const files = stdout.split('\n').filter(Boolean);
  expect(files).toContain('package/dist/connector.js');
  expect(files).toContain('package/dist/licenses.txt');
  expect(files).toContain('package/dist/scaffold/_gitignore');
  expect(files.filter((file) => /\.test\.|\/src\/|\.local\.json|\.connector\//.test(file))).toEqual([]);
});
