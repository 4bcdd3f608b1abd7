import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '@connectorkit/sdk';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { type Emulation, emulate, type Outgoing } from './emulate.ts';
import { type Emulator, Refusal } from './emulator.ts';
import { EMULATORS } from './platforms/index.ts';
import { portHolder } from './port.ts';
import { openStore } from './store/index.ts';

/** How a harness is started; all of it may be left out. */
export interface HarnessOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 unless said. */
  readonly host?: string;
  /** Whether `host` may be an address that others can reach. */
  readonly allowRemote?: boolean;
  /** `memory`, the default, or the path of an SQLite file. */
  readonly store?: string;
  /** Encrypts secrets in the store; a key file beside the store unless said. */
  readonly storeKey?: string;
  /** `NORMAL` keeps every answered write through the death of the process, `FULL` through a power cut. */
  readonly synchronous?: 'NORMAL' | 'FULL';
  /** The token that may do everything; a new UUID unless said. */
  readonly token?: string;
  readonly clock?: { now(): Date };
  /** Names from EMULATORS; all unless said. */
  readonly platforms?: readonly string[];
  /** Holds every answer against the platform's contract, for tests of the harness itself. */
  readonly checkAnswers?: boolean;
  /** Whether the platforms' documented rate limits hold; not unless said, so that tests may be quick. */
  readonly rateLimits?: boolean;
  /** Told of every answered request, in the order of the answers. */
  readonly onRequest?: (entry: RequestEntry) => void;
  /** Told of faults of the harness itself. */
  readonly onFault?: (fault: unknown) => void;
}

/** One request that was answered. */
export interface RequestEntry {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** A harness that runs. */
export interface Harness {
  /** Such as http://127.0.0.1:4600; each platform's API stands at its own path below. */
  readonly url: string;
  readonly token: string;
  /**
   * Puts things in place on a platform as if they had been there before; what they are is the platform's own, and
   * stands in the `seed.ts` of its emulator.
   */
  seed(platform: string, given: unknown): Promise<void>;
  /** Finishes what is under way, then closes the store. */
  close(): Promise<void>;
}

/**
 * Starts the platforms on this machine.
 * @throws ConnectorError usage `harness/not-local`, `harness/port-in-use` or `harness/store`.
 */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { host = '127.0.0.1', port = 0, token = randomUUID(), store: location = 'memory' } = options;
  refuseRemote(host, options);
  const store = await openStore(location, {
    ...(options.storeKey === undefined ? {} : { key: options.storeKey }),
    ...(options.synchronous === undefined ? {} : { synchronous: options.synchronous }),
  });
  try {
    const emulators = (options.platforms ?? Object.keys(EMULATORS)).map(emulatorNamed);
    await store.write(async (tx) => {
      for (const emulator of emulators) await emulator.admit(tx, token);
    });
    const emulation = await emulate(emulators, {
      store,
      now: () => options.clock?.now() ?? new Date(),
      checkAnswers: options.checkAnswers ?? false,
      rateLimits: options.rateLimits ?? false,
      onFault: options.onFault ?? (() => {}),
    });
    const server = createServer(application(emulation, emulators, host, options));
    await listen(server, host, port);
    const address = server.address() as AddressInfo;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
    return {
      url,
      token,
      seed: (name, given) => store.write((tx) => emulatorNamed(name).seed(tx, given as never)),
      close: () => close(server).finally(() => store.close()),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function emulatorNamed(name: string): Emulator {
  const emulator = EMULATORS[name];
  if (emulator === undefined) throw new Error(`no platform is called ${name}`);
  return emulator;
}

function application(
  emulation: Emulation,
  emulators: readonly Emulator[],
  host: string,
  { onRequest, onFault }: HarnessOptions,
): express.Express {
  const app = express().disable('x-powered-by').disable('etag');
  if (onRequest !== undefined) app.use(journal(onRequest));
  app.use(hostGuard(host), ownPaths(emulators), bodies(emulation));
  app.use(async (request, response) => {
    const { method, originalUrl: url, headers, body } = request;
    const outgoing = await emulation.answer({ method, url, headers, body: Buffer.isBuffer(body) ? body : undefined });
    send(response, outgoing);
  });
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    onFault?.(error);
    if (!response.headersSent) response.status(500).json({ message: 'The harness failed.' });
  };
  return app.use(failed);
}

function send(response: express.Response, { status, headers, body }: Outgoing): void {
  const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length, 'cache-control': 'no-store' }).end(body);
}

function journal(onRequest: (entry: RequestEntry) => void): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const { method, path } = request;
    response.once('finish', () => {
      onRequest({ method, path, status: response.statusCode, milliseconds: performance.now() - started });
    });
    next();
  };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page elsewhere can point a name of its own at this address, but not change the name that the browser sends. */
function hostGuard(host: string): RequestHandler {
  const names = new Set([...LOOPBACK, host.includes(':') ? `[${host}]` : host]);
  return (request, response, next) => {
    const name = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
    if (names.has(name) || host === '0.0.0.0' || host === '::') return next();
    response.status(403).json({ message: `The harness does not answer to the host name ${JSON.stringify(name)}.` });
  };
}

/** Our own paths stand where no platform's can. */
function ownPaths(emulators: readonly Emulator[]): RequestHandler {
  const own = express.Router();
  const platforms = emulators.map(({ platform: { name, title, basePath } }) => ({ name, title, basePath }));
  own.get('/__harness', (_request, response) => {
    response.json({ harness: 'connectorkit', pid: process.pid, platforms });
  });
  own.get('/__harness/platforms/:name/openapi.json', (request, response, next) => {
    const emulator = emulators.find(({ platform }) => platform.name === request.params.name);
    if (emulator === undefined) return next();
    response.json(emulator.platform.contract);
  });
  own.use('/__harness', (request, response) => {
    response.status(404).json({ message: `The harness has nothing at ${request.originalUrl}.` });
  });
  return own;
}

/** Reads a body of any type within the platform's limit; bodies on DELETE and GET are read and ignored. */
function bodies(emulation: Emulation): RequestHandler {
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

function refuseRemote(host: string, { allowRemote = false, token }: HarnessOptions): void {
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

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw cause;
    const holder = code === 'EADDRINUSE' ? await portHolder(host, port) : message;
    throw new ConnectorError(
      'usage',
      {
        code: 'harness/port-in-use',
        message: `The harness cannot listen on ${host}:${port}: ${holder}.`,
        hint: 'Stop what holds it, choose another with --port, or let the system choose with --port 0.',
        found: String(port),
      },
      { cause },
    );
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeIdleConnections();
  });
}
