import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emulate } from '../../src/emulate.ts';
import { anypoint } from '../../src/platforms/anypoint/index.ts';
import { openStore } from '../../src/store/index.ts';
import { ACCESS, APPLICATIONS, GROUP_ACCESS, MANAGER, ORGANIZATION } from './exchange.ts';

/**
 * The life of contracts, written out a second time: random actions of a requester and an owner are done to the harness
 * and to this model, which knows nothing of the emulator's tables. After each of them both tell the same.
 */

interface Modelled {
  readonly id: number;
  readonly application: number;
  readonly target: Target;
  status: 'PENDING' | 'APPROVED' | 'REJECTED' | 'REVOKED';
  tier: number | null;
  requested: number | null;
  approvedDate: string | null;
  rejectedDate: string | null;
  revokedDate: string | null;
}

/** What access is asked to: two APIs with tiers, one without, one deprecated, and a group with a tier. */
const TARGETS = ['first', 'second', 'plain', 'old', 'group'] as const;
type Target = (typeof TARGETS)[number];
/** The second API has the terms that have to be accepted. */
const TERMS: Target = 'second';

const INSTANCES: Readonly<Record<Target, number>> = { first: 11, second: 12, plain: 13, old: 14, group: 15 };
interface ModelledTier {
  readonly on: Target;
  readonly auto: boolean;
  readonly deprecated: boolean;
}
const TIERS: Readonly<Record<number, ModelledTier>> = {
  101: { on: 'first', auto: true, deprecated: false },
  102: { on: 'first', auto: false, deprecated: false },
  103: { on: 'first', auto: true, deprecated: true },
  201: { on: 'second', auto: false, deprecated: false },
  202: { on: 'second', auto: true, deprecated: false },
  501: { on: 'group', auto: false, deprecated: false },
};
const NO_TIER = 999;
const tiersOn = (target: Target) => Object.values(TIERS).filter(({ on }) => on === target);

const tier = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(101, 102, 201, 202, 501) },
  { weight: 2, arbitrary: fc.constantFrom(103, NO_TIER, null) },
);
const target = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('first' as const, 'second' as const, 'group' as const) },
  { weight: 2, arbitrary: fc.constantFrom('plain' as const, 'old' as const) },
);
const pick = fc.nat(6);
const DECISIONS = ['approve', 'reject', 'revoke', 'restore', 'approveTierChange', 'rejectTierChange'] as const;

const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('application' as const) }) },
  {
    weight: 7,
    arbitrary: fc.record({ do: fc.constant('request' as const), at: pick, target, tier, terms: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('patch' as const),
      at: pick,
      status: fc.constantFrom('APPROVED' as const, 'REJECTED' as const, 'REVOKED' as const, undefined),
      tier: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: tier }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('decide' as const), at: pick, decision: fc.constantFrom(...DECISIONS) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('change' as const), at: pick, tier }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), at: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), at: pick }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Step<Do extends Action['do']> = Extract<Action, { do: Do }>;

/** Every method does what it should to the model, and gives the status that the harness has to answer. */
class Model {
  readonly applications: number[] = [];
  readonly contracts = new Map<number, Modelled>();
  /** Every id that was ever given; those that are gone are asked for as well. */
  readonly ids: { id: number; application: number; target: Target }[] = [];
  now = '';

  request({ target: on, tier: asked, terms }: Step<'request'>, application: number): number | Omit<Modelled, 'id'> {
    if (!this.applications.includes(application)) return 404;
    if (on === 'old' || (on === TERMS && !terms)) return 400;
    if ([...this.contracts.values()].some((each) => each.application === application && each.target === on)) return 409;
    const wanted = asked === null ? undefined : TIERS[asked];
    if (asked === null && tiersOn(on).length > 0) return 400;
    if (asked !== null && (wanted === undefined || wanted.on !== on || wanted.deprecated)) return 400;
    const inForce = wanted?.auto ?? true;
    return {
      application,
      target: on,
      status: inForce ? 'APPROVED' : 'PENDING',
      tier: inForce ? asked : null,
      requested: inForce ? null : asked,
      approvedDate: inForce ? this.now : null,
      rejectedDate: null,
      revokedDate: null,
    };
  }

  patch({ status, tier: asked }: Step<'patch'>, contract: Modelled | undefined): number {
    if (contract === undefined) return 404;
    if (status === undefined && asked === null) return 400;
    if (asked !== null && TIERS[asked]?.on !== contract.target) return 400;
    if (status === undefined) return contract.status === 'APPROVED' ? this.put(contract, asked) : 409;
    const decision = { APPROVED: 'approve', REJECTED: 'reject', REVOKED: 'revoke' } as const;
    const restores = status === 'APPROVED' && contract.status === 'REVOKED';
    const { status: before } = contract;
    const allowed = restores || (status === 'REVOKED' ? before === 'APPROVED' : before === 'PENDING');
    if (!allowed) return 409;
    if (asked !== null && (restores || status !== 'APPROVED')) return 400;
    this.decide(restores ? 'restore' : decision[status], contract);
    if (asked !== null) contract.tier = asked;
    return 200;
  }

