import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectorError } from '@connectorkit/sdk';
import { sendJson } from './wire.ts';

/** Whether a request may go on; what may not is answered. */
export type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page elsewhere can point a name of its own at this address, but not change the name that the browser sends. */
export function hostGuard(host: string): Guard {
  const names = new Set([...LOOPBACK, host.includes(':') ? `[${host}]` : host]);
  const any = host === '0.0.0.0' || host === '::';
  return ({ headers }, response) => {
    const name = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
    if (any || names.has(name)) return true;
    sendJson(response, 403, { message: `The harness does not answer to the host name ${JSON.stringify(name)}.` });
    return false;
  };
}

/** @throws ConnectorError usage `harness/not-local` for an address that others can reach, unless it is allowed. */
export function refuseRemote(
  host: string,
  { allowRemote = false, token }: { readonly allowRemote?: boolean; readonly token?: string },
): void {
  const local = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  if (local || (allowRemote && token !== undefined)) return;
  throw new ConnectorError('usage', {
    code: 'harness/not-local',
    message: `${host} is not an address of this machine alone.`,
    hint: allowRemote
      ? 'Give the harness a token of your own in CONNECTOR_TOKEN.'
      : 'Use 127.0.0.1, or add --allow-remote and a token of your own in CONNECTOR_TOKEN.',
    found: host,
  });
}
