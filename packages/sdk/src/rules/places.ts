import type { Path } from '../diagnostics.ts';
import type { Scope } from '../iml/check.ts';
import { type Known, type Moment, RUNS, scopeAt } from '../iml/scopes.ts';
import { isObject, type JSONObject } from '../json.ts';
import { STEPS } from '../sections/api-kinds.ts';
import { CREATE_TYPES, type Kind } from '../sections/create-types.ts';
import { knownMembers } from './known.ts';
import type { Declared } from './rule.ts';

/** A string of a connection that holds expressions, and what exists where it stands. */
export interface Place {
  readonly section: 'api' | 'install';
  readonly path: Path;
  readonly text: string;
  readonly scope: Scope;
}

/** Every string with expressions in the sections whose strings are evaluated, in the order in which they run. */
export function* placesOf(declared: Declared): Generator<Place> {
  const { type, sections } = declared;
  const { kind } = CREATE_TYPES[type];
  const known = knownMembers(declared);
  if (sections.api !== undefined) yield* new Walk(kind, known.api).api(sections.api);
  if (sections.install !== undefined) {
    const scope = scopeAt({ phase: 'install', kind, step: undefined }, known.install);
    for (const { path, text } of stringsIn(sections.install, [])) yield { section: 'install', path, text, scope };
  }
}

/** What an earlier string has put into `temp`; undefined when that cannot be known. */
type Temp = ReadonlySet<string> | undefined;

/** The directives of an answer that are evaluated before `temp` is set from it; the others come after. */
const BEFORE_TEMP = new Set(['type', 'valid', 'error', 'temp']);

class Walk {
  readonly #kind: Kind;
  readonly #known: Known;
  #temp: Temp = new Set();

  constructor(kind: Kind, known: Known) {
    this.#kind = kind;
    this.#known = known;
  }

  *api(api: unknown): Generator<Place> {
    const kind = this.#kind;
    if (kind === 'basic') {
      yield* this.#requests(api, undefined, []);
      return;
    }
    if (!isObject(api)) return;
    const all: (string | undefined)[] = [];
    let open = false;
    for (const run of RUNS[kind]) {
      this.#temp = new Set();
      for (const step of run) {
        if (step !== undefined && Object.hasOwn(api, step)) yield* this.#requests(api[step], step, [step]);
      }
      open ||= this.#temp === undefined;
      all.push(...(this.#temp ?? []));
    }
    // What all steps share may be read in any of them.
    this.#temp = open ? undefined : new Set(all.filter((each) => each !== undefined));
    const moment: Moment = { phase: 'request', kind, step: undefined };
    const steps: readonly string[] = STEPS[kind];
    for (const [key, value] of Object.entries(api))
      if (!steps.includes(key)) yield* this.#strings(value, [key], moment);
  }

  *#requests(value: unknown, step: string | undefined, path: Path): Generator<Place> {
    if (Array.isArray(value))
      for (const [index, each] of value.entries()) yield* this.#requests(each, step, [...path, index]);
    else if (isObject(value)) yield* this.#request(value, step, path);
  }

  /** In the order in which Make evaluates a request: temp, everything that is sent, then the answer. */
  *#request({ temp, response, ...rest }: JSONObject, step: string | undefined, path: Path): Generator<Place> {
    const moment: Moment = { phase: 'request', kind: this.#kind, step };
    yield* this.#strings(temp, [...path, 'temp'], moment);
    this.#set(temp);
    for (const [key, value] of Object.entries(rest)) yield* this.#strings(value, [...path, key], moment);
    if (!isObject(response)) return;
    const entries = Object.entries(response).sort(
      ([a], [b]) => Number(BEFORE_TEMP.has(b)) - Number(BEFORE_TEMP.has(a)),
    );
    let set = false;
    for (const [key, value] of entries) {
      if (!set && !BEFORE_TEMP.has(key)) {
        this.#set(response.temp);
        set = true;
      }
      yield* this.#strings(value, [...path, 'response', key], { ...moment, phase: 'response' });
    }
    if (!set) this.#set(response.temp);
  }

  *#strings(value: unknown, path: Path, moment: Moment): Generator<Place> {
    let scope: Scope | undefined;
    for (const { path: at, text } of stringsIn(value, path)) {
      scope ??= scopeAt(moment, this.#knownNow());
      yield { section: 'api', path: at, text, scope };
    }
  }

  #knownNow(): Known {
    if (this.#temp === undefined) return this.#known;
    const members = {
      names: this.#temp,
      code: 'iml/unset-temp',
      says: 'is read before anything sets it.',
      hint: 'Set it in temp or response.temp of an earlier request of the same run.',
    } as const;
    return { ...this.#known, temp: { members } };
  }

  #set(temp: unknown): void {
    if (temp === undefined || this.#temp === undefined) return;
    const keys = isObject(temp) ? Object.keys(temp) : undefined;
    this.#temp =
      keys === undefined || keys.some((key) => key.includes('{{')) ? undefined : new Set([...this.#temp, ...keys]);
  }
}

/** Deep enough for every value that passes the reader. */
function* stringsIn(value: unknown, path: Path): Generator<{ path: Path; text: string }> {
  if (typeof value === 'string') {
    if (value.includes('{{')) yield { path, text: value };
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* stringsIn(each, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, each] of Object.entries(value)) yield* stringsIn(each, [...path, key]);
  }
}
