import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isSecure } from '../origin.ts';
import type { Key, Store } from '../store/store.ts';

/** Milliseconds for which a link can be used. */
const LINK_AGE = 120_000;
/** Milliseconds for which a session holds. */
const SESSION_AGE = 12 * 3_600_000;
/** Links that nobody used yet; the oldest are forgotten first. */
const OPEN_LINKS = 20;

const LINKS: Key = ['console-links'];

/** Session that has begun: its key, and the header that sets its cookie. */
interface ConsoleSession {
  readonly key: string;
  readonly cookie: string;
}

/** Header with the half of a session that scripts of the console know; Node writes names in small letters. */
const KEY_HEADER = 'x-connector-console';

/** Link that begins a session, once. */
export interface ConsoleLink {
  /** Path with the code behind the `#`, so that no server and no journal sees it. */
  readonly path: string;
  /** ISO 8601. */
  readonly until: string;
}

/**
 * Sessions of browsers with the console. A session has two halves, and both are needed: a cookie, which scripts cannot
 * read, and a key, which only scripts of the same origin can. A cookie alone would not do: browsers send it to every
 * port of a host (RFC 6265, section 8.5), so that another server on this machine could keep it. What is signed with
 * the control token needs no memory, and so outlives a restart; a new control token ends all sessions.
 */
export class ConsoleSessions {
  readonly #controlToken: string;
  readonly #store: Store;

  /** @param store keeps links until they are used, for whichever process the browser comes to */
  constructor(controlToken: string, store: Store) {
    this.#controlToken = controlToken;
    this.#store = store;
  }

  async link(): Promise<ConsoleLink> {
    const code = randomBytes(32).toString('base64url');
    const ends = Date.now() + LINK_AGE;
    await this.#store.write(async (tx) => {
      const open = [...(await tx.list<number>(LINKS))].sort((one, other) => other.value - one.value);
      for (const [at, { key, value }] of open.entries()) {
        if (at >= OPEN_LINKS - 1 || value < Date.now()) await tx.forget(key);
      }
      await tx.set(this.#keyOf(code), ends);
    });
    return { path: `/__harness/console/#code=${code}`, until: new Date(ends).toISOString() };
  }

  /**
   * Begins a session with the code of a link, which then is used up.
   * @returns undefined for a code that is not good, or no longer
   */
  async begin(code: string, request: IncomingMessage): Promise<ConsoleSession | undefined> {
    const key = this.#keyOf(code);
    const ends = await this.#store.write(async (tx) => {
      const known = await tx.get<number>(key);
      if (known !== undefined) await tx.forget(key);
      return known ?? 0;
    });
    if (ends < Date.now()) return undefined;
    const claims = `${Date.now() + SESSION_AGE}.${randomBytes(16).toString('base64url')}`;
    const value = `${claims}.${this.#sign('session', claims)}`;
    const attributes = `HttpOnly; SameSite=Strict; Max-Age=${SESSION_AGE / 1000}`;
    const { name, place } = cookieOf(request);
    return { key: this.#sign('key', value), cookie: `${name}=${value}; ${attributes}; ${place}` };
  }

  /** True if a request has both halves of a session and comes from a page of this origin. */
  admits(request: IncomingMessage): boolean {
    const { headers } = request;
    // The origin, where the browser names one, was compared before: other origins get nothing.
    if (headers.origin === undefined && headers['sec-fetch-site'] !== 'same-origin') return false;
    const key = headers[KEY_HEADER];
    const { name } = cookieOf(request);
    const value = cookiesIn(headers.cookie).get(name);
    if (value === undefined || typeof key !== 'string') return false;
    const [ends = '', nonce = '', signature = ''] = value.split('.');
    const isSigned = areEqual(signature, this.#sign('session', `${ends}.${nonce}`));
    return isSigned && areEqual(key, this.#sign('key', value)) && Number(ends) > Date.now();
  }

  /** Neither the code nor anything that it could be made of is stored. */
  #keyOf(code: string): Key {
    return [...LINKS, this.#sign('link', code)];
  }

  #sign(purpose: 'session' | 'key' | 'link', text: string): string {
    const hmac = createHmac('sha256', this.#controlToken);
    return hmac.update(`connectorkit console ${purpose}\n${text}`).digest('base64url');
  }
}

/** Ports share the cookies of a host, so each has its own name. Browsers take `__Host-` only over TLS and for all paths. */
function cookieOf(request: IncomingMessage): { readonly name: string; readonly place: string } {
  const name = `connector-console-${request.socket.localPort}`;
  return isSecure(request) ? { name: `__Host-${name}`, place: 'Path=/; Secure' } : { name, place: 'Path=/__harness' };
}

function cookiesIn(header = ''): ReadonlyMap<string, string> {
  return new Map(
    header.split(';').map((pair): [string, string] => {
      const end = pair.indexOf('=');
      return [pair.slice(0, end).trim(), pair.slice(end + 1).trim()];
    }),
  );
}

function areEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
