import { lookUp } from '@connectorkit/sdk/emulator';
/**
 * The life of a contract as one table: the platform's default workflow for API contracts, version 1.2. Source: that
 * workflow as it is published under Apache-2.0 in akanainc/aria-cm-integration; what it leaves open, README.md tells.
 */

export type AppEnvironment = 'Sandbox' | 'Production';

const state = <Name extends string>(name: Name) => `apicontract.status.${name}` as const;

export const PENDING = state('pending_approval');
const RESUBMITTED = state('resubmitted');
const APPROVED = state('approved');
export const ACTIVATED = state('activated');
const SUSPENDED = state('suspended');
const REJECTED = state('rejected');
export const CANCELLED = state('cancelled');
const IN_PRODUCTION = 'api.contract.app.in.production';
const APP_DELETED = state('app.deleted');
const API_DELETED = state('api.deleted');

export const STATES = [
  PENDING,
  RESUBMITTED,
  APPROVED,
  ACTIVATED,
  SUSPENDED,
  REJECTED,
  CANCELLED,
  IN_PRODUCTION,
  APP_DELETED,
  API_DELETED,
] as const;

export type State = (typeof STATES)[number];

/**
 * States that wait for a decision: a resubmitted contract is at the same step as a submitted one, and only shown
 * otherwise.
 */
export const WAITING: readonly State[] = [PENDING, RESUBMITTED];
const WAITING_OR_REJECTED: readonly State[] = [...WAITING, REJECTED];
/** The states that are listed. */
export const LIVE: readonly State[] = [...WAITING, APPROVED, ACTIVATED, SUSPENDED, REJECTED];
const DELETED: readonly State[] = [APP_DELETED, API_DELETED];

/** Who acts: admins of the API or of the business, those who look after the app, or the platform on its own account. */
export type Side = 'ApiAdmin' | 'AppSide' | 'Platform';

/** Circumstances beside the state; a row applies when all that it names are so. */
export interface Circumstances {
  readonly contract: AppEnvironment;
  readonly app: AppEnvironment;
  /** True if nothing may be used under it: it is restricted, and to no licence. */
  readonly emptyScope: boolean;
  /** True if it is restricted, or the API supports permissions for each of its resources. */
  readonly scoped: boolean;
  /** True if the app belongs to another member of the federation. */
  readonly foreignApp: boolean;
}

interface Transition {
  /** As it is named on the wire; those that begin with @ are reserved for the platform. */
  readonly action: string;
  readonly from: readonly State[];
  readonly by: readonly Side[];
  readonly when?: Partial<Circumstances>;
  /** The same state when there is none. */
  readonly to?: State;
  /** Types of notification after their common beginning; the last word says whose admins or team is answered. */
  readonly notifies: readonly string[];
}

const ADMIN: readonly Side[] = ['ApiAdmin'];
const APP: readonly Side[] = ['AppSide'];
const EITHER: readonly Side[] = ['ApiAdmin', 'AppSide'];
const PLATFORM: readonly Side[] = ['Platform'];

const action = (name: string) => `apicontract.action.${name}`;
const CHANGED = 'state.change.apiadmin';
const CANCELS = ['cancelled.request.apiadmin', 'cancelled.request.both.appteam'];

/** The first row that applies is what happens. */
const WORKFLOW: readonly Transition[] = [
  ...(
    [
      [{ app: 'Sandbox', contract: 'Sandbox' }, ACTIVATED, 'activated.sandbox.appteam'],
      [{ app: 'Sandbox', contract: 'Production' }, APPROVED, 'approved.production.appteam'],
      [{ app: 'Production', contract: 'Production' }, ACTIVATED, 'activated.production.appteam'],
    ] as const
  ).map(
    ([when, to, told]): Transition => ({
      action: action('approve'),
      from: WAITING,
      by: ADMIN,
      when: { emptyScope: false, ...when },
      to,
      notifies: [CHANGED, told],
    }),
  ),
  // Whatever the contract's environment: a rejected sandbox contract is only approved, and wants activation.
  ...(
    [
      ['Sandbox', APPROVED, 'approved.production.appteam'],
      ['Production', ACTIVATED, 'activated.production.appteam'],
    ] as const
  ).map(
    ([app, to, told]): Transition => ({
      action: action('approve'),
      from: [REJECTED],
      by: ADMIN,
      when: { emptyScope: false, app },
      to,
      notifies: [CHANGED, told],
    }),
  ),
  {
    action: action('reject'),
    from: WAITING,
    by: ADMIN,
    to: REJECTED,
    notifies: [CHANGED, 'rejected.production.appteam'],
  },
  {
    action: action('activate'),
    from: [APPROVED],
    by: ADMIN,
    to: ACTIVATED,
    notifies: [CHANGED, 'activated.production.appteam'],
  },
  {
    action: action('suspend'),
    from: [ACTIVATED],
    by: ADMIN,
    to: SUSPENDED,
    notifies: [CHANGED, 'suspended.both.appteam'],
  },
  {
    action: action('resume'),
    from: [SUSPENDED],
    by: ADMIN,
    to: ACTIVATED,
    notifies: [CHANGED, 'resumed.both.appteam'],
  },
  {
    action: action('resubmit'),
    from: [REJECTED],
    // Those of the app in the workflow; the documentation names the admins of the API as well.
    by: EITHER,
    to: RESUBMITTED,
    notifies: [CHANGED, 'resubmitted.both.appteam'],
  },
  { action: action('cancel'), from: WAITING, by: APP, to: CANCELLED, notifies: CANCELS },
  {
    action: action('cancel'),
    from: [APPROVED, ACTIVATED, SUSPENDED, REJECTED, ...DELETED],
    by: EITHER,
    to: CANCELLED,
    notifies: CANCELS,
  },
  { action: action('editscope'), from: WAITING_OR_REJECTED, by: EITHER, when: { scoped: true }, notifies: [] },
  { action: action('edit'), from: WAITING_OR_REJECTED, by: EITHER, notifies: [] },
  { action: action('sync.app.version'), from: LIVE, by: ADMIN, when: { foreignApp: true }, notifies: [] },
  { action: '@AppDeleted', from: LIVE, by: PLATFORM, to: APP_DELETED, notifies: ['cancelled.appdeleted.apiadmin'] },
  { action: '@ApiDeleted', from: LIVE, by: PLATFORM, to: API_DELETED, notifies: ['cancelled.apideleted.appteam'] },
  {
    action: '@app_switch_to_production',
    from: LIVE,
    by: PLATFORM,
    when: { contract: 'Sandbox', app: 'Sandbox' },
    to: IN_PRODUCTION,
    notifies: ['cancelled.applive.sandbox.apiadmin'],
  },
  {
    action: '@app_switch_to_production',
    from: [APPROVED],
    by: PLATFORM,
    when: { contract: 'Production' },
    to: ACTIVATED,
    notifies: [CHANGED, 'activated.production.appteam'],
  },
];

