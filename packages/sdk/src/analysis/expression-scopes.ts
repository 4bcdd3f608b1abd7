import type { Path } from '../diagnostics.ts';
import type { Names, Scope, ScopeVariable } from '../iml/check.ts';
import { type Known, type Moment, RUNS, scopeAt } from '../iml/scopes.ts';
import type { Template } from '../iml/tree.ts';
import { isObject, sameItems } from '../json.ts';
import { type AuthorizationKind, CREATE_TYPES } from '../sections/create-types.ts';
import type { Declared } from './declared.ts';
import type { Reference, Text } from './expressions.ts';
import { Assigned, Assignment, bodyOf, Circles } from './inferred-types.ts';
import { knownInAPI, knownInInstall } from './known-variables.ts';
import { lazy } from './lazy.ts';
import { ofEachRequest, type Request, requestsOf, sharedTexts, textsOf } from './requests.ts';

/** A string of a connection that holds expressions, and what exists where it stands. */
export interface TemplatePlace {
  readonly section: 'api' | 'install';
  readonly path: Path;
  readonly text: string;
  readonly template: Template;
  /** References of its expressions. */
  readonly references: readonly Reference[];
  readonly scope: Scope;
}

/** Every string with expressions in the sections whose strings are evaluated, in the order in which they run. */
export function placesOf(declared: Declared): readonly TemplatePlace[] {
  const { scopes, shared, install } = scopesOf(declared);
  const found: TemplatePlace[] = [];
  const add = (section: TemplatePlace['section'], texts: readonly Text[], scope: Scope) => {
    for (const { path, template, references } of texts)
      found.push({ section, path, text: template.text, template, references, scope });
  };
  const orders = [...ordersOf(declared).values()];
  for (const [index, { first, sent, answered, last }] of scopes) {
    const order = orders[index];
    if (order === undefined) continue;
    add('api', order.temp, first);
    add('api', order.sent, sent);
    add('api', order.before, answered);
    add('api', order.after, last);
  }
  add('api', sharedTexts(declared), shared);
  const installed = textsOf(declared, 'install').filter(({ part }) => part === 'value');
  add('install', installed, install);
  return found;
}

/** Variables of a step's expressions before its last request is sent, and when it has been answered. */
export interface StepScopes {
  /** Undefined in an `api` that is a request itself. */
  readonly step: string | undefined;
  readonly request: Scope;
  readonly response: Scope;
}

/** Returns the variables of each step's expressions, and the data that the answers of all steps store. */
export function flowOf(declared: Declared): {
  readonly steps: readonly StepScopes[];
  /** Undefined when nobody can know what is stored. */
  readonly stored: readonly Assignment[] | undefined;
  readonly install: Scope;
} {
  return scopesOf(declared);
}

/** The variables of a request's expressions: before anything is set, when it is sent, when it is answered, at the end. */
interface RequestScopes {
  readonly first: Scope;
  readonly sent: Scope;
  readonly answered: Scope;
  readonly last: Scope;
}

interface ConnectionScopes extends ReturnType<typeof flowOf> {
  /** All that says which variables exist where, and of which types they are. */
  readonly basis: readonly unknown[];
  /** Index of a request → its scopes, in the order in which requests run. */
  readonly scopes: ReadonlyMap<number, RequestScopes>;
  /** The scope of what all steps share. */
  readonly shared: Scope;
  readonly circles: Circles;
}

/** While a connection is edited, most changes are of texts that set nothing: the scopes stay the same objects then. */
const scopesOf = lazy((declared: Declared, before: ConnectionScopes | undefined): ConnectionScopes => {
  const basis = basisOf(declared);
  // The types of values that are made of one another depend on which was asked about first.
  if (before?.circles.met === false && sameItems(basis, before.basis)) return before;
  const { kind } = CREATE_TYPES[declared.type];
  const run = new Run(kind, knownInAPI(declared));
  const shared = run.api(requestsOf(declared));
  return {
    basis,
    scopes: run.scopes,
    shared,
    circles: run.circles,
    steps: [...run.steps.values()],
    stored: run.open ? undefined : run.stored,
    install: scopeAt({ phase: 'install', kind, step: undefined }, knownInInstall(declared)),
  };
});

function basisOf(declared: Declared): readonly unknown[] {
  const { parameters, common, install, installSpec } = declared.sections;
  const basis = [declared.type, declared.absent?.join(), parameters, common, install, installSpec];
  for (const { path, step, value, response } of requestsOf(declared)) {
    basis.push(path.join('.'), step, value.condition !== undefined, value.temp);
    basis.push(response === undefined, response?.temp, response?.data, response?.type);
  }
  return basis;
}

/** The names that are there at a moment, of a map that names are still added to: its first ones. */
class FirstNames implements Names {
  readonly #order: ReadonlyMap<string, number>;
  readonly #count: number;

  constructor(order: ReadonlyMap<string, number>) {
    this.#order = order;
    this.#count = order.size;
  }

  has(name: string): boolean {
    const at = this.#order.get(name);
    return at !== undefined && at < this.#count;
  }

  *[Symbol.iterator](): Generator<string> {
    let left = this.#count;
    for (const name of this.#order.keys()) {
      if (left-- <= 0) return;
      yield name;
    }
  }
}

const UNSET = {
  code: 'iml/unset-temp',
  says: 'is read before anything sets it.',
  hint: 'Set it in temp or response.temp of an earlier request of the same run.',
} as const;

