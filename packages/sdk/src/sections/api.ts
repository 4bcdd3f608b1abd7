import { apiCounterExamples, apiExamples } from './api-examples.ts';
import { apiBasic, apiOAuth1, apiOAuth2, mismatchedKind } from './api-kinds.ts';
import { API_STARTERS } from './api-starters.ts';
import { CREATE_TYPES, type CreateType } from './create-types.ts';
import type { Section } from './section.ts';

/** The requests that authorize, prove, refresh and revoke a connection. */
export const api = {
  name: 'api',
  title: 'Communication',
  summary: 'The requests that authorize, verify, refresh and revoke a connection.',
  files: ['api.jsonc', 'api.json'],
  required: true,
  comments: true,
  wire: 'text',
  empty: '{}',
  schemas: { 'api-basic': apiBasic, 'api-oauth2': apiOAuth2, 'api-oauth1': apiOAuth1 },
  schemaFor: (type: CreateType) => `api-${CREATE_TYPES[type].kind}`,
  mismatch: mismatchedKind,
  starter: (type: CreateType) => API_STARTERS[type](),
  examples: apiExamples,
  counterExamples: apiCounterExamples,
} as const satisfies Section;
