import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { CONNECTED, JIRA, start, type Workato } from './customer.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** A link as a vendor's server signs it. */
function link(claims: object = {}, { key = privateKey, alg = 'RS256' } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg, typ: 'JWT' })}.${part({ sub: 'the-key:98178', jti: 'one', ...claims })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

const at = (id: number, token = link()) => `/direct_link/embedded/connections/${id}?workato_dl_token=${token}`;

async function vendor(given: object): Promise<Workato> {
  const workato = await start({}, given);
  const public_key = publicKey.export({ type: 'spki', format: 'pem' });
  await workato.seed({ link_keys: { 'the-key': { workspace: 1, public_key } } });
  return workato;
}

const jira = { connections: [{ id: 5, name: 'Jira', provider: 'jira' }] };
const open = { headers: { authorization: '' } };
const show = ({ ask }: Workato, path: string) => ask('GET', path, undefined, open);

test('the page shows the provider’s form, and none of its values', async () => {
  const workato = await vendor({
    connections: [{ ...jira.connections[0], input: { ...JIRA, apitoken: 'secret-one' } }],
  });
  const { status, headers, body } = await show(workato, at(5));
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(body).toContain('<input name="apitoken" data-part="input" type="password" autocomplete="off">');
  expect(body).not.toContain('secret-one');
  expect(body).not.toContain(JIRA.email);
});

test('everything on the page is escaped, and its policy lets only its own script and style run', async () => {
  const name = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&`;
  const provider = {
    name: 'evil',
    title: name,
    parameters: [{ name, label: name, hint: name, options: [name] }],
    methods: [],
  };
  const workato = await vendor({ connections: [{ id: 5, name, provider: 'evil', authorization_error: name }] });
  await workato.seed({ providers: [provider] });
  const { headers, body } = await show(workato, at(5));
  expect(body).not.toContain('<script>alert');
  expect(body).not.toContain('<img');
  expect(body).not.toContain(`onerror='`);
  const policy = headers.get('content-security-policy') ?? '';
  const hashed = (tag: string) => {
    const [, text = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(body) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hashed('script')}`,
    `style-src ${hashed('style')}`,
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self' http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:*",
  ]);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('the customer’s origin_url says who may hold the page and who is reported', async () => {
  const workato = await vendor({ ...jira, origin_url: 'https://app.acme.example/embedded' });
  const { headers, body } = await show(workato, at(5));
  expect(headers.get('content-security-policy')).toMatch(/ https:\/\/app\.acme\.example$/);
  expect(body).toContain('<body data-origin="https://app.acme.example">');
  const other = await vendor({ ...jira, origin_url: 'javascript:alert(1)' });
  expect((await show(other, at(5))).body).toContain('<body data-origin="*">');
});

test('a link that is not signed, not known, over or of another customer shows nothing', async () => {
  const workato = await vendor(jira);
  await workato.seed({ managed_users: [{ id: 7, connections: [{ id: 8 }] }] });
  const seconds = Date.parse('2026-05-01T10:00:00Z') / 1000;
  const refused: readonly (readonly [string, number])[] = [
    ['', 401],
    ['a.b.c', 401],
    [link({}, { key: stranger }), 401],
    [link({}, { alg: 'none' }), 401],
    [link({}, { alg: 'HS256' }), 401],
    [`${link()}.more`, 401],
    [link({ sub: 'other-key:98178' }), 401],
    [link({ sub: '98178' }), 401],
    [link({ jti: undefined }), 401],
    [link({ exp: seconds - 1 }), 401],
    [link({ nbf: seconds + 60 }), 401],
    [link({ sub: 'the-key:7' }), 404],
    [link({ sub: 'the-key:99' }), 404],
  ];
  for (const [token, expected] of refused) {
    const shown = await show(workato, at(5, token));
    expect([token, shown.status]).toEqual([token, expected]);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const sent = await workato.ask('POST', at(5, token), { input: { ...JIRA, apitoken: 'x' } }, open);
    expect([sent.status, sent.body]).toEqual([expected, { message: expected === 401 ? 'Unauthorized' : 'Not found' }]);
  }
  // An API token is no link, and a link no API token.
  expect((await workato.ask('GET', '/direct_link/embedded/connections/5?workato_dl_token=x')).status).toBe(401);
  const { status } = await workato.ask('GET', '/api/managed_users/98178/connections', undefined, {
    token: link(),
  });
  expect(status).toBe(401);
  expect((await workato.connections())[0]).toMatchObject({ authorization_status: null });
  expect((await show(workato, at(5, link({ exp: seconds + 1, nbf: seconds })))).status).toBe(200);
  const external = await show(workato, at(5, link({ sub: 'the-key:EA2300' })));
  expect(external.status).toBe(200);
});

interface Posted {
  readonly type: string;
  readonly payload: { readonly [key: string]: unknown };
}

/** Runs the page's own script with as much of a browser as it uses. */
async function visit(workato: Workato, path: string, values: Record<string, string>) {
  const { body } = await show(workato, path);
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(body) ?? [];
  const [, origin = '', error] = /<body data-origin="([^"]*)"(?: data-error="([^"]*)")?>/.exec(body) ?? [];
  const controls = [...body.matchAll(/<(?:input|select) name="([^"]*)" data-part="(\w+)"(?: type="(\w+)")?/g)];
  const fields = controls.map(([, name = '', part, type]) => {
    return { name, part, type, value: values[name] ?? '', checked: values[name] === 'true' };
  });
  const posted: Posted[] = [];
  const targets = new Set<string>();
  let submit: ((event: object) => Promise<void>) | undefined;
  const form = {
    dataset: body.includes('data-consent') ? { consent: 'yes' } : {},
    querySelectorAll: (selector: string) => fields.filter(({ part }) => selector === `[data-part=${part}]`),
    addEventListener: (_: string, listener: typeof submit) => {
      submit = listener;
    },
  };
  const status = { textContent: '' };
  const window = createContext({
    document: {
      body: { dataset: { origin, error } },
      documentElement: { offsetHeight: 420 },
      querySelector: (selector: string) => (selector === 'form' ? (body.includes('<form') ? form : null) : status),
    },
    parent: {
      postMessage: (text: string, target: string) => {
        posted.push(JSON.parse(text));
        targets.add(target);
      },
    },
    ResizeObserver: class {
      observe(): void {}
    },
    location: { href: `${workato.harness.url}${path}` },
    fetch,
  });
  runInContext(script, window);
  await submit?.({ preventDefault: () => {} });
  return { posted, targets: [...targets], shown: status.textContent };
}

const height = { type: 'heightChange', payload: { height: 420 } };
const isConnected = (connected: boolean) => ({ type: 'connectionStatusChange', payload: { connected } });

test('a customer connects a shell, and the page tells how high it is and that it is connected', async () => {
  const workato = await vendor(jira);
  const { posted, targets, shown } = await visit(workato, at(5), { ...JIRA, apitoken: 'secret-one' });
  expect(posted).toEqual([height, isConnected(true), height]);
  expect([targets, shown]).toEqual([['*'], 'Connected']);
  expect((await workato.connections())[0]).toMatchObject({ authorization_status: 'success' });
});

test('credentials that do not work are reported as an error', async () => {
  const workato = await vendor(jira);
  const { posted } = await visit(workato, at(5), { ...JIRA, apitoken: 'invalid' });
  const message = 'Authentication failed: 401 Unauthorized';
  expect(posted).toEqual([height, isConnected(false), { type: 'error', payload: { message } }, height]);
});

test.each([
  '/direct_link',
  '/direct_link/embedded/connections',
  '/direct_link/embedded/recipes/1?workato_dl_token=x',
  '/direct_link/embedded/connections/404/more',
])('%s, which nobody has, is 404 as a page, and JSON to the API’s clients', async (path) => {
  const workato = await vendor(jira);
  const { status, headers, body } = await show(workato, path);
  expect([status, headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(body).toContain('<h1>Not found</h1>');
  const elsewhere = await show(workato, '/api/managed_users/1/nothing');
  expect([elsewhere.status, elsewhere.headers.get('content-type')?.split(';')[0]]).toEqual([404, 'application/json']);
});

test('a page that cannot be shown tells an error', async () => {
  const workato = await vendor(jira);
  const { posted } = await visit(workato, at(5, 'a.b.c'), {});
  expect(posted).toEqual([height, { type: 'error', payload: { message: 'Unauthorized' } }]);
});

test('W-22 QuickBooks: consent gives the identity; after disconnecting and connecting again it is the latest', async () => {
  const workato = await vendor({
    connections: [{ id: 5, provider: 'quickbooks', ...CONNECTED, identity: 'old@acme.example/1' }],
  });
  await workato.ask('POST', '/api/managed_users/98178/connections/5/disconnect');
  await visit(workato, at(5), { email: 'me@acme.example', realm_id: '1029384756102938' });
  expect((await workato.connections())[0]).toMatchObject({
    authorization_status: 'success',
    identity: 'me@acme.example/1029384756102938',
  });
});
