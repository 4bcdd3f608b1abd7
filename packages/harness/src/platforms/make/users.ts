import type { Operations } from '@connectorkit/sdk/platforms/make';
import type { Behaviours } from '../../emulator.ts';
import { settingsIn } from './settings.ts';

/** The one user that a harness has: its owner. */
export const OWNER = {
  id: 1,
  name: 'Connector Author',
  email: 'author@harness.localhost',
  language: 'en',
  timezoneId: 1,
  localeId: 1,
  countryId: 1,
  avatar: '',
  timezone: 'UTC',
  locale: 'en-US',
};

export const behaviours: Pick<Behaviours<Operations>, 'getCurrentUser' | 'getCurrentAuthorization'> = {
  getCurrentUser: async ({ now }, tx) => {
    const { allow_apps } = await settingsIn(tx);
    return { body: { authUser: { ...OWNER, features: { allow_apps }, lastLogin: now.toISOString() } } };
  },

  getCurrentAuthorization: async ({ principal }) => ({
    body: { authorization: { authUsed: 'token', scope: [...principal.scopes] } },
  }),
};
