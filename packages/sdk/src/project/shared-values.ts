import type { Diagnostic, Path } from '../diagnostics.ts';
import { isObject, type JSONObject, valueAt } from '../json.ts';
import { DIALECT } from '../json-schema/vocabulary.ts';
import { isRealSecret, looksSecret } from '../secrecy.ts';
import type { Source } from '../source.ts';
import { valuesProblems, valuesSource } from './common.ts';
import type { Files } from './files.ts';
import { VALUES } from './native-files.ts';

/** Types and keys of a connection's `common` values where nobody declares them. */
export interface SharedValues {
  /** A schema with the keys and types of the values, and none of the values; undefined when there are none. */
  readonly schema?: Source;
  /** True if there are no values at all, which is not known where their file is not there or cannot be read. */
  readonly isEmpty: boolean;
  /** True if their file is there, and one that the manifest does not name: it is no one's but ours. */
  readonly isOurs: boolean;
  readonly problems: readonly Diagnostic[];
}

/**
 * Reads the values that Make's layout keeps in a file of its own, which is tracked unless git is told otherwise.
 * @param install the section that writes further values when the app is installed
 */
export function sharedValues(files: Files, file: string, install: Source | undefined): SharedValues {
  const text = files.read(file);
  if (text === undefined) return { isEmpty: false, isOurs: false, problems: [] };
  const isOurs = isOwn(file);
  const source = valuesSource(file, text);
  const { value } = source;
  if (!isObject(value)) return { isEmpty: false, isOurs, problems: valuesProblems(source) };
  const problems = [...source.problems, ...trackedSecrets(files, source, value)];
  if (Object.keys(value).length === 0) return { isEmpty: true, isOurs, problems };
  return { isEmpty: false, isOurs, schema: schemaOf(source, value, valueAt(install?.value, ['common'])), problems };
}

/** Checks if git leaves the file out; by its name where nobody can ask git. */
function isIgnored(files: Files, file: string): boolean {
  return files.ignored?.([file])?.has(file) ?? file.endsWith('.local.json');
}

/** Checks if it is the file that we keep values in where the manifest names none. */
function isOwn(file: string): boolean {
  return file.endsWith(`/${VALUES}`);
}

function trackedSecrets(files: Files, source: Source, values: JSONObject): Diagnostic[] {
  const { file } = source;
  const found = secretsIn(values, []);
  // That git takes a file which is ours alone is reported for the whole file.
  if (found.length === 0 || isOwn(file) || isIgnored(files, file)) return [];
  return found.map((path) => ({
    code: 'common/secret-value',
    severity: 'warning',
    message: `The value of ${JSON.stringify(path.at(-1))} looks like a secret, and git does not ignore the file.`,
    hint: `Add ${file} to .gitignore and remove it from git with \`git rm --cached\`; if it was pushed, replace the secret at the provider.`,
    file,
    path,
    ...source.locate(path, 'key'),
  }));
}

function secretsIn(value: unknown, path: Path): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => secretsIn(item, [...path, index]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, [...path, key]));
  const name = path.findLast((step) => typeof step === 'string');
  return name !== undefined && isRealSecret(String(name), value) ? [path] : [];
}

/** The schema as if it were written in the file of the values: its places are those of the keys. */
function schemaOf(values: Source, value: JSONObject, written: unknown): Source {
  const declared = typeOf('', value) as { readonly properties: JSONObject; readonly required: readonly string[] };
  const installed = isObject(written) ? Object.keys(written).filter((key) => !key.includes('{{')) : [];
  const schema = {
    $schema: DIALECT,
    ...declared,
    properties: { ...Object.fromEntries(installed.map((key) => [key, {}])), ...declared.properties },
    additionalProperties: false,
  };
  return {
    file: values.file,
    text: `${JSON.stringify(schema, undefined, 2)}\n`,
    value: schema,
    problems: [],
    // `properties` stand between the keys of a schema, and not between those of values.
    locate: (path) => values.locate(path[0] === 'properties' ? path.slice(1, 2) : [], 'key'),
    place: () => values.place(0, 0),
  };
}

function typeOf(name: string, value: unknown): JSONObject {
  if (typeof value === 'string') {
    return { type: 'string', ...(looksSecret(name) || isRealSecret(name, value) ? { writeOnly: true } : {}) };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { type: typeof value };
  if (Array.isArray(value)) return { type: 'array' };
  if (!isObject(value)) return {};
  const properties = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typeOf(key, inner)]));
  return { type: 'object', properties, required: Object.keys(properties) };
}
