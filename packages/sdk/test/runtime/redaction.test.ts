import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { curlOf } from '../../src/runtime/curl.ts';
import type { Outcome } from '../../src/runtime/prepare.ts';
import { Secrets } from '../../src/runtime/secrets.ts';
import { traceLines } from '../../src/runtime/trace-lines.ts';
import { connectionOf, runnable } from './connections.ts';
import { agrees, provider } from './provider.ts';

/** Every form in which a secret could stand in a text. */
function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  const strict = percent.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ a: secret }).toString().slice(2);
  const base64 = [secret, percent, form].flatMap((text) =>
    ['', 'u:', 'id:', 'name:'].map((before) =>
      Buffer.from(before + text)
        .toString('base64')
        .replace(/=+$/, '')
        .slice(-12),
    ),
  );
  return [
    secret,
    percent,
    strict,
    form,
    percent.toLowerCase(),
    encodeURIComponent(percent),
    encodeURIComponent(form),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
  ];
}

/** All that anybody is shown of an outcome, but for the instance, which is kept encrypted. */
function shown({ problem, trace }: Outcome): string {
  const exchanges = trace.steps.flatMap((step) => step.exchanges);
  const texts = [JSON.stringify(problem ?? {}), JSON.stringify(trace), ...traceLines(trace, { open: 'all' })];
  return [...texts, ...exchanges.map((each) => curlOf(each))].join('\n');
}

const PLANTED = {
  apiKey: 'pl4nted+key/with=signs&more',
  password: 'pässwort "quoted" 1',
  clientSecret: "cl1ent!secret's(*)",
  code: 'pl4nted-c0de-value',
  access: 'pl4nted.access.token~1',
  refresh: 'pl4nted refresh token',
  session: 'pl4nted-session-cookie',
};

function expectNone(text: string) {
  for (const [name, secret] of Object.entries(PLANTED)) {
    for (const form of formsOf(secret)) expect(text, `${name} as ${form}`).not.toContain(form);
  }
}

/** A connection that sends its secrets wherever one can be sent, without asking for anything to be hidden. */
function connectionAt(url: string) {
  const everywhere = {
    method: 'POST',
    headers: {
      'x-key': '{{parameters.apiKey}}',
      authorization: "Basic {{base64('user:' + parameters.password)}}",
      'x-in-base64': '{{base64(parameters.apiKey)}}',
      cookie: 'session={{parameters.session}}',
    },
    qs: { key: '{{parameters.apiKey}}', other: 'x{{parameters.password}}y', next: '{{encodeURL(parameters.apiKey)}}' },
  };
  return connectionOf('oauth', {
    api: {
      authorize: {
        url: `${url}/authorize`,
        qs: { redirect_uri: '{{oauth.localRedirectUri}}', hint: '{{parameters.apiKey}}' },
        response: { temp: { code: '{{query.code}}' } },
      },
      token: [
        {
          url: `${url}/echo`,
          ...everywhere,
          type: 'json',
          body: { plain: '{{parameters.apiKey}}', in: ['{{common.clientSecret}}'] },
        },
        {
          url: `${url}/echo`,
          ...everywhere,
          type: 'text',
          body: 'say {{parameters.password}} and {{common.clientSecret}}',
        },
        {
          url: `${url}/echo`,
          ...everywhere,
          type: 'multipart/form-data',
          body: { a: '{{parameters.apiKey}}', b: '{{common.clientSecret}}' },
        },
        {
          url: `${url}/token`,
          ...{ method: 'POST', type: 'urlencoded' },
          body: { code: '{{temp.code}}', client_secret: '{{common.clientSecret}}' },
          response: {
            data: { token: '{{body.access_token}}', other: '{{body.refresh_token}}' },
            temp: { seen: 'got {{body.access_token}}' },
          },
        },
      ],
      info: {
        url: `${url}/redirect/{{connection.token}}`,
        headers: { authorization: 'Bearer {{connection.token}}' },
        response: {
          error: 'The vendor says {{body.message}} about {{connection.token}}',
          metadata: { value: '{{body.name}}' },
        },
      },
    },
    parameters: [
      { name: 'apiKey', type: 'password', label: 'Key' },
      { name: 'password', type: 'text', label: 'Password' },
      { name: 'session', type: 'text', label: 'Session token' },
    ],
    common: { type: 'object', properties: { clientSecret: { type: 'string', writeOnly: true } } },
  });
}

