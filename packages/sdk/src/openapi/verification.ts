import { isObject, type JSONObject, lookUp } from '../json.ts';
import type { Credential } from './credentials.ts';
import { type Description, resolved, wordsIn } from './description.ts';
import { ownServer, type Server } from './servers.ts';
import type { Way } from './ways.ts';

/** A request that is answered only to somebody who may call: what proves that a connection works. */
export interface Proof {
  /** Such as `GET /v1/me`. */
  readonly name: string;
  readonly operationId: string | undefined;
  readonly summary: string | undefined;
  readonly path: string;
  /** The server that it has of its own. */
  readonly server: Server | undefined;
  /** Parameters that have to be there and can have one value only. */
  readonly qs: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Scopes that it needs, by the key of the scheme. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
  readonly operation: JSONObject;
  /** How likely it is to say who somebody is; from SURE on it is taken without a question. */
  readonly score: number;
}

/** An operation that cannot be the proof, and why. */
export interface Unfit {
  readonly name: string;
  readonly operationId: string | undefined;
  readonly why: string;
}

/** Why a request that anybody may send proves nothing. */
export const NEEDS_NOTHING = 'it does not require authorization';

/** From this score on, a request is one that says who has connected. */
export const SURE = 60;

/** All GET requests that could prove a way in, the likeliest first, and those that could not. */
export function proofsFor(
  description: Description,
  way: Way,
  isRequired: boolean,
): { readonly proofs: readonly Proof[]; readonly unfit: readonly Unfit[] } {
  const { root, location } = description;
  const proofs: Proof[] = [];
  const unfit: Unfit[] = [];
  const everywhere = root.security;
  for (const [path, value] of Object.entries(isObject(root.paths) ? root.paths : {})) {
    const item = resolved(root, value);
    const operation = resolved(root, item?.get);
    if (item === undefined || operation === undefined || !path.startsWith('/')) continue;
    const [name, operationId] = [`GET ${path}`, wordsIn(operation.operationId)];
    const scopes = needed(operation.security ?? everywhere, way, isRequired);
    if (typeof scopes === 'string') {
      unfit.push({ name, operationId, why: scopes });
      continue;
    }
    const given = givenParameters(root, [item.parameters, operation.parameters], way.credentials);
    if (typeof given === 'string') {
      unfit.push({ name, operationId, why: given });
      continue;
    }
    const server = ownServer(operation.servers, location) ?? ownServer(item.servers, location);
    const summary = wordsIn(operation.summary);
    const score = scoreOf(root, path, operation);
    proofs.push({ name, operationId, summary, path, server, ...given, scopes, operation, score });
  }
  // What is as likely stays in the order of the document.
  return { proofs: proofs.sort((one, other) => other.score - one.score), unfit };
}

/** The scopes that an operation needs of each scheme of the way; or why the way does not open it. */
function needed(security: unknown, way: Way, isRequired: boolean): ReadonlyMap<string, readonly string[]> | string {
  const none = new Map<string, readonly string[]>();
  if (!Array.isArray(security)) return isRequired ? NEEDS_NOTHING : none;
  const alternatives = security.filter(isObject);
  // An empty list takes away what holds for the others, and an empty requirement makes it optional.
  if (alternatives.length === 0 || alternatives.some((each) => Object.keys(each).length === 0)) {
    return NEEDS_NOTHING;
  }
  if (way.meets.length === 0) return none;
  const open = alternatives.filter((each) =>
    way.meets.some((schemes) => Object.keys(each).every((key) => schemes.has(key))),
  );
  if (open.length === 0) return 'it needs another credential';
  const found = open.map((each) => new Map(Object.entries(each).map(([key, scopes]) => [key, texts(scopes)])));
  // The alternative that needs the least.
  return found.sort((one, other) => countOf(one) - countOf(other))[0] ?? none;
}

