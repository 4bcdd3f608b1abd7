import { ConnectorError, nearest } from '@connectorkit/sdk/emulator';
import type { Outcome, Runnable, Visit } from '@connectorkit/sdk/runtime';
import { timeOf } from '../clock.ts';
import type { Emulator, Pushed, PushedConnection } from '../emulator.ts';
import { OWN_CALLBACK } from '../provider/endpoints.ts';
import { visitLocally } from '../provider/headless.ts';
import { SETTINGS, type Settings } from '../settings.ts';
import type { ReadTransaction, Store } from '../store/store.ts';
import { type Attempt, Attempts } from './attempts.ts';
import type { ConnectInstanceOptions, ConnectionInstance, InstanceOutcome, Instances } from './instances.ts';
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
import { connectable, open, type RunGiven, versionOf } from './running.ts';
import { differencesOf, nothingKept, nothingOnDisk, type SectionTexts, sectionsOf } from './sections.ts';

/** Store, clock and platforms that connections of a harness run with. */
export interface InstanceSurroundings {
  readonly store: Store;
  /** Real time. */
  readonly now: () => Date;
  /** Told of secrets before they are sent: the journal must not show them. */
  readonly learn: (secrets: readonly string[]) => void;
  /** @throws ConnectorError usage for a platform that is not there */
  readonly platform: (name: string) => Promise<Emulator>;
  /** Lets the local provider know scopes, each with what users are told of it. */
  readonly register: (scopes: Readonly<Record<string, string>>) => Promise<void>;
  /** The harness's own address, by which it reaches itself. */
  readonly address: () => string;
  /** The sections of a connection in the files of the project that the harness was started for, by its name here. */
  readonly filesOf: (name: string) => Promise<SectionTexts | undefined>;
}

type Action = 'verify' | 'refresh' | 'invalidate';

/** A connection that can be run, and what it is run with. */
interface Prepared {
  readonly runnable: Runnable;
  readonly parameters: RunGiven['parameters'];
  readonly version: string;
}

/** Values and surroundings of a run, and the origin by which the browser reaches the harness. */
interface Given extends Omit<RunGiven, 'parameters'> {
  readonly parameters: RunGiven['parameters'] | undefined;
  readonly local: boolean;
  readonly origin?: string;
}

/** An instance that is being connected. */
interface Begun {
  readonly place: InstancePlace;
  readonly row: Omit<InstanceRow, 'shown'>;
  readonly attempt: Attempt;
  readonly now: () => Date;
}

/** Runs the connections that were pushed to the platforms of a harness, and keeps those that were connected. */
export class InstanceKeeper {
  readonly #surroundings: InstanceSurroundings;
  readonly #attempts = new Attempts();
  readonly #closing = new AbortController();
  /** Instance → the end of its last run: two that refresh at a time would use one refresh token twice. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Changes when everything is put back: what was run before is not kept then. */
  #age = 0;

