import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { renamePatiently } from '@connectorkit/sdk/node';
import { readRegularFile } from '../regular-file.ts';
import { refusal } from './store.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts texts, each bound to a name: under another name it does not open. */
export class Cipher {
  readonly #key: Buffer;

  constructor(key: Buffer = randomBytes(KEY_BYTES)) {
    this.#key = key;
  }

  /** Base64 of nonce, tag and ciphertext. */
  seal(name: string, text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Throws a ConnectorError when it was sealed with another key or for another name, or was changed. */
  open(name: string, sealed: string): string {
    try {
      return this.#open(name, sealed);
    } catch (cause) {
      throw refusal('a secret in the store was changed outside and cannot be read', { cause });
    }
  }

  #open(name: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(name))
      .setAuthTag(tag);
    return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}

/** Kept in the store: where its key comes from, and something that only this key opens. */
export interface Lock {
  readonly from: 'given' | 'file';
  /** Base64. */
  readonly salt: string;
  readonly check: string;
}

export interface Keyring {
  /** The store, for messages. */
  readonly name: string;
  /** The key that the user gave. */
  readonly given: string | undefined;
  /** Where the key is kept when none is given. */
  readonly file: string;
}

const CHECK = 'check';

/**
 * The cipher of a store: with the lock that it keeps, or with a new lock for it to keep. Throws a ConnectorError
 * when the key is not the one of the lock.
 */
export async function unlock(keyring: Keyring, lock: Lock | undefined): Promise<{ cipher: Cipher; lock: Lock }> {
  const from = keyring.given === undefined ? 'file' : 'given';
  if (lock !== undefined && lock.from !== from) throw SOURCES[lock.from].unused(keyring);
  const salt = lock === undefined ? randomBytes(KEY_BYTES) : Buffer.from(lock.salt, 'base64');
  const cipher = new Cipher(await SOURCES[from].key(keyring, salt, lock === undefined));
  if (lock === undefined) {
    return { cipher, lock: { from, salt: salt.toString('base64'), check: cipher.seal(CHECK, CHECK) } };
  }
  try {
    cipher.open(CHECK, lock.check);
  } catch (cause) {
    throw SOURCES[from].wrong(keyring, cause);
  }
  return { cipher, lock };
}

interface Source {
  key(keyring: Keyring, salt: Buffer, isNew: boolean): Buffer | Promise<Buffer>;
  /** The store's key comes from here, and another source was chosen. */
  unused(keyring: Keyring): Error;
  wrong(keyring: Keyring, cause: unknown): Error;
}

const GIVEN_HINT = 'Give the key that the store was made with, or name another file with --store.';

const SOURCES: Record<Lock['from'], Source> = {
  given: {
    key({ given = '', name }, salt) {
      if (given === '')
        throw refusal(`the key given for ${name} is empty`, { hint: 'Give a long random text, or none.' });
      return promisify<string, Buffer, number, Buffer>(scrypt)(given, salt, KEY_BYTES);
    },
    unused: ({ name }) => refusal(`${name} was created with your own key, but no key is given`, { hint: GIVEN_HINT }),
    wrong: ({ name }, cause) =>
      refusal(`the key given for ${name} is not the one it was created with`, { hint: GIVEN_HINT, cause }),
  },
  file: {
    key({ file, name }, _salt, isNew) {
      const key = readKey(file, name) ?? (isNew ? makeKey(file) : undefined);
      if (key?.length === KEY_BYTES) return key;
      const what = key === undefined ? 'is missing' : `has ${key.length} bytes instead of ${KEY_BYTES}`;
      throw refusal(`the key file ${file} of ${name} ${what}`, {
        hint: 'Put the right key file back, or move both files away: without it the secrets in the store are lost.',
      });
    },
    unused: ({ name, file }) =>
      refusal(`${name} was made with its key file ${file}, and another key is given`, {
        hint: 'Give no key, or name another file with --store.',
      }),
    wrong: ({ name, file }, cause) =>
      refusal(`the key file ${file} does not belong to ${name}`, {
        hint: 'Put the right key file back, or move both files away.',
        cause,
      }),
  },
};

/** Bytes: as many as tell that a file is none. */
const LARGEST = 1024;

function readKey(file: string, name: string): Buffer | undefined {
  try {
    return readRegularFile(file, LARGEST);
  } catch (cause) {
    const hint = 'Put the right key file back, or name another store with --store.';
    throw refusal(`the key file ${file} of ${name} cannot be read: ${(cause as Error).message}`, { hint, cause });
  }
}

/** Synchronous, because the database is locked meanwhile. Written aside and renamed, so that a key file is whole or absent. */
function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const aside = `${file}.new`;
  writeFileSync(aside, key, { mode: 0o600, flush: true });
  renamePatiently(aside, file);
  return key;
}
