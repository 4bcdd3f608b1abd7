import type { PlatformFacts } from '../../emulator.ts';

/** The privilege of a workspace that embeds Workato. */
export const SCOPES = ['oem_vendor'];

/** Facts about Workato Embedded that are known before its emulator is loaded. */
export const FACTS: PlatformFacts = {
  name: 'workato',
  title: 'Workato Embedded',
  basePath: '',
  prefixes: [
    '/api/managed_users',
    '/api/v2/managed_users',
    '/api/connections',
    '/api/recipes',
    '/api/folders',
    '/api/projects',
    '/api/tags',
    '/api/tags_assignments',
    '/api/users/me',
    '/direct_link',
  ],
  scopes: SCOPES,
  // Its connections may be of connectors that were published there.
  knows: ['make'],
  keeps: ['customers'],
};
