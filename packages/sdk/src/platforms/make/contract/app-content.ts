import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, appName, appVersion, body, changed, markdown, read, text, write } from './conventions.ts';

/**
 * Contents of an app beside its components: sections, common data, documentation, and who may see it.
 * Sources: the official client `@makehq/sdk`, and Make's editor extension.
 */

const sectionName: OpenAPIV3_1.ParameterObject = {
  name: 'SDK_appSection',
  in: 'path',
  required: true,
  schema: { type: 'string', enum: ['base', 'groups', 'install', 'installSpec'] },
  example: 'base',
};

const parameters = [appName, appVersion];

/** In JSON terms a text of base64; on the wire its bytes. */
const png: OpenAPIV3_1.SchemaObject = { type: 'string', contentMediaType: 'image/png' };

const visibility = answer({
  type: 'object',
  required: ['public', 'inviteToken'],
  properties: { public: { type: 'boolean' }, inviteToken: { type: ['string', 'null'] } },
  examples: [{ public: true, inviteToken: '0123456789abcdef0123456789abcdef' }],
});

export const paths: Paths = {
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/{SDK_appSection}': {
    get: {
      operationId: 'getAppSection',
      summary: 'Get App Section',
      description: 'The text of the section; `groups` is JSON that Make writes anew.',
      security: read,
      parameters: [...parameters, sectionName],
      responses: answer(
        { type: 'string', examples: ['{ "baseUrl": "https://api.example.com" }'] },
        'application/jsonc',
      ),
    },
    put: {
      operationId: 'setAppSection',
      summary: 'Set App Section',
      security: write,
      parameters: [...parameters, sectionName],
      requestBody: text(),
      responses: answer({ $ref: '#/components/schemas/Change' }),
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/common': {
    get: {
      operationId: 'getAppCommon',
      summary: 'Get App Common',
      security: read,
      parameters,
      responses: answer({ $ref: '#/components/schemas/Common' }),
    },
    put: {
      operationId: 'setAppCommon',
      summary: 'Set App Common',
      description: 'Replaces the whole object. Strict JSON only, without comments.',
      security: write,
      parameters,
      requestBody: body({ $ref: '#/components/schemas/Common' }),
      responses: changed,
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/readme': {
    get: {
      operationId: 'getAppDocs',
      summary: 'Get App Docs',
      security: read,
      parameters,
      responses: answer({ type: 'string', examples: ['# Custom App\n'] }, 'text/markdown'),
    },
    put: {
      operationId: 'setAppDocs',
      summary: 'Set App Docs',
      security: write,
      parameters,
      requestBody: markdown,
      responses: changed,
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/icon': {
    put: {
      operationId: 'setAppIcon',
      summary: 'Set App Icon',
      description: 'A PNG of 512 by 512 pixels.',
      security: write,
      parameters,
      requestBody: { required: true, content: { 'image/png': { schema: png } } },
      responses: changed,
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/icon/{SDK_iconSize}': {
    get: {
      operationId: 'getAppIcon',
      summary: 'Get App Icon',
      security: read,
      parameters: [
        ...parameters,
        {
          name: 'SDK_iconSize',
          in: 'path',
          required: true,
          schema: { type: 'string', pattern: '^[0-9]+$' },
          example: '512',
        },
      ],
      responses: answer(png, 'image/png'),
    },
  },
  ...Object.fromEntries(
    [
      ['public', 'publishApp', 'Make App Public'],
      ['private', 'unpublishApp', 'Make App Private'],
    ].map(([word, operationId, summary]) => [
      `/sdk/apps/{SDK_appName}/{SDK_appVersion}/${word}`,
      { post: { operationId, summary, security: write, parameters, responses: visibility } },
    ]),
  ),
  ...Object.fromEntries(
    [
      ['opensource', 'openAppSource', 'Make App Open Source'],
      ['closedsource', 'closeAppSource', 'Make App Closed Source'],
    ].map(([word, operationId, summary]) => [
      `/sdk/apps/{SDK_appName}/{SDK_appVersion}/${word}`,
      { post: { operationId, summary, security: write, parameters, responses: changed } },
    ]),
  ),
};
