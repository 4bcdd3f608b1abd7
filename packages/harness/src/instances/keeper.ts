import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAnswerTo, type Outcome, type Visit } from '@connectorkit/sdk/runtime';
import { visitLocally } from '../provider/headless.ts';
import type { ReadTransaction } from '../store/store.ts';
import type { Arrival } from './arrivals.ts';
import {
  type Attempt,
  attemptAt,
  attemptsOf,
  deadline,
  dropAttempt,
  fail,
  type Suspended,
  suspend,
  suspendedAt,
  take,
} from './attempts.ts';
import type {
  ConnectInstanceOptions,
  ConnectionInstance,
  InstanceOutcome,
  Instances,
  ReauthorizeOptions,
} from './instances.ts';
import { type HarnessClock, type InstanceSurroundings, PushedConnections, type Ready } from './pushed-connections.ts';
import {
  forgetInstance,
  freshPlace,
  type InstancePlace,
  type InstanceRow,
  idOf,
  keep,
  placeOf,
  rowAt,
  rowsOf,
  type StoredInstance,
  storedAt,
  traceAt,
} from './records.ts';
import { notConnected, otherVisit, stopped, unknown } from './refusals.ts';
import { connectable } from './running.ts';
import { differencesOf, nothingKept, nothingOnDisk, sectionsOf } from './sections.ts';
import { inTurn } from './turns.ts';

type Action = 'verify' | 'refresh' | 'invalidate';

/** Milliseconds between two looks whether a browser has come back, to whichever process. */
const LOOK = 200;

/** An instance that is being connected, or connected again. */
interface Begun {
  readonly place: InstancePlace;
  /** Of one that is new. */
  readonly row?: Omit<InstanceRow, 'shown'> | undefined;
  /** As it is shown while a browser is waited for. */
  readonly shown: ConnectionInstance;
  /** Name of the attempt whose browser has come back. */
  readonly attempt?: Attempt;
}

/** Thrown where a run waits for a browser: it is ended, and run again to the same point when the browser has come back. */
class AtBrowser extends Error {
  readonly url: string;
  constructor(url: string) {
    super('the browser is waited for');
    this.url = url;
  }
}

