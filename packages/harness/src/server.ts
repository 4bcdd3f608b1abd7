import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookUp } from '@connectorkit/sdk/emulator';
import type { Seeds } from '#generated/seeds.js';
import type { Activity } from './activity.ts';
import { AWAY, awayBody, onceAway, refusalFor } from './away.ts';
import { certificateFor } from './certificate.ts';
import type { Clients } from './clients.ts';
import type { Control } from './control.ts';
import type { EmulatedPlatform } from './emulator.ts';
import { hostGuard, isLoopback, originGuard, refuseRemote, refuseShort } from './guards.ts';
import { type Health, healthOf } from './health.ts';
import { Arrivals } from './instances/arrivals.ts';
import { JOURNAL } from './journal.ts';
import { LIMITS, type Listener, type ListenerLimits, listenAt } from './listener.ts';
import { cameOverTls } from './origin.ts';
import { answerRequest, sendAnswer, sendJson } from './platform-requests.ts';
import { EMULATORS } from './platforms/index.ts';
import { type RequestEntry, type RequestFacts, reportRequest } from './request-log.ts';
import { openSpace, type Space, type SpaceParts } from './space.ts';
import { type SpaceLimits, type SpaceRoutes, Spaces } from './spaces.ts';
import { isFile, isStoreFault, openStore, type Store } from './store/index.ts';

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
  /** The token of the harness's own API, of at least 20 characters (default: a new UUID). */
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
  /**
   * Of a listener of plain HTTP at `host` that answers `/metrics`, for Prometheus, and whether the harness lives and is
   * ready, to everybody who reaches it; 0 takes a free one (default: none).
   */
  readonly metricsPort?: number;
  /**
   * Address by which others reach the harness through something that ends TLS in front of it, such as
   * `https://harness.example.com`. Requests to its host are taken for sent over TLS. Headers such as X-Forwarded-Proto
   * are never believed.
   */
  readonly publicUrl?: string;
  /** True if each answer names its request in `X-Request-Id` (default: no). */
  readonly requestIds?: boolean;
  /** Told of every request that came to its end, in that order. */
  readonly onRequest?: (entry: RequestEntry) => void;
  /** Told of faults of the harness itself. */
  readonly onFault?: (fault: unknown) => void;
}

/** A harness that runs. */
export interface Harness extends Control {
  /** Such as http://127.0.0.1:4600; each platform's API stands at its own path below. */
  readonly url: string;
  /** The same over TLS, such as https://127.0.0.1:4643; absent when no `tlsPort` was given. */
  readonly tlsUrl?: string;
  /** Where metrics are, such as http://127.0.0.1:9464/metrics; absent when no `metricsPort` was given. */
  readonly metricsUrl?: string;
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
  /**
   * Is no longer ready, waits for `limits.drain`, takes no further connection, finishes what is under way within
   * `limits.grace`, and closes the store.
   */
  close(): Promise<void>;
}

