import { ConnectorError } from '@connectorkit/sdk';
import { type Endpoint, type HttpRequest, PLATFORMS } from '@connectorkit/sdk/platforms';
import { expect, test } from 'vitest';
import { type Anypoint, GROUP, MANUAL, ORGANIZATION, start, TIER } from './exchange.ts';

const API = `${ORGANIZATION}/connected-raml/v1/956703`;
const GROUP_API = `${ORGANIZATION}/great-group/v1/group:24608`;

/** The sdk's client with a token, and what it sent. */
function client({ harness }: Anypoint, token: string, base = '') {
  const sent: HttpRequest[] = [];
  const endpoint: Endpoint = {
    url: `${harness.url}${base}`,
    token,
    send: async (request) => {
      sent.push(request);
      const { method, headers, body } = request;
      const response = await fetch(request.url, { method, headers, ...(body === undefined ? {} : { body }) });
      const type = response.headers.get('content-type') ?? undefined;
      return { status: response.status, headers: { 'content-type': type }, body: await response.text() };
    },
  };
  return { access: PLATFORMS.anypoint.access(endpoint), whoami: () => PLATFORMS.anypoint.whoami(endpoint), sent };
}

/** An application of the requester's, and an owner; tokens are names and passwords. */
async function world(given: object = {}) {
  const anypoint = await start({ tiers: [TIER, MANUAL], ...given });
  const token = await anypoint.login('requester');
  const { body } = await anypoint.ask(
    'POST',
    `/exchange/api/v2/organizations/${ORGANIZATION}/applications`,
    { name: 'Shop' },
    { token },
  );
  const requester = client(anypoint, 'requester:requester').access;
  const owner = client(anypoint, 'approver:approver').access;
  return { anypoint, application: body, requester, owner };
}

const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'nothing',
    (error: ConnectorError) => [error.kind, error.diagnostics[0]?.code],
  );

test('access is requested, decided, revised and revoked by those who may', async () => {
  const { application, requester, owner } = await world();
  const made = await requester.request({ api: API, application: 'Shop', tier: 'manual SLA', acceptTerms: true });
  const id = `${API}/${application.id}/1`;
  expect(made).toEqual({
    id,
    api: { id: API, title: 'connected-raml v1:956703' },
    application: { id: String(application.id), title: 'Shop' },
    environment: 'Sandbox',
    tier: null,
    requestedTier: 'manual SLA',
    state: 'pending',
    status: 'PENDING',
    actions: [],
  });
  expect(await requester.credentials(id)).toBeUndefined();
  expect((await owner.list({ api: API, state: 'pending' })).map((each) => [each.id, each.actions])).toEqual([
    [id, ['approve', 'reject']],
  ]);
  expect(await owner.act(id, 'approve')).toMatchObject({ state: 'approved', tier: 'manual SLA', actions: ['revoke'] });
  const { clientId, clientSecret } = application;
  expect(await requester.credentials(`${application.id}/1`)).toEqual({ clientId, clientSecret });

  expect(await requester.act(id, 'revise', { tier: 'new SLA' })).toMatchObject({
    tier: 'new SLA',
    actions: ['revise'],
  });
  const changing = await requester.act(id, 'revise', { tier: String(MANUAL.id) });
  expect(changing).toMatchObject({ state: 'approved', tier: 'new SLA', requestedTier: 'manual SLA' });
  expect((await owner.show(id)).actions).toEqual(['approve', 'reject', 'revoke']);
  expect(await owner.act(id, 'reject')).toMatchObject({ tier: 'new SLA', requestedTier: null });
  await requester.act(id, 'revise', { tier: 'manual SLA' });
  expect(await owner.act(id, 'approve')).toMatchObject({ tier: 'manual SLA', requestedTier: null });

  expect(await owner.act(id, 'revoke')).toMatchObject({ state: 'revoked', actions: ['restore', 'cancel'] });
  expect(await requester.credentials(id)).toBeUndefined();
  expect(await codeOf(requester.act(id, 'restore'))).toEqual(['refused', 'access/not-valid']);
  await owner.act(id, 'restore');
  await owner.act(id, 'revoke');
  expect(await owner.act(id, 'cancel')).toMatchObject({ state: 'cancelled', actions: [] });
  expect(await codeOf(owner.show(id))).toEqual(['refused', 'origin/not-found']);
  expect(await requester.list({})).toEqual([]);
});

test('an owner may approve on another tier, and reject', async () => {
  const { requester, owner } = await world();
  const { id } = await requester.request({ api: API, application: 'Shop', tier: 'manual SLA' });
  expect(await owner.act(id, 'approve', { tier: 'new SLA' })).toMatchObject({ tier: 'new SLA', requestedTier: null });
  await owner.act(id, 'revoke');
  await owner.act(id, 'cancel');
  const again = await requester.request({ api: API, application: 'Shop', tier: 'manual SLA' });
  expect(await owner.act(again.id, 'reject')).toMatchObject({ state: 'rejected', actions: ['cancel'] });
});

