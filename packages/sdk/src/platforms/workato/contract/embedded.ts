import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { body, connectionId, exactly, signedLink } from './conventions.ts';

/**
 * The page on which a customer connects: the vendor's own page holds it in a frame. Source: Workato's published
 * `connection-embed-sample` for the address, the token and the three messages. What the page sends when its form is
 * submitted is not documented: that operation is ours.
 */

const token: OpenAPIV3_1.ParameterObject = {
  name: 'workato_dl_token',
  in: 'query',
  required: true,
  description: 'A JWT, RS256, whose `sub` is `API_KEY:USER_ID` and which has a `jti`.',
  schema: { type: 'string' },
};

const html = { 'text/html': { schema: { type: 'string' } as const } };
const connection = { ...connectionId, schema: { type: 'string', pattern: '^[0-9]+$' } as const };

function refusals(content: OpenAPIV3_1.ResponseObject['content']): OpenAPIV3_1.ResponsesObject {
  const described = { '400': 'Not valid.', '401': 'The link is not valid.', '404': 'There is no such connection.' };
  return Object.fromEntries(
    Object.entries(described).map(([status, description]) => [status, { description, ...(content && { content }) }]),
  );
}

const error = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

export const paths: Paths = {
  '/direct_link/embedded/connections/{connection_id}': {
    get: {
      operationId: 'showEmbeddedConnection',
      summary: 'The page on which a customer connects',
      security: signedLink,
      parameters: [connection, token],
      responses: { '200': { description: 'The page.', content: html }, ...refusals(html) },
    },
    post: {
      operationId: 'connectEmbeddedConnection',
      summary: 'What the page sends',
      security: signedLink,
      parameters: [connection, token],
      requestBody: body({
        type: 'object',
        required: ['input'],
        properties: {
          input: { type: 'object', additionalProperties: true },
          consent: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'What a provider with consent would tell of who agreed.',
          },
        },
      }),
      responses: {
        '200': {
          description: 'How it went.',
          content: {
            'application/json': {
              schema: exactly({ connected: { type: 'boolean' }, message: { type: ['string', 'null'] } }),
            },
          },
        },
        ...refusals(error),
      },
    },
  },
};
