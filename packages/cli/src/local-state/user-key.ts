import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRegularFile } from '@connectorkit/harness/regular-file';
import { ConnectorError } from '@connectorkit/sdk';
import { makeFolder, renamePatiently, userFolder } from '@connectorkit/sdk/node';
import type { Environment } from '@connectorkit/sdk/project';

/** Bytes of a key's file. */
const LARGEST = 1024;
/** 32 bytes in base64url. */
const KEY = /^[\w-]{43}$/;

/**
 * Gives the user's own key, which lies in a folder of theirs that no project can write to; undefined when there is none
 * that can be used, unless one is to be made.
 * @throws ConnectorError usage `state/no-key` when it is to be made, and can neither be used nor made
 */
export function userKey(environment: Environment, options: { readonly make: true }): string;
export function userKey(environment: Environment): string | undefined;
export function userKey(environment: Environment, { make = false } = {}): string | undefined {
  const file = join(userFolder(environment), 'seal.key');
  return readKey(file) ?? (make ? makeKey(file) : undefined);
}

function readKey(file: string): string | undefined {
  try {
    const key = readRegularFile(file, LARGEST)?.toString('utf8');
    return key !== undefined && KEY.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Another process may make one at the same time: whose is there first is the one of both. */
function makeKey(file: string): string {
  const aside = `${file}.${process.pid}.tmp`;
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  try {
    makeFolder(dirname(file), 0o700);
    writeFileSync(aside, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
    try {
      putInPlace(aside, file);
    } finally {
      rmSync(aside, { force: true });
    }
  } catch (error) {
    throw noKey(file, String((error as NodeJS.ErrnoException).code), error);
  }
  const key = readKey(file);
  if (key === undefined) throw noKey(file, 'it is damaged');
  return key;
}

function putInPlace(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Some file systems have no links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    renamePatiently(aside, file);
  }
}

function noKey(file: string, why: string, cause?: unknown): ConnectorError {
  const hint =
    cause === undefined
      ? 'Remove it: a new one is made, and the state that was sealed with the old one is ignored.'
      : 'Set XDG_CONFIG_HOME to a folder of yours that is writable.';
  const message = `The key of this machine’s own state in ${file} cannot be used: ${why}.`;
  return new ConnectorError('usage', { code: 'state/no-key', message, hint }, { cause });
}
