import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** A parameter of a request, decoded; names may repeat. */
export type Parameter = readonly [name: string, value: string];

/** Input of a signature. */
export interface Signed {
  readonly method: string;
  /** Absolute; its query is read from `parameters` alone. */
  readonly url: string;
  /** Those of the header (without `realm`), the query and a form in the body: RFC 5849, section 3.4.1.3.1. */
  readonly parameters: readonly Parameter[];
}

/** Where the parameters of a request stand. */
export interface Sources {
  /** With its question mark, or empty. */
  readonly search: string;
  /** Of a body that is a form. */
  readonly form: string | undefined;
  readonly authorization: string | undefined;
}

/** Of one source each; undefined where a percent sign begins nothing. */
export interface Found {
  readonly query: readonly Parameter[];
  readonly body: readonly Parameter[];
  readonly header: readonly Parameter[];
}

/** Percent-encoding as RFC 5849, section 3.6, has it: everything but letters, digits and `-._~`. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The parameters of a request, decoded; undefined when one cannot be: RFC 5849, section 3.4.1.3.1. */
export function parametersIn({ search, form, authorization }: Sources): Found | undefined {
  try {
    return {
      query: pairsIn(search.replace(/^\?/, '')),
      body: pairsIn(form ?? ''),
      header: headerParameters(authorization ?? ''),
    };
  } catch {
    return undefined;
  }
}

/** A form as it stands: what repeats or is empty counts. */
function pairsIn(text: string): Parameter[] {
  const decoded = (part: string) => decodeURIComponent(part.replaceAll('+', '%20'));
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
}

/** RFC 5849, section 3.5.1. */
function headerParameters(authorization: string): Parameter[] {
  const [, text] = /^oauth\s+(.*)$/is.exec(authorization) ?? [];
  if (text === undefined) return [];
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): Parameter => {
      const [, name, value] = /^([^=\s"]+)="([^"]*)"$/.exec(part) ?? [];
      if (name === undefined || value === undefined) throw new URIError(part);
      return [decodeURIComponent(name), decodeURIComponent(value)];
    })
    .filter(([name]) => name.toLowerCase() !== 'realm');
}

/** The text that is signed: RFC 5849, section 3.4.1. */
export function signatureBase({ method, url, parameters }: Signed): string {
  const { protocol, host } = new URL(url);
  const [, path = '/'] = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url) ?? [];
  const pairs = parameters
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]): Parameter => [encoded(name), encoded(value)])
    .sort(byBytes)
    .map(([name, value]) => `${name}=${value}`);
  return [method.toUpperCase(), `${protocol}//${host}${path || '/'}`, pairs.join('&')].map(encoded).join('&');
}

/** Compares two parameters by bytes. Encoded text is ASCII, so that its characters are its bytes. */
function byBytes([name, value]: Parameter, [other, another]: Parameter): number {
  if (name !== other) return name < other ? -1 : 1;
  return value === another ? 0 : value < another ? -1 : 1;
}

/** Secrets that a client and a server share, or, in place of the client's secret, its keys. */
interface Secrets {
  readonly client: string;
  readonly token: string;
  /** PEM, for RSA-SHA1: private where something is signed, public where it is verified. */
  readonly key?: string;
}

interface SignatureMethod {
  sign(base: string, secrets: Secrets): string;
  /** Absent where signing again and comparing is all. */
  verify?(base: string, signature: string, secrets: Secrets): boolean;
}

/** The methods of RFC 5849, section 3.4, and HMAC-SHA256, by their names. */
export const SIGNATURE_METHODS: Readonly<Record<string, SignatureMethod>> = {
  'HMAC-SHA1': { sign: (base, secrets) => createHmac('sha1', shared(secrets)).update(base).digest('base64') },
  'HMAC-SHA256': { sign: (base, secrets) => createHmac('sha256', shared(secrets)).update(base).digest('base64') },
  'RSA-SHA1': {
    sign: (base, { key = '' }) => sign('sha1', Buffer.from(base), createPrivateKey(key)).toString('base64'),
    verify: (base, signature, { key }) =>
      key !== undefined && verify('sha1', Buffer.from(base), createPublicKey(key), Buffer.from(signature, 'base64')),
  },
  PLAINTEXT: { sign: (_base, secrets) => shared(secrets) },
};

function shared({ client, token }: Secrets): string {
  return `${encoded(client)}&${encoded(token)}`;
}

/** The `oauth_body_hash` of a body that is no form, as an extension of OAuth 1 has it. */
export function bodyHash(body: Uint8Array): string {
  return createHash('sha1').update(body).digest('base64');
}
