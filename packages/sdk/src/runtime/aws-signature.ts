import type { Path } from '../diagnostics.ts';
import type { JSONObject } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { Failure } from './failure.ts';
import { asText, type Pair, percentEncoded, readPairs } from './form-encoding.ts';
import type { HttpCall } from './transport.ts';

type Unsigned = Omit<HttpCall, 'timeout' | 'largest'>;

interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly session: string;
  readonly bucket: string;
}

/**
 * The request with a signature of Amazon Web Services, version 2 (of S3) unless the directive says 4. Make documents the
 * directive for modules; where it is written in a connection, this is what it would do.
 * @throws Failure without a key and a secret, and for a version that there is not
 */
export function signedForAWS(
  call: Unsigned,
  directive: JSONObject,
  { now, path }: { readonly now: Date; readonly path: Path },
): Unsigned {
  const text = (name: string) => (directive[name] === undefined ? '' : asText(directive[name]));
  const credentials = { key: text('key'), secret: text('secret'), session: text('session'), bucket: text('bucket') };
  const version = text('sign_version') || '2';
  const refuse = (what: string, hint: string) =>
    new Failure({ code: 'run/signature', message: `The request cannot be signed: ${what}.`, hint, path });
  if (credentials.key === '' || credentials.secret === '') {
    throw refuse('key and secret have no values', 'Check their expressions.');
  }
  if (version === '2') return version2(call, credentials, now);
  if (version === '4') return version4(call, credentials, now);
  throw refuse(`${JSON.stringify(version)} is not a sign_version`, 'Use 2 or 4.');
}

/** The parts of the query string that name another thing than the object itself, and are signed for it. */
const SUBRESOURCES = new Set(
  `acl cors delete lifecycle location logging notification partNumber policy requestPayment restore tagging torrent
  uploadId uploads versionId versioning versions website`.split(/\s+/),
);

/** Source: Amazon's documentation, "Signing and authenticating REST requests (AWS signature version 2)". */
function version2(call: Unsigned, { key, secret, session, bucket }: Credentials, now: Date): Unsigned {
  const headers: Record<string, string> = { date: now.toUTCString(), ...call.headers };
  if (session !== '') headers['x-amz-security-token'] = session;
  const amazon = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .sort(byName)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  const { hostname, pathname, search } = new URL(call.url);
  const signed = readPairs(search.slice(1))
    .filter(([name]) => SUBRESOURCES.has(name))
    .sort(byName)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&');
  // Where the host names the bucket, the path does not.
  const inHost = bucket !== '' && hostname.startsWith(`${bucket}.`) ? `/${bucket}` : '';
  const resource = `${inHost}${pathname}${signed === '' ? '' : `?${signed}`}`;
  const text = [
    call.method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    headers.date,
    amazon + resource,
  ];
  const signature = nodeCrypto().createHmac('sha1', secret).update(text.join('\n')).digest('base64');
  return { ...call, headers: { ...headers, authorization: `AWS ${key}:${signature}` } };
}

/** Source: Amazon's documentation, "Create a signed AWS API request". */
function version4(call: Unsigned, { key, secret, session }: Credentials, now: Date): Unsigned {
  const { host, hostname, pathname, search } = new URL(call.url);
  const { service, region } = serviceOf(hostname);
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const payload = hexHash(call.body ?? new Uint8Array());
  const headers: Record<string, string> = { ...call.headers, 'x-amz-date': time };
  if (session !== '') headers['x-amz-security-token'] = session;
  if (service === 's3') headers['x-amz-content-sha256'] = payload;
  const covered = Object.entries({ ...headers, host })
    .filter(([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-'))
    .sort(byName);
  const names = covered.map(([name]) => name).join(';');
  // Everything but S3 takes several slashes for one.
  const path = service === 's3' ? pathname : pathname.replace(/\/+/g, '/').split('/').map(percentEncoded).join('/');
  const canonical = [
    call.method,
    path,
    canonicalQuery(search.slice(1)),
    ...covered.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    payload,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, hexHash(canonical)].join('\n');
  const signingKey = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (before, part) => nodeCrypto().createHmac('sha256', before).update(part).digest(),
    `AWS4${secret}`,
  );
  const signature = nodeCrypto().createHmac('sha256', signingKey).update(text).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...call, headers: { ...headers, authorization } };
}

/** Hosts are `service.region.amazonaws.com`, with a bucket before it, and without a region in the oldest one. */
function serviceOf(hostname: string): { service: string; region: string } {
  const parts = hostname.replace(/\.amazonaws\.com(\.cn)?$/, '').split('.');
  const region = parts.length > 1 && /^[a-z]+(-[a-z]+)+-\d$/.test(parts.at(-1) ?? '') ? parts.pop() : undefined;
  return { service: parts.at(-1) ?? '', region: region ?? 'us-east-1' };
}

function canonicalQuery(query: string): string {
  return readPairs(query)
    .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
    .sort((a, b) => byName(a, b) || (a[1] < b[1] ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function hexHash(content: string | Uint8Array): string {
  return nodeCrypto().createHash('sha256').update(content).digest('hex');
}

function byName([a]: Pair, [b]: Pair): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
