import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import { parseExactly, rounded, writeExactly } from '../exact-numbers.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { problemsOfSchema } from '../json-schema/schema-problems.ts';
import { faultsOf, faultWords, type ValueFault } from '../json-schema/validator.ts';
import { isSecretSchema } from '../secrecy.ts';
import { readSource, type Source } from '../source.ts';
import { updateFile } from './files.ts';
import type { Connection, Project } from './project.ts';

/** Environment variables by name; a stand-in for `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The values of a connection's `common`: those of `common.local.json`, each replaced by
 * `CONNECTOR_COMMON_<ID>_<KEY>` where the schema declares the key and the variable is set; a variable is read as the
 * type that the schema declares (a number, true or false, JSON for objects and lists). They are checked against the
 * schema. Undefined when there are none at all. Never log what this returns; what is thrown shows none of it.
 * @typeParam Common what the schema declares, such as `Connections['main']['common']` of the generated declarations
 * @throws ConnectorError findings when the file cannot be read, for what of the schema cannot be checked, or for each value that breaks the schema (`value/…`).
 */
export function commonValues<Common extends object = Readonly<Record<string, unknown>>>(
  project: Project,
  connection: Connection,
  environment: Environment,
): Common | undefined {
  return rounded(exactCommonValues(project, connection, environment)) as Common | undefined;
}

/** The same, in which numbers that a double cannot hold keep their digits, as they are sent to the platform. */
export function exactCommonValues(
  project: Project,
  connection: Connection,
  environment: Environment,
): JSONObject | undefined {
  const file = connection.commonFile;
  const text = project.files.read(file);
  const source = text === undefined ? undefined : valuesSource(file, text);
  const values = new Map(Object.entries(source === undefined ? {} : readValues(source)));
  const variables = new Map<string, string>();
  for (const key of commonKeys(connection)) {
    const variable = commonVariable(connection.id, key);
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    values.set(key, ofType(typesOf(connection, key), value));
    variables.set(key, variable);
  }
  if (values.size === 0) return undefined;
  const all = Object.fromEntries(values);
  const unusable = schemaFaults(connection);
  if (unusable.length > 0) throw new ConnectorError('findings', unusable);
  const faults = faultsOf(schemaOf(connection), rounded(all));
  if (faults.length > 0) {
    throw new ConnectorError(
      'findings',
      faults.map((fault) => diagnostic(fault, connection, file, variables, source)),
    );
  }
  return all;
}

/** Returns the problems that keep values from being checked against the schema, as `validate` reports them. */
function schemaFaults({ id, sections: { common } }: Connection): Diagnostic[] {
  if (common === undefined) return [];
  return problemsOfSchema(common.value).map(({ part, ...problem }) => ({
    severity: 'error',
    ...problem,
    connection: id,
    file: common.file,
    ...common.locate(problem.path, part),
  }));
}

function diagnostic(
  fault: ValueFault,
  { id }: Connection,
  file: string,
  variables: ReadonlyMap<string, string>,
  source: Source | undefined,
): Diagnostic {
  const { code, path, expected } = fault;
  const key = String(path[0] ?? '');
  const variable = variables.get(key);
  const isMissing = code === 'value/missing' && path.length === 1;
  const wanted = variable ?? commonVariable(id, key);
  const remedy = variable === undefined ? `Correct it in ${file}` : `Correct ${variable}`;
  return {
    code,
    severity: 'error',
    message: `In the values of common, ${faultWords(fault)}`,
    hint: isMissing ? `Add it to the file, or set ${wanted}.` : `${remedy}; the value is not shown.`,
    expected,
    path,
    ...(variable === undefined ? { file, ...source?.locate(path) } : {}),
  };
}

/** The types that a key may have; none when the schema leaves them open. */
function typesOf(connection: Connection, key: string): readonly unknown[] {
  const { properties = {} } = schemaOf(connection);
  const { type = [] } = isObject(properties[key]) ? properties[key] : {};
  return [type].flat();
}

