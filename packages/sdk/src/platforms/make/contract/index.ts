import type { Contract } from '../../operations.ts';
import * as appContent from './app-content.ts';
import * as apps from './apps.ts';
import * as changes from './changes.ts';
import * as checksum from './checksum.ts';
import * as connections from './connections.ts';
import * as conventions from './conventions.ts';
import * as surroundings from './surroundings.ts';
import * as users from './users.ts';

/** Make's API as far as connections need it. */
export const contract: Contract = {
  openapi: '3.1.0',
  info: { title: 'Make', version: 'v2' },
  servers: [
    { url: '/api/v2', description: 'Where clients call it: https://eu1.make.com/api/v2 and the other zones.' },
    { url: '/', description: 'As the reference page writes its paths.' },
  ],
  paths: {
    ...users.paths,
    ...surroundings.paths,
    ...apps.paths,
    ...appContent.paths,
    ...changes.paths,
    ...checksum.paths,
    ...connections.paths,
  },
  components: {
    securitySchemes: {
      token: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: '`Token` and the API token; `Bearer` is taken as well.',
      },
    },
    schemas: {
      ...conventions.schemas,
      ...users.schemas,
      ...apps.schemas,
      ...changes.schemas,
      ...checksum.schemas,
      ...connections.schemas,
    },
  },
};