/** A vendor that says everything that it is reported. */
function echoing(info: (token: string) => { status: number; body: unknown }) {
  return provider({
    '/echo': ({ headers, url, body }) => ({ body: { headers, url, body } }),
    '/token': ({ body }) => ({
      headers: { 'set-cookie': `session=${PLANTED.session}; Path=/` },
      body: { access_token: PLANTED.access, refresh_token: PLANTED.refresh, token_type: 'Bearer', echo: body },
    }),
    [`/redirect/${encodeURI(PLANTED.access)}`]: ({ headers }) => info(String(headers.authorization)),
  });
}

const VALUES = {
  parameters: { apiKey: PLANTED.apiKey, password: PLANTED.password, session: PLANTED.session },
  common: { clientSecret: PLANTED.clientSecret },
};

test('no secret is shown of a run that works, in whatever form it went and came back', async () => {
  const { url, received } = await echoing((token) => ({ status: 200, body: { name: 'Ada', said: token } }));
  const outcome = await runnable(connectionAt(url), VALUES).connect(agrees(PLANTED.code));
  expect(outcome.problem).toBeUndefined();
  // What went out is what was meant, so that there was something to hide.
  expect(received[0]?.headers['x-key']).toBe(PLANTED.apiKey);
  expect(outcome.instance?.data.token).toBe(PLANTED.access);
  const text = shown(outcome);
  expectNone(text);
  expect(text).toContain('[redacted parameters.apiKey]');
});

test('no secret is shown of a run that fails, where the vendor repeats it', async () => {
  const { url } = await echoing((token) => ({ status: 401, body: { message: `no to ${token}` } }));
  const outcome = await runnable(connectionAt(url), VALUES).connect(agrees(PLANTED.code));
  expect(outcome.problem?.message).toMatch(
    /^RuntimeError: The vendor says no to Bearer \[redacted .*\] about \[redacted .*\]$/,
  );
  expectNone(shown(outcome));
});

describe('log.sanitize', () => {
  const run = async (sanitize: readonly string[], request: object = {}) => {
    const { url } = await provider({
      '/me': () => ({
        headers: { 'x-trace': 'abcdef-1' },
        body: { plan: 'gold-plan', deep: { list: [{ pin: 'four-2-one' }] } },
      }),
    });
    const api = {
      url: `${url}/me`,
      method: 'POST',
      qs: { team: 'red-team' },
      headers: { 'X-Team': 'blue-team' },
      body: { team: { name: 'green-team' } },
      log: { sanitize },
      ...request,
    };
    return JSON.stringify((await runnable(connectionOf('apikey', { api })).connect()).trace.steps[0]?.exchanges);
  };

  test.each([
    ['request.qs.team', 'red-team'],
    ['request.headers.x-team', 'blue-team'],
    ['request.headers.X-TEAM', 'blue-team'],
    ['request.body.team.name', 'green-team'],
    ['request.body.team', 'green-team'],
    ['request.body', 'green-team'],
    ['response.body.plan', 'gold-plan'],
    ['response.body.deep.list[].pin', 'four-2-one'],
    ['response.headers.x-trace', 'abcdef-1'],
  ])('%s hides %s, and nothing else', async (path, value) => {
    const text = await run([path]);
    expect(text).not.toContain(value);
    const others = ['red-team', 'blue-team', 'green-team', 'gold-plan', 'four-2-one', 'abcdef-1'].filter(
      (each) => each !== value,
    );
    for (const other of others) expect(text).toContain(other);
  });

  test.each([
    ['urlencoded', { team: 'green-team', other: 'other-team' }],
    ['multipart/form-data', { team: 'green-team', other: 'other-team' }],
  ])('hides fields of a body in %s', async (type, body) => {
    const text = await run(['request.body.team'], { type, body });
    expect(text).not.toContain('green-team');
    expect(text).toContain('other-team');
  });
});

test('what log.sanitize names is hidden wherever else it stands', async () => {
  const { url } = await provider({ '/me': () => ({ body: { plan: 'gold-plan', name: 'Ada of gold-plan' } }) });
  const api = {
    ...{
      url: `${url}/me`,
      method: 'POST',
      headers: { 'x-team': '{{parameters.team}}' },
      body: { note: 'of {{parameters.team}}' },
    },
    response: { data: { kept: '{{body.plan}}' }, metadata: { type: 'text', value: '{{body.name}}' } },
    log: { sanitize: ['request.headers.x-team', 'response.body.plan'] },
  };
  const parameters = [{ name: 'team', type: 'text', label: 'Team' }];
  const outcome = await runnable(connectionOf('apikey', { api, parameters }), {
    parameters: { team: 'blue-team' },
  }).connect();
  expect(outcome.instance?.metadata?.value).toBe('Ada of gold-plan');
  for (const value of ['blue-team', 'gold-plan']) expect(shown(outcome)).not.toContain(value);
  expect(shown(outcome)).toContain('[redacted response.body.plan]');
});

