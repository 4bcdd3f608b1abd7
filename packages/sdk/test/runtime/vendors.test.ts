import { describe, expect, test } from 'vitest';
import { clockAt, connectionOf, runnable } from './connections.ts';
import { type Asked, agrees, provider } from './provider.ts';
import type { Reply } from './server.ts';

/* What vendors do otherwise than one would guess: what the runtime makes of it, and the sentence with which it is reported. */

const TOKENS = {
  accessToken: '{{body.access_token}}',
  refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
  expires: '{{addSeconds(now, body.expires_in)}}',
};
const SANITIZE = { sanitize: ['request.headers.authorization', 'request.body.refresh_token', 'response.body'] };

interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, string>>;
}

/** A connection with client credentials, which refreshes with a refresh token. */
function connection(url: string, { headers = {}, token = {}, response = {}, body = {} }: Asking = {}) {
  const request = { method: 'POST', url: `${url}/token`, type: 'urlencoded', headers, log: SANITIZE };
  return connectionOf('oauth-clicre', {
    api: {
      token: {
        ...request,
        condition: '{{if(data.accessToken, false, true)}}',
        body: { grant_type: 'client_credentials', ...body },
        response: { data: TOKENS, ...response },
        ...token,
      },
      refresh: {
        ...request,
        condition: '{{data.expires < addMinutes(now, 5)}}',
        body: { grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}' },
        response: { data: TOKENS, ...response },
      },
    },
  });
}

/** What becomes of the first answer to a request for a token. */
async function answered(reply: Reply, asking: Asking = {}) {
  const { url } = await provider({ '/token': () => reply });
  const outcome = await runnable(connection(url, asking)).connect();
  return { ...outcome, notes: outcome.trace.steps[0]?.notes.join('\n') ?? '' };
}

const GRANTED = {
  access_token: 'access-token-1',
  refresh_token: 'refresh-token-1',
  token_type: 'Bearer',
  expires_in: 60,
};
const labelled = (mediaType: string, body: string): Reply => ({ headers: { 'content-type': mediaType }, body });

describe('an answer with a token', () => {
  test('that is as it should be has nothing to be said of', async () => {
    const { instance, notes } = await answered({ body: GRANTED });
    expect(instance?.data).toMatchObject({ accessToken: 'access-token-1', expires: '2026-01-01T00:01:00.000Z' });
    expect(notes).toBe('');
  });

  test.each([
    ['is a text', labelled('text/plain', 'access-token-1'), 'is a text, so body has no properties'],
    [
      'is JSON with another label',
      labelled('text/html', JSON.stringify(GRANTED)),
      'is JSON and has the Content-Type text/html',
    ],
    ['is JSON without a label', { body: Buffer.from(JSON.stringify(GRANTED)) }, 'is JSON and has no Content-Type'],
    [
      'is a form with another label',
      labelled('text/plain', 'access_token=a1b2c3d4'),
      'a form without its Content-Type',
    ],
    ['is null', labelled('application/json', 'null'), 'The response is null'],
    ['is a JSON text', labelled('application/json', '"access-token-1"'), 'a JSON text'],
    ['is empty', { status: 204 }, 'The response has no body.'],
    ['has no token', { body: { token: 'access-token-1' } }, 'The response has no access_token.'],
  ] as [string, Reply, string][])('that %s stores nothing, and is reported', async (_, reply, words) => {
    const { instance, notes } = await answered(reply);
    expect(instance?.data.accessToken).toBeUndefined();
    expect(notes).toContain(words);
  });

  test('in a form is read, and told', async () => {
    const form = 'access_token=access-token-1&expires_in=60&token_type=bearer';
    const { instance, notes } = await answered(labelled('application/x-www-form-urlencoded', form));
    expect(instance?.data).toMatchObject({ accessToken: 'access-token-1', expires: '2026-01-01T00:01:00.000Z' });
    expect(notes).toContain('The response is a form, not JSON');
  });

  test('with a status of 200 and an error is reported, and refused where the section looks', async () => {
    const reply = { body: { error: 'bad_verification_code', error_description: 'It has expired.' } };
    const unseen = await answered(reply);
    expect(unseen.problem).toBeUndefined();
    expect(unseen.notes).toContain(
      'The status is 200, but the body contains an error (bad_verification_code); set "valid": "{{!body.error}}" under response to detect it.',
    );
    const response = { valid: '{{!body.error}}', error: '{{body.error_description}}' };
    const seen = await answered(reply, { response });
    expect(seen.problem).toMatchObject({ code: 'run/refused', message: 'RuntimeError: It has expired.' });
    expect(seen.notes).toContain('The status is 200, but the body contains an error (bad_verification_code).');
  });

  test.each([
    ['3600', '2026-01-01T01:00:00.000Z', 'expires_in is the text "3600", not a number.'],
    // Seconds, though jsonwebtoken takes such a text for milliseconds.
    ['120', '2026-01-01T00:02:00.000Z', 'expires_in is the text "120", not a number.'],
    [null, null, 'expires_in is null: the expiry of the token is unknown.'],
    [undefined, null, 'The response has no expires_in: the expiry of the token is unknown.'],
  ])('with expires_in %j', async (seconds, expires, words) => {
    const { instance, notes } = await answered({ body: { ...GRANTED, expires_in: seconds } });
    expect(instance?.data.expires).toBe(expires);
    expect(notes).toContain(words);
    if (expires === null) expect(notes).toContain('data.expires is not a date');
  });

  test.each([
    [{ ...GRANTED, token_type: undefined }, 'The response has no token_type'],
    [{ ...GRANTED, scope: ['a', 'b'] }, 'scope is a list'],
    [{ ...GRANTED, refresh_token: null }, 'refresh_token is null: the connection stops working'],
  ])('%#: is reported', async (body, words) => {
    expect((await answered({ body })).notes).toContain(words);
  });

  test('with BEARER in capitals is like any other', async () => {
    expect((await answered({ body: { ...GRANTED, token_type: 'BEARER' } })).notes).toBe('');
  });
});

