import type { Environment } from '@connectorkit/sdk/project';
import { userKey } from './user-key.ts';

/** Bytes of the nonce and of the tag of AES-GCM. */
const [NONCE, TAG] = [12, 16];

/**
 * Encrypts a text with AES-256-GCM, by a key that is made of this user's own.
 * @param purpose what the text is; only with the same can it be decrypted
 * @throws ConnectorError usage `state/no-key`
 */
export function encrypted(text: string, purpose: string, environment: Environment): string {
  const { createCipheriv, randomBytes } = process.getBuiltinModule('node:crypto');
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyFor(purpose, environment), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** Decrypts what `encrypted` made; undefined when it was made with another key or for another purpose, or changed. */
export function decrypted(code: string, purpose: string, environment: Environment): string | undefined {
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.length < NONCE + TAG) return undefined;
  const { createDecipheriv } = process.getBuiltinModule('node:crypto');
  const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose, environment), bytes.subarray(0, NONCE));
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function keyFor(purpose: string, environment: Environment): Buffer {
  const { hkdfSync } = process.getBuiltinModule('node:crypto');
  return Buffer.from(hkdfSync('sha256', userKey(environment, { make: true }), '', `connectorkit ${purpose}`, 32));
}