  put(contract: Modelled, asked: number | null): number {
    contract.tier = asked;
    contract.requested = null;
    return 200;
  }

  decide(decision: (typeof DECISIONS)[number], contract: Modelled | undefined): number {
    if (contract === undefined) return 404;
    const { status, requested } = contract;
    const changing = status === 'APPROVED' && requested !== null;
    if (decision === 'approve' && status === 'PENDING') {
      Object.assign(contract, { status: 'APPROVED', tier: requested, requested: null, approvedDate: this.now });
    } else if (decision === 'reject' && status === 'PENDING') {
      Object.assign(contract, { status: 'REJECTED', rejectedDate: this.now });
    } else if (decision === 'revoke' && status === 'APPROVED') {
      Object.assign(contract, { status: 'REVOKED', requested: null, revokedDate: this.now });
    } else if (decision === 'restore' && status === 'REVOKED') {
      Object.assign(contract, { status: 'APPROVED', approvedDate: this.now, revokedDate: null });
    } else if (decision === 'approveTierChange' && changing) this.put(contract, requested);
    else if (decision === 'rejectTierChange' && changing) contract.requested = null;
    else return 409;
    return 201;
  }

  change(asked: number | null, contract: Modelled | undefined): number {
    if (asked === null) return 400;
    if (contract === undefined) return 404;
    const wanted = TIERS[asked];
    if (wanted === undefined || wanted.on !== contract.target || wanted.deprecated) return 400;
    if (contract.status !== 'APPROVED') return 409;
    if (wanted.auto || asked === contract.tier) this.put(contract, asked);
    else contract.requested = asked;
    return 200;
  }

  told(on: Target): object[] {
    return [...this.contracts.values()]
      .filter((each) => each.target === on)
      .sort((a, b) => a.id - b.id)
      .map(({ id, application, status, approvedDate, rejectedDate, revokedDate, ...tiers }) => ({
        id,
        applicationId: application,
        status,
        approvedDate,
        rejectedDate,
        revokedDate,
        tierId: tiers.tier,
        requestedTierId: tiers.requested,
      }));
  }

