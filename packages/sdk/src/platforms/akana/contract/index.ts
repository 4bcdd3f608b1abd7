import type { Contract } from '../../operations.ts';
import * as apis from './apis.ts';
import * as apps from './apps.ts';
import * as contracts from './contracts.ts';
import * as conventions from './conventions.ts';
import * as followers from './followers.ts';
import * as groups from './groups.ts';
import * as session from './session.ts';
import * as users from './users.ts';

/** Akana's API as far as connections need it. */
export const contract: Contract = {
  openapi: '3.1.0',
  info: { title: 'Akana API Platform', version: '8.1' },
  servers: [{ url: '/', description: 'The host of the community manager.' }],
  paths: {
    ...session.paths,
    ...apis.paths,
    ...apps.paths,
    ...contracts.paths,
    ...users.paths,
    ...followers.paths,
    ...groups.paths,
  },
  components: {
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: 'AtmoAuthToken_{tenant}' },
      csrf: { type: 'apiKey', in: 'header', name: 'X-Csrf-Token_{tenant}' },
    },
    schemas: {
      ...conventions.schemas,
      ...session.schemas,
      ...apis.schemas,
      ...apps.schemas,
      ...contracts.schemas,
      ...users.schemas,
      ...groups.schemas,
    },
  },
};