test('each of several secrets under one name is hidden', async () => {
  const { url } = await provider({
    '/token': () => ({ body: { tokens: 1, token: ['first-one', { token: 'second-one' }], text: 'first-one' } }),
  });
  const api = {
    authorize: {
      url: `${url}/authorize`,
      qs: { redirect_uri: '{{oauth.localRedirectUri}}' },
      response: { temp: { code: '{{query.code}}' } },
    },
    token: { url: `${url}/token`, qs: { seen: '{{temp.code}}' } },
  };
  const outcome = await runnable(connectionOf('oauth', { api })).connect(async (visit) => {
    const query = await agrees('c0de-one')(visit);
    query.append('code', 'c0de-two');
    return query;
  });
  for (const value of ['first-one', 'second-one', 'c0de-one', 'c0de-two']) expect(shown(outcome)).not.toContain(value);
});

test('a star hides all of a request and its answer', async () => {
  const { url } = await provider({ '/me': () => ({ body: { plan: 'gold-plan' } }) });
  const api = {
    url: `${url}/me`,
    headers: { 'x-team': 'blue-team' },
    log: { sanitize: ['request.headers.*', 'response.*'] },
  };
  const { trace } = await runnable(connectionOf('apikey', { api })).connect();
  for (const value of ['blue-team', 'gold-plan'])
    expect(JSON.stringify(trace.steps[0]?.exchanges)).not.toContain(value);
});

