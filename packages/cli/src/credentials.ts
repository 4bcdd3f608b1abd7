import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ConnectorError, type Files } from '@connectorkit/sdk';
import { filesIn } from './disk.ts';

/** Tokens that people logged in with, in a file of their own; no project holds them. */
export interface Credentials {
  /** The absolute path of the file, whether or not it is there. */
  readonly file: string;
  token(at: Address): string | undefined;
  keep(at: Address, token: string): void;
  /** Whether there was one. */
  forget(at: Address): boolean;
}

/** A platform by its name, and the base URL of its API: several platforms can be at one address. */
interface Address {
  readonly platform: string;
  readonly url: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `connectorkit/credentials.json` in the user's configuration folder: `$XDG_CONFIG_HOME`, on Windows `%APPDATA%`,
 * otherwise `~/.config`. Only its owner can read it. Tokens are kept by the platform and the API's base URL, so that
 * every project that talks to it finds them; those of earlier versions, by the URL alone, count for all that is there.
 */
export function credentialsOf(environment: Environment): Credentials {
  const file = join(configuration(environment), 'connectorkit', 'credentials.json');
  const files = filesIn(dirname(file));
  const name = basename(file);
  return {
    file,
    token: (at) => {
      const { [key(at)]: own, [urlOf(at)]: shared } = read(files, file);
      return (own ?? shared)?.token;
    },
    keep: (at, token) => write(files, name, { ...read(files, file), [key(at)]: { token } }),
    forget: (at) => {
      const { [key(at)]: own, [urlOf(at)]: shared, ...others } = read(files, file);
      const known = own !== undefined || shared !== undefined;
      if (known) write(files, name, others);
      return known;
    },
  };
}

interface Entries {
  readonly [address: string]: { readonly token: string };
}

function configuration({ XDG_CONFIG_HOME, APPDATA, HOME }: Environment): string {
  if (XDG_CONFIG_HOME) return XDG_CONFIG_HOME;
  if (process.platform === 'win32' && APPDATA) return APPDATA;
  return join(HOME || homedir(), '.config');
}

function key(at: Address): string {
  return `${at.platform} ${urlOf(at)}`;
}

/** Hosts are compared without case, and a slash at the end does not count. */
function urlOf({ url }: Address): string {
  return new URL(url).href.replace(/\/+$/, '');
}

function read(files: Files, file: string): Entries {
  const text = files.read(basename(file));
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
    hint: 'Mend it, or remove it and log in again with `connector login`.',
  });
}

function write(files: Files, name: string, origins: Entries): void {
  files.write(name, `${JSON.stringify({ version: 1, origins }, undefined, 2)}\n`, { secret: true });
}
