import { lookUp } from '@connectorkit/sdk/emulator';

/** Parameters of an `Authorization: Digest` header, without quotes. */
export interface DigestParameters {
  /** Or its hash, with `userhash`. */
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly opaque?: string;
  readonly algorithm?: string;
  readonly qop?: string;
  readonly nc?: string;
  readonly cnonce?: string;
  readonly userhash?: string;
}

/** True if a parameter stands between quotes: RFC 7616, section 3.4. */
const QUOTED: Readonly<Record<string, boolean>> = {
  username: true,
  realm: true,
  nonce: true,
  uri: true,
  response: true,
  cnonce: true,
  opaque: true,
  'username*': false,
  algorithm: false,
  qop: false,
  nc: false,
  userhash: false,
};

const PARAMETER = /\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/gsy;

/** Reads the header, or says in a sentence what is wrong with how it is written. */
export function readDigest(header: string): { readonly parameters: DigestParameters } | { readonly fault: string } {
  const [, text] = /^digest\s+(.*)$/is.exec(header) ?? [];
  if (text === undefined) return { fault: 'The scheme is not Digest.' };
  const found: Record<string, string> = {};
  let end = 0;
  for (const [all, given = '', quoted, token] of text.matchAll(PARAMETER)) {
    const name = given.toLowerCase();
    const isQuoted = quoted !== undefined;
    if (Object.hasOwn(found, name)) return { fault: `${name} is given twice.` };
    if ((lookUp(QUOTED, name) ?? isQuoted) !== isQuoted) {
      return {
        fault: `${name} must be ${isQuoted ? 'without' : 'in'} quotes (RFC 7616, section 3.4).`,
      };
    }
    found[name] = quoted?.replace(/\\(.)/gs, '$1') ?? token ?? '';
    end += all.length;
  }
  if (end !== text.length)
    return { fault: `The header cannot be read from ${JSON.stringify(text.slice(end, end + 20))}.` };
  return complete(found);
}

function complete({ 'username*': extended, ...found }: Record<string, string>): ReturnType<typeof readDigest> {
  if (extended !== undefined) {
    if (found.username !== undefined) return { fault: 'The header has both username and username*; send one of them.' };
    if (found.userhash === 'true') return { fault: 'username* cannot be hashed.' };
    const username = decodedName(extended);
    if (username === undefined) return { fault: 'username* is not percent-encoded UTF-8 (RFC 8187).' };
    found.username = username;
  }
  const missing = ['username', 'realm', 'nonce', 'uri', 'response'].filter((name) => found[name] === undefined);
  if (missing.length > 0) return { fault: `The header has no ${missing.join(', ')}.` };
  if (found.qop !== undefined && !/^[\da-f]{8}$/i.test(found.nc ?? ''))
    return { fault: `nc is ${JSON.stringify(found.nc ?? '')}, not eight hexadecimal digits.` };
  if (found.qop !== undefined && !found.cnonce) return { fault: 'cnonce is missing.' };
  return { parameters: found as unknown as DigestParameters };
}

function decodedName(text: string): string | undefined {
  const [, encoded] = /^UTF-8''(.*)$/i.exec(text) ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
