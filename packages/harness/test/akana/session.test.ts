import { expect, test } from 'vitest';
import { API, API_VERSION, APP, APP_VERSION, at, contract, FED, FEED, GIVEN, start } from './tenant.ts';

const LOGIN = { body: { email: 'tess@acme.example', password: "tess's password" } };
const CSRF = `X-Csrf-Token_${FED}`;

test('login answers who one is, and sets both cookies in the vendor’s form', async () => {
  const tenant = await start();
  const { status, body, headers } = await tenant.ask('nobody', 'POST', '/api/login', LOGIN);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    userFDN: at('tess'),
    userName: 'Tess Team',
    authTokenValidUntil: '2026-05-01T10:30:00.000Z',
    pendingNotifications: 0,
  });
  const [session = '', csrf = ''] = headers.getSetCookie();
  expect(session).toMatch(
    /^AtmoAuthToken_acmepaymentscorp=TokenID%3D[\w-]{36}%2Cclaimed_id%3Durn%3Aatmosphere%3Auser%3Aacmepaymentscorp%3Atess%2CissueTime%3D\d{13}%2CexpirationTime%3D\d{13}%2CUserName%3DTess\+Team%2CUserFDN%3Dtess\.acmepaymentscorp%2Csig%3D\w+; Path=\/; HttpOnly$/,
  );
  expect(csrf).toMatch(/^Csrf-Token_acmepaymentscorp=TokenID%3D[\w-]{36}%2CexpirationTime%3D\d{13}; Path=\/$/);
});

test.each([
  ['a wrong password', { email: 'tess@acme.example', password: 'wrong' }],
  ['somebody unknown', { email: 'nobody@acme.example', password: 'x' }],
  ['somebody without a password', { email: 'harness@example.com', password: '' }],
])('%s is not let in, and told the same', async (_, body) => {
  const tenant = await start();
  const refused = await tenant.ask('nobody', 'POST', '/api/login', { body });
  expect(refused).toMatchObject({
    status: 401,
    body: { faultstring: 'The e-mail address or the password is not correct.' },
  });
  expect(refused.headers.getSetCookie()).toEqual([]);
});

