import { expect, test } from 'vitest';
import {
  type Answered,
  API,
  API_VERSION,
  APP,
  APP_VERSION,
  actionsOf,
  at,
  category,
  contract,
  entity,
  GIVEN,
  start,
  type Tenant,
} from './tenant.ts';

/** "Connect your app to an API and manage connections", statement by statement. */

const APP_FEED = `/api/apps/versions/${APP_VERSION}/contracts`;
const CONTRACT = { path: (id: string) => `/api/contracts/${id}` };

async function items(tenant: Tenant, user: Parameters<Tenant['ask']>[0], path: string): Promise<Answered['body'][]> {
  const { status, body } = await tenant.ask(user, 'GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.channel.item;
}

const titles = (found: Answered['body'][]) => found.map(({ title }) => title);
const guids = (found: Answered['body'][]) => found.map(({ guid }) => guid.value);

test('B-01 a connection joins API, app, group, contract and user, and stands in the collections of both', async () => {
  const tenant = await start();
  const id = await tenant.request();
  expect(guids(await tenant.connected())).toEqual([id]);
  expect(guids(await items(tenant, 'tess', APP_FEED))).toEqual([id]);
  const { body: group } = await tenant.ask('rita', 'POST', '/api/groups', { body: { Name: 'Readers' } });
  await tenant.ask('rita', 'POST', `/api/groups/${group.GroupID}/members`, { body: at('tess') });
  expect(titles(await items(tenant, 'adam', `/api/groups/${group.GroupID}/members`))).toEqual([
    'Rita Reader',
    'Tess Team',
  ]);
  expect(titles(await items(tenant, 'tess', `/api/users/${at('tess')}/groups`))).toEqual(['Readers']);
  // A group can be what an API is shared with.
  await tenant.seed({ apis: [{ ...GIVEN.apis[0], visibility: 'Limited', invited: [group.GroupID] }] });
  expect((await tenant.ask('tess', 'GET', `/api/apis/${API}`)).status).toBe(200);
  await tenant.ask('tess', 'DELETE', `/api/groups/${group.GroupID}/members/${at('tess')}`);
  expect((await tenant.ask('tess', 'GET', `/api/apis/${API}`)).status).toBe(401);
});

test('B-02 a request puts an entry on the API’s apps and on the app’s APIs', async () => {
  const tenant = await start();
  const before = [await tenant.connected(), await items(tenant, 'tess', APP_FEED)];
  expect(before).toEqual([[], []]);
  const id = await tenant.request();
  const [[ofApi], [ofApp]] = [await tenant.connected(), await items(tenant, 'tess', APP_FEED)];
  expect([entity(ofApi, 'app')?.Title, entity(ofApp, 'api')?.Title]).toEqual(['Shop', 'Payments']);
  expect([ofApi.guid.value, ofApp.guid.value]).toEqual([id, id]);
  const { body } = await tenant.ask('tess', 'GET', APP_FEED, { headers: { accept: 'application/vnd.soa.v81+json' } });
  expect(body.Contract).toMatchObject([{ ContractID: id, RuntimeID: APP_VERSION, APIVersionID: API_VERSION }]);
});

test('B-03 the user sees it among the connections of one’s own, with what one follows', async () => {
  const tenant = await start();
  const id = await tenant.request();
  await tenant.ask('tess', 'POST', `/api/apis/${API}/followers`, { body: at('tess') });
  const own = await items(tenant, 'tess', `/api/users/${at('tess')}/connections`);
  expect(own[0].guid.value).toBe(id);
  expect(own.slice(1).map((each) => [each.title, category(each, 'resourcetype')])).toEqual([['Payments', 'following']]);
  expect(await items(tenant, 'rita', `/api/users/${at('rita')}/connections`)).toEqual([]);
  expect((await tenant.ask('rita', 'GET', `/api/users/${at('tess')}/connections`)).status).toBe(401);
});

test('B-04 automatic connections come with the app, and are managed like others', async () => {
  const automatic = { apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, automatic: true }] }] };
  const tenant = await start({}, { ...GIVEN, ...automatic });
  const { body: app } = await tenant.ask('rita', 'POST', '/api/apps', { body: { Name: 'Brand new' } });
  const [item] = await tenant.connected();
  expect([entity(item, 'app')?.Title, category(item, 'wfstate')]).toEqual([
    'Brand new',
    'apicontract.status.activated',
  ]);
  expect((await tenant.act('adam', item.title, 'suspend')).status).toBe(200);
  expect((await tenant.act('rita', item.title, 'cancel')).status).toBe(200);
  expect(await items(tenant, 'rita', `/api/apps/versions/${app.AppVersion.AppVersionID}/contracts`)).toEqual([]);
});

