import type { OpenAPIV3_1 } from 'openapi-types';

/** Conventions of Anypoint's APIs: security, errors, parameters, audits, limits. */

export type Schema = OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject;

const wants = (...scopes: string[]): OpenAPIV3_1.SecurityRequirementObject[] => [{ token: scopes }];

/** Any token that is known. */
export const anyToken = wants();
export const nobody: OpenAPIV3_1.SecurityRequirementObject[] = [];
/**
 * Permissions of operations. The names are ours for what the platform's roles allow: Exchange Viewer reads, Exchange
 * Contributor writes, View Contracts reads and Manage Contracts writes in API Manager. Source: the reference's
 * permissions of Exchange and API Manager.
 */
export const readExchange = wants('exchange:read');
export const writeExchange = wants('exchange:write');
export const readContracts = wants('contracts:read');
export const writeContracts = wants('contracts:write');
export const readGroupContracts = wants('group-contracts:read');
export const writeGroupContracts = wants('group-contracts:write');
export const readTiers = wants('tiers:read');
export const writeTiers = wants('tiers:write');

const ORGANIZATION = '5a673b98-92f4-459d-b950-daeed7a8165d';
const ENVIRONMENT = 'fa07c403-3655-4e6b-8ea1-4888cc2775c1';

export function inPath(name: string, example: string, description?: string): OpenAPIV3_1.ParameterObject {
  const schema = { type: 'string', minLength: 1, maxLength: 256 } as const;
  return { name, in: 'path', required: true, schema, example, ...(description === undefined ? {} : { description }) };
}

export const organizationId = inPath('organizationId', ORGANIZATION);
export const environmentId = inPath('environmentId', ENVIRONMENT);
export const applicationId = inPath('applicationId', '273626');
export const contractId = inPath('contractId', '379427');
export const instanceId = inPath('instanceId', '956703');
export const tierId = inPath('tierId', '171457');
export const apiGroupInstanceId = inPath('apiGroupInstanceId', '956703');
/** The asset and its version group, as the paths of Exchange begin. */
export const versionGroup: OpenAPIV3_1.ParameterObject[] = [
  inPath('groupId', ORGANIZATION),
  inPath('assetId', 'connected-raml'),
  inPath('versionGroup', 'v1'),
];

export function inQuery(name: string, description?: string, pattern?: string): OpenAPIV3_1.ParameterObject {
  const schema = { type: 'string', ...(pattern === undefined ? {} : { pattern }) } as const;
  return { name, in: 'query', schema, ...(description === undefined ? {} : { description }) };
}

export const page: readonly OpenAPIV3_1.ParameterObject[] = [
  inQuery('limit', 'From 0 to 250.', '^([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|250)$'),
  inQuery('offset', undefined, '^[0-9]{1,9}$'),
  inQuery('sort', 'The name of a field.'),
  inQuery('ascending', '`false` turns the order round.', '^(true|false)$'),
];

/** Ids are numbers in some samples of the page and texts in others: both are taken everywhere. */
export const id = { type: ['integer', 'string'], pattern: '^[1-9][0-9]{0,15}$', minimum: 1 } as const satisfies Schema;
export const idOrNull = { ...id, type: ['integer', 'string', 'null'] } as const satisfies Schema;
export const integer = { type: 'integer' } as const satisfies Schema;
export const text = { type: 'string' } as const satisfies Schema;
export const textOrNull = { type: ['string', 'null'] } as const satisfies Schema;
export const integerOrNull = { type: ['integer', 'null'] } as const satisfies Schema;
export const boolean = { type: 'boolean' } as const satisfies Schema;

/** An object with exactly these properties; all of them are there but those of the second argument. */
export function exactly(
  properties: Record<string, Schema>,
  optional: Record<string, Schema> = {},
): OpenAPIV3_1.SchemaObject {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties: { ...properties, ...optional },
  };
}

export function arrayOf(items: Schema): OpenAPIV3_1.SchemaObject {
  return { type: 'array', items };
}

export function ref(name: string): OpenAPIV3_1.ReferenceObject {
  return { $ref: `#/components/schemas/${name}` };
}

export function body(schema: Schema, { required = true } = {}): OpenAPIV3_1.RequestBodyObject {
  return { required, content: { 'application/json': { schema } } };
}

const refusals = {
  '400': 'The request is not valid.',
  '401': 'No token, or one that is not known or has expired.',
  '403': 'The token lacks the permission, or the thing is another’s.',
  '404': 'There is no such thing.',
  '409': 'It is there already, or its state does not allow it.',
} as const;

/** The success of an operation and the refusals that all share, in the shape of one of Anypoint's APIs. */
function answering(error: string) {
  const content = { 'application/json': { schema: ref(error) } };
  const refused = Object.entries(refusals).map(([status, description]) => [status, { description, content }]);
  return (schema: Schema | null, status = 200, example?: unknown): OpenAPIV3_1.ResponsesObject => {
    const shown = example === undefined ? {} : { example };
    const success = schema === null ? {} : { content: { 'application/json': { schema, ...shown } } };
    return { [status]: { description: 'Success', ...success }, ...Object.fromEntries(refused) };
  };
}

/** Exchange and Access Management: `{ status, message, details }`. Source: help.salesforce.com, 001120307. */
export const answer = answering('ExchangeError');
/** API Manager and the API Platform: `{ error, message }`. Source: API Manager's OpenAPI document. */
export const managerAnswer = answering('ManagerError');

const date: Schema = exactly({}, { date: text });

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  ExchangeError: {
    ...exactly({ status: integer, message: text, details: { type: 'object' } }),
    examples: [{ status: 403, message: 'Unauthorized', details: {} }],
  },
  ManagerError: {
    ...exactly({ error: text, message: text }),
    examples: [{ error: 'Not Found', message: 'Resource not found' }],
  },
  Audit: { ...exactly({ created: date, updated: date }), examples: [{ created: { date: '2020-05-12' }, updated: {} }] },
  Limit: exactly({ timePeriodInMilliseconds: integer, maximumRequests: integer }),
  VisibleLimit: exactly({ visible: boolean, maximumRequests: integer, timePeriodInMilliseconds: integer }),
};
