import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PlatformFacts } from './emulator.ts';
import { sendJson } from './platform-requests.ts';
import { PROVIDER } from './provider/endpoints.ts';
import { proofOf } from './token-proof.ts';

/** Characters of a challenge: 32 random bytes in base64url have 43. */
const CHALLENGE = /^[\w-]{16,128}$/;

/**
 * Answers `GET /__harness`: what a harness says of itself to everybody on this machine, and with `?challenge=` the
 * proof for it. Stands before Express, which is not loaded for it.
 * @returns whether the request was this one
 */
export function identityOf(all: readonly PlatformFacts[], controlToken: string) {
  const platforms = all.map(({ name, title, basePath, scopes, keeps = [] }) => ({
    name,
    title,
    basePath,
    scopes,
    keeps,
  }));
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method, url = '', socket } = request;
    const [path, query] = url.split('?');
    if (path !== '/__harness' || (method !== 'GET' && method !== 'HEAD')) return false;
    const challenge = new URLSearchParams(query).get('challenge') ?? '';
    const proof = CHALLENGE.test(challenge) ? { proof: proofOf(controlToken, challenge, addressOf(socket)) } : {};
    sendJson(response, 200, {
      harness: 'connectorkit',
      pid: process.pid,
      ...proof,
      platforms,
      provider: PROVIDER.path,
    });
    return true;
  };
}

/** A listener at `::` sees addresses of version 4 as such of version 6. */
function addressOf({ localAddress = '', localPort }: IncomingMessage['socket']): string {
  return `${localAddress.replace(/^::ffff:/, '')}:${localPort}`;
}
