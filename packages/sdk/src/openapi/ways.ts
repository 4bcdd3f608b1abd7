import type { Diagnostic, Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import {
  type Credential,
  documentedPrefix,
  headerOf,
  KEY_PLACES,
  type KeyPlace,
  placeOf,
  titleOf,
} from './credentials.ts';
import { type Description, oddity, pointerOf, resolved, wordsIn } from './description.ts';
import { flowsOf, type OAuthPlaces, openIdOf } from './flows.ts';

/** One way to call the API: all of its credentials together are what a request needs. */
export interface Way {
  readonly credentials: readonly Credential[];
  /** The schemes, by their keys, of each requirement that this way meets; none where the document requires nothing. */
  readonly meets: readonly ReadonlySet<string>[];
  /** Where the first of its schemes stands. */
  readonly path: Path;
}

/** Security of a document. */
export interface Security {
  readonly ways: readonly Way[];
  /** True if anything in the document says what a request needs: then, what does not say so needs nothing. */
  readonly isRequired: boolean;
  /** True if a scheme is OpenID Connect, and its metadata were not given. */
  readonly needsDiscovery: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** The methods of a path that OpenAPI knows. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

/** A credential, or why a scheme cannot become one. */
type Read = { readonly credentials: readonly Credential[]; readonly refused: readonly string[] };

const SCHEMES: Path = ['components', 'securitySchemes'];

/** The ways in which a description says that it is called. */
export function waysOf(description: Description, places: OAuthPlaces): Security {
  const { root } = description;
  const components = isObject(root.components) ? root.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  const diagnostics: Diagnostic[] = [];
  const requirements = requirementsIn(root);
  const read = new Map<string, Read>();
  for (const [key, scheme] of Object.entries(schemes)) {
    const whole = resolved(root, scheme);
    const one = readScheme(key, whole, places);
    read.set(key, one);
    if (whole !== undefined && isInvented(key, whole)) diagnostics.push(invented(key));
    for (const why of one.refused) diagnostics.push(unsupported([key], why));
  }
  const named = requirements.filter((keys) => keys.length > 0);
  const unknown = new Set(named.flat().filter((key) => !read.has(key)));
  for (const key of unknown) {
    diagnostics.push(
      oddity(
        `Requests need the security scheme ${JSON.stringify(key)}, but the document does not define it.`,
        SCHEMES,
        { trap: 'openapi-undefined-scheme' },
      ),
    );
  }
  const wanted = named.filter((keys) => !keys.some((key) => unknown.has(key)));
  const unused = [...read.keys()].filter((key) => !wanted.some((keys) => keys.includes(key)));
  if (wanted.length === 0 && unused.length > 0) {
    diagnostics.push(
      oddity('Security schemes are defined, but no request uses them. Each becomes a connection.', SCHEMES),
    );
    wanted.push(...unused.map((key) => [key]));
  } else if (unused.length > 0) {
    const list = unused.map((key) => JSON.stringify(key)).join(', ');
    diagnostics.push(oddity(`No request uses the security scheme ${list}: no connection is created for it.`, SCHEMES));
  }
  const ways = wanted.flatMap((keys) => combined(keys, read, diagnostics));
  return {
    ways: merged(ways, diagnostics),
    isRequired: requirements.some((keys) => keys.length > 0),
    needsDiscovery: places.discovery === undefined && Object.values(schemes).some(isOpenId),
    diagnostics: diagnostics.filter(isFirst),
  };
}

function isOpenId(scheme: unknown): boolean {
  return isObject(scheme) && scheme.type === 'openIdConnect';
}

/** Reports once what concerns several flows of one scheme. */
function isFirst({ message }: Diagnostic, index: number, all: readonly Diagnostic[]): boolean {
  return all.findIndex((each) => each.message === message) === index;
}

/** The sets of schemes that requests need, each once, in the order of the document. */
function requirementsIn(root: JSONObject): string[][] {
  const found = new Map<string, string[]>();
  const add = (security: unknown) => {
    for (const each of Array.isArray(security) ? security : []) {
      if (!isObject(each)) continue;
      const keys = Object.keys(each).sort();
      found.set(JSON.stringify(keys), keys);
    }
  };
  add(root.security);
  const paths = isObject(root.paths) ? root.paths : {};
  for (const value of Object.values(paths)) {
    const item = resolved(root, value);
    if (item === undefined) continue;
    for (const method of METHODS) {
      const operation = lookUp(item, method);
      if (isObject(operation)) add(operation.security);
    }
  }
  return [...found.values()];
}

/** Each choice of one credential for each scheme of a requirement. */
function combined(keys: readonly string[], read: ReadonlyMap<string, Read>, diagnostics: Diagnostic[]): Way[] {
  let choices: Credential[][] = [[]];
  for (const key of keys) {
    const credentials = read.get(key)?.credentials ?? [];
    choices = choices.flatMap((chosen) => credentials.map((credential) => [...chosen, credential]));
  }
  return choices.flatMap((credentials): Way[] => {
    const clash = clashIn(credentials);
    if (clash !== undefined) {
      diagnostics.push(unsupported(keys, clash));
      return [];
    }
    return [{ credentials, meets: [new Set(keys)], path: [...SCHEMES, keys[0] ?? ''] }];
  });
}

/** Why credentials cannot be sent together. */
function clashIn(credentials: readonly Credential[]): string | undefined {
  if (credentials.filter(({ kind }) => kind === 'oauth2').length > 1) {
    return 'a request needs tokens of two OAuth 2.0 schemes, but a connection has one';
  }
  const headers = credentials.map(headerOf);
  const twice = headers.find((header, index) => header !== undefined && headers.indexOf(header) !== index);
  return twice === undefined ? undefined : `a request needs two values in the header ${twice}, which can have only one`;
}

/**
 * Checks if a scheme is one that @scalar/postman-to-openapi writes: the same for every key, and for every client
 * without a URL for its users.
 */
function isInvented(key: string, { name, flows }: JSONObject): boolean {
  if (key === 'apikeyAuth') return name === 'api_key';
  const code = isObject(flows) ? flows.authorizationCode : undefined;
  return key === 'oauth2Auth' && isObject(code) && code.authorizationUrl === '/oauth/authorize';
}

function invented(key: string): Diagnostic {
  const from = 'is what a converter of Postman collections writes for every collection';
  const message = `The security scheme ${JSON.stringify(key)} ${from}: the collection itself may say something else.`;
  return oddity(message, [...SCHEMES, key], { trap: 'openapi-from-postman' });
}

/** Ways that are sent alike are one: two names for one header are no two connections. */
function merged(ways: readonly Way[], diagnostics: Diagnostic[]): Way[] {
  const found = new Map<string, Way>();
  for (const way of ways) {
    const alike = way.credentials.map(placeOf).sort().join('\n');
    const known = found.get(alike);
    if (known === undefined) found.set(alike, way);
    else {
      diagnostics.push(sentAlike(known, way));
      found.set(alike, { ...known, credentials: joined(known, way), meets: [...known.meets, ...way.meets] });
    }
  }
  return [...found.values()];
}

function sentAlike(one: Way, other: Way): Diagnostic {
  const [first, second] = [one, other].map(({ credentials }) => credentials.map(({ key }) => key).join(' with '));
  const names = `The security schemes ${JSON.stringify(first)} and ${JSON.stringify(second)}`;
  const about = { code: 'openapi/assumed', severity: 'info', path: other.path } as const;
  if (other.credentials.some(({ kind }) => kind === 'oauth2')) {
    const message = `${names} have the same authorization server: they are one connection, with the scopes of both.`;
    return { ...about, message, hint: 'Request the scopes that your modules need.' };
  }
  return {
    ...about,
    trap: 'openapi-same-place',
    message: `${names} are sent in the same place: they are one connection.`,
    hint: 'Say in the help of the field which of the credentials it takes.',
  };
}

/** Of two schemes at one authorization server, a connection can ask for the scopes of both. */
function joined(one: Way, other: Way): readonly Credential[] {
  return one.credentials.map((credential) => {
    const same = other.credentials.find((each) => placeOf(each) === placeOf(credential));
    if (credential.kind !== 'oauth2' || same?.kind !== 'oauth2') return credential;
    return { ...credential, scopes: { ...same.scopes, ...credential.scopes } };
  });
}

/** Credential that a security scheme describes. */
function readScheme(key: string, scheme: JSONObject | undefined, places: OAuthPlaces): Read {
  if (scheme === undefined) return refused('its reference cannot be resolved');
  const type = wordsIn(scheme.type);
  const reader = type === undefined ? undefined : lookUp(READERS, type);
  if (reader === undefined) return refused(`the type ${JSON.stringify(scheme.type ?? null)} does not exist`);
  const said = reader(scheme, places, [...SCHEMES, key]);
  const description = wordsIn(scheme.description);
  return {
    ...said,
    credentials: said.credentials.map((each) => ({ ...each, key, description }) as Credential),
  };
}

type Told = { readonly credentials: readonly object[]; readonly refused: readonly string[] };

const READERS: Readonly<Record<string, (scheme: JSONObject, places: OAuthPlaces, path: Path) => Told>> = {
  apiKey: (scheme) => {
    const [place, name] = [wordsIn(scheme.in)?.toLowerCase(), wordsIn(scheme.name)];
    if (!isKeyPlace(place)) return refused(`a key cannot be sent in ${JSON.stringify(scheme.in ?? null)}`);
    if (name === undefined) return refused('the name of the key is missing');
    const prefix = place === 'header' ? documentedPrefix(wordsIn(scheme.description)) : '';
    const isSure = name.toLowerCase() !== 'authorization';
    return credential({ kind: 'key', in: place, name, prefix: prefix ?? (isSure ? '' : undefined) });
  },
  http: (scheme) => {
    const word = wordsIn(scheme.scheme);
    if (word === undefined) return refused('the HTTP authentication scheme is missing');
    const made = lookUp(HTTP, word.toLowerCase());
    if (made !== undefined) return credential(made(scheme));
    if (NO_WORDS.has(word.toLowerCase())) return refused(`connections do not support HTTP ${word}`);
    // What is registered with IANA and not above needs more than a word; vendors write others that do not.
    return credential({ kind: 'key', in: 'header', name: 'Authorization', prefix: `${word} ` });
  },
  oauth2: (scheme, places, path) => flowsOf(scheme, places, path),
  openIdConnect: (scheme, places) => openIdOf(scheme, places),
  mutualTLS: () => refused('it needs a client certificate, which connections do not support'),
};

const HTTP: Readonly<Record<string, (scheme: JSONObject) => object>> = {
  basic: (scheme) => ({ kind: 'basic', isPasswordEmpty: saysEmptyPassword(wordsIn(scheme.description)) }),
  digest: () => ({ kind: 'digest', isPasswordEmpty: false }),
  bearer: () => ({ kind: 'key', in: 'header', name: 'Authorization', prefix: 'Bearer ' }),
};

/** Schemes of HTTP that are a conversation or a signature, and not a word before a key. */
const NO_WORDS = new Set([
  'negotiate',
  'hoba',
  'mutual',
  'scram-sha-1',
  'scram-sha-256',
  'vapid',
  'dpop',
  'gnap',
  'privatetoken',
  'concealed',
  'oauth',
]);

function saysEmptyPassword(description = ''): boolean {
  return /password\W+(?:\w+\W+){0,6}?(?:empty|blank|not (?:needed|required|used))|(?:empty|blank|no) password/i.test(
    description,
  );
}

function credential(said: object): Told {
  return { credentials: [said], refused: [] };
}

function refused(why: string): { readonly credentials: readonly never[]; readonly refused: readonly string[] } {
  return { credentials: [], refused: [why] };
}

function isKeyPlace(word: string | undefined): word is KeyPlace {
  return (KEY_PLACES as readonly unknown[]).includes(word);
}

/** That schemes cannot become a connection, or not in one of their ways. */
function unsupported(keys: readonly string[], why: string): Diagnostic {
  const path = [...SCHEMES, keys[0] ?? ''];
  const list = keys.map((key) => JSON.stringify(key)).join(' with ');
  return {
    code: 'openapi/unsupported',
    severity: 'warning',
    message: `The security scheme ${list} is not supported: ${why}.`,
    path,
    hint: `It is at ${pointerOf(path)}. Connections are created for the supported schemes.`,
  };
}

/** How somebody says that requests carry a credential, where no document does. */
export function wayNamed(auth: string): Way | undefined {
  const [word = '', name] = auth.split(/:(.*)/s);
  const key = name ?? word;
  const way = (credential: object): Way => ({
    credentials: [{ key, description: undefined, ...credential } as Credential],
    meets: [],
    path: [],
  });
  const made = name === undefined ? lookUp(HTTP, word) : undefined;
  if (made !== undefined) return way(made({}));
  if (!isKeyPlace(word) || name === undefined || name.trim() === '') return undefined;
  const isUnsure = word === 'header' && name.toLowerCase() === 'authorization';
  return way({ kind: 'key', in: word, name, prefix: isUnsure ? undefined : '' });
}

/** Name of a way for people. */
export function wayTitle({ credentials }: Way): string {
  const title = credentials.map(titleOf).join(' and ');
  return title.replace(/^./, (letter) => letter.toUpperCase());
}
