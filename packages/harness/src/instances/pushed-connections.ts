import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Runnable } from '@connectorkit/sdk/runtime';
import { timeOf } from '../clock.ts';
import type { ConnectionSummary, Emulator, Pushed, PushedConnection } from '../emulator.ts';
import { OWN_CALLBACK } from '../provider/endpoints.ts';
import { AGE, SETTINGS, type Settings } from '../settings.ts';
import type { ReadTransaction, Store } from '../store/store.ts';
import type { Arrivals } from './arrivals.ts';
import type { Suspended } from './attempts.ts';
import type { ConnectInstanceOptions, ConnectionRange, ConnectionSummaries } from './instances.ts';
import { type Outside, remembering, repeating, type Taken } from './outside.ts';
import type { StoredInstance } from './records.ts';
import { headlessElsewhere, unknown } from './refusals.ts';
import { connectable, open, type RunGiven, versionOf } from './running.ts';
import type { SectionTexts } from './sections.ts';

/** Store, clock and platforms that connections of a harness run with. */
export interface InstanceSurroundings {
  readonly store: Store;
  /** The browsers that are waited for, in all spaces. */
  readonly arrivals: Arrivals;
  /** Name of the space; absent for the harness itself. */
  readonly space?: string | undefined;
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

/** A connection that can be run, and what it is run with. */
export interface Prepared {
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

/** A connection that is about to be connected, and where its browser returns to. */
export interface Ready extends Prepared {
  readonly pushed: PushedConnection;
  readonly clock: HarnessClock;
  readonly origin: string;
  readonly redirectUri: string;
  readonly headless: boolean;
  readonly local: boolean;
  readonly scopes: readonly string[];
  /** Values that the run has taken from outside so far. */
  readonly taken: () => Taken;
}

/** A clock for a run: that of the harness, which is looked at again where somebody was waited for. */
export interface HarnessClock {
  readonly now: () => Date;
  look(tx: ReadTransaction): Promise<void>;
  /** False if everything was put back since it was first looked at, by any process on the store. */
  isCurrent(tx: ReadTransaction): Promise<boolean>;
}

/** The connections that were pushed to the platforms of a harness, made ready to be run. */
export class PushedConnections {
  readonly #surroundings: InstanceSurroundings;
  readonly #signal: AbortSignal;

  /** @param signal ends what runs */
  constructor(surroundings: InstanceSurroundings, signal: AbortSignal) {
    this.#surroundings = surroundings;
    this.#signal = signal;
  }

  /** @throws ConnectorError usage for a platform that is not there, or on which connections do not run */
  async on(platform: string): Promise<Pushed> {
    const { pushed, platform: facts } = await this.#surroundings.platform(platform);
    if (pushed !== undefined) return pushed;
    throw new ConnectorError('usage', {
      code: 'harness/instance',
      message: `${facts.title} does not run connections.`,
      hint: 'Choose a platform that runs connectors, such as make.',
      found: platform,
    });
  }

  /** @throws ConnectorError usage `harness/instance` */
  async found(platform: string, name: string): Promise<PushedConnection> {
    const pushed = await this.on(platform);
    return this.#surroundings.store.read(async (tx) => {
      const now = await this.#time(tx);
      const connection = await pushed.connection(name, now, tx);
      if (connection !== undefined) return connection;
      const all = await pushed.list(undefined, now, tx);
      throw unknown(
        'connection',
        name,
        all.map((each) => each.name),
      );
    });
  }

  async #time(tx: ReadTransaction): Promise<Date> {
    return timeOf((await tx.get<Settings>(SETTINGS))?.clock, this.#surroundings.now());
  }

  redirectUri(origin = this.#surroundings.address()): string {
    return `${origin}${OWN_CALLBACK}`;
  }

