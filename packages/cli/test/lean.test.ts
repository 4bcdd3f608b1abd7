import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { BINARY, runProcess, temporaryFolder } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';

afterEach(stopAll);

/** File of the bundle → the modules that are in it, as the bundler says. */
const MODULES: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('modules.json', pathToFileURL(BINARY)), 'utf8'),
);

/** Writes down every file that a process loads, through Node's own loaders. */
function recorder(): { env: Record<string, string>; loaded(): string[] } {
  const folder = temporaryFolder();
  const log = join(folder, 'loaded.txt');
  writeFileSync(log, '');
  writeFileSync(
    join(folder, 'register.cjs'),
    `const Module = require('node:module');
     const { appendFileSync } = require('node:fs');
     const original = Module._extensions['.js'];
     Module._extensions['.js'] = (module, file) => {
       appendFileSync(${JSON.stringify(log)}, file + '\\n');
       return original(module, file);
     };`,
  );
  const env = { NODE_OPTIONS: `--require ${join(folder, 'register.cjs')}` };
  return { env, loaded: () => [...new Set(readFileSync(log, 'utf8').split('\n').filter(Boolean))] };
}

/** The modules in the files that were loaded; a file beside the bundle is a module of its own. */
function modulesIn(files: readonly string[]): string[] {
  const folder = fileURLToPath(new URL('.', pathToFileURL(BINARY)));
  return files.flatMap((file) => (file.startsWith(folder) ? (MODULES[file.slice(folder.length)] ?? []) : [file]));
}

const COMPILER = /[\\/]ajv[\\/]/;

test('no file of the bundle holds the table of media types twice', () => {
  const counts = Object.entries(MODULES).map(([file, ids]) => [
    file,
    ids.filter((id) => /mime-db[\\/]db/.test(id)).length,
  ]);
  expect(counts).toContainEqual(['oidc.js', 1]);
  expect(counts.filter(([, count]) => Number(count) > 1)).toEqual([]);
});

test('help and the version open no project', async () => {
  const folder = temporaryFolder();
  const own = async (...args: string[]) => {
    const { env, loaded } = recorder();
    expect((await runProcess(args, { cwd: folder, env })).code).toBe(0);
    return modulesIn(loaded()).map((name) => name.replace(/.*[\\/](?=(sdk|cli|harness)[\\/]src)/, ''));
  };
  const parser = /[\\/]yargs-parser[\\/]/;
  const version = await own('--version');
  expect(version.some((name) => name.endsWith('main.ts'))).toBe(true);
  expect(version.filter((name) => /[\\/]commands[\\/]|[\\/]arguments\.ts$/.test(name) || parser.test(name))).toEqual(
    [],
  );
  const help = await own('--help');
  expect(help.some((name) => parser.test(name))).toBe(true);
  for (const modules of [version, help]) {
    const sdk = modules.filter((name) => /^sdk[\\/]/.test(name)).map((name) => name.replace(/^sdk[\\/]src[\\/]/, ''));
    // Names, messages and tables: nothing that reads or writes a file.
    const light = ['device-names.ts', 'diagnostics.ts', 'json.ts', 'project/project.ts', 'sections/create-types.ts'];
    expect(sdk.map((name) => name.replaceAll('\\', '/')).filter((name) => !light.includes(name))).toEqual([]);
    expect(modules.filter((name) => /^harness[\\/]/.test(name))).toEqual([]);
  }
});

test('validate loads no schema compiler', async () => {
  const project = await newProject();
  const { env, loaded } = recorder();
  expect((await runProcess(['validate'], { cwd: project, env })).code).toBe(0);
  const modules = modulesIn(loaded());
  expect(modules.some((name) => name.endsWith('validate.ts'))).toBe(true);
  expect(modules.filter((name) => COMPILER.test(name) || name.includes('modelcontextprotocol'))).toEqual([]);
  // It is in the bundle, for another command.
  expect(
    Object.values(MODULES)
      .flat()
      .some((name) => name.includes('modelcontextprotocol')),
  ).toBe(true);
});

test('completing a word loads no rule, runtime or platform', async () => {
  const project = await newProject();
  for (const words of [[], ['validate'], ['push', '--origin']]) {
    const { env, loaded } = recorder();
    const { code, stdout } = await runProcess(['completion', 'zsh', '--current=', '--', ...words], {
      cwd: project,
      env,
    });
    expect([code, stdout.split('\n').length > 2]).toEqual([0, true]);
    const modules = modulesIn(loaded());
    expect(modules.some((name) => name.endsWith('candidates.ts'))).toBe(true);
    const others = /sdk[\\/]src[\\/](rules|runtime|iml)[\\/]|[\\/]platforms[\\/]\w+[\\/]|modelcontextprotocol/;
    expect(modules.filter((name) => others.test(name))).toEqual([]);
  }
});

test('connect --local loads no client of a platform, and no emulator', async () => {
  const project = await newProject();
  const { env, loaded } = recorder();
  expect((await runProcess(['connect', '--local', '--headless'], { cwd: project, env })).code).toBe(6);
  const modules = modulesIn(loaded());
  expect(modules.some((name) => /runtime[\\/]prepare\.ts$/.test(name))).toBe(true);
  expect(modules.filter((name) => /[\\/]platforms[\\/]\w+[\\/]/.test(name))).toEqual([]);
  const others = /connection-tests[\\/]|[\\/](recorder|callback|test-session)\.ts$/;
  expect(modules.filter((name) => others.test(name))).toEqual([]);
});

