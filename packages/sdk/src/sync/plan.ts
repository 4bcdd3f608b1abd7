import { PAGES } from '../codes.ts';
import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import { hashOf } from '../hash.ts';
import type { Base, Project } from '../project/project.ts';
import type { SectionName } from '../sections/index.ts';
import type { ComparedCommon, ComparedName, ComparedPart, Comparison, Verdict } from './compare.ts';
import { type LocalConnection, TEMPLATE, TEXT_SECTIONS } from './local.ts';
import { type Merged, merge } from './merge.ts';
import {
  commonConflict,
  commonLocked,
  commonSkipped,
  commonThere,
  deleteConflict,
  gone,
  type LocalFiles,
  localFiles,
  notDeclared,
  partConflict,
  sectionsLeft,
  storedType,
  typeConflict,
  typeless,
} from './problems.ts';
import { mayBe, type StoredConnection } from './remote.ts';

/** One change of the platform. `from` is the hash of what it writes over; undefined when that was not looked at. */
export type Change =
  | { readonly action: 'create-app'; readonly name: string; readonly label: string }
  | { readonly action: 'create'; readonly id: string; readonly connection: Pick<LocalConnection, 'type' | 'label'> }
  | { readonly action: 'rename'; readonly id: string; readonly label: string; readonly before: string }
  | {
      readonly action: 'set';
      readonly id: string;
      readonly section: SectionName;
      readonly text: string;
      readonly why: Why;
      readonly from?: string;
    }
  | { readonly action: 'set-common'; readonly id: string; readonly values: Readonly<Record<string, unknown>> }
  | { readonly action: 'delete'; readonly id: string; readonly name: string }
  | { readonly action: 'delete-app'; readonly name: string; readonly version: number };

/** `cleared`: absent here, and set to its empty default because the platform filled it with a template. */
type Why = 'new' | 'changed' | 'cleared';

/** One change of the project's files, in the platform's form. `merged` holds what both sides changed. */
export type Write =
  | { readonly id: string; readonly part: ComparedName; readonly text: string; readonly how: 'theirs' | 'merged' }
  | { readonly id: string; readonly part: 'common'; readonly how: 'theirs' };

/** Plan of a push or a pull. Nothing has been changed yet. */
export interface Plan {
  readonly direction: Direction;
  readonly comparison: Comparison;
  /** Of the platform, in the order in which they are made. */
  readonly changes: readonly Change[];
  /** Of the project's files. */
  readonly writes: readonly Write[];
  /** Sides of which one would be lost: a plan with conflicts is not applied. */
  readonly conflicts: readonly Diagnostic[];
  /** Notes worth reading, such as on a `common` without values. */
  readonly notes: readonly Diagnostic[];
  /** The base after the plan was applied, for what the plan leaves alone. */
  readonly base: Base;
  /** Ids of connections whose `common` is the same on both sides once the plan was applied, as it is here. */
  readonly commonEqual: readonly string[];
  /** The name of the snapshot that it brings back, when it is a rollback. */
  readonly restores?: string;
}

/** The direction of a plan: from the project to the platform (`push`), or back (`pull`). */
export type Direction = 'push' | 'pull';

/** Says which side counts where nothing else decides it, and whether connections may be deleted on the platform. */
export interface ConflictOptions {
  /** The parts of which the project's side counts (default: none). */
  readonly ours?: Selector | undefined;
  /** The parts of which the platform's side counts (default: none). */
  readonly theirs?: Selector | undefined;
  readonly allowDestructive?: boolean | undefined;
}

/** Tells whether a part of a connection is selected. */
export type Selector = (id: string, part: ComparedName | 'common') => boolean;

const NONE: Selector = () => false;

/** Outcome for a part: it is left as it is, goes there, comes here, or somebody has to choose. */
type PartOutcome = 'adopt' | 'keep' | 'send' | 'fetch' | 'merge' | 'conflict';

const OUTCOMES: Readonly<Record<Direction, Readonly<Record<Verdict, PartOutcome>>>> = {
  push: { equal: 'adopt', ours: 'send', theirs: 'conflict', both: 'conflict', unknown: 'conflict' },
  pull: { equal: 'adopt', ours: 'keep', theirs: 'fetch', both: 'merge', unknown: 'conflict' },
};

/**
 * Decides what is done in one direction about what differs.
 * @throws ConnectorError usage `project/no-name` for an app that would have no name
 */