test('B-05 on submission: a notification for the API’s admin, forum entries of app and user, pending approval', async () => {
  const tenant = await start();
  const id = await tenant.request();
  const { body } = await tenant.ask('adam', 'GET', `/api/users/${at('adam')}/notifications`);
  expect(body.channel.totalResults).toBe(1);
  const [told] = body.channel.item;
  expect(told).toMatchObject({ title: 'Payments', description: 'Access requested for Sandbox environment' });
  expect(category(told, 'notificationtype')).toBe('com.soa.notification.type.api.access.requested.both.apiadmin');
  expect(entity(told, 'contract')?.Guid).toBe(id);
  const [item] = await tenant.connected();
  const ticket = entity(item, 'board-item')?.Guid;
  expect(ticket).toMatch(/^contract_request\d+\.acmepaymentscorp$/);
  for (const forum of [
    `/api/apps/${APP}/board`,
    `/api/users/${at('tess')}/board`,
    `/api/apis/versions/${API_VERSION}/board`,
  ]) {
    const [entry] = await items(tenant, 'tess', forum);
    expect([entry.guid.value, category(entry, 'ticketstatus')], forum).toEqual([ticket, 'Pending Approval']);
  }
  expect(category(item, 'wfstate')).toBe('apicontract.status.pending_approval');
});

const ticketOf = async (tenant: Tenant) =>
  category((await items(tenant, 'tess', `/api/apps/${APP}/board`))[0], 'ticketstatus');

test('B-06 approved: the ticket says so, and the table entry is activated', async () => {
  const tenant = await start();
  const id = await tenant.request('Sandbox');
  expect((await tenant.act('adam', id, 'approve')).status).toBe(200);
  expect([await ticketOf(tenant), await tenant.state(id)]).toEqual(['Approved', 'apicontract.status.activated']);
});

test('B-07 what a sandbox app asks for in production still wants activation after approval', async () => {
  const tenant = await start();
  const id = await tenant.request('Production');
  await tenant.act('adam', id, 'approve');
  expect([await ticketOf(tenant), await tenant.state(id)]).toEqual(['Approved', 'apicontract.status.approved']);
  expect(await tenant.connected('adam', '?ActivatedOnly=true')).toEqual([]);
  await tenant.act('adam', id, 'activate');
  expect(await tenant.state(id)).toBe('apicontract.status.activated');
});

test('B-08 once activated, the API can be used in that environment: its address and the app’s secret are there', async () => {
  const endpoints = [
    { Category: 'Sandbox', Uri: 'http://sandbox.acme.example' },
    { Category: 'Production', Uri: 'http://acme.example' },
  ];
  const tenant = await start(
    {},
    { ...GIVEN, apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, endpoints }] }] },
  );
  const id = await tenant.request('Sandbox');
  await tenant.act('adam', id, 'approve');
  const { body } = await tenant.ask('tess', 'GET', CONTRACT.path(id));
  expect(body).toMatchObject({ Status: 'com.soa.apicontract.inforce', Endpoint: endpoints.slice(0, 1) });
  const secret = `/api/apps/versions/${APP_VERSION}/secret`;
  expect((await tenant.ask('tess', 'GET', secret)).body).toEqual({ SharedSecret: 'the shared secret' });
  expect((await tenant.ask('rita', 'GET', secret)).status).toBe(401);
  await tenant.ask('tess', 'PUT', secret);
  expect((await tenant.ask('tess', 'GET', secret)).body.SharedSecret).toMatch(/^\w{40}$/);
});

