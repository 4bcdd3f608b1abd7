import { ConnectorError } from '../diagnostics.ts';
import { readSource } from '../source.ts';
import type { Connection, Project } from './project.ts';

/** Environment variables by name; a stand-in for `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The values of a connection's `common`: those of `common.local.json`, each replaced by
 * `CONNECTOR_COMMON_<ID>_<KEY>` where the schema declares the key and the variable is set.
 * Undefined when there are none at all. Never log what this returns.
 * @throws ConnectorError findings when the file cannot be read or a required value is missing.
 */
export function commonValues(
  project: Project,
  connection: Connection,
  environment: Environment,
): Readonly<Record<string, unknown>> | undefined {
  const file = `connections/${connection.id}/common.local.json`;
  const text = project.files.read(file);
  const values: Record<string, unknown> = text === undefined ? {} : { ...readValues(file, text) };
  for (const key of commonKeys(connection)) {
    const value = environment[commonVariable(connection.id, key)];
    if (value !== undefined && value !== '') values[key] = value;
  }
  if (Object.keys(values).length === 0) return undefined;
  const missing = (schemaOf(connection).required ?? []).filter((key) => !Object.hasOwn(values, key));
  if (missing.length > 0) {
    throw new ConnectorError('findings', {
      code: 'schema/required',
      message: `The values of common lack ${missing.join(', ')}.`,
      hint: `Add ${missing.length === 1 ? 'it' : 'them'} to the file, or set ${missing.map((key) => commonVariable(connection.id, key)).join(', ')}.`,
      file,
    });
  }
  return values;
}

/** The keys that a connection's `common.schema.json` declares. */
export function commonKeys(connection: Connection): readonly string[] {
  return Object.keys(schemaOf(connection).properties ?? {});
}

function schemaOf({ sections }: Connection): { readonly properties?: object; readonly required?: readonly string[] } {
  return sections.common?.value ?? {};
}

/** `CONNECTOR_COMMON_<ID>_<KEY>`, such as CONNECTOR_COMMON_GITHUB_CLIENT_ID for the key clientId of github. */
export function commonVariable(id: string, key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `CONNECTOR_COMMON_${id}_${words}`.toUpperCase().replace(/[^0-9A-Z]/g, '_');
}

function readValues(file: string, text: string): Record<string, unknown> {
  const { value, problems } = readSource(file, text, { comments: false });
  if (problems.length > 0) throw new ConnectorError('findings', problems);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConnectorError('findings', {
    code: 'schema/type',
    message: 'The values of common must be an object.',
    hint: 'Write an object with the keys that common.schema.json declares.',
    expected: 'an object',
    file,
  });
}
