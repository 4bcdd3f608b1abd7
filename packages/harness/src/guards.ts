import { ConnectorError } from '@connectorkit/sdk';
import express, { type RequestHandler } from 'express';
import type { Emulation } from './emulate.ts';
import { type Emulator, Refusal } from './emulator.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page elsewhere can point a name of its own at this address, but not change the name that the browser sends. */
export function hostGuard(host: string): RequestHandler {
  const names = new Set([...LOOPBACK, host.includes(':') ? `[${host}]` : host]);
  return (request, response, next) => {
    const name = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
    if (names.has(name) || host === '0.0.0.0' || host === '::') return next();
    response.status(403).json({ message: `The harness does not answer to the host name ${JSON.stringify(name)}.` });
  };
}

/** Reads a body of any type within the platform's limit; bodies on DELETE and GET are read and ignored. */
export function bodies(emulation: Emulation): RequestHandler {
  const readers = new Map<Emulator | undefined, RequestHandler>();
  return (request, response, next) => {
    const emulator = emulation.owner(request.path);
    let reader = readers.get(emulator);
    if (reader === undefined) {
      reader = express.raw({ type: () => true, limit: emulator?.bodyLimit ?? 100_000 });
      readers.set(emulator, reader);
    }
    reader(request, response, (error?: unknown) => {
      if (error === undefined) return next();
      const tooLarge = (error as { type?: string }).type === 'entity.too.large';
      const refusal = tooLarge
        ? new Refusal('too-large', 'request entity too large')
        : new Refusal('malformed', 'The body could not be read.');
      const { status = 400, body } = emulator?.refuse(refusal, undefined) ?? { body: { message: refusal.message } };
      response.status(status).json(body);
    });
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
