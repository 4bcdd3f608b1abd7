import { isSecret } from '../instance.ts';
import { isObject, valueAt } from '../json.ts';
import type { Reference, Text } from './expressions.ts';
import { fieldsOf } from './fields.ts';
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
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const [before, last] = [words.at(-2), words.at(-1) ?? ''];
  if (SECRETS.has(last)) return before === undefined || !HARMLESS.has(before);
  return last === 'key' && before !== undefined && KEYS.has(before);
}

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

/** Which of the paths that expressions read are secrets. */
export interface Secrets {
  /** Where the secret is declared, when it is; undefined for what is no secret. */
  get(
    reference: Pick<Reference, 'root' | 'members'>,
  ): { readonly declared?: NonNullable<Finding['related']> } | undefined;
}

/**
 * The secrets of a connection: fields that hide what is typed or are named like one, what `common` declares as one,
 * tokens that answers bring, and what `temp` makes of these.
 */
export const secretsOf = lately((connection: Declared): Secrets => {
  const declared = new Table<{ readonly declared?: NonNullable<Finding['related']> }>();
  for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
    if (isHiding(value) || (value.type === 'text' && looksSecret(name))) {
      const place = {
        message: 'The secret is declared here.',
        section: 'parameters',
        path: [...path, 'name'],
      } as const;
      for (const root of ['parameters', ...STORED]) declared.set(root, name, { declared: place });
    }
  }
  const properties = valueAt(connection.sections.common, ['properties']);
  for (const [name, schema] of isObject(properties) ? Object.entries(properties) : []) {
    if (!isSecretSchema(name, schema)) continue;
    const place = { section: 'common', path: ['properties', name], part: 'key' } as const;
    declared.set('common', name, { declared: { message: 'The secret is declared here.', ...place } });
  }
  const plain = new Set(fieldsOf(connection, 'parameters').map(({ name }) => name));
  const secrets: Secrets = {
    get: ({ root, members: [name] }) => {
      if (name === undefined) return undefined;
      const found = declared.get(root, name);
      if (found !== undefined) return found;
      return STORED.includes(root) && !plain.has(name) && looksSecret(name) ? {} : undefined;
    },
  };
  // What is stored or computed from a secret is one: a few rounds follow a chain of such steps.
  const kept = assignments(connection);
  for (let round = 0, before = -1; round < 5 && before !== declared.size; round++) {
    before = declared.size;
    for (const { root, name, text } of kept) {
      if (declared.get(root, name) === undefined && holdsSecret(text, name, secrets)) declared.set(root, name, {});
    }
  }
  for (const [name, value] of declared.of('data')) declared.set('connection', name, value);
  return secrets;
});

/** Values by two words, which are not put together to look one up. */
class Table<V> {
  size = 0;
  readonly #rows = new Map<string, Map<string, V>>();

  get(root: string, name: string): V | undefined {
    return this.#rows.get(root)?.get(name);
  }

  set(root: string, name: string, value: V): void {
    const row = this.#rows.get(root) ?? new Map<string, V>();
    if (!row.has(name)) this.size++;
    this.#rows.set(root, row.set(name, value));
  }

  of(root: string): ReadonlyMap<string, V> {
    return this.#rows.get(root) ?? new Map<string, V>();
  }
}

/** What the answers left, under either of its names. */
const STORED: readonly string[] = ['data', 'connection'];

const ANSWER = new Set(['body', 'headers', 'query']);

function holdsSecret(text: Text, name: string, secrets: Secrets): boolean {
  return text.sources.some((source) => {
    if (!ANSWER.has(source.root)) return secrets.get(source) !== undefined;
    return source.root !== 'query' && (looksSecret(name) || looksSecret(source.members.at(-1) ?? ''));
  });
}

/** What requests put under a name: `temp`, before and after they are sent, and `data`. */
function assignments(connection: Declared): { root: string; name: string; text: Text }[] {
  const found: { root: string; name: string; text: Text }[] = [];
  for (const { path, texts } of requestsOf(connection)) {
    const from = path.length;
    for (const text of texts) {
      const { [from]: first, [from + 1]: second, [from + 2]: third } = text.path;
      if (first === 'temp' && typeof second === 'string') found.push({ root: 'temp', name: second, text });
      if (first !== 'response' || typeof third !== 'string') continue;
      if (second === 'temp' || second === 'data') found.push({ root: second, name: third, text });
    }
  }
  return found;
}