describe('a refresh', () => {
  /** The instances after each refresh, and the refresh tokens that the vendor was sent. */
  async function refreshed(replies: readonly Reply[]) {
    const left = [{ body: GRANTED }, ...replies];
    const sent: (string | null)[] = [];
    const { url } = await provider({
      '/token': ({ form }) => {
        sent.push(form.get('refresh_token'));
        return left.shift() ?? { status: 500 };
      },
    });
    const clock = clockAt('2026-01-01T00:00:00Z');
    const running = runnable(connection(url), { now: clock.now });
    let { instance } = await running.connect();
    let outcome = await running.refresh(instance ?? { data: {} });
    for (const _ of replies.slice(1)) {
      instance = outcome.instance ?? instance;
      clock.forward(60);
      outcome = await running.refresh(JSON.parse(JSON.stringify(instance)));
    }
    return { ...outcome, sent, notes: outcome.trace.steps.at(-1)?.notes.join('\n') ?? '' };
  }

  const again = (count: number, refresh?: string | null) => ({
    body: { access_token: `access-token-${count}`, token_type: 'Bearer', expires_in: 60, refresh_token: refresh },
  });

  test.each([
    ['no', undefined, 'The response has no new refresh token'],
    ['a null', null, 'refresh_token is null'],
    ['an empty', '', 'refresh_token is an empty text'],
  ])('that brings %s refresh token keeps the old one, twice in a row', async (_, token, words) => {
    const { instance, sent, notes } = await refreshed([again(2, token), again(3, token)]);
    expect(sent).toEqual([null, 'refresh-token-1', 'refresh-token-1']);
    expect(instance?.data).toMatchObject({ accessToken: 'access-token-3', refreshToken: 'refresh-token-1' });
    expect(notes).toContain(words);
  });

  test('that rotates sends the new one the next time', async () => {
    const { sent, notes } = await refreshed([again(2, 'refresh-token-2'), again(3, 'refresh-token-3')]);
    expect(sent).toEqual([null, 'refresh-token-1', 'refresh-token-2']);
    expect(notes).toContain('has a new refresh token');
  });

  test('with a token that was used before ends the whole grant, which is reported', async () => {
    const { problem, notes } = await refreshed([{ status: 400, body: { error: 'invalid_grant' } }]);
    expect(problem).toMatchObject({ code: 'run/refused', found: '400' });
    expect(notes).toContain('reusing an old one also revokes the new one');
  });
});

