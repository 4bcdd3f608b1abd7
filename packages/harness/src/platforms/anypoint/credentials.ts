import { createHash, randomUUID } from 'node:crypto';
import { lookUp } from '@connectorkit/sdk/emulator';
import { type Presented, type Principal, Refusal } from '../../emulator.ts';
import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { type ConnectedApp, connectedAppKey, environmentKey, organizationKey, type User, userKey } from './records.ts';

/** Tokens and passwords are kept as hashes only. */
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const tokenKey = (token: string): Key => ['anypoint', 'tokens', hash(token)];
export const passwordKey = (username: string): Key => ['anypoint', 'passwords', username];
const secretKey = (client: string): Key => ['anypoint', 'client-secrets', client];

interface Token {
  readonly subject: string;
  /** Scopes (default: as much as the roles of its owner allow). */
  readonly scopes?: readonly string[];
  /** Milliseconds since 1970 (default: for ever). */
  readonly expires?: number;
}

const READ = ['exchange:read'];
const WRITE = [...READ, 'exchange:write'];
const VIEW = ['contracts:read', 'group-contracts:read', 'tiers:read'];
const MANAGE = [...VIEW, 'contracts:write', 'group-contracts:write'];
const MANAGE_ALL = [...MANAGE, 'tiers:write'];

/** The platform's roles and permissions, and which operations each of them opens. */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  'Exchange Viewer': READ,
  'Exchange Contributor': WRITE,
  'Exchange Administrator': WRITE,
  'View Contracts': VIEW,
  'Manage Contracts': MANAGE,
  'API Group Administrator': ['group-contracts:read', 'group-contracts:write', 'tiers:read', 'tiers:write'],
  'API Manager Environment Administrator': MANAGE_ALL,
  'Organization Administrator': [...WRITE, ...MANAGE_ALL],
};

/** All names that a token may be given: roles, and what operations want. */
export const SCOPES: readonly string[] = [...new Set([...Object.values(ROLES).flat(), ...Object.keys(ROLES)])];

/** Rights that roles and names give together. */
export function expanded(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => lookUp(ROLES, name) ?? [name]))];
}

/** The roles that a caller has: those of which it may do everything. */
export function rolesOf({ scopes }: Principal): string[] {
  return Object.keys(ROLES).filter((role) => lookUp(ROLES, role)?.every((scope) => scopes.includes(scope)));
}

/** The organisation, the environment and the user that are there from the start; the page's own ids. */
export const ORGANIZATION = '5a673b98-92f4-459d-b950-daeed7a8165d';
export const SANDBOX = 'fa07c403-3655-4e6b-8ea1-4888cc2775c1';
const HARNESS_USER = '00000000-0000-4000-8000-000000000001';
/** Whose the harness's own token is. */
export const HARNESS_SUBJECT = `user:${HARNESS_USER}`;

/** Lets a token in as that of the user who is there from the start. */
export async function admit(tx: WriteTransaction, token: string, scopes: readonly string[] = SCOPES): Promise<void> {
  await tx.set(tokenKey(token), { subject: HARNESS_SUBJECT, scopes: expanded(scopes) } satisfies Token);
  if ((await tx.get(userKey(HARNESS_USER))) !== undefined) return;
  const organization = { id: ORGANIZATION, name: 'Harness', rootId: ORGANIZATION, federated: false };
  await tx.set(organizationKey(ORGANIZATION), organization);
  const environment = { id: SANDBOX, name: 'Sandbox', organizationId: ORGANIZATION, type: 'sandbox' };
  await tx.set(environmentKey(ORGANIZATION, SANDBOX), { ...environment, providerId: null });
  const user: User = {
    id: HARNESS_USER,
    username: 'harness',
    firstName: 'Connector',
    lastName: 'Harness',
    email: 'harness@example.com',
    organizationId: ORGANIZATION,
    roles: ['Organization Administrator'],
  };
  await tx.set(userKey(HARNESS_USER), user);
}

export async function keepUser(user: User, password: string, tx: WriteTransaction): Promise<void> {
  await tx.set(userKey(user.id), user);
  await tx.set(passwordKey(user.username), { id: user.id, password: hash(`${user.id} ${password}`) });
}

export async function keepConnectedApp(app: ConnectedApp, secret: string, tx: WriteTransaction): Promise<void> {
  await tx.set(connectedAppKey(app.id), app);
  await tx.set(secretKey(app.id), hash(`${app.id} ${secret}`));
}

/** The user of that name, or else the connected app with that id. */
export async function subjectNamed(name: string, tx: ReadTransaction): Promise<string> {
  const user = await tx.get<{ id: string }>(passwordKey(name));
  return user === undefined ? `client:${name}` : `user:${user.id}`;
}

/** A connected app may write itself as a user of this name, whose password is its id, `~?~` and its secret. */
const AS_USER = '~~~Client~~~';

/** Who a name and a password belong to. @throws Refusal unauthenticated */
export async function subjectOf(username: string, password: string, tx: ReadTransaction): Promise<string> {
  if (username === AS_USER) {
    const [, client = '', secret = ''] = /^(.*?)~\?~(.*)$/s.exec(password) ?? [];
    return clientSubject(client, secret, tx);
  }
  const known = await tx.get<{ id: string; password: string }>(passwordKey(username));
  if (known === undefined || known.password !== hash(`${known.id} ${password}`)) throw unauthorized();
  return `user:${known.id}`;
}

/** @throws Refusal unauthenticated */
export async function clientSubject(client: string, secret: string, tx: ReadTransaction): Promise<string> {
  if ((await tx.get<string>(secretKey(client))) !== hash(`${client} ${secret}`)) throw unauthorized();
  return `client:${client}`;
}

/** Seconds for which a token holds. */
export const LIFETIME = 3600;

export async function openSession(subject: string, now: Date, tx: WriteTransaction): Promise<string> {
  const token = randomUUID();
  await tx.set(tokenKey(token), { subject, expires: now.getTime() + LIFETIME * 1000 } satisfies Token);
  return token;
}

/**
 * `Bearer` in whatever case, or Basic with a name and a password.
 * @throws Refusal unauthenticated
 */
export async function authenticate({ operation, headers, now }: Presented, tx: ReadTransaction): Promise<Principal> {
  if (operation.open) return { id: 0, scopes: [] };
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(String(headers.authorization ?? '')) ?? [];
  const name = scheme.toLowerCase();
  const prove = lookUp(SCHEMES, name);
  if (prove === undefined) throw unauthorized();
  const { subject, scopes } = await prove(value, now, tx);
  return { id: 1, subject, scopes: scopes ?? expanded(await rolesAt(subject, tx)) };
}

const SCHEMES: Readonly<Record<string, (value: string, now: Date, tx: ReadTransaction) => Promise<Token>>> = {
  bearer: async (value, now, tx) => {
    const token = await tx.get<Token>(tokenKey(value));
    if (token === undefined || (token.expires ?? Number.POSITIVE_INFINITY) <= now.getTime()) throw unauthorized();
    return token;
  },
  basic: async (value, _now, tx) => {
    const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
    return { subject: await subjectOf(name, password, tx) };
  },
};

async function rolesAt(subject: string, tx: ReadTransaction): Promise<readonly string[]> {
  const id = subject.slice(subject.indexOf(':') + 1);
  const key = subject.startsWith('user:') ? userKey(id) : connectedAppKey(id);
  return (await tx.get<User | ConnectedApp>(key))?.roles ?? [];
}

function unauthorized(): Refusal {
  return new Refusal('unauthenticated', 'Unauthorized');
}
