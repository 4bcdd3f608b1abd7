import type { Diagnostic, Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import type { Connection } from '../project/project.ts';
import { valueIn } from '../runtime/prepare.ts';
import { knownSecrets } from '../runtime/secrets.ts';
import { holdsKnownSecret, isRealSecret, looksSecret } from '../secrecy.ts';
import type { TestFile } from './test-file.ts';

/** Placeholder of a secret in a recording. */
const PLACEHOLDER = /^placeholder-[\w-]+$/;

/**
 * Finds the secrets in a file of tests: values that equal one that is known on this machine, or that look like one of a
 * well-known service; in a recording also what has the name of a secret and is no placeholder, and what looks generated.
 * No problem repeats the value.
 */
export function secretsInTest(
  { source, connection, isRecorded }: TestFile,
  hide?: (text: string) => string,
): Diagnostic[] {
  const { text, value } = source;
  if (value === undefined) return [];
  const equals = (each: string) => hide !== undefined && hide(each) !== each;
  const isKnown = (each: string) => holdsKnownSecret(each) || equals(each);
  if (!isKnown(text) && !isRecorded) return [];
  const found: Diagnostic[] = [];
  const tell = (path: Path, what: string) => {
    found.push({
      ...{ code: 'test/secret', severity: 'error', connection: connection.id, file: source.file, path },
      message: `${typeof path.at(-1) === 'string' ? JSON.stringify(path.at(-1)) : 'A value'} ${what}. The file is not run.`,
      hint: 'Use a made-up value instead, such as "placeholder-token"; revoke the secret if it was committed.',
      ...source.locate(path),
    });
  };
  let rest = text;
  walk(value, [], (text, name, path) => {
    const each = isInput(path) ? text : withoutTokens(text);
    if (each !== text) for (const token of tokensIn(text)) rest = rest.replaceAll(token, 'token');
    if (equals(each)) tell(path, 'holds a secret that is known on this machine');
    else if (holdsKnownSecret(each)) tell(path, 'looks like a secret of a well-known service');
    else if (isRecorded && isInput(path) && looksReal(name, each)) {
      tell(path, 'looks like a secret: by its name, or because it looks generated, and it is not a placeholder');
    }
  });
  if (found.length === 0 && isKnown(rest)) tell([], 'of the file, a comment or a name in it, holds a secret');
  return found;
}

/** Real values of a connection, as they are on this machine. */
export interface RealValues {
  readonly common?: JSONObject | undefined;
  /** Values that were filled in, and those that are stored. */
  readonly connected?: readonly { readonly parameters: JSONObject; readonly data: JSONObject }[];
}

/** Returns a function that leaves the secrets among these values out of a text; undefined when there are no values. */
export function hiding(connection: Connection, { common = {}, connected = [] }: RealValues) {
  if (Object.keys(common).length === 0 && connected.length === 0) return undefined;
  const [form, schema] = (['parameters', 'common'] as const).map((name) => valueIn(connection, name));
  const parameters = { each: connected.map((each) => each.parameters) };
  const secrets = knownSecrets({ form, parameters, schema, common });
  for (const { data } of connected) secrets.addNamed(data, 'data');
  return (text: string): string => secrets.hide(text);
}

/** JSON Web Tokens, as expressions sign them. */
const TOKEN = /\beyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*/g;

/** Leaves out tokens that a request holds: they are signed with what the test gives, or the request differs. */
export function withoutTokens(text: string): string {
  return text.includes('eyJ') ? text.replace(TOKEN, 'token') : text;
}

function tokensIn(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** Returns true if a value looks like a secret, by its name and by its form. */
export function looksReal(name: string, text: string): boolean {
  return !PLACEHOLDER.test(text) && text !== '' && (isRealSecret(name, text) || (looksSecret(name) && !isMarked(text)));
}

/** A text in which placeholders stand, such as `Bearer placeholder-token`. */
function isMarked(text: string): boolean {
  return text.includes('placeholder-');
}

/** Keys of what a run is given; the columns of a table can be that. */
const INPUTS = ['given', 'answer', 'query', 'table'];

/** Returns true for a path to what a run is given: all else in a test is computed from that. */
function isInput(path: Path): boolean {
  return path.some((step) => typeof step === 'string' && INPUTS.includes(step));
}

/** Calls `tell` for each text in a value, and for each number, with the name that it has. */
export function walk(value: unknown, path: Path, tell: (text: string, name: string, path: Path) => void): void {
  if (typeof value === 'string' || typeof value === 'number') {
    const name = path.findLast((step) => typeof step === 'string');
    tell(String(value), String(name ?? ''), path);
  } else if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index], tell);
  else if (isObject(value)) for (const [name, each] of Object.entries(value)) walk(each, [...path, name], tell);
}
