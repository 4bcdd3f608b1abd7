import { isUtf8 } from 'node:buffer';
import { type Operation, offsetOfDepth, parseExactly, type Validators, writeExactly } from '@connectorkit/sdk/emulator';
import Negotiator from 'negotiator';
import { refusalFor } from './away.ts';
import { timeOf } from './clock.ts';
import { declaredPart } from './declared.ts';
import { type Answer, type Emulator, type Headers, type Presented, Refusal, type Violation } from './emulator.ts';
import { concerned, countCall, type Fault, injectFault } from './faults.ts';
import { isTooDeep } from './guards.ts';
import { count, refuseUncounted, Uncounted } from './rate-limits.ts';
import {
  type Found,
  publishedBy,
  type Route,
  type RouteNames,
  routesOf,
  type Validation,
  validationOf,
} from './routes.ts';
import { SETTINGS, type Settings, settings } from './settings.ts';
import type { Store, WriteTransaction } from './store/store.ts';

/** A request as it came over the wire. */
export interface Incoming {
  readonly method: string;
  /** With the query string. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Buffer | undefined;
  /** True if it came over TLS. */
  readonly secure?: boolean;
  /** True if faults that were asked for leave it alone. */
  readonly spared?: boolean;
}

/** An answer ready to be sent. */
export interface Outgoing {
  readonly status: number;
  readonly headers: NonNullable<Answer['headers']>;
  readonly body: string;
  /** How the body stands for its bytes (default: UTF-8). */
  readonly encoding?: 'base64';
  /** Where the connection is cut: before anything is sent, or in the middle of the body. */
  readonly cut?: 'before' | 'within';
  /** Whose answer it is; absent when no operation was found. */
  readonly route?: RouteNames | undefined;
  /** The effect of the fault that was injected. */
  readonly fault?: string;
}

export interface Emulation {
  /** Never throws: what goes wrong is an answer in the vendor's shape. */
  answer(incoming: Incoming): Promise<Outgoing>;
  /** Bytes that the body of a request to a URL may have. */
  bodyLimit(method: string, url: string): number;
  /** Checks if the contract declares a body of the media type that the headers name for the operation at the URL. */
  declaresBody(request: Pick<Incoming, 'method' | 'url' | 'headers'>): boolean;
  /** A refusal in the shape of the vendor whose operation it is, or whose prefix the URL begins with. */
  refused(method: string, url: string, refusal: Refusal): Outgoing;
}

export interface EmulationOptions {
  readonly store: Store;
  readonly now: () => Date;
  /** True if every answer is held against the contract; an answer that breaks it becomes a 500. For tests. */
  readonly checkAnswers: boolean;
  /** True if the platforms' rate limits hold. */
  readonly rateLimits?: boolean;
  /** True if whoever was not let in with these headers is let in by now. */
  readonly readmitted?: (emulator: Emulator, headers: Headers) => Promise<boolean>;
  /** Told of faults that are ours. */
  readonly onFault: (fault: unknown) => void;
}

interface Working extends EmulationOptions {
  readonly published: ReturnType<typeof publishedBy>;
}

/**
 * Mounts the contracts of all emulators at the root of one address.
 * @throws Error when two templates would match one path, or an operation has no behaviour: bugs, found at start.
 */