/** Parsers of a text by type; undefined for a text of another type. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  string: (text) => text,
  number: numberIn,
  integer: numberIn,
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  object: jsonIn,
  array: jsonIn,
  null: (text) => (text === 'null' ? null : undefined),
};

/** A text as the first type that it can be read as; the text itself otherwise, so that the check says what it must be. */
function ofType(types: readonly unknown[], text: string): unknown {
  if (types.includes('string')) return text;
  for (const type of types) {
    const value = lookUp(READERS, String(type))?.(text);
    if (value !== undefined) return value;
  }
  return text;
}

function numberIn(text: string): unknown {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return undefined;
  const exact = jsonIn(text);
  return exact === undefined ? number : exact;
}

function jsonIn(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** The keys that a connection's `common.schema.json` declares. */
export function commonKeys(connection: Connection): readonly string[] {
  return Object.keys(schemaOf(connection).properties ?? {});
}

/**
 * The keys whose values are secrets: the schema says `"writeOnly": true` or `"format": "password"`, or the key is named
 * as one, such as `apiToken`.
 */
export function secretKeys(connection: Connection): readonly string[] {
  return Object.entries(schemaOf(connection).properties ?? {}).flatMap(([key, schema]) =>
    isSecretSchema(key, schema) ? [key] : [],
  );
}

/**
 * Names that platforms and providers have for the two halves of an application's credentials, without case and
 * separators.
 */
const CREDENTIALS = {
  clientId: /^(oauth)?(client|consumer|app|application)(id|key)$/,
  clientSecret: /^(oauth)?(client|consumer|app|application|shared)?secret(key)?$/,
} as const;

/**
 * The keys of `common` that take an application's client id and secret: those that are called so, or else the only
 * one that is marked as a secret and the only one that is not. Undefined when there are none.
 */
export function credentialKeys(
  connection: Connection,
): { readonly clientId: string; readonly clientSecret: string } | undefined {
  const keys = commonKeys(connection);
  const secrets = new Set(secretKeys(connection));
  const find = (called: RegExp, others: readonly string[]) => {
    const named = keys.find((key) => called.test(key.toLowerCase().replace(/[^a-z0-9]/g, '')));
    return named ?? (others.length === 1 ? others[0] : undefined);
  };
  const clientSecret = find(CREDENTIALS.clientSecret, [...secrets]);
  const clientId = find(
    CREDENTIALS.clientId,
    keys.filter((key) => !secrets.has(key) && key !== clientSecret),
  );
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

/**
 * Keeps some values of a connection's `common` beside it, in the file that git ignores and only its owner reads; the
 * others stay, unless these are `all`. Gives the file.
 * @throws ConnectorError findings when the file is there and cannot be read
 */
export function keepCommon(
  project: Project,
  { commonFile: file }: Pick<Connection, 'commonFile'>,
  values: JSONObject,
  { all = false }: { readonly all?: boolean } = {},
): string {
  const change = (text: string | undefined) => {
    const kept = all || text === undefined ? {} : readValues(valuesSource(file, text));
    return `${writeExactly({ ...kept, ...values }, 2)}\n`;
  };
  updateFile(project.files, file, change, { secret: true });
  return file;
}

function schemaOf({ sections }: Connection): {
  readonly properties?: JSONObject;
  readonly required?: readonly string[];
} {
  return sections.common?.value ?? {};
}

/** `CONNECTOR_COMMON_<ID>_<KEY>`, such as CONNECTOR_COMMON_GITHUB_CLIENT_ID for the key clientId of github. */
export function commonVariable(id: string, key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `CONNECTOR_COMMON_${id}_${words}`.toUpperCase().replace(/[^0-9A-Z]/g, '_');
}

/** A file with values of `common`, of which no problem shows anything. */
export function valuesSource(file: string, text: string): Source {
  return readSource(file, text, { comments: false, secret: true });
}

/** Returns the problems that keep values of `common` from being used. */
export function valuesProblems({ file, value, problems }: Source): readonly Diagnostic[] {
  if (problems.length > 0 || isObject(value)) return problems;
  const message = 'The values of common must be an object.';
  const hint = 'Write an object with a value for each key.';
  return [{ code: 'value/type', severity: 'error', message, hint, expected: 'an object', file }];
}

function readValues(source: Source): JSONObject {
  const problems = valuesProblems(source);
  if (problems.length > 0) throw new ConnectorError('findings', problems);
  return parseExactly(source.text) as JSONObject;
}
