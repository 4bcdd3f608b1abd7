import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { addressOf } from './address.ts';
import { signedForAWS } from './aws-signature.ts';
import { writeBody } from './body.ts';
import type { Evaluator } from './expressions.ts';
import { Failure } from './failure.ts';
import { asText, pairsOf } from './form-encoding.ts';
import { type Chance, signedWithOAuth1 } from './oauth1-signature.ts';
import type { HttpCall } from './transport.ts';

/** A request that is ready to be sent. */
export interface Built {
  readonly call: Omit<HttpCall, 'timeout' | 'largest'>;
  /** Which redirects are followed: of requests that only read, and of the others. */
  readonly follow: { readonly reading: boolean; readonly writing: boolean };
}

/** Context from which a request is built, beside its own directives. */
export interface BuildContext {
  readonly evaluator: Evaluator;
  /** Variables of its expressions. */
  readonly scope: object;
  /** Of the request, into `api`. */
  readonly path: Path;
  /** Directives that all steps of OAuth 1.0a share. */
  readonly oauth?: { readonly value: JSONObject; readonly path: Path };
  /** Parameters that the protocol adds to the signature, such as `oauth_callback`. */
  readonly protocol?: Readonly<Record<string, string>>;
  readonly chance: Chance;
  readonly now: () => Date;
}

/** Methods that only read. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Builds a request from its directives: the URL, the query string, the headers, the body, and at last the signature,
 * which covers them all.
 * @throws Failure for an expression without a value, and for what cannot be sent
 */
export async function build(request: JSONObject, context: BuildContext): Promise<Built> {
  const { evaluator, scope, path } = context;
  const valueAt = (name: string) => evaluator.value(request[name], scope, [...path, name]);
  const url = valueAt('url');
  const method = methodOf(valueAt('method'), path);
  const qs = valueAt('qs');
  const headers = headersOf(valueAt('headers'), path);
  const encode = isOn(valueAt('encodeUrl'), true);
  const type = valueAt('type');
  const value = method === 'GET' || method === 'HEAD' ? undefined : valueAt('body');
  const body = value === undefined ? undefined : await writeBody(type, value, path);
  if (body?.mediaType !== undefined) headers['content-type'] ??= body.mediaType;
  headers['user-agent'] ??= 'connectorkit';
  if (isOn(valueAt('gzip'), false)) headers['accept-encoding'] ??= 'gzip, deflate';
  const call = {
    method,
    url: addressOf(url, isObject(qs) ? pairsOf(qs, 'empty') : [], encode, path),
    headers,
    ...(body === undefined ? {} : { body: body.bytes }),
    ...trustOf(valueAt('ca'), valueAt('rejectUnauthorized')),
  };
  const follow = {
    reading: isOn(valueAt('followRedirects'), true),
    writing: isOn(valueAt('followAllRedirects'), true),
  };
  return { call: signed(call, request, context), follow };
}

function signed(call: Built['call'], request: JSONObject, context: BuildContext): Built['call'] {
  const { evaluator, scope, path, oauth: shared, protocol = {}, chance, now } = context;
  const own = evaluator.value(request.oauth, scope, [...path, 'oauth']);
  const common = shared === undefined ? undefined : evaluator.value(shared.value, scope, shared.path);
  const signing = { ...(isObject(common) ? common : {}), ...(isObject(own) ? own : {}) };
  if (Object.keys(signing).length > 0 || shared !== undefined) {
    return signedWithOAuth1(call, signing, { protocol, chance, now: now(), path: [...path, 'oauth'] });
  }
  const aws = evaluator.value(request.aws, scope, [...path, 'aws']);
  return isObject(aws) ? signedForAWS(call, aws, { now: now(), path: [...path, 'aws'] }) : call;
}

function methodOf(value: unknown, path: Path): string {
  const method = value === undefined ? 'GET' : asText(value).toUpperCase();
  if (/^[A-Z]+$/.test(method)) return method;
  throw new Failure({
    code: 'run/request',
    message: `${JSON.stringify(asText(value))} is not an HTTP method.`,
    hint: 'Use GET, POST, PUT, PATCH or DELETE.',
    path: [...path, 'method'],
  });
}

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** Characters that end a header, or cannot be sent in one. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Undefined and null are left out. Names are in lower case, as they are the same in any. */
function headersOf(value: unknown, path: Path): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, each] of isObject(value) ? Object.entries(value) : []) {
    if (each === undefined || each === null) continue;
    const text = (Array.isArray(each) ? each.map(asText).join(', ') : asText(each)).trim();
    const lower = name.toLowerCase();
    if (!NAME.test(lower) || UNSENDABLE.test(text)) {
      throw new Failure({
        code: 'run/request',
        message: `The header ${JSON.stringify(name)} cannot be sent: ${NAME.test(lower) ? 'its value contains a line break or a character outside of Latin-1' : 'this is not a valid header name'}.`,
        hint: 'Check the value of its expression; a pasted key often ends with a line break.',
        path: [...path, 'headers', name],
      });
    }
    headers[lower] = text;
  }
  return headers;
}

function isOn(value: unknown, otherwise: boolean): boolean {
  return value === undefined || value === null ? otherwise : Boolean(value) && value !== 'false';
}

function trustOf(ca: unknown, rejectUnauthorized: unknown): Pick<HttpCall, 'ca' | 'rejectUnauthorized'> {
  return {
    ...(typeof ca === 'string' && ca.trim() !== '' ? { ca } : {}),
    ...(isOn(rejectUnauthorized, true) ? {} : { rejectUnauthorized: false }),
  };
}

/** Checks if the method only reads, so that a redirect of it is followed without being asked for. */
export function isReading(method: string): boolean {
  return READING.has(method);
}
