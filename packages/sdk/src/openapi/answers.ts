import { isObject, type JSONObject } from '../json.ts';
import { resolved } from './description.ts';
import { lookUpProperties, propertiesOf, schemaOf } from './verification.ts';

/** Parts of an answer that are shown and kept of the connected user, as expressions over `body`. */
export interface Shown {
  readonly metadata?: { readonly type: 'email' | 'text'; readonly value: string };
  readonly uid?: string;
}

/** Names of members, the best first. */
const SHOWN: readonly (readonly [RegExp, 'email' | 'text'])[] = [
  [/^e-?mail(_?address)?$/i, 'email'],
  [/^(login|user_?name|handle|screen_?name)$/i, 'text'],
  [/^(name|full_?name|display_?name|title|company(_?name)?)$/i, 'text'],
];
const UID = [/^(id|uid|sub|user_?id|account_?id|uuid|_id)$/i];
/** Objects in which vendors wrap what was asked for. */
const WRAPPERS = /^(data|user|account|result|response|me|profile|attributes|viewer|organization)$/i;

/** Values that the answer to a request shows, as far as its schema tells. */
export function shownBy(root: JSONObject, operation: JSONObject): Shown {
  const members = lookUpProperties(root, operation);
  const shown = SHOWN.flatMap(([pattern, type]) => {
    const at = memberIn(root, members, pattern);
    return at === undefined ? [] : [{ type, value: `{{body${at}}}` }];
  })[0];
  const uid = UID.flatMap((pattern) => memberIn(root, members, pattern) ?? [])[0];
  return {
    ...(shown === undefined ? {} : { metadata: shown }),
    ...(uid === undefined ? {} : { uid: `{{body${uid}}}` }),
  };
}

/** Reason in the answer to a refused request, as an expression; undefined when its schema does not tell. */
export function refusalOf(root: JSONObject, operation: JSONObject): string | undefined {
  const responses = isObject(operation.responses) ? operation.responses : {};
  for (const status of ['401', '403', '4XX', '4xx', '400', 'default']) {
    const members = propertiesOf(
      root,
      schemaOf(root, Object.hasOwn(responses, status) ? responses[status] : undefined),
    );
    for (const pattern of [
      /^message$/i,
      /^(detail|error_?description|error_?message|reason|err)$/i,
      /^title$/i,
      /^error$/i,
    ]) {
      const at = memberIn(root, members, pattern, /^(error|fault|status)$/i);
      if (at !== undefined) return `body${at}`;
    }
  }
  return undefined;
}

/** Where a member of that name is: in the answer, or in an object that wraps it. Lists are not looked into. */
function memberIn(
  root: JSONObject,
  members: JSONObject,
  pattern: RegExp,
  wrappers = WRAPPERS,
  depth = 0,
): string | undefined {
  const own = Object.keys(members).find((name) => pattern.test(name) && isPlain(root, members[name]));
  if (own !== undefined) return step(own);
  if (depth === 2) return undefined;
  for (const [name, schema] of Object.entries(members)) {
    if (!wrappers.test(name)) continue;
    const inner = memberIn(root, propertiesOf(root, resolved(root, schema)), pattern, wrappers, depth + 1);
    if (inner !== undefined) return `${step(name)}${inner}`;
  }
  return undefined;
}

/** Checks if a member is a text or a number, as far as its schema tells. */
function isPlain(root: JSONObject, schema: unknown): boolean {
  const { type, properties, items } = resolved(root, schema) ?? {};
  return properties === undefined && items === undefined && type !== 'object' && type !== 'array';
}

function step(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `.\`${name}\``;
}
