import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ConnectorError, type Diagnostic, lookUp } from '@connectorkit/sdk';
import type { Context } from './command.ts';

/** Bytes; whatever is given to a command is far shorter. */
const LARGEST = 20 * 1024 * 1024;

/**
 * The text of a file that was named on the command line, `-` for stdin. A pipe is read as well, such as the one that a
 * shell makes of `<(command)`; no waiting for either outlives the command's signal.
 * @param otherwise What is reported when it cannot be read, beside the reason.
 * @throws ConnectorError usage
 */
export async function textGiven(
  { cwd, signal, stdin }: Pick<Context, 'cwd' | 'signal' | 'stdin'>,
  path: string,
  otherwise: Pick<Diagnostic, 'code' | 'hint'>,
): Promise<string> {
  if (path === '-') return stdin();
  try {
    // Without waiting: a pipe that nobody writes to would never be open.
    const descriptor = openSync(resolve(cwd, path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = fstatSync(descriptor);
    if (facts.isFIFO()) {
      return await text(addAbortSignal(signal, new Socket({ fd: descriptor, readable: true, writable: false })));
    }
    try {
      if (!facts.isFile()) throw new Error(facts.isDirectory() ? 'it is a folder' : 'it is a device');
      if (facts.size > LARGEST) throw new Error(`it has more than ${LARGEST / 1024 / 1024} MB`);
      return readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === undefined ? message : `${lookUp(REASONS, code) ?? 'it cannot be opened'} (${code})`;
    throw new ConnectorError('usage', { message: `${path} cannot be read: ${reason}.`, ...otherwise }, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  ENXIO: 'it is a socket or a device',
};

/** A token to ask for, and the words to ask with. */
interface TokenWanted {
  /** Such as `Token`. */
  readonly title: string;
  /** Such as `Make at https://eu1.make.com/api/v2`. */
  readonly where: string;
  /** Advice for when there is none on stdin, one sentence. */
  readonly hint: string;
}

/**
 * A token: typed where it is not shown, or all of stdin. Never from the command line, where others could read it.
 * @throws ConnectorError usage `usage/missing` when there is none, or stdin has several lines
 */
export async function tokenGiven(
  { ask, stdin, terminal }: Pick<Context, 'ask' | 'stdin' | 'terminal'>,
  { title, where, hint }: TokenWanted,
): Promise<string> {
  const question = { message: `${title} for ${where}`, flag: 'the token on stdin' };
  const given = terminal.interactive || terminal.stdin ? await ask.secret(question) : await stdin();
  const token = given.trim();
  if (token !== '' && !/[\r\n]/.test(token)) return token;
  const name = title.toLowerCase();
  const message = token === '' ? `No ${name} on stdin for ${where}.` : `The ${name} on stdin has several lines.`;
  throw new ConnectorError('usage', { code: 'usage/missing', message, hint });
}

/**
 * Reads parameters from a file, from stdin (`-`), or else from CONNECTOR_INPUT; undefined when there are none. What they
 * are is never shown: they hold credentials.
 * @throws ConnectorError usage `instances/input`
 */
export async function parametersGiven(
  context: Pick<Context, 'cwd' | 'environment' | 'signal' | 'stdin'>,
  from: string | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text =
    from === undefined
      ? context.environment.CONNECTOR_INPUT || undefined
      : await textGiven(context, from, { code: 'instances/input', hint: 'Check the path.' });
  if (text === undefined) return undefined;
  const where = from === undefined ? 'CONNECTOR_INPUT' : from === '-' ? 'stdin' : from;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // The parser's words quote the text.
  }
  throw new ConnectorError('usage', {
    code: 'instances/input',
    message: `The parameters in ${where} are not a JSON object.`,
    hint: 'Write an object with a value for each parameter.',
  });
}
