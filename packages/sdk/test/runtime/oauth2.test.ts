import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../src/diagnostics.ts';
import { clockAt, connectionOf, REDIRECT, runnable } from './connections.ts';
import { type Asked, agrees, provider } from './provider.ts';
import type { Reply } from './server.ts';

const TEMPLATE = join(import.meta.dirname, '../../../../templates/oauth2/connections/main');
const read = (name: string) => readFileSync(join(TEMPLATE, name), 'utf8');
const COMMON = { clientId: 'client-1', clientSecret: 's3cret-of-client' };

/** The connection of the template, at a server of the test's. */
function template(url: string, change = (api: string) => api) {
  const api = change(read('api.jsonc').replaceAll(/https:\/\/(auth|api)\.example\.com/g, url));
  return connectionOf('oauth-refresh', {
    api,
    parameters: read('parameters.jsonc'),
    scope: read('scope.jsonc'),
    scopes: read('scopes.jsonc'),
    common: read('common.schema.json'),
  });
}

/** A provider whose tokens are numbered. */
function tokens(token: (asked: Asked, count: number) => Reply = granted) {
  let count = 0;
  return provider({
    '/oauth/token': (asked) => token(asked, ++count),
    '/v1/me': () => ({ body: { id: 42, email: 'ada@example.com' } }),
    '/oauth/revoke': () => ({ status: 200 }),
  });
}

function granted(_: Asked, count: number): Reply {
  const answer = { access_token: `access-token-${count}`, refresh_token: `refresh-token-${count}`, expires_in: 3600 };
  return { body: { ...answer, token_type: 'Bearer' } };
}

test('a connection is made in the order authorize, token, info', async () => {
  const { url, received } = await tokens();
  const seen: string[] = [];
  const { instance, problem, trace } = await runnable(template(url), { common: COMMON, scopes: ['extra'] }).connect(
    async (visit) => {
      seen.push(visit.url, visit.redirectUri);
      return agrees()(visit);
    },
  );
  expect(problem).toBeUndefined();
  const asked = new URL(seen[0] ?? '');
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'client-1',
    redirect_uri: REDIRECT,
    scope: expect.stringContaining('extra'),
  });
  expect(asked.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /oauth/token', 'GET /v1/me']);
  expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'c0de-1234',
    redirect_uri: REDIRECT,
    client_id: 'client-1',
    client_secret: 's3cret-of-client',
  });
  expect(received[1]?.headers.authorization).toBe('Bearer access-token-1');
  expect(instance).toEqual({
    data: {
      accessToken: 'access-token-1',
      refreshToken: 'refresh-token-1',
      expires: '2026-01-01T01:00:00.000Z',
    },
    metadata: { value: 'ada@example.com', type: 'email' },
    uid: 42,
  });
  expect(trace.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['authorize', 'done'],
    ['token', 'done'],
    ['info', 'done'],
  ]);
});

test('a refresh runs when its condition is true, and only then; twice in a row, and after being written as JSON', async () => {
  const { url, received } = await tokens();
  const clock = clockAt('2026-01-01T00:00:00Z');
  const connection = runnable(template(url), { common: COMMON, now: clock.now });
  let { instance } = await connection.connect(agrees());
  const early = await connection.refresh(JSON.parse(JSON.stringify(instance)));
  expect(early.instance).toEqual(instance);
  expect(early.trace.steps).toMatchObject([
    {
      ...{ name: 'refresh', outcome: 'skipped' },
      decision:
        'The condition {{data.expires < addMinutes(now, 15)}} is false. data.expires is 2026-01-01T01:00:00.000Z, now is 2026-01-01T00:00:00.000Z.',
    },
  ]);
  for (const count of [2, 3]) {
    clock.forward(3600);
    const before = received.length;
    ({ instance } = await connection.refresh(JSON.parse(JSON.stringify(instance))));
    expect(received.length).toBe(before + 1);
    expect(new URLSearchParams(received.at(-1)?.body).get('refresh_token')).toBe(`refresh-token-${count - 1}`);
    expect(instance?.data.accessToken).toBe(`access-token-${count}`);
  }
});

