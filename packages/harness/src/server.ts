import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { lookUp } from '@connectorkit/sdk/emulator';
import type { Seeds } from '#generated/seeds.js';
import { certificateFor } from './certificate.ts';
import type { Clients } from './clients.ts';
import type { Control } from './control.ts';
import type { EmulatedPlatform } from './emulator.ts';
import { hostGuard, isLoopback, originGuard, refuseRemote } from './guards.ts';
import { JOURNAL } from './journal.ts';
import { type Listener, type ListenerLimits, listenAt } from './listener.ts';
import { answerRequest, sendJson } from './platform-requests.ts';
import { EMULATORS } from './platforms/index.ts';
import { openSpace, type Space } from './space.ts';
import { type SpaceLimits, type SpaceRoutes, Spaces } from './spaces.ts';
import { isFile, openStore, type Store } from './store/index.ts';

/** How a harness is started; all of it may be left out. */
export interface HarnessOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Of a second listener, which speaks TLS; 0 takes a free one. Unless said there is one only where others may come. */
  readonly tlsPort?: number;
  /**
   * Folder that keeps the certificate of the second listener and its key, made on first use; the store's own unless
   * said. For a store that is no file the certificate is in memory, unless a folder is said.
   */
  readonly certificateFolder?: string;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /**
   * True if `host` may be an address that others can reach. They reach it over TLS, at `tlsPort`; plain HTTP stays on
   * 127.0.0.1.
   */
  readonly allowRemote?: boolean;
  /** True if others may reach it without TLS as well, so that whoever is on the way reads tokens and secrets. */
  readonly allowPlainHttp?: boolean;
  /** `memory`, the default, the path of an SQLite file, or the `postgres://` address of a database. */
  readonly store?: string;
  /** Encrypts secrets in the store (default: a key file beside the store; a database has none and needs this). */
  readonly storeKey?: string;
  /** Of an SQLite file: `NORMAL` keeps every answered write through the death of the process, `FULL` through a power cut. */
  readonly synchronous?: 'NORMAL' | 'FULL';
  /** The token that may do everything (default: a new UUID). */
  readonly token?: string;
  /** The token of the harness's own API (default: a new UUID). */
  readonly controlToken?: string;
  /** Real time, which the harness's own clock is ahead of or behind (default: the system's). */
  readonly clock?: { now(): Date };
  /** Names from EMULATORS (default: all). */
  readonly platforms?: readonly string[];
  /** Seeds by platform, placed before the first request, as `Control.seed` does. */
  readonly seed?: Partial<Seeds>;
  /** Holds every answer against the platform's contract, for tests of the harness itself. */
  readonly checkAnswers?: boolean;
  /** True if the platforms' documented rate limits hold (default: no), so that tests may be quick. */
  readonly rateLimits?: boolean;
  /** How many requests and answers the journal keeps (default: 10,000), none when 0. */
  readonly journal?: number;
  /** How many spaces there may be, and for how long, where that is not to be as it is by itself. */
  readonly spaces?: Partial<SpaceLimits>;
  /** How long requests may take and how long their heads may be, where that is not to be as it is by itself. */
  readonly limits?: Partial<ListenerLimits>;
  /**
   * Gives the sections of a connection as the files of a project have them now, by its name on the harness: section →
   * text as it would be pushed; undefined for a connection that the project does not declare (default: of all).
   */
  readonly filesOf?: (name: string) => Promise<Readonly<Record<string, string>> | undefined>;
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
export interface Harness extends Control {
  /** Such as http://127.0.0.1:4600; each platform's API stands at its own path below. */
  readonly url: string;
  /** The same over TLS, such as https://127.0.0.1:4643; absent when no `tlsPort` was given. */
  readonly tlsUrl?: string;
  /**
   * Certificate that clients of `tlsUrl` have to trust: PEM, and the file for NODE_EXTRA_CA_CERTS where there is one.
   */
  readonly certificate?: { readonly text: string; readonly file?: string };
  /** Token for everything on the platforms. */
  readonly token: string;
  /** Token for the harness's own API below /__harness. */
  readonly controlToken: string;
  /** Parts with their own apps, journal, clock and faults, each with a token. */
  readonly spaces: SpaceRoutes;
  /** The sdk's clients of the platforms here, such as `(await harness.clients()).make.registry`. */
  clients(): Promise<Clients>;
  /** Finishes what is under way, then closes the store. */
  close(): Promise<void>;
}

