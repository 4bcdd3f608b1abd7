import { type Connection, CREATE_TYPES, lookUp, type Source } from '@connectorkit/sdk';
import { isObject } from '@connectorkit/sdk/emulator';
import { clientOf, DEMO } from './demo-values.ts';
import { PROVIDER } from './endpoints.ts';

/** Addresses of a harness, without a slash at the end. */
export interface Addresses {
  /** For requests. */
  readonly server: string;
  /** For the browser, when it reaches the harness by another address. */
  readonly browser?: string;
}

/** Step of `api` → the endpoint that stands in for the vendor's: with OAuth 1, and with OAuth 2. */
const OAUTH1: Readonly<Record<string, string>> = {
  requestToken: '/oauth1/request-token',
  authorize: '/oauth1/authorize',
  accessToken: '/oauth1/access-token',
  info: '/resources/oauth1',
};
const OAUTH2: Readonly<Record<string, string>> = {
  authorize: '/authorize',
  token: '/token',
  refresh: '/token',
  info: '/resources/bearer',
  invalidate: '/revoke',
};

type Request = Readonly<Record<string, unknown>>;

/** The scopes that a connection may ask for, which the provider has to know. */
export function scopesOf({ sections: { scope, scopes } }: Connection): readonly string[] {
  const [wanted, offered] = [scope?.value, scopes?.value];
  const names = [...(Array.isArray(wanted) ? wanted : []), ...(isObject(offered) ? Object.keys(offered) : [])];
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))];
}