/** The directives of an answer that are evaluated before `temp` is set from it; the others come after. */
const BEFORE_TEMP = new Set<unknown>(['type', 'valid', 'error', 'temp']);

/** The texts of a request, by when they are evaluated; `from` is how long the request's own path is. */
function inOrder(texts: readonly Text[], from: number) {
  const temp: Text[] = [];
  const sent: Text[] = [];
  const before: Text[] = [];
  const after: Text[] = [];
  for (const text of texts) {
    const directive = text.path[from];
    if (directive === 'temp') temp.push(text);
    else if (directive !== 'response') sent.push(text);
    else if (BEFORE_TEMP.has(text.path[from + 1])) before.push(text);
    else after.push(text);
  }
  return { temp, sent, before, after };
}

const ordersOf = ofEachRequest(({ texts, path }) => inOrder(texts, path.length));

/** Goes through the requests of `api` as they run, and notes what exists at each of their texts. */
class Run {
  readonly scopes = new Map<number, RequestScopes>();
  readonly steps = new Map<string | undefined, StepScopes>();
  readonly circles = new Circles();
  /** Stored values of answers, as far as they are known. */
  readonly stored: Assignment[] = [];
  /** True if answers store more than is known. */
  open = false;
  readonly #kind: AuthorizationKind;
  /** All that is known but `temp` and the answer of a request. */
  readonly #known: Known;
  /** The names that are set in `temp` so far, numbered; undefined when they cannot be known. */
  #temp: Map<string, number> | undefined = new Map();
  #assigned: Assignment[] = [];
  /** Phase → its scope in this step, while nothing is set: requests that are alike share it. */
  readonly #alike = new Map<Moment['phase'], Scope>();

  constructor(kind: AuthorizationKind, known: Known) {
    this.#kind = kind;
    const data = new Assigned(this.stored, { others: known.parameters });
    this.#known = { ...known, data, connection: data };
  }

  /** @returns the scope of what all steps share */
  api(requests: readonly Request[]): Scope {
    const all = new Map<string, number>();
    let open = false;
    for (const run of RUNS[this.#kind]) {
      this.#temp = new Map();
      this.#assigned = [];
      for (const step of run) {
        this.#alike.clear();
        for (const [index, request] of requests.entries()) {
          if (request.step === step) this.scopes.set(index, this.#request(request));
        }
      }
      open ||= this.#temp === undefined;
      for (const name of this.#temp?.keys() ?? []) if (!all.has(name)) all.set(name, all.size);
    }
    // What all steps share may be read in any of them.
    this.#temp = open ? undefined : all;
    this.#alike.clear();
    return this.#scope({ phase: 'request', kind: this.#kind, step: undefined });
  }

  /** In the order in which Make evaluates a request: temp, everything that is sent, then the answer. */
  #request({ path, step, value, response: answer }: Request): RequestScopes {
    const request = { phase: 'request', kind: this.#kind, step } as const;
    const response = { phase: 'response', kind: this.#kind, step } as const;
    const conditional = value.condition !== undefined;
    const first = this.#scope(request);
    this.#set(value.temp, { path: [...path, 'temp'], conditional }, first);
    const sent = this.#scope(request);
    const body = answer === undefined ? undefined : bodyOf(answer, path);
    const answered = this.#scope(response, body);
    this.#set(answer?.temp, { path: [...path, 'response', 'temp'], conditional }, answered);
    const last = this.#scope(response, body);
    this.#store(answer?.data, { path: [...path, 'response', 'data'], conditional }, last);
    this.steps.set(step, { step, request: sent, response: last });
    return { first, sent, answered, last };
  }

  /** Returns the variables at a moment, after all that was set so far. */
  #scope(moment: Moment, body?: ScopeVariable): Scope {
    if (body !== undefined) return scopeAt(moment, { ...this.#known, temp: this.#tempNow(), body });
    const scope = this.#alike.get(moment.phase) ?? scopeAt(moment, { ...this.#known, temp: this.#tempNow() });
    this.#alike.set(moment.phase, scope);
    return scope;
  }

  #tempNow(): ScopeVariable | undefined {
    if (this.#temp === undefined) return undefined;
    const members = { ...UNSET, names: new FirstNames(this.#temp) };
    return new Assigned(this.#assigned, { count: this.#assigned.length, members });
  }

  #set(temp: unknown, { path, conditional }: Pick<Assignment, 'path' | 'conditional'>, scope: Scope): void {
    if (temp === undefined || this.#temp === undefined) return;
    this.#alike.clear();
    if (!isObject(temp) || Object.keys(temp).some((name) => name.includes('{{'))) {
      this.#temp = undefined;
      return;
    }
    for (const [name, value] of Object.entries(temp)) {
      if (!this.#temp.has(name)) this.#temp.set(name, this.#temp.size);
      this.#assigned.push(new Assignment(name, value, { path: [...path, name], conditional }, scope, this.circles));
    }
  }

  #store(data: unknown, { path, conditional }: Pick<Assignment, 'path' | 'conditional'>, scope: Scope): void {
    if (data === undefined) return;
    if (!isObject(data)) {
      this.open = true;
      return;
    }
    for (const [name, value] of Object.entries(data)) {
      if (name.includes('{{')) this.open = true;
      else this.stored.push(new Assignment(name, value, { path: [...path, name], conditional }, scope, this.circles));
    }
  }
}
