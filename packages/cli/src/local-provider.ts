import { type Connection, CREATE_TYPES, type Files, lookUp, type Source } from '@connectorkit/sdk';
import { credentialKeys } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';
import { askAt } from './harness-control.ts';
import { notRunning, runningHarness } from './running-harness.ts';

/** The harness's provider, which stands in for the vendor of a connection. */
export interface LocalProvider {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The harness's own clock. */
  readonly now: () => Date;
  /** Lets the provider know the scopes that a connection may ask for. */
  register(connection: Connection): Promise<void>;
  /** The connection with the provider's endpoints in the place of the vendor's. */
  standIn(connection: Connection): Connection;
  /** The values of `common`, with those of the provider's demo client for its id and secret. */
  common(connection: Connection, given: Values | undefined): Values | undefined;
  /** Values for the fields of a form that have to be filled in: those of the provider's demo user. */
  parameters(fields: readonly Field[]): Values;
}

type Values = Readonly<Record<string, unknown>>;

/** A field of a form, as far as it is filled in here. */
export interface Field {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly required?: unknown;
}

/** The client and the user that are there without a seed; they open nothing but a pretended API. */
const DEMO = { client: 'demo', secret: 'demo-secret', user: 'demo', password: 'demo-password', key: 'demo-api-key' };

/**
 * Finds the local provider of the harness that runs for a folder.
 * @throws ConnectorError network `harness/not-running`
 */
export async function localProvider(context: Pick<Context, 'send'>, files: Files): Promise<LocalProvider> {
  const harness = await runningHarness(context.send, files);
  if (harness === undefined) throw notRunning('The local provider is a part of the harness, and none is running.');
  const ask = askAt(context.send, harness.url, harness.control);
  const { now } = await ask('GET', '/clock');
  const ahead = Date.parse(String(now)) - Date.now();
  return {
    url: `${harness.url}/provider`,
    now: () => new Date(Date.now() + ahead),
    register: async (connection) => {
      const scopes = Object.fromEntries(scopesOf(connection).map((scope) => [scope, `Use ${scope}`]));
      await ask('POST', '/seed', { platform: 'provider', text: JSON.stringify({ scopes }), file: 'the scopes' });
    },
    standIn: (connection) => standIn(connection, `${harness.url}/provider`),
    common: demoCommon,
    parameters: demoParameters,
  };
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

function scopesOf({ sections: { scope, scopes } }: Connection): readonly string[] {
  const [wanted, offered] = [scope?.value, scopes?.value];
  const names = [...(Array.isArray(wanted) ? wanted : []), ...(isObject(offered) ? Object.keys(offered) : [])];
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))];
}

function standIn(connection: Connection, base: string): Connection {
  const { api } = connection.sections;
  if (api === undefined) return connection;
  const isOAuth1 = CREATE_TYPES[connection.type].kind === 'oauth1';
  const endpoints = isOAuth1 ? OAUTH1 : OAUTH2;
  const isSteps = isObject(api.value) && !Object.hasOwn(api.value, 'url');
  const value = isSteps
    ? Object.fromEntries(
        Object.entries(api.value as Request).map(([step, requests]) => {
          // The provider has none for a step of a vendor's own: it says so, and nothing goes to the vendor.
          const endpoint = lookUp(endpoints, step) ?? `/${step}`;
          const complete = isOAuth1 ? undefined : lookUp(COMPLETED, step);
          const there = each(requests, () => base + endpoint);
          return [step, complete === undefined || !isObject(there) ? there : complete(there)];
        }),
      )
    : each(withKey(api.value), (request) => base + resourceFor(request));
  return { ...connection, sections: { ...connection.sections, api: withValue(api, value) } };
}

/**
 * Additions to requests that some vendors do without and a strict provider requires. Step of `api` → the request with
 * them.
 */
