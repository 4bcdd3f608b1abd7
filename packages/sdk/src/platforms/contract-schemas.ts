import type { JSONSchema } from '../sections/section.ts';
import { type Contract, type Operation, operationsOf } from './operations.ts';

/**
 * The schemas of a contract that are compiled ahead of time, by name:
 * `<operationId> path`, `<operationId> query`, `<operationId> body` and `<operationId> <status>`.
 */
export function schemasOf(contract: Contract): Record<string, JSONSchema> {
  const $defs = rebased(contract.components.schemas);
  const schemas: Record<string, JSONSchema> = {};
  for (const operation of operationsOf(contract).values()) {
    for (const [part, schema] of Object.entries(partsOf(operation))) {
      schemas[`${operation.id} ${part}`] = { ...(rebased(schema) as object), $defs };
    }
  }
  return schemas;
}

/** One schema whose properties are the operations, for the generation of their TypeScript types. */
export function typesSchemaOf(contract: Contract): JSONSchema {
  const properties: Record<string, JSONSchema> = {};
  for (const operation of operationsOf(contract).values()) {
    const { path, query, body = true, ...answers } = partsOf(operation);
    const taken = operation.bodyRequired || body === true ? body : { anyOf: [body, NOTHING] };
    const answer = successOf(operation, answers);
    properties[operation.id] = closed({ path, query, body: taken, answer } as Record<string, JSONSchema>);
  }
  return {
    title: 'Operations',
    ...(rebased(closed(properties)) as object),
    $defs: rebased(contract.components.schemas),
  };
}

const NOTHING = { tsType: 'undefined' };

/** Returns the answer of a successful operation: the lowest of its statuses from 200 to 299. */
function successOf(operation: Operation, answers: Record<string, JSONSchema>): JSONSchema {
  const status = [...operation.answers.keys()].filter((each) => each.startsWith('2')).sort()[0];
  if (status === undefined) return true;
  return answers[status] ?? NOTHING;
}

function partsOf(operation: Operation): Record<string, JSONSchema> {
  const parts: Record<string, JSONSchema> = {
    path: parametersIn(operation, 'path'),
    query: parametersIn(operation, 'query'),
  };
  const [body] = operation.body.values();
  if (body !== undefined) parts.body = body as JSONSchema;
  for (const [status, content] of operation.answers) {
    const [schema] = content.values();
    if (schema !== undefined) parts[status] = schema as JSONSchema;
  }
  return parts;
}

function parametersIn(operation: Operation, place: 'path' | 'query'): JSONSchema {
  const parameters = operation.parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema ?? true])),
  };
}

function closed(properties: Record<string, JSONSchema>): JSONSchema {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

/** References to the document's components become references to the schema's own definitions. */
function rebased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace('#/components/schemas/', '#/$defs/') : rebased(each),
    ]),
  );
}