test('what is left out of long lists and objects is reported', async () => {
  const body = {
    list: Array.from({ length: 300 }, (_, index) => index),
    ...Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}`, 1])),
  };
  const { url } = await provider({ '/me': () => ({ body }) });
  const { trace } = await runnable(connectionOf('apikey', { api: { url: `${url}/me` } })).connect();
  const text = JSON.stringify(trace.steps[0]?.exchanges[0]?.answer?.body);
  for (const words of ['300 items in all', '251 properties in all']) expect(text).toContain(words);
});

describe('the verifier of PKCE, where the step after authorize never runs', () => {
  const VERIFIER = 'pl4nted-verifier-of-43-characters-or-more-0001';

  test.each([
    ['S256, under a name that tells nothing', 'S256', { own: VERIFIER }, '{{temp.own}}'],
    ['S256, in two parts', 'S256', { a: VERIFIER.slice(0, 20), b: VERIFIER.slice(20) }, '{{temp.a}}{{temp.b}}'],
    ['plain, under its own name', 'plain', { code_verifier: VERIFIER }, '{{temp.code_verifier}}'],
    ['plain, under a name that tells nothing', 'plain', { own: VERIFIER }, '{{temp.own}}'],
    ['plain by default', undefined, { own: VERIFIER }, '{{temp.own}}'],
    ['plain, of a text that nothing else names', 'plain', {}, VERIFIER],
  ])('%s', async (_, method, temp, verifier) => {
    const body = { code: '{{temp.code}}', code_verifier: verifier };
    const challenge = method === 'S256' ? `{{base64url(sha256('${VERIFIER}', 'base64'))}}` : verifier;
    // A comment allows what a rule reports of such a challenge.
    const allow = '// connector-ignore';
    const api = `{
      "authorize": {
        "temp": ${JSON.stringify(temp)},
        "url": "https://auth.acme.test/authorize",
        "qs": {
          "redirect_uri": "{{oauth.localRedirectUri}}",
          ${allow} oauth/pkce-mismatch: a test
          "code_challenge": ${JSON.stringify(challenge)}${method === undefined ? '' : `, "code_challenge_method": "${method}"`}
        },
        "response": { "temp": { "code": "{{query.code}}" } }
      },
      "token": { "url": "https://auth.acme.test/token", "method": "POST", "type": "urlencoded",
        "body": ${JSON.stringify(body)}, "response": { "data": { "accessToken": "{{body.access_token}}" } } }
    }`;
    const urls: string[] = [];
    const outcome = await runnable(connectionOf('oauth', { api })).connect(async ({ url }) => {
      urls.push(url);
      const state = new URL(url).searchParams.get('state') ?? '';
      const challenged = new URL(url).searchParams.get('code_challenge') ?? '';
      return new URLSearchParams({ error: 'invalid_request', error_description: `no ${challenged}`, state });
    });
    expect(outcome.problem).toMatchObject({ code: 'run/denied' });
    if (method !== 'S256') expect(urls[0]).toContain(VERIFIER);
    for (const part of [VERIFIER, VERIFIER.slice(0, 20), VERIFIER.slice(20)]) {
      for (const form of formsOf(part)) {
        // A text that the section itself holds is no secret of the run, and is shown as the section is.
        if (verifier !== VERIFIER || part === VERIFIER) expect(shown(outcome)).not.toContain(form);
      }
    }
  });
});

describe('what hides secrets', () => {
  const hiding = (...values: readonly string[]) => {
    const secrets = new Secrets();
    for (const value of values) secrets.add(value, 'it');
    return (text: string) => secrets.hide(text);
  };

  test.each([
    ['a secret', 's3cret', 'x s3cret y', 'x [redacted it] y'],
    ['the longer of two', 's3cret', 's3cret-and-more', '[redacted it]-and-more'],
    [
      'base64 with a name before it',
      's3cret-12',
      `Basic ${Buffer.from('ada:s3cret-12').toString('base64')}.`,
      'Basic [redacted it].',
    ],
    ['base64url', 's3cr>t?12', `x=${Buffer.from('s3cr>t?12').toString('base64url')}&y=1`, 'x=[redacted it]&y=1'],
    ['a short one that stands alone', 'abc', 'abc', '[redacted it]'],
    ['no short one within words', 'abc', 'abcd', 'abcd'],
    ['a line break', 'a\nb-c', 'say "a\\nb-c"', 'say "[redacted it]"'],
  ])('%s', (_, secret, text, hidden) => {
    expect(hiding(secret)(text)).toBe(hidden);
  });

  test('well-known forms, whoever brought them', () => {
    const hidden = hiding()(`key ${'ghp'}_abcdefgh12345678abcdefgh end`);
    expect(hidden).toBe('key [redacted] end');
  });

  test('nothing of a hash, which does not give them away', () => {
    const hash = createHmac('sha256', 's3cret-12').update('x').digest('hex');
    expect(hiding('s3cret-12')(hash)).toBe(hash);
  });
});

describe('an answer that is only known as a text', () => {
  const secret = PLANTED.access;
  test.each([
    ['JSON that is cut off', `{"id":"a","access_token":"${secret}`],
    ['JSON with something behind it', `{"access_token": "${secret}"} OK`],
    ['JSON in a call', `callback({"client_secret":"${secret}"})`],
    ['a form with words before it', `OK access_token=${encodeURIComponent(secret)}&id=a`],
    ['a page with an address in it', `<a href="/next?id=a&access_token=${encodeURIComponent(secret)}">on</a>`],
  ])('%s shows no value under the name of a secret', async (_, body) => {
    for (const status of [200, 400]) {
      const response = status === 200 ? { type: 'json' } : { error: '{{body}}' };
      const api = JSON.stringify({ url: 'https://api.acme.test/me', response });
      const transport = async () => ({ status, headers: {}, body: new TextEncoder().encode(body) });
      const outcome = await runnable(connectionOf('apikey', { api }), { transport }).connect();
      expect(outcome.problem).toMatchObject({ code: status === 200 ? 'run/answer' : 'run/refused' });
      expect(JSON.stringify(outcome.trace)).toContain('[redacted body.');
      for (const form of formsOf(secret)) expect(shown(outcome)).not.toContain(form);
    }
  });

  test.each(['//pl4nted-name:pl4nted-p%40ss@', '//pl4nted-name@'])('a key before the host, %s', async (before) => {
    const key = before.includes('p%40ss') ? 'pl4nted-p@ss' : 'pl4nted-name';
    const api = JSON.stringify({ url: `https:${before}api.acme.test/me` });
    const sent = Buffer.from(decodeURIComponent(before.slice(2, -1))).toString('base64');
    const body = new TextEncoder().encode(JSON.stringify({ authorization: `Basic ${sent}`, key }));
    const transport = async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
    const outcome = await runnable(connectionOf('apikey', { api }), { transport }).connect();
    expect(outcome.problem).toBeUndefined();
    for (const form of [...formsOf(key), sent]) expect(shown(outcome)).not.toContain(form);
  });
});