/**
 * Starts the platforms on this machine.
 * @throws ConnectorError usage `harness/not-local`, `harness/token`, `harness/port-in-use`, `harness/certificate` or
 * `harness/store`; as `Control.seed` throws when `seed` cannot be put in place.
 */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { host = '127.0.0.1', port = 0, token = randomUUID(), store: location = 'memory' } = options;
  const { controlToken = randomUUID(), onFault = () => {}, filesOf = async () => undefined } = options;
  refuseRemote(host, options);
  refuseShort(options.controlToken);
  const secrets: { learn?: (value: unknown) => void } = {};
  const store = await openStore(location, {
    ...(options.storeKey === undefined ? {} : { key: options.storeKey }),
    ...(options.synchronous === undefined ? {} : { synchronous: options.synchronous }),
    apart: JOURNAL,
    onSecret: (value) => secrets.learn?.(value),
  });
  const listeners: Listener[] = [];
  const { checkAnswers = false, rateLimits = false, journal: journalSize = JOURNAL_SIZE } = options;
  const activity: Activity = { journalEntries: 0, eventStreams: 0 };
  const health = healthOf(store);
  const observers: Observers = { requests: options.onRequest ? [options.onRequest] : [], faults: [onFault] };
  const fault = onceAway(observers.faults);
  const shared = {
    ...{ checkAnswers, rateLimits, journalSize, filesOf, onFault: fault, activity },
    platforms: (options.platforms ?? Object.keys(EMULATORS)).map(platformNamed),
    now: () => options.clock?.now() ?? new Date(),
    address: () => reachable(listeners[0]?.url ?? ''),
  };
  const learn = (value: unknown) => secrets.learn?.(value);
  const { main, spaces } = openAll(shared, { store, token, controlToken, limits: options.spaces ?? {}, learn });
  secrets.learn = (value) => main.journal.redaction.learn(value);
  const { control } = main;
  const active = new Set<ServerResponse>();
  try {
    for (const [platform, given] of Object.entries(options.seed ?? {})) {
      await control.seed(platform as keyof Seeds, given as never);
    }
    const own = new Set([token, controlToken].flatMap((each) => [`Bearer ${each}`, `Token ${each}`]));
    const spaceOf = (headers: IncomingHttpHeaders) =>
      headers.authorization !== undefined && own.has(headers.authorization) ? undefined : spaces.at(headers);
    const spaceFor = async (headers: IncomingHttpHeaders) => (await spaceOf(headers)) ?? main;
    const answer = answering({ ...main, spaceFor, spaces, host, health, active, observers }, options);
    const { allowPlainHttp = false, tlsPort, metricsPort } = options;
    const tlsOnly = !isLoopback(host) && !allowPlainHttp;
    const listener = await listenAt(tlsOnly ? '127.0.0.1' : host, port, answer, undefined, options.limits);
    listeners.push(listener);
    const tls = await listenOverTls(host, location, answer, {
      ...options,
      tlsPort: tlsPort ?? (tlsOnly ? 0 : undefined),
    });
    if (tls !== undefined) listeners.push(tls.listener);
    const watching =
      metricsPort === undefined
        ? undefined
        : await listenForMetrics({ host, metricsPort, store, activity, active, observers, health }, options);
    let closed: Promise<void> | undefined;
    return {
      ...control,
      spaces,
      url: listener.url,
      ...(tls && { tlsUrl: tls.listener.url, certificate: tls.certificate }),
      ...(watching && { metricsUrl: `${watching.url}/metrics` }),
      token,
      controlToken,
      clients: async () => {
        const { clientsAt, overNetwork } = await import('./clients.ts');
        return clientsAt(listener.url, token, overNetwork());
      },
      close: () => {
        closed ??= shutDown({ main, spaces, health, active, listeners }, options.limits)
          .then(() => watching?.close())
          .finally(() => store.close());
        return closed;
      },
    };
  } catch (error) {
    for (const each of [main, spaces]) each.drain();
    await Promise.all([spaces.close(), closeAll(listeners)]).finally(() => store.close());
    throw error;
  }
}

/** Store, tokens and limits of a harness that is opened. */
interface Opening extends Pick<SpaceParts, 'store' | 'token' | 'controlToken'> {
  readonly limits: Partial<SpaceLimits>;
  /** Told of secrets. */
  readonly learn: (value: unknown) => void;
}

/** Parts of a harness that end one after the other. */
interface Ending extends Pick<Answering, 'health' | 'active'> {
  readonly main: Space;
  readonly spaces: Spaces;
  readonly listeners: readonly Listener[];
}

async function shutDown({ main, spaces, health, active, listeners }: Ending, limits: HarnessOptions['limits']) {
  const { drain, grace } = { ...LIMITS, ...limits };
  health.drain();
  for (const response of active) response.shouldKeepAlive = false;
  if (drain > 0) await sleep(drain);
  for (const each of [main, spaces]) each.drain();
  const endRuns = () => Promise.all([main.close(), spaces.close()]);
  // Whoever waits for a run that takes too long is told so, before the connections are cut.
  const late = setTimeout(endRuns, grace * 0.9);
  await closeAll(listeners).finally(() => clearTimeout(late));
  await endRuns();
  await main.journal.close();
}

/** Who is told of requests and of faults. */
interface Observers {
  readonly requests: ((entry: RequestEntry) => void)[];
  readonly faults: ((fault: unknown) => void)[];
}

/** Parts that a listener works with. */
interface Answering {
  /** The space that a request with these headers is for. */
  readonly spaceFor: (headers: IncomingHttpHeaders) => Promise<Space>;
  readonly spaces: Pick<Spaces, 'full'>;
  readonly host: string;
  readonly health: Health;
  /** Answers that are not finished. */
  readonly active: Set<ServerResponse>;
  readonly observers: Observers;
  readonly onFault: (fault: unknown) => void;
  readonly refused: Space['refused'];
}

/** Parts that a listener for metrics works with. */
interface Watching extends Pick<Answering, 'host' | 'active' | 'observers' | 'health'> {
  readonly metricsPort: number;
  readonly store: Store;
  readonly activity: Activity;
}

