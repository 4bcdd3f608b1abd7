import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../src/diagnostics.ts';
import type { IMLFunction } from '../../src/iml/function.ts';
import type { Connection } from '../../src/project/project.ts';
import { isCreateType } from '../../src/sections/create-types.ts';
import { SECTIONS } from '../../src/sections/index.ts';
import { clockAt, connectionOf, runnable } from './connections.ts';
import { agrees } from './provider.ts';
import { type Received, type Reply, serve } from './server.ts';

/** A folder of real connections: each has the files of its sections and a meta.json with its `createType`. */
const SAMPLES = process.env.CONNECTOR_SAMPLES;

/** A public description of an API, as far as a connection meets it. */
interface Documented {
  readonly source: string;
  /** Where it says who asks; nothing else is there. */
  readonly path: string;
  /** Checks if a request proves who asks, as the description has it. */
  readonly isProved: (request: Received) => boolean;
  /** The answer to everybody else. */
  readonly denied: Reply;
  /** A refusal that the section's own `valid` takes for success. */
  readonly isUnseen?: boolean;
  /** The token endpoint, where there is one. */
  readonly token?: { readonly source: string; readonly path: string; readonly answer: object };
}

/** What an API answers to whoever asks who it is, and what the connection then shows. */
interface Vendor {
  readonly account: unknown;
  readonly shows?: string;
  /** Left out for APIs of which there is no public description, and for those that a page of documentation made up. */
  readonly documented?: Documented;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What the API has beside it. */
  readonly routes?: Readonly<Record<string, Reply>>;
}

const WHOAMI = { id: 7, user: 'Ada', username: 'ada', email: 'ada@example.com' };
const PASSWORD = { username: 'ada', password: 'l0velace!' };
const CLIENT = { clientId: 'client-1', clientSecret: 's3cret-1' };

const has = (name: string, value: string) => (request: Received) => request.headers[name] === value;
const isBearer = has('authorization', 'Bearer k3y-12345');
const isToken = has('authorization', 'Bearer access-token-1');
const basicOf = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

