import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { type Answers, connectionId, type Imported, type Mark, shortened } from './connection.ts';
import { type OAuth2, titleOf } from './credentials.ts';
import { oddity, wordsIn } from './description.ts';
import { grantsOf, isServerMetadata, listOf } from './metadata.ts';
import { written } from './sections.ts';
import { GRANTS, oauthSteps, type Request } from './steps.ts';

/** A parsed discovery document: the metadata of an authorization server, or of a protected resource. */
export type Discovered =
  | { readonly kind: 'server'; readonly metadata: JSONObject }
  /** RFC 9728; `servers` are the issuers, each of which has its own metadata. */
  | { readonly kind: 'resource'; readonly metadata: JSONObject; readonly servers: readonly string[] };

/**
 * Parses a discovery document: OpenID Connect Discovery 1.0, RFC 8414 or RFC 9728, as JSON.
 * @throws ConnectorError findings `openapi/unreadable` for a text that is none of them
 */
export function readDiscovery(text: string): Discovered {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw unreadable(`It is not JSON: ${(error as Error).message}.`);
  }
  if (isServerMetadata(value)) return { kind: 'server', metadata: value };
  if (isObject(value) && wordsIn(value.resource) !== undefined) {
    return { kind: 'resource', metadata: value, servers: listOf(value.authorization_servers) ?? [] };
  }
  throw unreadable('It has neither "issuer" and "token_endpoint" (RFC 8414) nor "resource" (RFC 9728).');
}

function unreadable(message: string): ConnectorError {
  const hint =
    'Pass the document at /.well-known/openid-configuration, oauth-authorization-server or oauth-protected-resource.';
  return new ConnectorError('findings', { code: 'openapi/unreadable', message, hint });
}

/**
 * The URLs at which the metadata of an issuer or of a resource can be, the most likely first (RFC 8414, section 3; RFC 9728,
 * section 3).
 * @param names the document names, such as SERVER_DOCUMENTS
 * @throws TypeError for a `url` that is not an absolute URL
 */
export function wellKnown(url: string, names: readonly string[]): readonly string[] {
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/\/+$/, '');
  if (path.includes('/.well-known/')) return [url];
  const inserted = names.map((name) => `${origin}/.well-known/${name}${path}`);
  // OpenID Connect puts its document below the path of the issuer.
  const appended = path === '' ? [] : names.map((name) => `${origin}${path}/.well-known/${name}`);
  return [...inserted, ...appended];
}

/** The names of documents about an authorization server. */
export const SERVER_DOCUMENTS: readonly string[] = ['openid-configuration', 'oauth-authorization-server'];
/** The name of a document about a resource. */
export const RESOURCE_DOCUMENT = 'oauth-protected-resource';

/** The context of a discovery document. */
export interface DiscoveryOptions {
  /** The URL that the metadata of the authorization server was read from. */
  readonly location?: string | undefined;
  /** The metadata of the resource that tokens are for (RFC 9728). */
  readonly resource?: JSONObject | undefined;
}

/**
 * Generates a connection for each supported grant of an authorization server.
 * @throws ConnectorError findings `openapi/no-security` if it supports no grant that a connection can use; usage
 * `openapi/answer` for an unknown connection in `answers`
 */