/** Loaded when it is asked for, with its library. Nothing there tells of anybody, so that it needs no token. */
async function listenForMetrics(
  { host, metricsPort, store, activity, active, observers, health }: Watching,
  { limits }: HarnessOptions,
): Promise<Listener> {
  const { metricsOf } = await import('./metrics.ts');
  const metrics = metricsOf(store, activity, () => active.size);
  observers.requests.push(metrics.observe);
  observers.faults.push(metrics.fault);
  const admitted = hostGuard(host);
  const answer: RequestListener = async (request, response) => {
    if (health.answer(request, response)) return;
    if (!admitted(request, response) || !originGuard(request, response)) return;
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      return sendJson(response, 404, { message: 'Only /metrics, /healthz and /readyz are here.' });
    }
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
  };
  return listenAt(host, metricsPort, answer, undefined, limits, '--metrics-port');
}

/** Opens the harness's own space, and what opens the others. */
function openAll(
  shared: Omit<SpaceParts, 'store' | 'token' | 'controlToken' | 'registry' | 'arrivals' | 'arrive'>,
  { store, token, controlToken, limits, learn }: Opening,
): { readonly main: Space; readonly spaces: Spaces } {
  const registry = store.space(REGISTRY, learn);
  const arrivals = new Arrivals(registry);
  const arrive = async (query: URLSearchParams) => {
    const arrival = await arrivals.find(query);
    const space = arrival?.space === undefined ? main : await spaces.named(arrival.space);
    return arrival && space?.arrive(arrival, query);
  };
  const all = { ...shared, registry, arrivals, arrive };
  const openOther = (place: Store, own: string, name: string) =>
    openSpace({ ...all, name, store: place, token: own, controlToken: own, provider: main });
  const spaces = new Spaces(store, registry, openOther, { limits, onFault: shared.onFault });
  const main = openSpace({ ...all, store, token, controlToken, spaces });
  return { main, spaces };
}

const JOURNAL_SIZE = 10_000;

/** Space of the store for what no reset empties; names of spaces that are made begin otherwise. */
const REGISTRY = '_harness';

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

function answering(
  { spaceFor, spaces, host, health, active, observers, onFault, refused }: Answering,
  { publicUrl, requestIds = false }: HarnessOptions,
): RequestListener {
  const behind = publicUrl === undefined ? undefined : new URL(publicUrl);
  const admitted = hostGuard(host, behind?.hostname);
  const { requests } = observers;
  const tell = (entry: RequestEntry) => {
    for (const each of requests) each(entry);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse, facts?: RequestFacts) => {
    const { url = '', headers } = request;
    const space = await spaceFor(headers);
    if (facts !== undefined) facts.space = space.name;
    if (space.name !== undefined && addsTo(request)) {
      const full = await spaces.full(space.name);
      // RFC 4918, section 11.5: what cannot be stored for want of room.
      if (full !== undefined) return sendJson(response, 507, { message: `${full} Delete something, or reset it.` });
    }
    if (OWN_PATH.test(url)) return space.own(request, response);
    return answerRequest(await space.at(url), request, response, space.journal, facts);
  };
  const failed = async (request: IncomingMessage, response: ServerResponse, fault: unknown) => {
    const { method = '', url = '' } = request;
    if (!isStoreFault(fault)) return sendJson(response, 500, { message: 'The harness failed.' });
    if (OWN_PATH.test(url)) return sendJson(response, AWAY.status, awayBody(), AWAY.headers);
    sendAnswer(response, await refused(method, url, refusalFor(fault)));
  };
  return (request, response) => {
    if (health.answer(request, response)) return;
    active.add(response);
    response.once('close', () => active.delete(response));
    if (health.isDraining) response.shouldKeepAlive = false;
    if (behind?.protocol === 'https:' && request.headers.host?.toLowerCase() === behind.host) cameOverTls(request);
    const facts = requests.length > 0 ? reportRequest(request, response, { names: requestIds, tell }) : undefined;
    if (!admitted(request, response) || !originGuard(request, response)) return;
    answer(request, response, facts).catch((fault) => {
      onFault(fault);
      if (response.headersSent) return void response.destroy();
      failed(request, response, fault).catch((other) => {
        onFault(other);
        response.destroy();
      });
    });
  };
}

/** True if a request may make more of what is stored: not what only reads, deletes, or puts things back. */
function addsTo({ method = '', url = '' }: IncomingMessage): boolean {
  if (!ADDING.has(method)) return false;
  return !/^\/__harness\/(?:reset|clock|faults|console-|snapshots\/[^/]+\/restore)/.test(url);
}

const ADDING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Matches the paths below /__harness, and the front page. */
const OWN_PATH = /^\/(?:__harness(?:[/?]|$)|\?|$)/;
