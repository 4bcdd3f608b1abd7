import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagram } from '../../src/platforms/akana/workflow.ts';
import { APP_VERSION, at, category, contract, entity, GIVEN, start, type Tenant, type User } from './tenant.ts';

/**
 * The workflow, cell by cell. What is expected was written from the description of the vendor's workflow, and knows
 * nothing of the emulator's table.
 */

type Environment = 'Sandbox' | 'Production';
type Outcome = readonly [to: string, ...notifications: string[]];

const CHANGED = 'state.change.apiadmin';
const CANCELLED: Outcome = ['cancelled', 'cancelled.request.apiadmin', 'cancelled.request.both.appteam'];
const ADMINS: readonly User[] = ['adam', 'bea'];
const TEAM: readonly User[] = ['tess'];
const BOTH: readonly User[] = [...ADMINS, ...TEAM];

const STATES = [
  'pending_approval',
  'resubmitted',
  'approved',
  'activated',
  'suspended',
  'rejected',
  'cancelled',
  'app.deleted',
  'api.deleted',
] as const;
const ACTIONS = [
  'approve',
  'reject',
  'cancel',
  'activate',
  'suspend',
  'resume',
  'resubmit',
  'edit',
  'editscope',
  'sync.app.version',
  'revise',
  'nonsense',
] as const;

/** State → action → who may; where it leads stands in `led`. What is not here is not valid for anybody. */
const WHO: Readonly<Record<string, Readonly<Record<string, readonly User[]>>>> = {
  pending_approval: { approve: ADMINS, reject: ADMINS, cancel: TEAM, edit: BOTH },
  resubmitted: { approve: ADMINS, reject: ADMINS, cancel: TEAM, edit: BOTH },
  approved: { activate: ADMINS, cancel: BOTH },
  activated: { suspend: ADMINS, cancel: BOTH },
  suspended: { resume: ADMINS, cancel: BOTH },
  rejected: { approve: ADMINS, resubmit: BOTH, cancel: BOTH, edit: BOTH },
  cancelled: {},
  'app.deleted': { cancel: BOTH },
  'api.deleted': { cancel: BOTH },
};

/** Where an action that is allowed leads; undefined where a guard is not met. */
function led(state: string, action: string, contractIn: Environment, app: Environment): Outcome | undefined {
  if (action === 'approve' && state === 'rejected') {
    return app === 'Sandbox'
      ? ['approved', CHANGED, 'approved.production.appteam']
      : ['activated', CHANGED, 'activated.production.appteam'];
  }
  if (action === 'approve') {
    if (app === 'Sandbox' && contractIn === 'Sandbox') return ['activated', CHANGED, 'activated.sandbox.appteam'];
    if (app === 'Sandbox') return ['approved', CHANGED, 'approved.production.appteam'];
    return contractIn === 'Production' ? ['activated', CHANGED, 'activated.production.appteam'] : undefined;
  }
  const simple: Readonly<Record<string, Outcome>> = {
    reject: ['rejected', CHANGED, 'rejected.production.appteam'],
    cancel: CANCELLED,
    activate: ['activated', CHANGED, 'activated.production.appteam'],
    suspend: ['suspended', CHANGED, 'suspended.both.appteam'],
    resume: ['activated', CHANGED, 'resumed.both.appteam'],
    resubmit: ['resubmitted', CHANGED, 'resubmitted.both.appteam'],
    edit: [state],
  };
  return simple[action];
}

const USERS: readonly User[] = ['adam', 'bea', 'tess', 'rita'];

/** The types of all that was reported since, of the admin's side and of the team's. */
async function reported(tenant: Tenant): Promise<string[]> {
  const types: string[] = [];
  for (const user of ['adam', 'tess'] as const) {
    const path = `/api/users/${at(user)}/notifications`;
    const { body } = await tenant.ask(user, 'GET', path);
    if (body.channel.item.length === 0) continue;
    for (const item of body.channel.item) {
      types.push((category(item, 'notificationtype') ?? '').replace('com.soa.notification.type.api.access.', ''));
    }
    const NotificationID = body.channel.item.map(({ guid }: { guid: { value: string } }) => guid.value);
    await tenant.ask(user, 'PUT', `${path}/state`, { body: { State: 'archived', NotificationID } });
  }
  return types.sort();
}