export function emulate(emulators: readonly Emulator[], options: EmulationOptions): Emulation {
  const { find, owner } = routesOf(emulators);
  const responsible = (method: string, path: string) => find(method, path)?.route.emulator ?? owner(path);
  const working: Working = { ...options, published: publishedBy(emulators) };
  /** Turns a failure into an answer in the vendor's words. */
  const failed = (problem: unknown, { url, headers }: Incoming, route: Route | undefined): Outgoing => {
    const emulator = route?.emulator ?? owner(pathOf(url));
    if (!(problem instanceof Refusal)) options.onFault(problem);
    const refusal = problem instanceof Refusal ? problem : refusalFor(problem);
    const words = refused(refusal, { emulator, route, path: pathOf(url) }, options);
    return {
      ...dressed(words, emulator, negotiated(route?.operation, words.status, emulator, headers)),
      route: route?.names,
    };
  };
  const answer = async (incoming: Incoming): Promise<Outgoing> => {
    const path = pathOf(incoming.url);
    const found = find(incoming.method, path);
    if (found === undefined)
      return failed(new Refusal('no-such-path', `Nothing is served at ${path}.`), incoming, undefined);
    const { route } = found;
    const search = incoming.url.slice(path.length + 1);
    const serveOnce = (isWatched: boolean) => serve(found, search, incoming, { ...working, isWatched });
    const serveIt = (isWatched: boolean) =>
      serveOnce(isWatched)
        .catch(async (problem) => {
          const isStranger = problem instanceof Refusal && problem.reason === 'unauthenticated';
          if (!isStranger || !(await options.readmitted?.(route.emulator, incoming.headers))) throw problem;
          return serveOnce(isWatched);
        })
        .catch((problem) => {
          if (problem instanceof Concerned) throw problem;
          return failed(problem, incoming, route);
        });
    const served = () => serveIt(false);
    try {
      if (incoming.spared) return await served();
      return await serveIt(true);
    } catch (problem) {
      if (!(problem instanceof Concerned)) return failed(problem, incoming, route);
    }
    try {
      const fault = await faultOf(route, search, incoming, working);
      if (fault === undefined) return await served();
      // What is asked for need not be in the contract.
      const refuse = (refusal: Refusal) =>
        dressed(
          refused(refusal, { emulator: route.emulator, route, path }, { ...options, checkAnswers: false }),
          route.emulator,
        );
      return { ...(await injectFault(fault, { serve: served, refuse })), route: route.names, fault: fault.effect };
    } catch (problem) {
      return failed(problem, incoming, route);
    }
  };
  return {
    answer,
    bodyLimit: (method, url) => responsible(method, pathOf(url))?.bodyLimit ?? 100_000,
    declaresBody: ({ method, url, headers }) =>
      find(method, pathOf(url))?.route.operation.body.has(mediaTypeOf(headers)) ?? false,
    refused: (method, url, refusal) => {
      const emulator = responsible(method, pathOf(url));
      return dressed(refused(refusal, { emulator, route: undefined, path: pathOf(url) }, options), emulator);
    },
  };
}

const NO_QUERY = new URLSearchParams();

/** Thrown into the transaction of a request that a fault concerns: it is counted and perhaps struck before. */
class Concerned extends Error {}

/**
 * The fault to inject into a call, which is counted. Calls that nobody is let in for are left alone.
 * @throws Refusal unauthenticated
 */
async function faultOf(
  { emulator, operation }: Route,
  search: string,
  { headers }: Incoming,
  { store, now }: Working,
): Promise<Fault | undefined> {
  const { clock, faults } = await settings(store);
  if (!concerned(faults, emulator.platform.name, operation)) return undefined;
  return store.write(async (tx) => {
    await emulator.authenticate(presentedBy(operation, headers, search, timeOf(clock, now())), tx);
    return countCall(tx, emulator.platform.name, operation);
  });
}

function presentedBy(operation: Operation, headers: Headers, search: string, now: Date): Presented {
  return { operation, headers, query: search === '' ? NO_QUERY : new URLSearchParams(search), now };
}

