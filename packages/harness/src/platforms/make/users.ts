import type { MakeOperations } from '@connectorkit/sdk';
import type { Behaviours } from '../../emulator.ts';

/** The one user that a harness has: its owner. */
export const OWNER = {
  id: 1,
  name: 'Connector Author',
  email: 'author@harness.localhost',
  language: 'en',
  timezoneId: 1,
  localeId: 1,
  countryId: 1,
  features: { allow_apps: false },
  avatar: '',
  timezone: 'UTC',
  locale: 'en-US',
};

export const behaviours: Pick<Behaviours<MakeOperations>, 'getCurrentUser'> = {
  getCurrentUser: async ({ now }) => ({ body: { authUser: { ...OWNER, lastLogin: now.toISOString() } } }),
};
