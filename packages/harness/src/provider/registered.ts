import { createPublicKey, timingSafeEqual } from 'node:crypto';
import type { ProviderSeed } from '#generated/seeds.js';
import { Refusal } from '../emulator.ts';
import type { ReadTransaction, WriteTransaction } from '../store/store.ts';
import { digestOf } from '../token-digest.ts';
import { GRANTS, OWN_CALLBACK, PROVIDER } from './endpoints.ts';
import { keyPlace } from './keys.ts';
import { SEED } from './seed-schema.ts';

/** A client of the authorization server, which may be a consumer of OAuth 1 and an issuer of assertions as well. */
export type Client = NonNullable<ProviderSeed['clients']>[number];
/** Somebody who can sign in. */
export type User = NonNullable<ProviderSeed['users']>[number];

/** Where an app on the same machine may be called back: at any port of 127.0.0.1 and of localhost. */
const CALLBACKS = ['127.0.0.1', 'localhost'].flatMap((host) =>
  ['/', '/callback', '/oauth/callback', '/oauth/cb/app', '/oauth/cb/app-oauth1', OWN_CALLBACK].map(
    (path) => `http://${host}${path}`,
  ),
);
/** Where Make's own zones are called back, for a pushed connection that is compared with them. */
const MAKES = ['https://www.make.com/oauth/cb/app', 'https://www.integromat.com/oauth/cb/app'];

/** Clients that are there without a seed. Their secrets are public: they open nothing but a pretended API. */
const CLIENTS: readonly Client[] = [
  {
    client_id: 'demo',
    client_secret: 'demo-secret',
    client_name: 'Demo app',
    redirect_uris: [...CALLBACKS, ...MAKES],
    basic: 'either',
  },
  {
    client_id: 'demo-strict',
    client_secret: 'demo-secret',
    client_name: 'Demo app, strict',
    redirect_uris: CALLBACKS,
    pkce: 'required',
    basic: 'form-encoded',
  },
  {
    client_id: 'demo-public',
    client_name: 'Demo app without a secret',
    redirect_uris: CALLBACKS,
    token_endpoint_auth_method: 'none',
  },
];

const USERS: readonly User[] = [
  {
    username: 'demo',
    password: 'demo-password',
    name: 'Demo User',
    email: 'demo@example.com',
    api_key: 'demo-api-key',
  },
];

/** Scopes that are there without a seed, each with its description for users. */
const SCOPES: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'Read your name',
  email: 'Read your e-mail address',
  offline_access: 'Keep access while you are away',
  read: 'Read your data',
  write: 'Change your data',
  'orders:read': 'Read your orders',
  'orders:write': 'Create and change orders',
};

const place = (kind: 'client' | 'user' | 'api-key', id: string) => [PROVIDER.name, kind, id];
const SCOPES_PLACE = [PROVIDER.name, 'scopes'];

/** With its secret. */
export async function clientOf(id: string, tx: ReadTransaction): Promise<Client | undefined> {
  const kept = await tx.get<Client>(place('client', id));
  if (kept === undefined) return defaultClient(id, tx);
  const secret = await tx.getSecret<string>(place('client', id));
  return secret === undefined ? kept : { ...kept, client_secret: secret };
}

/** The client `demo` has the public part of the key that is given to everybody, once somebody has asked for it. */
async function defaultClient(id: string, tx: ReadTransaction): Promise<Client | undefined> {
  const client = CLIENTS.find((each) => each.client_id === id);
  const key = client?.client_id === 'demo' ? await tx.getSecret<string>(keyPlace('demo')) : undefined;
  if (client === undefined || key === undefined) return client;
  return { ...client, public_key: String(createPublicKey(key).export({ type: 'spki', format: 'pem' })) };
}

/** With the password. */
export async function userOf(username: string, tx: ReadTransaction): Promise<User | undefined> {
  const kept = await tx.get<User>(place('user', username));
  if (kept === undefined) return USERS.find((each) => each.username === username);
  return { ...kept, password: (await tx.getSecret<string>(place('user', username))) ?? '' };
}