test('before a connection is verified it is refreshed where that is due; at its end it is invalidated', async () => {
  const { url, received } = await tokens();
  const clock = clockAt('2026-01-01T00:00:00Z');
  const connection = runnable(template(url), { common: COMMON, now: clock.now });
  const { instance } = await connection.connect(agrees());
  if (instance === undefined) throw new Error('not connected');
  clock.forward(3600);
  const verified = await connection.verify(instance);
  expect(verified.trace.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['refresh', 'done'],
    ['info', 'done'],
  ]);
  expect(received.at(-1)?.headers.authorization).toBe('Bearer access-token-2');
  const ended = await connection.invalidate(verified.instance ?? instance);
  expect(ended.problem).toBeUndefined();
  expect(received.at(-1)?.url).toBe('/oauth/revoke');
  expect(new URLSearchParams(received.at(-1)?.body).get('token')).toBe('access-token-2');
});

test.each([
  [
    'another state',
    { code: 'c0de-1234', state: 'somebody-elses' },
    'with another state than the one that it was sent with',
  ],
  ['no state', { code: 'c0de-1234' }, 'without the state that it was sent with'],
])('what comes back with %s is not used', async (_, query, words) => {
  const { url, received } = await tokens();
  const { problem, trace } = await runnable(template(url), { common: COMMON }).connect(
    async () => new URLSearchParams(query),
  );
  expect(problem).toMatchObject({ code: 'run/state', file: 'connections/main/api.jsonc', line: 4 });
  expect(problem?.message).toContain(words);
  expect(received).toEqual([]);
  expect(trace.steps).toMatchObject([{ name: 'authorize', outcome: 'failed', problem: { code: 'run/state' } }]);
});

test.each([
  ['', /^[\w-]{43}$/],
  ['{{oauth.state}}', /^[\w-]{43}$/],
  ['own-state', /^own-state$/],
])('where the section says that the state is %j, it is sent once and comes back', async (state, sent) => {
  const { url } = await tokens();
  const change = (api: string) => api.replace('"response_type"', `"state": "${state}", "response_type"`);
  const states: string[] = [];
  const { problem } = await runnable(template(url, change), { common: COMMON }).connect(async (visit) => {
    states.push(...new URL(visit.url).searchParams.getAll('state'));
    return agrees()(visit);
  });
  expect(problem).toBeUndefined();
  expect(states).toEqual([expect.stringMatching(sent)]);
});

test('a provider that says no is reported with its own words', async () => {
  const { url, received } = await tokens();
  const refuses = async ({ url }: { readonly url: string }) => {
    const state = new URL(url).searchParams.get('state') ?? '';
    return new URLSearchParams({ error: 'access_denied', error_description: 'Ada said no.', state });
  };
  const { problem } = await runnable(template(url), { common: COMMON }).connect(refuses);
  expect(problem).toMatchObject({ code: 'run/denied', line: 4, connection: 'main' });
  expect(problem?.message).toContain('access_denied: Ada said no.');
  expect(received).toEqual([]);
});