  constructor(surroundings: InstanceSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * The instances of one platform.
   * @throws ConnectorError usage for a platform that is not there, or on which connections do not run
   */
  async at(platform: string): Promise<Instances> {
    const pushed = await this.#pushed(platform);
    const place = (id: string) => placeOf(platform, id) ?? { platform, connection: id, number: 0 };
    return {
      connections: ({ app } = {}) => this.#connections(pushed, app),
      connection: async (name) => connectable(await this.#found(platform, name), this.#redirectUri()),
      sections: async (name) => sectionsOf(await this.#found(platform, name)),
      differences: async (name, { snapshot }) => {
        const { texts } = await this.#found(platform, name);
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
      invalidate: (id) => this.#again(place(id), 'invalidate'),
      trace: async (id) => {
        const attempt = this.#attempts.get(id);
        if (attempt !== undefined) return attempt.outcome?.trace;
        return this.#read(async (tx) => (await traceAt(place(id), tx)) ?? unknownInstance(place(id), tx));
      },
      delete: async (id) => {
        if (this.#attempts.drop(id)) return;
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
    this.#age++;
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

  async #pushed(platform: string): Promise<Pushed> {
    const { pushed, platform: facts } = await this.#surroundings.platform(platform);
    if (pushed !== undefined) return pushed;
    throw new ConnectorError('usage', {
      code: 'harness/instance',
      message: `Connections that were pushed do not run on ${facts.title}.`,
      hint: 'Choose a platform that runs connectors, such as make.',
      found: platform,
    });
  }

  /** @throws ConnectorError usage `harness/instance` */
  async #found(platform: string, name: string): Promise<PushedConnection> {
    const pushed = await this.#pushed(platform);
    return this.#read(async (tx) => {
      const now = await this.#time(tx);
      const connection = await pushed.connection(name, now, tx);
      if (connection !== undefined) return connection;
      throw unknown('connection', name, await pushed.names(undefined, now, tx));
    });
  }

  async #time(tx: ReadTransaction): Promise<Date> {
    return timeOf((await tx.get<Settings>(SETTINGS))?.clock, this.#surroundings.now());
  }

  #redirectUri(origin = this.#surroundings.address()): string {
    return `${origin}${OWN_CALLBACK}`;
  }

  async #connections(pushed: Pushed, app: string | undefined) {
    const found = await this.#read(async (tx) => {
      const now = await this.#time(tx);
      const names = await pushed.names(app, now, tx);
      return Promise.all(names.map((name) => pushed.connection(name, now, tx)));
    });
    return found.flatMap((each) => (each === undefined ? [] : [connectable(each, this.#redirectUri())]));
  }

  async #list(platform: string, { app, connection }: { readonly app?: string; readonly connection?: string }) {
    const rows = await this.#read((tx) => rowsOf(platform, connection, tx));
    const fits = (each: ConnectionInstance) =>
      (app === undefined || each.app === app) && (connection === undefined || each.connection === connection);
    return [...rows.map(shownOf), ...this.#attempts.all(platform)]
      .filter(fits)
      .sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }));
  }

  async #instance(place: InstancePlace): Promise<ConnectionInstance> {
    const attempt = this.#attempts.get(idOf(place));
    if (attempt !== undefined) return attempt.instance;
    return this.#read(async (tx) => shownOf((await rowAt(place, tx)) ?? (await unknownInstance(place, tx))));
  }

  /** A clock for a run: that of the harness, which is looked at again where somebody was waited for. */
  #clock(): { readonly now: () => Date; look(tx: ReadTransaction): Promise<void> } {
    let clock: Settings['clock'];
    return {
      now: () => timeOf(clock, this.#surroundings.now()),
      look: async (tx) => {
        clock = (await tx.get<Settings>(SETTINGS))?.clock;
      },
    };
  }

