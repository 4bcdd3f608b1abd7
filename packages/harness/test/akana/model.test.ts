import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emulate } from '../../src/emulate.ts';
import { akana } from '../../src/platforms/akana/index.ts';
import { openStore } from '../../src/store/index.ts';

/**
 * The life of contracts, written out a second time: random actions are done to the emulator and to this model, which
 * knows nothing of the emulator's tables. After each of them both list the same contracts with the same actions.
 */

type Environment = 'Sandbox' | 'Production';
type User = 'adam' | 'bea' | 'tess' | 'rita';
type State = 'pending_approval' | 'resubmitted' | 'approved' | 'activated' | 'suspended' | 'rejected' | 'gone';

interface Modelled {
  readonly id: string;
  readonly environment: Environment;
  state: State;
  restricted: boolean;
  licenses: number;
  revises: Modelled | undefined;
}

const NAMES = [
  'approve',
  'reject',
  'cancel',
  'activate',
  'suspend',
  'resume',
  'resubmit',
  'edit',
  'editscope',
] as const;
type Name = (typeof NAMES)[number];

/** One API version and one app, as they should be. */
class Model {
  readonly contracts: Modelled[] = [];
  readonly auto: Readonly<Record<Environment, boolean>>;
  app: Environment = 'Sandbox';

  constructor(auto: Readonly<Record<Environment, boolean>>) {
    this.auto = auto;
  }

  live(environment: Environment): Modelled[] {
    return this.contracts.filter((each) => each.environment === environment && each.state !== 'gone');
  }

  /** Where a request leads, or undefined when there is an original and a revision already. */
  request(id: string, environment: Environment): Modelled {
    const [original] = this.live(environment);
    let state: State = 'pending_approval';
    if (this.auto[environment])
      state = environment === 'Production' && this.app === 'Sandbox' ? 'approved' : 'activated';
    const { restricted = false, licenses = 0 } = original ?? {};
    const made: Modelled = { id, environment, state, restricted, licenses, revises: original };
    this.contracts.push(made);
    this.settle(made);
    return made;
  }

  /** What becomes of others when one is activated, or goes. */
  settle(contract: Modelled): void {
    if (contract.state === 'activated' && contract.revises !== undefined) {
      contract.revises.state = 'gone';
      contract.revises = undefined;
    }
    if (contract.state !== 'gone') return;
    for (const each of this.contracts) if (each.revises === contract) each.revises = undefined;
  }

  /** The state that an action of a user leads to; undefined when it is not valid. */
  next(contract: Modelled, name: Name, user: User): State | undefined {
    const { state, environment } = contract;
    const admin = user === 'adam' || user === 'bea';
    const team = user === 'tess';
    const waiting = state === 'pending_approval' || state === 'resubmitted';
    const open = waiting || state === 'rejected';
    if (state === 'gone' || user === 'rita') return undefined;
    if (name === 'edit') return open ? state : undefined;
    if (name === 'editscope') return open && contract.restricted ? state : undefined;
    if (name === 'cancel') return (waiting ? team : admin || team) ? 'gone' : undefined;
    if (name === 'resubmit') return state === 'rejected' ? 'resubmitted' : undefined;
    if (!admin) return undefined;
    if (name === 'reject') return waiting ? 'rejected' : undefined;
    if (name === 'activate') return state === 'approved' ? 'activated' : undefined;
    if (name === 'suspend') return state === 'activated' ? 'suspended' : undefined;
    if (name === 'resume') return state === 'suspended' ? 'activated' : undefined;
    if (!open || (contract.restricted && contract.licenses === 0)) return undefined;
    if (state === 'rejected') return this.app === 'Sandbox' ? 'approved' : 'activated';
    if (this.app === 'Production') return environment === 'Production' ? 'activated' : undefined;
    return environment === 'Sandbox' ? 'activated' : 'approved';
  }

  /** One of what somebody may do with it now; ending it only where nothing else was drawn. */
  valid(contract: Modelled, choice: number): { readonly name: Name; readonly user: User } {
    const all = (['adam', 'bea', 'tess'] as const).flatMap((user) =>
      NAMES.filter((name) => this.next(contract, name, user) !== undefined).map((name) => ({ name, user })),
    );
    const likely = all.filter(({ name }) => name !== 'cancel');
    const drawn = choice % 5 === 0 || likely.length === 0 ? all : likely;
    return drawn[choice % Math.max(1, drawn.length)] ?? { name: 'cancel', user: 'tess' };
  }

  act(contract: Modelled, name: Name, user: User): boolean {
    const state = this.next(contract, name, user);
    if (state === undefined) return false;
    contract.state = state;
    this.settle(contract);
    return true;
  }

  /** Sandbox contracts end, and what was approved is in force. */
  goLive(): void {
    for (const each of this.contracts) {
      if (each.state === 'gone') continue;
      if (each.environment === 'Sandbox') each.state = 'gone';
      else if (each.state === 'approved') each.state = 'activated';
      else continue;
      this.settle(each);
    }
    this.app = 'Production';
  }

  /** Checks if the scope may be changed by this user, and is then. */
  scope(contract: Modelled, user: User, restricted: boolean, licenses: number): boolean {
    if (contract.state === 'gone' || user === 'rita') return false;
    if (user === 'tess' && this.next(contract, 'editscope', user) === undefined) return false;
    Object.assign(contract, { restricted, licenses });
    return true;
  }

  listed(user: User): object[] {
    return this.contracts
      .filter(({ state }) => state !== 'gone')
      .map((each) => ({
        id: each.id,
        environment: each.environment,
        state: each.state,
        status: each.revises === undefined ? 'inforce' : 'draft',
        restricted: String(each.restricted),
        actions: NAMES.filter((name) => this.next(each, name, user) !== undefined).sort(),
      }));
  }
}