async function serve(
  { route, params: path }: Found,
  search: string,
  { headers, body: bytes, secure }: Incoming,
  { store, now, checkAnswers, rateLimits = false, published, isWatched }: Working & { readonly isWatched: boolean },
): Promise<Outgoing> {
  const { names, emulator, operation, behaviour } = route;
  const { validators, checks } = route.validation ?? (await validationOf(route));
  const mediaType = negotiated(operation, 200, emulator, headers);
  let isCounted = false;
  const run = async (tx: WriteTransaction) => {
    const { clock, faults } = (await tx.get<Settings>(SETTINGS)) ?? {};
    if (isWatched && concerned(faults, emulator.platform.name, operation)) throw new Concerned();
    if (mediaType === undefined) throw new Refusal('media-type', 'No acceptable media type.', { status: 406 });
    const at = timeOf(clock, now());
    const principal = await emulator.authenticate(presentedBy(operation, headers, search, at), tx);
    if (!isCounted) await refuseUncounted({ emulator, operation, principal, at }, rateLimits, tx);
    const lacking = operation.scopes.filter((scope) => !principal.scopes.includes(scope));
    if (lacking.length > 0) throw new Refusal('forbidden', `The token lacks the scope ${lacking.join(', ')}.`);
    const query = readQuery(search, operation);
    check(checks, 'path', path);
    check(checks, 'query', query);
    const given = readBody(operation, headers, bytes);
    if (given !== undefined) check(checks, 'body', given.value);
    const body = given && declaredPart(given.value, given.schema, emulator.platform.contract.components);
    const found = (name: string) => published(name, tx);
    const origin = `${secure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;
    return behaviour({ path, query, body, headers, origin, principal, now: at, mediaType, published: found }, tx);
  };
  // Reads run in a reading transaction: what a GET writes is a bug that its types do not show.
  const perform = () =>
    operation.method === 'GET' ? store.read((tx) => run(tx as WriteTransaction)) : store.write((tx) => run(tx));
  const given = await perform().catch(async (problem) => {
    if (!(problem instanceof Uncounted)) throw problem;
    await count(problem, store);
    isCounted = true;
    return perform();
  });
  if (checkAnswers) checkAnswer(validators, operation, given);
  return { ...dressed(given, emulator, mediaType), route: names };
}

const JSON_TYPE = 'application/json';

/**
 * The media type of an answer: on platforms with several, the one of those that the contract declares for the status
 * that the client likes best; undefined when it accepts none of them.
 */
function negotiated(
  operation: Operation | undefined,
  status: number | undefined,
  emulator: Emulator | undefined,
  headers: Headers,
): string | undefined {
  if (operation === undefined || emulator?.represent === undefined) return JSON_TYPE;
  const declared = [...(operation.answers.get(String(status))?.keys() ?? [])];
  if (declared.length === 0) return JSON_TYPE;
  return new Negotiator({ headers: headers as Record<string, string> }).mediaType(declared);
}

function checkAnswer(validators: Validators, operation: Operation, { status = 200, body }: Answer): void {
  const validator = validators[`${operation.id} ${status}`];
  if (body === undefined && operation.answers.get(String(status))?.size === 0) return;
  if (validator === undefined)
    throw new Error(`${operation.id} answers ${status}, which its contract does not declare`);
  if (!validator(body)) throw new Error(`${operation.id} breaks its contract: ${JSON.stringify(validator.errors)}`);
}

function check(checks: Validation['checks'], part: Violation['part'], value: unknown): void {
  const validator = checks[part];
  if (validator === undefined || validator(value)) return;
  const violations = (validator.errors ?? []).map(
    ({ instancePath, keyword, params }): Violation => ({ part, pointer: instancePath, keyword, params }),
  );
  // A path that no declared value fits is a path that is not there.
  const reason = part === 'path' ? 'not-found' : 'invalid';
  throw new Refusal(reason, [...new Set(violations.map(violationWords))], { violations });
}

function violationWords({ pointer, keyword, params }: Violation): string {
  const name = pointer.slice(1) || 'body';
  if (keyword === 'required') return `should have required property '${params.missingProperty}'`;
  if (keyword === 'pattern') return `Value doesn't match pattern in parameter '${name}'.`;
  if (keyword === 'additionalProperties') return `Unknown parameter '${params.additionalProperty}'.`;
  if (keyword === 'enum') return `Value is not allowed in parameter '${name}'.`;
  return `Invalid value in parameter '${name}'.`;
}

/**
 * Reads the query by the contract's styles: `name=`, `name[]=` and `name[0]=` for arrays, whether or not the contract
 * has the brackets in the name, and `name[key]=` for objects.
 */
function readQuery(search: string, operation: Operation): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  if (search === '') return query;
  const pairs = [...new URLSearchParams(search)];
  for (const { name, in: place, schema } of operation.parameters) {
    if (place !== 'query') continue;
    const type = (schema as { type?: unknown } | undefined)?.type;
    const bare = name.replace(/\[\]$/, '');
    const inner = pairs.filter(([key]) => key.startsWith(`${bare}[`) && key.endsWith(']'));
    if (type === 'object' && inner.length > 0) {
      query[name] = Object.fromEntries(inner.map(([key, value]) => [key.slice(bare.length + 1, -1), value]));
    } else if (type === 'array') {
      const items = [...pairs.filter(([key]) => key === bare), ...inner].map(([, value]) => value);
      if (items.length > 0) query[name] = items;
    } else {
      const pair = pairs.find(([key]) => key === name);
      if (pair !== undefined) query[name] = pair[1];
    }
  }
  return query;
}