/** Everybody who can sign in, with their passwords. */
export async function usersOf(tx: ReadTransaction): Promise<User[]> {
  const seeded = await tx.list<User>([PROVIDER.name, 'user']);
  const names = new Set([...USERS.map(({ username }) => username), ...seeded.map(({ value }) => value.username)]);
  const users = await Promise.all([...names].map((username) => userOf(username, tx)));
  return users.filter((user) => user !== undefined);
}

/** Compares in a time that says nothing of where two secrets differ. */
export function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whose key it is. */
export async function userOfKey(key: string, tx: ReadTransaction): Promise<User | undefined> {
  const username = await tx.get<string>(place('api-key', digestOf(key)));
  if (username !== undefined) return userOf(username, tx);
  const user = USERS.find((each) => each.api_key === key);
  // A seeded user of the same name has taken the place of the default.
  return user && (await tx.get(place('user', user.username))) === undefined ? user : undefined;
}

/** Every scope, with its description for users. */
export async function scopesOf(tx: ReadTransaction): Promise<Readonly<Record<string, string>>> {
  return { ...SCOPES, ...(await tx.get<Record<string, string>>(SCOPES_PLACE)) };
}

/** The grants of a client: all that make sense for it unless it names some. */
export function grantsOf({ grant_types: named, ...client }: Client): readonly string[] {
  const isPublic = client.client_secret === undefined && client.public_key === undefined;
  return named ?? Object.keys(GRANTS).filter((grant) => !isPublic || grant !== 'client_credentials');
}

/** Returns why the authorization server could not work with a client, in sentences. */
function misfitsOf(client: Client): string[] {
  const { client_id: id, client_secret: secret, public_key: key, redirect_uris: callbacks = [] } = client;
  const { token_endpoint_auth_method: method = secret === undefined ? 'none' : 'client_secret_basic' } = client;
  const checks: readonly (readonly [isWrong: boolean, message: string])[] = [
    [method.startsWith('client_secret') && secret === undefined, `needs a client_secret for ${method}`],
    // RFC 6749, appendices A.1 and A.2.
    [/[^\x20-\x7e]/.test(`${id}${secret ?? ''}`), 'has an id or a client_secret with characters beyond ASCII'],
    [method === 'private_key_jwt' && key === undefined, 'needs a public_key for private_key_jwt'],
    [key !== undefined && !isPublicKey(key), 'has a public_key that is not in PEM format'],
    [
      method === 'none' && grantsOf(client).includes('client_credentials'),
      'has neither a secret nor a key, which client_credentials needs',
    ],
    ...callbacks.map((uri) => [!isCallback(uri), `has a redirect URI that cannot be used: ${uri}`] as const),
  ];
  return checks.flatMap(([isWrong, message]) => (isWrong ? [`The client ${JSON.stringify(id)} ${message}.`] : []));
}

function isPublicKey(pem: string): boolean {
  try {
    return createPublicKey(pem).type === 'public';
  } catch {
    return false;
  }
}

/** Plain HTTP only to this machine, and no fragment: RFC 8252, section 8.3, and RFC 6749, section 3.1.2. */
function isCallback(uri: string): boolean {
  if (!URL.canParse(uri) || uri.includes('#')) return false;
  const { protocol, hostname } = new URL(uri);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return protocol === 'http:' ? isLoopback : !(protocol === 'https:' && isLoopback);
}

/** How the provider is seeded, as a platform is. */
export const SEEDED = {
  platform: PROVIDER,
  seedSchema: SEED,
  seedReferences: [],
  seed: async (tx: WriteTransaction, { clients = [], users = [], scopes }: ProviderSeed): Promise<void> => {
    const misfits = clients.flatMap(misfitsOf);
    if (misfits.length > 0) throw new Refusal('invalid', misfits);
    for (const { client_secret: secret, ...client } of clients) {
      await tx.delete(place('client', client.client_id));
      await tx.set(place('client', client.client_id), client);
      if (secret !== undefined) await tx.setSecret(place('client', client.client_id), secret);
    }
    for (const { password, api_key: key, ...user } of users) {
      await tx.set(place('user', user.username), user);
      await tx.setSecret(place('user', user.username), password);
      if (key !== undefined) await tx.set(place('api-key', digestOf(key)), user.username);
    }
    if (scopes !== undefined) await tx.set(SCOPES_PLACE, { ...(await tx.get<object>(SCOPES_PLACE)), ...scopes });
  },
};
