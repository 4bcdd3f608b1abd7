import { createHash, randomUUID } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/akana';
import { type Answer, type Behaviours, type Headers, type Presented, type Principal, Refusal } from '../../emulator.ts';
import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { unread } from './notices.ts';
import {
  avatarOf,
  emailKey,
  ROLES,
  type Role,
  type Settings,
  settingsIn,
  settingsKey,
  type User,
  userKey,
} from './records.ts';

/** Tokens are kept as hashes only. */
const hashed = (token: string) => createHash('sha256').update(token).digest('hex');
const sessionKey = (token: string): Key => ['akana', 'sessions', hashed(token)];
export const passwordKey = (user: string): Key => ['akana', 'passwords', user];

interface Session {
  readonly user: string;
  readonly roles: readonly Role[];
  /** The hash of what the header against forgery has to hold. */
  readonly csrf: string;
  /** Milliseconds since 1970; null for a token of the harness's own, which lasts. */
  readonly expires: number | null;
}

/**
 * Lets a token in as a session of a user that has these roles. It may come as the session's cookie, and be the header
 * against forgery as well, or, so that one token opens every platform of the harness, as a bearer.
 */
export async function admit(tx: WriteTransaction, token: string, scopes: readonly string[] = ROLES): Promise<void> {
  const roles = ROLES.filter((role) => scopes.includes(role));
  const all = roles.length === ROLES.length;
  const names = roles.length === 0 ? ['user'] : roles.map((role) => role.toLowerCase());
  const local = all ? 'harness' : ['harness', ...names].join('-');
  const id = `${local}.${(await settingsIn(tx)).tenant}`;
  const user: User = {
    id,
    name: `Harness ${all ? 'Owner' : roles.join(' ') || 'User'}`,
    email: `${local}@example.com`,
    roles,
  };
  await tx.set(userKey(id), user);
  await tx.set(emailKey(user.email), id);
  await letIn(tx, token, { user: id, roles, csrf: hashed(token), expires: null });
}

function letIn(tx: WriteTransaction, token: string, session: Session): Promise<void> {
  return tx.set(sessionKey(token), session);
}

/** Another tenant is another end of ids: those whom the harness itself let in move with it. */
export async function configure(given: Partial<Settings>, tx: WriteTransaction): Promise<void> {
  const before = await settingsIn(tx);
  const after = { ...before, ...given };
  await tx.set(settingsKey, after);
  if (after.tenant === before.tenant) return;
  const moved = (id: string) => (id.startsWith('harness') ? id.replace(`.${before.tenant}`, `.${after.tenant}`) : id);
  for (const { value } of await tx.list<User>(['akana', 'users'])) {
    const user = { ...value, id: moved(value.id) };
    await tx.delete(userKey(value.id));
    await tx.set(userKey(user.id), user);
    await tx.set(emailKey(user.email), user.id);
  }
  for (const { key, value } of await tx.list<Session>(['akana', 'sessions'])) {
    await tx.set(key, { ...value, user: moved(value.user) });
  }
}

/** Nobody: what can be read without a session. */
const ANONYMOUS: Principal = { id: 0, scopes: [] };

/** @throws Refusal unauthenticated */
export async function authenticate({ operation, headers, now }: Presented, tx: ReadTransaction): Promise<Principal> {
  if (operation.open) return ANONYMOUS;
  const settings = await settingsIn(tx);
  const found = await sessionIn(headers, now, settings, tx);
  if (found === undefined) {
    if (operation.anonymous && settings.anonymous_reads) return ANONYMOUS;
    throw new Refusal('unauthenticated', 'The user is not logged in, or the session has expired.');
  }
  const { session, bearer } = found;
  const wanted = operation.method === 'GET' ? settings.csrf_reads : settings.csrf_writes;
  const given = headers[`x-${csrfCookie(settings)}`.toLowerCase()];
  if (wanted && !bearer && hashed(String(given ?? '')) !== session.csrf) {
    throw new Refusal('unauthenticated', `The header X-${csrfCookie(settings)} is missing, invalid or expired.`);
  }
  return { id: 1, scopes: session.roles, subject: session.user };
}

const sessionCookie = ({ tenant }: Settings) => `AtmoAuthToken_${tenant}`;
const csrfCookie = ({ tenant }: Settings) => `Csrf-Token_${tenant}`;

