import type { Path } from '../diagnostics.ts';
import type { Names, Scope, ScopeVariable } from '../iml/check.ts';
import { type Known, type Moment, RUNS, scopeAt } from '../iml/scopes.ts';
import type { Template } from '../iml/tree.ts';
import { isObject } from '../json.ts';
import { CREATE_TYPES, type Kind } from '../sections/create-types.ts';
import type { Reference, Text } from './expressions.ts';
import { Assigned, Assignment, bodyOf } from './inferred.ts';
import { knownInAPI, knownInInstall } from './known.ts';
import { type Request, requestsOf, sharedTexts, textsOf } from './reading.ts';
import type { Declared } from './rule.ts';

/** A string of a connection that holds expressions, and what exists where it stands. */
export interface Place {
  readonly section: 'api' | 'install';
  readonly path: Path;
  readonly text: string;
  readonly template: Template;
  /** What its expressions read. */
  readonly references: readonly Reference[];
  readonly scope: Scope;
}

/** Every string with expressions in the sections whose strings are evaluated, in the order in which they run. */
export function placesOf(declared: Declared): readonly Place[] {
  const { kind } = CREATE_TYPES[declared.type];
  const places: Place[] = [];
  new Run(kind, knownInAPI(declared), places).api(requestsOf(declared), sharedTexts(declared));
  const installed = textsOf(declared, 'install');
  if (installed.length > 0) {
    const scope = scopeAt(INSTALL[kind], knownInInstall(declared));
    for (const text of installed) if (text.part === 'value') places.push(placeOf('install', text, scope));
  }
  return places;
}

/** What the expressions of a step see before its last request is sent, and when it has been answered. */
export interface StepScopes {
  /** Undefined in an `api` that is a request itself. */
  readonly step: string | undefined;
  readonly request: Scope;
  readonly response: Scope;
}

/** What the expressions of each step see, and what the answers of all steps store. */
export function flowOf(declared: Declared): {
  readonly steps: readonly StepScopes[];
  /** Undefined when nobody can know what is stored. */
  readonly stored: readonly Assignment[] | undefined;
  readonly install: Scope;
} {
  const { kind } = CREATE_TYPES[declared.type];
  const run = new Run(kind, knownInAPI(declared), [], new Map());
  run.api(requestsOf(declared), []);
  const { steps, stored, open } = run;
  return {
    steps: [...(steps?.values() ?? [])],
    stored: open ? undefined : stored,
    install: scopeAt(INSTALL[kind], knownInInstall(declared)),
  };
}

function placeOf(section: Place['section'], { path, template, references }: Text, scope: Scope): Place {
  return { section, path, text: template.text, template, references, scope };
}

/** The moments of a step: what exists at each is worked out once. */
interface Moments {
  readonly request: Moment;
  readonly response: Moment;
}

function momentsOf(kind: Kind, step: string | undefined): Moments {
  return { request: { phase: 'request', kind, step }, response: { phase: 'response', kind, step } };
}

function stepsOf(kind: Kind): ReadonlyMap<string | undefined, Moments> {
  const steps = [undefined, ...RUNS[kind].flat()];
  return new Map(steps.map((step) => [step, momentsOf(kind, step)]));
}

const MOMENTS: { readonly [kind in Kind]: ReadonlyMap<string | undefined, Moments> } = {
  basic: stepsOf('basic'),
  oauth1: stepsOf('oauth1'),
  oauth2: stepsOf('oauth2'),
};

const INSTALL: { readonly [kind in Kind]: Moment } = {
  basic: { phase: 'install', kind: 'basic', step: undefined },
  oauth1: { phase: 'install', kind: 'oauth1', step: undefined },
  oauth2: { phase: 'install', kind: 'oauth2', step: undefined },
};

/** The names that were there at a moment: the first ones of those that are there at last. */
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

class Run {
  readonly #kind: Kind;
  /** All that is known but `temp`. */
  #known: Known;
  readonly #places: Place[];
  /** What earlier strings have put into `temp`, numbered; undefined when that cannot be known. */
  #temp: Map<string, number> | undefined = new Map();
  #assigned: Assignment[] = [];
  /** What exists now, by the moment that was asked about last. */
  #knownNow: Known | undefined;
  #scope: Scope | undefined;
  #moment: Moment | undefined;
  /** What answers store, as far as it is known. */
  readonly stored: Assignment[] = [];
  /** Whether answers store more than is known. */
  open = false;
  readonly steps: Map<string | undefined, StepScopes> | undefined;

