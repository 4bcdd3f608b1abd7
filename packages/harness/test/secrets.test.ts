import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { expect, test } from 'vitest';

const PLANTED = {
  token: 'planted-token-6f1c2a97',
  control: 'planted-control-2e90d4b6',
  guess: 'planted-guess-0b9e5d13',
  common: 'planted-common-c47d8e20',
  cookie: 'planted-cookie-91aa3f6b',
  query: 'planted-query-5ed07c34',
  input: 'planted-input-3c8e61f0',
  embedded: 'planted-embedded-d2f9083b',
  password: 'planted-password-a2940d7b',
  wrong: 'planted-wrong-77b1c5e9',
  client: 'planted-client-e80f4a12',
  shared: 'planted-shared-1d6fb093',
  application: 'planted-application-46c7ea58',
};

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** To the page on which a customer connects, as a vendor's server signs it: who has it may connect. */
function signedLink(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'the-key:1', jti: 'one' })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), keys.privateKey).toString('base64url')}`;
}

async function plant(harness: Harness): Promise<void> {
  await harness.seed('make', { app: 'shop', connections: [{ type: 'oauth', label: 'Main' }] });
  const public_key = String(keys.publicKey.export({ type: 'spki', format: 'pem' }));
  await harness.seed('workato', {
    managed_users: [{ id: 1, connections: [{ id: 70, name: 'Jira', provider: 'jira' }] }],
    link_keys: { 'the-key': { workspace: 1, public_key } },
  });
  await harness.seed('akana', {
    users: [{ id: 'tess', email: 'tess@acme.example', password: PLANTED.password }],
    apps: [{ id: 'app', team: ['tess'], versions: [{ id: 'app1', secret: PLANTED.shared }] }],
  });
  await harness.seed('anypoint', {
    users: [{ username: 'tess', password: PLANTED.password }],
    connected_apps: [{ id: 'ci', secret: PLANTED.client }],
    applications: [{ id: 1, name: 'Shop', owner: 'tess', secret: PLANTED.application }],
  });
}

/** The headers and the body of what is answered. */
type Call = (method: string, path: string, body?: object | string, headers?: Record<string, string>) => Promise<string>;

function callerOf({ url }: Harness): Call {
  const { hostname, port } = new URL(url);
  return (method, path, body, headers) =>
    new Promise((resolve, reject) => {
      const all = { 'content-type': 'application/json', ...headers };
      const asked = request({ hostname, port, method, path, headers: all }, (response) => {
        let text = JSON.stringify(response.headers);
        response.on('data', (chunk) => (text += chunk)).once('end', () => resolve(text));
      });
      asked.once('error', reject).end(typeof body === 'object' ? JSON.stringify(body) : body);
    });
}

/**
 * Uses of what was planted, right ones and wrong ones. `given` are secrets that answers brought, and `own` what an
 * answer holds because it is the answer: one's own credentials. No other answer may hold any.
 */
interface Used {
  readonly answers: readonly string[];
  readonly given?: readonly string[];
  readonly own?: Readonly<Record<string, string>>;
}

const USES: Readonly<Record<string, (call: Call) => Promise<Used>>> = {
  make: async (call) => {
    const mine = { authorization: `Token ${PLANTED.token}` };
    const common = '/api/v2/sdk/apps/connections/shop/common';
    await call('PUT', common, { clientId: 'an-id', clientSecret: PLANTED.common }, mine);
    return {
      own: { [PLANTED.common]: await call('GET', common, undefined, mine) },
      answers: [
        await call('GET', '/api/v2/sdk/apps', undefined, { authorization: `Token ${PLANTED.guess}` }),
        await call('GET', `/api/v2/sdk/apps?token=${PLANTED.query}`, undefined, mine),
        await call('GET', '/api/v2/nothing', undefined, { ...mine, cookie: `session=${PLANTED.cookie}` }),
        await call('PUT', common, `{"clientSecret":"${PLANTED.common}"`, mine),
        await call('PUT', common, [PLANTED.common], mine),
        await call('POST', '/api/v2/sdk/apps', { name: 7, label: PLANTED.common }, mine),
        await call('GET', '/__harness', undefined, { ...mine, host: 'evil.example.com' }),
      ],
    };
  },

  workato: async (call) => {
    const mine = { authorization: `Bearer ${PLANTED.token}` };
    const connections = '/api/managed_users/1/connections';
    const input = { host_name: 'x', username: 'y', auth_type: 'api_token', apitoken: PLANTED.input };
    const link = signedLink();
    const page = `/direct_link/embedded/connections/70?workato_dl_token=${link}`;
    const filled = { input: { host_name: 'x', api_token_auth: 'true', email: 'y', apitoken: PLANTED.embedded } };
    const connected = await call('POST', page, filled);
    expect(connected).toContain('"connected":true');
    const shown = await call('GET', page, undefined, { accept: 'text/html' });
    expect(shown).toContain('Reconnect');
    return {
      given: [link],
      answers: [
        connected,
        shown,
        await call('POST', page, `{"input":{"apitoken":"${PLANTED.embedded}"`),
        await call('POST', page, { input: PLANTED.embedded }),
        await call('POST', connections, { provider: 'jira', input }, mine),
        await call('POST', connections, { name: 'x', provider: 'jira', input }, mine),
        await call('GET', connections, undefined, mine),
        await call('POST', connections, `{"provider":"jira","input":{"apitoken":"${PLANTED.input}"`, mine),
        await call('POST', connections, { provider: 5, input }, mine),
        await call('GET', page.replace(link, PLANTED.query), undefined, { accept: 'text/html' }),
      ],
    };
  },

  akana: async (call) => {
    const tess = { email: 'tess@acme.example', password: PLANTED.password };
    const session = await call('POST', '/api/login', tess);
    const [cookie = '', token = ''] = /AtmoAuthToken_[^=]*=([^;"]{16,})/.exec(session) ?? [];
    const secret = '/api/apps/versions/app1/secret';
    return {
      given: [token],
      own: { [PLANTED.shared]: await call('GET', secret, undefined, { cookie }) },
      answers: [
        await call('GET', secret),
        await call('POST', '/api/login', { ...tess, password: PLANTED.wrong }),
        await call('GET', '/api/apps', undefined, { cookie: `AtmoAuthToken_x=${PLANTED.cookie}` }),
      ],
    };
  },

  anypoint: async (call) => {
    const tess = { username: 'tess', password: PLANTED.password };
    const client = { client_id: 'ci', client_secret: PLANTED.client, grant_type: 'client_credentials' };
    const sessions = [
      await call('POST', '/accounts/login', tess),
      await call('POST', '/accounts/api/v2/oauth2/token', client),
    ];
    const given = sessions.map((text) => /"access_token":\s*"([^"]+)/.exec(text)?.[1] ?? '');
    const application = '/exchange/api/v2/organizations/5a673b98-92f4-459d-b950-daeed7a8165d/applications/1';
    const mine = { authorization: `Bearer ${given[0]}` };
    return {
      given,
      own: { [PLANTED.application]: await call('GET', application, undefined, mine) },
      answers: [
        await call('GET', application, undefined, { authorization: `Basic ${btoa(`tess:${PLANTED.wrong}`)}` }),
        await call('POST', '/accounts/login', { ...tess, password: PLANTED.wrong }),
        await call('POST', '/accounts/api/v2/oauth2/token', { ...client, client_secret: PLANTED.wrong }),
        await call('GET', '/accounts/api/me', undefined, { authorization: `Bearer ${PLANTED.guess}` }),
      ],
    };
  },
};

/** What the harness's own pages and commands are made of. */
async function consoleAnswers(call: Call): Promise<string[]> {
  const mine = { authorization: `Bearer ${PLANTED.control}` };
  return [
    await call('PUT', '/__harness/snapshots/one', {}, mine),
    await call('POST', '/__harness/faults', { effect: 'status', status: 503, times: 0 }, mine),
    await call('POST', '/__harness/tokens', { platform: 'make', scopes: ['none'], token: PLANTED.guess }, mine),
    await call('POST', '/__harness/seed', { platform: 'none', given: { secret: PLANTED.guess } }, mine),
    await call('POST', '/__harness/seed', `{"platform":"make","given":{"secret":"${PLANTED.guess}"`, mine),
    await call('GET', '/__harness/faults', undefined, { authorization: `Bearer ${PLANTED.wrong}` }),
    ...(await Promise.all(
      ['', '/journal', '/faults', '/snapshots', '/clock'].map((path) =>
        call('GET', `/__harness${path}`, undefined, mine),
      ),
    )),
  ];
}

test('no planted secret stands in the journal, in files, in errors or in what is told of requests', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const reported: string[] = [];
  const harness = await createHarness({
    store: join(folder, 'harness.db'),
    token: PLANTED.token,
    controlToken: PLANTED.control,
    onRequest: (entry) => reported.push(JSON.stringify(entry)),
    onFault: (fault) => reported.push(String(fault)),
  });
  try {
    await plant(harness);
    const call = callerOf(harness);
    const secrets: string[] = Object.values(PLANTED);
    const answers: Record<string, string> = {};
    for (const [platform, use] of Object.entries(USES)) {
      const { answers: given, own = {}, given: more = [] } = await use(call);
      for (const [index, answer] of given.entries()) answers[`answer ${index} of ${platform}`] = answer;
      for (const [secret, answer] of Object.entries(own)) expect(answer, platform).toContain(secret);
      for (const secret of more) expect(secret, platform).toMatch(/\S{16}/);
      secrets.push(...more);
    }
    for (const [index, answer] of (await consoleAnswers(call)).entries()) answers[`console ${index}`] = answer;
    const journal = JSON.stringify(await harness.journal.list());
    for (const path of ['/sdk/apps', '/embedded/connections/70', '/versions/app1/secret', '/applications/1']) {
      expect(journal).toContain(path);
    }
    expect(found({ ...answers, journal, told: reported.join() }, secrets)).toEqual([]);
    expect(readdirSync(folder)).toContain('harness.db-wal');
    expect(found(filesIn(folder), secrets)).toEqual([]);
    await harness.close();
    expect(found(filesIn(folder), secrets)).toEqual([]);
  } finally {
    await harness.close();
    rmSync(folder, { recursive: true });
  }
});

/** A secret that nobody told the harness of, in every place and shape in which a request may hold one. */
const SHAPES: Readonly<Record<string, (secret: string) => { type?: string; body?: string; path?: string }>> = {
  'a JSON body': (secret) => ({ type: 'application/json', body: JSON.stringify({ clientSecret: secret }) }),
  'a JSON body as text': (secret) => ({ type: 'text/plain', body: JSON.stringify({ clientSecret: secret }) }),
  'a JSON body without a type': (secret) => ({ type: '', body: JSON.stringify({ password: secret }) }),
  'a JSON body as a form': (secret) => ({
    type: 'application/x-www-form-urlencoded',
    body: JSON.stringify({ token: secret }),
  }),
  'a list in a JSON body': (secret) => ({ type: 'text/plain', body: JSON.stringify([{ apiKey: [secret] }]) }),
  'below a secret name': (secret) => ({ type: 'text/plain', body: JSON.stringify({ secret: { value: [secret] } }) }),
  'a pair of name and value': (secret) => ({
    type: 'text/plain',
    body: JSON.stringify({ fields: [{ name: 'client_secret', value: secret }] }),
  }),
  JSONC: (secret) => ({ type: 'application/jsonc', body: `{ // mine\n  "clientSecret": "${secret}", }` }),
  'JSONC as JSON': (secret) => ({ type: 'application/json', body: `/* mine */ { "accessToken": "${secret}", }` }),
  'broken JSON': (secret) => ({ type: 'application/json', body: `{"name": "x", "clientSecret": "${secret}` }),
  'JSON in single quotes': (secret) => ({ type: 'text/plain', body: `{'clientSecret': '${secret}'}` }),
  'an element of XML': (secret) => ({
    type: 'application/xml',
    body: `<app><clientSecret>${secret}</clientSecret></app>`,
  }),
  'an element of XML as JSON': (secret) => ({
    type: 'application/json',
    body: `<?xml version="1.0"?><a:app xmlns:a="x"><a:sharedSecret><v>${secret}</v></a:sharedSecret></a:app>`,
  }),
  'an element with CDATA': (secret) => ({
    type: 'text/xml',
    body: `<app><password><![CDATA[${secret}]]></password></app>`,
  }),
  'an element that is not closed': (secret) => ({ type: 'text/xml', body: `<app><password>${secret}` }),
  'an attribute of XML': (secret) => ({ type: 'text/xml', body: `<app name="x" client_secret='${secret}'/>` }),
  'a form': (secret) => ({ type: 'application/x-www-form-urlencoded', body: `a=b&client_secret=${secret}` }),
  'a form as JSON': (secret) => ({ type: 'application/json', body: `grant_type=password&password=${secret}` }),
  'a form without a type': (secret) => ({ type: '', body: `refresh_token=${secret}` }),
  'lines of names and values': (secret) => ({ type: 'text/yaml', body: `name: shop\nclientSecret: ${secret}\n` }),
  'bytes of a type that is not read': (secret) => ({ type: 'application/octet-stream', body: `....${secret}....` }),
  'the query': (secret) => ({ path: `?client_secret=${secret}` }),
  'the query, encoded': (secret) => ({ path: `?access%5Ftoken=${percent(secret)}` }),
  'the query, behind a second question mark': (secret) => ({ path: `?a=b?c=d&token=${secret}` }),
};

/** Places in which a secret is known by its value alone: another part of the same request proves what it is. */
const REPEATED: Readonly<Record<string, (secret: string) => { type?: string; body?: string; path?: string }>> = {
  'a part of the path': (secret) => ({ path: `/${secret}/x` }),
  'a part of the path, encoded': (secret) => ({ path: `/${percent(secret)}` }),
  'a part of the path, encoded twice': (secret) => ({ path: `/${percent(percent(secret))}` }),
  'a parameter of another name': (secret) => ({ path: `?note=${percent(secret)}` }),
  'a text': (secret) => ({ type: 'text/plain', body: `it is ${secret}, I think` }),
  'a name in JSON': (secret) => ({ type: 'application/json', body: JSON.stringify({ [secret]: 1 }) }),
};

const percent = (text: string) =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

test('what a body is decides what is left of it, whatever its type says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const harness = await createHarness({ store: join(folder, 'harness.db') });
  try {
    const call = callerOf(harness);
    const secrets: Record<string, string> = {};
    const shapes = [
      ...Object.entries(SHAPES).map(([name, shape]) => ({ name, shape, authorization: '' })),
      ...Object.entries(REPEATED).map(([name, shape]) => ({ name, shape, authorization: 'Bearer ' })),
    ];
    for (const [index, { name, shape, authorization }] of shapes.entries()) {
      for (const [platform, path] of Object.entries(WRITES)) {
        const secret = `planted-${platform}-${index}-8c1f63e07ab4`;
        secrets[secret] = `${name} (${platform})`;
        const { type = 'application/json', body = '{}', path: more = '' } = shape(secret);
        const headers = { 'content-type': type, ...(authorization && { authorization: authorization + secret }) };
        await call('POST', path + more, body, headers);
      }
    }
    const entries = await harness.journal.list();
    expect(entries).toHaveLength(shapes.length * Object.keys(WRITES).length);
    const seen = { journal: JSON.stringify(entries), ...filesIn(folder) };
    expect(found(seen, Object.keys(secrets)).map((line) => `${line}: ${secrets[line.split(' ')[0] ?? '']}`)).toEqual(
      [],
    );
    const coded = Object.keys(secrets).flatMap((secret) => [percent(secret), encodeURIComponent(secret)]);
    expect(found(seen, coded)).toEqual([]);
    expect(seen.journal).toContain('[redacted]');
  } finally {
    await harness.close();
    rmSync(folder, { recursive: true });
  }
});

/** A path that is written to, of each platform, and one that nobody serves. */
const WRITES: Readonly<Record<string, string>> = {
  make: '/api/v2/sdk/apps',
  workato: '/api/managed_users',
  akana: '/api/apps',
  anypoint: '/accounts/login',
  nobody: '/nothing/here',
};

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

function found(texts: Readonly<Record<string, string>>, secrets: readonly string[]): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${name}`),
  );
}
