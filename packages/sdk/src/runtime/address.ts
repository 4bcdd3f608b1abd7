import { Failure, type Reason } from './failure.ts';
import { type Pair, wellFormed, written } from './form-encoding.ts';

/** Parts of a URL, each as it is written. */
interface Parts {
  /** Scheme and authority. */
  readonly origin: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

const PARTS = /^(https?:\/\/[^/?#\s]+)([^?#]*)(?:\?([^#]*))?/i;

/**
 * The address that a request goes to. Unless `encode` is false, what a URL cannot hold is percent-encoded, and what is
 * encoded already stays so. Slashes that follow each other in the path become one, as Make makes of them.
 * @param pairs are added to the query string
 * @throws Failure when the URL is not absolute
 */
export function addressOf(url: unknown, pairs: readonly Pair[], encode: boolean, path: Reason['path']): string {
  const { origin, path: place, query } = partsOf(url, path);
  const joined = [query, written(pairs)].filter((part) => part !== '').join('&');
  const clean = place.replace(/\/{2,}/g, '/') || '/';
  const whole = `${encode ? encoded(clean) : clean}${joined === '' ? '' : `?${encode ? encoded(joined) : joined}`}`;
  return origin + sendable(whole);
}

function partsOf(url: unknown, path: Reason['path']): Parts {
  const text = typeof url === 'string' ? url.trim() : '';
  const [, origin = '', place = '', query = ''] = PARTS.exec(text) ?? [];
  if (origin === '' || !URL.canParse(origin)) {
    const found = typeof url === 'string' ? JSON.stringify(url) : String(url);
    throw new Failure({
      code: 'run/url',
      message: `${found} is not an absolute URL.`,
      hint: 'A connection has no base URL: start with https:// and the host.',
      found,
      path: [...path, 'url'],
    });
  }
  return { origin, path: place, query };
}

function encoded(text: string): string {
  return encodeURI(wellFormed(text)).replace(/%25(?=[0-9a-f]{2})/gi, '%');
}

/** Encodes characters that HTTP cannot carry in its request line, whatever the request says. */
function sendable(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, (found) => encodeURIComponent(wellFormed(found)));
}

/** Where a URL leads, without what it carries: for messages. */
export function placeOf(url: string): string {
  const [, origin = '', place = ''] = PARTS.exec(url) ?? [];
  return origin.replace(/\/\/[^/@]*@/, '//') + place;
}
