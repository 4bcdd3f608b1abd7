import { isObject } from './json.ts';
import { isSecret } from './json-schema/validator.ts';
import { remembered } from './remembered.ts';

/** Last words of names whose values are secrets. */
const SECRETS = new Set(
  `token secret password passwd passphrase passcode pwd jwt assertion verifier credential credentials apikey accesskey
  secretkey privatekey apitoken accesstoken apisecret clientsecret`.split(/\s+/),
);
/** Words that make a key one that opens something. */
const KEYS = new Set(
  'api access secret private auth authorization license subscription signing encryption app application'.split(' '),
);
/** Tokens that open nothing. */
const HARMLESS = new Set('csrf xsrf page next continuation sync cursor pagination previous'.split(' '));

/** Ending of every name of a secret, but for what is no letter or digit: a quick check for most names. */
const ENDING = new RegExp(`(?:${[...SECRETS, 'key'].join('|')})[^a-z0-9]*$`);

/** The last letters of those endings. */
const LAST = new Set([...SECRETS, 'key'].map((word) => word.charCodeAt(word.length - 1)));

/** Checks if the last letter or digit of a name is one that names of secrets end with. */
function mayEnd(name: string): boolean {
  for (let at = name.length - 1; at >= 0; at--) {
    const code = name.charCodeAt(at);
    const lower = code | 0x20;
    if (lower >= 0x61 && lower <= 0x7a) return LAST.has(lower);
    if (code >= 0x30 && code <= 0x39) return false;
  }
  return false;
}

/** Where one word of a name ends and the next begins. */
const BETWEEN = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

const wordsOf = remembered((name): readonly string[] => {
  return name
    .split(BETWEEN)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
});

/** Checks if a value of this name is a secret, as its last words tell: `accessToken`, `x-api-key`, `client_secret`. */
export function looksSecret(name: string): boolean {
  return mayEnd(name) && endsAsSecret(name);
}

const endsAsSecret = remembered((name): boolean => {
  if (!ENDING.test(name.toLowerCase())) return false;
  const words = wordsOf(name);
  const before = words.at(-2);
  const last = words.at(-1) ?? '';
  if (SECRETS.has(last)) return before === undefined || !HARMLESS.has(before);
  return last === 'key' && before !== undefined && KEYS.has(before);
});

/** Last words of names whose values anybody may see. */
const PUBLIC = new Set(
  `id ids identifier uid url uri endpoint host hostname domain subdomain server port path prefix region zone location
  country currency locale lang language timezone version type format method mode platform environment env scope scopes
  name username user login email mail phone account tenant directory realm audience issuer organization organisation org
  company workspace team shop store site instance cluster database project label title agent limit size timeout enabled
  redirect expires expiry state`.split(/\s+/),
);

/**
 * Checks if a value of this name is no secret, as its last word tells: `clientId`, `baseUrl`, `region`. A consumer key is
 * what OAuth 1.0a calls the identifier of a client (RFC 5849).
 */
export function looksPublic(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  return PUBLIC.has(last) || (last === 'key' && words.at(-2) === 'consumer');
}

/** Headers whose values are credentials, beside those that are called so. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

/** Checks if a header of this name holds a credential. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name.toLowerCase()) || looksSecret(name) || wordsOf(name).at(-1) === 'auth';
}

/** Types of fields that hide what is typed. */
const HIDING = new Set<unknown>(['password', 'pkey']);

/** Checks if the field asks for a secret and treats it as one. */
function isHiding(field: { readonly type?: unknown }): boolean {
  return HIDING.has(field.type);
}

/** Types of fields whose values are no text that somebody could keep to himself. */
const PLAIN = new Set<unknown>(
  'boolean number integer uinteger port date time timestamp timezone select color banner'.split(' '),
);

/** Checks if the field asks for a secret, be it hidden or only named as one. */
export function asksForSecret(name: string, field: { readonly type?: unknown }): boolean {
  return isHiding(field) || (!PLAIN.has(field.type) && looksSecret(name));
}

/** Checks if a JSON Schema of the author's says that the value is a secret. */
export function isSecretSchema(name: string, schema: unknown): boolean {
  return isSecret(schema) || (isObject(schema) && looksSecret(name));
}

/** Types of JSON whose values are too few to be secrets. */
const FEW = new Set<unknown>(['boolean', 'number', 'integer', 'null']);

/** Checks if a value of `common` may be seen by anybody: its name says so, or its schema tells it. */
export function isPublicCommon(name: string, schema: unknown): boolean {
  if (isSecret(schema) || looksSecret(name)) return false;
  if (looksPublic(name)) return true;
  return isObject(schema) && (FEW.has(schema.type) || schema.enum !== undefined || schema.const !== undefined);
}

/** Forms of secrets that are known by their beginning. */
const KNOWN =
  /(?<![A-Za-z0-9])(sk_live_|sk_test_|rk_live_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|SG\.|ya29\.|sk-ant-|shpat_|eyJ[\w-]{8,}\.eyJ)[\w.-]{8,}/;

/** Characters of the shortest of them. */
const SHORTEST = 11;

/** Checks if the text holds something that looks like a secret of a well-known service. */
export function holdsKnownSecret(text: string): boolean {
  return text.length >= SHORTEST && KNOWN.test(text);
}

/** Placeholders that people write in place of a secret. */
const PLACEHOLDER =
  /your|example|change.?me|placeholder|replace|insert|redacted|dummy|sample|todo|secret.?here|^<.*>$|^\[.*\]$|\{\{|\$\{|^%.*%$|^(.)\1*$|^(secret|password|token|key|none|null|test)$/i;

/** Matches text that nobody types: sixteen characters or more, letters and digits, without spaces. */
const GENERATED = /^(?=.*\d)(?=.*[A-Za-z])[\w+/=.-]{16,}$/;

/** Checks if a value of `common` is a secret, and not what only stands for one. */
export function isRealSecret(name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (holdsKnownSecret(value)) return true;
  if (value.trim() === '' || PLACEHOLDER.test(value) || bare(value) === bare(name)) return false;
  return looksSecret(name) || (!looksPublic(name) && GENERATED.test(value));
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