/** The connection with the local provider's endpoints in the place of the vendor's. */
export function standIn(connection: Connection, { server, browser = server }: Addresses): Connection {
  const { api } = connection.sections;
  if (api === undefined) return connection;
  const base = `${server}${PROVIDER.path}`;
  const isSteps = isObject(api.value) && !Object.hasOwn(api.value, 'url');
  const there = isSteps
    ? stepsAt(
        { base, pages: `${browser}${PROVIDER.path}`, client: credentialsOf(connection) },
        api.value as Request,
        CREATE_TYPES[connection.type].kind === 'oauth1',
      )
    : requestsAt(base, api.value);
  const isAsserted = textOf(there).includes('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const value = isAsserted ? withClaims(there, base) : there;
  const { parameters } = connection.sections;
  const form = parameters && { parameters: withValue(parameters, unchecked(parameters.value)) };
  return { ...connection, sections: { ...connection.sections, ...form, api: withValue(api, value) } };
}

/** A form without what its values have to look like: that is how the vendor's look, and not the provider's. */
function unchecked(form: unknown): unknown {
  if (Array.isArray(form)) return form.map(unchecked);
  if (!isObject(form)) return form;
  const { validate, ...rest } = form;
  const kept = isObject(validate) ? rest : form;
  return Object.fromEntries(Object.entries(kept).map(([name, part]) => [name, unchecked(part)]));
}

/** The provider, as a connection meets it. */
interface At {
  readonly base: string;
  /** Where the browser reaches it. */
  readonly pages: string;
  /** By which the connection's client says who it is; a public one has no secret. */
  readonly client: Request;
}

function stepsAt({ base, pages, client }: At, steps: Request, isOAuth1: boolean): Request {
  const endpoints = isOAuth1 ? OAUTH1 : OAUTH2;
  return Object.fromEntries(
    Object.entries(steps).map(([step, requests]) => {
      // The provider has none for a step of a vendor's own: it says so, and nothing goes to the vendor.
      const endpoint = lookUp(endpoints, step) ?? `/${step}`;
      const complete = lookUp(isOAuth1 ? POSTED : COMPLETED, step);
      const there = each(requests, (request) => at((step === 'authorize' ? pages : base) + endpoint, request));
      return [step, complete === undefined ? there : each(there, (request) => complete(request, client))];
    }),
  );
}

const CODE_GRANT = { grant_type: 'authorization_code', redirect_uri: '{{oauth.localRedirectUri}}' };

/** The credentials of the client that the connection signs in with: a public one says only its id. */
function credentialsOf(connection: Connection): Request {
  const id = clientOf(connection);
  return id === DEMO.publicClient ? { client_id: id } : { client_id: id, client_secret: DEMO.secret };
}

const posted = (request: Request): Request => ({ ...request, method: 'POST' });

/** The same with OAuth 1, whose tokens some vendors give to a GET: RFC 5849, sections 2.1 and 2.3. */
const POSTED: Readonly<Record<string, (request: Request) => Request>> = { requestToken: posted, accessToken: posted };

/**
 * Parameters that a strict provider requires, in requests of vendors that do without it or have ways of their own. Step of `api` →
 * the request as the provider takes it.
 */
const COMPLETED: Readonly<Record<string, (request: Request, client: Request) => Request>> = {
  authorize: (request) => {
    // Some vendors have no scopes; where nothing is asked for, the provider has nothing to grant.
    const { scope = 'read', ...qs } = objectIn(request.qs);
    return { ...request, qs: { response_type: 'code', ...qs, scope: spaced(scope) } };
  },
  token: (request) => {
    const place = request.body === undefined && isObject(request.qs) ? 'qs' : 'body';
    const given = objectIn(request[place]);
    return asForm(Object.hasOwn(given, 'code') ? { ...request, [place]: { ...CODE_GRANT, ...given } } : request);
  },
  refresh: asForm,
  // Some have another scheme than Bearer, or a header of their own.
  info: (request) => {
    const { headers } = request;
    if (/"authorization":"bearer /i.test(textOf(headers)) || !STORED_TOKEN.test(textOf(headers))) return request;
    const others = Object.entries(objectIn(headers)).filter(([name]) => !isAuthorization(name));
    return { ...request, headers: { ...Object.fromEntries(others), authorization: `Bearer ${tokenIn(request)}` } };
  },
  // Of its own at many vendors; here as RFC 7009 has it, by which a public client takes back its own tokens.
  invalidate: (request, client) =>
    Object.hasOwn(objectIn(request.body), 'token')
      ? asForm(isAuthenticated(request) ? request : authenticated(request, client))
      : {
          url: request.url,
          method: 'POST',
          type: 'urlencoded',
          body: { ...client, token: tokenIn(request) },
        },
};

/** The expression by which a request reads a token that is stored. */
const STORED_TOKEN = /\{\{(?:connection|data)\.\w*token\w*\}\}/i;

function tokenIn(request: Request): string {
  return STORED_TOKEN.exec(textOf(request))?.[0] ?? '{{connection.accessToken}}';
}

const isAuthorization = (name: string) => name.toLowerCase() === 'authorization';

/** Returns true for a request that says which client sends it: with a token, it would say which user. */
function isAuthenticated({ headers, body }: Request): boolean {
  const [, authorization] = Object.entries(objectIn(headers)).find(([name]) => isAuthorization(name)) ?? [];
  if (authorization !== undefined) return /^basic /i.test(String(authorization));
  return Object.hasOwn(objectIn(body), 'client_id');
}

/** A request with the credentials of a client in its body, and in no header. */
function authenticated({ headers, ...request }: Request, client: Request): Request {
  const others = Object.entries(objectIn(headers)).filter(([name]) => !isAuthorization(name));
  const kept = others.length === 0 ? {} : { headers: Object.fromEntries(others) };
  return { ...request, ...kept, body: { ...client, ...objectIn(request.body) } };
}

/** The same with a form in the place of JSON: RFC 6749, section 4.1.3. */
function asForm(request: Request): Request {
  const isJSON = isObject(request.body) && (request.type === undefined || request.type === 'json');
  return isJSON ? { ...request, type: 'urlencoded' } : request;
}

/** Scopes that an expression joins with commas, joined with spaces: RFC 6749, section 3.3. */
function spaced(scope: unknown): unknown {
  return typeof scope === 'string'
    ? scope.replace(/join\(oauth\.scope([,;]\s*)','\)/, "join(oauth.scope$1' ')")
    : scope;
}

/** One request or several, each changed; one without a URL sends nothing and stays. */
function each(requests: unknown, change: (request: Request) => Request): unknown {
  if (Array.isArray(requests)) return requests.map((request) => each(request, change));
  return isObject(requests) && requests.url !== undefined ? change(requests) : requests;
}

/** A request with another address; what its query holds stays. */
function at(address: string, request: Request): Request {
  const [, query = ''] = /(\?.*)$/s.exec(String(request.url ?? '')) ?? [];
  return { ...request, url: address + query };
}

/** The requests of a section without steps, each at the resource that wants the proof which it carries. */
function requestsAt(base: string, requests: unknown): unknown {
  const written = textOf(requests);
  // What is hashed holds the path, so that only the host is another.
  if (/"authorization":"digest /i.test(written)) {
    const place = `${base}/resources/digest/${digestIn(written)}`;
    return each(requests, (request) => ({ ...request, url: place + targetOf(String(request.url)) }));
  }
  return each(requests, (request) => {
    const { endpoint, change } = PROOFS.find(({ carries }) => carries(request)) ?? IN_HEADER;
    return at(base + endpoint, change?.(request) ?? request);
  });
}

/** The algorithm and the qop of requests that compute a digest, as the provider's paths name them. */
function digestIn(written: string): string {
  const algorithm = /sha-?512/i.test(written) ? 'sha-512-256' : /sha-?256/i.test(written) ? 'sha-256' : 'md5';
  return `${algorithm}/${/qop=\W*auth-int/i.test(written) ? 'auth-int' : /qop/i.test(written) ? 'auth' : 'none'}`;
}

/** Returns what follows scheme and host in a URL; an expression that ends it is a path. */
function targetOf(url: string): string {
  const [, target = ''] = /^(?:https?:\/\/(?:[^/?#{]|\{\{.*?\}\}(?=.))*|\{\{.*?\}\})(.*)$/s.exec(url) ?? [];
  return target === '' ? '/' : target;
}

/** How a request without steps proves who asks. */
interface Proof {
  readonly carries: (request: Request) => boolean;
  readonly endpoint: string;
  /** The request with the proof where the provider looks for it as well: vendors have names of their own. */
  readonly change?: (request: Request) => Request;
}

/** A field of the form that is sent as it is. */
const FIELD = /\{\{parameters\.\w+\}\}/;

const PROOFS: readonly Proof[] = [
  { endpoint: '/token', carries: ({ body }) => Object.hasOwn(objectIn(body), 'grant_type') },
  {
    endpoint: '/resources/bearer',
    carries: ({ headers }) => /"authorization":"bearer \{\{(?:temp|data|connection)\./i.test(textOf(headers)),
  },
  { endpoint: '/resources/basic', carries: ({ headers }) => /"authorization":"basic /i.test(textOf(headers)) },
  {
    endpoint: '/resources/api-key/cookie',
    carries: ({ headers }) => cookieIn(headers) !== undefined,
    change: ({ headers, ...request }) => {
      const [name = 'cookie', cookies = ''] = cookieIn(headers) ?? [];
      const key = FIELD.exec(cookies)?.[0];
      return { ...request, headers: { ...objectIn(headers), [name]: `${cookies}; api_key=${key}` } };
    },
  },
  {
    endpoint: '/resources/api-key/query',
    carries: ({ qs }) => FIELD.test(textOf(qs)),
    change: ({ qs, ...request }) => ({ ...request, qs: { ...objectIn(qs), api_key: FIELD.exec(textOf(qs))?.[0] } }),
  },
];

/** Anything else is a key in a header. */
const IN_HEADER: Proof = {
  endpoint: '/resources/api-key/header',
  carries: () => true,
  change: (request) => {
    const key = FIELD.exec(textOf(request.headers))?.[0];
    return key === undefined ? request : { ...request, headers: { ...objectIn(request.headers), 'x-api-key': key } };
  },
};

/** The header `cookie`, when it has a field of the form. */
function cookieIn(headers: unknown): readonly [name: string, cookies: string] | undefined {
  const found = Object.entries(objectIn(headers)).find(([name]) => name.toLowerCase() === 'cookie');
  return found !== undefined && FIELD.test(String(found[1])) ? [found[0], String(found[1])] : undefined;
}

/**
 * The same with the claims of assertions (RFC 7523, section 3) that the provider knows: vendors have issuers and
 * audiences of their own, and some have no `sub`. They may be options of `jwt()` as well.
 */
function withClaims(value: unknown, base: string): unknown {
  const [client, user, audience] = [DEMO.client, DEMO.user, `${base}/token`];
  const claims = { iss: client, issuer: client, aud: audience, audience, sub: user, subject: user };
  const isLacking = !/"sub(?:ject)?":/.test(textOf(value));
  const renew = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(renew);
    if (!isObject(part)) return part;
    const renewed = Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [name, lookUp(claims, name) ?? renew(inner)]),
    );
    return isLacking && Object.hasOwn(part, 'iss') ? { ...renewed, sub: user } : renewed;
  };
  return renew(value);
}

/** The source as if the value were written in it: places are those of what is written. */
function withValue(source: Source, value: unknown): Source {
  return {
    file: source.file,
    text: source.text,
    value,
    problems: source.problems,
    locate: (...of) => source.locate(...of),
    place: (offset, length) => source.place(offset, length),
  };
}

function textOf(value: unknown): string {
  return JSON.stringify(value ?? {});
}

function objectIn(value: unknown): Request {
  return isObject(value) ? value : {};
}