export function plan(
  project: Pick<Project, 'name' | 'label' | 'connections'>,
  comparison: Comparison,
  direction: Direction,
  options: ConflictOptions = {},
): Plan {
  const planner = new Planner(comparison, direction, options, localFiles(project.connections));
  const { local, remote, base } = comparison;
  if (direction === 'push' && remote.app === undefined && local.length > 0) {
    checkName(project);
    planner.changes.push({ action: 'create-app', name: project.name, label: project.label });
  }
  for (const connection of local) {
    const stored = remote.connections.get(connection.id);
    if (stored !== undefined) planner.existing(connection, stored);
    else planner.absent(connection, base[connection.id] !== undefined);
  }
  for (const [id, stored] of remote.connections) {
    if (!local.some((connection) => connection.id === id)) planner.dropped(id, stored);
  }
  return planner.done();
}

/** @throws ConnectorError usage `project/no-name` */
function checkName({ name }: Pick<Project, 'name'>): void {
  if (name !== '') return;
  throw new ConnectorError('usage', {
    code: 'project/no-name',
    message: 'There is no app yet, and no name for a new one.',
    hint: PAGES['project/no-name'].remedy,
  });
}

class Planner {
  readonly changes: Change[] = [];
  readonly #writes: Write[] = [];
  readonly #conflicts: Diagnostic[] = [];
  readonly #notes: Diagnostic[] = [];
  readonly #deletes: Change[] = [];
  readonly #commonEqual: string[] = [];
  readonly #base: Record<string, Record<string, string>>;
  readonly #comparison: Comparison;
  readonly #direction: Direction;
  readonly #ours: Selector;
  readonly #theirs: Selector;
  readonly #allowDestructive: boolean;
  readonly #files: LocalFiles;

  constructor(
    comparison: Comparison,
    direction: Direction,
    { ours = NONE, theirs = NONE, allowDestructive = false }: ConflictOptions,
    files: LocalFiles,
  ) {
    this.#comparison = comparison;
    this.#direction = direction;
    this.#ours = ours;
    this.#theirs = theirs;
    this.#allowDestructive = allowDestructive;
    this.#files = files;
    this.#base = Object.fromEntries(Object.entries(comparison.base).map(([id, parts]) => [id, { ...parts }]));
  }

