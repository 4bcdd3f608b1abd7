import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import type { Context } from './command.ts';

/** A document of a vendor's, and the URL that it came from, if it came from one. */
export interface Source {
  readonly text: string;
  readonly location: string | undefined;
}

/** Redirects that are followed: an address may have moved, and may have got https meanwhile. */
const REDIRECTS = 5;

/**
 * Reads a document from a file, a URL, or stdin for a hyphen.
 * @throws ConnectorError usage `openapi/unreadable` for a file that is not there, network for a URL that gives none
 */
export async function readSourceAt(context: Context, at: string): Promise<Source> {
  if (at === '-') return { text: await context.stdin(), location: undefined };
  if (isURL(at)) return fetched(context, at);
  const file = resolve(context.cwd, at);
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts?.isFile() !== true) {
    throw new ConnectorError('usage', {
      code: 'openapi/unreadable',
      message: facts === undefined ? `There is no file ${at}.` : `${at} is not a file.`,
      hint: 'Pass a file, a URL that begins with https://, or - for stdin.',
      found: at,
    });
  }
  return { text: readFileSync(file, 'utf8'), location: undefined };
}

/** Checks if the given text is an address, and not the name of a file. */
export function isURL(at: string): boolean {
  return /^https?:\/\//i.test(at) && URL.canParse(at);
}

/** The document at one of these addresses, the first that has one. */
export async function fetchedFirst(context: Context, urls: readonly string[]): Promise<Source> {
  for (const [index, url] of urls.entries()) {
    try {
      return await fetched(context, url);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.kind !== 'refused' || index === urls.length - 1) throw error;
    }
  }
  throw new Error('no addresses to fetch from');
}

async function fetched({ send }: Context, url: string, redirects = 0): Promise<Source> {
  const headers = { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' };
  const { status, headers: answered, body } = await send({ method: 'GET', url, headers });
  if (status >= 200 && status < 300) return { text: body, location: url };
  const next = status >= 300 && status < 400 ? answered.location : undefined;
  if (next !== undefined && redirects < REDIRECTS)
    return fetched({ send } as Context, whereNext(url, next), redirects + 1);
  throw new ConnectorError('refused', {
    code: 'openapi/unreadable',
    message: `${url} answers ${status}.`,
    hint: next === undefined ? 'Check the URL.' : 'There were too many redirects. Pass the URL of the document itself.',
    found: url,
  });
}

/** Where a redirect leads. What was encrypted stays so. */
function whereNext(from: string, to: string): string {
  const next = new URL(to, from);
  // What a section is made with is where this leads, and credentials have no place there.
  next.username = '';
  next.password = '';
  if (/^https?:$/.test(next.protocol) && !(from.startsWith('https:') && next.protocol === 'http:')) return next.href;
  throw new ConnectorError('refused', {
    code: 'openapi/unreadable',
    message: `${from} redirects to ${next.href}, which is not encrypted.`,
    hint: 'Pass the URL of the document itself.',
    found: to,
  });
}
