import { verify } from 'node:crypto';
import { lookUp } from '@connectorkit/sdk/emulator';
import { type Presented, type Principal, Refusal } from '../../emulator.ts';
import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { digestOf } from '../../token-digest.ts';
import { addHome } from './folders.ts';
import { freshId, type Workspace, workspaceKey } from './records.ts';

/** Tokens are kept as hashes only. */
const tokenKey = (token: string): Key => ['workato', 'tokens', digestOf(token)];
/** The public key by which a vendor's links are checked, by the API key that their `sub` begins with. */
export const linkKey = (apiKey: string): Key => ['workato', 'link-keys', apiKey];

interface LinkKey {
  readonly workspace: number;
  /** SPKI in PEM. */
  readonly public_key: string;
}

/** Before anything happened. */
export const BEGINNING = '2026-01-01T00:00:00.000Z';

/** Lets a token into a workspace, which is made when it is not there. */
export async function admit(
  tx: WriteTransaction,
  token: string,
  scopes: readonly string[],
  workspace: number,
): Promise<void> {
  const principal: Principal = { id: workspace, scopes };
  await tx.set(tokenKey(token), principal);
  if ((await tx.get(workspaceKey(workspace))) !== undefined) return;
  const home = await freshId('folders', tx);
  await tx.set(workspaceKey(workspace), { home } satisfies Workspace);
  await addHome({ key: `workspace-${workspace}`, home }, BEGINNING, tx);
}

type Prove = (presented: Presented, tx: ReadTransaction) => Promise<Principal | undefined>;

/** By the contract's security schemes. */
const PROOFS: Readonly<Record<string, Prove>> = { token: byToken, directLink: byLink };

/** @throws Refusal unauthenticated */
export async function authenticate(presented: Presented, tx: ReadTransaction): Promise<Principal> {
  for (const scheme of presented.operation.schemes) {
    const principal = await lookUp(PROOFS, scheme)?.(presented, tx);
    if (principal !== undefined) return principal;
  }
  throw new Refusal('unauthenticated', 'The API token or link is missing or not known.');
}

/** `Authorization: Bearer`, or the older `x-user-email` and `x-user-token`, which clients still send. */
async function byToken({ headers, query }: Presented, tx: ReadTransaction): Promise<Principal | undefined> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const older = headers['x-user-email'] === undefined ? undefined : headers['x-user-token'];
  const oldest = query.get('user_email') === null ? undefined : query.get('user_token');
  const token = bearer ?? older ?? oldest;
  return typeof token === 'string' ? tx.get<Principal>(tokenKey(token)) : undefined;
}

/** A JWT, RS256, whose `sub` is `API_KEY:USER_ID`. It may be used again until it expires: the page itself does. */
async function byLink({ query, now }: Presented, tx: ReadTransaction): Promise<Principal | undefined> {
  const token = query.get('workato_dl_token') ?? '';
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  const claims = decoded(payload);
  if (rest.length > 0 || decoded(header)?.alg !== 'RS256' || claims === undefined) return undefined;
  const [, apiKey = '', user = ''] = /^([^:]+):(.+)$/.exec(String(claims.sub ?? '')) ?? [];
  const key = await tx.get<LinkKey>(linkKey(apiKey));
  if (key === undefined || typeof claims.jti !== 'string' || claims.jti === '') return undefined;
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, key.public_key, Buffer.from(signature, 'base64url'))) return undefined;
  const seconds = now.getTime() / 1000;
  if (claims.exp !== undefined && !(Number(claims.exp) > seconds)) return undefined;
  if (claims.nbf !== undefined && !(Number(claims.nbf) <= seconds)) return undefined;
  return { id: key.workspace, scopes: [], subject: user };
}

interface Claims {
  readonly alg?: unknown;
  readonly sub?: unknown;
  readonly jti?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

function decoded(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