test('writing wants the header against forgery, unless the site does not', async () => {
  const tenant = await start();
  const request = { body: { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Sandbox' } };
  const tries = async () => [
    (await tenant.ask('tess', 'POST', '/api/contracts', { ...request, headers: { [CSRF]: '' } })).status,
    (await tenant.ask('tess', 'POST', '/api/contracts', { ...request, headers: { [CSRF]: 'TokenID%3Dother' } })).status,
  ];
  expect(await tries()).toEqual([401, 401]);
  expect((await tenant.ask('tess', 'POST', '/api/contracts', request)).status).toBe(200);
  await tenant.seed({ settings: { csrf_writes: false } });
  expect((await tenant.ask('tess', 'POST', '/api/contracts', { ...request, headers: { [CSRF]: '' } })).status).toBe(
    200,
  );
});

test('no cookie against forgery, where nothing wants the header', async () => {
  const tenant = await start();
  await tenant.seed({ settings: { csrf_writes: false } });
  const { headers } = await tenant.ask('nobody', 'POST', '/api/login', LOGIN);
  expect(headers.getSetCookie().map((each) => each.split('=')[0])).toEqual(['AtmoAuthToken_acmepaymentscorp']);
});

test('renewing gives new cookies for the whole time; the old ones are over', async () => {
  const tenant = await start();
  const { cookie = '' } = await tenant.session('tess');
  tenant.wait(29);
  const renewed = await tenant.ask('tess', 'POST', '/api/login/renewToken');
  expect(renewed).toMatchObject({
    status: 200,
    body: { userFDN: at('tess'), authTokenValidUntil: '2026-05-01T10:59:00.000Z' },
  });
  const fresh = renewed.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  tenant.wait(20);
  expect((await tenant.ask('nobody', 'GET', FEED, { headers: { cookie: fresh } })).status).toBe(200);
  expect((await tenant.ask('nobody', 'GET', FEED, { headers: { cookie } })).status).toBe(401);
  tenant.wait(10);
  expect((await tenant.ask('nobody', 'POST', '/api/login/renewToken', { headers: { cookie: fresh } })).status).toBe(
    204,
  );
});

test('logging out ends the session and takes the cookies away', async () => {
  const tenant = await start();
  const { status, headers } = await tenant.ask('tess', 'POST', '/api/login/logout');
  expect(status).toBe(200);
  expect(headers.getSetCookie()).toEqual([
    `AtmoAuthToken_${FED}=; Path=/; Max-Age=0`,
    `Csrf-Token_${FED}=; Path=/; Max-Age=0`,
  ]);
  expect((await tenant.ask('tess', 'GET', FEED)).status).toBe(401);
});

test('anybody reads public APIs where the site lets them, and nothing else', async () => {
  const limited = { ...GIVEN.apis[0], id: at('api2'), visibility: 'Limited', versions: [{ id: at('apiversion2') }] };
  const tenant = await start({}, { ...GIVEN, apis: [...GIVEN.apis, limited], contracts: [contract('c1')] });
  const public_ = [FEED, `/api/apis/${API}`, `/api/apis/versions/${API_VERSION}`, `/api/apis/${API}/followers`];
  const others = [
    `/api/apis/${at('api2')}`,
    `/api/apis/versions/${at('apiversion2')}/connectedapps`,
    `/api/apps/${APP}`,
    `/api/contracts/${at('c1')}`,
  ];
  const statuses = async (paths: string[]) =>
    Promise.all(paths.map(async (path) => (await tenant.ask('nobody', 'GET', path)).status));
  expect(await statuses(public_)).toEqual([401, 401, 401, 401]);
  await tenant.seed({ settings: { anonymous_reads: true } });
  expect(await statuses(public_)).toEqual([200, 200, 200, 200]);
  expect(await statuses(others)).toEqual([401, 401, 401, 401]);
  const { body } = await tenant.ask('nobody', 'GET', `${FEED}?IncludeActions=true`);
  expect(body.channel.item[0].Actions).toEqual([]);
});

test('another tenant has its own cookies, header and ids', async () => {
  const user = { id: 'tess.globex', email: 'tess@acme.example', password: "tess's password", name: 'Tess' };
  const tenant = await start({}, { settings: { tenant: 'globex' }, users: [user] });
  const { headers } = await tenant.ask('nobody', 'POST', '/api/login', LOGIN);
  const cookies = headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
  expect(cookies.map((each) => each.split('=')[0])).toEqual(['AtmoAuthToken_globex', 'Csrf-Token_globex']);
  const csrf = cookies[1]?.slice('Csrf-Token_globex='.length) ?? '';
  const made = await tenant.ask('nobody', 'POST', '/api/apps', {
    body: { Name: 'New' },
    headers: { cookie: cookies.join('; '), 'X-Csrf-Token_globex': csrf },
  });
  expect(made.body.AppID).toMatch(/^[\w-]{36}\.globex$/);
  expect(made.body.AppVersion.AppVersionID).toMatch(/^\w{40}\.globex$/);
  const own = { authorization: `Bearer ${tenant.harness.token}` };
  expect((await tenant.ask('nobody', 'GET', '/api/users/harness.globex', { headers: own })).status).toBe(200);
});

test('the harness’s token is a session with every role, as a cookie and as a bearer', async () => {
  const tenant = await start();
  const { token } = tenant.harness;
  const cookie = { cookie: `AtmoAuthToken_${FED}=${token}` };
  const body = { Name: 'App' };
  expect((await tenant.ask('nobody', 'POST', '/api/apps', { body, headers: cookie })).status).toBe(401);
  expect(
    (await tenant.ask('nobody', 'POST', '/api/apps', { body, headers: { ...cookie, [CSRF]: token } })).status,
  ).toBe(200);
  expect(
    (await tenant.ask('nobody', 'POST', '/api/apps', { body, headers: { authorization: `Bearer ${token}` } })).status,
  ).toBe(200);
  const roles = await tenant.ask('nobody', 'GET', `/api/users/${at('harness')}/roles`, { headers: cookie });
  expect(roles.body).toEqual({ RoleName: ['ApiAdmin', 'BusinessAdmin', 'AppTeam', 'Reader'] });
});

test('a session of a user’s own is no bearer', async () => {
  const tenant = await start();
  const { cookie = '' } = await tenant.session('tess');
  const [, token] = /AtmoAuthToken_\w+=([^;]+)/.exec(cookie) ?? [];
  expect((await tenant.ask('nobody', 'GET', FEED, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
});

test.each([
  ['broken JSON', 'application/json', '{', 500],
  ['what the contract does not have', 'application/json', '{"Environment":"Moon"}', 500],
  ['nothing', 'application/json', '', 500],
  ['another media type', 'text/plain', 'x', 415],
])('a body that is %s is refused with a fault', async (_, type, body, status) => {
  const tenant = await start();
  const headers = { ...(await tenant.session('tess')), 'content-type': type };
  const response = await fetch(`${tenant.harness.url}/api/contracts`, { method: 'POST', headers, body });
  expect([response.status, await response.json()]).toEqual([
    status,
    { faultcode: 'server', faultstring: expect.any(String) },
  ]);
});

test('paths below /api that nobody has are refused in Akana’s shape, and Workato keeps its own', async () => {
  const tenant = await start();
  expect(await tenant.ask('adam', 'GET', '/api/nothing')).toMatchObject({ status: 404, body: { faultcode: 'server' } });
  expect(await tenant.ask('adam', 'GET', '/api/managed_users/nothing/at/all')).toMatchObject({
    body: { message: 'Not found' },
  });
});

test('a seeded token is let in with its roles alone, and others are not', async () => {
  const tenant = await start();
  const asks = (token: string, init?: RequestInit) =>
    fetch(new URL(FEED, tenant.harness.url), { ...init, headers: { authorization: `Bearer ${token}` } });
  expect((await asks('reader')).status).toBe(401);
  await tenant.seed({ tokens: [{ token: 'reader', roles: ['Reader'] }] });
  expect((await asks('reader')).status).toBe(200);
  const request = { method: 'POST', headers: { authorization: 'Bearer reader', 'content-type': 'application/json' } };
  const body = JSON.stringify({ APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Sandbox' });
  const refused = await fetch(new URL('/api/contracts', tenant.harness.url), { ...request, body });
  expect(refused.status).toBe(401);
});
