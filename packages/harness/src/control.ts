import { randomUUID } from 'node:crypto';
import {
  ConnectorError,
  type Environment,
  type Files,
  type LocatedValue,
  nearest,
  type RemoteNames,
  readSource,
  type Send,
} from '@connectorkit/sdk/emulator';
import type { Seeds } from '#generated/seeds.js';
import { type Clock, clockOf } from './clock.ts';
import type { PlatformFacts } from './emulator.ts';
import { type Faults, faultsOf } from './faults.ts';
import type { Instances } from './instances/instances.ts';
import type { Journal, RequestJournal } from './journal.ts';
import type { Platforms } from './platforms.ts';
import { PROVIDER } from './provider/endpoints.ts';
import { COUNTED } from './rate-limits.ts';
import { seededNamed } from './seeded.ts';
import { AGE, PROVIDER_AGE } from './settings.ts';
import type { Store, WriteTransaction } from './store/store.ts';

/** A token that is let in on one platform. */
export interface TokenRule {
  /** Name of a platform. */
  readonly platform: string;
  /** In the vendor's words (default: all that the platform has). */
  readonly scopes?: readonly string[];
  /** Default: a new UUID. */
  readonly token?: string;
}

/** A connector project, to be put in place. */
export interface ProjectSeed {
  /** Its files, or their texts by path. */
  readonly project: Files | Readonly<Record<string, string>>;
  /** Where values of `common` may stand, as `CONNECTOR_COMMON_<ID>_<KEY>`. */
  readonly environment?: Environment;
  /** The platform where its connections are defined (default: the first that defines some). */
  readonly platform?: string;
}

/** Control over a harness from outside of its platforms. */
export interface Control {
  /** The time of the platforms. */
  readonly clock: Clock;
  /** Faults that were asked for. */
  readonly faults: Faults;
  /** Requests to the platforms, and their answers. */
  readonly journal: Journal;
  /**
   * Connections that were pushed to a platform, connected here.
   * @throws ConnectorError usage `harness/token` for a platform that is not there, `harness/instance` for one on which
   * connections do not run
   */
  instances(platform: string): Promise<Instances>;
  /**
   * Puts things in place on a platform as if they had been there before, all of them or nothing. What they are is the
   * platform's own: its README tells, and the JSON Schema `@connectorkit/harness/schemas/<platform>-seed.schema.json`.
   * @throws ConnectorError usage `harness/token` for a platform that is not there; findings `schema/…` or `harness/seed`
   * for each thing that is wrong, with its path.
   */
  seed<Name extends keyof Seeds>(platform: Name, given: Seeds[Name]): Promise<void>;
  /**
   * The same from the text of a file: JSON, with comments if need be. What is wrong is reported with line and column.
   * @param file how the file is called in what is reported
   */
  seedText(platform: string, text: string, file: string): Promise<void>;
  /**
   * Defines the connections of a project as a push would; those that are there are made equal.
   * @returns how the platform calls them.
   * @throws ConnectorError findings when the project cannot be used, refused when the platform refuses something.
   */
  seedProject(seed: ProjectSeed): Promise<RemoteNames>;
  /**
   * Lets a token in.
   * @throws ConnectorError usage `harness/token` for a platform or a scope that is not there.
   */
  admit(rule: TokenRule): Promise<Required<TokenRule>>;
  /** Keeps everything as it is under a name; the journal is no part of it. @throws ConnectorError usage `harness/snapshot` */
  snapshot(name: string): Promise<void>;
  /** Puts everything back. @throws ConnectorError usage `harness/snapshot` when there is none of that name */
  restore(name: string): Promise<void>;
  /** Their names, sorted. */
  snapshots(): Promise<readonly string[]>;
  /** Checks if there was one of that name. */
  dropSnapshot(name: string): Promise<boolean>;
  /** Everything as on the first start: nothing is there, no fault is set, time is real. Snapshots stay. */
  reset(): Promise<void>;
}

