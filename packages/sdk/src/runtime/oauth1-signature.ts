import type { Path } from '../diagnostics.ts';
import type { JSONObject } from '../json.ts';
import { lookUp } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { isForm } from './body.ts';
import { Failure } from './failure.ts';
import { asText, type Pair, percentEncoded, readPairs, written } from './form-encoding.ts';
import type { HttpCall } from './transport.ts';

/** Random bytes, given by the caller. */
export type Chance = (size: number) => Uint8Array;

type Unsigned = Omit<HttpCall, 'timeout' | 'largest'>;

/** Context of a signature, beside the request and its credentials. */
export interface SigningContext {
  /** Parameters of the protocol, such as `oauth_callback`. */
  readonly protocol: Readonly<Record<string, string>>;
  readonly chance: Chance;
  readonly now: Date;
  /** Of the directive, into `api`. */
  readonly path: Path;
}

interface Secrets {
  readonly consumer: string;
  readonly token: string;
  /** PEM; only RSA signs with it. */
  readonly privateKey: string;
}

/** How each method signs the base string. Source: RFC 5849, section 3.4; HMAC-SHA256 is what some providers add. */
const METHODS: Readonly<Record<string, (base: string, secrets: Secrets) => string>> = {
  'HMAC-SHA1': (base, secrets) => nodeCrypto().createHmac('sha1', keyOf(secrets)).update(base).digest('base64'),
  'HMAC-SHA256': (base, secrets) => nodeCrypto().createHmac('sha256', keyOf(secrets)).update(base).digest('base64'),
  'RSA-SHA1': (base, { privateKey }) =>
    nodeCrypto()
      .sign('sha1', new TextEncoder().encode(base), nodeCrypto().createPrivateKey(privateKey))
      .toString('base64'),
  PLAINTEXT: (_, secrets) => keyOf(secrets),
};

/** Where the parameters of the protocol go. Source: RFC 5849, section 3.5. */
const TRANSPORTS: Readonly<Record<string, (call: Unsigned, pairs: readonly Pair[], refuse: Refuse) => Unsigned>> = {
  header: (call, pairs) => {
    const values = pairs.map(([name, value]) => `${percentEncoded(name)}="${percentEncoded(value)}"`);
    return { ...call, headers: { ...call.headers, authorization: `OAuth ${values.join(', ')}` } };
  },
  query: (call, pairs) => ({ ...call, url: `${call.url}${call.url.includes('?') ? '&' : '?'}${written(pairs)}` }),
  body: (call, pairs, refuse) => {
    const mediaType = call.headers['content-type'];
    if (call.method === 'GET' || (call.body !== undefined && !isForm(mediaType))) {
      throw refuse(
        'the body can carry it only where it is a form, and the method one with a body',
        'Use "type": "urlencoded" with POST, or the transport_method header.',
      );
    }
    const before = textOfBody(call.body);
    const body = new TextEncoder().encode([before, written(pairs)].filter((part) => part !== '').join('&'));
    const headers = { ...call.headers, 'content-type': mediaType ?? 'application/x-www-form-urlencoded' };
    return { ...call, headers, body };
  },
};

type Refuse = (what: string, hint: string, name?: string) => Failure;

/**
 * The request with the signature of OAuth 1.0a, where the directive wants it: in the header Authorization unless it says
 * otherwise. Source: RFC 5849.
 * @throws Failure for a method or a transport that there is not, and for a key that cannot be read
 */
export function signedWithOAuth1(call: Unsigned, directive: JSONObject, context: SigningContext): Unsigned {
  const { protocol, chance, now, path } = context;
  const refuse: Refuse = (what, hint, name) =>
    new Failure({
      code: 'run/signature',
      message: `The request cannot be signed: ${what}.`,
      hint,
      path: name === undefined ? path : [...path, name],
    });
  const text = (name: string) => (directive[name] === undefined ? '' : asText(directive[name]));
  const method = text('signature_method') || 'HMAC-SHA1';
  const signing = lookUp(METHODS, method);
  const place = lookUp(TRANSPORTS, text('transport_method') || 'header');
  if (signing === undefined || place === undefined) {
    const [name, table] =
      signing === undefined ? ['signature_method', METHODS] : (['transport_method', TRANSPORTS] as const);
    throw refuse(`${JSON.stringify(text(name))} is no ${name}`, `There are ${Object.keys(table).join(', ')}.`, name);
  }
  if (text('consumer_key') === '') {
    throw refuse('consumer_key has no value', 'Check what its expression reads: a parameter or common.');
  }
  const hash = bodyHash(directive.body_hash, method, call);
  const pairs = Object.entries({
    oauth_consumer_key: text('consumer_key'),
    oauth_nonce: Buffer.from(chance(16)).toString('hex'),
    oauth_signature_method: method,
    oauth_timestamp: String(Math.floor(now.getTime() / 1000)),
    oauth_version: '1.0',
    ...(text('token') === '' ? {} : { oauth_token: text('token') }),
    ...(text('verifier') === '' ? {} : { oauth_verifier: text('verifier') }),
    ...(hash === undefined ? {} : { oauth_body_hash: hash }),
    ...protocol,
  });
  const secrets = { consumer: text('consumer_secret'), token: text('token_secret'), privateKey: text('private_key') };
  const signature = signatureOf(() => signing(baseString(call, pairs), secrets), refuse);
  return place(call, [...pairs, ['oauth_signature', signature]], refuse);
}

function signatureOf(make: () => string, refuse: Refuse): string {
  try {
    return make();
  } catch {
    // What the library says of a key may show some of it.
    throw refuse(
      'private_key is not a private key in PEM',
      'It starts with -----BEGIN PRIVATE KEY-----.',
      'private_key',
    );
  }
}

function keyOf({ consumer, token }: Secrets): string {
  return `${percentEncoded(consumer)}&${percentEncoded(token)}`;
}

/**
 * Returns the signature base string: the method, the address, and every parameter of the query string, of a form and of the protocol,
 * sorted. Source: RFC 5849, section 3.4.1.
 */
export function baseString(
  call: Pick<Unsigned, 'method' | 'url' | 'headers' | 'body'>,
  protocol: readonly Pair[],
): string {
  const { method, url, headers, body } = call;
  const { protocol: scheme, host, pathname } = new URL(url);
  const at = url.indexOf('?');
  const form = isForm(headers['content-type']) ? readPairs(textOfBody(body)) : [];
  const pairs = [...(at < 0 ? [] : readPairs(url.slice(at + 1))), ...form, ...protocol];
  const parameters = pairs
    .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
    .sort((a, b) => byCode(a[0], b[0]) || byCode(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method, `${scheme}//${host}${pathname}`, parameters].map(percentEncoded).join('&');
}

/** Compares percent-encoded texts. They are ASCII, so that code units are bytes. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A body that is no form is covered only by its hash. Source: OAuth Request Body Hash 1.0 (draft 4). */
function bodyHash(wanted: unknown, method: string, { headers, body }: Unsigned): string | undefined {
  if (typeof wanted === 'string' && wanted !== '' && wanted !== 'true' && wanted !== 'false') return wanted;
  if (wanted !== true && wanted !== 'true') return undefined;
  if (isForm(headers['content-type'])) return undefined;
  const algorithm = method === 'HMAC-SHA256' ? 'sha256' : 'sha1';
  return nodeCrypto()
    .createHash(algorithm)
    .update(body ?? new Uint8Array())
    .digest('base64');
}

function textOfBody(body: Uint8Array | undefined): string {
  return body === undefined ? '' : new TextDecoder().decode(body);
}
