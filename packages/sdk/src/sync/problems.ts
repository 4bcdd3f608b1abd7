import type { Diagnostic } from '../diagnostics.ts';
import type { Connection } from '../project/project.ts';
import { type SectionName, sectionNamed } from '../sections/index.ts';
import { pathWords } from '../value-changes.ts';
import type { ComparedCommon, ComparedName, ComparedPart, Verdict } from './compare.ts';
import type { LocalConnection } from './local.ts';
import type { Merged } from './merge.ts';
import type { Direction } from './plan.ts';
import type { StoredConnection } from './remote.ts';

/** Finds the files of connections, as the layout of the project has them. */
export interface LocalFiles {
  /** The file of a connection, or of a part of it; none of one that is not declared here. */
  of(id: string, part?: ComparedName | 'common'): Pick<Diagnostic, 'file'>;
  /** How one lets a connection go here, as a sentence goes on. */
  removalOf(id: string): string;
}

export function localFiles(connections: readonly Connection[]): LocalFiles {
  const find = (id: string) => connections.find((each) => each.id === id);
  return {
    of: (id, part) => {
      const connection = find(id);
      if (connection === undefined) return {};
      const { folder, descriptor, commonFile, sections } = connection;
      if (part === undefined) return { file: folder };
      if (part === 'label') return { file: descriptor.file };
      return { file: part === 'common' ? commonFile : (sections[part]?.file ?? folder) };
    },
    removalOf: (id) => find(id)?.removal ?? 'remove it here as well',
  };
}

const SINCE: Readonly<Record<Verdict, string>> = {
  equal: 'is equal.',
  ours: 'was changed here.',
  theirs: 'was changed on the platform since the last sync.',
  both: 'was changed here and on the platform since the last sync.',
  unknown: 'differs on the platform, and it is not known which side is newer.',
};

export function partConflict(
  { id, name, part, verdict }: ComparedPart,
  merged: Merged | undefined,
  direction: Direction,
  files: LocalFiles,
): Diagnostic {
  const chosen = `--ours ${id}/${part}`;
  const keeps = direction === 'push' ? `${chosen} overwrites it` : `${chosen} keeps your version`;
  const pull = direction === 'pull' ? '' : '`connector pull` brings it here';
  const overlapping = merged !== undefined && 'overlaps' in merged ? merged.overlaps.map(pathWords).join(', ') : '';
  const both = merged !== undefined && 'text' in merged ? '`connector pull` merges the two' : '';
  const way = [verdict === 'theirs' ? pull : both, `--theirs ${id}/${part} takes the platform’s version`, keeps];
  const hint = way.filter((each) => each !== '').join('; ');
  return {
    code: 'sync/conflict',
    severity: 'error',
    message: `${part} of ${name} ${SINCE[verdict]}${overlapping === '' ? '' : ` Both changed ${overlapping}.`}`,
    hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`,
    ...files.of(id, part),
  };
}

export function commonConflict({ id, name, verdict, keys }: ComparedCommon, files: LocalFiles): Diagnostic {
  const { file } = files.of(id, 'common');
  return {
    code: 'sync/conflict',
    severity: 'error',
    message: `common of ${name} ${SINCE[verdict]} Its keys: ${keys.join(', ')}.`,
    hint: `--ours ${id}/common overwrites it; --theirs ${id}/common takes the platform’s values${file === undefined ? '' : ` into ${file}`}.`,
    ...(file === undefined ? {} : { file }),
  };
}

export function commonThere({ id, name, keys }: ComparedCommon): Diagnostic {
  return {
    code: 'sync/common-differs',
    severity: 'warning',
    message: `common of ${name} differs: ${keys.join(', ')}.`,
    hint: `\`connector pull --theirs ${id}/common\` takes the platform’s values; \`connector push --ours ${id}/common\` overwrites them.`,
  };
}