test('B-09 whether the legal agreements were accepted is reported with the contract', async () => {
  const legals = [{ id: at('legal1'), title: 'Terms of use' }];
  const tenant = await start({}, { ...GIVEN, apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, legals }] }] });
  await tenant.request();
  expect(entity((await tenant.connected())[0], 'agreement')).toBeUndefined();
  const path = `/api/apis/versions/${API_VERSION}/legals`;
  const asked = `${path}?AgreementScopeID=${APP_VERSION}`;
  expect((await tenant.ask('tess', 'GET', asked)).body.Document).toEqual([
    { DocumentID: at('legal1'), Title: 'Terms of use', Accepted: false },
  ]);
  const body = { DocumentID: at('legal1'), AgreementScopeID: APP_VERSION };
  expect((await tenant.ask('rita', 'POST', path, { body })).status).toBe(401);
  expect((await tenant.ask('tess', 'POST', path, { body })).status).toBe(200);
  expect((await tenant.ask('tess', 'POST', path, { body: { ...body, DocumentID: at('none') } })).status).toBe(500);
  expect((await tenant.ask('tess', 'GET', asked)).body.Document[0].Accepted).toBe(true);
  expect(entity((await tenant.connected())[0], 'agreement')).toMatchObject({
    Guid: at('legal1'),
    Title: 'Terms of use',
  });
});

test('B-10 sandbox and live stand apart, each with its status and its valid actions', async () => {
  const tenant = await start();
  const sandbox = await tenant.request('Sandbox');
  await tenant.request('Production');
  await tenant.act('adam', sandbox, 'approve');
  const columns = await tenant.connected('adam', '?IncludeActions=true');
  expect(columns.map((each) => [category(each, 'environment'), category(each, 'wfstate'), actionsOf(each)])).toEqual([
    ['Sandbox', 'apicontract.status.activated', ['suspend', 'cancel']],
    ['Production', 'apicontract.status.pending_approval', ['approve', 'reject', 'edit']],
  ]);
});

test('B-11 the five statuses of an app', async () => {
  const tenant = await start();
  expect(await tenant.connected(), 'inactive: not requested yet').toEqual([]);
  const id = await tenant.request();
  const status = async () => category((await tenant.connected())[0], 'wfstate')?.replace('apicontract.status.', '');
  expect(await status(), 'access requested').toBe('pending_approval');
  await tenant.act('adam', id, 'reject');
  expect(await status(), 'rejected').toBe('rejected');
  await tenant.act('tess', id, 'resubmit');
  expect(await status(), 'access requested').toBe('resubmitted');
  await tenant.act('adam', id, 'approve');
  expect(await status(), 'active').toBe('activated');
  await tenant.act('adam', id, 'suspend');
  expect(await status(), 'suspended').toBe('suspended');
});

