import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Ran, run, temporaryFolder } from './connector.ts';
import { newProject, type Started, start, stopAll } from './project.ts';

afterEach(stopAll);

const SECRET = 'a-token-that-nobody-reads';
const INPUT = JSON.stringify({
  host_name: 'acme.atlassian.net',
  api_token_auth: 'true',
  email: 'me@acme.example',
  apitoken: SECRET,
});

interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
  readonly body: any;
}

async function workato({ url, token }: Started, method: string, path: string, body?: object): Promise<Answered> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

/** A folder with a harness, and on it a customer with the external id A2300. */
async function customer(folder = temporaryFolder(), store?: string): Promise<{ folder: string; harness: Started }> {
  const kept = store === undefined ? [] : ['--store', store];
  const harness = await start(['harness', '--port', '0', ...kept], folder);
  const user = { name: 'Acme', notification_email: 'acme@acme.example', external_id: 'A2300' };
  expect((await workato(harness, 'POST', '/managed_users', user)).status).toBe(200);
  return { folder, harness };
}

type Options = { readonly env?: Record<string, string>; readonly input?: string };

/** Runs `connector instances … --user EA2300 --json`, and holds that no secret shows. */
async function instances(cwd: string, args: readonly string[], options: Options = {}) {
  const ran: Ran = await run(['instances', ...args, '--user', 'EA2300', '--json'], { cwd, ...options });
  expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  const { data, diagnostics, next } = JSON.parse(ran.stdout);
  return { code: ran.code, data, diagnostics, next };
}

describe('customers’ connections', () => {
  test('are created, listed, updated, disconnected and deleted, without a project', async () => {
    const { folder } = await customer();
    const shell = await instances(folder, ['create', '--provider', 'jira', '--name', 'Jira', '--external-id', 'U1']);
    expect([shell.code, shell.data]).toEqual([
      0,
      {
        origin: 'harness',
        platform: 'workato',
        user: 'EA2300',
        instance: expect.objectContaining({ id: '1', name: 'Jira', state: 'disconnected', externalId: 'U1' }),
      },
    ]);
    expect(shell.next[0]).toContain('instances update 1 --user EA2300 --input');
    const updated = await instances(folder, ['update', '1', '--name', 'Renamed', '--input', '-'], { input: INPUT });
    expect(updated.data.instance).toMatchObject({ name: 'Renamed', state: 'connected', error: null });
    const listed = await instances(folder, ['list', '--provider', 'jira', '--tags', '--platform', 'workato']);
    expect(listed.data.instances).toMatchObject([{ id: '1', state: 'connected', identity: null, tags: [] }]);
    expect((await instances(folder, ['list', '--external-id', 'U2'])).data.instances).toEqual([]);
    expect((await instances(folder, ['disconnect', '1'])).data).toMatchObject({ id: '1', status: 'disconnected' });
    expect((await instances(folder, ['delete', '1'])).data).toMatchObject({ id: '1', status: 'deleted' });
    const gone = await instances(folder, ['delete', '1']);
    expect([gone.code, gone.diagnostics]).toMatchObject([7, [{ code: 'origin/not-found' }]]);
  });

  test('are shown in columns to people', async () => {
    const { folder } = await customer();
    await instances(folder, ['create', '--provider', 'jira', '--name', 'Jira']);
    await instances(folder, ['create', '--provider', 'salesforce', '--name', 'Sales']);
    const { stdout } = await run(['instances', 'list', '--user', 'EA2300'], { cwd: folder });
    expect(stdout).toBe('1  disconnected  jira        Jira\n2  disconnected  salesforce  Sales\n');
  });

  test('get their credentials from a file, stdin or the environment, and nothing tells them', async () => {
    const { folder, harness } = await customer();
    writeFileSync(join(folder, 'jira.json'), INPUT);
    const ways: readonly (readonly [readonly string[], Options])[] = [
      [['--input', 'jira.json'], {}],
      [['--input', '-'], { input: INPUT }],
      [[], { env: { CONNECTOR_INPUT: INPUT } }],
    ];
    for (const [args, options] of ways) {
      const { data } = await instances(folder, ['create', '--provider', 'jira', ...args], options);
      expect(data.instance.state).toBe('connected');
    }
    expect(harness.talk()).not.toContain(SECRET);
    await harness.stop();
    for (const file of ['harness.db', 'harness.json']) {
      expect(readFileSync(join(folder, '.connector', file), 'latin1')).not.toContain(SECRET);
    }
  });

  test('are there when their credentials fail, and it is reported', async () => {
    const { folder } = await customer();
    const input = INPUT.replace(SECRET, 'invalid');
    const { code, data, diagnostics } = await instances(folder, ['create', '--provider', 'jira', '--input', '-'], {
      input,
    });
    expect([code, data.instance.state, diagnostics]).toMatchObject([
      1,
      'failed',
      [{ code: 'instances/not-authorized' }],
    ]);
  });

  test('that active recipes use are kept, unless that is allowed', async () => {
    const { folder, harness } = await customer();
    await instances(folder, ['create', '--provider', 'jira', '--input', '-'], { input: INPUT });
    const config = [{ keyword: 'application', provider: 'jira', account_id: 1 }];
    const recipe = await workato(harness, 'POST', '/managed_users/EA2300/recipes', { recipe: { config } });
    await workato(harness, 'PUT', `/managed_users/EA2300/recipes/${recipe.body.id}/start`);
    for (const action of ['disconnect', 'delete']) {
      const { code, diagnostics } = await instances(folder, [action, '1']);
      expect([code, diagnostics]).toMatchObject([7, [{ code: 'instances/in-use' }]]);
      expect(diagnostics[0].message).toContain(`You can't ${action} a connection used by active recipes`);
    }
    expect((await instances(folder, ['disconnect', '1', '--allow-in-use'])).code).toBe(0);
    expect((await instances(folder, ['list'])).data.instances[0].state).toBe('disconnected');
  });
});