  done(): Plan {
    return {
      direction: this.#direction,
      comparison: this.#comparison,
      changes: [...this.changes, ...this.#deletes],
      writes: this.#writes,
      conflicts: this.#conflicts,
      notes: this.#notes,
      base: this.#base,
      commonEqual: this.#commonEqual,
    };
  }

  /** A connection that is on both sides. */
  existing(connection: LocalConnection, stored: StoredConnection): void {
    const { id } = connection;
    const { parts, commons, base, removed } = this.#comparison;
    if (!mayBe(connection, stored.type)) this.#conflicts.push(typeConflict(connection, stored, this.#files));
    else if (connection.possibleTypes !== undefined) this.#notes.push(storedType(id, stored, this.#files));
    for (const compared of parts) if (compared.id === id) this.#part(compared);
    if (this.#direction === 'push') {
      for (const { name, empty } of TEXT_SECTIONS) {
        if (connection.texts[name] !== undefined || base[id]?.[name] !== TEMPLATE) continue;
        this.changes.push({ action: 'set', id, section: name, text: empty, why: 'cleared' });
      }
    }
    const sections = removed.find((each) => each.id === id)?.sections;
    if (sections !== undefined) this.#notes.push(sectionsLeft(id, sections, stored, this.#files));
    const common = commons.find((compared) => compared.id === id);
    if (common !== undefined) this.#common(common, connection);
    else this.#silent(connection);
  }

  /** A connection that is here and not there. */
  absent(connection: LocalConnection, wasThere: boolean): void {
    const { id, type, label, common } = connection;
    if (wasThere) this.#notes.push(gone(id, this.#direction, this.#files));
    if (this.#direction === 'pull') return;
    if (connection.possibleTypes !== undefined) this.#conflicts.push(typeless(id, this.#files));
    this.changes.push({ action: 'create', id, connection: { type, label } });
    for (const { name, empty } of TEXT_SECTIONS) {
      const text = connection.texts[name];
      const written = text === undefined ? ({ text: empty, why: 'cleared' } as const) : ({ text, why: 'new' } as const);
      this.changes.push({ action: 'set', id, section: name, ...written });
    }
    if (common === undefined) this.#silent(connection);
    else this.#setCommon(id, common);
  }

  /** A connection that is recorded and there, and no longer here. */
  dropped(id: string, stored: StoredConnection): void {
    const known = this.#comparison.base[id];
    if (this.#direction === 'pull') {
      if (known !== undefined && !this.#theirs(id, 'label')) this.#notes.push(notDeclared(id, stored, 'pull'));
      else this.#revive(id, stored);
      return;
    }
    if (!this.#allowDestructive) {
      this.#notes.push(notDeclared(id, stored, 'push'));
      return;
    }
    const changed = TEXT_SECTIONS.filter(({ name, empty }) => {
      const text = stored.texts[name];
      const was = known?.[name];
      if (text === undefined || text === 'null' || was === TEMPLATE || this.#ours(id, name)) return false;
      return was === undefined ? text.trim() !== empty.trim() : was !== hashOf(text);
    });
    if (changed.length > 0) {
      const names = changed.map(({ name }) => name);
      this.#conflicts.push(deleteConflict(id, stored, names));
      return;
    }
    this.#deletes.push({ action: 'delete', id, name: stored.name });
  }

  #revive(id: string, { label, texts }: StoredConnection): void {
    for (const [part, text] of Object.entries({ label, ...texts })) {
      this.#writes.push({ id, part: part as ComparedName, text, how: 'theirs' });
      this.#keep(id, part as ComparedName, hashOf(text));
    }
  }

  #part(compared: ComparedPart): void {
    const { id, part, local, remote, verdict } = compared;
    const merged = verdict === 'both' ? this.#merged(compared) : undefined;
    switch (this.#outcome(compared, part)) {
      case 'adopt':
        this.#keep(id, part, hashOf(local));
        break;
      case 'keep':
        this.#keep(id, part, hashOf(remote));
        break;
      case 'send':
        this.#send(compared);
        break;
      case 'fetch':
        this.#writes.push({ id, part, text: remote, how: 'theirs' });
        this.#keep(id, part, hashOf(remote));
        break;
      case 'merge':
        if (merged === undefined || !('text' in merged)) {
          this.#conflicts.push(partConflict(compared, merged, this.#direction, this.#files));
          break;
        }
        this.#writes.push({ id, part, text: merged.text, how: 'merged' });
        this.#keep(id, part, hashOf(remote));
        break;
      default:
        this.#conflicts.push(partConflict(compared, merged, this.#direction, this.#files));
    }
  }

  /** A choice decides what would be a conflict, or would come here; never what only one side changed and keeps. */
  #outcome({ id, verdict }: Pick<ComparedPart, 'id' | 'verdict'>, part: ComparedName | 'common'): PartOutcome {
    const outcome = OUTCOMES[this.#direction][verdict];
    if (verdict === 'equal' || verdict === 'ours') return outcome;
    if (this.#ours(id, part)) return this.#direction === 'push' ? 'send' : 'keep';
    return this.#theirs(id, part) ? 'fetch' : outcome;
  }

  #send({ id, part, local, remote }: ComparedPart): void {
    if (part === 'label') this.changes.push({ action: 'rename', id, label: local, before: remote });
    else {
      this.changes.push({ action: 'set', id, section: part, text: local, why: 'changed', from: hashOf(remote) });
    }
  }

  #merged({ part, last, local, remote }: ComparedPart): Merged | undefined {
    return last === undefined || part === 'label' ? undefined : merge(last, local, remote);
  }

  #common(compared: ComparedCommon, { common }: LocalConnection): void {
    const { id } = compared;
    switch (this.#outcome(compared, 'common')) {
      case 'adopt':
        this.#commonEqual.push(id);
        break;
      case 'send':
        if (common !== undefined) this.#setCommon(id, common);
        break;
      case 'fetch':
        if (this.#theirs(id, 'common')) this.#writes.push({ id, part: 'common', how: 'theirs' });
        else this.#notes.push(commonThere(compared));
        break;
      case 'keep':
        break;
      default:
        if (this.#direction === 'push') this.#conflicts.push(commonConflict(compared, this.#files));
        else this.#notes.push(commonThere(compared));
    }
  }

  #setCommon(id: string, values: Readonly<Record<string, unknown>>): void {
    if (this.#comparison.remote.app?.approved === true && this.#comparison.remote.connections.has(id)) {
      this.#notes.push(commonLocked(id));
      return;
    }
    this.changes.push({ action: 'set-common', id, values });
    this.#commonEqual.push(id);
  }

  #silent(connection: LocalConnection): void {
    const { common, commonVariables } = connection;
    if (this.#direction === 'push' && common === undefined && commonVariables.length > 0) {
      this.#notes.push(commonSkipped(connection));
    }
  }

  #keep(id: string, part: ComparedName, hash: string): void {
    this.#base[id] = { ...this.#base[id], [part]: hash };
  }
}