const user = fc.constantFrom<User>('adam', 'adam', 'bea', 'tess', 'tess', 'rita');
const asker = fc.constantFrom<User>('tess', 'tess', 'tess', 'adam', 'rita');
const environment = fc.constantFrom<Environment>('Sandbox', 'Production');
const pick = fc.nat(30);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('request' as const), environment, user: asker }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('act' as const), at: pick, name: fc.constantFrom(...NAMES), user }),
  },
  // What is valid is rare among all that can be tried.
  { weight: 10, arbitrary: fc.record({ do: fc.constant('valid' as const), at: pick, choice: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('scope' as const),
      at: pick,
      user,
      restricted: fc.boolean(),
      licenses: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('live' as const), when: fc.nat(3) }) },
);

const STEPS = 50;
const LIVES = 300;

test('random lives: fifty actions, three hundred times, against a model', { timeout: 280_000 }, async () => {
  const emulator = akana;
  const store = await openStore('memory', {});
  const faults: unknown[] = [];
  let clock = Date.UTC(2026, 0, 1);
  const options = {
    store,
    checkAnswers: true,
    onFault: (fault: unknown) => faults.push(fault),
    now: () => new Date(clock++),
  };
  const emulation = emulate([emulator], options);
  const roles = { adam: 'ApiAdmin', bea: 'BusinessAdmin', tess: 'AppTeam', rita: 'Reader' };
  await store.write(async (tx) => {
    for (const [token, role] of Object.entries(roles)) await emulator.admit(tx, token, [role]);
  });
  const ask = async (who: User, method: string, url: string, body?: object) => {
    const headers = { authorization: `Bearer ${who}`, 'content-type': 'application/json' };
    const bytes = body && Buffer.from(JSON.stringify(body));
    const answer = await emulation.answer({ method, url, headers, body: bytes });
    const json = answer.headers['content-type'] === 'application/json';
    return { status: answer.status, body: json ? JSON.parse(answer.body) : answer.body };
  };
  let lives = 0;
  let accepted = 0;

  const life = fc.asyncProperty(
    fc.array(action, { minLength: STEPS, maxLength: STEPS }),
    fc.boolean(),
    fc.boolean(),
    async (steps, sandbox, production) => {
      lives += 1;
      const [api, version, app, appVersion] = ['api', 'version', 'app', 'appversion'].map(
        (kind) => `${kind}${lives}.acmepaymentscorp`,
      );
      const versions = [{ id: version, sandbox_auto: sandbox, production_auto: production }];
      const given = { apis: [{ id: api, versions }], apps: [{ id: app, versions: [{ id: appVersion }] }] };
      await store.write((tx) => emulator.seed(tx, given as never));
      const model = new Model({ Sandbox: sandbox, Production: production });
      for (const [index, step] of steps.entries()) {
        if (step.do === 'request') {
          const body = { APIVersionID: version, RuntimeID: appVersion, Environment: step.environment };
          const { status, body: made } = await ask(step.user, 'POST', '/api/contracts', body);
          const expected = step.user !== 'tess' ? 401 : model.live(step.environment).length > 1 ? 500 : 200;
          expect(status).toBe(expected);
          if (status === 200) model.request(made.ContractID, step.environment);
        } else if (step.do === 'live') {
          if (step.when > 0 || index < STEPS / 3) continue;
          const body = { ActionName: 'app.action.switch.to.production' };
          const { status } = await ask('tess', 'POST', `/api/apps/versions/${appVersion}/action`, body);
          expect(status).toBe(model.app === 'Sandbox' ? 200 : 500);
          if (status === 200) model.goLive();
        } else {
          const contract = model.contracts.at(-1 - (step.at % Math.min(3, Math.max(1, model.contracts.length))));
          if (contract === undefined) continue;
          const path = `/api/contracts/${contract.id}`;
          if (step.do === 'scope') {
            const { user, restricted, licenses } = step;
            const ContractScope = { Restricted: restricted, LicenseID: Array(licenses).fill('gold') };
            const allowed = model.scope(contract, user, restricted, licenses);
            const { status } = await ask(user, 'PUT', path, { ContractScope });
            expect(status).toBe(allowed ? 200 : user === 'rita' ? 401 : 500);
          } else {
            const { name, user } = step.do === 'act' ? step : model.valid(contract, step.choice);
            const allowed = model.act(contract, name, user);
            const { status } = await ask(user, 'POST', `${path}/actions`, { ActionName: `apicontract.action.${name}` });
            expect(status).toBe(allowed ? 200 : user === 'rita' ? 401 : 500);
            if (allowed) accepted += 1;
          }
        }
        const looker = (['adam', 'tess'] as const)[index % 2] ?? 'adam';
        const { body } = await ask(looker, 'GET', `/api/apis/versions/${version}/connectedapps?IncludeActions=true`);
        expect(body.channel.item.map(readItem)).toEqual(model.listed(looker));
      }
    },
  );
  await fc.assert(life, { numRuns: LIVES });
  expect(accepted, 'lives in which hardly anything happens prove little').toBeGreaterThan(LIVES * 8);
  expect(faults).toEqual([]);
  await store.close();
});

interface Item {
  readonly title: string;
  readonly category: readonly { readonly value: string }[];
  readonly Actions: readonly { readonly value: string }[];
}

function readItem({ title, category, Actions }: Item) {
  const [environment, state = '', status = '', restricted] = category.map(({ value }) => value);
  return {
    id: title,
    environment,
    state: state.replace('apicontract.status.', ''),
    status: status.replace('com.soa.apicontract.', ''),
    restricted,
    actions: Actions.map(({ value }) => value.replace('apicontract.action.', '')).sort(),
  };
}