test('test loads nothing that only connecting or synchronizing needs', async () => {
  const project = await newProject();
  const { env, loaded } = recorder();
  expect((await runProcess(['test'], { cwd: project, env })).code).toBe(0);
  const modules = modulesIn(loaded());
  expect(modules.some((name) => /connection-tests[\\/]run-tests\.ts$/.test(name))).toBe(true);
  const others =
    /[\\/]platforms[\\/]\w+[\\/]|sync[\\/](plan|apply)|[\\/](run-connection|running-harness|watcher)\.ts$|harness[\\/]src[\\/](?!regular-file)/;
  expect(modules.filter((name) => others.test(name))).toEqual([]);
});

test('what reads vendors’ documents is loaded for them alone, and YAML for YAML alone', async () => {
  const folder = temporaryFolder();
  const readers = async (args: readonly string[], cwd = folder) => {
    const { env, loaded } = recorder();
    expect((await runProcess(args, { cwd, env })).code).toBe(0);
    const modules = modulesIn(loaded());
    expect(modules.length).toBeGreaterThan(5);
    const found = modules.flatMap(
      (name) => /sdk[\\/]src[\\/](openapi)|[\\/](yaml)[\\/]dist|(upgrader)/.exec(name)?.slice(1) ?? [],
    );
    return [...new Set(found.filter(Boolean))].sort();
  };
  const document = { openapi: '3.1.0', info: { title: 'A' }, servers: [{ url: 'https://a.acme.test' }], paths: {} };
  writeFileSync(join(folder, 'a.json'), JSON.stringify(document));
  writeFileSync(
    join(folder, 'a.yaml'),
    `openapi: 3.1.0\ninfo: {title: A}\nservers: [{url: "https://a.acme.test"}]\npaths: {}\n`,
  );
  writeFileSync(
    join(folder, 'old.json'),
    JSON.stringify({ ...document, openapi: undefined, swagger: '2.0', host: 'a.acme.test' }),
  );
  const create = (name: string, file: string) => readers(['create', name, '--from-openapi', file, '--auth', 'bearer']);
  expect(await readers(['--help'])).toEqual([]);
  expect(await create('one', 'a.json')).toEqual(['openapi']);
  expect(await create('two', 'a.yaml')).toEqual(['openapi', 'yaml']);
  expect(await create('three', 'old.json')).toEqual(['openapi', 'upgrader']);
  expect(await readers(['validate'], join(folder, 'one'))).toEqual([]);
  expect(await readers(['create', 'four', '--template', 'api-key'])).toEqual([]);
});

test('a library that few expressions need is read by those alone', async () => {
  const libraries = async (expression: string) => {
    const { env, loaded } = recorder();
    expect((await runProcess(['iml', expression], { cwd: temporaryFolder(), env })).code).toBe(0);
    const modules = modulesIn(loaded());
    expect(modules.some((name) => /iml[\\/]evaluate\.ts$/.test(name))).toBe(true);
    return [...new Set(modules.flatMap((name) => /(decimal\.js|re2js|fast-xml-parser)[\\/]/.exec(name)?.[1] ?? []))];
  };
  expect(await libraries('Bearer {{upper("a")}}')).toEqual([]);
  expect(await libraries('{{0.1 + 0.2}}')).toEqual(['decimal.js']);
  expect(await libraries("{{replace('aab'; '/a+/g'; 'x')}}")).toEqual(['re2js']);
  expect(await libraries("{{parseXML('<a>1</a>')}}")).toEqual(['fast-xml-parser']);
});

test('the harness starts and serves without one', async () => {
  const { env, loaded } = recorder();
  const harness = await start(['harness', '--port', '0'], temporaryFolder(), env);
  expect((await fetch(`${harness.url}/api/v2/users/me`)).status).toBe(401);
  const modules = modulesIn(loaded());
  expect(modules.some((name) => name.endsWith('server.ts'))).toBe(true);
  expect(modules.filter((name) => COMPILER.test(name))).toEqual([]);
  const emulated = modules.flatMap(
    (name) => /harness[\\/]src[\\/]platforms[\\/](\w+)[\\/]index\.ts$/.exec(name)?.[1] ?? [],
  );
  expect(emulated).toEqual(['make']);
});

test('what asks a harness loads no emulator', async () => {
  const folder = temporaryFolder();
  await start(['harness', '--port', '0'], folder);
  const { env, loaded } = recorder();
  writeFileSync(join(folder, 'connector.json'), '{"name": "mine"}');
  expect((await runProcess(['whoami', '--origin', 'harness'], { cwd: folder, env })).code).toBe(0);
  const modules = modulesIn(loaded());
  expect(modules.some((name) => name.endsWith('running-harness.ts'))).toBe(true);
  const own = modules
    .filter((name) => /[\\/]harness[\\/]src[\\/]/.test(name))
    .map((name) => name.replace(/.*[\\/]/, ''));
  expect(own.sort()).toEqual(['regular-file.ts', 'token-proof.ts']);
});
