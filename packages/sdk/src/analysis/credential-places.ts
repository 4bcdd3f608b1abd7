import type { Expression, Span, Template } from '../iml/tree.ts';
import { isCredentialHeader, looksSecret } from '../secrecy.ts';
import type { Reference, Text } from './expressions.ts';

/** Where in an address, or in a text that is written like one, an expression stands. */
export interface AddressPlace extends Span {
  readonly expression: Expression;
  /** Before the host, in the query string, or anywhere else. */
  readonly kind: 'userinfo' | 'query' | 'path';
  /** Name in the query string. */
  readonly name?: string | undefined;
}

/** Stands for an expression. */
const HOLE = '\uFFFC';

/** Matches a name in a query string. */
const NAME = /^[\w.%~[\]-]*$/;
/** Matches the user information between the scheme and the host: a name and a password, or either. */
const USERINFO = /:\/\/(?:[^/?#@:]*:)?([^/?#@:]*)@/d;

/**
 * Each expression of the template, by its offsets in the text and in their order, and where in the address it stands. A
 * text without a scheme may be a query string by itself.
 */
export function addressPlaces({ parts }: Template): readonly AddressPlace[] {
  const plain = parts.map((part) => (part.kind === 'expression' ? HOLE : part.text)).join('');
  const [from, to] = USERINFO.exec(plain)?.indices?.[1] ?? [0, 0];
  const places: AddressPlace[] = [];
  const query = new Query();
  let at = 0;
  for (const part of parts) {
    if (part.kind === 'expression') {
      const { offset, end, expression } = part;
      const isUserinfo = at >= from && at < to;
      const { kind, name } = isUserinfo ? USER : query;
      places.push({ offset, end, expression, kind, name });
    }
    const text = part.kind === 'expression' ? HOLE : part.text;
    query.read(text);
    at += text.length;
  }
  return places;
}

const USER = { kind: 'userinfo', name: undefined } as const;

/** Where in an address one is that is read from its beginning. */
class Query {
  #isQuery = false;
  /** Text since the last parameter began, as long as it may be the name of one. */
  #pending: string | undefined = '';
  name: string | undefined;

  get kind(): 'query' | 'path' {
    return this.#isQuery || this.name !== undefined ? 'query' : 'path';
  }

  read(text: string): void {
    for (const piece of text.split(/([?&=#])/)) {
      if (piece === '=') {
        if (this.#pending !== undefined && this.#pending !== '') this.name = this.#pending;
        this.#pending = undefined;
      } else if (/^[?&#]$/.test(piece)) {
        this.#isQuery = piece !== '#' && (this.#isQuery || piece === '?');
        this.name = undefined;
        this.#pending = piece === '#' ? undefined : '';
      } else if (this.#pending !== undefined) this.#pending = NAME.test(piece) ? this.#pending + piece : undefined;
    }
  }
}

/** Checks if an expression at such a place of an address is a credential. */
export function isCredentialPlace({ kind, name }: AddressPlace): boolean {
  return kind === 'userinfo' || (name !== undefined && isCredentialName(name));
}

/** Checks if a value of this name in a query string or a body is a credential. */
function isCredentialName(name: string): boolean {
  return looksSecret(name) || /^(auth|authorization)$/i.test(name);
}

const SCHEME = /^\s*(basic|bearer)\s+$/i;

/**
 * Returns the credentials that a text of a request sends: all that is in it when the name that it is sent under says so, or
 * what follows a name such as `token=` in it, or `Bearer`.
 * @param from the length of the request's own path
 */
export function credentialsIn(text: Text, from: number): readonly Reference[] {
  const { path, template, sources } = text;
  if (sources.length === 0) return sources;
  if (isNamedCredential(path, from)) return sources;
  const [first, second] = template.parts;
  if (first === undefined || second === undefined) return NONE;
  if (first.kind === 'text' && SCHEME.test(first.text)) return sources;
  if (!template.text.includes('=') && !template.text.includes('@')) return NONE;
  const places = addressPlaces(template);
  return sources.filter((source) => {
    const place = placeAt(places, source);
    return place !== undefined && isCredentialPlace(place);
  });
}

const NONE: readonly Reference[] = [];

/** Checks if the name that a value is sent under says that it is a credential. */
function isNamedCredential(path: Text['path'], from: number): boolean {
  if (path.length < from + 2) return false;
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return false;
  const part = path[from];
  return part === 'headers' || part === 'temp' ? isCredentialHeader(name) : isCredentialName(name);
}

/** The place that a part of an expression stands at; places in the order of their offsets. */
export function placeAt(places: readonly AddressPlace[], { offset }: Span): AddressPlace | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return places[low - 1];
}
