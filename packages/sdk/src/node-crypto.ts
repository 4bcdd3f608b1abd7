import type {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign,
  timingSafeEqual,
} from 'node:crypto';
import { createRequire } from 'node:module';

/** The part of Node's cryptography that computes with what it is given. */
interface Cryptography {
  readonly constants: typeof constants;
  readonly createHash: typeof createHash;
  readonly createHmac: typeof createHmac;
  readonly createPrivateKey: typeof createPrivateKey;
  readonly createPublicKey: typeof createPublicKey;
  readonly createSecretKey: typeof createSecretKey;
  readonly sign: typeof sign;
  readonly timingSafeEqual: typeof timingSafeEqual;
}

let loaded: Cryptography | undefined;

/**
 * Returns Node's cryptography, which is loaded by the first call: that takes as long as validating a connection, and
 * many runs need none of it.
 */
export function nodeCrypto(): Cryptography {
  loaded ??= createRequire(import.meta.url)('node:crypto') as Cryptography;
  return loaded;
}