/** Levels of nesting that a body may have: what is deeper overflows the stack of who walks through it. */
const DEPTH = 256;

const FORM = 'application/x-www-form-urlencoded';

/** The body of a request, and the schema that the contract has for its media type. */
interface Body {
  readonly value: unknown;
  readonly schema: object;
}

/**
 * A form is an object of texts, a body that the contract declares as a string is its text, what has a media type of its own
 * is bytes, in base64; any other is JSON.
 */
function readBody(operation: Operation, headers: Headers, bytes: Buffer | undefined): Body | undefined {
  if (operation.mediaTypes.length === 0) return undefined;
  if (bytes === undefined || bytes.length === 0) {
    if (!operation.bodyRequired) return undefined;
    throw new Refusal('invalid', 'The request has no body.');
  }
  const mediaType = mediaTypeOf(headers);
  const schema = operation.body.get(mediaType);
  if (schema === undefined) {
    const expected = operation.mediaTypes.join(' or ');
    throw new Refusal('media-type', `The body must be ${expected}, not ${mediaType === '' ? 'untyped' : mediaType}.`);
  }
  if ('contentMediaType' in schema) return { schema, value: bytes.toString('base64') };
  if (mediaType !== FORM && isTooDeep(bytes)) throw new Refusal('malformed', 'The body is nested too deeply.');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  try {
    if (text === undefined) throw new SyntaxError('not UTF-8');
    if (mediaType === FORM) return { schema, value: Object.fromEntries(new URLSearchParams(text)) };
    if ('type' in schema && schema.type === 'string') return { schema, value: text };
    if (offsetOfDepth(text, DEPTH) !== undefined) throw new SyntaxError('too deep');
    return { schema, value: parseExactly(text) };
  } catch {
    throw new Refusal('malformed', 'The body is not valid JSON in UTF-8.');
  }
}

function mediaTypeOf(headers: Headers): string {
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}

/** Where something was refused. */
interface RefusedAt {
  readonly emulator: Emulator | undefined;
  readonly route: Route | undefined;
  readonly path: string;
}

/** A refusal in the vendor's shape, checked like any other answer. */
function refused(
  refusal: Refusal,
  { emulator, route, path }: RefusedAt,
  { checkAnswers, onFault }: EmulationOptions,
): Answer {
  const worded = emulator?.refuse(refusal, route?.operation, path) ?? plainRefusal(refusal);
  const headers = { ...worded.headers, ...refusal.headers };
  const answer: Answer = { ...worded, headers, ...(refusal.status === undefined ? {} : { status: refusal.status }) };
  const { validators } = route?.validation ?? {};
  if (!checkAnswers || emulator === undefined || route === undefined || validators === undefined) return answer;
  if (refusal.reason === 'internal') return answer;
  try {
    checkAnswer(validators, route.operation, answer);
    return answer;
  } catch (fault) {
    onFault(fault);
    return emulator.refuse(new Refusal('internal', 'The harness failed.'), route.operation, path);
  }
}

function dressed(
  { status = 200, mediaType, headers = {}, body, encoding }: Answer,
  emulator: Emulator | undefined,
  wanted: string = JSON_TYPE,
): Outgoing {
  if (body === undefined) return { status, headers, body: '' };
  const given = mediaType ?? wanted;
  if (encoding !== undefined) {
    return { status, headers: { 'content-type': given, ...headers }, body: String(body), encoding };
  }
  const { represent } = emulator ?? {};
  const text = /[/+]json$/.test(given) ? writeExactly(body) : (represent?.(body, given) ?? String(body));
  const charset =
    represent === undefined && (given === JSON_TYPE || given.startsWith('text/')) ? '; charset=utf-8' : '';
  return { status, headers: { 'content-type': `${given}${charset}`, ...headers }, body: text };
}

function plainRefusal({ details }: Refusal): Answer {
  return {
    status: 404,
    body: {
      message: details.join(' '),
      hint: 'This path belongs to no platform of this harness. GET /__harness lists the platforms.',
    },
  };
}

/** The path of a request's URL. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
