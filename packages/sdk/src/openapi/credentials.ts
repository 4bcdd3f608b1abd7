import { type FormField, labelOf, parameterName, shortened } from './connection.ts';

/** The places of a request in which a key can stand. */
export const KEY_PLACES = ['header', 'query', 'cookie'] as const;
export type KeyPlace = (typeof KEY_PLACES)[number];

/** The grants by which a connection can get a token. */
export type Grant = 'authorizationCode' | 'clientCredentials' | 'password';

/** How OAuth 2 is done at one authorization server. */
export interface OAuth2 {
  readonly kind: 'oauth2';
  readonly grant: Grant;
  readonly authorizationUrl?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly refreshUrl?: string | undefined;
  readonly revocationUrl?: string | undefined;
  /** Scope → what it allows, in the vendor's words. */
  readonly scopes: Readonly<Record<string, string>>;
  /** True if the server says that it accepts a code challenge by SHA-256 (RFC 7636). */
  readonly pkce?: boolean;
  /** How the client says who it is; undefined when the document does not tell. */
  readonly clientAuth?: 'body' | 'header' | 'none' | undefined;
  /** True if tokens can be refreshed; undefined when the document does not tell. */
  readonly refresh?: boolean | undefined;
  /** The protected resource that tokens are for (RFC 8707). */
  readonly resource?: string | undefined;
}

/** A key that is sent as it is, or behind a word such as `Bearer`. */
interface Key {
  readonly kind: 'key';
  readonly in: KeyPlace;
  readonly name: string;
  /** With the blank at its end; undefined when the document does not say whether there is one. */
  readonly prefix: string | undefined;
}

/** A name and a password, sent as RFC 7617 or RFC 7616 have it. */
interface Password {
  readonly kind: 'basic' | 'digest';
  /** True if the vendor says that the password is left empty. */
  readonly isPasswordEmpty: boolean;
}

/** One credential, as a security scheme describes it, and what it is called. */
export type Credential = (Key | Password | OAuth2) & {
  /** Name in the document. */
  readonly key: string;
  readonly description: string | undefined;
};

/** Where a credential is sent: two that are sent alike are one and the same for a connection. */
export function placeOf(credential: Credential): string {
  switch (credential.kind) {
    case 'key':
      return `${credential.in} ${credential.in === 'header' ? credential.name.toLowerCase() : credential.name} ${credential.prefix ?? ''}`;
    case 'oauth2':
      return `oauth2 ${credential.grant} ${credential.authorizationUrl ?? ''} ${credential.tokenUrl ?? ''}`;
    default:
      return credential.kind;
  }
}

/** The header that a credential takes for itself: no two can have the same. */
export function headerOf(credential: Credential): string | undefined {
  if (credential.kind === 'key') return credential.in === 'header' ? credential.name.toLowerCase() : undefined;
  return 'authorization';
}

/** Name of a credential for people. */
export function titleOf(credential: Credential): string {
  switch (credential.kind) {
    case 'key':
      if (credential.prefix === 'Bearer ') return 'bearer token';
      return `key in the ${credential.in === 'query' ? 'query parameter' : credential.in} ${credential.name}`;
    case 'oauth2':
      return `OAuth 2.0 ${GRANT_TITLES[credential.grant]}`;
    default:
      return `${credential.kind} authentication`;
  }
}

const GRANT_TITLES: Readonly<Record<Grant, string>> = {
  authorizationCode: 'authorization code',
  clientCredentials: 'client credentials',
  password: 'resource owner password credentials',
};

/** Additions of a credential to a request, and to the form that asks for it. */
export interface Carried {
  readonly headers: Readonly<Record<string, string>>;
  readonly qs: Readonly<Record<string, string>>;
  readonly cookie: readonly string[];
  /** Paths that no log may show. */
  readonly sanitize: readonly string[];
  readonly fields: readonly FormField[];
}

const NOTHING: Carried = { headers: {}, qs: {}, cookie: [], sanitize: [], fields: [] };

