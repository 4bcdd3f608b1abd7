import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../diagnostics.ts';
import type { Base, Project } from '../project/project.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';
import { hashOf, type LocalConnection, type RemoteState, type StoredConnection, TEXT_SECTIONS } from './state.ts';

/** One change of the platform. `why` is for people. */
export type Change =
  | { readonly action: 'create-app'; readonly name: string; readonly label: string }
  | { readonly action: 'create'; readonly id: string; readonly connection: LocalConnection }
  | { readonly action: 'rename'; readonly id: string; readonly label: string; readonly before: string }
  | {
      readonly action: 'set';
      readonly id: string;
      readonly section: SectionName;
      readonly text: string;
      readonly why: Why;
    }
  | { readonly action: 'set-common'; readonly id: string; readonly values: Readonly<Record<string, unknown>> };

/** `cleared`: absent here, and set to its empty default because the platform filled it with a template. */
export type Why = 'new' | 'changed' | 'cleared';

/** What a push would do. Nothing has been changed yet. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Sides that somebody else changed: a plan with conflicts is not applied. */
  readonly conflicts: readonly Diagnostic[];
  /** What is worth saying, such as a `common` without values. */
  readonly notes: readonly Diagnostic[];
  readonly remote: RemoteState;
  /** The base after the plan was applied, for what the plan leaves alone. */
  readonly base: Base;
}

/**
 * A section of a connection that we created and have not filled yet holds the platform's own template:
 * nobody's work is lost by writing over it, even when a push was cut off in between.
 */
export const TEMPLATE = 'template';

/** Compares three sides. `ours` writes over what others changed. */
export function plan(
  project: Pick<Project, 'name' | 'label'>,
  base: Base,
  local: readonly LocalConnection[],
  remote: RemoteState,
  { ours = false }: { readonly ours?: boolean } = {},
): Plan {
  const changes: Change[] = [];
  const conflicts: Diagnostic[] = [];
  const notes: Diagnostic[] = [];
  const next: Record<string, Base[string]> = {};
  if (remote.app === undefined) changes.push({ action: 'create-app', name: project.name, label: project.label });
  for (const connection of local) {
    const stored = remote.connections.get(connection.id);
    if (stored === undefined) {
      changes.push(...creation(connection));
    } else {
      const compared = compare(connection, stored, base[connection.id] ?? {}, ours);
      changes.push(...compared.changes);
      conflicts.push(...compared.conflicts);
      next[connection.id] = compared.base;
    }
    if (connection.common === undefined && connection.commonVariables.length > 0) notes.push(commonSkipped(connection));
  }
  return { changes, conflicts, notes, remote, base: { ...base, ...next } };
}

function creation(connection: LocalConnection): Change[] {
  const { id } = connection;
  const sections = TEXT_SECTIONS.map(({ name, empty }): Change => {
    const text = connection.texts[name];
    return text === undefined
      ? { action: 'set', id, section: name, text: empty, why: 'cleared' }
      : { action: 'set', id, section: name, text, why: 'new' };
  });
  return [{ action: 'create', id, connection }, ...sections, ...commonChange(connection, undefined)];
}

function compare(
  connection: LocalConnection,
  stored: StoredConnection,
  base: Base[string],
  ours: boolean,
): { changes: Change[]; conflicts: Diagnostic[]; base: Base[string] } {
  const { id } = connection;
  const changes: Change[] = [];
  const conflicts: Diagnostic[] = [];
  const next: Record<string, string> = { ...base };
  if (stored.type !== CREATE_TYPES[connection.type].stored) conflicts.push(typeConflict(connection, stored));
  if (stored.label !== connection.label)
    changes.push({ action: 'rename', id, label: connection.label, before: stored.label });
  for (const { name, empty } of TEXT_SECTIONS) {
    const text = connection.texts[name];
    const theirs = stored.texts[name];
    if (text === undefined) {
      if (base[name] === TEMPLATE) changes.push({ action: 'set', id, section: name, text: empty, why: 'cleared' });
    } else if (text === theirs) {
      next[name] = hashOf(text);
    } else if (ours || theirs === undefined || base[name] === TEMPLATE || base[name] === hashOf(theirs)) {
      changes.push({ action: 'set', id, section: name, text, why: 'changed' });
    } else {
      conflicts.push(sectionConflict(connection, stored, name, base[name] !== undefined));
    }
  }
  changes.push(...commonChange(connection, stored.common));
  return { changes, conflicts, base: next };
}

function commonChange({ id, common }: LocalConnection, stored: unknown): Change[] {
  return common === undefined || isDeepStrictEqual(common, stored)
    ? []
    : [{ action: 'set-common', id, values: common }];
}

function sectionConflict(
  connection: LocalConnection,
  stored: StoredConnection,
  section: SectionName,
  pushedBefore: boolean,
): Diagnostic {
  return {
    code: 'sync/conflict',
    severity: 'error',
    message: pushedBefore
      ? `${section} of ${stored.name} was changed on the platform since the last push.`
      : `${section} of ${stored.name} differs on the platform and was never pushed from here.`,
    hint: 'Compare the two; push with --ours to write over what is there.',
    file: `connections/${connection.id}`,
  };
}

function typeConflict(connection: LocalConnection, stored: StoredConnection): Diagnostic {
  return {
    code: 'sync/conflict',
    severity: 'error',
    message: `${stored.name} is of type ${stored.type} on the platform, which cannot be changed there.`,
    hint: `Use a type that is stored as ${stored.type}, or give the connection another id to create a new one.`,
    found: connection.type,
    file: `connections/${connection.id}/connection.json`,
  };
}

function commonSkipped({ id, commonVariables }: LocalConnection): Diagnostic {
  return {
    code: 'sync/common-skipped',
    severity: 'info',
    message: `common of ${id} was left alone: no values are at hand.`,
    hint: `Write connections/${id}/common.local.json, or set ${commonVariables.join(', ')}.`,
  };
}
