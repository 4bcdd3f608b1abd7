import type { OpenAPIV3_1 } from 'openapi-types';

/** Conventions of Make's API: security, errors, bodies, paging. */

/** Every reading operation wants this scope. Source: Make's OpenAPI document. */
export const read: OpenAPIV3_1.SecurityRequirementObject[] = [{ token: ['sdk-apps:read'] }];
/** Every other operation wants this one. */
export const write: OpenAPIV3_1.SecurityRequirementObject[] = [{ token: ['sdk-apps:write'] }];
/** The current user can be read with any token. */
export const anyToken: OpenAPIV3_1.SecurityRequirementObject[] = [{ token: [] }];

export const appName: OpenAPIV3_1.ParameterObject = {
  name: 'SDK_appName',
  in: 'path',
  required: true,
  schema: { type: 'string', minLength: 1 },
  example: 'custom-app-1',
};

/** A version is digits only, so that `/sdk/apps/connections/foo` is never taken for an app. */
export const appVersion: OpenAPIV3_1.ParameterObject = {
  name: 'SDK_appVersion',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9]+$' },
  example: '1',
};

/** Make's paging, as in `pg[limit]=10`. */
export const page: OpenAPIV3_1.ParameterObject = {
  name: 'pg',
  in: 'query',
  style: 'deepObject',
  explode: true,
  schema: {
    type: 'object',
    properties: {
      sortBy: { type: 'string' },
      sortDir: { type: 'string', enum: ['asc', 'desc'] },
      limit: { type: 'string', pattern: '^[0-9]+$' },
      offset: { type: 'string', pattern: '^[0-9]+$' },
    },
  },
};

/** The columns to answer, as in `cols[]=name` or `cols[0]=name`. */
export const columns: OpenAPIV3_1.ParameterObject = {
  name: 'cols',
  in: 'query',
  schema: { type: 'array', items: { type: 'string' } },
};

export function body(schema: OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject): OpenAPIV3_1.RequestBodyObject {
  return { required: true, content: { 'application/json': { schema } } };
}

/** A body that is kept as the text it is: comments, spaces and line ends are the author's. */
export function text(): OpenAPIV3_1.RequestBodyObject {
  const schema: OpenAPIV3_1.SchemaObject = { type: 'string', description: 'JSON with comments, kept byte for byte.' };
  return { required: true, content: { 'application/jsonc': { schema }, 'application/json': { schema } } };
}

/** Markdown, kept as it is; none at all empties what was there. */
export const markdown: OpenAPIV3_1.RequestBodyObject = {
  content: { 'text/markdown': { schema: { type: 'string' } }, 'text/plain': { schema: { type: 'string' } } },
};

const refusals = {
  '400': 'The request is not valid.',
  '401': 'No token, or one that is not known.',
  '403': 'The token lacks the scope.',
  '404': 'There is no such app, connection or section.',
  '413': 'The message of a commit is too long.',
  '415': 'The body is of another media type.',
} as const;

/** Of all refusals only this one is plain text. Source: what clients were seen to get. */
const tooMany: OpenAPIV3_1.ResponseObject = {
  description: 'The organization made more requests in a minute than its plan allows.',
  content: { 'text/plain': { schema: { type: 'string' } } },
};

/** The answer of an operation that succeeds (Make answers 200 throughout), and the refusals that all share. */
export function answer(
  schema: OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject,
  mediaType = 'application/json',
): OpenAPIV3_1.ResponsesObject {
  const error = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return {
    '200': { description: 'Successful response', content: { [mediaType]: { schema } } },
    ...Object.fromEntries(
      Object.entries(refusals).map(([status, description]) => [status, { description, content: error }]),
    ),
    '429': tooMany,
  };
}

export const changed: OpenAPIV3_1.ResponsesObject = answer({
  type: 'object',
  required: ['changed'],
  properties: { changed: { type: 'boolean' } },
  examples: [{ changed: true }],
});

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  /** Clients read `detail` only beside a `message`, so both are always there. */
  Error: {
    type: 'object',
    required: ['detail', 'message', 'code'],
    properties: {
      detail: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      message: { type: 'string' },
      code: { type: 'string' },
      suberrors: {
        type: 'array',
        items: { type: 'object', required: ['message'], properties: { message: { type: 'string' } } },
      },
    },
    examples: [{ detail: 'Access denied.', message: 'Permission denied', code: 'SC403' }],
  },
};
