import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from './connector.ts';
import { ask, askJson, cloneOf, newProject, type Started, share, start, stopAll } from './project.ts';

const TEXT_SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];
const SECRET = 'a-client-secret-that-nobody-shows';
const COMMON = { CONNECTOR_COMMON_GITHUB_CLIENT_ID: 'an-id', CONNECTOR_COMMON_GITHUB_CLIENT_SECRET: SECRET };

let project: string;
let harness: Started;
beforeEach(async () => {
  project = await newProject();
  harness = await start(['harness', '--port', '0'], project);
});
afterEach(stopAll);

const file = (section: string, folder = project) => join(folder, 'connections', 'github', `${section}.jsonc`);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

async function push(args: readonly string[] = [], cwd = project, env: Record<string, string> = {}) {
  const result = await run(['push', '--json', ...args], { cwd, env });
  return { ...result, envelope: JSON.parse(result.stdout) };
}

test('push, read back byte for byte, recreate', async () => {
  const { code, envelope, stdout, stderr } = await push([], project, COMMON);
  expect(code).toBe(0);
  const { app, connections } = envelope.data;
  expect(app).toMatch(/^my-github-[0-9a-z]{6}$/);
  expect(json(join(project, '.connector/origins.json')).harness).toEqual({ app, version: 1, connections });
  for (const section of TEXT_SECTIONS) {
    const { bytes } = await ask(harness, `/sdk/apps/connections/${connections.github}/${section}`);
    expect(bytes.equals(readFileSync(file(section))), section).toBe(true);
  }
  expect(await askJson(harness, `/sdk/apps/connections/${connections.github}/common`)).toEqual({
    clientId: 'an-id',
    clientSecret: SECRET,
  });
  for (const said of [stdout, stderr, harness.talk(), readFileSync(join(project, '.connector/lock.json'), 'utf8')]) {
    expect(said).not.toContain(SECRET);
  }
  const recreated = await run(['recreate', '--json'], { cwd: project });
  expect(JSON.parse(recreated.stdout).data).toEqual({ origin: 'harness', recreated: [connections.github] });
});

test('pushing again does nothing; one changed section is one change', async () => {
  await push([], project, COMMON);
  expect((await push([], project, COMMON)).envelope.data.changes).toEqual([]);
  writeFileSync(file('scope'), '["read:user"]\n');
  expect((await push()).envelope.data.changes).toEqual([
    { action: 'set', connection: 'github', section: 'scope', why: 'changed' },
  ]);
});

test('a schema that cannot be checked is a finding at its place, and nothing is pushed', async () => {
  const properties = { clientId: { type: 'string', pattern: '^[a-z]+\\-[a-z]+$' }, clientSecret: { $ref: '#/none' } };
  writeFileSync(join(project, 'connections/github/common.schema.json'), JSON.stringify({ properties }));
  const { code, envelope } = await push([], project, COMMON);
  expect(code).toBe(1);
  const told = envelope.diagnostics.map(
    (each: { code: string; path: string[] }) => `${each.code} ${each.path.join('.')}`,
  );
  expect(told).toContain('common/unreadable-pattern properties.clientId.pattern');
  expect(told).toContain('common/unresolved-reference properties.clientSecret.$ref');
  expect((await run(['status', '--json'], { cwd: project })).code).toBeLessThan(70);
});

test('numbers of 40 digits in a form arrive as they are, as defaults as well, and come back', async () => {
  const long = '1234567890123456789012345678901234567890';
  const form = (number: string) =>
    `[\n  {"name": "tenant", "type": "number", "label": "Tenant", "default": ${number}, "validate": {"max": ${long}}}\n]\n`;
  writeFileSync(file('parameters'), form(long));
  const { code, envelope } = await push([], project, COMMON);
  expect(code).toBe(0);
  const path = `/sdk/apps/connections/${envelope.data.connections.github}/parameters`;
  expect((await ask(harness, path)).bytes.toString()).toBe(form(long));
  expect((await push([], project, COMMON)).envelope.data.changes).toEqual([]);
  const theirs = form(long.replace(/0$/, '2'));
  await ask(harness, path, { method: 'PUT', headers: { 'content-type': 'application/jsonc' }, body: theirs });
  const pulled = await run(['pull', '--json', '--theirs', 'github/parameters'], { cwd: project });
  expect([pulled.code, readFileSync(file('parameters'), 'utf8')]).toEqual([0, theirs]);
}, 30_000);