/** As the APIs document it; those of the platform's own pages and models are made up by it. */
const VENDORS: Readonly<Record<string, Vendor>> = {
  '01-opnform-apikey': {
    account: [
      { id: 1, name: 'Marketing', icon: '🚀', settings: {}, max_file_size: 25, is_readonly: false },
      { id: 2, name: 'Sales', icon: '📈', settings: {}, max_file_size: 25, is_readonly: true },
    ],
    shows: '2 workspace(s)',
    documented: {
      source: 'https://docs.opnform.com/api-reference/workspaces/list-workspaces',
      ...{ path: '/open/workspaces', isProved: isBearer, denied: { status: 403, body: { message: 'Forbidden' } } },
    },
  },
  '02-linkedapi-other': {
    account: { success: true, result: [] },
    shows: 'Linked API',
    documented: {
      source: 'https://linkedapi.io/docs/data-api/making-requests-0',
      path: '/automation/stats/actions',
      isProved: (request) =>
        has('linked-api-token', 'k3y-12345')(request) && has('identification-token', 'k3y-12345')(request),
      denied: {
        status: 401,
        body: { success: false, error: { type: 'invalidLinkedApiToken', message: 'The token is invalid.' } },
      },
      // The description has `error`, and the section looks for another member.
      isUnseen: true,
    },
    parameters: { linkedApiToken: 'k3y-12345', identificationToken: 'k3y-12345' },
  },
  '04-pipedrive-oauth': {
    account: {
      success: true,
      data: { id: 777, name: 'Ada', email: 'ada@example.com', company_id: 1, company_domain: 'analytical' },
    },
    shows: 'Ada ada@example.com',
    documented: {
      source: 'https://pipedrive.readme.io/docs/marketplace-getting-user-data',
      path: '/users/me',
      isProved: isToken,
      denied: { status: 401, body: { success: false, error: 'unauthorized access', errorCode: 401 } },
      token: {
        source: 'https://developers.pipedrive.com/docs/api/v1/Oauth',
        path: '/oauth/token',
        answer: { token_type: 'Bearer', scope: 'base', expires_in: 3599 },
      },
    },
  },
  '09-browsercloud-basic': {
    account: {
      Meta: { attributes: { org_id: 1 }, result_set: { count: 0, limit: 1, offset: 0, total: 0 } },
      data: [],
    },
    parameters: { ...PASSWORD, accessKey: 'k3y-12345' },
    documented: {
      source: 'https://www.testmuai.com/support/api-doc/selenium-automation-api/session/fetch-list-of-all-sessions/',
      path: '/automation/api/v1/sessions',
      isProved: has('authorization', basicOf('ada', 'k3y-12345')),
      denied: { status: 401, body: { message: 'Access denied' } },
    },
  },
  '12-domotz-apikey': {
    account: { id: 7, name: 'ada@example.com' },
    shows: 'ada@example.com',
    documented: {
      source: 'https://portal.domotz.com/developers/',
      path: '/public-api/v1/user',
      isProved: has('x-api-key', 'k3y-12345'),
      denied: { status: 403, body: { message: 'Forbidden' } },
    },
  },
  '22-makex-x-oauth-pkce': {
    account: { data: { id: '2244994945', name: 'Ada', username: 'ada', created_at: '2013-12-14T04:35:55Z' } },
    shows: '@ada (Ada)',
    parameters: { pemContent: 'PEM of a wallet' },
    // Of the section's own service, which has no public description.
    routes: {
      '/authorization': { body: { data: { codeVerifier: 'v'.repeat(43), codeChallenge: 'c'.repeat(43) } } },
    },
    documented: {
      source: 'https://docs.x.com/x-api/users/user-lookup-me',
      path: '/2/users/me',
      isProved: isToken,
      denied: {
        status: 401,
        body: { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
      },
      token: {
        source: 'https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code',
        path: '/2/oauth2/token',
        answer: { token_type: 'bearer', expires_in: 7200, scope: 'tweet.read users.read offline.access' },
      },
    },
  },
  '24-renderbase-oauth': { account: WHOAMI, shows: 'ada@example.com' },
  '40-docs-access-control-basic': { account: { ...WHOAMI, status: 'ok' }, shows: 'ada', parameters: PASSWORD },
  '41-docs-access-control-oauth': {
    account: WHOAMI,
    shows: 'ada',
    parameters: { ...PASSWORD, token: 't0ken-12345' },
    routes: { '/webhookID': { body: { expires: '2026-02-01T00:00:00.000Z' } } },
  },
  '42-docs-oauth2-code': { account: { data: { id: 7, name: 'Ada', email: 'a@b.c' } }, shows: 'Ada (a@b.c)' },
  '43-docs-oauth2-pkce': { account: { user: { id: 7, fullName: 'Ada', email: 'a@b.c' } }, shows: 'Ada (a@b.c)' },
  '50-model-apikey': { account: WHOAMI, shows: 'ada@example.com' },
  '51-model-basic': { account: WHOAMI, shows: 'ada@example.com', parameters: PASSWORD },
  '52-model-other': { account: undefined },
  '53-model-oauth': { account: WHOAMI, shows: 'Ada' },
  '54-model-oauth-refresh': { account: WHOAMI, shows: 'Ada' },
  '55-model-oauth-clicre': { account: WHOAMI, shows: 'Ada', parameters: CLIENT },
  '56-model-oauth-resowncre': { account: WHOAMI, shows: 'Ada', parameters: { ...CLIENT, ...PASSWORD } },
  '57-model-oauth-1': { account: WHOAMI, shows: 'Ada' },
};

/** Samples that have errors, so that they are not run. */
const FAULTY = ['07-airtable-bridge-apikey', '44-docs-oauth2-client-credentials'];

/** What the app of one sample adds to the language. */
const FUNCTIONS = new Map(
  ['getApiURL'].map((name): [string, IMLFunction] => [
    name,
    {
      ...{ name, parameters: [], returns: 'text', summary: '', example: { template: '', result: '' } },
      run: ([, , domain]) => domain,
    },
  ]),
);

const GRANT = { access_token: 'access-token-1', refresh_token: 'refresh-token-1' };

/** An answer as the API's public description has it; undefined for what that says nothing of. */
function documentedAnswer({ account, documented }: Vendor, url: string, request: Received): Reply | undefined {
  if (documented === undefined) return undefined;
  const { path, isProved, denied, token } = documented;
  const { pathname } = new URL(request.url, url);
  if (pathname === token?.path) {
    const isOwn = request.headers.authorization === basicOf(CLIENT.clientId, CLIENT.clientSecret);
    const isInForm = new URLSearchParams(request.body).get('client_secret') === CLIENT.clientSecret;
    if (request.method !== 'POST' || !(isOwn || isInForm)) return { status: 401, body: { error: 'invalid_client' } };
    return { body: { ...GRANT, ...token.answer, api_domain: url } };
  }
  if (pathname !== path) return undefined;
  return isProved(request) ? { body: account } : denied;
}

function answerOf(
  { account, routes = {} }: Vendor,
  url: string,
  { method, url: target, headers, body }: Received,
): Reply {
  const { pathname } = new URL(target, url);
  const own = Object.entries(routes).find(([path]) => pathname.startsWith(path));
  if (own !== undefined) return own[1];
  if (body.includes('grant_type=')) {
    return { body: { ...GRANT, token_type: 'Bearer', expires_in: 3600, refresh_expires_in: 86_400, api_domain: url } };
  }
  if (/\/oauth\/(request|access)_token$/.test(pathname) && method === 'POST') {
    const isSigned = headers.authorization?.startsWith('OAuth ') === true;
    return isSigned ? { body: 'oauth_token=t0ken-1&oauth_token_secret=s3cret-2' } : { status: 401 };
  }
  if (/revoke|invalidate/.test(pathname)) return { status: 200 };
  return account === undefined ? { status: 404 } : { body: account };
}

async function sample(name: string) {
  const folder = join(SAMPLES ?? '', name);
  const vendor = VENDORS[name] ?? { account: WHOAMI };
  const { url, received } = await serve((request): Reply => {
    const answer = documentedAnswer(vendor, url, request) ?? answerOf(vendor, url, request);
    // Who the caller is, a documented API says at one address alone.
    const isElsewhere = vendor.documented !== undefined && answer.body === vendor.account;
    return isElsewhere && new URL(request.url, url).pathname !== vendor.documented?.path ? { status: 404 } : answer;
  });
  const { createType } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  if (!isCreateType(createType)) throw new Error(`${name} has no known type.`);
  const texts = SECTIONS.flatMap((section) => {
    const file = join(folder, `${section.name}.json`);
    // In the samples, common.json holds values, and not the author's schema of them.
    if (section.wire === 'json' || !existsSync(file)) return [];
    return [[section.name, readFileSync(file, 'utf8').replaceAll(/https?:\/\/[\w-]+(\.[\w-]+)+/g, url)]];
  });
  return { vendor, received, url, connection: connectionOf(createType, Object.fromEntries(texts)) };
}

describe.skipIf(SAMPLES === undefined)('real connections, in CONNECTOR_SAMPLES', () => {
  const folders = SAMPLES === undefined ? [] : readdirSync(SAMPLES).filter((name) => /^\d/.test(name));

  test('each is known', () => {
    expect(folders).toEqual([...Object.keys(VENDORS), ...FAULTY].sort());
  });

  const runningOf = (connection: Connection, url: string, vendor: Vendor, changes: object = {}) =>
    runnable(connection, {
      parameters: {
        apiKey: 'k3y-12345',
        baseUrl: url,
        consumerKey: 'c',
        consumerSecret: 'd',
        ...vendor.parameters,
        ...changes,
      },
      common: CLIENT,
      functions: FUNCTIONS,
      now: clockAt('2026-01-01T00:00:00Z').now,
    });

  test.each(folders.filter((name) => !FAULTY.includes(name)))('%s connects, is verified and ends', async (name) => {
    const { vendor, connection, url } = await sample(name);
    const running = runningOf(connection, url, vendor);
    const { instance, problem } = await running.connect(async (visit) => {
      const token = new URL(visit.url).searchParams.get('oauth_token');
      return token === null ? agrees()(visit) : new URLSearchParams({ oauth_token: token, oauth_verifier: 'v3rifier' });
    });
    expect(problem).toBeUndefined();
    expect(instance?.metadata?.value).toBe(vendor.shows);
    for (const end of [running.verify, running.invalidate]) {
      expect((await end(instance ?? { data: {} })).problem).toBeUndefined();
    }
  });

  const documented = folders.filter((name) => VENDORS[name]?.documented !== undefined);

  test('six of them ask an API that is described in public; nobody describes Renderbase', () => {
    expect(documented.length).toBe(6);
    for (const name of documented) {
      const { source, token } = VENDORS[name]?.documented ?? {};
      for (const url of [source, ...(token === undefined ? [] : [token.source])]) expect(url).toMatch(/^https:/);
    }
  });

  test.each(documented)('%s is refused with other credentials, as the API describes it', async (name) => {
    const { vendor, connection, url } = await sample(name);
    const wrong = { apiKey: 'wr0ng-1', accessKey: 'wr0ng-1', linkedApiToken: 'wr0ng-1' };
    const running = runningOf(connection, url, vendor, wrong);
    const isOAuth = vendor.documented?.token !== undefined;
    const { problem, trace } = isOAuth
      ? await running.verify({ data: { accessToken: 'wr0ng-1', apiDomain: url } })
      : await running.connect();
    const answer = trace.steps.at(-1)?.exchanges[0]?.answer;
    expect(answer?.status).toBe(vendor.documented?.denied.status);
    if (vendor.documented?.isUnseen) expect(problem).toBeUndefined();
    else expect(problem).toMatchObject({ code: 'run/refused', found: String(vendor.documented?.denied.status) });
  });

  test.each(FAULTY)('%s has errors, and is not run', async (name) => {
    const { connection, received } = await sample(name);
    expect(() => runnable(connection, { common: CLIENT })).toThrow(ConnectorError);
    expect(received).toEqual([]);
  });
});