test('B-12 cancel takes the listing away, and another request begins anew; revise makes a second contract', async () => {
  const tenant = await start();
  const first = await tenant.request();
  await tenant.act('tess', first, 'cancel');
  expect(await tenant.connected()).toEqual([]);
  const second = await tenant.request();
  expect(second).not.toBe(first);
  await tenant.act('adam', second, 'approve');
  const revision = await tenant.request();
  const both = await tenant.connected();
  expect(both.map((each) => [each.title, category(each, 'status'), category(each, 'wfstate')])).toEqual([
    [second, 'com.soa.apicontract.inforce', 'apicontract.status.activated'],
    [revision, 'com.soa.apicontract.draft', 'apicontract.status.pending_approval'],
  ]);
  const body = { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Sandbox' };
  const third = await tenant.ask('tess', 'POST', '/api/contracts', { body });
  expect(third).toMatchObject({ status: 500, body: { faultstring: expect.stringContaining('only one') } });
  await tenant.act('adam', revision, 'approve');
  const left = await tenant.connected();
  expect(left.map((each) => [each.title, category(each, 'status')])).toEqual([
    [revision, 'com.soa.apicontract.inforce'],
  ]);
});

test('B-12 a revision whose original is cancelled stands on its own', async () => {
  const tenant = await start({}, { ...GIVEN, contracts: [contract('c1', { state: 'apicontract.status.activated' })] });
  const revision = await tenant.request();
  await tenant.act('tess', at('c1'), 'cancel');
  expect((await tenant.ask('tess', 'GET', CONTRACT.path(revision))).body.Status).toBe('com.soa.apicontract.inforce');
});

test('B-13 the tasks of an access request, each by those who may', async () => {
  const tenant = await start();
  const tries = async (id: string, action: string) => {
    const refused = [
      await tenant.act('rita', id, action),
      ...(action === 'cancel' ? [] : [await tenant.act('tess', id, action)]),
    ];
    return refused.map(({ status }) => status);
  };
  const first = await tenant.request('Production');
  expect(await tries(first, 'approve')).toEqual([401, 500]);
  await tenant.act('bea', first, 'approve');
  expect(await tries(first, 'activate')).toEqual([401, 500]);
  await tenant.act('bea', first, 'activate');
  expect(await tenant.state(first)).toBe('apicontract.status.activated');
  const second = await tenant.request('Sandbox');
  expect(await tries(second, 'reject')).toEqual([401, 500]);
  await tenant.act('adam', second, 'reject');
  expect(await tries(second, 'cancel')).toEqual([401]);
  await tenant.act('tess', second, 'cancel');
  expect(await tenant.state(second)).toBe('apicontract.status.cancelled');
  const revise = { body: { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Production' } };
  expect((await tenant.ask('rita', 'POST', '/api/contracts', revise)).status).toBe(401);
  expect((await tenant.ask('adam', 'POST', '/api/contracts', revise)).status).toBe(401);
  expect((await tenant.ask('tess', 'POST', '/api/contracts', revise)).status).toBe(200);
});

test('B-14 what is settled is modified by admins of the API or the business alone', async () => {
  const tenant = await start();
  const id = await tenant.request('Production');
  const put = async (user: 'adam' | 'bea' | 'tess' | 'rita', body: object) =>
    (await tenant.ask(user, 'PUT', CONTRACT.path(id), { body })).status;
  const policies = { Policies: { Policy: [{ PolicyKey: 'qos.gold' }] } };
  expect([await put('tess', policies), await put('rita', policies)]).toEqual([200, 401]);
  for (const action of ['approve', 'activate']) {
    await tenant.act('adam', id, action);
    expect([await put('tess', policies), await put('adam', policies), await put('bea', policies)], action).toEqual([
      500, 200, 200,
    ]);
  }
  expect(await put('bea', { ContractScope: { Restricted: true, LicenseID: ['gold'] } })).toBe(200);
  const { body } = await tenant.ask('tess', 'GET', CONTRACT.path(id));
  expect(body).toMatchObject({
    Policies: { Policy: [{ PolicyKey: 'qos.gold' }] },
    ContractScope: { Restricted: true, LicenseID: ['gold'] },
    State: 'apicontract.status.activated',
  });
  await tenant.act('tess', id, 'cancel');
  expect(await put('bea', policies)).toBe(500);
});

test('B-15 the comment that goes with cancelling is kept on the ticket', async () => {
  const tenant = await start();
  const id = await tenant.request();
  await tenant.act('tess', id, 'cancel', 'No longer needed & <done>.');
  const [entry] = await items(tenant, 'tess', `/api/apps/${APP}/board`);
  expect(entry.description).toBe('Cancelled\nNo longer needed & <done>.');
});

test('B-16 follow, followers, followings; a follower is removed by oneself or by an admin', async () => {
  const tenant = await start();
  const followers = `/api/apis/${API}/followers`;
  const follow = (user: 'adam' | 'tess' | 'rita', whom = user as string) =>
    tenant.ask(user, 'POST', followers, { body: at(whom) });
  expect((await follow('rita')).body).toBe('1');
  expect((await follow('rita')).body, 'again changes nothing').toBe('1');
  expect((await follow('tess')).body).toBe('2');
  expect((await follow('rita', 'bea')).status, 'not for others').toBe(401);
  const listed = await items(tenant, 'adam', followers);
  expect(listed.map((each) => [each.title, entity(each, 'user')?.Guid])).toEqual([
    ['Rita Reader', at('rita')],
    ['Tess Team', at('tess')],
  ]);
  expect(listed[0].Image[0]).toMatchObject({
    Title: 'user',
    Url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/users\/avatar\/_\w{22}$/),
  });
  const following = `/api/users/${at('rita')}/followings`;
  expect(titles(await items(tenant, 'rita', `${following}?Type=api`))).toEqual(['Payments']);
  expect(titles(await items(tenant, 'rita', `${following}?Type=app`))).toEqual([]);
  const [ritas, tesss] = listed.map(({ guid }) => `${followers}/${guid.value}`);
  expect((await tenant.ask('rita', 'DELETE', tesss ?? '')).status).toBe(401);
  expect((await tenant.ask('rita', 'DELETE', ritas ?? '')).body).toBe('1');
  expect((await tenant.ask('adam', 'DELETE', tesss ?? '')).body).toBe('0');
  expect((await tenant.ask('adam', 'DELETE', tesss ?? '')).status).toBe(500);
  expect([await items(tenant, 'adam', followers), await items(tenant, 'rita', following)]).toEqual([[], []]);
});

test('B-16 apps and groups are followed alike', async () => {
  const tenant = await start();
  expect((await tenant.ask('rita', 'POST', `/api/apps/${APP}/followers`, { body: at('rita') })).body).toBe('1');
  expect((await tenant.ask('rita', 'GET', `/api/apps/${APP}/followers`)).status, 'for its team').toBe(401);
  expect(titles(await items(tenant, 'tess', `/api/apps/${APP}/followers`))).toEqual(['Rita Reader']);
  const { body } = await tenant.ask('adam', 'POST', '/api/groups', { body: { Name: 'Partners' } });
  await tenant.ask('rita', 'POST', `/api/groups/${body.GroupID}/followers`, { body: at('rita') });
  expect(titles(await items(tenant, 'adam', `/api/groups/${body.GroupID}/followers`))).toEqual(['Rita Reader']);
  expect(titles(await items(tenant, 'rita', `/api/users/${at('rita')}/followings`))).toEqual(['Shop', 'Partners']);
});

test('notifications are counted, marked and archived', async () => {
  const tenant = await start();
  for (const environment of ['Sandbox', 'Production']) await tenant.request(environment);
  const path = `/api/users/${at('adam')}/notifications`;
  const count = async () => (await tenant.ask('adam', 'GET', `${path}/count`)).body;
  expect(await count()).toBe('2');
  const [first] = await items(tenant, 'adam', `${path}?count=1`);
  expect(first.description, 'the latest first').toBe('Access requested for Production environment');
  expect((await tenant.ask('adam', 'PUT', `${path}/${first.guid.value}/state`, { body: 'archived' })).status).toBe(200);
  expect((await tenant.ask('adam', 'PUT', `${path}/${first.guid.value}/state`, { body: 'eaten' })).status).toBe(500);
  expect((await tenant.ask('tess', 'PUT', `${path}/${first.guid.value}/state`, { body: 'archived' })).status).toBe(401);
  const [second] = await items(tenant, 'adam', path);
  await tenant.ask('adam', 'PUT', `${path}/${second.guid.value}/state`, { body: 'read' });
  expect(category((await items(tenant, 'adam', path))[0], 'notificationstate')).toBe('read');
  const body = { State: 'archived', NotificationID: [second.guid.value] };
  expect((await tenant.ask('adam', 'PUT', `${path}/state`, { body })).status).toBe(200);
  expect(await count()).toBe('0');
});

test('what a contract joins goes: its contracts are listed no more', async () => {
  const states = ['pending_approval', 'activated'].map((name) => `apicontract.status.${name}`);
  const contracts = states.map((state, n) =>
    contract(`c${n}`, { state, environment: n === 0 ? 'Sandbox' : 'Production' }),
  );
  const tenant = await start({}, { ...GIVEN, contracts });
  expect((await tenant.ask('rita', 'DELETE', `/api/apps/${APP}`)).status).toBe(401);
  expect((await tenant.ask('tess', 'DELETE', `/api/apps/${APP}`)).status).toBe(200);
  expect(await tenant.connected()).toEqual([]);
  expect(await tenant.state(at('c0'))).toBe('apicontract.status.app.deleted');
  expect((await tenant.ask('tess', 'GET', `/api/apps/versions/${APP_VERSION}`)).status).toBe(500);
  expect((await tenant.act('adam', at('c0'), 'cancel')).body).toBe('apicontract.status.cancelled');
  const reported = await items(tenant, 'adam', `/api/users/${at('adam')}/notifications`);
  expect(
    reported.map((each) => category(each, 'notificationtype')?.replace('com.soa.notification.type.api.access.', '')),
  ).toEqual(['cancelled.request.apiadmin', 'cancelled.appdeleted.apiadmin', 'cancelled.appdeleted.apiadmin']);
});
