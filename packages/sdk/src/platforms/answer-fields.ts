import { ConnectorError } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { faultsOf, type ValueFault } from '../json-schema/validator.ts';
import type { Contract, Operation } from './operations.ts';
import type { HttpRequest, HttpResponse } from './platform.ts';
import { firstWords } from './redact-response.ts';

/**
 * Parts of an answer that a client reads: of an object the properties, with `?` behind the names of those that may be missing
 * or null; of a list what is read of each item; `true` for a value as it is. Vendors add properties, and leave out others
 * than their documentation says: only what is read is held against the contract.
 */
export type AnswerFields<Answer> =
  | true
  | (Answer extends readonly (infer Item)[]
      ? readonly [AnswerFields<Item>]
      : Answer extends object
        ? { readonly [Name in keyof Answer & string as Name | `${Name}?`]?: AnswerFields<NonNullable<Answer[Name]>> }
        : never);

/** The part of an answer that is read. */
export type Read<Answer, Wanted> = Wanted extends true
  ? Answer
  : Answer extends readonly (infer Item)[]
    ? readonly Read<Item, Wanted extends readonly [infer Each] ? Each : never>[]
    : Answer extends object
      ? { readonly [Name in keyof Wanted & keyof Answer]: Read<Answer[Name], Wanted[Name]> } & {
          readonly [Name in keyof Answer & string as `${Name}?` extends keyof Wanted ? Name : never]?: Read<
            NonNullable<Answer[Name]>,
            Wanted[`${Name}?` & keyof Wanted]
          > | null;
        }
      : Answer;

/** The same, as it stands in a table. */
type Wanted = true | readonly [Wanted] | { readonly [name: string]: Wanted };

/** An answer, and the request that it is to. */
export type Answered = HttpResponse & { readonly request: HttpRequest };

/** How an answer is read, as far as its operation does not say it. */
export interface AnswerOptions {
  readonly contract: Contract;
  /** Parts of it that are read; without them nothing is checked. */
  readonly reading: unknown;
  /** True if a list of one may be written as that one. */
  readonly oneAsList: boolean;
  /** True if it holds secrets, so that it must not be quoted. */
  readonly secret: boolean;
  /** Reads a text that is more than JSON, or not always the same JSON; throws when it cannot. */
  readonly parse: ((text: string) => unknown) | undefined;
}

/**
 * Returns the answer, once it is held against the contract as far as it is read.
 * @throws ConnectorError refused `origin/unexpected-answer`
 */
export function readAnswer(operation: Operation, answered: Answered, options: AnswerOptions): unknown {
  let answer: unknown;
  try {
    answer = valueIn(operation, answered, options.parse);
  } catch (cause) {
    throw unexpected(answered, options, `which is not ${wantedOf(operation)}`, cause);
  }
  const [fault] = faultsOf(schemaOf(operation, answered, options), answer);
  if (fault !== undefined) throw unexpected(answered, options, faultIn(fault));
  return answer;
}

/** Media type → schema of an answer with that status, or with the lowest that means success. */
function contentOf({ answers }: Operation, status?: number): ReadonlyMap<string, unknown> {
  const [lowest = ''] = [...answers.keys()].filter((each) => each.startsWith('2')).sort();
  return answers.get(String(status)) ?? answers.get(lowest) ?? new Map();
}

/** In lower case, without its parameters; empty when there is none. */
function mediaTypeOf({ headers }: HttpResponse): string {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';', 1);
  return mediaType.trim().toLowerCase();
}

const isJSON = (mediaType: string) => /[/+]json$/.test(mediaType);
const isMarkup = (mediaType: string) => /\b(html|xml)$/.test(mediaType);
const isPage = (body: string) => /^\s*</.test(body);
const isTextual = (schema: unknown) => isObject(schema) && schema.type === 'string';

/**
 * The value of an answer. JSON is known by itself, whatever it is called, and a text by not being a page.
 * @throws what the parser throws
 */
function valueIn(operation: Operation, answered: Answered, parse: AnswerOptions['parse']): unknown {
  const { status, body } = answered;
  const content = contentOf(operation, status);
  const mediaType = mediaTypeOf(answered);
  if (content.size === 0) return body.trim() === '' ? undefined : JSON.parse(body);
  if ([...content.values()].every(isTextual)) {
    const other = isMarkup(mediaType) || (mediaType === '' && isPage(body));
    if (other && !content.has(mediaType)) throw new Error('it is a page');
    return body;
  }
  if (parse !== undefined) return parse(body);
  return content.has(mediaType) && !isJSON(mediaType) ? body : JSON.parse(body);
}

