import { type Presented, type Principal, Refusal } from '../../emulator.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { digestOf } from '../../token-digest.ts';
import { OWNER } from './users.ts';

/** Scopes of a token. */
export const SCOPES = ['sdk-apps:read', 'sdk-apps:write'] as const;

/** Tokens are kept as hashes only. */
function tokenKey(token: string): readonly string[] {
  return ['make', 'tokens', digestOf(token)];
}

/** `Token` is what the reference says and what API tokens are sent with; `Bearer` is what generated clients send. */
export async function authenticate({ operation, headers }: Presented, tx: ReadTransaction): Promise<Principal> {
  if (operation.open) return { id: 0, scopes: [] };
  const [, token] = /^(?:Token|Bearer) +(\S+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const principal = token === undefined ? undefined : await tx.get<Principal>(tokenKey(token));
  if (principal === undefined) throw new Refusal('unauthenticated', 'User is not logged in.');
  return principal;
}

export async function admit(tx: WriteTransaction, token: string, scopes: readonly string[] = SCOPES): Promise<void> {
  await tx.set(tokenKey(token), { id: OWNER.id, scopes });
}
