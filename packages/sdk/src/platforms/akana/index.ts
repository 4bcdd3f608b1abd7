import type { Platform, Validators } from '../platform.ts';
import { akanaAccess, akanaAccount } from './client.ts';
import { contract } from './contract/index.ts';

export { akanaAccess, akanaClient, type ClientOptions, type Operations } from './client.ts';
export { type Feed, type FeedItem, feedFromXML } from './feed.ts';

export const akana = {
  name: 'akana',
  title: 'Akana API Platform',
  basePath: '',
  contract,
  validators: async (): Promise<Validators> => (await import('#generated/akana.js')).validators,
  exchanges: async () => (await import('./exchanges/index.ts')).exchanges,
  takes: {
    use: 'Grants the client id and secret by which the API behind the connection knows the app.',
    sections: ['common'],
    credentials: true,
  },
  whoami: akanaAccount,
  access: akanaAccess,
} as const satisfies Platform;
