import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedStore } from '../src/local-state/connected.ts';
import { CONFIGURATION, run, stateIn } from './connector.ts';
import { follow, newProject, projectFrom, type Started, start, stopAll } from './project.ts';

afterAll(stopAll);

async function json(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const { code, stdout } = await run([...args, '--json'], { cwd, env });
  return { code, ...JSON.parse(stdout) };
}

/** What stands in a file of this machine's own, whatever it is. */
function everythingIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('.key') && !name.includes('harness'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

describe('with the local provider, and without a browser', () => {
  let project: string;
  let harness: Started;
  beforeAll(async () => {
    project = await projectFrom('oauth2');
    harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
  });

  test('a connection connects, refreshes when it is due, and is revoked', async () => {
    const connected = await json(['connect', '--local', '--headless'], project);
    expect(connected).toMatchObject({ code: 0, data: { id: 'main-1', name: 'demo@example.com', uid: 'demo' } });
    expect(connected.data.stored).toEqual(['accessToken', 'refreshToken', 'expires']);
    expect(connected.data.trace.steps.map(({ name, outcome }: never) => `${name} ${outcome}`)).toEqual([
      'authorize done',
      'token done',
      'info done',
    ]);
    const steps = async (action: string) => {
      const { code, data } = await json(['connections', action, 'main-1'], project);
      return [code, ...data.trace.steps.map(({ name, outcome }: never) => `${name} ${outcome}`)];
    };
    expect(await steps('verify')).toEqual([0, 'refresh skipped', 'info done']);
    expect(await steps('refresh')).toEqual([0, 'refresh skipped']);
    await run(['harness', 'clock', '+61m'], { cwd: project });
    expect(await steps('refresh')).toEqual([0, 'refresh done']);
    expect(await steps('refresh')).toEqual([0, 'refresh skipped']);
    expect(await steps('verify')).toEqual([0, 'refresh skipped', 'info done']);
    await run(['harness', 'clock', 'real'], { cwd: project });
    expect(await steps('invalidate')).toEqual([0, 'invalidate done']);
    expect((await json(['connections', 'list'], project)).data).toEqual({ connections: [] });
  });

  test('a token that was revoked is said to be, and what is stored stays as it was', async () => {
    const { data } = await json(['connect', '--local', '--headless'], project);
    await run(['harness', 'clock', '+61m'], { cwd: project });
    await run(['harness', 'fault', 'revoked-refresh', '--platform', 'provider', '--times', '1'], { cwd: project });
    const refused = await json(['connections', 'refresh', data.id], project);
    expect(refused).toMatchObject({
      code: 1,
      diagnostics: [{ code: 'run/refused', file: 'connections/main/api.jsonc' }],
    });
    expect(refused.diagnostics[0].line).toBeGreaterThan(1);
    expect((await json(['connections', 'show', data.id], project)).data.stored).toContain('refreshToken');
    await run(['harness', 'clock', 'real'], { cwd: project });
    const { stdout } = await run(['connections', 'trace', data.id], { cwd: project });
    expect(stdout).toContain('✗ refresh');
    await run(['connections', 'delete', data.id], { cwd: project });
  });

  test('a user who refuses is reported with the provider’s own words', async () => {
    await run(['harness', 'fault', 'access-denied', '--platform', 'provider', '--times', '1'], { cwd: project });
    const denied = await json(['connect', '--local', '--headless'], project);
    expect(denied).toMatchObject({ code: 1, diagnostics: [{ code: 'run/denied' }] });
    expect(denied.diagnostics[0].message).toContain('access_denied');
    expect((await json(['connections', 'list'], project)).data.connections).toEqual([]);
  });

  test('no token, code or secret is in what is said or kept', async () => {
    const said: string[] = [];
    const keep = async (args: readonly string[]) => {
      for (const format of [[], ['--json'], ['--trace']]) {
        const { stdout, stderr } = await run([...args, ...format], { cwd: project });
        said.push(stdout, stderr);
      }
    };
    const first = await run(['connect', '--local', '--headless', '--json'], { cwd: project });
    const { id } = JSON.parse(first.stdout).data;
    said.push(first.stdout);
    await keep(['connections', 'verify', id]);
    said.push((await run(['connections', 'trace', id, '--curl'], { cwd: project })).stdout);
    said.push((await run(['connections', 'show', id], { cwd: project })).stdout, everythingIn(project));
    const own = { XDG_CONFIG_HOME: CONFIGURATION };
    const { data } = connectedStore(stateIn(project), own).get(id).instance;
    const secrets = [data.accessToken, data.refreshToken, 'demo-secret', 'demo:demo-secret'].map(String);
    expect(secrets.every((secret) => secret.length > 8)).toBe(true);
    const all = said.join('\n');
    for (const secret of secrets) {
      for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
        expect(all).not.toContain(form);
      }
    }
    expect(all).not.toMatch(/[?&]code=(?!\[redacted|%5Bredacted)[\w-]{20,}/);
    if (process.platform !== 'win32') {
      expect(statSync(join(project, '.connector', 'connected.json')).mode & 0o777).toBe(0o600);
    }
  });

  test('connections that were connected with another key are as if they were not there', async () => {
    const { data } = await json(['connect', '--local', '--headless'], project);
    const env = { XDG_CONFIG_HOME: join(project, 'other') };
    expect((await json(['connections', 'show', data.id], project, env)).code).toBe(2);
    expect((await json(['connections', 'show', data.id], project)).code).toBe(0);
  });

  test('the example connects as well, with the scopes that it asks for', async () => {
    const example = await newProject();
    const own = await start(['harness', '--port', '0', '--store', 'memory'], example);
    const { code, data } = await json(['connect', '--local', '--headless'], example);
    expect({ code, ...data }).toMatchObject({ code: 0, id: 'github-1', name: 'demo' });
    expect((await json(['connections', 'invalidate', 'github-1'], example)).code).toBe(0);
    await own.stop();
  });

  test('an API key, and OAuth 1, connect with what the local provider has for them', async () => {
    const app = await projectFrom('api-key');
    const oauth = (parts: object) => ({ token: '{{temp.token}}', token_secret: '{{temp.secret}}', ...parts });
    const url = 'https://api.acme.test/oauth';
    const api = {
      oauth: { consumer_key: '{{common.consumerKey}}', consumer_secret: '{{common.consumerSecret}}' },
      requestToken: {
        ...{ url, method: 'POST' },
        response: {
          type: 'urlencoded',
          temp: { token: '{{body.oauth_token}}', secret: '{{body.oauth_token_secret}}' },
        },
      },
      authorize: {
        ...{ url, oauth: { token: '{{temp.token}}' } },
        response: { temp: { verifier: '{{query.oauth_verifier}}' } },
      },
      accessToken: {
        ...{ url, method: 'POST', oauth: oauth({ verifier: '{{temp.verifier}}' }) },
        response: {
          type: 'urlencoded',
          data: { token: '{{body.oauth_token}}', secret: '{{body.oauth_token_secret}}' },
        },
      },
      info: {
        ...{ url, oauth: { token: '{{connection.token}}', token_secret: '{{connection.secret}}' } },
        response: { metadata: { type: 'text', value: '{{body.name}}' } },
      },
    };
    const files = {
      'connection.json': { type: 'oauth-1' },
      'api.json': api,
      'common.schema.json': {
        properties: { consumerKey: { type: 'string' }, consumerSecret: { type: 'string', writeOnly: true } },
      },
    };
    mkdirSync(join(app, 'connections/one'));
    for (const [name, value] of Object.entries(files)) {
      writeFileSync(join(app, 'connections/one', name), JSON.stringify(value));
    }
    const own = await start(['harness', '--port', '0', '--store', 'memory'], app);
    const connect = ['connect', '--local', '--headless'];
    expect(await json([...connect, 'main'], app)).toMatchObject({ code: 0, data: { name: 'demo@example.com' } });
    const connected = await json([...connect, 'one'], app);
    expect(connected).toMatchObject({ code: 0, data: { name: 'Demo User', stored: ['token', 'secret'] } });
    await own.stop();
  });

  test('a step that the provider has nothing for does not go to the vendor', async () => {
    const app = await projectFrom('oauth2');
    const file = join(app, 'connections/main/api.jsonc');
    const before = '"preauthorize": { "url": "https://vendor.invalid/before" }, ';
    writeFileSync(file, readFileSync(file, 'utf8').replace('"authorize": {', `${before}"authorize": {`));
    const own = await start(['harness', '--port', '0', '--store', 'memory'], app);
    const { code, data } = await json(['connect', '--local', '--headless'], app);
    const [step] = data.trace.steps;
    expect([code, step.name, step.exchanges[0].request.url]).toEqual([
      1,
      'preauthorize',
      `${own.url}/provider/preauthorize`,
    ]);
    expect(step.exchanges[0].answer.status).toBe(404);
    await own.stop();
  });

  test('without a harness it is said what to start', async () => {
    const alone = await projectFrom('oauth2');
    const { code, diagnostics } = await json(['connect', '--local', '--headless'], alone);
    expect([code, diagnostics[0].code]).toEqual([6, 'harness/not-running']);
    expect(harness.url).toMatch(/^http:\/\/127/);
  });
});

describe('with a browser', () => {
  let project: string;
  beforeAll(async () => {
    project = await projectFrom('oauth2');
    writeFileSync(
      join(project, 'connections/main/common.local.json'),
      '{"clientId": "an-id", "clientSecret": "hunter2"}',
    );
  });

  /** Connects, and gives the address that is to be opened once it is printed. */
  async function connecting(...args: readonly string[]) {
    const command = follow(['connect', '--print-url', '--port', '0', ...args], project);
    await expect.poll(command.talk, { timeout: 10_000 }).toContain('Open this address');
    const url = new URL(/https:\S+/.exec(command.talk())?.[0] ?? '');
    return { command, url, callback: new URL(url.searchParams.get('redirect_uri') ?? '') };
  }

  test('only 127.0.0.1 is listened to, and only the way back is answered', async () => {
    const { command, callback } = await connecting();
    expect(callback.hostname).toBe('127.0.0.1');
    const statusAt = async (path: string, headers: Record<string, string> = {}) => {
      const { hostname, port } = callback;
      return new Promise<number | undefined>((resolve, reject) => {
        request({ hostname, port, path, headers }, (response) => resolve(response.resume().statusCode))
          .once('error', reject)
          .end();
      });
    };
    expect(await statusAt('/')).toBe(404);
    // Any page can ask for these.
    for (const path of ['//', '///callback?code=a', '/callback/?code=a']) expect(await statusAt(path)).toBe(404);
    expect(await statusAt('/callback?code=a', { host: 'evil.example.com' })).toBe(404);
    expect(await statusAt('/callback?code=a', { 'sec-purpose': 'prefetch' })).toBe(503);
    expect(await command.stop('SIGINT')).toBe(130);
  });

  test('a wrong state is not used, the right one is waited for, and no code is shown', async () => {
    const { command, url, callback } = await connecting();
    const answered = await fetch(`${callback}?code=a-secret-code&state=another`);
    expect([answered.status, await answered.text()]).toEqual([400, expect.not.stringContaining('a-secret-code')]);
    await expect.poll(command.talk).toContain('goes on waiting');
    const state = url.searchParams.get('state') ?? '';
    const right = await fetch(`${callback}?${new URLSearchParams({ error: 'server_error', state })}`);
    expect(right.status).toBe(200);
    expect(await command.ended).toBe(1);
    expect(command.talk() + command.output()).toContain('server_error');
    expect(command.talk() + command.output()).not.toContain('a-secret-code');
    expect(existsSync(join(project, '.connector/connected.json'))).toBe(false);
  });

  test('the provider’s refusal is reported', async () => {
    const { command, url, callback } = await connecting();
    callback.search = `${new URLSearchParams({
      error: 'access_denied',
      error_description: 'You said no',
      state: url.searchParams.get('state') ?? '',
    })}`;
    expect(await (await fetch(callback)).text()).toContain('The provider refused');
    expect(await command.ended).toBe(1);
  });

  test('a browser that does not come back is waited for no longer than was said', async () => {
    const { command } = await connecting('--timeout', '1');
    expect(await command.ended).toBe(1);
    const { stdout } = await run(['connect', '--print-url', '--port', '0', '--timeout', '0.01', '--json'], {
      cwd: project,
    });
    const { diagnostics } = JSON.parse(stdout);
    expect(diagnostics[0]).toMatchObject({ code: 'connect/no-callback' });
    expect(diagnostics[0].hint).toContain('http://127.0.0.1:');
  });
});

test.each([
  [['connect', '--headless'], 2, 'usage/arguments'],
  [['connections', 'show'], 2, 'usage/missing'],
  [['connections', 'show', 'none-1'], 2, 'connected/unknown'],
  [['connections', 'mend', 'main-1'], 2, 'usage/arguments'],
  [['connect', 'none'], 2, 'project/unknown-connection'],
])('%j ends with %i, %s', async (args, code, problem) => {
  const project = await projectFrom('api-key');
  const ended = await json(args, project);
  expect([ended.code, ended.diagnostics[0].code]).toEqual([code, problem]);
});