test('a number of 40 digits arrives as it is, comes back, and another one is another value', async () => {
  const long = '1234567890123456789012345678901234567890';
  const own = (name: string) => join(project, 'connections/github', name);
  const written = (number: string) => `{\n  "clientId": "x",\n  "tenant": ${number}\n}\n`;
  const properties = { clientId: { type: 'string' }, clientSecret: { type: 'string' }, tenant: { type: 'integer' } };
  writeFileSync(own('common.schema.json'), JSON.stringify({ type: 'object', properties }));
  writeFileSync(own('common.local.json'), written(long));
  const { code, envelope } = await push();
  expect(code).toBe(0);
  const path = `/sdk/apps/connections/${envelope.data.connections.github}/common`;
  expect((await ask(harness, path)).bytes.toString()).toBe(`{"clientId":"x","tenant":${long}}`);
  expect((await push()).envelope.data.changes).toEqual([]);
  writeFileSync(own('common.local.json'), written(long.replace(/0$/, '1')));
  expect((await push(['--dry-run'])).envelope.data.changes).toMatchObject([{ action: 'set-common' }]);
  writeFileSync(own('common.local.json'), written(long));
  const theirs = long.replace(/0$/, '2');
  const headers = { 'content-type': 'application/json' };
  await ask(harness, path, { method: 'PUT', headers, body: `{"clientId": "x", "tenant": ${theirs}}` });
  const pulled = await run(['pull', '--json', '--check-common', '--theirs', 'github/common'], { cwd: project });
  expect([pulled.code, readFileSync(own('common.local.json'), 'utf8')]).toEqual([0, written(theirs)]);
}, 30_000);

test('a dry run shows the plan, does nothing and writes nothing', async () => {
  // The harness lets go of its lock a moment after it is ready.
  const files = () =>
    (readdirSync(project, { recursive: true }) as string[]).filter((path) => !path.endsWith('.lock')).sort();
  const before = files();
  const shown = await run(['push', '--dry-run'], { cwd: project });
  expect(shown.code).toBe(0);
  expect(shown.stdout.split('\n').slice(0, 2)).toEqual(['+ app my-github', '+ connection github (oauth)']);
  expect(await askJson(harness, '/sdk/apps')).toEqual({ apps: [] });
  expect(files()).toEqual(before);
});

test('what was validated cannot be kept: a push goes on all the same', async () => {
  // A folder in the place of the file cannot be written over by anybody.
  mkdirSync(join(project, '.connector/validation.json'));
  expect((await push()).code).toBe(0);
  expect((await push()).envelope.data.changes).toEqual([]);
});

describe('a second clone creates nothing twice', () => {
  test('with the names that were recorded', async () => {
    const first = (await push()).envelope.data;
    const clone = cloneOf(project);
    share(harness, clone);
    const second = await push([], clone);
    expect(second.envelope.data).toEqual({ ...first, changes: [] });
    expect((await askJson(harness, '/sdk/apps')).apps).toHaveLength(1);
    expect((await askJson(harness, `/sdk/apps/${first.app}/connections`)).appConnections).toHaveLength(1);
  });

  test('and without them, when it was made before the first push', async () => {
    const clone = cloneOf(project);
    const first = (await push()).envelope.data;
    share(harness, clone);
    expect((await push([], clone)).envelope.data).toEqual({ ...first, changes: [] });
    expect((await askJson(harness, '/sdk/apps')).apps).toHaveLength(1);
    expect((await askJson(harness, `/sdk/apps/${first.app}/connections`)).appConnections).toHaveLength(1);
    const names = '.connector/origins.json';
    expect(json(join(clone, names))).toEqual(json(join(project, names)));
  });
});

describe('what others changed', () => {
  test('is a conflict and stays, until --ours', async () => {
    const { connections } = (await push()).envelope.data;
    const path = `/sdk/apps/connections/${connections.github}/scope`;
    const theirs = { method: 'PUT', headers: { 'content-type': 'application/jsonc' }, body: '["theirs"]' };
    await ask(harness, path, theirs);
    writeFileSync(file('scope'), '["ours"]');
    const refused = await push();
    expect(refused.code).toBe(4);
    expect(refused.envelope.diagnostics).toMatchObject([{ code: 'sync/conflict' }]);
    expect(String((await ask(harness, path)).bytes)).toBe('["theirs"]');
    expect((await push(['--ours'])).code).toBe(0);
    expect(String((await ask(harness, path)).bytes)).toBe('["ours"]');
  });
});

describe('a harness that was killed', () => {
  test('straight after a push has lost nothing', async () => {
    const { app, connections } = (await push([], project, COMMON)).envelope.data;
    await harness.stop('SIGKILL');
    const again = await start(['harness', '--port', '0'], project);
    expect(again.token).toBe(harness.token);
    expect((await askJson(again, `/sdk/apps/${app}/connections`)).appConnections).toMatchObject([
      { name: connections.github, label: 'GitHub', type: 'oauth' },
    ]);
    for (const section of TEXT_SECTIONS) {
      const { bytes } = await ask(again, `/sdk/apps/connections/${connections.github}/${section}`);
      expect(bytes.equals(readFileSync(file(section))), section).toBe(true);
    }
    expect(await askJson(again, `/sdk/apps/connections/${connections.github}/common`)).toMatchObject({
      clientSecret: SECRET,
    });
    expect((await push([], project, COMMON)).envelope.data.changes).toEqual([]);
  });

  test('and whose store is gone is filled again', async () => {
    await push();
    await harness.stop();
    for (const end of ['', '-wal', '-shm', '.key'])
      rmSync(join(project, `.connector/harness.db${end}`), { force: true });
    harness = await start(['harness', '--port', '0'], project);
    const { code, envelope } = await push();
    expect(code).toBe(0);
    expect((await askJson(harness, `/sdk/apps/${envelope.data.app}/connections`)).appConnections).toHaveLength(1);
  });
});

