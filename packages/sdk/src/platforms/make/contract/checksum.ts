import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, appName, appVersion, read } from './conventions.ts';

/**
 * Checksums of an app, as MD5 sums: with one request a client knows which texts differ from its own.
 * Source: Make's editor extension, which skips what has the sum of the file that it would send.
 */

const components = { type: 'array', items: { $ref: '#/components/schemas/ComponentChecksum' } } as const;

const kinds = ['modules', 'rpcs', 'functions', 'accounts', 'hooks', 'app', 'endpoints'] as const;

export const paths: Paths = {
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/checksum': {
    get: {
      operationId: 'getAppChecksum',
      summary: 'Get App Checksum',
      description: 'Connections are called accounts here, webhooks hooks. `common` is not among them: it is secret.',
      security: read,
      parameters: [appName, appVersion],
      responses: answer({
        type: 'object',
        required: [...kinds],
        properties: Object.fromEntries(kinds.map((kind) => [kind, components])),
        examples: [
          {
            modules: [],
            rpcs: [],
            functions: [],
            accounts: [
              {
                name: 'custom-app-1',
                checksum: {
                  label: '4bfe72fecb559b22593f3be443099742',
                  api: 'd751713988987e9331980363e24189ce',
                  api_jsonc: 'd751713988987e9331980363e24189ce',
                },
              },
            ],
            hooks: [],
            app: [],
            endpoints: [],
          },
        ],
      }),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  ComponentChecksum: {
    type: 'object',
    required: ['name', 'checksum'],
    properties: {
      name: { type: 'string' },
      checksum: {
        type: 'object',
        description:
          'By field and by section the MD5 sum, in hexadecimal digits, of its text in UTF-8; null where there is none. ' +
          'A section stands under its name and under its name with `_jsonc` behind: the text with its comments.',
        additionalProperties: { type: ['string', 'null'], pattern: '^[0-9a-f]{32}$' },
      },
    },
  },
};
