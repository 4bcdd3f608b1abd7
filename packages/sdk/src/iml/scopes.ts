import { lookUp } from '../json.ts';
import { STEPS } from '../sections/api-kinds.ts';
import type { AuthorizationKind } from '../sections/create-types.ts';
import type { Scope, ScopeVariable, Variables } from './check.ts';
import type { IMLType } from './function.ts';

/** Where in a connection an expression stands. */
export interface Moment {
  /** When the app is installed, before a request is sent, or when its answer is there. */
  readonly phase: 'install' | 'request' | 'response';
  readonly kind: AuthorizationKind;
  /** One of STEPS; none in a basic connection, in `install`, and for what all steps share. */
  readonly step: string | undefined;
}

interface Entry {
  readonly type: IMLType;
  readonly exists: (moment: Moment) => boolean;
  /** Why it does not exist where it does not; a whole sentence. */
  readonly otherwise: string;
}

/** The steps that run one after the other and share `temp`; each list is a run of its own. */
export const RUNS: Readonly<Record<AuthorizationKind, readonly (readonly (string | undefined)[])[]>> = {
  basic: [[undefined]],
  oauth2: [['preauthorize', 'authorize', 'token', 'info'], ['refresh'], ['invalidate']],
  oauth1: [['preauthorize', 'requestToken', 'authorize', 'accessToken', 'info'], ['invalidate']],
};

const inApi = ({ phase }: Moment) => phase !== 'install';
const always = () => true;
const NOT_AT_INSTALL = 'when an app is installed there are only the values of its form.';

/** The answer to authorize is a visit of the browser, which has a query and nothing else. */
const afterAnswer = ({ step, phase }: Moment) => phase === 'response' && step !== 'authorize';
const NO_ANSWER = 'it belongs to the response, and only directives under response are evaluated after that.';

function afterAuthorize({ kind, step, phase }: Moment): boolean {
  if (kind === 'basic' || step === undefined) return false;
  const run = RUNS[kind].find((steps) => steps.includes(step)) ?? [];
  const authorize = run.indexOf('authorize');
  const at = run.indexOf(step);
  return authorize >= 0 && (at > authorize || (at === authorize && phase === 'response'));
}

const OAUTH: IMLType = {
  collection: {
    scope: { array: 'text' },
    localRedirectUri: 'text',
    makeRedirectUri: 'text',
    redirectUri: 'text',
    state: 'text',
  },
};

/**
 * Which variables exist where. Source: Make's documentation of connections and of OAuth 2.0, and its older pages on
 * OAuth 1.0a, which name no `oauth.*`, so that there any is taken.
 */
export const VARIABLES: Readonly<Record<string, Entry>> = {
  parameters: { type: 'collection', exists: always, otherwise: '' },
  common: { type: 'collection', exists: always, otherwise: '' },
  temp: { type: 'collection', exists: always, otherwise: '' },
  environment: { type: 'collection', exists: always, otherwise: '' },
  executionId: { type: 'text', exists: inApi, otherwise: NOT_AT_INSTALL },
  connection: { type: 'collection', exists: inApi, otherwise: NOT_AT_INSTALL },
  data: { type: 'collection', exists: inApi, otherwise: NOT_AT_INSTALL },
  body: { type: 'any', exists: afterAnswer, otherwise: NO_ANSWER },
  headers: { type: 'collection', exists: afterAnswer, otherwise: NO_ANSWER },
  statusCode: { type: 'number', exists: afterAnswer, otherwise: NO_ANSWER },
  oauth: {
    type: OAUTH,
    exists: ({ phase, kind }) => phase !== 'install' && kind !== 'basic',
    otherwise: 'only connections that authorize with OAuth have it.',
  },
  query: {
    type: 'collection',
    exists: afterAuthorize,
    otherwise:
      'it is what the browser brings back from authorize, and exists in the response of authorize and in the steps after it.',
  },
};

