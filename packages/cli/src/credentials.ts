import { basename, dirname, join } from 'node:path';
import { ConnectorError, type Files } from '@connectorkit/sdk';
import { filesIn, userFolder } from '@connectorkit/sdk/node';
import { type Environment, updateFile } from '@connectorkit/sdk/project';

/** Tokens that people logged in with, in a file of their own; no project holds them. */
export interface Credentials {
  /** The absolute path of the file, whether or not it is there. */
  readonly file: string;
  token(at: Address): string | undefined;
  /** Every token, by the address that it is for. */
  all(): ReadonlyMap<string, string>;
  keep(at: Address, token: string): void;
  /** Checks if there was one. */
  forget(at: Address): boolean;
}

/** A platform by its name, and the base URL of its API: several platforms can be at one address. */
interface Address {
  readonly platform: string;
  readonly url: string;
}

/**
 * `credentials.json` in the user's own folder. Only its owner can read it. Tokens are kept by the platform and the API's base URL, so that
 * every project that talks to it finds them; those of earlier versions, by the URL alone, count for all that is there.
 */
export function credentialsOf(environment: Environment): Credentials {
  const file = join(userFolder(environment), 'credentials.json');
  const files = filesIn(dirname(file));
  return {
    file,
    token: (at) => {
      const { [key(at)]: own, [normalUrl(at.url)]: shared } = read(files, file);
      return (own ?? shared)?.token;
    },
    all: () => new Map(Object.entries(read(files, file)).map(([address, { token }]) => [address, token])),
    keep: (at, token) => change(files, file, (entries) => ({ ...entries, [key(at)]: { token } })),
    forget: (at) => {
      const isThere = (entries: Entries) => key(at) in entries || normalUrl(at.url) in entries;
      if (!isThere(read(files, file))) return false;
      change(files, file, ({ [key(at)]: _, [normalUrl(at.url)]: __, ...others }) => others);
      return true;
    },
  };
}

/** Returns the address as it is compared: hosts without case, and without a slash at the end. */
export function normalUrl(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}

interface Entries {
  readonly [address: string]: { readonly token: string };
}

function key(at: Address): string {
  return `${at.platform} ${normalUrl(at.url)}`;
}

function read(files: Files, file: string): Entries {
  return entriesIn(file, files.read(basename(file)));
}

function entriesIn(file: string, text: string | undefined): Entries {
  if (text === undefined) return {};
  try {
    const { origins } = JSON.parse(text);
    if (typeof origins === 'object' && origins !== null) return Object.assign(Object.create(null), origins);
  } catch {
    // The parser's words quote the text.
  }
  throw new ConnectorError('usage', {
    code: 'origin/credentials',
    message: `${file} is not readable as JSON.`,
    hint: 'Correct it, or remove it and log in again with `connector login`.',
  });
}

/** Several commands may log in at the same time: none of them loses what another keeps. */
function change(files: Files, file: string, next: (entries: Entries) => Entries): void {
  const textOf = (text: string | undefined) => {
    const origins = next(entriesIn(file, text));
    return `${JSON.stringify({ version: 1, origins }, undefined, 2)}\n`;
  };
  updateFile(files, basename(file), textOf, { secret: true });
}
