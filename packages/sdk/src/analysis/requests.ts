import type { Path } from '../diagnostics.ts';
import type { Template } from '../iml/tree.ts';
import { isObject, type JSONObject, sameItems } from '../json.ts';
import { STEPS } from '../sections/api-kinds.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import type { Declared } from './declared.ts';
import { type Reference, readTemplate, SPREAD, Text } from './expressions.ts';
import { lazy } from './lazy.ts';

/** The sections whose strings are evaluated. */
export type Evaluated = 'api' | 'install';

/** A request of a connection, and where it stands in `api`. */
export interface Request {
  readonly path: Path;
  /** The step that it belongs to; undefined in an `api` that is a request itself. */
  readonly step: string | undefined;
  readonly value: JSONObject;
  /** Directives about its answer; undefined when there are none, or no object. */
  readonly response: JSONObject | undefined;
  /** Its strings with an expression, names of properties left out. */
  readonly texts: readonly Text[];
}

/** A string in which an expression ends that it does not begin, as it seems. */
export interface UnopenedExpression {
  readonly section: Evaluated;
  readonly path: Path;
  readonly template: Template;
}

/** Every request that the connection's `api` may send, in the order in which they are declared. */
export function requestsOf(connection: Declared): readonly Request[] {
  return readingOf(connection).requests;
}

/**
 * Works something out of each request alone, in their order. While a connection is edited, most of its requests stay the
 * same objects, and are not looked at again.
 */
export function ofEachRequest<Value>(
  make: (request: Request) => Value,
): (connection: Declared) => ReadonlyMap<Request, Value> {
  return lazy((connection, before: ReadonlyMap<Request, Value> | undefined) => {
    const found = new Map<Request, Value>();
    for (const request of requestsOf(connection)) {
      // Nothing may be what was worked out.
      const value = before?.has(request) ? (before.get(request) as Value) : make(request);
      found.set(request, value);
    }
    return found;
  });
}

/** The requests of a step of OAuth. */
export function stepsOf(connection: Declared, step: string): readonly Request[] {
  return readingOf(connection).steps.get(step) ?? NO_REQUESTS;
}

/** Returns the values of a variable that `api` reads, in their order. */
export function readsOf(connection: Declared, root: string): readonly Read[] {
  return readingOf(connection).reads.get(root) ?? NO_READS;
}

/** The names that `api` reads of these variables; undefined when it reads all of one at once. */
export function namesRead(connection: Declared, ...roots: readonly string[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const root of roots) {
    for (const { reference } of readsOf(connection, root)) {
      const name = reference.members[0];
      if (name === undefined) return undefined;
      names.add(name);
    }
  }
  return names;
}

/** Checks if the connection sends anything by itself; otherwise only modules can use what was filled in. */
export function sendsRequests(connection: Declared): boolean {
  return requestsOf(connection).some(({ value }) => value.url !== undefined || SPREAD in value);
}

/** Checks if the connection names the steps of OAuth 2.0 itself. */
export function isOAuth2({ type, sections }: Declared): boolean {
  return CREATE_TYPES[type].kind === 'oauth2' && isObject(sections.api) && !(SPREAD in sections.api);
}

/** Every string with an expression in the section, in the order of its values; none when the section is absent. */
export function textsOf(connection: Declared, section: Evaluated): readonly Text[] {
  return readingOf(connection)[section];
}

/** Returns the texts of `api` beside requests: what all steps of OAuth 1.0a share. Names of properties are left out. */
export function sharedTexts(connection: Declared): readonly Text[] {
  return readingOf(connection).shared;
}

/** The strings in which braces close that did not open. */
export function unopenedIn(connection: Declared): readonly UnopenedExpression[] {
  return readingOf(connection).closings;
}

/** The texts of the request that are the directive, or stand in it. */
export function textsUnder({ path, texts }: Request, directive: string): readonly Text[] {
  return texts.filter((text) => text.path[path.length] === directive);
}

/** A path that is read in `api`, and the string that reads it. */
export interface Read {
  readonly text: Text;
  readonly reference: Reference;
}

const NO_REQUESTS: readonly Request[] = [];
const NO_READS: readonly Read[] = [];

interface ReadTexts {
  readonly api: readonly Text[];
  readonly install: readonly Text[];
  readonly requests: readonly Request[];
  readonly steps: ReadonlyMap<string | undefined, readonly Request[]>;
  readonly shared: readonly Text[];
  /** Variable → what is read of it. */
  readonly reads: ReadonlyMap<string, readonly Read[]>;
  readonly closings: readonly UnopenedExpression[];
  /** What was found in each request, by its value. */
  readonly walked: ReadonlyMap<JSONObject, WalkedRequest>;
}

/** A request, and all that was found in it. */
interface WalkedRequest {
  readonly request: Request;
  readonly texts: readonly Text[];
  readonly closings: readonly UnopenedExpression[];
}

/** Each connection is walked, and each of its expressions parsed, once for all rules. */
const readingOf = lazy(read);

