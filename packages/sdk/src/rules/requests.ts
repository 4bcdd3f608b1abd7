import type { Declared } from '../analysis/declared.ts';
import type { Request } from '../analysis/requests.ts';
import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { inEachRequest } from './each-request.ts';
import type { Report, Rule } from './rule.ts';

/** The address of a request. */
interface Address {
  readonly path: Path;
  readonly url: string;
  /** Text before its first expression. */
  readonly literal: string;
}

/** The address of a request; undefined when it has none, or one that begins with an expression. */
function addressOf({ path, value: { url } }: Request): Address | undefined {
  if (typeof url !== 'string') return undefined;
  const open = url.indexOf('{{');
  const literal = (open < 0 ? url : url.slice(0, open)).trim();
  return literal === '' ? undefined : { path: [...path, 'url'], url, literal };
}

/** The URL in a message: a query may hold a secret. */
function shown(url: string): string {
  const [address = ''] = url.split('?', 1);
  return JSON.stringify(address.length > 80 ? `${address.slice(0, 80)}…` : address);
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** An expression may still complete these: `http{{if(parameters.tls, 's')}}://…`. */
const BEGINNING_OF_SCHEME = /^(https?(:\/?)?)$/i;

function checkRelative(request: Request, report: Report): void {
  const address = addressOf(request);
  if (address === undefined) return;
  const { path, url, literal } = address;
  if (SCHEME.test(literal) || (literal !== url && BEGINNING_OF_SCHEME.test(literal))) return;
  const found = shown(url);
  const host = /^(\/\/)?[\w-]+(\.[\w-]+)+/.test(literal);
  report({
    section: 'api',
    path,
    message: `The URL ${found} is relative, but a connection has no base URL.`,
    hint: host
      ? `Write the scheme as well: ${shown(`https://${url.trim().replace(/^\/\//, '')}`)}.`
      : 'Write the full URL, starting with https://.',
    found,
    expected: 'a URL that begins with https://',
  });
}

const LOCAL = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?=[:/?#]|$)/i;

function checkPlainHttp(request: Request, report: Report): void {
  const address = addressOf(request);
  if (address === undefined || !/^http:\/\//i.test(address.literal) || LOCAL.test(address.literal)) return;
  report({
    section: 'api',
    path: address.path,
    message: `The request goes to ${shown(address.url)} without encryption.`,
    hint: 'Use https://, so that nobody on the network can read the credentials.',
    found: 'http://',
    expected: 'https://',
  });
}

/** Types of bodies, each with its media type. */
const MEDIA_TYPES: readonly { readonly type: string; readonly media: RegExp; readonly header: string }[] = [
  { type: 'urlencoded', media: /^application\/x-www-form-urlencoded/i, header: 'application/x-www-form-urlencoded' },
  { type: 'json', media: /^application\/([\w.-]+\+)?json/i, header: 'application/json' },
  { type: 'multipart/form-data', media: /^multipart\/form-data/i, header: 'multipart/form-data' },
];

const CONTENT_TYPE = 'content-type';

function contentTypeOf({ headers }: JSONObject): { name: string; value: string } | undefined {
  if (!isObject(headers)) return undefined;
  const name = Object.keys(headers).find(
    (each) => each.length === CONTENT_TYPE.length && each.toLowerCase() === CONTENT_TYPE,
  );
  const value = name === undefined ? undefined : headers[name];
  return name === undefined || typeof value !== 'string' ? undefined : { name, value: value.trim() };
}

function checkBodyType({ path, value }: Request, report: Report): void {
  if (typeof value.body !== 'object' || value.body === null) return;
  const header = contentTypeOf(value);
  const written = value.type ?? 'json';
  if (header === undefined) return;
  const said = MEDIA_TYPES.find(({ media }) => media.test(header.value));
  const actual = MEDIA_TYPES.find(({ type }) => type === written);
  if (said === undefined || actual === undefined || said === actual) return;
  report({
    section: 'api',
    path: [...path, 'headers', header.name],
    message: `The header is ${said.header}, but the body is written as ${actual.type}${value.type === undefined ? ', the default type' : ''}.`,
    hint: `Write "type": "${said.type}", or correct the header.`,
    found: JSON.stringify(header.value),
    expected: JSON.stringify(actual.header),
    ...(value.type === undefined
      ? {}
      : {
          related: { message: 'The type of the body is set here.', section: 'api' as const, path: [...path, 'type'] },
        }),
    fix: {
      title: `Write the body as ${said.type}`,
      changes: [{ section: 'api', path: [...path, 'type'], value: said.type }],
    },
  });
}

function isEmpty(body: unknown): boolean {
  if (typeof body === 'object' && body !== null) return Object.keys(body).length === 0;
  return body === undefined || body === null || body === '';
}

function checkBodySent({ path, step, value }: Request, report: Report): void {
  const method = value.method ?? 'GET';
  if (isEmpty(value.body) || typeof method !== 'string' || method.toUpperCase() !== 'GET') return;
  if (Object.keys(value).some((name) => name.includes('{{'))) return;
  const browser = step === 'authorize';
  report({
    section: 'api',
    path: [...path, 'body'],
    part: 'key',
    message: browser
      ? 'The browser opens the URL of authorize, so no body is sent.'
      : `A request with the method GET${value.method === undefined ? ', which it has unless another is given,' : ''} sends no body.`,
    hint: browser ? 'Write the values into qs.' : 'Write "method": "POST", or move the values to qs.',
    found: 'GET',
  });
}

const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const log = { sanitize: ['request.headers.authorization'] };
const good = (): Declared => ({
  type: 'apikey',
  sections: { api: { url: 'https://api.example.com/v1/me', headers, log } },
});

const FORM = 'application/x-www-form-urlencoded';
const posted = {
  url: 'https://api.example.com/v1/login',
  method: 'POST',
  body: { name: '{{parameters.name}}' },
} as const;

export const REQUEST_RULES = [
  {
    code: 'request/relative-url',
    severity: 'error',
    title: 'a relative URL in a connection',
    why: 'Modules resolve a relative URL against the base URL of the app. A connection has no base URL, so the request has no host.',
    remedy: 'Write the full URL, starting with https://.',
    check: inEachRequest(checkRelative),
    bad: () => ({ type: 'apikey', sections: { api: { url: '/v1/me', headers, log } } }),
    good,
  },
  {
    code: 'request/plain-http',
    severity: 'warning',
    title: 'credentials sent without encryption',
    why: 'Requests of a connection contain credentials, and anyone on the network can read what is sent over http:.',
    remedy: 'Use https://; http:// is only acceptable for a server on this machine.',
    check: inEachRequest(checkPlainHttp),
    bad: () => ({ type: 'apikey', sections: { api: { url: 'http://api.example.com/v1/me', headers, log } } }),
    good,
  },
  {
    code: 'request/body-type',
    severity: 'warning',
    title: 'a body that does not match its Content-Type',
    why: 'The directive type sets the format of the body, by default json; the header Content-Type tells the server how to parse it. If they differ, the server cannot read the body.',
    remedy: 'Remove the header: type sets it. For a form, write "type": "urlencoded".',
    check: inEachRequest(checkBodyType),
    bad: () => ({ type: 'other', sections: { api: { ...posted, headers: { 'Content-Type': FORM } } } }),
    good: () => ({
      type: 'other',
      sections: { api: { ...posted, type: 'urlencoded', headers: { 'Content-Type': FORM } } },
    }),
  },
  {
    code: 'request/body-not-sent',
    severity: 'warning',
    title: 'a body that is never sent',
    why: 'A GET request has no body, and GET is the default method.',
    remedy: 'Set another method, such as POST, or move the values to qs.',
    check: inEachRequest(checkBodySent),
    bad: () => ({ type: 'other', sections: { api: { ...posted, method: 'GET' } } }),
    good: () => ({ type: 'other', sections: { api: posted } }),
  },
] as const satisfies readonly Rule[];