describe('Basic', () => {
  const basic = (pair: string) => ({ headers: { authorization: `Basic {{base64("${pair}")}}` } });
  const refused = { status: 401, body: { error: 'invalid_client' } };

  test.each([
    [
      'as it is',
      'app:s+e c*r!t',
      'were sent in Basic without form-encoding, but have characters that RFC 6749 requires to be form-encoded',
    ],
    ['form-encoded', 'app%3A1:s%2Be+c%2Ar%21t%25', 'were sent form-encoded in Basic, as RFC 6749 requires'],
  ])('%s is reported when it is refused', async (_, pair, words) => {
    expect((await answered(refused, basic(pair))).notes).toContain(words);
  });

  test('that is the same in both encodings is not reported', async () => {
    expect((await answered(refused, basic('app:secret'))).notes).not.toContain('Basic');
  });

  // RFC 6749, section 2.3.1 and RFC 7617, section 2: the examples that are printed there.
  test.each([
    ['s6BhdRkqt3:7Fjfp0ZBr1KtDRbnfVdmIw', 'czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3'],
    ['Aladdin:open sesame', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['test:123£', 'dGVzdDoxMjPCow=='],
  ])('of %s is sent as the RFC prints it', async (pair, encoded) => {
    const seen: (string | undefined)[] = [];
    const { url } = await provider({
      '/token': ({ headers }) => {
        seen.push(headers.authorization);
        return { body: GRANTED };
      },
    });
    await runnable(connection(url, basic(pair))).connect();
    expect(seen).toEqual([`Basic ${encoded}`]);
  });
});

describe('an assertion of the client', () => {
  const assertion = (claims: object) => {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return { body: { client_assertion: `e30.${payload}.c2ln`, client_assertion_type: 'jwt-bearer' } };
  };
  const refused = { status: 401, body: { error: 'invalid_client' } };

  test('without jti is reported when it is refused', async () => {
    const { notes } = await answered(refused, assertion({ iss: 'a', sub: 'a', aud: 'b', exp: 1 }));
    expect(notes).toContain('The client’s assertion has no jti, which the API may require.');
  });

  test('with all that it needs is not', async () => {
    const { notes } = await answered(refused, assertion({ iss: 'a', sub: 'a', aud: 'b', exp: 1, jti: 'c' }));
    expect(notes).not.toContain('assertion');
  });
});

test.each([
  [['Digest realm="a, b", qop="auth,auth-int", nonce="n"', 'Basic realm="x"'], 'Digest or Basic, for which'],
  [['Digest realm="a", nonce="n", Basic realm="x"'], 'Digest or Basic, for which'],
  [['Bearer realm="x", error="invalid_token"'], 'requires Bearer.'],
  [['Negotiate'], 'requires Negotiate.'],
  [['Negotiate YWJj==, Basic realm="x"'], 'requires Negotiate or Basic.'],
  [['digest realm="a"'], 'requires digest, for which'],
  [['Digest realm="a"'], 'it is computed with md5().'],
  [['Digest realm="a", algorithm=SHA-256'], 'it is computed with sha256().'],
  [['Digest realm="a", algorithm=SHA-256', 'Digest realm="a"'], 'it is computed with sha256() or md5().'],
  [['Digest realm="a", algorithm=SHA-512-256'], 'no function computes it.'],
  [['Digest realm="a", qop="auth,auth-int"'], 'requires MD5 and one qop of the list auth, auth-int, the full path'],
  [['Digest realm="a", qop=auth, algorithm=SHA-256'], 'requires SHA-256 and qop=auth, the full path with its query'],
  [['Digest realm="a", nonce="n"'], 'requires MD5 and no qop'],
  [['Digest realm="Acme, \\"Inc\\", Ltd"'], 'The realm "Acme, \\"Inc\\", Ltd" is one text, including its commas.'],
  [['Digest realm="a", stale=TRUE, nonce="n"'], 'The nonce is stale'],
])('challenges are told by their schemes: %j', async (challenges, words) => {
  const { notes } = await answered({ status: 401, headers: { 'www-authenticate': challenges }, body: {} });
  expect(notes).toContain(words);
});

test.each([
  ['invalid_client', 'its secret or its authentication method is not accepted'],
  ['invalid_grant', 'the redirect URI or the verifier differs'],
  ['unauthorized_client', 'may not use this grant'],
  ['unsupported_grant_type', 'it must be in a form body'],
  ['invalid_scope', 'a requested scope does not exist'],
  ['invalid_target', 'the resource or the audience is unknown'],
])('the error %s is explained', async (error, words) => {
  const { notes } = await answered({ status: 400, body: { error } });
  expect(notes).toContain(`${error} means that `);
  expect(notes).toContain(words);
});

test.each([
  [401, 'invalid_token', 'the access token is expired'],
  [403, 'insufficient_scope', 'the access token is valid, but lacks a scope: connect again'],
])('%i with %s in the challenge is explained', async (status, error, words) => {
  const headers = { 'www-authenticate': `Bearer realm="x", error="${error}"` };
  const { notes } = await answered({ status, headers, body: { message: 'no' } });
  expect(notes).toContain(`${error} means that ${words}`);
});

test('an error that the vendor made up is not', async () => {
  expect((await answered({ status: 400, body: { error: 'toString' } })).notes).not.toContain('means that');
});

test.each([
  ['utf-9', 'has the unknown charset utf-9, so it was read as UTF-8.'],
  ['windows-1252', undefined],
])('an answer in the charset %s', async (charset, words) => {
  const { notes, instance } = await answered(
    labelled(`application/json; charset="${charset}"`, JSON.stringify({ ...GRANTED, scope: 'ü' })),
    { response: { temp: { scope: '{{body.scope}}' }, data: { scope: '{{body.scope}}' } } },
  );
  expect(instance?.data.scope).toBe(words === undefined ? 'Ã¼' : 'ü');
  if (words === undefined) expect(notes).not.toContain('charset');
  else expect(notes).toContain(words);
});

test('a vendor that wants to be left alone says for how long', async () => {
  const { problem, notes } = await answered({ status: 429, headers: { 'retry-after': '30' }, body: {} });
  expect(problem?.message).toMatch(/^RateLimitError: /);
  expect(notes).toContain('asks to wait 30 seconds');
});

describe('PKCE', () => {
  const PKCE = {
    code_challenge: "{{base64url(sha256(temp.code_verifier, 'base64'))}}",
    code_challenge_method: 'S256',
  };
  const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

  /** The address that the browser is sent to, and what is said of it. */
  async function visited(qs: object, verifier = VERIFIER) {
    const asked: Asked[] = [];
    const { url } = await provider({
      '/token': (each) => {
        asked.push(each);
        return { body: GRANTED };
      },
    });
    const urls: string[] = [];
    const api = {
      authorize: {
        temp: { code_verifier: verifier },
        url: `${url}/authorize`,
        qs: { response_type: 'code', redirect_uri: '{{oauth.localRedirectUri}}', ...qs },
        response: { temp: { code: '{{query.code}}' } },
      },
      token: {
        ...{ url: `${url}/token`, method: 'POST', type: 'urlencoded', log: SANITIZE },
        body: {
          code: '{{temp.code}}',
          code_verifier: '{{temp.code_verifier}}',
          redirect_uri: '{{oauth.localRedirectUri}}',
        },
        response: { data: TOKENS },
      },
    };
    const { trace } = await runnable(connectionOf('oauth', { api })).connect(async (visit) => {
      urls.push(visit.url);
      return agrees()(visit);
    });
    return { url: new URL(urls[0] ?? ''), trace, notes: trace.steps[0]?.notes.join('\n') ?? '', asked };
  }

  test('of the verifier that RFC 7636 prints in appendix B has the challenge that it prints', async () => {
    const { url, notes, asked } = await visited(PKCE);
    expect(url.searchParams.get('code_challenge')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
    expect(asked[0]?.form.get('code_verifier')).toBe(VERIFIER);
    expect(notes).toBe('');
  });

  test.each([
    ['36c0b5c0-0d3b-4b0e-8f0e-0c3c2b1a0f9e', 'code_verifier has 36 characters, but RFC 7636 requires 43 to 128'],
    [`${VERIFIER}=`, 'code_verifier has 44 characters, some of which RFC 7636 does not allow'],
    ['v'.repeat(129), 'code_verifier has 129 characters'],
  ])('with the verifier %s is reported at the token', async (verifier, words) => {
    const { trace } = await visited(PKCE, verifier);
    expect(trace.steps[1]?.notes.join('\n')).toContain(words);
    expect(trace.steps[1]?.notes.join('\n')).not.toContain(verifier);
  });

  test.each([
    [{ code_challenge: PKCE.code_challenge }, 'code_challenge_method is missing: strict providers accept only S256'],
    [{ code_challenge: '{{temp.code_verifier}}', code_challenge_method: 'plain' }, 'code_challenge_method is plain'],
    [{ ...PKCE, code_challenge: '{{sha256(temp.code_verifier)}}' }, 'code_challenge is not the base64url of a SHA-256'],
    [{ ...PKCE, code_challenge: "{{sha256(temp.code_verifier, 'base64')}}" }, 'code_challenge is not the base64url'],
    [
      { ...PKCE, redirect_uri: 'https://example.com/cb' },
      'The browser is redirected to https://example.com/cb, not back to this command',
    ],
    [{ ...PKCE, redirect_uri: '{{undefined}}' }, 'The request has no redirect_uri'],
  ])('%#: what providers refuse is reported', async (qs, words) => {
    expect((await visited(qs)).notes).toContain(words);
  });
});