const MODULES = 'it belongs to modules, and a connection does not see it.';
const BASE = 'a connection does not see the base of the app, nor the data that all of the app shares.';

/** Variables that Make has elsewhere, but in no connection. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  app: BASE,
  base: BASE,
  bundle: MODULES,
  item: MODULES,
  iterate: MODULES,
  metadata: MODULES,
  output: MODULES,
  pagination: MODULES,
  scenario: MODULES,
  webhook: MODULES,
};

/** Variables of which more is known than that they are there: the values of the form, what `common` declares, … */
export interface Known {
  readonly parameters: ScopeVariable | undefined;
  readonly common: ScopeVariable | undefined;
  readonly data: ScopeVariable | undefined;
  readonly connection: ScopeVariable | undefined;
  readonly temp: ScopeVariable | undefined;
  readonly body: ScopeVariable | undefined;
}

/** The variables that exist at a moment, and why others do not. */
export function scopeAt(moment: Moment, known?: Known): Scope {
  const key = `${moment.kind} ${moment.step} ${moment.phase}`;
  const bare = SCOPES.get(key) ?? bareScope(moment);
  SCOPES.set(key, bare);
  return known === undefined
    ? bare
    : { variables: new KnownVariables(bare.variables, known), elsewhere: bare.elsewhere };
}

/** Variables of which more is known. There are many of these for each connection, so that nothing is copied. */
class KnownVariables implements Variables {
  readonly #bare: Variables;
  readonly #known: Known;

  constructor(bare: Variables, known: Known) {
    this.#bare = bare;
    this.#known = known;
  }

  has(name: string): boolean {
    return this.#bare.has(name);
  }

  get(name: string): ScopeVariable | undefined {
    const bare = this.#bare.get(name);
    // Only what exists is asked for there.
    return bare === undefined ? undefined : (this.#known[name as keyof Known] ?? bare);
  }

  *[Symbol.iterator](): Generator<readonly [string, ScopeVariable]> {
    for (const [name, variable] of this.#bare) yield [name, this.get(name) ?? variable];
  }
}

/** Kind, step and phase → the scope of all connections alike: there are a few dozen. */
const SCOPES = new Map<string, Scope>();

function bareScope(moment: Moment): Scope {
  const variables = new Map<string, ScopeVariable>();
  const elsewhere = new Map(Object.entries(ELSEWHERE));
  for (const [name, { type, exists, otherwise }] of Object.entries(VARIABLES)) {
    if (exists(moment))
      variables.set(name, { type: name === 'oauth' && moment.kind === 'oauth1' ? 'collection' : type });
    else elsewhere.set(name, otherwise);
  }
  return { variables, elsewhere };
}

/**
 * The moment that a path names, such as `api.token.body` or `api.response.data`; the kind follows from the step.
 * Undefined when it begins with no section that holds expressions.
 */
export function momentOf([section = '', ...rest]: readonly string[]): Moment | undefined {
  return Object.hasOwn(MOMENTS, section) ? lookUp(MOMENTS, section)?.(rest) : undefined;
}

/** Moments of expressions by the rest of their path, for each section that holds expressions. */
const MOMENTS: Readonly<Record<string, (rest: readonly string[]) => Moment>> = {
  install: () => ({ phase: 'install', kind: 'basic', step: undefined }),
  api: ([first = '', ...rest]) => {
    const kind = (['oauth2', 'oauth1'] as const).find((each) => (STEPS[each] as readonly string[]).includes(first));
    // Both kinds of OAuth have steps of the same names, of which nothing differs but what oauth.* holds.
    const directives = kind === undefined ? [first, ...rest] : rest;
    const directive = directives.find((each) => !/^\d+$/.test(each));
    const phase = directive === 'response' ? 'response' : 'request';
    return { phase, kind: kind ?? 'basic', step: kind === undefined ? undefined : first };
  },
};