/** Runs the connections that were pushed to the platforms of a harness, and keeps those that were connected. */
export class InstanceKeeper {
  readonly #surroundings: InstanceSurroundings;
  readonly #pushed: PushedConnections;
  readonly #closing = new AbortController();
  readonly #draining = new AbortController();
  /** Instance → the end of its last run: two that refresh at a time would use one refresh token twice. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(surroundings: InstanceSurroundings) {
    this.#surroundings = surroundings;
    this.#pushed = new PushedConnections(surroundings, this.#closing.signal);
  }

  /**
   * The instances of one platform.
   * @throws ConnectorError usage for a platform that is not there, or on which connections do not run
   */
  async at(platform: string): Promise<Instances> {
    const pushed = await this.#pushed.on(platform);
    const place = (id: string) => placeOf(platform, id) ?? { platform, connection: id, number: 0 };
    return {
      connections: (of = {}) => this.#pushed.all(pushed, of),
      summaries: (of = {}) => this.#pushed.summaries(pushed, of),
      connection: async (name) => connectable(await this.#pushed.found(platform, name), this.#pushed.redirectUri()),
      sections: async (name) => sectionsOf(await this.#pushed.found(platform, name)),
      differences: async (name, { snapshot }) => {
        const { texts } = await this.#pushed.found(platform, name);
        if (snapshot === undefined) {
          const files = await this.#surroundings.filesOf(name);
          if (files === undefined) throw nothingOnDisk(name);
          return differencesOf(texts, files);
        }
        const kept = await this.#read((tx) => pushed.kept(name, snapshot, tx));
        if (kept === undefined) throw nothingKept(name, snapshot);
        return differencesOf(kept, texts);
      },
      connect: (name, options = {}) => this.#connect(platform, name, options),
      list: (of = {}) => this.#list(platform, of),
      get: async (id, { wait = 0 } = {}) => {
        await this.#settled(place(id), wait);
        return this.#instance(place(id));
      },
      verify: (id) => this.#again(place(id), 'verify'),
      refresh: (id) => this.#again(place(id), 'refresh'),
      reauthorize: (id, options = {}) => this.#reauthorize(place(id), options),
      abandon: async (id) => {
        const { status } = await this.#instance(place(id));
        if (status === 'waiting') await this.#surroundings.store.write((tx) => dropAttempt(place(id), tx));
      },
      invalidate: (id) => this.#again(place(id), 'invalidate'),
      trace: (id) =>
        this.#read(async (tx) => {
          const attempt = await attemptAt(place(id), tx);
          if (attempt !== undefined && !attempt.isStored) return attempt.trace;
          return (await traceAt(place(id), tx)) ?? unknownInstance(place(id), tx);
        }),
      delete: async (id) => {
        await this.#surroundings.store.write(async (tx) => {
          const attempt = await attemptAt(place(id), tx);
          await dropAttempt(place(id), tx);
          if (attempt !== undefined && !attempt.isStored) return;
          if (!(await forgetInstance(place(id), tx))) await unknownInstance(place(id), tx);
        });
      },
    };
  }

  /**
   * Goes on with the attempt that a browser has come back for, whichever process began it.
   * @returns how that ended; undefined when nobody waits for it
   */
  async arrive({ place }: Arrival, query: URLSearchParams): Promise<InstanceOutcome | undefined> {
    const { store } = this.#surroundings;
    const found = await this.#read(async (tx) => {
      const attempt = await attemptAt(place, tx);
      const state = attempt && (await suspendedAt(place, tx));
      return attempt !== undefined && state !== undefined && isAnswerTo(state.url, query)
        ? { attempt, state }
        : undefined;
    });
    if (found === undefined) return undefined;
    const { attempt, state } = found;
    // Once: a second browser with the same answer is nobody's.
    if (!(await store.write((tx) => take(place, attempt.name, tx)))) return undefined;
    const ready = await this.#pushed.resumed(state);
    const begun: Begun = { place, row: state.row, shown: attempt.instance, attempt };
    const visit: Visit = async ({ url }) => {
      if (url !== state.url) throw otherVisit();
      await this.#read(ready.clock.look);
      return query;
    };
    return this.#kept(await ready.runnable.connect(visit), ready, begun);
  }

  /** Nobody is waited for any more. */
  drain(): void {
    this.#draining.abort();
  }

  /** Ends what runs. What is stored stays as it was. */
  async close(): Promise<void> {
    this.drain();
    this.#closing.abort(stopped());
    await Promise.allSettled(this.#turns.values());
  }

  #read<T>(fn: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#surroundings.store.read(fn);
  }

  /** Waits until no browser is waited for, and no longer than so many milliseconds. */
  async #settled(place: InstancePlace, milliseconds: number): Promise<void> {
    const { signal } = this.#draining;
    const end = performance.now() + milliseconds;
    while (performance.now() < end && !signal.aborted) {
      const attempt = await this.#read((tx) => attemptAt(place, tx));
      if (attempt?.instance.status !== 'waiting') return;
      await sleep(Math.min(LOOK, end - performance.now()), undefined, { signal }).catch(() => {});
    }
  }

  async #list(platform: string, { app, connection }: { readonly app?: string; readonly connection?: string }) {
    const fits = (each: ConnectionInstance) =>
      (app === undefined || each.app === app) && (connection === undefined || each.connection === connection);
    return this.#read(async (tx) => {
      const attempts = await attemptsOf(platform, tx);
      const byId = new Map(attempts.map((each) => [each.instance.id, each]));
      const rows = await rowsOf(platform, connection, tx);
      const others = attempts.filter(({ isStored }) => !isStored).map(({ instance }) => instance);
      return [...rows.map((row) => shownWith(row, byId.get(row.id))), ...others]
        .filter(fits)
        .sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }));
    });
  }

  async #instance(place: InstancePlace): Promise<ConnectionInstance> {
    return this.#read(async (tx) => {
      const attempt = await attemptAt(place, tx);
      if (attempt !== undefined && !attempt.isStored) return attempt.instance;
      return shownWith((await rowAt(place, tx)) ?? (await unknownInstance(place, tx)), attempt);
    });
  }

  async #connect(platform: string, name: string, options: ConnectInstanceOptions): Promise<InstanceOutcome> {
    const { local = false, scopes = [] } = options;
    const ready = await this.#pushed.ready(platform, name, { ...options, local, scopes });
    const { pushed, redirectUri, clock, version } = ready;
    const place = await this.#surroundings.store.write((tx) => freshPlace(platform, pushed.name, tx));
    const created = clock.now().toISOString();
    const row: Omit<InstanceRow, 'shown'> = {
      ...{ id: idOf(place), app: pushed.app, connection: pushed.name, name: options.name ?? pushed.label, local },
      ...{ created, changed: created, redirectUri, scopes, version },
    };
    return this.#visited(ready, { place, row, shown: shownOf({ ...row, shown: { data: {} } }) });
  }

  /** Connects what was connected once more. A browser that was waited for to do so is waited for no longer. */
  async #reauthorize(place: InstancePlace, options: ReauthorizeOptions): Promise<InstanceOutcome> {
    const { row, secret } = await this.#stored(place);
    const { local } = row;
    const scopes = options.scopes ?? row.scopes;
    const parameters = { ...secret.parameters, ...options.parameters };
    const ready = await this.#pushed.ready(place.platform, place.connection, { ...options, parameters, local, scopes });
    await this.#surroundings.store.write((tx) => dropAttempt(place, tx));
    return this.#visited(ready, { place, shown: shownOf(row) });
  }

  /** Runs to the end, or to where a browser has to go to the provider: whichever process it comes back to goes on. */
  async #visited(ready: Ready, begun: Begun): Promise<InstanceOutcome> {
    const { runnable, headless, origin, redirectUri, clock } = ready;
    const visit: Visit = async ({ url }) => {
      if (!headless) throw new AtBrowser(url);
      const query = await visitLocally(url, origin, redirectUri);
      await this.#read(clock.look);
      return query;
    };
    let outcome: Outcome;
    try {
      outcome = await runnable.connect(visit);
    } catch (error) {
      if (!(error instanceof AtBrowser)) throw error;
      return this.#suspended(error.url, ready, begun);
    }
    return this.#kept(outcome, ready, begun);
  }

  async #suspended(url: string, ready: Ready, { place, row, shown }: Begun): Promise<InstanceOutcome> {
    const { store, arrivals, space } = this.#surroundings;
    const { origin, redirectUri, local, scopes, parameters, pushed, taken } = ready;
    const until = deadline();
    const instance: ConnectionInstance = { ...shown, status: 'waiting' };
    const attempt: Attempt = { name: randomUUID(), instance, until, isStored: row === undefined };
    const given = { origin, redirectUri, local, scopes, parameters, pushed, taken: taken() };
    const state: Suspended = { url, ...given, ...(row && { row }) };
    await arrivals.expect(url, { ...(space !== undefined && { space }), place, until });
    await store.write((tx) => suspend(place, attempt, state, tx));
    return { instance, authorization: { url, redirectUri, until: new Date(until).toISOString() } };
  }

  #kept(outcome: Outcome, ready: Ready, begun: Begun): Promise<InstanceOutcome> {
    if (begun.row !== undefined) return this.#connected(outcome, ready, { ...begun, row: begun.row });
    return this.#turn(idOf(begun.place), () => this.#connectedAgain(outcome, ready, begun));
  }

  /** Keeps what was connected, unless it is no longer wanted. */
  async #connected(
    outcome: Outcome,
    { runnable, parameters, version, clock }: Ready,
    { place, row: begun, attempt }: Begun & { readonly row: Omit<InstanceRow, 'shown'> },
  ): Promise<InstanceOutcome> {
    const { store } = this.#surroundings;
    const trace = { ...outcome.trace, version };
    const { instance, problem } = outcome;
    if (instance === undefined) {
      if (attempt === undefined) return { trace, problem };
      await store.write(async (tx) => {
        if (await isCurrent(attempt, place, tx)) await fail(place, attempt, { problem, trace }, tx);
      });
      return { instance: { ...attempt.instance, status: 'failed', problem }, trace, problem };
    }
    const row = { ...begun, changed: clock.now().toISOString(), shown: runnable.shown(instance) };
    const isWanted = await store.write(async (tx) => {
      if (!(await clock.isCurrent(tx)) || !(await isCurrent(attempt, place, tx))) return false;
      await dropAttempt(place, tx);
      await keep(place, { row, secret: { parameters, instance }, trace }, tx);
      return true;
    });
    return isWanted ? { instance: shownOf(row), trace } : { trace };
  }

  /** Keeps what was connected again, or the reason why it was not. */
  async #connectedAgain(
    outcome: Outcome,
    { runnable, parameters, version, clock, redirectUri, scopes }: Ready,
    { place, attempt }: Begun,
  ): Promise<InstanceOutcome> {
    const trace = { ...outcome.trace, version };
    const { instance, problem } = outcome;
    const after = await this.#surroundings.store.write(async (tx): Promise<InstanceRow | undefined> => {
      const row = await rowAt(place, tx);
      if (row === undefined || !(await clock.isCurrent(tx)) || !(await isCurrent(attempt, place, tx))) return undefined;
      const { problem: _, ...former } = row;
      const changes = { redirectUri, scopes, version };
      const renewed = instance && { ...changes, changed: clock.now().toISOString(), shown: runnable.shown(instance) };
      const next = { ...former, ...renewed, ...(problem && { problem }) };
      await dropAttempt(place, tx);
      await keep(place, { row: next, trace, ...(instance && { secret: { parameters, instance } }) }, tx);
      return next;
    });
    return { ...(after && { instance: shownOf(after) }), trace, ...(problem && { problem }) };
  }

  #again(place: InstancePlace, action: Action): Promise<InstanceOutcome> {
    return this.#turn(idOf(place), () => this.#runAgain(place, action));
  }

  /** Runs what changes an instance after what changes it already. */
  async #turn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => inTurn(this.#surroundings.store, id, work));
    this.#turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  /** @throws ConnectorError refused `harness/not-connected` for one that a browser is waited for, or that failed */
  async #stored(place: InstancePlace, clock?: HarnessClock): Promise<StoredInstance> {
    return this.#read(async (tx) => {
      await clock?.look(tx);
      const attempt = await attemptAt(place, tx);
      if (attempt !== undefined && !attempt.isStored) throw notConnected(attempt.instance);
      return (await storedAt(place, tx)) ?? (await unknownInstance(place, tx));
    });
  }

  async #runAgain(place: InstancePlace, action: Action): Promise<InstanceOutcome> {
    const clock = this.#pushed.clock();
    const { row, secret } = await this.#stored(place, clock);
    const pushed = await this.#pushed.found(place.platform, place.connection);
    const { redirectUri, scopes, local } = row;
    const given = { parameters: secret.parameters, redirectUri, scopes, local, now: clock.now };
    const { runnable, version } = await this.#pushed.prepare(pushed, given, secret.instance);
    const { trace: steps, instance, problem, renewed } = await runnable[action](secret.instance);
    const trace = { ...steps, version };
    const { problem: _, ...former } = row;
    // Tokens that were refreshed before a later step failed are the only ones that still hold.
    const kept = instance ?? renewed;
    const after: InstanceRow = {
      ...{ ...former, version },
      ...(instance && { changed: clock.now().toISOString() }),
      ...(kept && { shown: runnable.shown(kept) }),
      ...(problem && { problem }),
    };
    const isOver = action === 'invalidate' && instance !== undefined;
    // What was put back meanwhile stays so, and what was deleted does not come again.
    await this.#surroundings.store.write(async (tx) => {
      if (!(await clock.isCurrent(tx)) || (await rowAt(place, tx)) === undefined) return;
      // One whose browser did not come back in time is over.
      if (isOver || (await attemptAt(place, tx))?.instance.status === 'failed') await dropAttempt(place, tx);
      if (isOver) await forgetInstance(place, tx);
      else await keep(place, { row: after, trace, ...(kept && { secret: { ...secret, instance: kept } }) }, tx);
    });
    if (isOver) return { trace };
    return { instance: shownOf(after), trace, ...(problem && { problem }) };
  }
}

/** True if an attempt was neither deleted nor followed by another; also where there was no browser to wait for. */
async function isCurrent(attempt: Attempt | undefined, place: InstancePlace, tx: ReadTransaction): Promise<boolean> {
  return attempt === undefined || (await attemptAt(place, tx))?.name === attempt.name;
}

function shownOf({ redirectUri: _, scopes: __, shown, ...row }: InstanceRow): ConnectionInstance {
  return { ...row, status: 'connected', ...shown };
}

/** An instance with the attempt to connect it again. */
function shownWith(row: InstanceRow, attempt: Attempt | undefined): ConnectionInstance {
  if (attempt === undefined) return shownOf(row);
  const { status, problem } = attempt.instance;
  return status === 'waiting' ? { ...shownOf(row), status } : { ...shownOf(row), ...(problem && { problem }) };
}

async function unknownInstance({ platform, ...place }: InstancePlace, tx: ReadTransaction): Promise<never> {
  const known = (await rowsOf(platform, undefined, tx)).map(({ id }) => id);
  throw unknown('connected connection', place.number === 0 ? place.connection : idOf(place), known);
}