  /** The connections that are asked for, as they are told before they are connected. */
  async all(pushed: Pushed, of: ConnectionRange) {
    const found = await this.#surroundings.store.read(async (tx) => {
      const now = await this.#time(tx);
      const { connections } = inRange(await pushed.list(of.app, now, tx), of);
      return Promise.all(connections.map(({ name }) => pushed.connection(name, now, tx)));
    });
    return found.flatMap((each) => (each === undefined ? [] : [connectable(each, this.redirectUri())]));
  }

  /** The same without what takes time to find out. */
  async summaries(pushed: Pushed, of: ConnectionRange): Promise<ConnectionSummaries> {
    return this.#surroundings.store.read(async (tx) =>
      inRange(await pushed.list(of.app, await this.#time(tx), tx), of),
    );
  }

  clock(): HarnessClock {
    let clock: Settings['clock'];
    let age: { readonly is: string | undefined } | undefined;
    return {
      now: () => timeOf(clock, this.#surroundings.now()),
      look: async (tx) => {
        clock = (await tx.get<Settings>(SETTINGS))?.clock;
        age ??= { is: await tx.get<string>(AGE) };
      },
      isCurrent: async (tx) => age?.is === (await tx.get<string>(AGE)),
    };
  }

  /** A pushed connection with values, ready to be run; with the local provider, which gets to know what is asked for. */
  async prepare(
    pushed: PushedConnection,
    { local, origin, ...given }: Given,
    instance?: StoredInstance['secret']['instance'],
  ): Promise<Prepared> {
    const { address, register, learn } = this.#surroundings;
    const provider = local ? { server: address(), browser: origin ?? address() } : undefined;
    const opened = await open(pushed, provider, this.#signal);
    const parameters = given.parameters ?? (local ? opened.demo : {});
    const runnable = opened.prepare({ ...given, parameters });
    learn(runnable.secrets(instance));
    if (local)
      await register(Object.fromEntries([...opened.scopes, ...given.scopes].map((each) => [each, `Use ${each}`])));
    return { runnable, parameters, version: versionOf(pushed) };
  }

  /** @throws ConnectorError usage `usage/arguments` for `headless` without `local` */
  async ready(
    platform: string,
    name: string,
    options: ConnectInstanceOptions & Pick<Given, 'local' | 'scopes'>,
  ): Promise<Ready> {
    const { local, headless = false, scopes, parameters } = options;
    const own = this.#surroundings.address();
    // Without a browser it is the harness itself that goes to the provider.
    const origin = headless ? own : (options.origin ?? own);
    if (headless && !local) throw headlessElsewhere();
    const pushed = await this.found(platform, name);
    const clock = this.clock();
    await this.#surroundings.store.read(clock.look);
    const redirectUri = this.redirectUri(origin);
    let taken = (): Taken => ({ times: [], chance: [], answers: [] });
    const through = (outside: Outside) => {
      const remembered = remembering(outside);
      taken = remembered.taken;
      return remembered;
    };
    const given = { parameters, scopes, redirectUri, now: clock.now, local, origin, through };
    const prepared = await this.prepare(pushed, given);
    return { ...prepared, pushed, clock, origin, redirectUri, headless, local, scopes, taken: () => taken() };
  }

  /** The attempt that was under way when its browser was sent away, by whichever process. */
  async resumed({ url: _, row: __, taken, ...state }: Suspended): Promise<Ready> {
    const clock = this.clock();
    await this.#surroundings.store.read(clock.look);
    const through = (outside: Outside) => repeating(taken, outside);
    const prepared = await this.prepare(state.pushed, { ...state, now: clock.now, through });
    return { ...state, ...prepared, clock, headless: false, taken: () => taken };
  }
}

function inRange(all: readonly ConnectionSummary[], { search = '', offset = 0, limit }: ConnectionRange) {
  const words = search.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(words);
  const found = words === '' ? all : all.filter(({ app, name, label }) => has(app) || has(name) || has(label));
  return { total: found.length, connections: found.slice(offset, limit === undefined ? undefined : offset + limit) };
}