/** Parts of a harness that its control works with. */
export interface Controlled {
  readonly store: Store;
  readonly platforms: Platforms;
  readonly journal: RequestJournal;
  readonly now: () => Date;
  /** The token that may do everything. */
  readonly token: string;
  /** To the platforms, past faults and journal. */
  readonly send: Send;
  readonly instances: Control['instances'];
}

export function controlOf(controlled: Controlled): Control {
  const { store, platforms, journal, now, token, instances } = controlled;
  const own = (change: (tx: WriteTransaction) => Promise<unknown>) =>
    store.write(async (tx) => {
      await change(tx);
      // Whoever holds the harness's own token is let in whatever else is so.
      for (const emulator of platforms.loaded) await emulator.admit(tx, token);
      await tx.deleteAll(COUNTED);
      for (const age of [AGE, PROVIDER_AGE]) await tx.set(age, randomUUID());
    });
  const seeded = async (platform: string, source: LocatedValue) => {
    const { placeSeed } = await import('./seed.ts');
    await placeSeed(await seededNamed(platform, (name) => platforms.named(name)), source, store);
    // What was read once, such as the scopes of the provider, may be different.
    if (platform === PROVIDER.name) await store.write((tx) => tx.set(PROVIDER_AGE, randomUUID()));
  };
  return {
    clock: clockOf(store, now),
    faults: faultsOf(store, platforms),
    journal,
    instances,
    seed: (platform, given) => seeded(platform, { value: given, locate: () => ({}) }),
    seedText: async (platform, text, file) => {
      const source = readSource(file, text, { comments: true });
      if (source.value === undefined) throw new ConnectorError('findings', source.problems);
      await seeded(platform, source);
    },
    // Loaded when asked for: it validates.
    seedProject: async (seed) => {
      const { seedProject } = await import('./project.ts');
      const { platform } = seed;
      return seedProject(seed, platform === undefined ? platforms.all : [platforms.facts(platform)], controlled);
    },
    admit: async ({ platform, scopes, token = randomUUID() }) => {
      const facts = platforms.facts(platform);
      for (const scope of scopes ?? []) if (!facts.scopes.includes(scope)) throw noScope(scope, facts);
      const emulator = await platforms.named(platform);
      journal.redaction.learn(token);
      await store.write((tx) => emulator.admit(tx, token, scopes));
      return { platform, token, scopes: scopes ?? emulator.scopes };
    },
    snapshot: async (name) => store.write((tx) => tx.keep(snapshotName(name))),
    restore: (name) =>
      own(async (tx) => {
        if (!(await tx.restore(snapshotName(name)))) throw noSnapshot(name, await tx.snapshots());
      }),
    snapshots: () => store.read((tx) => tx.snapshots()),
    dropSnapshot: (name) => store.write((tx) => tx.drop(snapshotName(name))),
    reset: () => own((tx) => tx.clear()),
  };
}

function noScope(found: string, { title, scopes }: PlatformFacts): ConnectorError {
  return unknown('harness/token', `${JSON.stringify(found)} is not a scope of ${title}.`, found, scopes);
}

const SNAPSHOT_NAME = /^\w[\w.-]{0,99}$/;

function snapshotName(name: string): string {
  if (SNAPSHOT_NAME.test(name)) return name;
  throw new ConnectorError('usage', {
    code: 'harness/snapshot',
    message: `${JSON.stringify(name)} cannot be the name of a snapshot.`,
    hint: 'Use up to 100 letters, digits, dots, hyphens and underscores.',
    found: name,
  });
}

function noSnapshot(found: string, names: readonly string[]): ConnectorError {
  return unknown('harness/snapshot', `There is no snapshot ${JSON.stringify(found)}.`, found, names);
}

function unknown(
  code: 'harness/token' | 'harness/snapshot',
  message: string,
  found: string,
  names: readonly string[],
): ConnectorError {
  const meant = nearest(found, names);
  const all = names.length === 0 ? 'There are none yet.' : `Choose one of ${names.join(', ')}.`;
  const hint = meant === undefined ? all : `Did you mean ${meant}?`;
  return new ConnectorError('usage', { code, message, hint, found });
}