describe('a browser that returns with neither a code nor an error', () => {
  const returns = (query: Record<string, string>, change = (api: string) => api) =>
    tokens().then(async ({ url, received }) => {
      const { problem, instance, trace } = await runnable(template(url, change), { common: COMMON }).connect(
        async (visit) => {
          const state = new URL(visit.url).searchParams.get('state') ?? '';
          return new URLSearchParams({ ...query, state });
        },
      );
      return { problem, instance, received, steps: trace.steps.map(({ name, outcome }) => `${name} ${outcome}`) };
    });

  test.each([
    ['nothing', {}, 'Its query string has state.'],
    ['an empty code', { code: '' }, 'Its query string has code, state.'],
    ['a token', { access_token: 'pl4nted-implicit-token' }, 'Its query string has access_token, state.'],
  ])('but %s: it is not connected, and nothing is sent to the vendor', async (_, query, words) => {
    const { problem, instance, received, steps } = await returns(query);
    expect(problem).toMatchObject({ code: 'run/no-code', file: 'connections/main/api.jsonc', line: 4 });
    expect(problem?.message).toBe(
      `The browser returned without code, which the section reads, and without an error. ${words}`,
    );
    expect([instance, received, steps]).toEqual([undefined, [], ['authorize done', 'token failed']]);
  });

  test('it is the same where token has no condition', async () => {
    const { problem, received, steps } = await returns({}, (api) =>
      api.replace(/"condition": "\{\{temp\.code\}\}",/, ''),
    );
    expect([problem?.code, received, steps]).toEqual(['run/no-code', [], ['authorize done', 'token failed']]);
  });

  test.each([
    ['with the code under another name, that the section reads', 'query.auth_code', { auth_code: 'c0de-1234' }],
    ['under one of two names', 'ifempty(query.code, query.auth_code)', { auth_code: 'c0de-1234' }],
    ['in a section that reads nothing of the query', "'c0de-1234'", {}],
  ])('%s is connected', async (_, expression, query) => {
    const { problem, received } = await returns(query, (api) => api.replace('query.code', expression));
    expect(problem).toBeUndefined();
    expect(received[0]?.body).toContain('code=c0de-1234');
  });

  test('the section’s own words come first', async () => {
    const valid = '"valid": { "condition": "{{query.code}}", "message": "Nothing was chosen." }, "temp": ';
    const change = (api: string) => api.replace(/"temp": (?=\{\s*"code")/, valid);
    const { problem } = await returns({}, change);
    expect(problem).toMatchObject({ line: 4, code: 'run/denied', message: 'RuntimeError: Nothing was chosen.' });
  });
});

test('a visit that nobody ends is the problem that the caller makes of it, at the line of authorize', async () => {
  const { url } = await tokens();
  const { problem, trace } = await runnable(template(url), { common: COMMON }).connect(async () => {
    throw new ConnectorError('network', { code: 'run/timeout', message: 'Nobody came back.' });
  });
  expect(problem).toMatchObject({ code: 'run/timeout', message: 'Nobody came back.', line: 4 });
  expect(trace.steps[0]?.visit?.url).toContain('/oauth/authorize');
});

test('a section with errors is not run: its problems are thrown', async () => {
  const { url, received } = await tokens();
  const connection = template(url, (api) => api.replace('{{temp.code}}', '{{temp.code'));
  expect(() => runnable(connection, { common: COMMON })).toThrow(ConnectorError);
  expect(received).toEqual([]);
});

test('values that the form does not take are reported before anything is sent', () => {
  const connection = connectionOf('apikey', {
    api: { url: 'https://api.example.com' },
    parameters: [{ name: 'apiKey', type: 'password', label: 'Key', required: true }],
  });
  expect(() => runnable(connection)).toThrow(
    expect.objectContaining({ kind: 'findings', diagnostics: [expect.objectContaining({ code: 'value/missing' })] }),
  );
});

test('the end that response.expires set is reported once it has come', async () => {
  const { url } = await tokens();
  const clock = clockAt('2026-01-01T00:00:00Z');
  const ends = (api: string) =>
    api.replace(
      '"error": {\n        "message"',
      '"expires": "{{addMinutes(now, 30)}}",\n      "error": {\n        "message"',
    );
  const connection = runnable(template(url, ends), { common: COMMON, now: clock.now });
  const { instance } = await connection.connect(agrees());
  expect(instance?.expires).toBe('2026-01-01T00:30:00.000Z');
  clock.forward(1860);
  const { trace } = await connection.verify(instance ?? { data: {} });
  expect(trace.steps[0]?.notes).toEqual([
    'The connection ended at 2026-01-01T00:30:00.000Z, as response.expires said: Make wants the user to connect again.',
  ]);
});

test('a connection without api has nothing to run, and says so', () => {
  expect(() => runnable(connectionOf('oauth', { scope: [] }))).toThrow('main has no section api');
});
