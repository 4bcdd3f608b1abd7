import type { Contract } from '../../operations.ts';
import * as connections from './connections.ts';
import * as conventions from './conventions.ts';
import * as embedded from './embedded.ts';
import * as folders from './folders.ts';
import * as managedUsers from './managed-users.ts';
import * as recipes from './recipes.ts';
import * as tags from './tags.ts';
import * as workspace from './workspace.ts';

/** Workato's Embedded API as far as connections need it. */
export const contract: Contract = {
  openapi: '3.1.0',
  info: { title: 'Workato Embedded', version: '10/9/2024' },
  servers: [{ url: '/', description: 'https://www.workato.com and the hosts of the other regions.' }],
  paths: {
    ...managedUsers.paths,
    ...connections.paths,
    ...folders.paths,
    ...recipes.paths,
    ...tags.paths,
    ...workspace.paths,
    ...embedded.paths,
  },
  components: {
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'An API token of the vendor’s workspace.' },
      directLink: {
        type: 'apiKey',
        in: 'query',
        name: 'workato_dl_token',
        description: 'A link that the vendor signed.',
      },
    },
    schemas: {
      ...conventions.schemas,
      ...managedUsers.schemas,
      ...connections.schemas,
      ...folders.schemas,
      ...recipes.schemas,
      ...tags.schemas,
      ...workspace.schemas,
    },
  },
};
