import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp, sameJSON } from '../json.ts';
import { differenceLines } from '../text-difference.ts';
import { valueChanges } from '../value-changes.ts';
import { asSent, OWN_HEADERS, type Sent } from './sent.ts';
import type { ExpectedRequest, Extent } from './test-file.ts';

/** Difference between what was found and what a test expects. */
export interface Mismatch {
  /** To the first value that differs, into what was expected. */
  readonly path: Path;
  readonly expected: unknown;
  /** Undefined when it is not there. */
  readonly found: unknown;
  /** Lines of a diff that leads from what was expected to what was found. */
  readonly difference: readonly string[];
}

/** Compares a request with the one that is expected; undefined when it is the same. */
export function requestMismatch(expected: ExpectedRequest, sent: Sent): Mismatch | undefined {
  const [wanted, found] = compared(expected, sent);
  return mismatch(wanted, found, requestText);
}

/** Compares a value with the one that is expected; in part, only what is named has to be there. */
export function valueMismatch(expected: unknown, found: unknown, extent: Extent): Mismatch | undefined {
  return mismatch(expected, extent === 'part' ? namedIn(expected, found) : found, pretty);
}

function mismatch(wanted: unknown, found: unknown, textOf: (value: never) => string): Mismatch | undefined {
  if (sameJSON(wanted, found)) return undefined;
  const [first] = valueChanges(wanted, found);
  const { path = [], before: expected = wanted, after } = first ?? {};
  const difference = differenceLines(`${textOf(wanted as never)}\n`, `${textOf(found as never)}\n`);
  return { path, expected, found: first === undefined ? found : after, difference };
}

/** Parts of a request that are compared: those that the test names. */
type Compared = Partial<Pick<Sent, 'method' | 'url' | 'qs' | 'headers' | 'body'>>;

function compared(expected: ExpectedRequest, sent: Sent): [Compared, Compared] {
  const { method, url, qs, headers, body, match = {} } = expected;
  const pairs: [keyof Compared, unknown, unknown][] = [];
  if (method !== undefined) pairs.push(['method', method.toUpperCase(), sent.method]);
  if (url !== undefined) pairs.push(['url', url, url.includes('?') ? sent.address : sent.url]);
  if (qs !== undefined) pairs.push(['qs', ...inExtent(asSent(qs), sent.qs, match.qs)]);
  if (headers !== undefined) pairs.push(['headers', ...headersIn(headers, sent.headers, match.headers)]);
  if (body !== undefined) pairs.push(['body', ...bodiesIn(body, sent, match.body)]);
  const side = (at: 1 | 2): Compared =>
    Object.fromEntries(pairs.map((pair) => [pair[0], pair[at]]).filter(([, value]) => value !== undefined));
  return [side(1), side(2)];
}

function inExtent(wanted: unknown, found: unknown, extent: Extent = 'whole'): [unknown, unknown] {
  return [wanted, extent === 'part' ? namedIn(wanted, found) : found];
}

function headersIn(wanted: JSONObject, found: JSONObject, extent: Extent = 'part'): [JSONObject, JSONObject] {
  const lower = Object.entries(wanted).map(([name, value]) => [name.toLowerCase(), value] as const);
  const named = new Set(lower.map(([name]) => name));
  const isCompared = (name: string) => named.has(name) || (extent === 'whole' && !OWN_HEADERS.includes(name));
  return [
    Object.fromEntries(lower.filter(([, value]) => value !== null).map(([name, value]) => [name, asSent(value)])),
    Object.fromEntries(Object.entries(found).filter(([name]) => isCompared(name))),
  ];
}

/** Returns both bodies: a text is compared with what was sent, and null says that there is no body. */
function bodiesIn(wanted: unknown, { body, text, headers }: Sent, extent: Extent | undefined): [unknown, unknown] {
  if (wanted === null && body === undefined) return [undefined, undefined];
  if (typeof wanted === 'string') return [wanted, text ?? body];
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(String(headers['content-type']));
  return inExtent(isForm ? asSent(wanted) : wanted, body, extent);
}

/** Returns the part of what was found that is named in what is expected, as deep as both are objects, or lists of the
 * same length. */
function namedIn(expected: unknown, found: unknown): unknown {
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return found.map((item, index) => namedIn(expected[index], item));
  }
  if (!isObject(expected) || !isObject(found)) return found;
  const named = Object.keys(found).filter((name) => Object.hasOwn(expected, name));
  return Object.fromEntries(named.map((name) => [name, namedIn(lookUp(expected, name), found[name])]));
}

/** Returns a request as HTTP has it, but for its query string, which has lines of its own. */
function requestText({ method, url, qs, headers, body }: Compared): string {
  const pairs = (values: JSONObject = {}, sign: string) =>
    sorted(values).flatMap(([name, value]) => [value].flat().map((each) => `${sign}${name}: ${asLine(each)}`));
  const first = [method, url].filter((part) => part !== undefined).join(' ');
  const shown = body === undefined ? [] : ['', typeof body === 'string' ? body : pretty(body)];
  return [...(first === '' ? [] : [first]), ...pairs(qs, '? '), ...pairs(headers, ''), ...shown].join('\n');
}

function asLine(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sorted(values: JSONObject): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns JSON whose keys are in order. */
function pretty(value: unknown): string {
  if (value === undefined) return '';
  const ordered = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(ordered);
    return isObject(each) ? Object.fromEntries(sorted(each).map(([name, inner]) => [name, ordered(inner)])) : each;
  };
  return JSON.stringify(ordered(value), undefined, 2);
}
