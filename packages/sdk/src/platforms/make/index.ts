import type { Platform } from '../platform.ts';
import { makeRegistry } from './client.ts';
import { contract } from './contract/index.ts';

export const make = {
  name: 'make',
  title: 'Make',
  basePath: '/api/v2',
  contract,
  validators: async () => (await import('#generated/make.js')).validators,
  exchanges: async () => (await import('./exchanges/index.ts')).exchanges,
  registry: makeRegistry,
} as const satisfies Platform;