  constructor(kind: Kind, known: Known, places: Place[], steps?: Map<string | undefined, StepScopes>) {
    this.#kind = kind;
    const { parameters, common, temp, body } = known;
    const data = new Assigned(this.stored, { others: parameters });
    this.#known = { parameters, common, data, connection: data, temp, body };
    this.#places = places;
    this.steps = steps;
  }

  api(requests: readonly Request[], shared: readonly Text[]): void {
    const all = new Map<string, number>();
    let open = false;
    for (const run of RUNS[this.#kind]) {
      this.#temp = new Map();
      this.#assigned = [];
      this.#changed();
      for (const step of run) for (const request of requests) if (request.step === step) this.#request(request);
      open ||= this.#temp === undefined;
      for (const name of this.#temp?.keys() ?? []) if (!all.has(name)) all.set(name, all.size);
    }
    if (shared.length === 0) return;
    // What all steps share may be read in any of them.
    this.#temp = open ? undefined : all;
    this.#changed();
    this.#texts(shared, MOMENTS[this.#kind].get(undefined)?.request);
  }

  /** In the order in which Make evaluates a request: temp, everything that is sent, then the answer. */
  #request({ path, step, value, response: answer, texts }: Request): void {
    const { request, response } = MOMENTS[this.#kind].get(step) ?? momentsOf(this.#kind, step);
    const order = inOrder(texts, path.length);
    this.#texts(order.temp, request);
    const conditional = value.condition !== undefined;
    this.#set(value.temp, { path: [...path, 'temp'], conditional }, request);
    this.#texts(order.sent, request);
    const asked = this.steps && this.#at(request);
    this.#answered(answer === undefined ? undefined : bodyOf(answer, path));
    this.#texts(order.before, response);
    this.#set(answer?.temp, { path: [...path, 'response', 'temp'], conditional }, response);
    this.#texts(order.after, response);
    this.#store(answer?.data, { path: [...path, 'response', 'data'], conditional }, response);
    if (asked !== undefined) this.steps?.set(step, { step, request: asked, response: this.#at(response) });
    this.#answered(undefined);
  }

  /** From now on there is the answer of a request, or it is gone. */
  #answered(body: ScopeVariable | undefined): void {
    const known = this.#known;
    if (body === known.body) return;
    const { parameters, common, data, connection, temp } = known;
    this.#known = { parameters, common, data, connection, temp, body };
    this.#changed();
  }

  #store(data: unknown, { path, conditional }: Pick<Assignment, 'path' | 'conditional'>, moment: Moment): void {
    if (data === undefined) return;
    if (!isObject(data)) {
      this.open = true;
      return;
    }
    for (const name of Object.keys(data)) {
      if (name.includes('{{')) this.open = true;
      else this.stored.push(new Assignment(name, data[name], { path: [...path, name], conditional }, this.#at(moment)));
    }
  }

  #texts(texts: readonly Text[], moment: Moment | undefined): void {
    if (texts.length === 0 || moment === undefined) return;
    const scope = this.#at(moment);
    for (const text of texts) this.#places.push(placeOf('api', text, scope));
  }

  /** What was known is no longer all, or no longer so. */
  #changed(): void {
    this.#knownNow = undefined;
    this.#scope = undefined;
  }

  /** What exists now, when it is that moment. */
  #at(moment: Moment): Scope {
    if (this.#scope === undefined || this.#moment !== moment) {
      this.#moment = moment;
      this.#scope = scopeAt(moment, this.#now());
    }
    return this.#scope;
  }

  #now(): Known {
    if (this.#temp === undefined) return this.#known;
    if (this.#knownNow !== undefined) return this.#knownNow;
    const { code, says, hint } = UNSET;
    const members = { code, says, hint, names: new FirstNames(this.#temp) };
    const temp = new Assigned(this.#assigned, { count: this.#assigned.length, members });
    const { parameters, common, data, connection, body } = this.#known;
    this.#knownNow = { parameters, common, data, connection, temp, body };
    return this.#knownNow;
  }

  #set(temp: unknown, { path, conditional }: Pick<Assignment, 'path' | 'conditional'>, moment: Moment): void {
    if (temp === undefined || this.#temp === undefined) return;
    const keys = isObject(temp) ? Object.keys(temp) : undefined;
    if (keys === undefined || keys.some((key) => key.includes('{{'))) this.#temp = undefined;
    else {
      const scope = this.#at(moment);
      for (const key of keys) {
        if (!this.#temp.has(key)) this.#temp.set(key, this.#temp.size);
        const value = (temp as Readonly<Record<string, unknown>>)[key];
        this.#assigned.push(new Assignment(key, value, { path: [...path, key], conditional }, scope));
      }
    }
    this.#changed();
  }
}
