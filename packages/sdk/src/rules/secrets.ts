import { isSecret } from '../instance.ts';
import { isObject } from '../json.ts';
import type { Reference, Text } from './expressions.ts';
import { fieldsOf, namesIn } from './fields.ts';
import { lately } from './lately.ts';
import { requestsOf } from './reading.ts';
import type { Declared, Finding } from './rule.ts';

/** Last words of names whose values are secrets. */
const SECRETS = new Set(
  'token secret password passwd passphrase pwd jwt apikey accesskey secretkey privatekey apitoken accesstoken apisecret clientsecret'.split(
    ' ',
  ),
);
/** What makes a key one that opens something. */
const KEYS = new Set(
  'api access secret private auth authorization license subscription signing encryption app'.split(' '),
);
/** Tokens that open nothing. */
const HARMLESS = new Set('csrf page next continuation sync cursor pagination previous'.split(' '));

/** What every name of a secret ends with, but for what is no letter or digit: most names are done with here. */
const ENDING = new RegExp(`(?:${[...SECRETS, 'key'].join('|')})[^a-z0-9]*$`);

/** The last letters of those endings. */
const LAST = new Set([...SECRETS, 'key'].map((word) => word.charCodeAt(word.length - 1)));

/** Whether the last letter or digit of a name is one that names of secrets end with. */
function mayEnd(name: string): boolean {
  for (let at = name.length - 1; at >= 0; at--) {
    const code = name.charCodeAt(at);
    const lower = code | 0x20;
    if (lower >= 0x61 && lower <= 0x7a) return LAST.has(lower);
    if (code >= 0x30 && code <= 0x39) return false;
  }
  return false;
}

/** Whether a value of this name is a secret, as its last words tell: `accessToken`, `x-api-key`, `client_secret`. */
export function looksSecret(name: string): boolean {
  if (!mayEnd(name) || !ENDING.test(name.toLowerCase())) return false;
  const words = name.split(BETWEEN).filter(Boolean);
  const before = words.at(-2)?.toLowerCase();
  const last = words.at(-1)?.toLowerCase() ?? '';
  if (SECRETS.has(last)) return before === undefined || !HARMLESS.has(before);
  return last === 'key' && before !== undefined && KEYS.has(before);
}

/** Where one word of a name ends and the next begins. */
const BETWEEN = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** Types of fields that hide what is typed. */
const HIDING = new Set<unknown>(['password', 'pkey']);

/** Whether the field asks for a secret and treats it as one. */
export function isHiding(field: { readonly type?: unknown }): boolean {
  return HIDING.has(field.type);
}

/** Whether a JSON Schema of the author's says that the value is a secret. */
export function isSecretSchema(name: string, schema: unknown): boolean {
  return isSecret(schema) || (isObject(schema) && looksSecret(name));
}

/** A secret, and where it is declared when it is. */
interface Secret {
  readonly declared?: NonNullable<Finding['related']>;
}

/** Which of the paths that expressions read are secrets. */
export interface Secrets {
  /** Undefined for what is no secret. */
  get(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined;
}

/**
 * The secrets of a connection: fields that hide what is typed or are named like one, what `common` declares as one,
 * tokens that answers bring, and what `temp` makes of these.
 */
export const secretsOf = lately((connection: Declared): Secrets => {
  const common = new Map<string, Secret>();
  const properties = isObject(connection.sections.common) ? connection.sections.common.properties : undefined;
  for (const [name, schema] of isObject(properties) ? Object.entries(properties) : []) {
    if (!isSecretSchema(name, schema)) continue;
    const place = { section: 'common', path: ['properties', name], part: 'key' } as const;
    common.set(name, { declared: { message: DECLARED_HERE, ...place } });
  }
  const parameters = new Map<string, Secret>();
  for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
    if (!isHiding(value) && !(value.type === 'text' && looksSecret(name))) continue;
    const place = { message: DECLARED_HERE, section: 'parameters', path: [...path, 'name'] } as const;
    parameters.set(name, { declared: place });
  }
  // What users fill in is stored as well.
  const stored = new Map(parameters);
  const temp = new Map<string, Secret>();
  const plain = namesIn(connection, 'parameters');
  const secrets: Secrets = {
    get: ({ root, members }) => {
      const name = members[0];
      if (name === undefined) return undefined;
      if (root === 'parameters') return parameters.get(name);
      if (root === 'common') return common.get(name);
      if (root === 'temp') return temp.get(name);
      if (root !== 'data' && root !== 'connection') return undefined;
      return stored.get(name) ?? (!plain.has(name) && looksSecret(name) ? UNDECLARED : undefined);
    },
  };
  // What is stored or computed from a secret is one: a few rounds follow a chain of such steps.
  const kept = assignments(connection);
  for (let round = 0, before = -1; round < 5 && before !== temp.size + stored.size; round++) {
    before = temp.size + stored.size;
    for (const { root, name, text } of kept) {
      const table = root === 'temp' ? temp : stored;
      if (!table.has(name) && holdsSecret(text, name, secrets)) table.set(name, UNDECLARED);
    }
  }
  return secrets;
});

const DECLARED_HERE = 'The secret is declared here.';

const UNDECLARED: Secret = {};

const ANSWER = new Set(['body', 'headers', 'query']);

function holdsSecret(text: Text, name: string, secrets: Secrets): boolean {
  for (const source of text.sources) {
    if (!ANSWER.has(source.root)) {
      if (secrets.get(source) !== undefined) return true;
    } else if (source.root !== 'query' && (looksSecret(name) || looksSecret(source.members.at(-1) ?? ''))) return true;
  }
  return false;
}

/** What requests put under a name: `temp`, before and after they are sent, and `data`. */
export function assignments(connection: Declared): { root: string; name: string; text: Text }[] {
  const found: { root: string; name: string; text: Text }[] = [];
  for (const { path, texts } of requestsOf(connection)) {
    const from = path.length;
    for (const text of texts) {
      const first = text.path[from];
      if (first !== 'temp' && first !== 'response') continue;
      const second = text.path[from + 1];
      if (first === 'temp') {
        if (typeof second === 'string') found.push({ root: 'temp', name: second, text });
        continue;
      }
      const third = text.path[from + 2];
      if ((second === 'temp' || second === 'data') && typeof third === 'string')
        found.push({ root: second, name: third, text });
    }
  }
  return found;
}