const COMPLETED: Readonly<Record<string, (request: Request) => Request>> = {
  authorize: (request) => ({ ...request, qs: { response_type: 'code', ...objectIn(request.qs) } }),
  token: (request) => {
    const place = request.body === undefined && isObject(request.qs) ? 'qs' : 'body';
    const given = objectIn(request[place]);
    return Object.hasOwn(given, 'code')
      ? { ...request, [place]: { grant_type: 'authorization_code', ...given } }
      : request;
  },
  // Of its own at many vendors; here as RFC 7009 has it.
  invalidate: (request) =>
    Object.hasOwn(objectIn(request.body), 'token')
      ? request
      : {
          url: request.url,
          method: 'POST',
          type: 'urlencoded',
          body: { client_id: DEMO.client, client_secret: DEMO.secret, token: tokenIn(request) },
        },
};

/** The expression by which a request reads a token that is stored. */
function tokenIn(request: Request): string {
  return /\{\{(?:connection|data)\.\w*token\w*\}\}/i.exec(JSON.stringify(request))?.[0] ?? '{{connection.accessToken}}';
}

function objectIn(value: unknown): Request {
  return isObject(value) ? value : {};
}

/** One request or several, each with another address; what its query holds stays. */
function each(requests: unknown, addressOf: (request: Request) => string): unknown {
  if (Array.isArray(requests)) return requests.map((request) => each(request, addressOf));
  if (!isObject(requests) || requests.url === undefined) return requests;
  const [, query = ''] = /(\?.*)$/s.exec(String(requests.url ?? '')) ?? [];
  return { ...requests, url: addressOf(requests) + query };
}

/** The same requests with the key where the provider looks for it: vendors have headers and parameters of their own. */
function withKey(requests: unknown): unknown {
  if (Array.isArray(requests)) return requests.map(withKey);
  if (!isObject(requests)) return requests;
  const { headers, qs } = requests;
  const [key] = /\{\{parameters\.\w+\}\}/.exec(JSON.stringify(headers ?? qs ?? {})) ?? [];
  if (key === undefined) return requests;
  return {
    ...requests,
    ...(headers === undefined ? {} : { headers: { ...objectIn(headers), 'x-api-key': key } }),
    ...(qs === undefined ? {} : { qs: { ...objectIn(qs), api_key: key } }),
  };
}

/** The resource that wants the proof that a request carries. */
function resourceFor({ headers, qs }: Request): string {
  const written = JSON.stringify(headers ?? {});
  if (/"authorization":"basic /i.test(written)) return '/resources/basic';
  return /parameters\./.test(JSON.stringify(qs ?? {})) ? '/resources/api-key/query' : '/resources/api-key/header';
}

/** The source as if the value were written in it: places are those of what is written. */
function withValue(source: Source, value: unknown): Source {
  return {
    file: source.file,
    text: source.text,
    value,
    problems: source.problems,
    locate: (path, part) => source.locate(path, part),
    place: (offset, length) => source.place(offset, length),
  };
}

function demoCommon(connection: Connection, given: Values | undefined): Values | undefined {
  const credentials = credentialKeys(connection);
  if (credentials === undefined) return given;
  return { ...given, [credentials.clientId]: DEMO.client, [credentials.clientSecret]: DEMO.secret };
}

/** Kinds of fields → what is filled in, where it has to be. */
const VALUES: Readonly<Record<string, unknown>> = {
  password: DEMO.key,
  email: 'demo@example.com',
  url: 'https://api.example.com',
  number: 1,
  integer: 1,
  uinteger: 1,
  boolean: true,
};

function demoParameters(fields: readonly Field[]): Values {
  const required = fields.filter(({ required, type }) => required === true || type === 'password');
  const isLogin = required.some(({ name }) => /user|login/i.test(String(name)));
  return Object.fromEntries(
    required.flatMap(({ name, type }) => {
      if (typeof name !== 'string' || /client/i.test(name)) return [];
      if (type === 'password') return [[name, isLogin ? DEMO.password : DEMO.key]];
      return [[name, lookUp(VALUES, String(type)) ?? DEMO.user]];
    }),
  );
}

function isObject(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
