import { ConnectorError } from '@connectorkit/sdk';
import { type Access, type HttpRequest, PLATFORMS, type Send } from '@connectorkit/sdk/platforms';
import { akanaAccess, akanaClient } from '@connectorkit/sdk/platforms/akana';
import { expect, test } from 'vitest';
import { API, API_VERSION, APP, APP_VERSION, at, contract, GIVEN, start, type Tenant, type User } from './tenant.ts';

const sent: HttpRequest[] = [];
const send: Send = async (request) => {
  sent.push(request);
  const { method, url, headers, body } = request;
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const single = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  return {
    status: response.status,
    headers: { ...single, ...(cookies.length > 0 && { 'set-cookie': cookies.join(', ') }) },
    body: await response.text(),
  };
};

const endpoint = (tenant: Tenant, token: string) => ({ url: tenant.harness.url, token, send });
const as = (tenant: Tenant, user: User): Access =>
  PLATFORMS.akana.access(endpoint(tenant, `${user}@acme.example:${user}'s password`));

async function refusalOf(asked: Promise<unknown>): Promise<ConnectorError> {
  const error = await asked.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
}

test('from request to credentials, by e-mail and password, with actions as the platform says', async () => {
  const tenant = await start();
  const [tess, adam] = [as(tenant, 'tess'), as(tenant, 'adam')];
  const made = await tess.request({
    api: API_VERSION,
    application: 'Shop',
    environment: 'Production',
    comment: 'Please.',
  });
  expect(made).toEqual({
    id: made.id,
    api: { id: API_VERSION, title: 'Payments' },
    application: { id: APP_VERSION, title: 'Shop' },
    environment: 'Production',
    tier: null,
    requestedTier: null,
    state: 'pending',
    status: 'apicontract.status.pending_approval',
    actions: ['cancel'],
  });
  expect(await tess.credentials(made.id)).toBeUndefined();
  expect((await adam.show(made.id)).actions).toEqual(['approve', 'reject']);
  expect(await adam.act(made.id, 'approve', { comment: 'Fine.' })).toMatchObject({
    state: 'approved',
    actions: ['activate', 'cancel'],
  });
  expect(await adam.act(made.id, 'activate')).toMatchObject({ state: 'active' });
  expect(await tess.credentials(made.id)).toEqual({
    clientId: 'acmepaymentscorp-appversion1',
    clientSecret: 'the shared secret',
  });
  expect(await adam.act(made.id, 'suspend')).toMatchObject({ state: 'suspended', actions: ['resume', 'cancel'] });
  expect(await tess.credentials(made.id)).toBeUndefined();
});

test('an action that is not valid is reported with those that are', async () => {
  const tenant = await start({}, { ...GIVEN, contracts: [contract('c1', { state: 'apicontract.status.activated' })] });
  const refused = await refusalOf(as(tenant, 'tess').act(at('c1'), 'approve'));
  expect(refused).toMatchObject({
    kind: 'refused',
    diagnostics: [{ code: 'access/not-valid', found: 'approve', hint: 'Possible actions: cancel.' }],
  });
  const rita = await refusalOf(as(tenant, 'rita').act(at('c1'), 'cancel'));
  expect(rita.diagnostics[0]?.hint).toBe('This user has no actions on it now.');
});

test('revise makes a second contract', async () => {
  const tenant = await start({}, { ...GIVEN, contracts: [contract('c1', { state: 'apicontract.status.activated' })] });
  const revision = await as(tenant, 'tess').act(at('c1'), 'revise');
  expect(revision).toMatchObject({ state: 'pending', environment: 'Sandbox' });
  expect(revision.id).not.toBe(at('c1'));
});

test('an API and an app are found by version, by id and by name', async () => {
  const tenant = await start();
  const tess = as(tenant, 'tess');
  for (const [api, application] of [
    [API_VERSION, APP_VERSION],
    [API, APP],
    ['Payments', 'Shop'],
  ] as const) {
    const { id } = await tess.request({ api, application });
    await tess.act(id, 'cancel');
  }
  const none = await refusalOf(tess.request({ api: 'Nothing', application: 'Shop' }));
  expect(none).toMatchObject({ kind: 'refused', diagnostics: [{ code: 'origin/not-found', found: 'Nothing' }] });
  await tenant.seed({
    apps: [{ id: at('app2'), name: 'Shop', team: [at('tess')], versions: [{ id: at('appversion2') }] }],
  });
  expect((await refusalOf(tess.request({ api: API, application: 'Shop' }))).message).toContain('Several');
});

