import type { Platform, Validators } from '../platform.ts';
import { makeAccount, makeRegistry } from './client.ts';
import { contract } from './contract/index.ts';

export type { Operations } from './client.ts';

/** Make: its contract, its client and the vendor’s published exchanges. Source: https://developers.make.com/api-documentation */
export const make = {
  name: 'make',
  title: 'Make',
  basePath: '/api/v2',
  // Source: the servers of Make's OpenAPI document.
  zones: {
    eu1: 'https://eu1.make.com/api/v2',
    eu2: 'https://eu2.make.com/api/v2',
    us1: 'https://us1.make.com/api/v2',
    us2: 'https://us2.make.com/api/v2',
    'eu1-celonis': 'https://eu1.make.celonis.com/api/v2',
    'us1-celonis': 'https://us1.make.celonis.com/api/v2',
  },
  contract,
  validators: async (): Promise<Validators> => (await import('#generated/make.js')).validators,
  exchanges: async () => (await import('./exchanges/index.ts')).exchanges,
  takes: {
    use: 'Defines the connection: everything is pushed there.',
    kinds: ['basic', 'oauth2', 'oauth1'],
    sections: ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec', 'common'],
    fields: 'all',
    credentials: false,
  },
  whoami: makeAccount,
  registry: makeRegistry,
} as const satisfies Platform;
