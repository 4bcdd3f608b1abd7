import { afterEach, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { start, stopAll } from './project.ts';

afterEach(stopAll);

interface Line {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly [fact: string]: unknown;
}

const linesOf = (text: string): Line[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const SECRETS = {
  query: 'Secret-in-the-query-1',
  header: 'Secret-in-a-header-2',
  body: 'Secret-in-the-body-3',
  path: 'Secret-in-the-path-4',
  cookie: 'Secret-in-a-cookie-5',
  id: 'Secret in an id 6',
  token: 'Secret-token-of-nobody-7',
};

test('the log is a JSON object a line, which tells what was asked and nothing that is secret', async () => {
  const cwd = temporaryFolder();
  const harness = await start(['harness', '--port', '0', '--log', 'json', '--metrics-port', '0'], cwd);
  const made = await run(['harness', 'token', '--space', 'pr-7', '--json'], { cwd });
  const space = JSON.parse(made.stdout).data.token as string;
  const ask = (path: string, token: string, init: RequestInit = {}) =>
    fetch(`${harness.url}${path}`, {
      ...init,
      headers: { authorization: `Token ${token}`, ...(init.headers as Record<string, string>) },
    });
  const answer = await ask(`/api/v2/users/me?token=${SECRETS.query}`, harness.token, {
    headers: { 'x-request-id': 'trace-1', 'x-api-key': SECRETS.header, cookie: `session=${SECRETS.cookie}` },
  });
  expect(answer.headers.get('x-request-id')).toBe('trace-1');
  await ask('/api/v2/sdk/apps', space, {
    method: 'POST',
    body: JSON.stringify({ name: SECRETS.body }),
    headers: { 'content-type': 'application/json', 'x-request-id': SECRETS.id },
  });
  await ask(`/api/v2/sdk/apps/${SECRETS.path}/1/readme`, SECRETS.token);
  await ask(`/nothing/${SECRETS.path}`, harness.token);
  await fetch(`${harness.url}/readyz`);
  await fetch(`${harness.url}/provider/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', username: 'demo', password: SECRETS.body, client_id: 'demo' }),
  });
  expect(await harness.stop()).toBe(0);
  const lines = linesOf(harness.talk());
  for (const { time, level, msg } of lines) {
    expect([Number.isNaN(Date.parse(time)), ['info', 'warn', 'error'].includes(level), typeof msg]).toEqual([
      ...[false, true, 'string'],
    ]);
  }
  const requests = lines.filter(({ msg }) => msg === 'request');
  expect(requests.map(({ method, route, status, space: of }) => [method, route, status, of])).toEqual([
    ['GET', '/__harness', 200, undefined],
    ['PUT', '/__harness/spaces/:name', 200, undefined],
    ['GET', '/api/v2/users/me', 200, undefined],
    ['POST', '/api/v2/sdk/apps', 400, 'pr-7'],
    ['GET', '/api/v2/sdk/apps/{SDK_appName}/{SDK_appVersion}/readme', 401, undefined],
    ['GET', null, 404, undefined],
    ['POST', expect.stringMatching(/^provider /), expect.any(Number), undefined],
  ]);
  expect(requests[2]).toMatchObject({ request_id: 'trace-1', duration_ms: expect.any(Number) });
  expect(requests[3]?.request_id).toMatch(/^[\da-f-]{36}$/);
  expect(Object.keys(requests[2] ?? {}).sort()).toEqual(
    ['time', 'level', 'msg', 'request_id', 'method', 'route', 'status', 'duration_ms'].sort(),
  );
  for (const secret of [...Object.values(SECRETS), harness.token, harness.control, space]) {
    expect(harness.talk()).not.toContain(secret);
  }
});

test('why it cannot start is a line of the log as well, without the password of the store', async () => {
  const env = {
    CONNECTOR_HARNESS_STORE: 'postgres://me:Password-of-the-store@127.0.0.1:1/none',
    CONNECTOR_HARNESS_KEY: 'k',
  };
  const started = run(['harness', '--port', '0', '--log', 'json'], { cwd: temporaryFolder(), env });
  const { code, stdout, stderr } = await started;
  expect([code, stdout]).toEqual([2, '']);
  expect(linesOf(stderr)).toMatchObject([{ level: 'error', code: 'harness/store' }]);
  expect(stderr).not.toContain('Password-of-the-store');
});

test('off tells of no request, and a public URL has to be one', async () => {
  const cwd = temporaryFolder();
  const harness = await start(['harness', '--port', '0', '--log', 'off'], cwd);
  const answer = await fetch(`${harness.url}/api/v2/users/me`);
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([401, null]);
  await harness.stop();
  expect(harness.talk()).not.toContain('users/me');
  for (const url of [
    'harness.example.com',
    'https://harness.example.com/below',
    'https://me:secret@example.com',
    'ftp://a',
  ]) {
    const { code, stderr } = await run(['harness', '--port', '0', '--public-url', url], { cwd });
    expect([code, stderr.includes('--public-url')]).toEqual([2, true]);
    expect(stderr).not.toContain('secret');
  }
});

test('metrics have a port of their own', async () => {
  const { code, stderr } = await run(['harness', '--port', '4999', '--metrics-port', '4999'], {
    cwd: temporaryFolder(),
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--metrics-port is the port of the harness itself')]);
});
