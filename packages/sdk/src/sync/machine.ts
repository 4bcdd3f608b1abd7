import { createHmac } from 'node:crypto';
import { ConnectorError, nearest } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { type Files, updateFile } from '../project/files.ts';
import type { Base } from '../project/project.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { Comparison, Fingerprints, Verdict } from './compare.ts';
import type { Plan } from './plan.ts';
import { hashOf, type LocalConnection, type RemoteState, TEMPLATE, type Texts, type Wanted } from './state.ts';
import type { Unanswered } from './unanswered.ts';

const TEXTS = '.connector/synced.json';
const COMMON = '.connector/common.json';
/** Beside the origins, whose names have no such sign. */
const SALT = '$salt';
const JOURNAL = '.connector/journal.json';
const UNANSWERED = '.connector/unanswered.json';
const SNAPSHOTS = '.connector/snapshots';

/** What a push is about to do, written down before the first change. */
export interface Journal {
  /** The snapshot of how it was before. */
  readonly snapshot: string;
  /** The snapshot that it brings back, when it is a rollback. */
  readonly restores?: string;
  /** Remote names of the connections that were there. */
  readonly known: readonly string[];
  /** The connections that are to be created. */
  readonly creating: readonly Pick<LocalConnection, 'id' | 'type' | 'label'>[];
  /** Connection id → part → the hashes of what is written over and of what is written. */
  readonly parts: {
    readonly [id: string]: { readonly [part: string]: { readonly from?: string; readonly to: string } };
  };
  /** Connection id → fingerprints of the values of `common` that are written over and that are written. */
  readonly commons: { readonly [id: string]: readonly string[] };
  /** What connections were created with, as far as they were and the platform says. */
  readonly templates?: Templates;
}

/** Connection id → section → the platform's checksum of the template that it fills a new connection with. */
export type Templates = { readonly [id: string]: { readonly [section: string]: string } };

/** How a platform was before a push: what the project has to do with, and nothing else. */
export interface Snapshot {
  readonly origin: string;
  /** ISO 8601. */
  readonly taken: string;
  /** Undefined when the push was the first, and created the app. */
  readonly app: string | undefined;
  readonly connections: readonly SnapshotConnection[];
}

/** One connection as it was. `common`, which is secret, only where the push wrote it. */
export interface SnapshotConnection {
  readonly id: string;
  readonly name: string;
  readonly type: CreateType;
  readonly label: string;
  readonly texts: Texts;
  readonly common?: unknown;
}

/** What this machine remembers of an origin, in files that git ignores. What cannot be read is as if it were not there. */
export class Machine {
  readonly #files: Files;
  readonly #origin: string;
  #texts: ReadonlyMap<string, string> | undefined;

  constructor(files: Files, origin: string) {
    this.#files = files;
    this.#origin = origin;
  }

  /** The text with this hash, when it was equal on both sides last. */
  readonly textOf = (hash: string): string | undefined => {
    this.#texts ??= new Map(Object.entries(this.#own(TEXTS)).filter(isText));
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
    this.#write(TEXTS, kept, false);
    this.#texts = new Map(Object.entries(kept));
  }