describe('bad input', () => {
  const changed = async () => (await askJson(harness, '/sdk/apps')).apps.length;

  test('errors in a section stop the push before anything is sent', async () => {
    writeFileSync(file('api'), '{ "authorize": { "url": }');
    const { code, envelope } = await push();
    expect(code).toBe(1);
    expect(envelope.diagnostics).toMatchObject([
      { code: 'source/syntax', file: 'connections/github/api.jsonc', line: 1, column: 25 },
    ]);
    expect(await changed()).toBe(0);
  });

  test('a wrong token', async () => {
    const { code, envelope } = await push([], project, { CONNECTOR_TOKEN_HARNESS: 'wrong' });
    expect(code).toBe(5);
    expect(envelope.diagnostics).toMatchObject([{ code: 'origin/unauthenticated' }]);
  });

  test('a harness that is not running', async () => {
    await harness.stop();
    const { code, envelope } = await push();
    expect(code).toBe(6);
    expect(envelope.diagnostics).toMatchObject([
      { code: 'harness/not-running', hint: expect.stringContaining('connector harness') },
    ]);
    const killed = await start(['harness', '--port', '0'], project);
    await killed.stop('SIGKILL');
    expect((await push()).envelope.diagnostics).toMatchObject([{ code: 'harness/not-running' }]);
  });

  test('an unknown origin, with what was meant', async () => {
    const { code, envelope } = await push(['--origin', 'harnes']);
    expect(code).toBe(2);
    expect(envelope.diagnostics).toMatchObject([{ code: 'origin/unknown', hint: 'Did you mean harness?' }]);
  });

  test('a platform elsewhere that nobody answers for, and one that wants to be asked first', async () => {
    const manifest = json(join(project, 'connector.json'));
    const origins = { make: { url: 'http://127.0.0.1:9/api/v2' } };
    writeFileSync(join(project, 'connector.json'), JSON.stringify({ ...manifest, origins }));
    expect((await push([])).envelope.diagnostics).toMatchObject([{ code: 'origin/no-token' }]);
    const there = { CONNECTOR_TOKEN_MAKE: 'x', CONNECTOR_HOST_MAKE: '127.0.0.1:9' };
    const unreachable = await push([], project, there);
    expect(unreachable.code).toBe(6);
    expect(unreachable.envelope.diagnostics).toMatchObject([{ code: 'origin/unreachable' }]);

    const shared = { make: { url: `${harness.url}/api/v2` } };
    writeFileSync(join(project, 'connector.json'), JSON.stringify({ ...manifest, origins: shared }));
    const env = { CONNECTOR_TOKEN_MAKE: harness.token, CONNECTOR_HOST_MAKE: new URL(harness.url).host };
    const unasked = await push([], project, env);
    expect(unasked.code).toBe(2);
    expect(unasked.envelope.diagnostics).toMatchObject([{ code: 'usage/missing' }]);
    expect(await changed()).toBe(0);
    const agreed = await push(['--yes'], project, env);
    expect(agreed.code).toBe(0);
    expect(json(join(project, 'connector.lock.json')).origins.make.github.api).toMatch(/^sha256-/);
    expect(readFileSync(join(project, 'connector.lock.json'), 'utf8')).not.toContain('common');
  });

  test('a connection that was never pushed cannot be recreated', async () => {
    const { code, stdout } = await run(['recreate', '--json'], { cwd: project });
    expect(code).toBe(2);
    expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code: 'sync/not-pushed' }]);
  });

  test('values of common that cannot be used', async () => {
    writeFileSync(join(project, 'connections/github/common.local.json'), '{"clientId": "x",}');
    const broken = await push();
    expect([broken.code, broken.envelope.diagnostics[0].file]).toEqual([1, 'connections/github/common.local.json']);
    writeFileSync(join(project, 'connections/github/common.local.json'), '{"clientId": "x"}');
    expect((await push()).envelope.diagnostics).toMatchObject([
      { code: 'value/missing', hint: expect.stringContaining('CONNECTOR_COMMON_GITHUB_CLIENT_SECRET') },
    ]);
    expect(await changed()).toBe(0);
  });
});
