import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { environmentOf, temporaryFolder } from './connector.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGES = ['sdk', 'harness', 'cli', 'create-connector'];
const MINUTES = 60_000;
const MEGABYTES = 1_000_000;
/** Installed, with everything that it needs. */
const MOST = 20 * MEGABYTES;

/** Each package as its tarball, and as the folder that it was packed into. */
const packed = new Map<string, { readonly tarball: string; readonly folder: string; readonly files: string[] }>();

beforeAll(async () => {
  const packs = temporaryFolder();
  for (const name of PACKAGES) {
    await pnpm(['pack', '--pack-destination', packs], join(ROOT, 'packages', name));
    const tarball = join(packs, readdirSync(packs).find((each) => !isKnown(join(packs, each))) ?? '');
    const folder = temporaryFolder();
    await execute('tar', ['-xzf', tarball, '--strip-components', '1'], { cwd: folder });
    packed.set(name, { tarball, folder, files: filesBelow(folder) });
  }
}, 2 * MINUTES);

const isKnown = (tarball: string) => [...packed.values()].some((each) => each.tarball === tarball);

function of(name: string) {
  const found = packed.get(name);
  if (found === undefined) throw new Error(`${name} is not packed`);
  return found;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1).replaceAll('\\', '/')).sort();
}