  /** How many contracts have a tier in force. */
  holders(id: number): number {
    return [...this.contracts.values()].filter((each) => each.tier === id).length;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
type Send = (method: string, path: string, body?: object) => Promise<{ status: number; body: any }>;

/** The emulation behind the harness's server: fifteen thousand actions are too many to go over a socket. */
async function emulated(now: () => Date): Promise<{ ask: Send; seed: (given: object) => Promise<void> }> {
  const store = await openStore('memory');
  const emulator = anypoint;
  await store.write((tx) => emulator.admit(tx, 'token'));
  const onFault = (fault: unknown) => {
    throw fault;
  };
  const { answer } = emulate([emulator], { store, now, checkAnswers: true, onFault });
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
  return {
    ask: async (method, url, body) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const { status, body: text } = await answer({ method, url, headers, body: bytes });
      return { status, body: text === '' ? undefined : JSON.parse(String(text)) };
    },
    seed: (given) => store.write((tx) => emulator.seed(tx, given as never)),
  };
}

const WORLD = {
  assets: [
    ...['first', 'plain', 'old'].map((assetId) => ({ assetId })),
    { assetId: 'second', terms: { v1: 'Be kind.' } },
    { assetId: 'group', type: 'api-group' },
  ],
  instances: (['first', 'second', 'plain', 'old'] as const).map((each) => ({
    id: INSTANCES[each],
    assetId: each,
    apiId: INSTANCES[each] + 1000,
    deprecated: each === 'old',
  })),
  group_instances: [{ id: INSTANCES.group, assetId: 'group', members: [11, 12] }],
  tiers: Object.entries(TIERS).map(([id, { on, auto, deprecated }]) => ({
    id: Number(id),
    kind: on === 'group' ? 'api-group' : 'api',
    instanceId: INSTANCES[on],
    autoApprove: auto,
    status: deprecated ? 'DEPRECATED' : 'ACTIVE',
  })),
};

const managed = (on: Target) => `${MANAGER}/${on === 'group' ? 'groupInstances' : 'apis'}/${INSTANCES[on]}`;

async function perform(step: Action, model: Model, ask: Send): Promise<void> {
  const send = async (status: number, method: string, path: string, body?: object) => {
    const answer = await ask(method, path, body);
    expect([step, answer.status, answer.body]).toEqual([step, status, answer.body]);
    return answer.body;
  };
  if (step.do === 'application') {
    const made = await send(201, 'POST', APPLICATIONS, { name: `application ${model.now}` });
    model.applications.push(made.id);
    return;
  }
  if (step.do === 'drop') {
    const application = model.applications.at(step.at) ?? 999_999;
    await send(model.applications.includes(application) ? 204 : 404, 'DELETE', `${APPLICATIONS}/${application}`);
    model.applications.splice(
      0,
      model.applications.length,
      ...model.applications.filter((each) => each !== application),
    );
    for (const each of model.contracts.values()) if (each.application === application) model.contracts.delete(each.id);
    return;
  }
  if (step.do === 'request') {
    const application = model.applications[step.at % Math.max(1, model.applications.length)] ?? 999_999;
    const made = model.request(step, application);
    const { target: on, tier: requestedTierId, terms: acceptedTerms } = step;
    const coordinates = on === 'group' ? GROUP_ACCESS : ACCESS;
    const ids = on === 'group' ? { apiGroupInstanceId: INSTANCES.group } : { apiId: INSTANCES[on] };
    const body = { ...coordinates, ...ids, assetId: on, requestedTierId, acceptedTerms };
    const status = typeof made === 'number' ? made : 201;
    const { id } = await send(status, 'POST', `${APPLICATIONS}/${application}/contracts`, body);
    if (typeof made === 'number') return;
    expect(model.ids.map((each) => each.id)).not.toContain(id);
    model.ids.push({ id, application, target: on });
    model.contracts.set(id, { ...made, id });
    return;
  }
  await performOn(step, model, send);
}

type OnContract = Exclude<Action, { do: 'application' | 'drop' | 'request' }>;
type SendStep = (status: number, method: string, path: string, body?: object) => Promise<unknown>;

async function performOn(step: OnContract, model: Model, send: SendStep): Promise<void> {
  const nothing = { id: 999_999, application: 999_999, target: 'first' as const };
  const { id, application, target: on } = model.ids.at(-1 - step.at) ?? nothing;
  const contract = model.contracts.get(id);
  const path = `${managed(on)}/contracts/${id}`;
  if (step.do === 'patch') {
    const body = {
      ...(step.status === undefined ? {} : { status: step.status }),
      ...(step.tier === null ? {} : { tierId: step.tier }),
    };
    // What is no body is refused before the contract is looked for.
    const empty = Object.keys(body).length === 0;
    await send(empty ? 400 : model.patch(step, contract), 'PATCH', path, body);
  } else if (step.do === 'decide') {
    // The older API knows no groups.
    const status = on === 'group' ? 404 : model.decide(step.decision, contract);
    const versions = `apis/${INSTANCES[on] + 1000}/versions/${INSTANCES[on]}`;
    const at = `/apiplatform/repository/v2/organizations/${ORGANIZATION}/${versions}/contracts/${id}`;
    await send(status, 'POST', `${at}/${step.decision}`);
  } else if (step.do === 'change') {
    const status = model.change(step.tier, contract);
    await send(status, 'PATCH', `${APPLICATIONS}/${application}/contracts/${id}`, { requestedTierId: step.tier });
  } else {
    await send(contract === undefined ? 404 : 204, 'DELETE', path);
    model.contracts.delete(id);
  }
}

test('random lives: fifty actions, many times, against a model', { timeout: 280_000 }, async () => {
  let clock = Date.UTC(2026, 0, 1);
  const { ask, seed } = await emulated(() => new Date(clock));
  await seed(WORLD);
  const lives = fc.asyncProperty(fc.array(action, { minLength: 50, maxLength: 50 }), async (steps) => {
    const model = new Model();
    for (const step of steps) {
      clock += 1000;
      model.now = new Date(clock).toISOString();
      await perform(step, model, ask);
      // toMatchObject wants arrays of the same length.
      for (const on of TARGETS) {
        const { body } = await ask('GET', `${managed(on)}/contracts`);
        expect(body.contracts).toMatchObject(model.told(on));
      }
    }
    const at = `/exchange/api/v2/assets/${ORGANIZATION}/first/versionGroups/v1/instances/11/tiers`;
    for (const { id, applicationCount } of (await ask('GET', at)).body) {
      expect([id, applicationCount]).toEqual([id, model.holders(id)]);
    }
    // The next life begins without this one's.
    for (const application of model.applications) await ask('DELETE', `${APPLICATIONS}/${application}`);
  });
  await fc.assert(lives, { numRuns: process.env.CONNECTOR_TEST_STORE === undefined ? 300 : 60 });
});
