import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { readRegularFile } from '@connectorkit/harness/regular-file';
import { ConnectorError, lookUp } from '@connectorkit/sdk';
import { filesIn, userFolder } from '@connectorkit/sdk/node';
import { updateFile } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';
import { hostVariable } from './hosts.ts';
import type { Destination, DestinationAddress } from './settings.ts';

/** Bytes; tokens are far shorter. */
const LARGEST = 16 * 1024;
/** In the user's own folder: file → the addresses that what it holds may be sent to. */
const ALLOWED = 'token-files.json';

/** Parts of a command's context by which somebody can be asked. */
export interface Asking extends Pick<Context, 'environment'> {
  readonly ask: Pick<Context['ask'], 'confirm'>;
  readonly terminal: Pick<Context['terminal'], 'interactive'>;
}

/** Where a token file is looked for, and whether its host needs no question. */
interface Look {
  /** The project's, absolute; paths are relative to it. */
  readonly folder: string;
  readonly named: boolean;
}

/**
 * The token in the file that the project names for an origin; undefined when there is none. The file may be any of the
 * user's, so that it is sent to a host that is not named by somebody else only when the user allows it. They are asked
 * once for a file and an address.
 * @throws ConnectorError auth `origin/token-file` when it is not allowed, or no token
 */
export async function tokenFromFile(
  { ask, terminal, environment }: Asking,
  { name, url, tokenFile }: DestinationAddress,
  { folder, named }: Look,
): Promise<Pick<Destination, 'token' | 'source'> | undefined> {
  if (tokenFile === undefined) return undefined;
  const file = realPathOf(resolve(folder, tokenFile));
  if (file === undefined) return undefined;
  const token = tokenIn(file);
  const grant = { token, source: 'the token file of the origin' };
  const files = filesIn(userFolder(environment));
  if (named || lookUp(allowed(files.read(ALLOWED)), file)?.includes(url)) return grant;
  const variable = hostVariable(name);
  if (!terminal.interactive) {
    throw refused(
      `${JSON.stringify(name)} is at ${url}, and you have not allowed sending the content of ${file} there.`,
      `If it is the token for that host, set ${variable}=${new URL(url).host}; in a terminal you are asked once.`,
    );
  }
  const message = `The project uses ${file} as the token file of ${name}. Send its content to ${url}?`;
  if (!(await ask.confirm({ message, flag: variable }))) {
    throw refused(`What is in ${file} was not sent to ${url}.`, `Log in with \`connector login --origin ${name}\`.`);
  }
  updateFile(
    files,
    ALLOWED,
    (text) => {
      const { [file]: known = [], ...others } = allowed(text);
      return `${JSON.stringify({ version: 1, files: { ...others, [file]: [...known, url] } }, undefined, 2)}\n`;
    },
    { secret: true },
  );
  return grant;
}

function realPathOf(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

/** One line of printable characters, as headers take them. */
const TOKEN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

function tokenIn(file: string): string {
  const text = textOf(file).trim();
  if (TOKEN.test(text)) return text;
  const what = text === '' ? 'it is empty' : 'a token is one line of ASCII characters';
  throw refused(`${file} holds no token: ${what}.`, 'Write the token into it, and nothing else.');
}

function textOf(file: string): string {
  try {
    return readRegularFile(file, LARGEST)?.toString('utf8') ?? '';
  } catch (cause) {
    const hint = 'Put the token into a file, or log in.';
    throw refused(`${file} cannot be read: ${(cause as Error).message}.`, hint, cause);
  }
}

function allowed(text: string | undefined): Readonly<Record<string, readonly string[]>> {
  try {
    const { files } = JSON.parse(text ?? '{}');
    return Object.fromEntries(
      Object.entries(files ?? {}).filter((entry): entry is [string, string[]] => Array.isArray(entry[1])),
    );
  } catch {
    return {};
  }
}

function refused(message: string, hint: string, cause?: unknown): ConnectorError {
  return new ConnectorError('auth', { code: 'origin/token-file', message, hint }, { cause });
}