const ENVIRONMENTS: readonly (readonly [Environment, Environment])[] = [
  ['Sandbox', 'Sandbox'],
  ['Production', 'Sandbox'],
  ['Sandbox', 'Production'],
  ['Production', 'Production'],
];

const short = (state: string) => state.replace('apicontract.status.', '');

for (const [environment, app] of ENVIRONMENTS) {
  test(`every action in every state by everybody: a ${environment} contract of a ${app} app`, {
    timeout: 120_000,
  }, async () => {
    const versions = [{ id: APP_VERSION, environment: app }];
    const tenant = await start({}, { ...GIVEN, apps: [{ ...GIVEN.apps[0], versions }] });
    let cells = 0;
    const reset = (state: string) =>
      tenant.seed({ contracts: [contract('c', { environment, state: `apicontract.status.${state}` })] });
    for (const state of STATES) {
      for (const user of USERS) {
        await reset(state);
        const { Action } = (await tenant.ask(user, 'GET', `/api/workflow/objects/${at('c')}/actions`)).body;
        const named = Action.map(({ Value }: { Value: string }) => Value.replace('apicontract.action.', ''));
        for (const action of ACTIONS) {
          const cell = `${state}, ${action}, ${user}`;
          const allowed = WHO[state]?.[action]?.includes(user) ? led(state, action, environment, app) : undefined;
          expect(named.includes(action), cell).toBe(allowed !== undefined);
          const { status, body } = await tenant.act(user, at('c'), action);
          expect(status, cell).toBe(allowed !== undefined ? 200 : user === 'rita' ? 401 : 500);
          if (status === 500) expect(body.faultstring, cell).toContain(`[apicontract.action.${action}] is not valid`);
          cells += 1;
          if (allowed === undefined) continue;
          expect(short(await tenant.state(at('c'))), cell).toBe(allowed[0]);
          expect(await reported(tenant), cell).toEqual([...allowed.slice(1)].sort());
          await reset(state);
        }
        expect(short(await tenant.state(at('c'))), `${state} stays, whatever was refused`).toBe(state);
      }
    }
    expect(await reported(tenant), 'what is refused is told to nobody').toEqual([]);
    expect(cells).toBe(STATES.length * ACTIONS.length * USERS.length);
  });
}

test.each([
  ['Sandbox', 'Sandbox', true, 'activated', 'requested.sandbox.appteam'],
  ['Production', 'Sandbox', true, 'approved', 'requested.production.appteam'],
  ['Production', 'Production', true, 'activated', 'requested.production.appteam'],
  ['Sandbox', 'Production', true, 'activated', 'requested.sandbox.appteam'],
  ['Sandbox', 'Sandbox', false, 'pending_approval', 'requested.sandbox.notauto.appteam'],
  ['Sandbox', 'Production', false, 'pending_approval', 'requested.sandbox.notauto.appteam'],
  ['Production', 'Sandbox', false, 'pending_approval', 'requested.production.appteam'],
  ['Production', 'Production', false, 'pending_approval', 'requested.production.appteam'],
])('creation: a %s contract of a %s app, approved automatically %o', async (environment, app, auto, state, toTeam) => {
  const flags = environment === 'Sandbox' ? { sandbox_auto: auto } : { production_auto: auto };
  const tenant = await start(
    {},
    {
      ...GIVEN,
      apis: [{ ...GIVEN.apis[0], versions: [{ id: GIVEN.apis[0]?.versions[0]?.id, ...flags }] }],
      apps: [{ ...GIVEN.apps[0], versions: [{ id: APP_VERSION, environment: app }] }],
    },
  );
  const id = await tenant.request(environment);
  expect(short(await tenant.state(id))).toBe(state);
  expect(await reported(tenant)).toEqual(['requested.both.apiadmin', toTeam].sort());
});