describe('what is refused', () => {
  test('parameters that are no object, without showing them', async () => {
    const { folder } = await customer();
    for (const input of [`{"apitoken":"${SECRET}`, `["${SECRET}"]`, '']) {
      const { code, diagnostics } = await instances(folder, ['create', '--input', '-'], { input });
      expect([code, diagnostics]).toMatchObject([2, [{ code: 'instances/input' }]]);
    }
    const missing = await instances(folder, ['create', '--input', 'nothing.json']);
    expect(missing.diagnostics).toMatchObject([{ code: 'instances/input' }]);
  });

  test('another action, a missing or surplus connection, a platform without customers, no harness', async () => {
    const folder = temporaryFolder();
    const codes = async (...args: string[]) => {
      const { code, diagnostics } = await instances(folder, args);
      return [code, diagnostics[0].code];
    };
    expect(await codes('remove')).toEqual([2, 'usage/arguments']);
    expect(await codes('delete')).toEqual([2, 'usage/missing']);
    expect(await codes('list', '1')).toEqual([2, 'usage/arguments']);
    expect(await codes('list', '--platform', 'make')).toEqual([2, 'origin/unknown']);
    expect(await codes('list')).toEqual([6, 'harness/not-running']);
    const { code, stdout } = await run(['instances', 'list', '--json'], { cwd: folder });
    expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([2, 'usage/missing']);
  });
});

describe('origins', () => {
  test('an origin on Workato is chosen for instances, and the other one for push; deleting there is asked for', async () => {
    const project = await newProject();
    const { harness } = await customer(project);
    const manifest = JSON.parse(readFileSync(join(project, 'connector.json'), 'utf8'));
    const origins = {
      customers: { platform: 'workato', url: `${harness.url}/` },
      registry: { platform: 'make', url: `${harness.url}/api/v2` },
    };
    writeFileSync(join(project, 'connector.json'), JSON.stringify({ ...manifest, origins }));
    const { host } = new URL(harness.url);
    const env = {
      CONNECTOR_TOKEN_CUSTOMERS: harness.token,
      CONNECTOR_HOST_CUSTOMERS: host,
      CONNECTOR_TOKEN_REGISTRY: harness.token,
      CONNECTOR_HOST_REGISTRY: host,
    };
    const created = await instances(project, ['create', '--provider', 'jira'], { env });
    expect(created.data).toMatchObject({ origin: 'customers', instance: { id: '1' } });
    const asked = await instances(project, ['delete', '1'], { env });
    expect([asked.code, asked.diagnostics]).toMatchObject([2, [{ code: 'usage/missing' }]]);
    expect((await instances(project, ['delete', '1', '--yes'], { env })).code).toBe(0);
    const wrong = await instances(project, ['list', '--origin', 'registry'], { env });
    expect([wrong.code, wrong.diagnostics]).toMatchObject([2, [{ code: 'origin/unknown' }]]);
    const pushed = await run(['push', '--yes', '--json'], { cwd: project, env });
    expect([pushed.code, JSON.parse(pushed.stdout).data.origin]).toEqual([0, 'registry']);
  });
});

test('kill -9 during two hundred writes loses none that was answered', async () => {
  const { folder, harness } = await customer();
  const answered: number[] = [];
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let index = 0; index < 25; index++) {
      const body = { name: `c-${writer}-${index}`, provider: 'jira' };
      const made = await workato(harness, 'POST', '/managed_users/EA2300/connections', body).catch(() => undefined);
      if (made === undefined) return;
      expect(made.status).toBe(200);
      answered.push(made.body.id);
      // Somewhere in the middle of them, with the others under way.
      if (answered.length === 90) harness.child.kill('SIGKILL');
    }
  });
  await Promise.all(writers);
  expect(await harness.stop()).toBeNull();
  expect(answered.length).toBeGreaterThanOrEqual(90);
  expect(answered.length).toBeLessThan(200);
  const again = await start(['harness', '--port', '0'], folder);
  const { body } = await workato(again, 'GET', '/managed_users/EA2300/connections');
  const kept = body.result.map(({ id }: { id: number }) => id);
  expect(kept).toEqual(expect.arrayContaining(answered));
  const next = await workato(again, 'POST', '/managed_users/EA2300/connections', { provider: 'jira' });
  expect(kept).not.toContain(next.body.id);
});
