import { hashOf } from '../hash.ts';
import type { Base } from '../project/project.ts';
import type { Fingerprints } from './compare.ts';
import { type LocalConnection, TEMPLATE } from './local.ts';
import type { Plan } from './plan.ts';
import type { RemoteState, Wanted } from './remote.ts';

/** Intentions of a push, written down before the first change. */
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
  /** Sections that connections were created with, as far as they were and the platform says. */
  readonly templates?: Templates;
}

/** Connection id → section → the platform's checksum of the template that it fills a new connection with. */
export type Templates = { readonly [id: string]: { readonly [section: string]: string } };

/**
 * Returns the intentions of a plan.
 * @param snapshot the name of the snapshot that was taken before
 */
export function journalOf(
  { changes, comparison, restores }: Plan,
  { of }: Pick<Fingerprints, 'of'>,
  snapshot: string,
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

/** Returns the parts of a journal that help to read the platform. */
export function unfinishedOf(journal: Journal | undefined): Wanted['unfinished'] {
  return journal === undefined ? undefined : { creating: journal.creating, known: journal.known };
}
