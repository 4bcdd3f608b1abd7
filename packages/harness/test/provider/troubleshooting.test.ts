import { readFileSync } from 'node:fs';
import { createHarness, type FaultName, type Harness } from '@connectorkit/harness';
import { memoryFiles, openProject, PAGES } from '@connectorkit/sdk';
import { createTransport } from '@connectorkit/sdk/node';
import { prepare, traceLines } from '@connectorkit/sdk/runtime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Browser } from './browser.ts';

/* Each symptom of docs/how-to/oauth.md is made to happen; what the page quotes has to be among what is told then. */

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
beforeEach(() => harness.reset());
afterAll(() => harness.close());

const REDIRECT = 'http://127.0.0.1:4610/callback';

type Api = ReturnType<typeof api>;

/** A connection to the local provider that works. */
function api() {
  const provider = `${harness.url}/provider`;
  const client: Partial<Record<string, string>> = { client_id: 'demo', client_secret: 'demo-secret' };
  const response: Record<string, unknown> = {
    data: {
      accessToken: '{{body.access_token}}',
      refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
      expires: '{{addSeconds(now, body.expires_in)}}',
    } as Record<string, string>,
    error: { message: '[{{statusCode}}] {{body.error}}' },
  };
  const code = { code: '{{temp.code}}', redirect_uri: '{{oauth.localRedirectUri}}' };
  const qs: Record<string, string> = {
    ...{ response_type: 'code', client_id: 'demo', redirect_uri: '{{oauth.localRedirectUri}}' },
    ...{ scope: 'read', prompt: 'consent' },
  };
  const form = (body: Partial<Record<string, string>>) => ({
    ...{ url: `${provider}/token`, method: 'POST', type: 'urlencoded' as string | undefined },
    ...{ headers: {} as Record<string, string>, body: { ...client, ...body }, response: structuredClone(response) },
  });
  return {
    authorize: { url: `${provider}/authorize`, qs, response: { temp: { code: '{{query.code}}' } } },
    token: { condition: '{{temp.code}}', ...form({ grant_type: 'authorization_code', ...code }) },
    refresh: {
      condition: '{{data.expires < addMinutes(now, 15)}}',
      ...form({ grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}' }),
    },
    info: {
      url: `${provider}/resources/bearer`,
      headers: { authorization: 'Bearer {{connection.accessToken}}' } as Record<string, string>,
      response: { uid: '{{body.id}}', error: { message: '[{{statusCode}}]' } },
    },
  };
}

interface Symptom {
  readonly change?: (api: Api) => void;
  readonly fault?: FaultName;
  /** What the browser brings back, in place of the provider's own answer; the state is added, unless it is empty here. */
  readonly back?: Record<string, string>;
  readonly decision?: string;
  /** Goes on with a refresh, that much later. */
  readonly refreshAfter?: number;
  /** Body of every answer, in place of the provider's: for what it does otherwise than some vendors. */
  readonly answer?: { status: number; body: unknown };
}

/** Everything that is told of a run, and the code of its problem. */
async function told({ change, fault, back, decision, refreshAfter, answer }: Symptom) {
  const value = api();
  change?.(value);
  const files = memoryFiles({
    'connector.json': '{ "name": "shop", "label": "Shop" }',
    'connections/main/connection.json': '{ "type": "oauth-refresh", "label": "Main" }',
    'connections/main/api.jsonc': JSON.stringify(value),
  });
  const [connection] = openProject(files).connections;
  if (connection === undefined) throw new Error('no connection');
  let now = Date.now();
  const send = createTransport();
  const running = prepare(connection, {
    ...{
      parameters: {},
      redirectUri: REDIRECT,
      now: () => new Date(now),
      chance: (size) => new Uint8Array(size).fill(7),
    },
    transport: async (call) => {
      if (answer === undefined) return send(call);
      const body = new TextEncoder().encode(JSON.stringify(answer.body));
      return { status: answer.status, headers: { 'content-type': 'application/json' }, body };
    },
  });
  const add = () => fault !== undefined && harness.faults.add({ effect: fault, platform: 'provider' });
  if (refreshAfter === undefined) await add();
  const connected = await running.connect(async ({ url }) => {
    if (back !== undefined) {
      const own = { state: new URL(url).searchParams.get('state') ?? '', ...back };
      return new URLSearchParams(Object.entries(own).filter(([, value]) => value !== ''));
    }
    return (await new Browser().authorize(new URL(url), decision === undefined ? {} : { decision })).searchParams;
  });
  let outcome: Pick<typeof connected, 'problem' | 'trace'> = connected;
  if (refreshAfter !== undefined) {
    if (connected.problem !== undefined) throw connected.problem;
    now += refreshAfter;
    await harness.clock.advance(refreshAfter);
    await add();
    outcome = await running.refresh(connected.instance);
  }
  const { problem, trace } = outcome;
  const text = [problem?.message ?? '', ...traceLines(trace)].join('\n');
  const diagnostic = problem as { code?: string; diagnostic?: { code: string } } | undefined;
  return { text, code: diagnostic?.diagnostic?.code ?? diagnostic?.code };
}

const CODE = { code: 'a-code' };
const HOUR = 3_660_000;

const SYMPTOMS: Readonly<Record<string, readonly Symptom[]>> = {
  'The provider shows an error page about the redirect URI': [
    {
      back: CODE,
      change: ({ authorize }) => {
        authorize.qs.redirect_uri = 'https://acme.example/callback';
      },
    },
  ],
  'The user did not agree, or the client is not accepted': [{ decision: 'deny' }],
  'A scope is refused': [
    {
      change: ({ authorize }) => {
        authorize.qs.scope = 'reed';
      },
    },
  ],
  'The state does not match': [{ back: { ...CODE, state: 'of-last-week' } }, { back: { ...CODE, state: '' } }],
  'The browser comes back without a code': [{ back: { ticket: 'a-code' } }],
  'PKCE is refused': [
    {
      back: CODE,
      change: ({ authorize }) => {
        authorize.qs.code_challenge = 'x'.repeat(43);
      },
    },
    {
      back: CODE,
      change: ({ authorize }) => {
        Object.assign(authorize.qs, { code_challenge: 'f'.repeat(64), code_challenge_method: 'S256' });
      },
    },
  ],
  'The code is not accepted': [{ fault: 'expired-code' }],
  'The verifier is too short': [
    {
      change: ({ token }) => {
        token.body.code_verifier = '{{uuid}}';
      },
    },
  ],
  'The client is not accepted': [
    {
      change: ({ token }) => {
        token.body.client_secret = 'wrong';
      },
    },
    {
      change: ({ token }) => {
        delete token.body.client_id;
        delete token.body.client_secret;
        token.headers.authorization = "Basic {{base64('demo:wrong/+ secret')}}";
      },
    },
  ],
  'The grant type is not found': [
    {
      answer: { status: 400, body: { error: 'unsupported_grant_type' } },
      change: ({ token }) => {
        token.type = undefined;
      },
      back: CODE,
    },
  ],
  'The response is a text, and the token is empty': [{ fault: 'wrong-content-type' }],
  'The response is a form': [{ fault: 'form-encoded' }],
  'Status 200, and yet an error': [{ fault: 'error-200' }],
  'The token is never refreshed': [
    {
      refreshAfter: HOUR,
      change: ({ token }) => {
        token.response.data = { accessToken: '{{body.access_token}}', refreshToken: '{{body.refresh_token}}' };
      },
    },
  ],
  'The expiry is unknown': [{ fault: 'no-expires-in' }, { fault: 'expires-in-text' }],
  'The refresh token is not accepted': [{ fault: 'revoked-refresh', refreshAfter: HOUR }],
  'There is no refresh token': [{ fault: 'no-refresh-token' }],
  'The token is refused': [
    {
      change: ({ info }) => {
        info.headers.authorization = 'Bearer nothing';
      },
    },
  ],
  'A scope is missing': [
    {
      change: ({ info }) => {
        info.url += '?scope=orders:write';
      },
    },
  ],
  'Nobody answers': [
    {
      change: ({ info }) => {
        info.url = 'http://127.0.0.1:9/';
      },
    },
  ],
};

const page = readFileSync(new URL('../../../../docs/how-to/oauth.md', import.meta.url), 'utf8');
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [title = ''] = section.split('\n', 1);
    const text = section.split(/^## /m)[0] ?? '';
    const quotes = [...text.matchAll(/^```text\n(.*?)\n```$/gms)].map(([, quote = '']) => quote);
    const codes = [...text.matchAll(/\bCode `([^`]+)`/g)].map(([, code = '']) => code);
    return { title, quotes, codes };
  });

test('the page has a case here for each of its symptoms', () => {
  expect(sections.map(({ title }) => title)).toEqual(Object.keys(SYMPTOMS));
  expect(sections.every(({ quotes, codes }) => quotes.length + codes.length > 0)).toBe(true);
  expect(sections.flatMap(({ codes }) => codes).filter((code) => !Object.hasOwn(PAGES, code))).toEqual([]);
});

test('without a symptom nothing of it is told', async () => {
  const { text, code } = await told({});
  expect(code).toBeUndefined();
  expect(sections.flatMap(({ quotes }) => quotes).filter((quote) => pattern(quote).test(text))).toEqual([]);
});

test.each(sections)('$title', async ({ title, quotes, codes }) => {
  const outcomes = [];
  for (const symptom of SYMPTOMS[title] ?? []) {
    await harness.reset();
    outcomes.push(await told(symptom));
  }
  const text = outcomes.map((each) => each.text).join('\n');
  for (const quote of quotes) expect(text).toMatch(pattern(quote));
  if (codes.length > 0) expect(codes).toContain(outcomes[0]?.code);
});

/** A quotation as a pattern: `…` stands for what differs from run to run. */
function pattern(quote: string): RegExp {
  return new RegExp(
    quote
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
}
