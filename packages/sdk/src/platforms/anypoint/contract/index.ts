import type { Contract } from '../../operations.ts';
import * as accounts from './accounts.ts';
import * as applications from './applications.ts';
import * as assets from './assets.ts';
import * as contracts from './contracts.ts';
import * as conventions from './conventions.ts';
import * as manager from './manager.ts';
import * as tiers from './tiers.ts';

/**
 * Anypoint's APIs as far as access to an API needs them: Access Management, Exchange, API Manager and the older API
 * Platform. Each has a base of its own, so the paths carry them in full.
 */
export const contract: Contract = {
  openapi: '3.1.0',
  info: { title: 'Anypoint Platform', version: '2026-05-15' },
  servers: [{ url: '/', description: 'https://anypoint.mulesoft.com and the hosts of the other regions.' }],
  paths: {
    ...accounts.paths,
    ...assets.paths,
    ...applications.paths,
    ...tiers.paths,
    ...contracts.paths,
    ...manager.paths,
  },
  components: {
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description: 'A session’s or a connected app’s token; the word before it in whatever case.',
      },
    },
    schemas: {
      ...conventions.schemas,
      ...accounts.schemas,
      ...assets.schemas,
      ...applications.schemas,
      ...tiers.schemas,
      ...contracts.schemas,
      ...manager.schemas,
    },
  },
};