function countOf(scopes: ReadonlyMap<string, readonly string[]>): number {
  return [...scopes.values()].flat().length;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

type Given = Pick<Proof, 'qs' | 'headers'>;

/** The parameters that have to be sent, where each can have one value only; or the one that cannot be known. */
function givenParameters(
  root: JSONObject,
  lists: readonly unknown[],
  credentials: readonly Credential[],
): Given | string {
  const own = new Map<string, JSONObject>();
  for (const each of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const parameter = resolved(root, each);
    if (parameter !== undefined) own.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const given = { qs: {} as Record<string, string>, headers: {} as Record<string, string> };
  for (const { in: place, name, required, ...others } of own.values()) {
    if ((required !== true && place !== 'path') || typeof name !== 'string') continue;
    if (credentials.some((each) => each.kind === 'key' && each.in === place && each.name === name)) continue;
    if (place === 'header' && name.toLowerCase() === 'authorization') continue;
    const value = onlyValue(root, others);
    const target = place === 'query' ? given.qs : place === 'header' ? given.headers : undefined;
    if (value === undefined || target === undefined) return `it needs the ${place} parameter ${name}`;
    target[name] = value;
  }
  return given;
}

/** The value of a parameter that can have no other, or has a default. Version 2 says so beside its name. */
function onlyValue(root: JSONObject, parameter: JSONObject): string | undefined {
  const { const: only, enum: choices, default: preset } = resolved(root, parameter.schema) ?? parameter;
  const value = only ?? preset ?? (Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined);
  return value === undefined || typeof value === 'object' ? undefined : String(value);
}

/** Last parts of paths, by whose data they give; the first that fits counts. */
const LAST: readonly (readonly [RegExp, number])[] = [
  [/^(me|whoami|who_am_i|self|userinfo|user_info|viewer|myself)$/i, 100],
  [/^(current[-_]?user|get[-_]?me|auth[-_.]?test|token[-_]?info|my[-_]?(user|profile|account))$/i, 95],
  [/^(user|profile|account|session|identity)$/i, 75],
  [/^(account[-_]?info|users?[-_.]info|verify|validate|introspect|credentials|api[-_]?key|current|context)$/i, 60],
  [/^(organization|organisation|workspace|company|tenant|settings|subscription|usage|balance|limits?|quota)$/i, 40],
];
/** Operations that most vendors answer to everybody, whatever its description says. */
const OPEN = /^(health\w*|ping|status|version|livez?|readyz?|metrics|openapi\.\w+|swagger\.\w+|docs?)$/i;

function scoreOf(root: JSONObject, path: string, operation: JSONObject): number {
  const parts = path.split('/').filter((part) => part !== '' && !/^v\d+(\.\d+)*$/i.test(part));
  const last = (parts.at(-1) ?? '').replace(/\.(json|xml)$/i, '');
  const words = `${wordsIn(operation.summary) ?? ''} ${wordsIn(operation.operationId) ?? ''}`;
  let score = LAST.find(([pattern]) => pattern.test(last))?.[1] ?? 10;
  if (last === '' || OPEN.test(last)) score = 1;
  if (parts.at(-2) === 'me' || parts.at(-2) === 'user') score += 10;
  if (/\b(current|authenticated|own|whoami|my)\b|\b(get|fetch|retrieve)?Me\b/.test(words)) score += 15;
  const names = Object.keys(lookUpProperties(root, operation));
  if (names.some((name) => /^(e-?mail|login|user_?name)/i.test(name))) score += 10;
  if (operation.deprecated === true) score -= 50;
  return score - 2 * Math.max(0, parts.length - 1);
}

/** The members of what a request is answered with when all is well, and of the object in which some vendors wrap it. */
export function lookUpProperties(root: JSONObject, operation: JSONObject): JSONObject {
  const responses = isObject(operation.responses) ? operation.responses : {};
  const key = ['200', '2XX', '2xx', '201', 'default'].find((each) => Object.hasOwn(responses, each));
  return key === undefined ? {} : propertiesOf(root, schemaOf(root, responses[key]));
}

/** The schema of an answer: of its JSON in version 3, beside its description in version 2. */
export function schemaOf(root: JSONObject, response: unknown): JSONObject | undefined {
  const said = resolved(root, response);
  if (said === undefined) return undefined;
  if (said.schema !== undefined) return resolved(root, said.schema);
  const content = isObject(said.content) ? said.content : {};
  const type = Object.keys(content).find((each) => /[/+]json\b|\*\/\*/.test(each));
  const media = type === undefined ? undefined : lookUp(content, type);
  return isObject(media) ? resolved(root, media.schema) : undefined;
}

/** The properties of an object, those of what it is put together of as well. */
export function propertiesOf(root: JSONObject, schema: JSONObject | undefined, depth = 0): JSONObject {
  if (schema === undefined || depth > 4) return {};
  const parts = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((word) => {
    const list = schema[word];
    // Of several shapes, the first is as good as any to find a name in.
    return Array.isArray(list) ? (word === 'allOf' ? list : list.slice(0, 1)) : [];
  });
  const inherited = parts.map((part) => propertiesOf(root, resolved(root, part), depth + 1));
  return Object.assign({}, ...inherited, isObject(schema.properties) ? schema.properties : {});
}
