import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { lookUp } from '@connectorkit/sdk/emulator';
import Negotiator from 'negotiator';
import { sendJson } from '../platform-requests.ts';

/** Path of the console, below which everything is a file of it or a place in it. */
const BASE = '/__harness/console/';

/**
 * The page runs and shows only what comes from this address, and no other page can show it in a frame. Scripts cannot
 * write markup.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // The editor draws its marks with them; scripts in images do not run.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: 'accept-encoding',
} as const;

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-frame-options': 'DENY',
} as const;

const unzip = promisify(gunzip);

/**
 * Answers `GET /__harness/console/…`: the files of the console, which hold nothing of anybody's and need no session. An
 * address that is no file is a place within the console, which the page finds itself.
 * @returns true if the request was one of these
 */
export async function consolePages(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const { method, url = '' } = request;
  const [path = ''] = url.split('?', 1);
  if (!`${path}/`.startsWith(BASE) || (method !== 'GET' && method !== 'HEAD')) return false;
  if (path.length < BASE.length) {
    response.writeHead(308, { location: BASE }).end();
    return true;
  }
  // Loaded when asked for: it is all that the page consists of.
  const { FILES } = await import('#generated/console.js');
  const name = path.slice(BASE.length);
  const isAsset = name.startsWith('assets/');
  const file = lookUp(FILES, isAsset ? name : 'index.html');
  if (file === undefined) {
    sendJson(response, 404, { message: `The console has no file ${JSON.stringify(name)}.` });
    return true;
  }
  const zipped = Buffer.from(file.gzip, 'base64');
  const isZipped = new Negotiator(request).encodings(['gzip', 'identity'])[0] === 'gzip';
  const bytes = isZipped ? zipped : await unzip(zipped);
  response.writeHead(200, {
    ...HEADERS,
    ...(isAsset ? {} : PAGE_HEADERS),
    'content-type': file.type,
    'content-length': bytes.length,
    'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(isZipped && { 'content-encoding': 'gzip' }),
  });
  response.end(method === 'HEAD' ? undefined : bytes);
  return true;
}