  /** @param random at least 16 random bytes as text, for the first fingerprint that this machine makes */
  fingerprints(random: () => string): Fingerprints {
    const { [SALT]: known, [this.#origin]: recorded } = this.#read(COMMON);
    let salt = typeof known === 'string' ? known : undefined;
    return {
      of: (id, values) => {
        salt ??= random();
        return createHmac('sha256', salt)
          .update(JSON.stringify([this.#origin, id, sorted(values)]))
          .digest('base64');
      },
      recorded: isObject(recorded) ? Object.fromEntries(Object.entries(recorded).filter(isText)) : {},
      salt: () => salt,
    };
  }

  /** Remembers that the values of these connections are equal on both sides. */
  keepFingerprints(fingerprints: Fingerprints, values: ReadonlyMap<string, unknown>): void {
    const own = { ...fingerprints.recorded };
    for (const [id, value] of values) own[id] = fingerprints.of(id, value);
    if (JSON.stringify(own) === JSON.stringify(fingerprints.recorded)) return;
    const salt = fingerprints.salt();
    // Another command may have made the first salt meanwhile: what this one made tells nothing beside it.
    const isOurs = (known: unknown) => known === undefined || known === salt;
    this.#change(COMMON, (all) => (isOurs(all[SALT]) ? { ...all, [SALT]: salt, [this.#origin]: own } : all), true);
  }

  /** What a push that was cut off was about to do; undefined when the last one ended. */
  journal(): Journal | undefined {
    const own = this.#own(JOURNAL);
    return typeof own.snapshot === 'string' ? (own as unknown as Journal) : undefined;
  }

  open(journal: Journal): void {
    this.#write(JOURNAL, journal, false);
  }

  /** Writes down what the connections were created with that a push has just created. */
  readonly keepTemplates = (templates: Templates): void => {
    const journal = this.journal();
    if (journal !== undefined) this.open({ ...journal, templates: { ...journal.templates, ...templates } });
  };

  close(): void {
    if (this.journal() !== undefined) this.#write(JOURNAL, {}, false);
    if (this.unanswered() !== undefined) this.note(undefined);
  }

  /** What the platform was asked for last, when it has not answered. */
  unanswered(): Unanswered | undefined {
    const own = this.#own(UNANSWERED);
    return typeof own.until === 'string' ? (own as unknown as Unanswered) : undefined;
  }

  readonly note = (unanswered: Unanswered | undefined): void => {
    this.#write(UNANSWERED, unanswered ?? {}, false);
  };

  /** Names of the snapshots of this origin, the latest last. */
  snapshots(): readonly string[] {
    const end = `-${fileName(this.#origin)}.json`;
    const names = this.#files.list(SNAPSHOTS).filter((name) => name.endsWith(end));
    return names.map((name) => name.slice(0, -'.json'.length));
  }

  /** @returns the name of the snapshot, which begins with the time */
  keepSnapshot(snapshot: Snapshot): string {
    const time = snapshot.taken.replace(/[-:.]/g, '');
    const name = `${time}-${fileName(this.#origin)}`;
    this.#files.write(`${SNAPSHOTS}/${name}.json`, `${JSON.stringify(snapshot, undefined, 2)}\n`, { secret: true });
    return name;
  }

  /**
   * The snapshot of that name. Unless one is named, what a rollback that was cut off brings back, or what a push that
   * was cut off wrote over, or the latest.
   * @throws ConnectorError usage `sync/no-snapshot`
   */
  snapshot(asked: string | undefined): { readonly name: string; readonly snapshot: Snapshot } {
    const names = this.snapshots();
    const journal = this.journal();
    const name = asked ?? journal?.restores ?? journal?.snapshot ?? names.at(-1);
    const text = name !== undefined && names.includes(name) ? this.#files.read(`${SNAPSHOTS}/${name}.json`) : undefined;
    const value = parsed(text);
    if (name !== undefined && Array.isArray(value.connections)) return { name, snapshot: value as unknown as Snapshot };
    const meant = asked === undefined ? undefined : nearest(asked, names);
    throw new ConnectorError('usage', {
      code: 'sync/no-snapshot',
      message: asked === undefined ? `There is no snapshot of ${this.#origin}.` : `There is no snapshot ${asked}.`,
      hint:
        meant !== undefined
          ? `Did you mean ${meant}?`
          : names.length === 0
            ? 'Each push that changes something takes one first.'
            : `There are ${names.slice(-5).join(', ')}.`,
    });
  }

  #own(file: string): Readonly<Record<string, unknown>> {
    const own = this.#read(file)[this.#origin];
    return isObject(own) ? own : {};
  }

  #read(file: string): Readonly<Record<string, unknown>> {
    return parsed(this.#files.read(file));
  }

  #write(file: string, own: object, secret: boolean): void {
    this.#change(file, (all) => ({ ...all, [this.#origin]: own }), secret);
  }

  #change(file: string, change: (all: Readonly<Record<string, unknown>>) => object, secret: boolean): void {
    updateFile(this.#files, file, (text) => `${JSON.stringify(change(parsed(text)))}\n`, { secret });
  }
}

/**
 * What a plan is about to do.
 * @param snapshot the name of the snapshot that was taken before
 * @param restores the name of the snapshot that the plan brings back
 */
export function journalOf(
  { changes, comparison }: Plan,
  { of }: Pick<Fingerprints, 'of'>,
  snapshot: string,
  restores?: string,
): Journal {
  const { remote } = comparison;
  const parts: Record<string, Record<string, { from?: string; to: string }>> = {};
  const commons: Record<string, string[]> = {};
  for (const change of changes) {
    if (change.action === 'set') {
      const { id, section, text, from } = change;
      parts[id] = { ...parts[id], [section]: { ...(from === undefined ? {} : { from }), to: hashOf(text) } };
    } else if (change.action === 'rename') {
      const { id, label, before } = change;
      parts[id] = { ...parts[id], label: { from: hashOf(before), to: hashOf(label) } };
    } else if (change.action === 'set-common') {
      const { id, values } = change;
      const before = remote.connections.get(id)?.common;
      commons[id] = [...(before === undefined ? [] : [of(id, before)]), of(id, values)];
    }
  }
  return {
    snapshot,
    ...(restores === undefined ? {} : { restores }),
    known: [...[...remote.connections.values()], ...remote.strangers].map(({ name }) => name),
    creating: changes.flatMap((change) =>
      change.action === 'create' ? [{ id: change.id, ...change.connection }] : [],
    ),
    parts,
    commons,
  };
}

/** The base, as a push that was cut off has left it: what it wrote, or was about to write over, is nobody else's. */
export function resumed(base: Base, journal: Journal | undefined, remote: RemoteState): Base {
  if (journal === undefined) return base;
  const next: Record<string, Record<string, string>> = {};
  for (const [id, parts] of Object.entries(base)) next[id] = { ...parts };
  for (const [id, parts] of Object.entries(journal.parts)) {
    const stored = remote.connections.get(id);
    if (stored === undefined) continue;
    const sides: Record<string, string | undefined> = { label: stored.label, ...stored.texts };
    for (const [part, { from, to }] of Object.entries(parts)) {
      const text = sides[part];
      const hash = text === undefined ? undefined : hashOf(text);
      const own = next[id] ?? {};
      if (hash !== undefined && (hash === to || hash === from)) own[part] = hash;
      else if (remote.unfinished.has(id) && own[part] === undefined) own[part] = TEMPLATE;
      const template = journal.templates?.[id]?.[part];
      const isFilled = template !== undefined && remote.checksums?.sum(stored.name, part) !== template;
      // Somebody else has filled meanwhile what we had only created.
      if (own[part] === TEMPLATE && isFilled) delete own[part];
      next[id] = own;
    }
  }
  return next;
}

/** The same of the values of `common`. */
export function resumedCommons(
  fingerprints: Fingerprints,
  journal: Journal | undefined,
  { connections }: RemoteState,
): Fingerprints {
  const own = Object.entries(journal?.commons ?? {}).flatMap(([id, known]) => {
    const stored = connections.get(id)?.common;
    const fingerprint = stored === undefined ? undefined : fingerprints.of(id, stored);
    return fingerprint !== undefined && known.includes(fingerprint) ? [[id, fingerprint]] : [];
  });
  return { ...fingerprints, recorded: { ...fingerprints.recorded, ...Object.fromEntries(own) } };
}

/** What of a journal helps to read the platform. */
export function unfinishedOf(journal: Journal | undefined): Wanted['unfinished'] {
  return journal === undefined ? undefined : { creating: journal.creating, known: journal.known };
}

const OTHERS: ReadonlySet<Verdict> = new Set(['theirs', 'both', 'unknown'] as const);

/** How the platform is now, for a rollback. @param commons the connections whose values of `common` are kept as well */
export function snapshotOf(
  { remote, local, parts }: Comparison,
  origin: string,
  taken: Date,
  commons: readonly string[],
): Snapshot {
  const types = new Map(local.map(({ id, type }) => [id, type]));
  // A connection that a push had only created was not there before it, unless somebody else has filled it since.
  const isFilled = (id: string) => parts.some((part) => part.id === id && OTHERS.has(part.verdict));
  const connections = [...remote.connections]
    .filter(([id]) => !remote.unfinished.has(id) || isFilled(id))
    .map(([id, { name, label, type, texts, common }]): SnapshotConnection => {
      const kept = commons.includes(id) ? { common } : {};
      return { id, name, label, type: types.get(id) ?? type, texts, ...kept };
    });
  return { origin, taken: taken.toISOString(), app: remote.app?.name, connections };
}

/** A snapshot as what is to be pushed. */
export function localOf({ connections }: Snapshot): readonly LocalConnection[] {
  return connections.map(({ id, type, label, texts, common }) => ({
    id,
    type,
    label,
    texts,
    commonVariables: [],
    common: isObject(common) ? common : undefined,
  }));
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isText(entry: readonly [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function fileName(origin: string): string {
  return origin.replace(/[^0-9A-Za-z_-]/g, '_');
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
