import { isObject, type JSONObject, lookUp } from '../json.ts';
import type { OAuth2 } from './credentials.ts';
import { wordsIn } from './description.ts';

/** Names that are scopes of OpenID Connect, and what they give (OpenID Connect Core 1.0, section 5.4 and 11). */
const OPENID_SCOPES: Readonly<Record<string, string>> = {
  openid: 'Sign in, and know who you are',
  profile: 'Read your name and your profile',
  email: 'Read your e-mail address',
  address: 'Read your postal address',
  phone: 'Read your phone number',
  offline_access: 'Stay connected while you are away',
};

/**
 * Reads the metadata of an authorization server, be they of OpenID Connect Discovery or RFC 8414: a credential for
 * each grant that a connection can do. What is left out has the default of RFC 8414, section 2.
 */
export function grantsOf(metadata: JSONObject): (OAuth2 & { readonly userinfo?: string })[] {
  const grants = listOf(metadata.grant_types_supported) ?? ['authorization_code', 'implicit'];
  const scopes = listOf(metadata.scopes_supported) ?? [];
  const url = (name: string) => {
    const found = wordsIn(metadata[name]);
    return found === undefined ? {} : { [lookUp(MEMBERS, name) ?? name]: found };
  };
  const shared = {
    kind: 'oauth2',
    ...url('token_endpoint'),
    ...url('revocation_endpoint'),
    scopes: Object.fromEntries(scopes.map((scope) => [scope, lookUp(OPENID_SCOPES, scope) ?? ''])),
    clientAuth: clientAuthOf(metadata),
  } as const;
  const found: (OAuth2 & { readonly userinfo?: string })[] = [];
  if (grants.includes('authorization_code') && wordsIn(metadata.authorization_endpoint) !== undefined) {
    found.push({
      ...shared,
      grant: 'authorizationCode',
      ...url('authorization_endpoint'),
      ...url('userinfo_endpoint'),
      pkce: listOf(metadata.code_challenge_methods_supported)?.includes('S256') ?? false,
      refresh: grants.includes('refresh_token') || scopes.includes('offline_access'),
    });
  }
  if (grants.includes('client_credentials')) found.push({ ...shared, grant: 'clientCredentials' });
  if (grants.includes('password')) found.push({ ...shared, grant: 'password' });
  return found;
}

const MEMBERS: Readonly<Record<string, string>> = {
  authorization_endpoint: 'authorizationUrl',
  token_endpoint: 'tokenUrl',
  revocation_endpoint: 'revocationUrl',
  userinfo_endpoint: 'userinfo',
};

/** The default is client_secret_basic; a server that takes both is spoken to as most clients do, in the body. */
function clientAuthOf({ token_endpoint_auth_methods_supported: methods }: JSONObject): OAuth2['clientAuth'] {
  const known = listOf(methods) ?? ['client_secret_basic'];
  if (known.includes('client_secret_post')) return 'body';
  if (known.includes('client_secret_basic')) return 'header';
  return known.includes('none') ? 'none' : undefined;
}

/** The texts of a list; undefined for what is none. */
export function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : undefined;
}

/** Checks if a value is the metadata of an authorization server. */
export function isServerMetadata(value: unknown): value is JSONObject {
  return isObject(value) && wordsIn(value.issuer) !== undefined && wordsIn(value.token_endpoint) !== undefined;
}