test('a group is asked for in the same way', async () => {
  const tiers = [{ ...MANUAL, kind: 'api-group', instanceId: 24608 }];
  const { requester, owner, anypoint } = await world({ ...GROUP, tiers });
  const made = await requester.request({ api: GROUP_API, application: 'Shop', tier: 'manual SLA' });
  expect(made).toMatchObject({ api: { id: GROUP_API }, environment: 'Sandbox', state: 'pending' });
  const grouper = client(anypoint, 'grouper:grouper').access;
  expect((await grouper.show(made.id)).actions).toEqual(['approve', 'reject']);
  expect(await owner.act(made.id, 'approve')).toMatchObject({ state: 'approved', tier: 'manual SLA' });
  await grouper.act(made.id, 'revoke');
  expect(await grouper.act(made.id, 'cancel')).toMatchObject({ state: 'cancelled' });
});

test('what is listed is what fits', async () => {
  const { anypoint, requester, owner, application } = await world({
    environments: [{ id: 'live', name: 'Live' }],
    instances: [{ id: 5, assetId: 'connected-raml', environmentId: 'live' }],
  });
  const live = `${ORGANIZATION}/connected-raml/v1/5`;
  await requester.request({ api: API, application: String(application.id), tier: 'manual SLA' });
  await requester.request({ api: live, application: 'Shop', environment: 'Live' });
  const ids = async (filter: object) => (await requester.list(filter)).map((each) => each.api.id);
  expect(await ids({})).toEqual([API, live]);
  expect(await ids({ application: 'Shop', environment: 'Live' })).toEqual([live]);
  expect(await ids({ state: 'pending' })).toEqual([API]);
  expect(await ids({ api: live })).toEqual([live]);
  expect(await ids({ application: 'Other' })).toEqual([]);
  expect((await owner.list({ api: API, application: 'Other' })).length).toBe(0);
  expect((await owner.list({ api: API, application: 'Shop' })).length).toBe(1);
  expect(await client(anypoint, 'colleague:colleague').access.list({ api: API }), 'neither side is theirs').toEqual([]);
  const auditor = client(anypoint, 'auditor:auditor').access;
  expect(
    (await auditor.list({ api: API })).map(({ actions }) => actions),
    'who only looks decides nothing',
  ).toEqual([[]]);
});

test('what cannot be asked for is said', async () => {
  const { requester, owner } = await world();
  const ask = (more: object) => requester.request({ api: API, application: 'Shop', ...more });
  expect(await codeOf(ask({ tier: 'Platinum' }))).toEqual(['refused', 'origin/refused']);
  await expect(ask({ tier: 'Platinum' })).rejects.toMatchObject({
    diagnostics: [{ hint: 'Choose one of new SLA, manual SLA.' }],
  });
  expect(await codeOf(ask({}))).toEqual(['refused', 'origin/refused']);
  expect(await codeOf(ask({ application: 'Nobody’s' }))).toEqual(['refused', 'origin/not-found']);
  expect(await codeOf(ask({ environment: 'Live' }))).toEqual(['refused', 'origin/refused']);
  for (const api of [
    'orders',
    `${API}/1`,
    `${ORGANIZATION}/connected-raml/v1/x`,
    `${ORGANIZATION}/connected-raml/v1/7`,
  ]) {
    expect([api, await codeOf(ask({ api }))]).toEqual([api, ['refused', 'origin/not-found']]);
  }
  for (const contract of ['1', 'a/b', '1/2/3', '273626/379427', `${API}/273626/379427`]) {
    expect([contract, await codeOf(owner.show(contract))]).toEqual([contract, ['refused', 'origin/not-found']]);
  }
});

test('the token is a session’s, or a name and a password, or a connected app’s', async () => {
  const { anypoint } = await world({ connected_apps: [{ id: 'robot', name: 'Robot', secret: 's:~' }] });
  const session = client(anypoint, await anypoint.login('requester'));
  expect(await session.whoami()).toEqual({
    name: 'requester',
    email: 'requester@example.com',
    scopes: ['Exchange Viewer', 'Exchange Contributor', 'Exchange Administrator'],
  });
  expect(session.sent.some(({ url }) => url.includes('login'))).toBe(false);
  expect(await client(anypoint, '~~~Client~~~:robot~?~s:~').whoami()).toMatchObject({ name: 'Robot' });
  const wrong = client(anypoint, 'requester:secret-word');
  const error = await wrong.whoami().catch((each: unknown) => each);
  expect(error).toBeInstanceOf(ConnectorError);
  expect(JSON.stringify((error as ConnectorError).diagnostics)).not.toContain('secret-word');
  expect(await codeOf(wrong.access.list({}))).toEqual(['auth', 'origin/unauthenticated']);
});

test('a session that has ended is begun again, once', async () => {
  const { anypoint } = await world();
  const { access, sent } = client(anypoint, 'requester:requester');
  await access.list({});
  const logins = () => sent.filter(({ url }) => url.endsWith('/accounts/login')).length;
  expect(logins()).toBe(1);
  anypoint.at('2026-05-01T12:00:00.000Z');
  await access.list({});
  expect(logins()).toBe(2);
});

test.each(['/', '/exchange/api/v2', '/apimanager'])('an address may end with %s', async (base) => {
  const { anypoint } = await world();
  expect(await client(anypoint, 'owner:owner', base).whoami()).toMatchObject({ name: 'owner' });
});