/** The contract's schema of an answer, as far as it is read. */
function schemaOf(operation: Operation, { status }: Answered, options: AnswerOptions): unknown {
  const { contract, reading, oneAsList } = options;
  const [schema] = contentOf(operation, status).values();
  if (schema === undefined || reading === undefined) return true;
  return new Narrowing(operation.id, contract.components.schemas ?? {}, oneAsList).of(schema, reading as Wanted, '');
}

/** Makes a schema of another that says what types there are and what must be there, and of nothing that is not read. */
class Narrowing {
  readonly #id: string;
  readonly #components: JSONObject;
  readonly #oneAsList: boolean;

  constructor(id: string, components: JSONObject, oneAsList: boolean) {
    this.#id = id;
    this.#components = components;
    this.#oneAsList = oneAsList;
  }

  /** @throws Error when the contract knows nothing of what is read: a bug */
  of(schema: unknown, wanted: Wanted, path: string): JSONObject {
    const shapes = this.#shapes(schema);
    if (wanted === true) return typed(shapes);
    const kind = Array.isArray(wanted) ? 'array' : 'object';
    const shape = shapes.find(({ type }) => [type].flat().includes(kind));
    if (shape === undefined) throw new Error(`the answer of ${this.#id} has no ${kind} at ${path || 'its top'}`);
    if (Array.isArray(wanted)) {
      const items = this.of(shape.items, wanted[0], `${path}[]`);
      return this.#oneAsList ? { items, if: { type: 'array' }, else: items } : { ...typed([shape]), items };
    }
    const entries = Object.entries(wanted).map(([key, inner]) => {
      const name = key.replace(/\?$/, '');
      const own = isObject(shape.properties) ? shape.properties[name] : undefined;
      if (own === undefined) throw new Error(`the answer of ${this.#id} has no ${path}.${name}`);
      const narrowed = this.of(own, inner, `${path}.${name}`);
      return [name, key === name ? narrowed : { if: { type: 'null' }, else: narrowed }] as const;
    });
    const required = Object.keys(wanted).filter((key) => !key.endsWith('?'));
    return { ...typed([shape]), properties: Object.fromEntries(entries), required };
  }

  /** The schema behind a reference, or those of its alternatives. */
  #shapes(schema: unknown): readonly JSONObject[] {
    if (!isObject(schema)) return [];
    const { $ref, anyOf } = schema;
    if (typeof $ref === 'string') return this.#shapes(this.#components[$ref.replace('#/components/schemas/', '')]);
    return Array.isArray(anyOf) ? anyOf.flatMap((each) => this.#shapes(each)) : [schema];
  }
}

/** Nothing but the types that the values of some schemas have. */
function typed(schemas: readonly JSONObject[]): JSONObject {
  const types = schemas.flatMap(({ type }) => type);
  return types.includes(undefined) ? {} : { type: [...new Set(types)] };
}

function wantedOf(operation: Operation): string {
  const types = [...contentOf(operation).keys()];
  return types.some(isJSON) ? 'JSON' : (types[0] ?? 'empty');
}

/** Describes a difference from the contract, such as `in which apps[0].name is not a string`. */
function faultIn({ code, path, expected }: ValueFault): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  const place = steps.join('').replace(/^\./, '');
  if (code === 'value/missing') return `in which ${place} is missing`;
  return place === '' ? `which is not ${expected}` : `in which ${place} is not ${expected}`;
}

function unexpected(answered: Answered, { secret }: AnswerOptions, what: string, cause?: unknown): ConnectorError {
  const { request, status, body } = answered;
  const mediaType = mediaTypeOf(answered) || 'no media type';
  const asked = `${request.method} ${new URL(request.url).pathname}`;
  const words = secret && !isPage(body) ? undefined : firstWords(request, body);
  const quoted = words === undefined ? '.' : words === '' ? ': it is empty.' : `: ${words}`;
  const message = `${asked} was answered with ${status} and ${mediaType}, ${what}${quoted}`;
  const hint =
    'Check that the address is that of the platform’s API, and that no login page of a network is in between.';
  return new ConnectorError('refused', { code: 'origin/unexpected-answer', message, hint }, { cause });
}
