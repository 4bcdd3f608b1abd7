import type { Platform } from '../platform.ts';
import { workatoInstances } from './client.ts';
import { contract } from './contract/index.ts';

export const workato = {
  name: 'workato',
  title: 'Workato Embedded',
  basePath: '',
  contract,
  validators: async () => (await import('#generated/workato.js')).validators,
  exchanges: async () => (await import('./exchanges/index.ts')).exchanges,
  instances: workatoInstances,
} as const satisfies Platform;
