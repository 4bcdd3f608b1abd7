import { hashOf } from '../hash.ts';
import { isObject } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { Base, RemoteNames } from '../project/project.ts';
import type { Fingerprints } from './compare.ts';
import type { Journal, Templates } from './journal.ts';
import { TEMPLATE } from './local.ts';
import type { PendingRequest } from './pending-request.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * A part of the local state: the texts that were equal on both sides last, by hash; fingerprints of values of `common`,
 * with the key that they are made with; what a push that has not ended is doing; the request that is not answered yet.
 */
export type SyncRecord = 'texts' | 'fingerprints' | 'journal' | 'pending';

/**
 * State of a project on one origin from one sync to the next, kept by the caller. A part that was never written, or
 * cannot be read, is undefined or empty.
 */
export interface SyncState {
  /** How the platform calls what was pushed to it, as it was recorded last. */
  names(): Partial<RemoteNames>;
  /** Returns the last recorded state that was equal on both sides. */
  base(): Base;
  /** Records names and base; without names, those of an app that is gone are forgotten. */
  record(names: RemoteNames | undefined, base: Base): void;
  /** Reads a record as it was written last. */
  read(record: SyncRecord): unknown;
  /** Writes a record, which is a JSON object. `fingerprints` are for the user's own eyes. */
  write(record: SyncRecord, value: object): void;
  /** Lists the names of the snapshots, the latest last. */
  snapshots(): readonly string[];
  /** Reads a snapshot that is listed. */
  snapshot(name: string): unknown;
  /** Keeps a snapshot, which can hold secrets. @returns its name */
  keepSnapshot(snapshot: Snapshot): string;
}

/** Keeps the state in memory, for a project that is synced by one process alone. */
export function memoryState(): SyncState {
  let names: Partial<RemoteNames> = {};
  let base: Base = {};
  const records = new Map<SyncRecord, object>();
  const snapshots = new Map<string, Snapshot>();
  return {
    names: () => names,
    base: () => base,
    record: (newNames, newBase) => {
      names = newNames ?? {};
      base = newBase;
    },
    read: (record) => records.get(record),
    write: (record, value) => void records.set(record, value),
    snapshots: () => [...snapshots.keys()],
    snapshot: (name) => snapshots.get(name),
    keepSnapshot: (snapshot) => {
      const name = `${snapshots.size + 1}`;
      snapshots.set(name, snapshot);
      return name;
    },
  };
}

/** Gives the records of a state their form. */
export class LocalSyncState {
  readonly #state: SyncState;
  readonly #origin: string;
  readonly #random: () => string;
  #texts: ReadonlyMap<string, string> | undefined;
  #key: string | undefined;

  /** @param random at least 16 random bytes as text, for the first fingerprint that is made */
  constructor(state: SyncState, origin: string, random: () => string) {
    this.#state = state;
    this.#origin = origin;
    this.#random = random;
  }

  names(): Partial<RemoteNames> {
    return this.#state.names();
  }

  base(): Base {
    return this.#state.base();
  }

  record(names: RemoteNames | undefined, base: Base): void {
    this.#state.record(names, base);
  }

  /** The text with this hash, when it was equal on both sides last. */
  readonly textOf = (hash: string): string | undefined => {
    this.#texts ??= new Map(Object.entries(this.#read('texts')).filter(isText));
    const text = this.#texts.get(hash);
    return text !== undefined && hashOf(text) === hash ? text : undefined;
  };

  /** Keeps the texts of a base, as far as they are among the known ones, or were kept already. */
  keepTexts(base: Base, known: Iterable<string>): void {
    const texts = new Map([...known].map((text) => [hashOf(text), text]));
    const kept: Record<string, string> = {};
    for (const hash of Object.values(base).flatMap((parts) => Object.values(parts))) {
      const text = hash === undefined || hash === TEMPLATE ? undefined : (texts.get(hash) ?? this.textOf(hash));
      if (text !== undefined && hash !== undefined) kept[hash] = text;
    }
    this.#state.write('texts', kept);
    this.#texts = new Map(Object.entries(kept));
  }

  /** The fingerprints as they are recorded now. */
  fingerprints(): Fingerprints {
    const { key, values } = this.#read('fingerprints');
    const isKnown = typeof key === 'string' && isObject(values);
    if (isKnown) this.#key = key;
    return {
      of: (id, value) => {
        this.#key ??= this.#random();
        return nodeCrypto()
          .createHmac('sha256', this.#key)
          .update(JSON.stringify([this.#origin, id, sorted(value)]))
          .digest('base64');
      },
      recorded: isKnown ? Object.fromEntries(Object.entries(values).filter(isText)) : {},
    };
  }

  /** Remembers that the values of these connections are equal on both sides. */
  keepFingerprints(equal: ReadonlyMap<string, unknown>): void {
    const { of, recorded } = this.fingerprints();
    const values = { ...recorded };
    for (const [id, value] of equal) values[id] = of(id, value);
    if (JSON.stringify(values) !== JSON.stringify(recorded)) {
      this.#state.write('fingerprints', { key: this.#key, values });
    }
  }

  /** Returns the intentions of a push that was cut off; undefined when the last one ended. */
  journal(): Journal | undefined {
    const journal = this.#read('journal');
    return typeof journal.snapshot === 'string' ? (journal as unknown as Journal) : undefined;
  }

  openJournal(journal: Journal): void {
    this.#state.write('journal', journal);
  }

  /** Writes down what the connections were created with that a push has just created. */
  readonly keepTemplates = (templates: Templates): void => {
    const journal = this.journal();
    if (journal !== undefined) this.openJournal({ ...journal, templates: { ...journal.templates, ...templates } });
  };

  closeJournal(): void {
    if (this.journal() !== undefined) this.#state.write('journal', {});
    if (this.pending() !== undefined) this.keepPending(undefined);
  }

  /** The request that the platform has not answered. */
  pending(): PendingRequest | undefined {
    const pending = this.#read('pending');
    return typeof pending.until === 'string' ? (pending as unknown as PendingRequest) : undefined;
  }

  readonly keepPending = (pending: PendingRequest | undefined): void => {
    this.#state.write('pending', pending ?? {});
  };

  snapshots(): readonly string[] {
    return this.#state.snapshots();
  }

  snapshot(name: string): Snapshot | undefined {
    const snapshot = this.#state.snapshot(name);
    return isObject(snapshot) && Array.isArray(snapshot.connections) ? (snapshot as unknown as Snapshot) : undefined;
  }

  keepSnapshot(snapshot: Snapshot): string {
    return this.#state.keepSnapshot(snapshot);
  }

  #read(record: SyncRecord): Readonly<Record<string, unknown>> {
    const value = this.#state.read(record);
    return isObject(value) ? value : {};
  }
}

function isText(entry: readonly [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
