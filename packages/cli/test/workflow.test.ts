import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { workflowOf } from '../src/made-by.ts';
import { BINARY, environmentOf, run, temporaryFolder } from './connector.ts';
import { giveHosts, start, stopAll } from './project.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WORKFLOW = join('.github', 'workflows', 'connector.yml');
const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'));
const templates = readdirSync(join(ROOT, 'templates'));
const SCAFFOLD = readFileSync(join(ROOT, 'scaffold', WORKFLOW), 'utf8');

async function created(template: string): Promise<string> {
  const cwd = temporaryFolder();
  await run(['create', 'my-app', '--template', template], { cwd });
  return join(cwd, 'my-app');
}

afterEach(stopAll);

/** Puts the command where the workflow installs it, below the runner's temporary folder. */
function commandAt(temporary: string): string {
  const bin = join(temporary, 'connector', 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'connector'), `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
  chmodSync(join(bin, 'connector'), 0o755);
  return temporary;
}

/** The commands of a workflow's steps, as a shell gets them. */
const commandsOf = (workflow: string) =>
  [...workflow.matchAll(/^ +run: (.*)$/gm)].map(([, command = '']) => command.replace(/^'(.*)'$/, '$1'));

test.each(templates)('the workflow comes with a project from %s', async (template) => {
  // This build is not published: nothing that a CI service could install made the project.
  const workflow = readFileSync(join(await created(template), WORKFLOW), 'utf8');
  expect(workflow).toBe(workflowOf(SCAFFOLD, undefined));
  expect(workflow).not.toContain('@connectorkit/cli@');
  expect(workflow.match(/CONNECTOR_PACKAGE: /g)).toHaveLength(SCAFFOLD.match(/@connectorkit\/cli@/g)?.length ?? 0);
});

test('the workflows of the repository pin every action to a commit, and may do no more than they have to', () => {
  const folder = join(ROOT, '.github', 'workflows');
  const files = readdirSync(folder);
  expect(files).toEqual(expect.arrayContaining(['ci.yml', 'release.yml']));
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const uses = [...text.matchAll(/uses: (\S+)(.*)$/gm)].filter(([, action = '']) => !action.startsWith('./'));
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    expect(text).toContain('permissions:\n  contents: read\n');
    expect(text).not.toMatch(/pull_request_target|secrets\.|\$\{\{ github\.(head_ref|event\.\S*title)/);
  }
});

test('each operating system and each line of Node.js is tested before a release', () => {
  const folder = join(ROOT, '.github', 'workflows');
  const ci = readFileSync(join(folder, 'ci.yml'), 'utf8');
  expect(ci).toContain('os: [ubuntu-latest, macos-latest, windows-latest]');
  expect(ci).toContain('node: [20.19, 22, 24, 26]');
  const release = readFileSync(join(folder, 'release.yml'), 'utf8');
  expect(release).toContain('uses: ./.github/workflows/ci.yml');
  expect(release).toMatch(/\n {2}publish:\n {4}needs: ci\n/);
});

describe('the workflow', () => {
  const workflow = SCAFFOLD;
  /** The job that looks at pull requests from anywhere. */
  const [checks = ''] = workflow.split(/\n {2}diff:\n/);

  test('pins every action to a commit, and the command to the version that made the project', () => {
    const uses = [...workflow.matchAll(/uses: (\S+)(.*)$/gm)];
    expect(uses.length).toBeGreaterThan(2);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+(\/[\w-]+)?@[\da-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    expect(workflow).toContain(`@connectorkit/cli@${version}`);
    expect(readFileSync(join(ROOT, 'docs/how-to/ci.md'), 'utf8')).toContain(`@connectorkit/cli@${version}`);
  });

  test('may do no more than it has to, and keeps no token for what comes after', () => {
    expect(workflow).toContain('permissions:\n  contents: read\n');
    expect(workflow.match(/actions\/checkout/g)).toHaveLength(
      workflow.match(/persist-credentials: false/g)?.length ?? 0,
    );
    expect(workflow).not.toMatch(
      /pull_request_target|npm (ci|run|test|exec)|npx|\$\{\{ github\.(head_ref|event\.\S*title)/,
    );
    expect(checks).not.toContain('secrets.');
    expect(workflow).toMatch(/\n {2}diff:\n {4}if: .*pull_request\.head\.repo\.fork != true/);
    const [install = ''] = commandsOf(workflow);
    expect(install).toMatch(/^npm install --prefix "\$RUNNER_TEMP\/\w+" --ignore-scripts /);
    expect(workflow).toMatch(/working-directory: \$\{\{ runner\.temp \}\}/);
  });

  test.skipIf(process.platform === 'win32')('fails for warnings as well', async () => {
    const project = await created('oauth2');
    const validate = commandsOf(workflow)[1] ?? '';
    const temporary = commandAt(temporaryFolder());
    const env = environmentOf({ RUNNER_TEMP: temporary, GITHUB_ACTIONS: 'true', CI: 'true' });
    const step = () => spawnSync('bash', ['-e', '-c', validate], { cwd: project, env, encoding: 'utf8' });
    const untouched = step();
    expect(untouched.status).toBe(1);
    expect(untouched.stdout).toContain('::warning title=request/placeholder-host,file=connections/main/api.jsonc');
    giveHosts(project);
    expect(step()).toMatchObject({ status: 0, stdout: '' });
  });

  test.skipIf(process.platform === 'win32')(
    'passes as it is written, in a project of a description that says all',
    async () => {
      const cwd = temporaryFolder();
      const document = {
        openapi: '3.1.0',
        info: { title: 'Acme', version: '1' },
        servers: [{ url: 'https://api.acme.test' }],
        components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
        security: [{ key: [] }],
        paths: { '/me': { get: { responses: {} } } },
      };
      const input = JSON.stringify(document);
      expect((await run(['create', 'my-app', '--from-openapi', '-', '--git'], { cwd, input })).code).toBe(0);
      const project = join(cwd, 'my-app');
      expect((await run(['types'], { cwd: project })).code).toBe(0);
      await start(['harness', '--port', '0'], project);
      const temporary = commandAt(temporaryFolder());
      const summary = join(temporary, 'summary.md');
      const surroundings = { RUNNER_TEMP: temporary, GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_STEP_SUMMARY: summary };
      const env = environmentOf({ ...surroundings, CONNECTOR_ORIGIN: 'harness' });
      // The command that is tested takes the place of the one that would be installed.
      const steps = commandsOf(workflow).filter((step) => !step.startsWith('npm install'));
      expect(steps.map((step) => /connector" (\w+)/.exec(step)?.[1])).toEqual([
        'validate',
        'test',
        'types',
        'diff',
        'publish',
      ]);
      for (const step of steps) {
        const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', step], {
          cwd: project,
          env,
          encoding: 'utf8',
        });
        expect({ step, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ step, status: 0, said: '' });
      }
      expect(readFileSync(join(project, 'connector.junit.xml'), 'utf8')).toContain('a user connects');
      expect(readFileSync(summary, 'utf8')).toContain('main');
    },
  );

  test.skipIf(process.platform === 'win32')('runs nothing of a project whose JSON would have it', async () => {
    const project = await created('oauth2');
    const temporary = commandAt(temporaryFolder());
    const trap = join(temporary, 'trap');
    const touch = `touch ${trap}`;
    const names = [
      'preinstall',
      'install',
      'postinstall',
      'prepare',
      'validate',
      'prevalidate',
      'test',
      'types',
      'pretypes',
    ];
    const scripts = Object.fromEntries(names.map((name) => [name, touch]));
    const manifest = { name: 'x', scripts, type: 'commonjs', bin: { connector: './evil.js' }, prettier: './evil.js' };
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(project, 'evil.js'), `require('fs').writeFileSync(${JSON.stringify(trap)}, '')`);
    writeFileSync(join(project, '.prettierrc.json'), '{ "plugins": ["./evil.js"] }');
    await run(['types'], { cwd: project });
    writeFileSync(join(project, 'connections/main/scopes.jsonc'), '{ "profile": "Read", }');
    const [, ...steps] = commandsOf(checks);
    expect(steps).toHaveLength(3);
    const said = steps.map((step) => {
      const env = environmentOf({ RUNNER_TEMP: temporary, GITHUB_ACTIONS: 'true', CI: 'true' });
      try {
        return execFileSync('bash', ['-e', '-c', step], { cwd: project, env, encoding: 'utf8', stdio: 'pipe' });
      } catch (error) {
        return String((error as { stdout: string }).stdout);
      }
    });
    expect(said[0]).toContain('::warning title=source/trailing-comma,file=connections/main/scopes.jsonc');
    expect(said[1]).toBe('');
    expect(said[2]).toContain('::error title=types/stale');
    expect(existsSync(join(project, 'connector.sarif'))).toBe(true);
    expect(existsSync(trap)).toBe(false);
  });
});

test('the repository has the same line ends on every system, whatever git does there by default', () => {
  const listed = execFileSync('git', ['ls-files', '--eol'], { cwd: ROOT, encoding: 'utf8' }).trimEnd().split('\n');
  const others = listed.filter((line) => /^i\/(lf|none)\s/.test(line) && !/attr\/text=auto eol=lf/.test(line));
  expect(others).toEqual([]);
  expect(listed.filter((line) => /^i\/(crlf|mixed)\s/.test(line) && !/attr\/-text/.test(line))).toEqual([]);
});
