import type { Path } from '../diagnostics.ts';
import type { Names, Scope, ScopeVariable } from '../iml/check.ts';
import { type Known, type Moment, RUNS, scopeAt } from '../iml/scopes.ts';
import type { Template } from '../iml/tree.ts';
import { isObject } from '../json.ts';
import { type AuthorizationKind, CREATE_TYPES } from '../sections/create-types.ts';
import type { Declared } from './declared.ts';
import type { Reference, Text } from './expressions.ts';
import { Assigned, Assignment, bodyOf } from './inferred-types.ts';
import { knownInAPI, knownInInstall } from './known-variables.ts';
import { type Request, requestsOf, sharedTexts, textsOf } from './requests.ts';

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
  const { kind } = CREATE_TYPES[declared.type];
  const run = new Run(kind, knownInAPI(declared));
  run.api(requestsOf(declared), sharedTexts(declared));
  const installed = textsOf(declared, 'install').filter(({ part }) => part === 'value');
  if (installed.length === 0) return run.templates;
  const scope = installScope(kind, declared);
  return [...run.templates, ...installed.map((text) => scoped('install', text, scope))];
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
  const { kind } = CREATE_TYPES[declared.type];
  const run = new Run(kind, knownInAPI(declared));
  run.api(requestsOf(declared), []);
  return {
    steps: [...run.steps.values()],
    stored: run.open ? undefined : run.stored,
    install: installScope(kind, declared),
  };
}

function installScope(kind: AuthorizationKind, declared: Declared): Scope {
  return scopeAt({ phase: 'install', kind, step: undefined }, knownInInstall(declared));
}

function scoped(section: TemplatePlace['section'], { path, template, references }: Text, scope: Scope): TemplatePlace {
  return { section, path, text: template.text, template, references, scope };
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

/** Goes through the requests of `api` as they run, and notes what exists at each of their texts. */
class Run {
  readonly templates: TemplatePlace[] = [];
  readonly steps = new Map<string | undefined, StepScopes>();
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
  readonly #scopes = new Map<Moment['phase'], Scope>();

  constructor(kind: AuthorizationKind, known: Known) {
    this.#kind = kind;
    const data = new Assigned(this.stored, { others: known.parameters });
    this.#known = { ...known, data, connection: data };
  }

  api(requests: readonly Request[], shared: readonly Text[]): void {
    const all = new Map<string, number>();
    let open = false;
    for (const run of RUNS[this.#kind]) {
      this.#temp = new Map();
      this.#assigned = [];
      for (const step of run) {
        this.#scopes.clear();
        for (const request of requests) if (request.step === step) this.#request(request);
      }
      open ||= this.#temp === undefined;
      for (const name of this.#temp?.keys() ?? []) if (!all.has(name)) all.set(name, all.size);
    }
    // What all steps share may be read in any of them.
    this.#temp = open ? undefined : all;
    this.#scopes.clear();
    this.#add(shared, this.#scope({ phase: 'request', kind: this.#kind, step: undefined }));
  }

  /** In the order in which Make evaluates a request: temp, everything that is sent, then the answer. */
  #request({ path, step, value, response: answer, texts }: Request): void {
    const request = { phase: 'request', kind: this.#kind, step } as const;
    const response = { phase: 'response', kind: this.#kind, step } as const;
    const order = inOrder(texts, path.length);
    const conditional = value.condition !== undefined;

    const atFirst = this.#scope(request);
    this.#add(order.temp, atFirst);
    this.#set(value.temp, { path: [...path, 'temp'], conditional }, atFirst);
    const whenSent = this.#scope(request);
    this.#add(order.sent, whenSent);

    const body = answer === undefined ? undefined : bodyOf(answer, path);
    const whenAnswered = this.#scope(response, body);
    this.#add(order.before, whenAnswered);
    this.#set(answer?.temp, { path: [...path, 'response', 'temp'], conditional }, whenAnswered);
    const atLast = this.#scope(response, body);
    this.#add(order.after, atLast);
    this.#store(answer?.data, { path: [...path, 'response', 'data'], conditional }, atLast);
    this.steps.set(step, { step, request: whenSent, response: atLast });
  }

  #add(texts: readonly Text[], scope: Scope): void {
    for (const text of texts) this.templates.push(scoped('api', text, scope));
  }

  /** Returns the variables at a moment, after all that was set so far. */
  #scope(moment: Moment, body?: ScopeVariable): Scope {
    if (body !== undefined) return scopeAt(moment, { ...this.#known, temp: this.#tempNow(), body });
    const scope = this.#scopes.get(moment.phase) ?? scopeAt(moment, { ...this.#known, temp: this.#tempNow() });
    this.#scopes.set(moment.phase, scope);
    return scope;
  }

  #tempNow(): ScopeVariable | undefined {
    if (this.#temp === undefined) return undefined;
    const members = { ...UNSET, names: new FirstNames(this.#temp) };
    return new Assigned(this.#assigned, { count: this.#assigned.length, members });
  }

  #set(temp: unknown, { path, conditional }: Pick<Assignment, 'path' | 'conditional'>, scope: Scope): void {
    if (temp === undefined || this.#temp === undefined) return;
    this.#scopes.clear();
    if (!isObject(temp) || Object.keys(temp).some((name) => name.includes('{{'))) {
      this.#temp = undefined;
      return;
    }
    for (const [name, value] of Object.entries(temp)) {
      if (!this.#temp.has(name)) this.#temp.set(name, this.#temp.size);
      this.#assigned.push(new Assignment(name, value, { path: [...path, name], conditional }, scope));
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
      else this.stored.push(new Assignment(name, value, { path: [...path, name], conditional }, scope));
    }
  }
}
