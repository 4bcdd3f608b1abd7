import { expect, test } from 'vitest';
import { askOwn } from '../own-api.ts';
import { ACCESS, type Anypoint, APPLICATIONS, start } from './exchange.ts';

const QUEUE = '/platforms/anypoint/access';

const own = (anypoint: Anypoint, method: string, path: string, body?: unknown) =>
  askOwn(anypoint.harness, method, path, body);

const names = (actions: readonly { readonly name: string }[]) => actions.map(({ name }) => name).sort();

const TIERS = [
  {
    id: 11,
    instanceId: 7,
    name: 'Gold',
    autoApprove: false,
    limits: [{ maximumRequests: 5, timePeriodInMilliseconds: 1000 }],
  },
  { id: 12, instanceId: 7, name: 'Free', autoApprove: true },
];

/** State → tier in force and wanted, and what may be done with such a contract by its API's owner and its requester. */
const STATES = {
  PENDING: { tierId: null, requestedTierId: 11, owner: 'approve delete reject', requester: '' },
  APPROVED: { tierId: 12, requestedTierId: null, owner: 'assignTier delete revoke', requester: 'changeTier' },
  CHANGING: {
    ...{ tierId: 12, requestedTierId: 11, requester: 'changeTier' },
    owner: 'approveTierChange assignTier delete rejectTierChange revoke',
  },
  REJECTED: { tierId: null, requestedTierId: 11, owner: 'delete', requester: '' },
  REVOKED: { tierId: 12, requestedTierId: null, owner: 'delete restore', requester: '' },
} as const;

const ROLES: Readonly<Record<string, { readonly owner: boolean; readonly requester: boolean }>> = {
  'Organization Administrator': { owner: true, requester: true },
  'API Manager Environment Administrator': { owner: true, requester: false },
  'API Group Administrator': { owner: false, requester: false },
  'Manage Contracts': { owner: true, requester: false },
  'View Contracts': { owner: false, requester: false },
  'Exchange Administrator': { owner: false, requester: true },
  'Exchange Contributor': { owner: false, requester: true },
  'Exchange Viewer': { owner: false, requester: false },
};

function given(state: keyof typeof STATES) {
  const { tierId, requestedTierId } = STATES[state];
  const status = state === 'CHANGING' ? 'APPROVED' : state;
  return {
    instances: [{ id: 7, assetId: 'connected-raml' }],
    tiers: TIERS,
    applications: [{ id: 5, name: 'Shop <b>' }],
    contracts: [{ id: 3, applicationId: 5, instanceId: 7, status, tierId, requestedTierId }],
  };
}

test('each role is offered what the state and its permissions allow, and the platform does it', async () => {
  const anypoint = await start();
  let performed = 0;
  for (const state of Object.keys(STATES) as (keyof typeof STATES)[]) {
    for (const [role, { owner, requester }] of Object.entries(ROLES)) {
      await anypoint.seed(given(state));
      const { body } = await own(anypoint, 'GET', `${QUEUE}?role=${role}`);
      expect(body.roles.map(({ name }: { name: string }) => name)).toEqual(Object.keys(ROLES));
      const expected = [owner ? STATES[state].owner : '', requester ? STATES[state].requester : ''];
      const offered = names(body.contracts[0].actions);
      expect(offered, `${state}, ${role}`).toEqual(expected.join(' ').split(' ').filter(Boolean).sort());
      expect(body.contracts[0].waits).toBe(state === 'PENDING' || state === 'CHANGING');
      for (const action of ['approve', 'reject', 'revoke', 'restore', 'delete', 'assignTier', 'changeTier']) {
        await anypoint.seed(given(state));
        const answer = await own(anypoint, 'POST', `${QUEUE}/3/${action}`, { role, tier: '12' });
        const cell = `${state}, ${role}, ${action}: ${answer.body.message}`;
        expect(answer.status, cell).toBe(offered.includes(action) ? 200 : 409);
        if (answer.status === 200) performed++;
      }
    }
  }
  // By three owners, and by three who ask; the two that are about a tier that is asked for are performed below.
  expect(performed).toBe(3 * (3 + 3 + 3 + 1 + 2) + 3 * 2);
});

test('a tier that is asked for is approved and refused', async () => {
  const anypoint = await start(given('CHANGING'));
  const refused = await own(anypoint, 'POST', `${QUEUE}/3/rejectTierChange`, {});
  expect(refused.body.contract).toMatchObject({ state: 'APPROVED', tier: 'Free', requestedTier: null });
  await anypoint.seed(given('CHANGING'));
  const approved = await own(anypoint, 'POST', `${QUEUE}/3/approveTierChange`, {});
  expect(approved.body.contract).toMatchObject({ state: 'APPROVED', tier: 'Gold', requestedTier: null });
  const lacking = await own(anypoint, 'POST', `${QUEUE}/3/assignTier`, {});
  expect([lacking.status, lacking.body.message]).toEqual([400, 'assignTier needs a tier.']);
});

test('a contract tells its terms, tiers and history', async () => {
  const anypoint = await start({
    ...given('PENDING'),
    assets: [{ assetId: 'connected-raml', name: 'Orders', terms: { v1: 'Be kind.' } }],
    contracts: [],
  });
  const asked = { ...ACCESS, apiId: 7, requestedTierId: 11, acceptedTerms: true };
  const { status, body } = await anypoint.ask('POST', `${APPLICATIONS}/5/contracts`, asked);
  expect(status).toBe(201);
  anypoint.at('2026-05-02T10:00:00.000Z');
  const decided = await own(anypoint, 'POST', `${QUEUE}/${body.id}/approve`, { role: 'Manage Contracts' });
  expect(decided.body.contract).toMatchObject({
    api: { id: 'v1:7', name: 'Orders v1' },
    application: { id: '5', name: 'Shop <b>' },
    environment: 'Sandbox',
    requestedBy: 'harness',
    tier: 'Gold',
    legals: [{ title: 'Be kind.', accepted: true }],
    tiers: [
      { id: '11', name: 'Gold', automatic: false, limits: [{ requests: 5, milliseconds: 1000 }] },
      { id: '12', name: 'Free', automatic: true, limits: [] },
    ],
    history: [
      { at: '2026-05-01T10:00:00.000Z', action: 'request', from: null, to: 'PENDING', by: 'harness' },
      { at: '2026-05-02T10:00:00.000Z', action: 'approve', from: 'PENDING', to: 'APPROVED' },
    ],
    notices: [],
  });
  const gone = await own(anypoint, 'POST', `${QUEUE}/${body.id}/delete`, {});
  expect(gone.body).toEqual({ contract: null });
  expect((await own(anypoint, 'GET', `${QUEUE}/${body.id}`)).status).toBe(404);
});
