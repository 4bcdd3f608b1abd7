import type { Platform, Validators } from '../platform.ts';
import { workatoAccount, workatoInstances } from './client.ts';
import { contract } from './contract/index.ts';

export type { Operations } from './client.ts';

export const workato = {
  name: 'workato',
  title: 'Workato Embedded',
  basePath: '',
  // Source: Workato's overview of its API: the base URLs of its data centers.
  zones: {
    us: 'https://www.workato.com',
    eu: 'https://app.eu.workato.com',
    jp: 'https://app.jp.workato.com',
    sg: 'https://app.sg.workato.com',
    au: 'https://app.au.workato.com',
    il: 'https://app.il.workato.com',
    trial: 'https://app.trial.workato.com',
  },
  contract,
  validators: async (): Promise<Validators> => (await import('#generated/workato.js')).validators,
  exchanges: async () => (await import('./exchanges/index.ts')).exchanges,
  takes: {
    use: 'Holds customers’ own connections, made from the form.',
    kinds: ['basic', 'oauth2'],
    sections: ['parameters'],
    // Source: the control types of Workato's input schemas.
    fields: [
      'text',
      'password',
      'pkey',
      'email',
      'url',
      'number',
      'integer',
      'boolean',
      'checkbox',
      'select',
      'date',
      'collection',
    ],
    credentials: false,
  },
  whoami: workatoAccount,
  instances: workatoInstances,
} as const satisfies Platform;