test('a scope that holds nothing is not approved; editscope is there where scopes are', async () => {
  const tenant = await start();
  for (const state of ['pending_approval', 'rejected']) {
    await tenant.seed({ contracts: [contract('c', { state: `apicontract.status.${state}`, restricted: true })] });
    expect((await tenant.act('adam', at('c'), 'approve')).status).toBe(500);
    expect((await tenant.act('tess', at('c'), 'editscope')).status).toBe(200);
    const body = { ContractScope: { Restricted: true, LicenseID: ['gold'] } };
    expect((await tenant.ask('tess', 'PUT', `/api/contracts/${at('c')}`, { body })).status).toBe(200);
    expect((await tenant.act('adam', at('c'), 'approve')).status).toBe(200);
    expect((await tenant.act('adam', at('c'), 'editscope')).status).toBe(500);
  }
});

test('the version of another member’s app is synchronised by admins', async () => {
  const foreign = 'appversion1.othermember';
  const tenant = await start({}, { ...GIVEN, apps: [{ ...GIVEN.apps[0], versions: [{ id: foreign }] }] });
  for (const state of ['pending_approval', 'approved', 'activated', 'suspended', 'rejected']) {
    await tenant.seed({
      contracts: [{ ...contract('c', { state: `apicontract.status.${state}` }), app_version: foreign }],
    });
    expect((await tenant.act('adam', at('c'), 'sync.app.version')).body, state).toBe(`apicontract.status.${state}`);
    expect((await tenant.act('tess', at('c'), 'sync.app.version')).status, state).toBe(500);
  }
});

const LIVE = ['pending_approval', 'resubmitted', 'approved', 'activated', 'suspended', 'rejected'];

test.each(LIVE)('an app that goes to production, whose contracts are %s', async (state) => {
  const seeded = ['Sandbox', 'Production'].map((environment) =>
    contract(environment, { environment, state: `apicontract.status.${state}` }),
  );
  const tenant = await start({}, { ...GIVEN, contracts: seeded });
  const path = `/api/apps/versions/${APP_VERSION}/action`;
  const body = { ActionName: 'app.action.switch.to.production' };
  expect((await tenant.ask('rita', 'POST', path, { body })).status).toBe(401);
  expect((await tenant.ask('tess', 'POST', path, { body })).body).toBe('Production');
  expect(await tenant.state(at('Sandbox'))).toBe('api.contract.app.in.production');
  expect(short(await tenant.state(at('Production')))).toBe(state === 'approved' ? 'activated' : state);
  expect((await tenant.connected()).map(({ title }) => title)).toEqual([at('Production')]);
  const alsoTold = state === 'approved' ? [CHANGED, 'activated.production.appteam'] : [];
  expect(await reported(tenant)).toEqual(['cancelled.applive.sandbox.apiadmin', ...alsoTold].sort());
  expect((await tenant.ask('tess', 'POST', path, { body })).status, 'only once').toBe(500);
});

test('reserved actions are reported where they are asked for, and done by nobody', async () => {
  const tenant = await start({}, { ...GIVEN, contracts: [contract('c')] });
  const path = `/api/workflow/objects/${at('c')}/actions`;
  const names = (await tenant.ask('tess', 'GET', `${path}?IncludeReservedActions=true`)).body.Action;
  expect(names.map(({ Value }: { Value: string }) => Value)).toEqual([
    'apicontract.action.cancel',
    'apicontract.action.edit',
    '@AppDeleted',
    '@ApiDeleted',
    '@app_switch_to_production',
  ]);
  const body = { ActionName: '@AppDeleted' };
  expect((await tenant.ask('tess', 'POST', path, { body })).status).toBe(500);
  const cancel = { ActionName: 'apicontract.action.cancel', Comments: 'by the other path' };
  expect((await tenant.ask('tess', 'POST', path, { body: cancel })).status).toBe(200);
  expect(
    entity((await tenant.ask('tess', 'GET', `/api/apps/${GIVEN.apps[0]?.id}/board`)).body.channel.item[0], 'contract')
      ?.Guid,
  ).toBe(at('c'));
});

test('the diagram in the README is the table', () => {
  const readme = readFileSync(new URL('../../src/platforms/akana/README.md', import.meta.url), 'utf8');
  const [, shown] = /```mermaid\n([\s\S]*?)\n```/.exec(readme) ?? [];
  expect(shown).toBe(diagram());
});
