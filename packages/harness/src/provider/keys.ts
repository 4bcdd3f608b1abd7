import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { PROVIDER } from './endpoints.ts';
import type { ProviderContext } from './stored-model.ts';

/** Keys that are generated for a store on first use, and kept there. */
const KINDS = {
  /** PEM of an RSA key, which ID tokens are signed with. */
  signing: rsaKey,
  /** PEM of an RSA key, which is given to everybody: the client `demo` signs with it. */
  demo: rsaKey,
  /** For the signatures of cookies. */
  cookies: secret,
  /** Seals the nonces of digests. */
  digest: secret,
} as const;

export async function keyOf(kind: keyof typeof KINDS, { store }: ProviderContext): Promise<string> {
  const place = keyPlace(kind);
  const known = await store.read((tx) => tx.getSecret<string>(place));
  if (known !== undefined) return known;
  const fresh = await KINDS[kind]();
  return store.write(async (tx) => {
    // Another request may have been quicker.
    const theirs = await tx.getSecret<string>(place);
    if (theirs === undefined) await tx.setSecret(place, fresh);
    return theirs ?? fresh;
  });
}

/** Where a key is kept. */
export function keyPlace(kind: keyof typeof KINDS): string[] {
  return [PROVIDER.name, 'keys', kind];
}

async function rsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

async function secret(): Promise<string> {
  return randomBytes(32).toString('base64url');
}