export function discoverConnections(metadata: JSONObject, options: DiscoveryOptions, answers: Answers = {}): Imported {
  const { resource } = options;
  const grants = grantsOf(metadata);
  const issuer = wordsIn(metadata.issuer) ?? '';
  if (grants.length === 0) {
    throw new ConnectorError('findings', {
      code: 'openapi/no-security',
      message: `${issuer} supports no grant that a connection can use.`,
      hint: `It supports ${(listOf(metadata.grant_types_supported) ?? ['authorization_code', 'implicit']).join(', ')}. A connection can use authorization_code, client_credentials and password.`,
    });
  }
  const own = resource === undefined ? undefined : listOf(resource.scopes_supported);
  const named = grants.map((grant) => ({
    id: grants.length === 1 ? 'main' : connectionId(grant.grant, 'main'),
    grant: withResource(grant, resource, own),
  }));
  const wanted = named.filter(({ id }) => answers.connections === undefined || answers.connections.includes(id));
  if (wanted.length === 0) {
    throw new ConnectorError('usage', {
      code: 'openapi/answer',
      message: `The document describes no connection ${JSON.stringify(answers.connections?.[0] ?? '')}.`,
      hint: `It describes ${named.map(({ id }) => id).join(', ')}.`,
    });
  }
  const title = wordsIn(resource?.resource_name) ?? hostOf(wordsIn(resource?.resource) ?? issuer);
  return {
    title,
    source: resource === undefined ? 'discovery metadata' : 'protected resource metadata',
    questions: [],
    diagnostics: oddIn(metadata, options),
    connections: wanted.map(({ id, grant }) => connectionOf(id, title, grant, answers)),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

type Granted = ReturnType<typeof grantsOf>[number];

function withResource(
  grant: Granted,
  resource: JSONObject | undefined,
  scopes: readonly string[] | undefined,
): Granted {
  const name = wordsIn(resource?.resource);
  const own =
    scopes === undefined
      ? {}
      : { scopes: Object.fromEntries(scopes.map((scope) => [scope, grant.scopes[scope] ?? ''])) };
  return { ...grant, ...own, ...(name === undefined ? {} : { resource: name }) };
}

/** Reports values that a client would not accept, and those that it would not guess. */
function oddIn(metadata: JSONObject, { location, resource }: DiscoveryOptions): readonly Diagnostic[] {
  const issuer = wordsIn(metadata.issuer) ?? '';
  const found: Diagnostic[] = [];
  const expected = location?.replace(/\/\.well-known\/(openid-configuration|oauth-authorization-server)/, '');
  if (expected !== undefined && expected !== issuer) {
    const message = `The issuer ${JSON.stringify(issuer)} does not match the URL of the document, ${location}.`;
    const hint = 'They must be identical (RFC 8414, section 3.3).';
    found.push(oddity(message, ['issuer'], { hint, trap: 'issuer-not-identical' }));
  }
  const servers = resource === undefined ? undefined : listOf(resource.authorization_servers);
  if (servers !== undefined && servers.length > 0 && !servers.includes(issuer)) {
    const message = `The authorization server of the resource is ${servers.join(', ')}, but the metadata is that of ${JSON.stringify(issuer)}.`;
    found.push(oddity(message, ['authorization_servers']));
  }
  const bearer = resource === undefined ? undefined : listOf(resource.bearer_methods_supported);
  if (bearer !== undefined && bearer.length > 0 && !bearer.includes('header')) {
    found.push(
      oddity(`The resource accepts tokens in ${bearer.join(', ')}, not in the header.`, ['bearer_methods_supported']),
    );
  }
  return found;
}

function connectionOf(id: string, title: string, grant: Granted, answers: Answers) {
  const key = grant.grant;
  const how = titleOf({ ...grant, key, description: undefined });
  const info = proofOf(grant, answers);
  const refresh = answers.refresh ?? grant.refresh ?? false;
  const said = answers.clientAuth === 'header' || answers.clientAuth === 'body' ? answers.clientAuth : undefined;
  const known = said ?? grant.clientAuth;
  const api = oauthSteps(grant, {
    info,
    clientAuth: known ?? 'body',
    isClientAuthKnown: known !== undefined,
    refresh,
    isRefreshKnown: true,
  });
  const marks: Mark[] = [...api.marks];
  if (info === undefined) {
    marks.push({
      section: 'api',
      path: ['token'],
      severity: 'warning',
      message: 'The document has no request to verify the token, so there is no step info.',
      hint: 'Pass the URL of a request that requires authorization with --verify, or add the step.',
    });
  }
  return written({
    id,
    type: GRANTS[grant.grant].type(refresh),
    label: shortened(`${title}: ${how}`, 100),
    summary: how,
    api,
    marks,
    form: GRANTS[grant.grant].fields,
    oauth: grant,
    scopes: askedScopes(grant, info, refresh),
  });
}

/**
 * The request that proves a token: the one that is asked for, or that of OpenID Connect.
 * @throws ConnectorError usage `openapi/answer` for a request without its address
 */
function proofOf({ userinfo: url, resource, scopes }: Granted, { verify }: Answers): Request | undefined {
  const [wanted, ...more] = verify ?? [];
  if (wanted === undefined) return url === undefined || resource !== undefined ? undefined : userinfo(url, scopes);
  if (wanted === 'none' && more.length === 0) return undefined;
  const address = wanted.replace(/^GET\s+/i, '');
  if (more.length > 0 || !/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new ConnectorError('usage', {
      code: 'openapi/answer',
      message:
        more.length > 0
          ? 'One request proves the connections of a discovery document.'
          : `${JSON.stringify(wanted)} is not the URL of a request.`,
      hint: 'A discovery document lists no requests: write its whole URL, such as https://api.acme.com/me, or none.',
      found: wanted,
    });
  }
  return {
    url: address,
    headers: { Authorization: 'Bearer {{connection.accessToken}}' },
    response: { error: { message: '[{{statusCode}}] The API refused.' } },
    log: { sanitize: ['request.headers.authorization'] },
  };
}

/** The request of OpenID Connect that says who has signed in. */
function userinfo(url: string, scopes: OAuth2['scopes']): Request {
  const email = Object.hasOwn(scopes, 'email');
  return {
    url,
    headers: { Authorization: 'Bearer {{connection.accessToken}}' },
    response: {
      uid: '{{body.sub}}',
      metadata: {
        type: email ? 'email' : 'text',
        value: email ? '{{body.email}}' : '{{ifempty(body.name, body.sub)}}',
      },
      error: { message: '[{{statusCode}}] {{ifempty(body.error_description, body.error)}}' },
    },
    log: { sanitize: ['request.headers.authorization'] },
  };
}

/** Those of OpenID Connect that the steps need; for a resource, those that it names, which are few. */
function askedScopes(
  { scopes, grant, resource, userinfo }: Granted,
  info: Request | undefined,
  refresh: boolean,
): readonly string[] {
  if (grant !== 'authorizationCode') return [];
  const signIn = info !== undefined && info.url === userinfo ? ['openid', 'email', 'profile'] : [];
  // Offline access is a part of OpenID Connect, section 11, and asked for beside openid.
  const stay = refresh && Object.hasOwn(scopes, 'offline_access') ? ['openid', 'offline_access'] : [];
  const wanted = new Set([...(resource === undefined ? signIn : Object.keys(scopes)), ...stay]);
  return [...wanted].filter((scope) => Object.hasOwn(scopes, scope));
}