/**
 * How requests carry a credential.
 * @param taken the names that the form has already; what is added to it is put in
 */
export function carried(credential: Credential, taken: Set<string>): Carried {
  const { description } = credential;
  const help = description === undefined ? {} : { help: shortened(description) };
  if (credential.kind === 'oauth2') {
    return {
      ...NOTHING,
      headers: { Authorization: 'Bearer {{connection.accessToken}}' },
      sanitize: ['request.headers.authorization'],
    };
  }
  if (credential.kind !== 'key') return passwordCarried(credential, taken, help);
  const isBearer = credential.prefix === 'Bearer ';
  // Make's own form has a field called token, in which what is typed is lost: the longer name is safe.
  const name = freeName(taken, isBearer ? 'apiToken' : 'apiKey', credential.key);
  const label = isBearer ? 'Token' : labelOf(name === 'apiKey' ? 'API key' : credential.key);
  const fields: FormField[] = [{ name, type: 'password', label, ...help, required: true, editable: true }];
  const value = `${credential.prefix ?? ''}{{parameters.${name}}}`;
  const { name: at } = credential;
  switch (credential.in) {
    case 'header':
      return { ...NOTHING, headers: { [at]: value }, sanitize: [`request.headers.${at.toLowerCase()}`], fields };
    case 'query':
      return { ...NOTHING, qs: { [at]: value }, sanitize: [`request.qs.${at}`], fields };
    default:
      return { ...NOTHING, cookie: [`${at}=${value}`], sanitize: ['request.headers.cookie'], fields };
  }
}

function passwordCarried(credential: Password & Credential, taken: Set<string>, help: { help?: string }): Carried {
  const [user, password] = [freeName(taken, 'username', 'userName'), freeName(taken, 'password', 'userPassword')];
  const isEmpty = credential.isPasswordEmpty;
  const fields: FormField[] = [
    {
      name: user,
      type: isEmpty ? 'password' : 'text',
      label: isEmpty ? 'API key' : 'User name',
      ...help,
      required: true,
      editable: true,
    },
    { name: password, type: 'password', label: 'Password', required: !isEmpty, editable: true },
  ];
  const sanitize = ['request.headers.authorization'];
  if (credential.kind === 'digest') return { ...NOTHING, sanitize, fields };
  const pair = `{{base64(parameters.${user} + ':' + parameters.${password})}}`;
  return { ...NOTHING, headers: { Authorization: `Basic ${pair}` }, sanitize, fields };
}

/** A name that the form does not have yet: the usual one, or one after what the document calls the credential. */
function freeName(taken: Set<string>, usual: string, other: string): string {
  let name = usual;
  for (let number = 1; taken.has(name); number++) {
    name = `${parameterName(other, usual)}${number === 1 ? '' : number}`;
  }
  taken.add(name);
  return name;
}

/** Words that stand before a key in the header, as vendors document it, with what shows that the key follows. */
const DOCUMENTED = [
  // Authorization: Token abc
  /Authorization["'`*]*\s*[:=]\s*["'`*]*([A-Za-z][\w-]*)\s+["'`<{[$\w]/,
  // Bearer {token}, Token <key>
  /(?<![\w-])(Bearer|Token|Key|ApiKey|Api-Key|Bot|OAuth|Basic)\s+["'`]?[<{[$]/i,
  // "Bearer " in quotes, with its blank
  /["'`](Bearer|Token|Key|ApiKey|Api-Key|Bot|OAuth)\s+["'`]/i,
  // prefixed with "Bearer", prefix `Token`
  /prefix\w*\W+(?:\w+\W+){0,3}?["'`](Bearer|Token|Key|ApiKey|Api-Key|Bot|OAuth)["'`]/i,
];

/** The word before a key in its header, with a blank, as the description of the scheme documents it. */
export function documentedPrefix(description: string | undefined): string | undefined {
  if (description === undefined) return undefined;
  for (const pattern of DOCUMENTED) {
    const [, word] = pattern.exec(description) ?? [];
    if (word !== undefined) return `${word} `;
  }
  return undefined;
}
