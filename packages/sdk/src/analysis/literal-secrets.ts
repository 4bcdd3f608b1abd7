import type { Path } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { remembered } from '../remembered.ts';
import { holdsKnownSecret, looksSecret } from '../secrecy.ts';
import type { Request } from './requests.ts';

const SCHEME = /^(basic|bearer|token|apikey|digest|key|oauth)\s+(?=\S)/i;

/** Checks if a value of a request is a secret that is written out, because of its name or by itself. */
function isLiteralSecret(name: string, value: string): boolean {
  if (holdsKnownSecret(value)) return true;
  if (value.trim() === '' || value.includes('{{')) return false;
  if (name.toLowerCase() === 'authorization') return SCHEME.test(value) || /^\S{8,}$/.test(value);
  return looksSecret(name);
}

const IN_URL = /^[a-z]+:\/\/[^/?#\s]*:[^/?#\s{}]+@|[?&]([\w.-]+)=([^&#{}\s]+)/gi;

/** Checks if a secret is written out in a URL: a password before the host, a value of the query, a well-known form. */
const isInURL = remembered((url): boolean => {
  if (holdsKnownSecret(url)) return true;
  return [...url.matchAll(IN_URL)].some(([, name]) => name === undefined || looksSecret(name));
});

const PARTS = ['headers', 'qs', 'body'] as const;

/** A secret that is written out in a request. */
export interface LiteralSecret {
  readonly path: Path;
  /** The name of its property; undefined when it is a part of the URL. */
  readonly name: string | undefined;
}

/** The secrets that are written out in what the request sends, in the order of headers, qs, body and url. */
export function literalSecretsIn({ path, value }: Pick<Request, 'path' | 'value'>): readonly LiteralSecret[] {
  const found: LiteralSecret[] = [];
  for (const part of PARTS) addLiteralSecrets(value[part], [...path, part], part, found);
  if (typeof value.url === 'string' && isInURL(value.url)) found.push({ path: [...path, 'url'], name: undefined });
  return found;
}

/** `path` is where the walk is. */
function addLiteralSecrets(value: unknown, path: (string | number)[], name: string, found: LiteralSecret[]): void {
  if (typeof value === 'string') {
    if (isLiteralSecret(name, value)) found.push({ path: [...path], name });
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      addLiteralSecrets(value[index], path, name, found);
      path.pop();
    }
  } else if (isObject(value)) {
    for (const inner of Object.keys(value)) {
      path.push(inner);
      addLiteralSecrets(value[inner], path, inner, found);
      path.pop();
    }
  }
}