async function sessionIn(headers: Headers, now: Date, settings: Settings, tx: ReadTransaction) {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const token = bearer ?? cookieIn(headers, sessionCookie(settings));
  const session = token === undefined ? undefined : await tx.get<Session>(sessionKey(token));
  if (token === undefined || session === undefined) return undefined;
  // Vendors' sessions come as cookies only.
  if (bearer !== undefined && session.expires !== null) return undefined;
  if (session.expires !== null && session.expires <= now.getTime()) return undefined;
  return { token, session, bearer: bearer !== undefined };
}

function cookieIn({ cookie = '' }: Headers, name: string): string | undefined {
  const pairs = [cookie].flat().join(';').split(';');
  return pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

export const behaviours: Pick<Behaviours<Operations>, 'login' | 'renewToken' | 'logout'> = {
  login: async ({ body, now }, tx) => {
    const { email = '', password = '' } = body as { email?: string; password?: string };
    const id = await tx.get<string>(emailKey(email));
    const expected = id === undefined ? undefined : await tx.getSecret<string>(passwordKey(id));
    const user = id === undefined ? undefined : await tx.get<User>(userKey(id));
    if (user === undefined || expected === undefined || hashed(password) !== hashed(expected)) {
      throw new Refusal('unauthenticated', 'The e-mail address or the password is not correct.');
    }
    return begin(user, now, tx);
  },

  renewToken: async ({ headers, now }, tx) => {
    const found = await sessionIn(headers, now, await settingsIn(tx), tx);
    const user = found && (await tx.get<User>(userKey(found.session.user)));
    if (found === undefined || user === undefined) return { status: 204, body: undefined as never };
    // The harness's own token stays what it is.
    if (found.session.expires === null) return { body: await answerOf(user, Number.MAX_SAFE_INTEGER, tx) };
    await tx.delete(sessionKey(found.token));
    return begin(user, now, tx);
  },

  logout: async ({ headers, now }, tx) => {
    const settings = await settingsIn(tx);
    const found = await sessionIn(headers, now, settings, tx);
    if (found?.session.expires != null) await tx.delete(sessionKey(found.token));
    const gone = [sessionCookie(settings), csrfCookie(settings)].map((name) => `${name}=; Path=/; Max-Age=0`);
    return { headers: { 'set-cookie': gone }, body: '' };
  },
};

type Began = Omit<Answer, 'body'> & { readonly body: Operations['login']['answer'] };

async function begin(user: User, now: Date, tx: WriteTransaction): Promise<Began> {
  const settings = await settingsIn(tx);
  const expires = now.getTime() + settings.session_minutes * 60_000;
  const { token, csrf } = tokensFor(user, now.getTime(), expires, settings);
  await letIn(tx, token, { user: user.id, roles: user.roles, csrf: hashed(csrf), expires });
  const cookies = [`${sessionCookie(settings)}=${token}; Path=/; HttpOnly`];
  if (settings.csrf_reads || settings.csrf_writes) cookies.push(`${csrfCookie(settings)}=${csrf}; Path=/`);
  return { headers: { 'set-cookie': cookies }, body: { ...(await answerOf(user, expires, tx)), authToken: token } };
}

/** Cookies as the vendor's look; nothing is read from them again, they are only compared. */
function tokensFor({ id, name }: User, issued: number, expires: number, { tenant }: Settings) {
  const written = (fields: Readonly<Record<string, string | number>>) =>
    Object.entries(fields)
      .map(([field, value]) => `${field}%3D${encodeURIComponent(value).replaceAll('%20', '+')}`)
      .join('%2C');
  const token = written({
    TokenID: randomUUID(),
    claimed_id: `urn:atmosphere:user:${tenant}:${id.replace(/\.[^.]*$/, '')}`,
    issueTime: issued,
    expirationTime: expires,
    UserName: name,
    UserFDN: id,
    sig: randomUUID().replaceAll('-', ''),
  });
  return { token, csrf: written({ TokenID: randomUUID(), expirationTime: expires }) };
}

/** Seconds of the furthest day that a date can be. */
const LAST = 8_640_000_000_000_000;

async function answerOf(user: User, expires: number, tx: ReadTransaction): Promise<Began['body']> {
  return {
    userFDN: user.id,
    userName: user.name,
    avatarURL: `/api/users/avatar/${avatarOf(user.id)}`,
    status: 'com.soa.user.status.active',
    loginState: 'com.akana.loginState.loginComplete',
    authTokenValidUntil: new Date(Math.min(expires, LAST)).toISOString(),
    loginDomainId: 'local',
    pendingNotifications: await unread(user.id, tx),
  };
}
