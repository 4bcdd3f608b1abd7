import type { Outcome, Visit } from '@connectorkit/sdk/runtime';
import { visitLocally } from '../provider/headless.ts';
import type { ReadTransaction } from '../store/store.ts';
import { type Attempt, Attempts } from './attempts.ts';
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
import { notConnected, stopped, unknown } from './refusals.ts';
import { connectable } from './running.ts';
import { differencesOf, nothingKept, nothingOnDisk, sectionsOf } from './sections.ts';
import { inTurn } from './turns.ts';

type Action = 'verify' | 'refresh' | 'invalidate';

/** An instance that is being connected. */
interface Begun {
  readonly place: InstancePlace;
  readonly row: Omit<InstanceRow, 'shown'>;
  readonly attempt: Attempt;
}

/** An instance that is being connected again, and what changes in its row if it is. */
interface BegunAgain extends Omit<Begun, 'row'> {
  readonly changes: Pick<InstanceRow, 'redirectUri' | 'scopes' | 'version'>;
}

/** Runs the connections that were pushed to the platforms of a harness, and keeps those that were connected. */
export class InstanceKeeper {
  readonly #surroundings: InstanceSurroundings;
  readonly #pushed: PushedConnections;
  readonly #attempts = new Attempts();
  readonly #closing = new AbortController();
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
        await this.#attempts.get(id)?.settled(wait);
        return this.#instance(place(id));
      },
      verify: (id) => this.#again(place(id), 'verify'),
      refresh: (id) => this.#again(place(id), 'refresh'),
      reauthorize: (id, options = {}) => this.#reauthorize(place(id), options),
      abandon: async (id) => {
        const isWaiting = (await this.#instance(place(id))).status === 'waiting';
        if (isWaiting) this.#attempts.drop(id);
      },
      invalidate: (id) => this.#again(place(id), 'invalidate'),
      trace: async (id) => {
        const attempt = this.#attempts.get(id);
        if (attempt !== undefined && !attempt.isStored) return attempt.outcome?.trace;
        return this.#read(async (tx) => (await traceAt(place(id), tx)) ?? unknownInstance(place(id), tx));
      },
      delete: async (id) => {
        const isStored = this.#attempts.get(id)?.isStored ?? true;
        this.#attempts.drop(id);
        if (!isStored) return;
        const { store } = this.#surroundings;
        await store.write(async (tx) => (await forgetInstance(place(id), tx)) || unknownInstance(place(id), tx));
      },
    };
  }

  /**
   * Takes what a browser brought back to the attempt that it belongs to.
   * @returns how that ended; undefined when nobody waits for it
   */
  arrive(query: URLSearchParams): Promise<InstanceOutcome> | undefined {
    return this.#attempts.arrive(query);
  }

  /** Nobody is waited for any more, and what runs is not kept: everything is put back. */
  forget(): void {
    this.#attempts.end();
  }

  /** Nobody is waited for any more. */
  drain(): void {
    this.#attempts.end();
  }

  /** Ends what runs. What is stored stays as it was. */
  async close(): Promise<void> {
    this.#closing.abort(stopped());
    this.#attempts.end();
    await Promise.allSettled(this.#turns.values());
  }

  #read<T>(fn: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#surroundings.store.read(fn);
  }

  async #list(platform: string, { app, connection }: { readonly app?: string; readonly connection?: string }) {
    const rows = await this.#read((tx) => rowsOf(platform, connection, tx));
    const fits = (each: ConnectionInstance) =>
      (app === undefined || each.app === app) && (connection === undefined || each.connection === connection);
    return [...rows.map((row) => this.#shown(row)), ...this.#attempts.all(platform)]
      .filter(fits)
      .sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }));
  }

  async #instance(place: InstancePlace): Promise<ConnectionInstance> {
    const attempt = this.#attempts.get(idOf(place));
    if (attempt !== undefined && !attempt.isStored) return attempt.instance;
    return this.#read(async (tx) => this.#shown((await rowAt(place, tx)) ?? (await unknownInstance(place, tx))));
  }

  #shown(row: InstanceRow): ConnectionInstance {
    return this.#attempts.get(row.id) === undefined ? shownOf(row) : { ...shownOf(row), status: 'waiting' };
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
    const begun = { ...shownOf({ ...row, shown: { data: {} } }), status: 'waiting' } as const;
    const attempt = this.#attempts.begin(platform, begun, redirectUri);
    return this.#visited(ready, attempt, (outcome) => this.#connected(outcome, ready, { place, row, attempt }));
  }

  /** Connects what was connected once more. A browser that was waited for to do so is waited for no longer. */
  async #reauthorize(place: InstancePlace, options: ReauthorizeOptions): Promise<InstanceOutcome> {
    const id = idOf(place);
    const former = this.#attempts.get(id);
    if (former !== undefined && !former.isStored) throw notConnected(former);
    const { row, secret } = await this.#stored(place);
    const { local } = row;
    const scopes = options.scopes ?? row.scopes;
    const parameters = { ...secret.parameters, ...options.parameters };
    const ready = await this.#pushed.ready(place.platform, place.connection, { ...options, parameters, local, scopes });
    const { redirectUri, version } = ready;
    this.#attempts.drop(id);
    const attempt = this.#attempts.begin(place.platform, { ...shownOf(row), status: 'waiting' }, redirectUri, true);
    const changes = { redirectUri, scopes, version };
    return this.#visited(ready, attempt, (outcome) =>
      this.#turn(id, () => this.#connectedAgain(outcome, ready, { place, attempt, changes })),
    );
  }

  /** Takes the browser to the provider, and goes on when it has come back. */
  #visited(
    { runnable, headless, origin, redirectUri, clock }: Ready,
    attempt: Attempt,
    keepOutcome: (outcome: Outcome) => Promise<InstanceOutcome>,
  ): Promise<InstanceOutcome> {
    const visit: Visit = async ({ url }) => {
      const query = await (headless ? visitLocally(url, origin, redirectUri) : attempt.wait(url));
      await this.#read(clock.look);
      return query;
    };
    return this.#attempts.follow(attempt, runnable.connect(visit).then(keepOutcome));
  }

  /** Keeps what was connected, unless it is no longer wanted. */
  async #connected(
    outcome: Outcome,
    { runnable, parameters, version, clock }: Ready,
    { place, row: begun, attempt }: Begun,
  ): Promise<InstanceOutcome> {
    const trace = { ...outcome.trace, version };
    const { instance } = outcome;
    if (instance === undefined) return { trace, problem: outcome.problem };
    const row = { ...begun, changed: clock.now().toISOString(), shown: runnable.shown(instance) };
    const isWanted = await this.#surroundings.store.write(async (tx) => {
      if (this.#attempts.get(row.id) !== attempt || !(await clock.isCurrent(tx))) return false;
      await keep(place, { row, secret: { parameters, instance }, trace }, tx);
      return true;
    });
    return isWanted ? { instance: shownOf(row), trace } : { trace };
  }

  /** Keeps what was connected again, or the reason why it was not. */
  async #connectedAgain(
    outcome: Outcome,
    { runnable, parameters, version, clock }: Ready,
    { place, attempt, changes }: BegunAgain,
  ): Promise<InstanceOutcome> {
    const trace = { ...outcome.trace, version };
    const { instance, problem } = outcome;
    const after = await this.#surroundings.store.write(async (tx): Promise<InstanceRow | undefined> => {
      const row = await rowAt(place, tx);
      if (row === undefined || this.#attempts.get(row.id) !== attempt || !(await clock.isCurrent(tx))) return undefined;
      const { problem: _, ...former } = row;
      const renewed = instance && { ...changes, changed: clock.now().toISOString(), shown: runnable.shown(instance) };
      const next = { ...former, ...renewed, ...(problem && { problem }) };
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

  async #stored(place: InstancePlace, clock?: HarnessClock): Promise<StoredInstance> {
    return this.#read(async (tx) => {
      await clock?.look(tx);
      return (await storedAt(place, tx)) ?? (await unknownInstance(place, tx));
    });
  }

  async #runAgain(place: InstancePlace, action: Action): Promise<InstanceOutcome> {
    const attempt = this.#attempts.get(idOf(place));
    if (attempt !== undefined && !attempt.isStored) throw notConnected(attempt);
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
      if (isOver) await forgetInstance(place, tx);
      else await keep(place, { row: after, trace, ...(kept && { secret: { ...secret, instance: kept } }) }, tx);
    });
    if (isOver) return { trace };
    return { instance: shownOf(after), trace, ...(problem && { problem }) };
  }
}

function shownOf({ redirectUri: _, scopes: __, shown, ...row }: InstanceRow): ConnectionInstance {
  return { ...row, status: 'connected', ...shown };
}

async function unknownInstance({ platform, ...place }: InstancePlace, tx: ReadTransaction): Promise<never> {
  const known = (await rowsOf(platform, undefined, tx)).map(({ id }) => id);
  throw unknown('connected connection', place.number === 0 ? place.connection : idOf(place), known);
}
