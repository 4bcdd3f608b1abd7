import { parse } from 'jsonc-parser';
import { isObject, type JSONObject } from '../json.ts';
import { sectionNamed } from '../sections/index.ts';
import type { ConnectionReading } from './connection-reading.ts';
import type { NamedSchema } from './file-reading.ts';

/**
 * A published schema as editors' services take it: what is refused is not suggested, and each step of a connection brings
 * the request that a new connection of its type starts with, as a snippet.
 */
export function editorSchema({ name, schema }: NamedSchema, reading?: ConnectionReading): JSONObject {
  const whole = prepared(schema) as JSONObject;
  const type = reading?.connection.type;
  const section = type === undefined ? undefined : sectionNamed('api');
  if (type === undefined || section === undefined || section.schemaFor(type) !== name) return whole;
  const starter: unknown = parse(section.starter(type));
  if (!isObject(starter)) return whole;
  const { properties } = whole;
  if (!isObject(properties)) {
    const label = 'Request of a new connection';
    return { ...whole, defaultSnippets: [{ label, body: starter }] };
  }
  const steps = Object.entries(properties).map(([step, value]) => {
    const body = starter[step];
    if (!isObject(value) || body === undefined) return [step, value] as const;
    return [step, { ...value, defaultSnippets: [{ label: `The step ${step} of a new connection`, body }] }] as const;
  });
  return { ...whole, properties: Object.fromEntries(steps) };
}

/**
 * The schema, in which properties that may not be there are marked so, and the words that can stand where an expression
 * can stand as well are named without a condition: the service looks for words in no branch of a condition.
 */
function prepared(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(prepared);
  if (!isObject(schema)) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, prepared(value)]));
  if (isObject(schema.not) && Object.keys(schema.not).length === 0) return { ...copy, doNotSuggest: true };
  const words = [schema.then, schema.else].filter((branch) => isObject(branch) && Array.isArray(branch.enum));
  return words.length === 0 ? copy : { ...copy, anyOf: words };
}