const bytesBelow = (folder: string) =>
  filesBelow(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

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

describe.each(PACKAGES)('%s', (name) => {
  test('has its license, a page for the registry, and where it comes from', () => {
    const { folder, files } = of(name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
    expect(readFileSync(join(folder, 'README.md'), 'utf8').split('\n')[0]).toBe(`# ${manifest.name}`);
    expect(manifest).toMatchObject({
      license: 'MIT',
      repository: { directory: `packages/${name}` },
      bugs: expect.stringMatching(/^https:/),
      engines: { node: '>=20.19' },
    });
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|connectorkit-source/);
  });

  test('is what publint takes for right', async () => {
    const { folder } = of(name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { messages } = await publint({ pkgDir: folder, pack: false, strict: true });
    expect(messages.map((each) => formatMessage(each, manifest))).toEqual([]);
  });

  test('holds no source, no test, no map and no secret, and nothing that no export leads to', () => {
    const { folder, files } = of(name);
    expect(
      files.filter((file) => /\.test\.[jt]s$|(?<!\.d)\.ts$|\.map$|\.local\.json|\.connector\//.test(file)),
    ).toEqual([]);
    const reached = reachedIn(folder);
    expect(files.filter((file) => !reached.has(file) && !BESIDE.test(file))).toEqual([]);
    expect([...reached].filter((file) => !files.includes(file))).toEqual([]);
    for (const file of files.filter((each) => /\.(js|ts)$/.test(each))) {
      expect(readFileSync(join(folder, file), 'utf8').includes('sourceMappingURL=') ? file : '').toBe('');
    }
  });
});

/** What is not code: pages, licenses, data of the command, and what a package of the other kind of modules says so with. */
const BESIDE =
  /^(package\.json|README\.md|LICENSE|dist\/licenses\.txt|dist\/package\.json|src\/platforms\/[a-z]+\/README\.md|dist\/(scaffold|templates|examples|schemas)\/.*)$/;

/** The files that a package's entries lead to. */
function reachedIn(folder: string): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const targets = [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.bin ?? {})]
    .flatMap((each) => (typeof each === 'string' ? [each] : Object.values(each as Record<string, string>)))
    .map((each) => posix.normalize(each));
  const reached = new Set<string>();
  const reach = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    const declarations = file.replace(/\.js$/, '.d.ts');
    if (targets.includes(file) && existsSync(join(folder, declarations))) reach(declarations);
    if (!/\.(js|ts)$/.test(file) || !existsSync(join(folder, file))) return;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import|require)\s*\(?\s*["'`](\.{1,2}\/[^"'`\n]+)["'`]/g)) {
      const to = posix.join(posix.dirname(file), specifier);
      if (/\.js$/.test(to)) reach(file.endsWith('.d.ts') ? to.replace(/\.js$/, '.d.ts') : to);
    }
  };
  for (const target of targets) {
    if (target.includes('*')) {
      const [start = '', end = ''] = target.split('*');
      for (const file of filesBelow(folder)) if (file.startsWith(start) && file.endsWith(end)) reach(file);
    } else reach(target);
  }
  return reached;
}

describe('types', () => {
  // create-connector is a command without an export.
  test.each(['sdk', 'harness', 'cli'])('of %s are what are-the-types-wrong takes for right', async (name) => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(of(name).tarball)));
    if (checked.types === false) throw new Error('it has no types');
    // Before Node 16 there were neither exports nor modules, and from CommonJS Node 20.19 requires modules.
    const problems = checked.problems.filter(
      (each) => !(('resolutionKind' in each && each.resolutionKind === 'node10') || each.kind === 'CJSResolvesToESM'),
    );
    expect(problems).toEqual([]);
  });
});

const SOURCE = join(ROOT, 'packages/cli/package.json');

test('the command, installed with everything, takes less than 20 MB', { timeout: 2 * MINUTES }, async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  await npm(['install', of('cli').tarball], home);
  const bytes = bytesBelow(join(home, 'node_modules'));
  expect(bytes).toBeGreaterThan(MEGABYTES);
  expect(bytes).toBeLessThan(MOST);
});

test('each package that the bundle holds is in licenses.txt, with its version', () => {
  const modules: string[] = Object.values(
    JSON.parse(readFileSync(join(ROOT, 'packages/cli/dist/modules.json'), 'utf8')) as Record<string, string[]>,
  ).flat();
  const held = new Map(
    modules.flatMap((path) => {
      const [, folder, name] = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/.exec(path) ?? [];
      return folder === undefined || name === undefined || path.startsWith('\0') ? [] : [[folder, name] as const];
    }),
  );
  const notices = readFileSync(join(of('cli').folder, 'dist/licenses.txt'), 'utf8');
  const missing = [...held].filter(([folder, name]) => {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return !notices.includes(`\n${name.replaceAll('\\', '/')} ${version}, `);
  });
  expect(held.size).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

test('the binaries of SQLite have the version of the library that is bundled', () => {
  const catalog = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8');
  const [, version = ''] = /^ {2}libsql: (\S+)$/m.exec(catalog) ?? [];
  const binaries = Object.keys(JSON.parse(readFileSync(SOURCE, 'utf8')).optionalDependencies);
  expect(binaries.length).toBeGreaterThan(3);
  for (const name of binaries) expect(catalog).toContain(`  "${name}": ${version}\n`);
});

test('the packed packages, installed into an empty folder with an empty home, take the first steps', {
  timeout: 5 * MINUTES,
}, async () => {
  const home = join(temporaryFolder(), 'home');
  mkdirSync(home);
  const surroundings = { HOME: home, USERPROFILE: home, XDG_CONFIG_HOME: join(home, '.config') };
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  await npm(['install', ...PACKAGES.map((name) => of(name).tarball)], home);

  const bin = (name: string) => join(home, 'node_modules', '.bin', name);
  const shell = process.platform === 'win32';
  const call = (name: string, args: readonly string[], cwd: string) =>
    execute(bin(name), [...args], { cwd, env: environmentOf(surroundings), shell });
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

  // The project's own next step installs the very tarball that made it.
  const project = join(home, 'oauth2');
  const { devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect(Object.keys(devDependencies)).toEqual(['@connectorkit/cli']);
  expect(realpathSync(join(project, devDependencies['@connectorkit/cli'].replace(/^file:/, '')))).toBe(
    realpathSync(of('cli').tarball),
  );
  await npm(['install'], project);
  const own = await execute(join(project, 'node_modules/.bin/connector'), ['--version'], { cwd: project, shell });
  expect(own.stdout.trim()).toBe(JSON.parse(readFileSync(SOURCE, 'utf8')).version);

  for (const name of ['sdk', 'harness']) {
    const page = readFileSync(join(of(name).folder, 'README.md'), 'utf8');
    const [, code = ''] = /^```js\n(.*?)^```/ms.exec(page) ?? [];
    writeFileSync(join(home, 'page.mjs'), code.replace("'my-connector'", "'oauth2'"));
    const { stdout } = await execute(process.execPath, ['page.mjs'], { cwd: home });
    expect(stdout).toContain(name === 'sdk' ? 'request/placeholder-host' : '{ apps: [] }');
  }

  // As strict as TypeScript is with others' declarations.
  writeFileSync(
    join(home, 'consumer.ts'),
    [...Object.keys(JSON.parse(readFileSync(join(of('sdk').folder, 'package.json'), 'utf8')).exports)]
      .filter((entry) => entry !== './package.json')
      .map((entry, index) => `export * as e${index} from '@connectorkit/sdk${entry.slice(1)}';`)
      .concat("export * from '@connectorkit/harness';", "export { main } from '@connectorkit/cli';")
      .join('\n'),
  );
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck', 'false'];
  const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'];
  await execute(join(ROOT, 'node_modules/.bin/tsc'), ['consumer.ts', ...options, ...types], { cwd: home, shell }).catch(
    ({ stdout }: { stdout: string }) => expect(stdout).toBe(''),
  );

  writeFileSync(
    join(home, 'library.mjs'),
    `import { SECTIONS } from '@connectorkit/sdk';
     import { PLATFORMS } from '@connectorkit/sdk/platforms';
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