test.each(['json', 'xml'] as const)('lists by API, by app, and of all one’s apps, from %s', async (feeds) => {
  const contracts = [
    contract('c1', { state: 'apicontract.status.activated' }),
    contract('c2', { environment: 'Production' }),
  ];
  const other = { id: at('app2'), name: 'Other', versions: [{ id: at('appversion2') }] };
  const tenant = await start(
    {},
    {
      ...GIVEN,
      apps: [...GIVEN.apps, other],
      contracts: [...contracts, { ...contract('c3'), app_version: at('appversion2') }],
    },
  );
  const access = (user: User) => akanaAccess(endpoint(tenant, `${user}@acme.example:${user}'s password`), { feeds });
  const ids = async (list: ReturnType<Access['list']>) => (await list).map(({ id }) => id.split('.')[0]);
  expect(await ids(access('adam').list({ api: 'Payments' }))).toEqual(['c1', 'c2', 'c3']);
  expect(await ids(access('adam').list({ api: API_VERSION, state: 'active' }))).toEqual(['c1']);
  expect(await ids(access('bea').list({ api: API_VERSION, application: 'Other' }))).toEqual(['c3']);
  expect(await ids(access('tess').list({ application: 'Shop', environment: 'Production' }))).toEqual(['c2']);
  expect(await ids(access('tess').list({}))).toEqual(['c1', 'c2']);
  const [first] = await access('adam').list({ api: API });
  expect(first).toMatchObject({
    api: { title: 'Payments' },
    application: { title: 'Shop' },
    state: 'active',
    actions: ['suspend', 'cancel'],
  });
});

test('accepting the terms accepts what the API wants accepted', async () => {
  const legals = [{ id: at('legal1'), title: 'Terms' }];
  const tenant = await start({}, { ...GIVEN, apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, legals }] }] });
  await as(tenant, 'tess').request({ api: API, application: APP, acceptTerms: true });
  const path = `/api/apis/versions/${API_VERSION}/legals?AgreementScopeID=${APP_VERSION}`;
  expect((await tenant.ask('tess', 'GET', path)).body.Document[0].Accepted).toBe(true);
});

test('a session that is over is begun again, once for all that found it over', async () => {
  const tenant = await start({}, { ...GIVEN, contracts: [contract('c1')] });
  const adam = as(tenant, 'adam');
  await adam.show(at('c1'));
  tenant.wait(31);
  sent.length = 0;
  expect((await adam.show(at('c1'))).state).toBe('pending');
  expect(sent.filter(({ url }) => url.endsWith('/api/login'))).toHaveLength(1);
});

test('a wrong password is told by the platform’s own words', async () => {
  const tenant = await start();
  const refused = await refusalOf(
    PLATFORMS.akana.access(endpoint(tenant, 'adam@acme.example:wrong')).list({ api: API }),
  );
  expect(refused).toMatchObject({ kind: 'auth', diagnostics: [{ code: 'origin/unauthenticated' }] });
  expect(refused.message).toContain('The e-mail address or the password is not correct.');
  expect(refused.message).not.toContain('wrong');
});

test('the cookies of a session are a token, and so is the harness’s own', async () => {
  const tenant = await start();
  const { cookie = '' } = await tenant.session('tess');
  const [, value = ''] = /AtmoAuthToken_\w+=([^;]+)/.exec(cookie) ?? [];
  for (const token of [cookie, tenant.harness.token]) {
    const call = akanaClient(endpoint(tenant, token));
    expect((await call('createApp', { body: { Name: 'New' } })).Name, token).toBe('New');
  }
  // The value alone lacks the header against forgery: renewing the session brings it.
  sent.length = 0;
  expect((await akanaClient(endpoint(tenant, value))('createApp', { body: { Name: 'New' } })).Name).toBe('New');
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/api/apps', '/api/login/renewToken', '/api/apps']);
});

test('who one is', async () => {
  const tenant = await start();
  const { whoami } = PLATFORMS.akana;
  expect(await whoami(endpoint(tenant, "bea@acme.example:bea's password"))).toEqual({
    name: 'Bea Boss',
    email: 'bea@acme.example',
    scopes: ['BusinessAdmin'],
  });
  expect(await whoami(endpoint(tenant, tenant.harness.token))).toMatchObject({
    name: 'Harness Owner',
    email: 'harness@example.com',
  });
  const nobody = await refusalOf(whoami(endpoint(tenant, 'TokenID%3Dnobody')));
  expect(nobody).toMatchObject({ kind: 'auth', diagnostics: [{ code: 'origin/unauthenticated' }] });
});

test('a fault is reported in the platform’s own words, from JSON and XML', async () => {
  const tenant = await start();
  for (const feeds of ['json', 'xml'] as const) {
    const call = akanaClient(endpoint(tenant, tenant.harness.token), { feeds });
    const refused = await refusalOf(call('getConnectedApps', { path: { APIVersionID: at('none') } }));
    expect(refused.message).toContain(`There is no object of the type [apiversion] with the id [${at('none')}].`);
  }
});
