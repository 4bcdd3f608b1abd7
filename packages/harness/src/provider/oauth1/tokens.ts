import { randomBytes } from 'node:crypto';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { digestOf } from '../../token-digest.ts';
import { PROVIDER } from '../endpoints.ts';

/** A temporary token, with which a user is asked, or one that gives access. */
export interface Token {
  readonly kind: 'request' | 'access';
  /** The client that it was given to. */
  readonly consumer: string;
  readonly secret: string;
  /** Of a request token: where the browser is sent back to, or `oob`. */
  readonly callback?: string;
  /** Who agreed. */
  readonly username?: string;
  /** Verifier that the client gets when a user agreed. */
  readonly verifier?: string;
  /** In seconds since 1970, by the harness's clock. */
  readonly ends?: number;
}

const place = (id: string) => [PROVIDER.name, 'oauth1', 'token', digestOf(id)];
const NONCES = [PROVIDER.name, 'oauth1', 'nonce'];

export async function tokenOf(id: string, tx: ReadTransaction): Promise<(Token & { readonly id: string }) | undefined> {
  const kept = await tx.get<Omit<Token, 'secret' | 'verifier'>>(place(id));
  if (kept === undefined) return undefined;
  const [secret = '', verifier = ''] = (await tx.getSecret<[string, string]>(place(id))) ?? [];
  return { ...kept, secret, id, ...(verifier !== '' && { verifier }) };
}

export async function keepToken(
  tx: WriteTransaction,
  id: string,
  { secret, verifier = '', ...others }: Token,
): Promise<void> {
  await tx.set(place(id), others);
  await tx.setSecret(place(id), [secret, verifier]);
}

export function dropToken(tx: WriteTransaction, id: string): Promise<boolean> {
  return tx.delete(place(id));
}

/** A token, secret or verifier. */
export function draw(): string {
  return randomBytes(18).toString('base64url');
}

/** Checks if a nonce was not used with its timestamp before; forgets those with a timestamp before `oldest`. */
export async function useNonce(
  tx: WriteTransaction,
  timestamp: number,
  use: readonly string[],
  oldest: number,
): Promise<boolean> {
  for (const { key } of await tx.list(NONCES, { limit: 100 })) {
    if (Number(key[NONCES.length]) >= oldest) break;
    await tx.delete(key);
  }
  const own = [...NONCES, timestamp, digestOf(JSON.stringify(use))];
  if ((await tx.get(own)) !== undefined) return false;
  await tx.set(own, true);
  return true;
}