export function typeConflict(connection: LocalConnection, stored: StoredConnection, files: LocalFiles): Diagnostic {
  return {
    code: 'sync/conflict',
    severity: 'error',
    message: `${stored.name} is of type ${stored.type} on the platform, which cannot be changed there.`,
    hint: `Use a type that is stored as ${stored.type}, or give the connection another id to create a new one.`,
    found: connection.type,
    ...files.of(connection.id, 'label'),
  };
}

/** That a connection without a declared type is stored with one. */
export function storedType(id: string, { name, type }: StoredConnection, files: LocalFiles): Diagnostic {
  return {
    code: 'project/no-type',
    severity: 'info',
    message: `${id} has no connectionType here, and ${name} is of type ${type} on the platform.`,
    hint: `Write "connectionType": ${JSON.stringify(type)} into its entry.`,
    ...files.of(id, 'label'),
  };
}

/** That a connection cannot be created, because nothing says its type. */
export function typeless(id: string, files: LocalFiles): Diagnostic {
  return {
    code: 'project/no-type',
    severity: 'error',
    message: `${id} is not on the platform yet, and has no type to create it with.`,
    hint: 'Write "connectionType": "basic" or "oauth" into its entry.',
    ...files.of(id, 'label'),
  };
}

export function deleteConflict(id: string, { name }: StoredConnection, sections: readonly string[]): Diagnostic {
  return {
    code: 'sync/conflict',
    severity: 'error',
    message: `${name} would be deleted, and ${sections.join(', ')} of it changed on the platform since the last sync.`,
    hint: `\`connector pull --theirs ${id}\` takes the changes; --ours ${id} deletes it anyway.`,
  };
}

export function gone(id: string, direction: Direction, files: LocalFiles): Diagnostic {
  const removal = files.removalOf(id);
  return {
    code: 'sync/gone',
    severity: 'warning',
    message: `${id} was deleted on the platform since the last sync.`,
    hint:
      direction === 'push'
        ? `It is created again. To give it up, ${removal}.`
        : `To give it up, ${removal}; a push creates it again.`,
    ...files.of(id),
  };
}

export function notDeclared(id: string, { name }: StoredConnection, direction: Direction): Diagnostic {
  return {
    code: 'sync/not-declared',
    severity: 'warning',
    message: `${name} was pushed as ${id}, but is no longer in the project.`,
    hint:
      direction === 'push'
        ? 'It is not changed; `connector push --allow-destructive` deletes it on the platform.'
        : `--theirs ${id} brings it back; \`connector push --allow-destructive\` deletes it on the platform.`,
  };
}

export function sectionsLeft(
  id: string,
  sections: readonly SectionName[],
  { name }: StoredConnection,
  files: LocalFiles,
): Diagnostic {
  const one = sections.length === 1;
  const empties = sections
    .map((section) => sectionNamed(section)?.empty ?? '')
    .filter((each, at, all) => all.indexOf(each) === at);
  return {
    code: 'sync/section-left',
    severity: 'warning',
    message: `${sections.join(', ')} of ${id} ${one ? 'has' : 'have'} no file any more, but ${name} still has ${one ? 'it' : 'them'}.`,
    hint: `Nothing was changed. To empty ${one ? 'it' : 'them'} there, write ${empties.join(' or ')} into ${one ? 'its file' : 'their files'}; to leave ${one ? 'it' : 'them'} unmanaged, see \`connector explain sync/section-left\`.`,
    ...files.of(id),
  };
}

export function commonLocked(id: string): Diagnostic {
  return {
    code: 'sync/common-locked',
    severity: 'warning',
    message: `common of ${id} was not changed: the app is approved, so the values of common are locked.`,
    hint: 'Values of an approved app are changed through its installation form, in the platform’s administration.',
  };
}

export function commonSkipped({ id, commonVariables, commonFile }: LocalConnection): Diagnostic {
  return {
    code: 'sync/common-skipped',
    severity: 'info',
    message: `common of ${id} was not changed: it has no values here.`,
    hint: `${commonFile === undefined ? 'Set' : `Write ${commonFile}, or set`} ${commonVariables.join(', ')}.`,
  };
}