  /** A pushed connection with values, ready to be run; with the local provider, which gets to know what is asked for. */
  async #prepare(
    pushed: PushedConnection,
    { local, origin, ...given }: Given,
    instance?: StoredInstance['secret']['instance'],
  ): Promise<Prepared> {
    const { address, register, learn } = this.#surroundings;
    const provider = local ? { server: address(), browser: origin ?? address() } : undefined;
    const opened = await open(pushed, provider, this.#closing.signal);
    const parameters = given.parameters ?? (local ? opened.demo : {});
    const runnable = opened.prepare({ ...given, parameters });
    learn(runnable.secrets(instance));
    if (local)
      await register(Object.fromEntries([...opened.scopes, ...given.scopes].map((each) => [each, `Use ${each}`])));
    return { runnable, parameters, version: versionOf(pushed) };
  }

  async #connect(platform: string, name: string, options: ConnectInstanceOptions): Promise<InstanceOutcome> {
    const { local = false, headless = false, scopes = [] } = options;
    const own = this.#surroundings.address();
    // Without a browser it is the harness itself that goes to the provider.
    const origin = headless ? own : (options.origin ?? own);
    if (headless && !local) throw headlessElsewhere();
    const pushed = await this.#found(platform, name);
    const clock = this.#clock();
    await this.#read(clock.look);
    const redirectUri = this.#redirectUri(origin);
    const { parameters } = options;
    const prepared = await this.#prepare(pushed, { parameters, scopes, redirectUri, now: clock.now, local, origin });
    const place = await this.#surroundings.store.write((tx) => freshPlace(platform, pushed.name, tx));
    const created = clock.now().toISOString();
    const row: Omit<InstanceRow, 'shown'> = {
      ...{ id: idOf(place), app: pushed.app, connection: pushed.name, name: options.name ?? pushed.label, local },
      ...{ created, changed: created, redirectUri, scopes, version: prepared.version },
    };
    const begun = { ...shownOf({ ...row, shown: { data: {} } }), status: 'waiting' } as const;
    const attempt = this.#attempts.begin(platform, begun, redirectUri);
    const visit: Visit = async ({ url }) => {
      const query = await (headless ? visitLocally(url, origin, redirectUri) : attempt.wait(url));
      await this.#read(clock.look);
      return query;
    };
    const ended = prepared.runnable
      .connect(visit)
      .then((outcome) => this.#connected(outcome, prepared, { place, row, attempt, now: clock.now }));
    return this.#attempts.follow(attempt, ended);
  }

  /** Keeps what was connected, unless it is no longer wanted. */
  async #connected(
    outcome: Outcome,
    { runnable, parameters, version }: Prepared,
    { place, row: begun, attempt, now }: Begun,
  ): Promise<InstanceOutcome> {
    const trace = { ...outcome.trace, version };
    const { instance } = outcome;
    if (instance === undefined) return { trace, problem: outcome.problem };
    const row = { ...begun, changed: now().toISOString(), shown: runnable.shown(instance) };
    const isWanted = await this.#surroundings.store.write(async (tx) => {
      if (this.#attempts.get(row.id) !== attempt) return false;
      await keep(place, { row, secret: { parameters, instance }, trace }, tx);
      return true;
    });
    return isWanted ? { instance: shownOf(row), trace } : { trace };
  }

  async #again(place: InstancePlace, action: Action): Promise<InstanceOutcome> {
    const id = idOf(place);
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => this.#runAgain(place, action));
    this.#turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  async #runAgain(place: InstancePlace, action: Action): Promise<InstanceOutcome> {
    const attempt = this.#attempts.get(idOf(place));
    if (attempt !== undefined) throw notConnected(attempt);
    const age = this.#age;
    const clock = this.#clock();
    const { row, secret } = await this.#read(async (tx): Promise<StoredInstance> => {
      await clock.look(tx);
      return (await storedAt(place, tx)) ?? (await unknownInstance(place, tx));
    });
    const pushed = await this.#found(place.platform, place.connection);
    const { redirectUri, scopes, local } = row;
    const given = { parameters: secret.parameters, redirectUri, scopes, local, now: clock.now };
    const { runnable, version } = await this.#prepare(pushed, given, secret.instance);
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
      if (age !== this.#age || (await rowAt(place, tx)) === undefined) return;
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

function unknown(what: string, found: string, names: readonly string[]): ConnectorError {
  const meant = nearest(found, names);
  const all = names.length === 0 ? 'There are none yet.' : `Choose one of ${names.join(', ')}.`;
  return new ConnectorError('usage', {
    code: 'harness/instance',
    message: `There is no ${what} ${JSON.stringify(found)} in the harness.`,
    hint: meant === undefined ? all : `Did you mean ${meant}?`,
    found,
  });
}

function notConnected({ instance: { id, status } }: Attempt): ConnectorError {
  const why = status === 'waiting' ? 'still waits for the browser' : 'was not connected';
  return new ConnectorError('refused', {
    code: 'harness/not-connected',
    message: `${id} ${why}, so it cannot be run.`,
    hint: status === 'waiting' ? 'Finish in the browser.' : 'Its trace shows the reason; connect again.',
    found: id,
  });
}

function stopped(): ConnectorError {
  return new ConnectorError('network', {
    code: 'harness/not-running',
    message: 'The harness was stopped before the run ended.',
    hint: 'Start it, and run the connection again.',
  });
}

function headlessElsewhere(): ConnectorError {
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: 'headless requires local: only the local provider supports sign-in without a browser.',
    hint: 'Add local, or open the returned address in a browser.',
  });
}
