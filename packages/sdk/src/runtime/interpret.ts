import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { type Evaluator, merged } from './expressions.ts';
import { Failure } from './failure.ts';
import { asText } from './form-encoding.ts';

/** Results of an answer, or of the browser's return. */
export interface Results {
  /** All of `temp` as it is from then on. */
  readonly temp: JSONObject;
  /** Data to store with the connection; undefined when the directive is absent, like all that follow. */
  readonly data?: JSONObject;
  readonly metadata?: { readonly value: string; readonly type?: string };
  readonly uid?: string | number;
  /** When the user has to authorize again; an invalid date where the expression came to none. */
  readonly expires?: Date;
  /** The scopes that were granted. */
  readonly scope?: readonly string[];
}

/** Context in which an answer is interpreted. */
export interface Interpreting {
  readonly evaluator: Evaluator;
  /** Returns the variables of expressions, the answer included, with `temp` as it is then. */
  readonly scope: (temp: JSONObject) => object;
  readonly temp: JSONObject;
  /** Of the request, into `api`. */
  readonly path: Path;
  /** Undefined for the browser's return, which has none. */
  readonly status: number | undefined;
  /** True if it means success where the section says nothing of it. */
  readonly isValid: boolean;
  /** Returns the message of a refusal for which the section has none. */
  readonly refusal: () => string;
  readonly code: 'run/refused' | 'run/denied';
}

/**
 * Interprets an answer by the directives under `response`: whether it means success, then `temp`, then what is stored.
 * @throws Failure for a refusal, with the section's own words, and for an expression without a value
 */
export function interpret(response: JSONObject, context: Interpreting): Results {
  const { evaluator, scope, temp: before, path } = context;
  const under = (name: string, seen: object) => evaluator.value(response[name], seen, [...path, 'response', name]);
  const verdict = judge(under('valid', scope(before)), response, context);
  if (!verdict.holds) throw refused(under('error', scope(before)), verdict, context);
  const temp = withTemp(before, under('temp', scope(before)));
  const seen = scope(temp);
  const data = under('data', seen);
  const metadata = metadataOf(under('metadata', seen));
  const uid = under('uid', seen);
  const expires = under('expires', seen);
  const granted = under('scope', seen);
  return {
    temp,
    ...(isObject(data) ? { data } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(typeof uid === 'string' || typeof uid === 'number' ? { uid } : {}),
    ...(expires === undefined || expires === null ? {} : { expires: dateOf(expires) }),
    ...(Array.isArray(granted) ? { scope: granted.map(asText) } : {}),
  };
}

/** `temp` with what a directive puts into it. */
export function withTemp(before: JSONObject, value: unknown): JSONObject {
  return isObject(value) ? (merged(before, value) as JSONObject) : before;
}

interface Verdict {
  readonly holds: boolean;
  /** Message in `valid` itself. */
  readonly message?: unknown;
  readonly type?: unknown;
}

/** Decides if an answer is valid; `valid` takes precedence over the status. Source: Make's documentation, "Valid". */
function judge(valid: unknown, response: JSONObject, { isValid }: Interpreting): Verdict {
  if (response.valid === undefined) return { holds: isValid };
  if (!isObject(valid)) return { holds: isTrue(valid) };
  const { condition, message, type } = valid;
  const isGiven = isObject(response.valid) && response.valid.condition !== undefined;
  return { holds: isGiven ? isTrue(condition) : isValid, message, type };
}

/** Checks if a value means yes: a text that says "false" does not, whether an expression or the author wrote it. */
export function isTrue(value: unknown): boolean {
  return Boolean(value) && value !== 'false';
}

/** The first that has words is reported: `valid`, what `error` says of the status, what it says in general. */
function refused(error: unknown, { message, type }: Verdict, context: Interpreting): Failure {
  const { path, status, refusal, code } = context;
  const general = isObject(error) ? error : { message: error };
  const special = isObject(error) && status !== undefined ? error[String(status)] : undefined;
  const said = [{ message, type }, isObject(special) ? special : {}, general];
  const words = said.map((each) => (each.message === undefined ? '' : asText(each.message).trim())).find(Boolean);
  const kind = said.map((each) => (each.type === undefined ? '' : asText(each.type))).find(Boolean);
  const resolved = kind ?? kindOf(status);
  const reported = words ?? refusal();
  return new Failure({
    code,
    message: `${resolved}: ${reported}`,
    hint: hintFor(status),
    ...(status === undefined ? {} : { found: String(status) }),
    path: [...path, 'url'],
  });
}

/** The types of errors that Make gives of its own accord. */
function kindOf(status: number | undefined): string {
  if (status === 429) return 'RateLimitError';
  return status !== undefined && status >= 500 ? 'ConnectionError' : 'RuntimeError';
}

const HINTS: Readonly<Record<number, string>> = {
  400: 'The API did not understand the request: compare the request in the trace with the documentation.',
  401: 'The API does not accept the credentials: check the values, and in the trace how they were sent.',
  403: 'The API knows who asks and forbids it: check scopes and rights.',
  404: 'Nothing is at that address: check the URL that the trace shows.',
  405: 'That address takes other methods: check the method.',
  415: 'The API wants the body in another form: check "type" and the header content-type.',
  429: 'There were too many requests: wait, then try again.',
};

function hintFor(status: number | undefined): string {
  if (status === undefined) return 'Authorize again, and agree; the trace shows what the provider sent back.';
  if (status >= 500) return 'The API failed by itself: try again later.';
  return HINTS[status] ?? 'The trace shows the request and the response.';
}

function metadataOf(value: unknown): Results['metadata'] {
  const { value: shown, type } = isObject(value) ? value : { value };
  if (shown === undefined || shown === null) return undefined;
  return { value: asText(shown), ...(typeof type === 'string' ? { type } : {}) };
}

/** A moment: a date, a text that a date can be read of, or milliseconds since 1970. */
function dateOf(value: unknown): Date {
  return value instanceof Date ? value : new Date(typeof value === 'number' ? value : asText(value));
}