/**
 * Starts the platforms on this machine.
 * @throws ConnectorError usage `harness/not-local`, `harness/port-in-use`, `harness/certificate` or `harness/store`; as
 * `Control.seed` throws when `seed` cannot be put in place.
 */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { host = '127.0.0.1', port = 0, token = randomUUID(), store: location = 'memory' } = options;
  const { controlToken = randomUUID(), onFault = () => {}, filesOf = async () => undefined } = options;
  refuseRemote(host, options);
  const secrets: { learn?: (value: unknown) => void } = {};
  const store = await openStore(location, {
    ...(options.storeKey === undefined ? {} : { key: options.storeKey }),
    ...(options.synchronous === undefined ? {} : { synchronous: options.synchronous }),
    apart: JOURNAL,
    onSecret: (value) => secrets.learn?.(value),
  });
  const listeners: Listener[] = [];
  const { checkAnswers = false, rateLimits = false, journal: journalSize = JOURNAL_SIZE } = options;
  const shared = {
    ...{ checkAnswers, rateLimits, journalSize, filesOf, onFault },
    platforms: (options.platforms ?? Object.keys(EMULATORS)).map(platformNamed),
    now: () => options.clock?.now() ?? new Date(),
    address: () => reachable(listeners[0]?.url ?? ''),
  };
  const openOther = (place: Store, own: string) =>
    openSpace({ ...shared, store: place, token: own, controlToken: own, provider: main });
  const spaces = new Spaces(store, openOther, { limits: options.spaces ?? {}, onFault });
  const main = openSpace({ ...shared, store, token, controlToken, spaces }, (query) => spaces.arrive(query));
  secrets.learn = (value) => main.journal.redaction.learn(value);
  const { control } = main;
  try {
    for (const [platform, given] of Object.entries(options.seed ?? {})) {
      await control.seed(platform as keyof Seeds, given as never);
    }
    const own = new Set([token, controlToken].flatMap((each) => [`Bearer ${each}`, `Token ${each}`]));
    const spaceOf = (headers: IncomingHttpHeaders) =>
      headers.authorization !== undefined && own.has(headers.authorization) ? undefined : spaces.at(headers);
    const answer = answering(async (headers) => (await spaceOf(headers)) ?? main, host, options);
    const { allowPlainHttp = false, tlsPort } = options;
    const tlsOnly = !isLoopback(host) && !allowPlainHttp;
    const listener = await listenAt(tlsOnly ? '127.0.0.1' : host, port, answer, undefined, options.limits);
    listeners.push(listener);
    const tls = await listenOverTls(host, location, answer, {
      ...options,
      tlsPort: tlsPort ?? (tlsOnly ? 0 : undefined),
    });
    if (tls !== undefined) listeners.push(tls.listener);
    let closed: Promise<void> | undefined;
    return {
      ...control,
      spaces,
      url: listener.url,
      ...(tls && { tlsUrl: tls.listener.url, certificate: tls.certificate }),
      token,
      controlToken,
      clients: async () => {
        const { clientsAt, overNetwork } = await import('./clients.ts');
        return clientsAt(listener.url, token, overNetwork());
      },
      close: () => {
        closed ??= Promise.all([main.close(), spaces.close(), closeAll(listeners)])
          .then(() => main.journal.close())
          .finally(() => store.close());
        return closed;
      },
    };
  } catch (error) {
    await Promise.all([spaces.close(), closeAll(listeners)]).finally(() => store.close());
    throw error;
  }
}

const JOURNAL_SIZE = 10_000;

/** The address by which this machine reaches a listener that listens at every address. */
function reachable(url: string): string {
  return url.replace(/^(https?:\/\/)(?:0\.0\.0\.0|\[::\])(?=:)/, '$1127.0.0.1');
}

async function closeAll(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
}

/** Both listeners serve the same; the certificate lies beside the store. */
async function listenOverTls(
  host: string,
  location: string,
  answer: RequestListener,
  {
    tlsPort,
    certificateFolder,
    limits,
  }: Pick<HarnessOptions, 'certificateFolder' | 'limits'> & {
    readonly tlsPort: number | undefined;
  },
) {
  if (tlsPort === undefined) return undefined;
  const beside = isFile(location) ? dirname(location) : undefined;
  const { key, ...certificate } = await certificateFor(host, certificateFolder ?? beside);
  return { listener: await listenAt(host, tlsPort, answer, { key, ...certificate }, limits), certificate };
}

function platformNamed(name: string): EmulatedPlatform {
  const platform = lookUp(EMULATORS, name);
  if (platform === undefined) throw new Error(`no platform is called ${name}`);
  return platform;
}

/** @param spaceFor the space that a request with these headers is for */
function answering(
  spaceFor: (headers: IncomingHttpHeaders) => Promise<Space>,
  host: string,
  { onRequest, onFault }: HarnessOptions,
): RequestListener {
  const admitted = hostGuard(host);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', headers } = request;
    const space = await spaceFor(headers);
    if (OWN_PATH.test(url)) return space.own(request, response);
    return answerRequest(await space.at(url), request, response, space.journal);
  };
  return (request, response) => {
    if (onRequest !== undefined) tell(request, response, onRequest);
    if (!admitted(request, response) || !originGuard(request, response)) return;
    answer(request, response).catch((fault) => {
      onFault?.(fault);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { message: 'The harness failed.' });
    });
  };
}

/** Matches the paths below /__harness, and the front page. */
const OWN_PATH = /^\/(?:__harness(?:[/?]|$)|\?|$)/;

function tell(
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
  onRequest: (entry: RequestEntry) => void,
): void {
  const started = performance.now();
  response.once('finish', () => {
    const [path = ''] = url.split('?', 1);
    onRequest({ method, path, status: response.statusCode, milliseconds: performance.now() - started });
  });
}
