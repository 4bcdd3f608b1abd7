import type { Platform, Validators } from '../platform.ts';
import { anypointAccess, anypointAccount } from './client.ts';
import { contract } from './contract/index.ts';

export type { Operations } from './client.ts';

export const anypoint = {
  name: 'anypoint',
  title: 'Anypoint Exchange',
  basePath: '',
  // Source: the servers of Exchange Experience's OpenAPI document.
  zones: {
    us: 'https://anypoint.mulesoft.com',
    eu1: 'https://eu1.anypoint.mulesoft.com',
    ca1: 'https://ca1.platform.mulesoft.com',
  },
  contract,
  validators: async (): Promise<Validators> => (await import('#generated/anypoint.js')).validators,
  exchanges: async () => (await import('./exchanges/index.ts')).exchanges,
  takes: {
    use: 'Grants the client id and secret by which the API behind the connection knows the app.',
    sections: ['common'],
    credentials: true,
  },
  whoami: anypointAccount,
  access: anypointAccess,
} as const satisfies Platform;
