import { orIML } from './api-request.ts';
import { starterReads } from './api-starters.ts';
import { CREATE_TYPES, type CreateType } from './create-types.ts';
import type { Section } from './section.ts';

function credentials(id: string, secret: string): string {
  return `{
  // What the administrator filled in (see installSpec) becomes data that all users of the app share.
  "common": {
    "${id}": "{{parameters.${id}}}",
    "${secret}": "{{parameters.${secret}}}"
  }
}
`;
}

const OTHER_STARTER = `{
  // Where the values of installSpec go, as in "common": { "clientId": "{{parameters.clientId}}" }
}
`;

const STARTERS = {
  basic: OTHER_STARTER,
  oauth2: credentials('clientId', 'clientSecret'),
  oauth1: credentials('consumerKey', 'consumerSecret'),
};

/** Schema of the section that the administrator's values are written to. */
export const install = {
  name: 'install',
  title: 'Install directives',
  summary: 'Stores the values that an administrator fills in when the app is installed.',
  files: ['install.jsonc', 'install.json'],
  comments: true,
  wire: 'text',
  empty: '{}',
  schemas: {
    install: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'The install section',
      description: 'Stores the values that an administrator fills in when the app is installed.',
      type: 'object',
      properties: {
        common: { description: 'What is written to the data that all users share.', ...orIML({ type: 'object' }) },
      },
    },
  },
  schemaFor: () => 'install',
  starter: (type: CreateType) => STARTERS[starterReads(type, 'common.') ? CREATE_TYPES[type].kind : 'basic'],
  examples: () => [
    { type: 'oauth', value: {} },
    { type: 'oauth', value: { common: { clientId: '{{parameters.clientId}}' } } },
    { type: 'oauth', value: { common: '{{parameters}}' } },
    { type: 'apikey', value: { common: { host: '{{parameters.host}}', version: 2 }, temp: { kept: true } } },
  ],
  counterExamples: () => [
    { type: 'oauth', value: [], code: 'schema/type', path: [] },
    { type: 'oauth', value: '{{parameters}}', code: 'schema/type', path: [] },
    { type: 'oauth', value: null, code: 'schema/type', path: [] },
    { type: 'oauth', value: { common: [] }, code: 'schema/type', path: ['common'] },
    { type: 'oauth', value: { common: 'clientId' }, code: 'schema/type', path: ['common'] },
  ],
} as const satisfies Section;
