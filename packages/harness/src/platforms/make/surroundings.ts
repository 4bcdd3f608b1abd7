import type { Operations } from '@connectorkit/sdk/platforms/make';
import type { Behaviours } from '../../emulator.ts';
import { COUNTRIES } from './countries.ts';
import { LANGUAGES } from './languages.ts';
import { appAt, appNamed } from './records.ts';

/** In the list that the official client publishes, ids count up from this one by name. */
const FIRST_COUNTRY = 4;

const countries = COUNTRIES.map(([code, code2, name], index) => ({ id: FIRST_COUNTRY + index, name, code, code2 }));
const languages = LANGUAGES.map(([code, name]) => ({ code, name }));

/** Apps have connections here and nothing else: the lists of all other components are empty, not missing. */
export const behaviours: Pick<
  Behaviours<Operations>,
  | 'listModules'
  | 'listRpcs'
  | 'listFunctions'
  | 'listEndpoints'
  | 'listWebhooks'
  | 'listCountries'
  | 'listLanguages'
  | 'ping'
> = {
  listModules: async ({ path }, tx) => {
    await appAt(path, tx);
    return { body: { appModules: [] } };
  },
  listRpcs: async ({ path }, tx) => {
    await appAt(path, tx);
    return { body: { appRpcs: [] } };
  },
  listFunctions: async ({ path }, tx) => {
    await appAt(path, tx);
    return { body: { appFunctions: [] } };
  },
  listEndpoints: async ({ path }, tx) => {
    await appAt(path, tx);
    return { body: { appEndpoints: [] } };
  },
  listWebhooks: async ({ path }, tx) => {
    await appNamed(path.SDK_appName, tx);
    return { body: { appWebhooks: [] } };
  },
  listCountries: async () => ({ body: { countries } }),
  listLanguages: async () => ({ body: { languages } }),
  ping: async () => ({ mediaType: 'text/plain', body: 'OK' }),
};
