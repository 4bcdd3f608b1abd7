import { isDeepStrictEqual } from 'node:util';
import { hashOf } from '../hash.ts';
import { isObject, type JSONObject } from '../json.ts';
import type { Base } from '../project/project.ts';
import type { SectionName } from '../sections/index.ts';
import { type LocalConnection, removedSections, TEMPLATE, TEXT_SECTIONS } from './local.ts';
import type { RemoteState, StoredConnection } from './remote.ts';

/** A part that is compared byte for byte: a section that is stored as text, or the label. */
export type ComparedName = SectionName | 'label';

/**
 * How two sides stand to what was equal last: `ours` and `theirs` name the side that changed since, `both` that both
 * did, and `unknown` that they differ and were never equal as far as anybody knows.
 */
export type Verdict = 'equal' | 'ours' | 'theirs' | 'both' | 'unknown';

/** The verdicts on what somebody else changed, or may have. */
export const CHANGED_THERE: ReadonlySet<Verdict> = new Set(['theirs', 'both', 'unknown'] as const);

/** One part of one connection, on both sides. */
export interface ComparedPart {
  readonly id: string;
  /** Name of the connection on the platform. */
  readonly name: string;
  readonly part: ComparedName;
  readonly verdict: Verdict;
  /** The project’s text. */
  readonly local: string;
  /** The platform’s text. */
  readonly remote: string;
  /** The last text that was equal on both sides; undefined if it is unknown, or if the two are equal now. */
  readonly last: string | undefined;
}

/** The shared values of one connection: which differ, and never what they are. */
export interface ComparedCommon {
  readonly id: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** The keys whose values differ. */
  readonly keys: readonly string[];
}

/** Both sides of a project, and what is equal or not. */
export interface Comparison {
  readonly local: readonly LocalConnection[];
  readonly remote: RemoteState;
  /** The last synchronized state, including the changes of an interrupted push. */
  readonly base: Base;
  readonly parts: readonly ComparedPart[];
  readonly commons: readonly ComparedCommon[];
  /** Connections with sections that were synchronized, but no longer have a file. */
  readonly removed: readonly { readonly id: string; readonly sections: readonly SectionName[] }[];
}

/** Fingerprints of the values of `common`, which tell whether two are equal and nothing else. */
export interface Fingerprints {
  of(id: string, values: unknown): string;
  /** Of the values that were equal on both sides last, by connection. */
  readonly recorded: Readonly<Record<string, string>>;
}

/**
 * Compares both sides with what was equal last.
 * @param textOf the text with a hash, when it is at hand
 */
export function compare(
  base: Base,
  local: readonly LocalConnection[],
  remote: RemoteState,
  fingerprints: Fingerprints,
  textOf: (hash: string) => string | undefined = () => undefined,
): Comparison {
  const parts: ComparedPart[] = [];
  const commons: ComparedCommon[] = [];
  const removed: Comparison['removed'][number][] = [];
  for (const connection of local) {
    const stored = remote.connections.get(connection.id);
    if (stored === undefined) continue;
    parts.push(...comparedParts(connection, stored, base[connection.id] ?? {}, textOf));
    const common = comparedCommon(connection, stored, fingerprints);
    if (common !== undefined) commons.push(common);
    const sections = removedSections(connection, base[connection.id]);
    if (sections.length > 0) removed.push({ id: connection.id, sections });
  }
  return { local, remote, base, parts, commons, removed };
}

function comparedParts(
  connection: LocalConnection,
  stored: StoredConnection,
  base: Base[string],
  textOf: (hash: string) => string | undefined,
): ComparedPart[] {
  const { id } = connection;
  const sides: (readonly [ComparedName, string | undefined, string | undefined, empty?: string])[] = [
    ['label', connection.label, stored.label],
    ...TEXT_SECTIONS.map(({ name, empty }) => [name, connection.texts[name], stored.texts[name], empty] as const),
  ];
  return sides.flatMap(([part, ours, theirs, empty]) => {
    if (ours === undefined || theirs === undefined) return [];
    // A section that was not declared here before, and that nobody has filled there, is nobody's work.
    const known = base[part] ?? (theirs.trim() === empty?.trim() ? hashOf(theirs) : undefined);
    const verdict = verdictOf(ours, theirs, known);
    const last = verdict === 'equal' || known === undefined ? undefined : textOf(known);
    return [{ id, name: stored.name, part, verdict, local: ours, remote: theirs, last }];
  });
}

/** Old connections hold the text `null` where nothing was ever written. Source: what Make's editor extension does. */
const NOTHING = 'null';

function verdictOf(ours: string, theirs: string, base: string | undefined): Verdict {
  if (ours === theirs) return 'equal';
  if (base === TEMPLATE || theirs === NOTHING) return 'ours';
  if (base === undefined) return 'unknown';
  if (base === hashOf(theirs)) return 'ours';
  return base === hashOf(ours) ? 'theirs' : 'both';
}

function comparedCommon(
  { id, common }: LocalConnection,
  { name, common: stored }: StoredConnection,
  { of, recorded }: Fingerprints,
): ComparedCommon | undefined {
  if (common === undefined) return undefined;
  const known = recorded[id];
  const ours = of(id, common);
  // It was not read, because what is here is what was equal last.
  if (stored === undefined) return { id, name, verdict: 'equal', keys: [] };
  const keys = differingKeys(common, stored);
  const verdict = (): Verdict => {
    if (isDeepStrictEqual(common, stored)) return 'equal';
    if (isObject(stored) && Object.keys(stored).length === 0) return 'ours';
    if (known === undefined) return 'unknown';
    if (known === of(id, stored)) return 'ours';
    return known === ours ? 'theirs' : 'both';
  };
  return { id, name, verdict: verdict(), keys };
}

function differingKeys(local: JSONObject, stored: unknown): string[] {
  const remote = isObject(stored) ? stored : {};
  const keys = new Set([...Object.keys(local), ...Object.keys(remote)]);
  return [...keys].filter((key) => !isDeepStrictEqual(local[key], remote[key])).sort();
}
