import { starterReads } from './api-starters.ts';
import type { CreateType } from './create-types.ts';
import type { Section } from './section.ts';

const OAUTH_STARTER = `[
  // The scopes that every connection asks for; modules add theirs to \`oauth.scope\`.
  "profile"
]
`;

const OTHER_STARTER = `[
  // Only connections whose users sign in with OAuth 2.0 ask for scopes.
]
`;

/** The scopes that every connection asks for. */
export const scope = {
  name: 'scope',
  title: 'Default scope',
  summary: 'The scopes that every connection requests.',
  files: ['scope.jsonc', 'scope.json'],
  comments: true,
  wire: 'text',
  empty: '[]',
  schemas: {
    scope: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'The scope section',
      description: 'The scopes that every connection requests.',
      type: 'array',
      'x-hint': 'List the scopes here; their descriptions belong into the section scopes.',
      items: { type: 'string', minLength: 1, maxLength: 512 },
    },
  },
  schemaFor: () => 'scope',
  starter: (type: CreateType) => (starterReads(type, 'oauth.scope') ? OAUTH_STARTER : OTHER_STARTER),
  examples: () => [
    { type: 'oauth', value: [] },
    { type: 'oauth', value: ['profile', 'orders:read'] },
    { type: 'oauth-clicre', value: ['https://api.example.com/.default'] },
  ],
  counterExamples: () => [
    { type: 'oauth', value: { profile: 'Read your profile' }, code: 'schema/type', path: [] },
    { type: 'oauth', value: 'profile orders:read', code: 'schema/type', path: [] },
    { type: 'oauth', value: ['profile', 7], code: 'schema/type', path: [1] },
    { type: 'oauth', value: [{ profile: 'Read your profile' }], code: 'schema/type', path: [0] },
    { type: 'oauth', value: [''], code: 'schema/value', path: [0] },
    { type: 'oauth', value: ['x'.repeat(513)], code: 'schema/value', path: [0] },
  ],
} as const satisfies Section;
