import { starterReads } from './api-starters.ts';
import type { CreateType } from './create-types.ts';
import type { Section } from './section.ts';

const OAUTH_STARTER = `{
  // Every scope that the app may ask for, and the description of it that users see.
  "profile": "See your name and email address"
}
`;

const OTHER_STARTER = `{
  // Only connections whose users sign in with OAuth 2.0 ask for scopes.
}
`;

/** Every scope of the API, with its description. */
export const scopes = {
  name: 'scopes',
  title: 'Scope list',
  summary: 'Every scope that the app may request, with its description for users.',
  files: ['scopes.jsonc', 'scopes.json'],
  comments: true,
  wire: 'text',
  empty: '{}',
  schemas: {
    scopes: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'The scopes section',
      description: 'Every scope that the app may request, with its description for users.',
      type: 'object',
      'x-hint':
        'Write each scope with its description, as in {"profile": "See your name"}; a plain list belongs into the section scope.',
      additionalProperties: {
        description: 'The description that users see.',
        type: 'string',
        minLength: 1,
        maxLength: 512,
      },
    },
  },
  schemaFor: () => 'scopes',
  starter: (type: CreateType) => (starterReads(type, 'oauth.scope') ? OAUTH_STARTER : OTHER_STARTER),
  examples: () => [
    { type: 'oauth', value: {} },
    { type: 'oauth', value: { profile: 'See your name' } },
    { type: 'oauth-refresh', value: { 'orders:read': 'Read your orders', 'orders:write': 'Change your orders' } },
  ],
  counterExamples: () => [
    { type: 'oauth', value: ['profile'], code: 'schema/type', path: [] },
    { type: 'oauth', value: 'profile', code: 'schema/type', path: [] },
    { type: 'oauth', value: { profile: true }, code: 'schema/type', path: ['profile'] },
    { type: 'oauth', value: { profile: { label: 'See your name' } }, code: 'schema/type', path: ['profile'] },
    { type: 'oauth', value: { profile: '' }, code: 'schema/value', path: ['profile'] },
    { type: 'oauth', value: { profile: 'x'.repeat(513) }, code: 'schema/value', path: ['profile'] },
  ],
} as const satisfies Section;
