import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { STEPS } from '../sections/api-kinds.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import type { Declared, Finding, Rule } from './rule.ts';

/** A request of a connection, and where it stands in `api`. */
interface Request {
  readonly path: Path;
  readonly value: JSONObject;
}

/** Every request that the connection's `api` may send, in the order in which they are declared. */
export function* requestsOf({ type, sections }: Declared): Generator<Request> {
  if (sections.api === undefined) return;
  const steps: readonly string[] = STEPS[CREATE_TYPES[type].kind];
  if (steps.length === 0) yield* requestsAt(sections.api, []);
  else if (isObject(sections.api)) {
    for (const [name, value] of Object.entries(sections.api))
      if (steps.includes(name)) yield* requestsAt(value, [name]);
  }
}

function* requestsAt(value: unknown, path: Path): Generator<Request> {
  if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* requestsAt(each, [...path, index]);
  else if (isObject(value)) yield { path, value };
}

/** The addresses of a connection's requests, with what stands before their first expression. */
function* urlsOf(connection: Declared): Generator<{ path: Path; url: string; literal: string }> {
  for (const { path, value } of requestsOf(connection)) {
    if (typeof value.url !== 'string') continue;
    const literal = value.url.split('{{', 1)[0] ?? '';
    if (literal.trim() !== '') yield { path: [...path, 'url'], url: value.url, literal: literal.trim() };
  }
}

/** The URL in a message: a query may hold a secret. */
function shown(url: string): string {
  const [address = ''] = url.split('?', 1);
  return JSON.stringify(address.length > 80 ? `${address.slice(0, 80)}…` : address);
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** An expression may still complete these: `http{{if(parameters.tls, 's')}}://…`. */
const BEGINNING_OF_SCHEME = /^(https?(:\/?)?)$/i;

function* checkRelative(connection: Declared): Generator<Finding> {
  for (const { path, url, literal } of urlsOf(connection)) {
    if (SCHEME.test(literal) || (literal !== url && BEGINNING_OF_SCHEME.test(literal))) continue;
    const found = shown(url);
    const host = /^(\/\/)?[\w-]+(\.[\w-]+)+/.test(literal);
    yield {
      section: 'api',
      path,
      message: `The URL ${found} is relative, and a connection has no base URL.`,
      hint: host
        ? `Write the scheme as well: ${shown(`https://${url.trim().replace(/^\/\//, '')}`)}.`
        : 'Write the whole URL, beginning with https://.',
      found,
      expected: 'a URL that begins with https://',
    };
  }
}

const LOCAL = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?=[:/?#]|$)/i;

function* checkPlainHttp(connection: Declared): Generator<Finding> {
  for (const { path, url, literal } of urlsOf(connection)) {
    if (!/^http:\/\//i.test(literal) || LOCAL.test(literal)) continue;
    yield {
      section: 'api',
      path,
      message: `The request goes to ${shown(url)} without encryption.`,
      hint: 'Use https://, so that nobody on the way can read the credentials.',
      found: 'http://',
      expected: 'https://',
    };
  }
}

const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const log = { sanitize: ['request.headers.authorization'] };
const good = {
  type: 'apikey',
  sections: { api: { url: 'https://api.example.com/v1/me', headers, log } },
} as const satisfies Declared;

export const REQUEST_RULES = [
  {
    code: 'request/relative-url',
    severity: 'error',
    title: 'a relative URL in a connection',
    why: 'Modules complete a relative URL with the base URL of the app. A connection does not inherit the base, so its request goes nowhere.',
    mend: 'Write the whole URL, beginning with https://.',
    check: checkRelative,
    bad: { type: 'apikey', sections: { api: { url: '/v1/me', headers, log } } },
    good,
  },
  {
    code: 'request/plain-http',
    severity: 'warning',
    title: 'credentials sent without encryption',
    why: 'Requests of a connection carry credentials, and anybody on the way can read what goes over http:.',
    mend: 'Use https://; only a server on this machine may do without.',
    check: checkPlainHttp,
    bad: { type: 'apikey', sections: { api: { url: 'http://api.example.com/v1/me', headers, log } } },
    good,
  },
] as const satisfies readonly Rule[];