function read({ type, sections }: Declared, before: ReadTexts | undefined): ReadTexts {
  const closings: UnopenedExpression[] = [];
  const api = new Walk('api', closings, before?.walked);
  api.api(sections.api, STEPS[CREATE_TYPES[type].kind]);
  const install = new Walk('install', closings);
  install.value(sections.install);
  const { texts, requests, shared, walked } = api;
  return {
    api: texts,
    install: install.texts,
    requests,
    steps: byStep(requests),
    shared,
    reads: readsIn(texts),
    closings,
    walked,
  };
}

function byStep(requests: readonly Request[]): Map<string | undefined, Request[]> {
  const steps = new Map<string | undefined, Request[]>();
  for (const request of requests) {
    const before = steps.get(request.step);
    if (before === undefined) steps.set(request.step, [request]);
    else before.push(request);
  }
  return steps;
}

function readsIn(texts: readonly Text[]): Map<string, Read[]> {
  const reads = new Map<string, Read[]>();
  for (const text of texts) {
    for (const reference of text.references) {
      const before = reads.get(reference.root);
      if (before === undefined) reads.set(reference.root, [{ text, reference }]);
      else before.push({ text, reference });
    }
  }
  return reads;
}

class Walk {
  readonly texts: Text[] = [];
  readonly requests: Request[] = [];
  readonly walked = new Map<JSONObject, WalkedRequest>();
  shared: readonly Text[] = [];
  readonly #section: Evaluated;
  readonly #closings: UnopenedExpression[];
  readonly #before: ReadTexts['walked'] | undefined;
  /** Where the walk is. Copied for what is kept, which is little of what there is. */
  readonly #path: (string | number)[] = [];

  /** @param before requests that were walked before: those that are still the same are taken over */
  constructor(section: Evaluated, closings: UnopenedExpression[], before?: ReadTexts['walked']) {
    this.#section = section;
    this.#closings = closings;
    this.#before = before;
  }

  api(api: unknown, steps: readonly string[]): void {
    if (steps.length === 0) {
      this.#requests(api, undefined);
      return;
    }
    if (!isObject(api)) {
      this.value(api);
      return;
    }
    const shared: Text[] = [];
    for (const name of Object.keys(api)) {
      if (steps.includes(name)) {
        this.#path.push(name);
        this.#requests(api[name], name);
        this.#path.pop();
      } else {
        const from = this.texts.length;
        this.#property(name, api[name]);
        this.#values(from, shared);
      }
    }
    this.shared = shared;
  }

  #requests(value: unknown, step: string | undefined): void {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        this.#path.push(index);
        this.#requests(value[index], step);
        this.#path.pop();
      }
      return;
    }
    if (!isObject(value)) {
      this.value(value);
      return;
    }
    const before = this.#before?.get(value);
    const isSame = before !== undefined && before.request.step === step && sameItems(before.request.path, this.#path);
    const found = isSame ? before : this.#request(value, step);
    for (const text of found.texts) this.texts.push(text);
    for (const closing of found.closings) this.#closings.push(closing);
    this.requests.push(found.request);
    this.walked.set(value, found);
  }

  #request(value: JSONObject, step: string | undefined): WalkedRequest {
    const closings: UnopenedExpression[] = [];
    const walk = new Walk(this.#section, closings);
    walk.#path.push(...this.#path);
    walk.value(value);
    const response = isObject(value.response) ? value.response : undefined;
    const request = { path: [...this.#path], step, value, response, texts: walk.#values(0, []) };
    return { request, texts: walk.texts, closings };
  }

  /** The texts from there on that are values, added to `found`. */
  #values(from: number, found: Text[]): Text[] {
    for (let index = from; index < this.texts.length; index++) {
      const text = this.texts[index];
      if (text?.part === 'value') found.push(text);
    }
    return found;
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.#string(value);
    else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        this.#path.push(index);
        this.value(value[index]);
        this.#path.pop();
      }
    } else if (isObject(value)) {
      for (const name of Object.keys(value)) this.#property(name, value[name]);
    }
  }

  #property(name: string, value: unknown): void {
    this.#path.push(name);
    if (name.includes('{{') && name !== SPREAD) {
      this.texts.push(new Text(this.#section, [...this.#path], 'key', readTemplate(name)));
    }
    this.value(value);
    this.#path.pop();
  }

  #string(value: string): void {
    // An expression that opens here may close without a problem, so that only the parser knows what is outside.
    const opens = value.includes('{{');
    if (!opens && !value.includes('}}')) return;
    const read = readTemplate(value);
    const path = [...this.#path];
    if (opens) this.texts.push(new Text(this.#section, path, 'value', read));
    if (closes(read.template)) this.#closings.push({ section: this.#section, path, template: read.template });
  }
}

/** Checks if the text outside of expressions holds closing braces. */
function closes({ parts }: Template): boolean {
  for (const part of parts) if (part.kind === 'text' && part.text.includes('}}')) return true;
  return false;
}
