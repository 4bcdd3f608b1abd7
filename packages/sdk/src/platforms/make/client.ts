import type { Operations } from '#generated/make.js';
import { ConnectorError } from '../../diagnostics.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { Read } from '../answer-fields.ts';
import { contractClient, type Reads } from '../client.ts';
import type { Account, Checksums, Endpoint, HttpResponse, Registry, RemoteApp } from '../platform.ts';
import { contract } from './contract/index.ts';

export type { Operations };

/** Four columns are listed unasked; the others have to be named. */
const COLUMNS = ['name', 'label', 'version', 'public', 'approved'];

const APP = { name: true, label: true, version: true, 'approved?': true } as const;
const CONNECTION = { name: true, label: true, type: true } as const;
const COMPONENTS = [{ name: true }] as const;

export const READS = {
  listApps: { apps: [APP] },
  createApp: { app: APP },
  listConnections: { appConnections: [CONNECTION] },
  createConnection: { appConnection: CONNECTION },
  getConnection: { appConnection: CONNECTION },
  updateConnection: { appConnection: CONNECTION },
  getConnectionSection: true,
  getConnectionCommon: true,
  getAppChecksum: {
    accounts: [{ name: true, checksum: true }],
    'modules?': COMPONENTS,
    'rpcs?': COMPONENTS,
    'functions?': COMPONENTS,
    'hooks?': COMPONENTS,
    'endpoints?': COMPONENTS,
  },
  getCurrentUser: { authUser: { name: true, 'email?': true } },
  getCurrentAuthorization: { authorization: { scope: [true] } },
} as const satisfies Reads<Operations>;

const open = (endpoint: Endpoint) =>
  contractClient<Operations, typeof READS>(
    { contract, credentials, readError, reads: READS, secret: ['getConnectionCommon'], exact: ['getConnectionCommon'] },
    endpoint,
  );

/** Make's `/sdk/apps` as a registry of connections. */
export function makeRegistry(endpoint: Endpoint): Registry {
  const call = open(endpoint);
  const at = (name: string) => ({ SDK_connectionName: name });
  return {
    namedAfter: (given, asked) => given === asked || given.replace(/-[0-9a-z]{6}$/, '') === asked,
    apps: async () => (await call('listApps', { query: { all: 'true', cols: COLUMNS } })).apps.map(appOf),
    createApp: async ({ name, label }) => {
      const body = { name, label, description: '', theme: '#6b7280', language: 'en', audience: 'global' as const };
      return appOf((await call('createApp', { body })).app);
    },
    deleteApp: async ({ name, version }, sending) => {
      await call('deleteApp', { path: { SDK_appName: name, SDK_appVersion: String(version) }, ...sending });
    },
    list: async (app) => (await call('listConnections', { path: { SDK_appName: app } })).appConnections,
    checksums: async ({ name, version }) => {
      const path = { SDK_appName: name, SDK_appVersion: String(version) };
      return checksumsOf(await call('getAppChecksum', { path }));
    },
    create: async (app, connection) =>
      (await call('createConnection', { path: { SDK_appName: app }, body: connection })).appConnection,
    get: async (name) => (await call('getConnection', { path: at(name) })).appConnection,
    update: async (name, { label }, sending) =>
      (await call('updateConnection', { path: at(name), body: { label }, ...sending })).appConnection,
    delete: async (name, sending) => {
      await call('deleteConnection', { path: at(name), ...sending });
    },
    section: async (name, section) => call('getConnectionSection', { path: sectionAt(name, section) }),
    setSection: async (name, section, text, sending) => {
      await call('setConnectionSection', { path: sectionAt(name, section), body: text, ...sending });
    },
    common: async (name) => call('getConnectionCommon', { path: at(name) }),
    setCommon: async (name, values, sending) => {
      const body = values as Operations['setConnectionCommon']['body'];
      await call('setConnectionCommon', { path: at(name), body, ...sending });
    },
    recreate: async (name, sending) => {
      await call('recreateConnection', { path: at(name), ...sending });
    },
  };
}

/** Who a token of Make's belongs to, and what it may do where Make says so. */
export async function makeAccount(endpoint: Endpoint): Promise<Account> {
  const call = open(endpoint);
  const { name, email } = (await call('getCurrentUser')).authUser;
  const scopes = await call('getCurrentAuthorization').then(
    ({ authorization }) => authorization.scope,
    (error) => {
      // Whose it is was answered: that the rest is refused is no reason to say nothing.
      if (error instanceof ConnectorError && error.kind !== 'network') return undefined;
      throw error;
    },
  );
  return { name, ...(email ? { email } : {}), ...(scopes === undefined ? {} : { scopes }) };
}

type App = Read<Operations['createApp']['answer']['app'], typeof APP>;

function appOf({ name, label, version, approved }: App): RemoteApp {
  return { name, label, version, ...(typeof approved === 'boolean' ? { approved } : {}) };
}

type Sums = Read<Operations['getAppChecksum']['answer'], typeof READS.getAppChecksum>;

/** A section stands under its own name or in snake case, and with `_jsonc` behind for the text with its comments. */
function checksumsOf({ accounts, modules, rpcs, functions, hooks, endpoints }: Sums): Checksums {
  const sums = new Map(accounts.map(({ name, checksum }) => [name, checksum]));
  const sumOf = (connection: string, section: string) => {
    const snake = section.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    const own = sums.get(connection) ?? {};
    const keys = [`${section}_jsonc`, `${snake}_jsonc`, section, snake];
    return keys.map((key) => own[key]).find((each) => typeof each === 'string');
  };
  return {
    sum: sumOf,
    says(connection, section, text) {
      const sum = sumOf(connection, section);
      return sum === undefined ? undefined : sum === nodeCrypto().createHash('md5').update(text).digest('hex');
    },
    others: Object.entries({ modules, rpcs, functions, hooks, endpoints }).flatMap(([kind, all]) =>
      (all ?? []).map(({ name }) => `${kind.replace(/s$/, '')} ${name}`),
    ),
  };
}

function sectionAt(name: string, section: string): Operations['getConnectionSection']['path'] {
  return {
    SDK_connectionName: name,
    SDK_connectionSection: section as Operations['getConnectionSection']['path']['SDK_connectionSection'],
  };
}

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** API tokens are UUIDs and go with `Token`; OAuth access tokens go with `Bearer`. Source: `@makehq/sdk`. */
function credentials(token: string): Record<string, string> {
  return { authorization: `${UUID_V4.test(token) ? 'Token' : 'Bearer'} ${token}` };
}

/** `detail` says more than `message`; some refusals, such as the rate limit's, are plain text. */
function readError({ body }: HttpResponse): string | undefined {
  try {
    const { message, detail, suberrors = [] } = JSON.parse(body);
    const details = [detail ?? message].flat().filter((each) => typeof each === 'string');
    const words = [...details, ...suberrors.map((each: { message?: unknown }) => each.message)];
    return words.length === 0 ? undefined : [...new Set(words)].join('; ');
  } catch {
    return body.trim() === '' ? undefined : body.trim().slice(0, 200);
  }
}
