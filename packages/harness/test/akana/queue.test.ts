import { expect, test } from 'vitest';
import { askOwn } from '../own-api.ts';
import { API_VERSION, APP_VERSION, at, contract, GIVEN, start, type Tenant } from './tenant.ts';

const ROLES = ['ApiAdmin', 'BusinessAdmin', 'AppTeam', 'Reader'] as const;
const PREFIX = 'apicontract.status.';
const QUEUE = '/platforms/akana/access';

const own = (tenant: Tenant, method: string, path: string, body?: unknown) =>
  askOwn(tenant.harness, method, path, body);

const names = (actions: readonly { readonly name: string }[]) => actions.map(({ name }) => name);

/**
 * State → what each role may do, in the order of ROLES; from the description of the vendor's workflow. Those who look
 * after the business may do what admins of APIs may.
 */
const MAY: Readonly<Record<string, readonly [admin: string, team: string]>> = {
  pending_approval: ['approve reject', 'cancel'],
  resubmitted: ['approve reject', 'cancel'],
  approved: ['activate cancel', 'cancel'],
  activated: ['suspend cancel', 'cancel'],
  suspended: ['resume cancel', 'cancel'],
  rejected: ['approve resubmit cancel', 'resubmit cancel'],
  cancelled: ['', ''],
};

test('the queue lists what waits first, with what a role may do', async () => {
  const tenant = await start();
  await tenant.seed({
    contracts: Object.keys(MAY).map((state) => contract(state, { state: `${PREFIX}${state}` })),
  });
  for (const role of ROLES) {
    const { status, body } = await own(tenant, 'GET', `${QUEUE}?role=${role}`);
    expect([status, body.role, names(body.roles)]).toEqual([200, role, ROLES]);
    expect(body.contracts.map((each: { waits: boolean }) => each.waits)).toEqual([true, true, ...Array(5).fill(false)]);
    for (const { state, actions } of body.contracts) {
      const [admin, team] = MAY[state.slice(PREFIX.length)] ?? ['', ''];
      const expected = { ApiAdmin: admin, BusinessAdmin: admin, AppTeam: team, Reader: '' }[role];
      expect(names(actions).sort().join(' '), `${role}, ${state}`).toBe(expected.split(' ').sort().join(' '));
    }
  }
});

test('every action that is offered is performed by the platform, and every other one is refused', async () => {
  const tenant = await start();
  const all = ['approve', 'reject', 'activate', 'suspend', 'resume', 'resubmit', 'cancel', '@AppDeleted', 'nonsense'];
  let performed = 0;
  for (const state of Object.keys(MAY)) {
    for (const role of ROLES) {
      const token = (await own(tenant, 'POST', '/tokens', { platform: 'akana', scopes: [role] })).body.token;
      const [id, path] = [at('c'), `${QUEUE}/${at('c')}`];
      const reset = () => tenant.seed({ contracts: [contract('c', { state: `${PREFIX}${state}` })] });
      await reset();
      const offered = names((await own(tenant, 'GET', `${path}?role=${role}`)).body.contract.actions);
      for (const action of all) {
        const cell = `${state}, ${role}, ${action}`;
        const { status, body } = await own(tenant, 'POST', `${path}/${action}`, { role });
        expect(status, `${cell}: ${body.message}`).toBe(offered.includes(action) ? 200 : 409);
        if (status === 200) {
          performed++;
          await reset();
          continue;
        }
        // The platform itself says the same.
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const asked = JSON.stringify({ ActionName: `apicontract.action.${action}` });
        const url = `${tenant.harness.url}/api/contracts/${id}/actions`;
        const direct = await fetch(url, { method: 'POST', headers, body: asked });
        expect(direct.status, `${cell}: ${await direct.text()}`).toBeGreaterThanOrEqual(400);
      }
    }
  }
  expect(performed).toBe(33);
});

test('a contract tells its legals, its history and who was notified', async () => {
  const legals = [
    { id: 'terms', title: 'Terms of use' },
    { id: 'privacy', title: 'Privacy' },
  ];
  const tenant = await start(
    {},
    {
      ...GIVEN,
      apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, name: 'v1', legals }] }],
      agreements: [{ app_version: APP_VERSION, document: 'terms' }],
    },
  );
  const id = await tenant.request('Sandbox', 'tess');
  tenant.wait(5);
  const approved = await own(tenant, 'POST', `${QUEUE}/${id}/approve`, { role: 'ApiAdmin', comment: 'Welcome <b>' });
  const { contract: file } = approved.body;
  expect(file).toMatchObject({
    id,
    state: `${PREFIX}activated`,
    api: { id: API_VERSION, name: 'Payments v1' },
    application: { id: APP_VERSION, name: 'Shop 1.0' },
    environment: 'Sandbox',
    requestedBy: at('tess'),
    waits: false,
    legals: [
      { title: 'Terms of use', accepted: true },
      { title: 'Privacy', accepted: false },
    ],
    history: [
      {
        at: '2026-05-01T10:00:00.000Z',
        action: 'request',
        from: null,
        to: `${PREFIX}pending_approval`,
        by: at('tess'),
      },
      {
        ...{ at: '2026-05-01T10:05:00.000Z', action: 'approve', by: at('harness-apiadmin'), comment: 'Welcome <b>' },
        ...{ from: `${PREFIX}pending_approval`, to: `${PREFIX}activated` },
      },
    ],
  });
  expect(names(file.actions)).toEqual(['suspend', 'cancel']);
  const texts = file.notices.map(({ to, subject, text }: Record<string, string>) => `${to}: ${subject}: ${text}`);
  expect(texts).toContain(`${at('adam')}: Payments: Access requested for Sandbox environment`);
  expect(texts).toContain(`${at('tess')}: Shop: Access activated for Sandbox environment`);
  // It was asked for as a client would, so the journal has it.
  const [entry] = await tenant.harness.journal.list({ platform: 'akana', method: 'POST', limit: 1 });
  expect(entry).toMatchObject({ url: `/api/contracts/${id}/actions`, operation: 'executeContractAction', status: 200 });
});

test('a fault strikes an action, which is then told', async () => {
  const tenant = await start();
  await tenant.seed({ contracts: [contract('c')] });
  await tenant.harness.faults.add({ effect: 'status', status: 503, message: 'Busy.', times: 1 });
  const struck = await own(tenant, 'POST', `${QUEUE}/${at('c')}/approve`, {});
  expect([struck.status, struck.body.diagnostics[0].code]).toEqual([409, 'harness/action']);
  expect(struck.body.message).toContain('did not approve c.acmepaymentscorp; it answered with status 503');
  expect((await own(tenant, 'POST', `${QUEUE}/${at('c')}/approve`, {})).status).toBe(200);
});

test('what is not there is not found, and what is no role is refused', async () => {
  const tenant = await start();
  expect((await own(tenant, 'GET', `${QUEUE}/nothing`)).status).toBe(404);
  expect((await own(tenant, 'POST', `${QUEUE}/nothing/approve`, {})).status).toBe(404);
  expect((await own(tenant, 'GET', '/platforms/make/access')).status).toBe(404);
  expect((await own(tenant, 'GET', '/platforms/nobody/access')).status).toBe(400);
  const wrong = await own(tenant, 'GET', `${QUEUE}?role=Emperor`);
  expect([wrong.status, wrong.body.diagnostics[0].hint]).toEqual([400, `Choose one of ${ROLES.join(', ')}.`]);
});