/** Returns the transition of an action in these circumstances; undefined when it is not valid. */
export function transition(
  name: string,
  from: State,
  circumstances: Circumstances,
  sides: readonly Side[],
): Transition | undefined {
  return WORKFLOW.find((row) => row.action === name && applies(row, from, circumstances, sides));
}

/** The names of the actions that are valid now, in the table's order. */
export function validActions(from: State, circumstances: Circumstances, sides: readonly Side[]): string[] {
  const valid = WORKFLOW.filter((row) => applies(row, from, circumstances, sides));
  return [...new Set(valid.map((row) => row.action))];
}

function applies(row: Transition, from: State, circumstances: Circumstances, sides: readonly Side[]): boolean {
  return row.from.includes(from) && row.by.some((side) => sides.includes(side)) && fits(row.when ?? {}, circumstances);
}

function fits<T extends object>(wanted: Partial<T>, given: T): boolean {
  return (Object.keys(wanted) as (keyof T)[]).every((key) => wanted[key] === given[key]);
}

/** Circumstances that decide in which state a contract begins. */
interface Beginning {
  readonly contract: AppEnvironment;
  readonly app: AppEnvironment;
  /** True if the API version approves requests for this environment by itself. */
  readonly auto: boolean;
}

interface Initial {
  readonly when: Partial<Beginning>;
  readonly to: State;
  readonly notifies: readonly string[];
}

const SUBMITTED = 'requested.both.apiadmin';

/** `@Create`, and `@Revise` for a second contract: the first row that applies. */
const CREATION: readonly Initial[] = [
  {
    when: { contract: 'Sandbox', auto: true },
    to: ACTIVATED,
    notifies: [SUBMITTED, 'requested.sandbox.appteam'],
  },
  {
    when: { contract: 'Production', auto: true, app: 'Sandbox' },
    to: APPROVED,
    notifies: [SUBMITTED, 'requested.production.appteam'],
  },
  {
    when: { contract: 'Production', auto: true },
    to: ACTIVATED,
    notifies: [SUBMITTED, 'requested.production.appteam'],
  },
  {
    when: { contract: 'Sandbox' },
    to: PENDING,
    notifies: [SUBMITTED, 'requested.sandbox.notauto.appteam'],
  },
  { when: { contract: 'Production' }, to: PENDING, notifies: [SUBMITTED, 'requested.production.appteam'] },
];

export function initial(beginning: Beginning): Initial {
  const found = CREATION.find(({ when }) => fits(when, beginning));
  if (found === undefined) throw new Error('the table of creation has no row for this');
  return found;
}

/** The table as a diagram in Mermaid's words, as README.md shows it. */
export function diagram(): string {
  const short = (name: State) => name.replace('apicontract.status.', '').replaceAll('.', '_');
  const lines = CREATION.map(({ when, to }) => `  [*] --> ${short(to)}: @Create${words(when)}`);
  for (const { action: name, from, by, when = {}, to } of WORKFLOW) {
    const label = `${name.replace('apicontract.action.', '')} by ${by.join(' or ')}${words(when)}`;
    for (const each of from) lines.push(`  ${short(each)} --> ${short(to ?? each)}: ${label}`);
  }
  return ['stateDiagram-v2', ...lines].join('\n');
}

const WORDS: Readonly<Record<string, (value: unknown) => string>> = {
  contract: (value) => `${value} contract`,
  app: (value) => `${value} app`,
  auto: () => 'approved automatically',
  emptyScope: () => 'scope not empty',
  scoped: () => 'scoped',
  foreignApp: () => 'app of another member',
};

function words(when: object): string {
  const all = Object.entries(when).map(([key, value]) => lookUp(WORDS, key)?.(value) ?? key);
  return all.length === 0 ? '' : `, ${all.join(', ')}`;
}
