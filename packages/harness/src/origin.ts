import type { IncomingMessage } from 'node:http';

/** Requests that came over TLS as far as whatever ended it in front of the harness. */
const behindTls = new WeakSet<IncomingMessage>();

/** Remembers that a request was sent over TLS, although it did not come here so. */
export function cameOverTls(request: IncomingMessage): void {
  behindTls.add(request);
}

/** True if whoever sent the request sent it over TLS. */
export function isSecure(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket || behindTls.has(request);
}

/** Origin by which the sender reaches the harness, such as `https://harness.example.com`. Its host name was checked before. */
export function originOf(request: IncomingMessage): string {
  return `${isSecure(request) ? 'https' : 'http'}://${request.headers.host ?? ''}`;
}
