import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { rangeOfMaker, workflowOf } from './made-by.ts';
import { version } from './version.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});

/** The range of a command that is installed with these files beside it, by their paths. */
function rangeWith(files: Readonly<Record<string, unknown>>): string {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'made-by-')));
  const own = join(folder, 'home/node_modules/@connectorkit/cli');
  mkdirSync(own, { recursive: true });
  for (const [path, value] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return rangeOfMaker(join(folder, 'work/my-app'), own) ?? 'nothing';
}

const LOCK = 'home/node_modules/.package-lock.json';
const from = (resolved: string) => ({ packages: { 'node_modules/@connectorkit/cli': { resolved } } });
const RELEASED = { 'home/node_modules/@connectorkit/cli/dist/package.json': { type: 'commonjs', released: true } };

const WORKFLOW = [
  '      - name: Install the command',
  '        run: npm install --prefix "$RUNNER_TEMP/connector" --ignore-scripts @connectorkit/cli@0.1.0',
  '',
].join('\n');

test('a workflow names the published version that made it, and otherwise a variable of the repository', () => {
  expect(workflowOf(WORKFLOW, `^${version()}`)).toBe(WORKFLOW);
  for (const maker of [undefined, 'file:../../a.tgz']) {
    const [name, env, variable, run] = workflowOf(WORKFLOW, maker).split('\n');
    expect(name).toBe('      - name: Install the command');
    expect(env).toBe('        env:');
    expect(variable).toBe(`          CONNECTOR_PACKAGE: $${'{{ vars.CONNECTOR_PACKAGE }}'}`);
    expect(run).toMatch(
      /^ {8}run: npm install --prefix "\$RUNNER_TEMP\/connector" --ignore-scripts "\$\{CONNECTOR_PACKAGE:\?/,
    );
    expect(run).not.toContain('@connectorkit/cli@');
  }
});

test.each([
  ['a published version', RELEASED, `^${version()}`],
  ['a published version from a tarball', { ...RELEASED, [LOCK]: from('file:../a.tgz'), 'a.tgz': '' }, `^${version()}`],
  ['a tarball', { [LOCK]: from('file:../a.tgz'), 'a.tgz': '' }, 'file:../../a.tgz'],
  ['a tarball that is gone', { [LOCK]: from('file:../a.tgz') }, 'nothing'],
  ['a folder', { [LOCK]: from('file:../cli') }, 'nothing'],
  ['a registry, of a build that is not published', { [LOCK]: from('https://packages.test/cli.tgz') }, 'nothing'],
  ['a damaged list', { [LOCK]: '{ "pack' }, 'nothing'],
  ['no list', {}, 'nothing'],
])('a project made by what came from %s depends on it by %s', (_, files, range) => {
  expect(rangeWith(files)).toBe(range);
});
