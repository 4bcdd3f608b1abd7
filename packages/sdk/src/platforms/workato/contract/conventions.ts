import type { OpenAPIV3_1 } from 'openapi-types';

/** Conventions of Workato's API: security, errors, parameters, envelopes. */

type Schema = OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject;

/** The endpoints for customers want this privilege. Source: Workato's page "Connections", its first note. */
export const vendor: OpenAPIV3_1.SecurityRequirementObject[] = [{ token: ['oem_vendor'] }];
/** The workspace's own things can be had with any of its tokens. */
export const anyToken: OpenAPIV3_1.SecurityRequirementObject[] = [{ token: [] }];
/** The embedded pages are opened by a link that the vendor signed. */
export const signedLink: OpenAPIV3_1.SecurityRequirementObject[] = [{ directLink: [] }];

/** A customer: its id, or its external id with an `E` before it. */
export const managedUserId: OpenAPIV3_1.ParameterObject = {
  name: 'managed_user_id',
  in: 'path',
  required: true,
  description: 'The customer’s id, or `E` and its external id, URL encoded.',
  schema: { type: 'string', minLength: 1 },
  example: '98178',
};

export const connectionId: OpenAPIV3_1.ParameterObject = {
  name: 'connection_id',
  in: 'path',
  required: true,
  schema: { type: 'string', minLength: 1 },
  example: '1678',
};

export const page: readonly OpenAPIV3_1.ParameterObject[] = [
  { name: 'page', in: 'query', schema: { type: 'string', pattern: '^[0-9]+$' } },
  { name: 'per_page', in: 'query', schema: { type: 'string', pattern: '^[0-9]+$' } },
];

/** Ids stand as texts in the tables of the reference and as numbers in its samples. */
export const id = { type: ['integer', 'string'], pattern: '^[0-9]+$' } as const satisfies Schema;
export const idOrNull = { type: ['integer', 'string', 'null'], pattern: '^[0-9]+$' } as const satisfies Schema;
export const time = { type: 'string', description: 'ISO 8601.' } as const satisfies Schema;
export const timeOrNull = { type: ['string', 'null'], description: 'ISO 8601.' } as const satisfies Schema;
export const textOrNull = { type: ['string', 'null'] } as const satisfies Schema;

export function body(schema: Schema): OpenAPIV3_1.RequestBodyObject {
  return { required: true, content: { 'application/json': { schema } } };
}

/** An object with exactly these properties, all of them there. */
export function exactly(properties: Record<string, Schema>): OpenAPIV3_1.SchemaObject {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

const refusals = {
  '400': 'The request is not valid.',
  '401': 'No token, or one that is not known.',
  '403': 'The token lacks the privilege.',
  '404': 'There is no such thing, or it is another customer’s.',
  '429': 'Too many requests.',
} as const;

/** The answer of an operation that succeeds, and the refusals that all share. */
export function answer(schema: Schema, example?: unknown): OpenAPIV3_1.ResponsesObject {
  const shown = example === undefined ? {} : { example };
  return {
    '200': { description: 'Success', content: { 'application/json': { schema, ...shown } } },
    ...Object.fromEntries(
      Object.entries(refusals).map(([status, description]) => [status, { description, content: errorContent }]),
    ),
  };
}

const errorContent = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

/** Most of the customers' operations wrap what they answer. */
export function wrapped(schema: Schema): OpenAPIV3_1.SchemaObject {
  return exactly({ result: schema });
}

/** Operations that active recipes can forbid: their refusal stands unwrapped, whatever wraps their success. */
export function rejectable(responses: OpenAPIV3_1.ResponsesObject): OpenAPIV3_1.ResponsesObject {
  const schema = { anyOf: [{ $ref: '#/components/schemas/Error' }, { $ref: '#/components/schemas/Rejection' }] };
  const content = { 'application/json': { schema } };
  const statuses = ['400', '409', '422'].map((status) => [status, { description: 'Refused, or rejected.', content }]);
  return { ...responses, ...Object.fromEntries(statuses) };
}

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Error: {
    type: 'object',
    additionalProperties: false,
    required: ['message'],
    properties: {
      message: { type: 'string' },
      id: { type: 'string', description: 'Of a fault of the server, for its support.' },
      errors: {
        type: 'object',
        description: 'By field what is wrong with it.',
        additionalProperties: { type: 'array', items: { type: 'string' } },
      },
    },
    examples: [{ message: 'Not found' }],
  },
  Rejection: {
    ...exactly({
      success: { type: 'boolean', enum: [false] },
      status: { type: 'string', enum: ['rejected'] },
      message: { type: 'string' },
    }),
    examples: [{ success: false, status: 'rejected', message: "You can't delete a connection used by active recipes" }],
  },
  Success: { ...exactly({ success: { type: 'boolean' } }), examples: [{ success: true }] },
};
