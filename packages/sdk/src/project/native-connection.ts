import { isDeviceName } from '../device-names.ts';
import { type Diagnostic, nearest } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { schemaProblems } from '../schema.ts';
import { CREATE_TYPES, isCreateType } from '../sections/create-types.ts';
import { SECTIONS, type SectionName, sectionNamed } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import type { Source } from '../source.ts';
import { type Files, sourceIn } from './files.ts';
import { missingSection, missingSections } from './missing.ts';
import { CONNECTIONS, DESCRIPTOR, TESTS, VALUES } from './native-files.ts';
import type { Connection } from './project.ts';
import { PROJECT_SCHEMAS } from './schemas.ts';

/** Files of a connection that are no sections, and folders. */
const OTHER_FILES = [DESCRIPTOR, VALUES, `${TESTS}/`, 'README.md'];
const SECTION_FILES = SECTIONS.flatMap((section): readonly string[] => section.files);
const KNOWN_FILES = new Set([...OTHER_FILES, ...SECTION_FILES]);
const ID = /^[A-Za-z][0-9A-Za-z-]{0,63}$/;

/** A connection that was read: absent when it is not known what it is. */
export interface ReadConnection {
  readonly connection?: Connection;
  /** The file of its secret values, which git has to leave out; undefined when it is not there. */
  readonly values?: string;
  /** Each names the connection. */
  readonly problems: readonly Diagnostic[];
}

/** Reads a connection from its folder. */
export function readConnection(files: Files, id: string): ReadConnection {
  const folder = `${CONNECTIONS}/${id}`;
  if (!isConnectionId(id)) return { problems: [{ ...wrongId(id), severity: 'error', connection: id, file: folder }] };
  const entries = files.list(folder);
  const file = `${folder}/${DESCRIPTOR}`;
  const text = files.read(file);
  if (text === undefined) return { problems: [noDescriptor(id, file, entries)] };
  const descriptor = sourceIn(files, file, text, { comments: true });
  const found = [...descriptor.problems, ...schemaProblems(PROJECT_SCHEMAS, 'connection', descriptor)];
  const sections = readSections(files, folder, entries, found);
  const { type, label, unmanaged: listed } = isObject(descriptor.value) ? descriptor.value : {};
  const unmanaged = Array.isArray(listed) ? listed.filter((name) => sectionNamed(name) !== undefined) : [];
  if (isCreateType(type)) found.push(...unmanagedProblems(descriptor, sections, unmanaged, entries));
  // What its sections say is reported with all else that they say, unless that cannot be looked at.
  if (!isCreateType(type)) found.push(...Object.values(sections).flatMap((source) => source.problems));
  const problems = found.map((problem) => ({ ...problem, connection: id }));
  if (!isCreateType(type)) return { problems };
  const commonFile = `${folder}/${VALUES}`;
  const removal = `delete the folder ${folder}`;
  const facts = { id, type, label: words(label) ?? id, folder, commonFile, removal };
  const values = entries.includes(VALUES) ? { values: commonFile } : {};
  return { connection: { ...facts, descriptor, unmanaged, sections }, ...values, problems };
}

function noDescriptor(id: string, file: string, entries: readonly string[]): Diagnostic {
  const meant = entries.find((entry) => entry !== DESCRIPTOR && nearest(entry, [DESCRIPTOR]) !== undefined);
  const example = `{"type": "apikey", "label": "${id}"}`;
  return {
    code: 'project/no-descriptor',
    severity: 'error',
    message: `The connection ${JSON.stringify(id)} has no ${DESCRIPTOR}.`,
    hint:
      meant === undefined
        ? `Add one, such as ${example}; types are ${Object.keys(CREATE_TYPES).join(', ')}.`
        : `Rename ${meant} to ${DESCRIPTOR}.`,
    connection: id,
    file,
  };
}

/** Sections that have to be there and are not, and those that are there although they are said to be unmanaged. */
function unmanagedProblems(
  descriptor: Source,
  sections: Connection['sections'],
  unmanaged: readonly SectionName[],
  entries: readonly string[],
): Diagnostic[] {
  // A file with another name, which is reported for itself, is what is missing.
  const meant = entries.flatMap((entry) => (KNOWN_FILES.has(entry) ? [] : (meantBy(entry) ?? [])));
  const isMisspelt = ({ files }: Section) => files.some((file) => meant.includes(file));
  const missing = missingSections(sections, unmanaged).flatMap((section): Diagnostic[] => {
    const { name, files } = section;
    const hint = `Add ${files[0]}, or write "unmanaged": ["${name}"] to leave alone what the platform has.`;
    return isMisspelt(section) ? [] : [{ ...missingSection(name, hint), file: descriptor.file }];
  });
  const present = unmanaged.flatMap((name, index): Diagnostic[] => {
    const source = sections[name];
    if (source === undefined) return [];
    const path = ['unmanaged', index];
    return [
      {
        code: 'project/unmanaged',
        severity: 'error',
        message: `${name} is listed as unmanaged, but ${source.file} exists.`,
        hint: 'Remove one of the two.',
        found: name,
        file: descriptor.file,
        path,
        ...descriptor.locate(path),
      },
    ];
  });
  return [...missing, ...present];
}

/** Checks if it can be the name of a folder, and of a connection. */
export function isConnectionId(id: string): boolean {
  return ID.test(id) && !isDeviceName(id);
}

/** Returns the problem of an id that cannot be one. */
export function wrongId(id: string) {
  const why = isDeviceName(id) ? 'cannot be the name of a folder on Windows' : 'is not a valid connection id';
  return {
    code: 'project/connection-id',
    message: `${JSON.stringify(id)} ${why}.`,
    hint: 'An id is a letter, then letters, digits and hyphens, at most 64 characters.',
  } as const;
}

/** The file of a section that a name was meant to be; undefined when it is like none. */
function meantBy(entry: string): string | undefined {
  const name = entry.replace(/^\.+/, '');
  const stem = name.replace(/[./].*$/s, '').toLowerCase();
  const called = SECTIONS.find((section) => section.files[0].startsWith(`${stem}.json`));
  return nearest(name, SECTION_FILES) ?? called?.files[0];
}

function isSectionFile(name: string): boolean {
  return name === DESCRIPTOR || SECTION_FILES.includes(name);
}

/**
 * Returns the problems of files directly among the folders of the connections: one that is called like a section is
 * in none.
 */
export function amongConnections(entries: readonly string[]): Diagnostic[] {
  const meant = [DESCRIPTOR, ...SECTION_FILES];
  return entries
    .filter((entry) => !entry.endsWith('/') && nearest(entry.replace(/^\.+/, ''), meant) !== undefined)
    .map((entry) => ({
      code: 'project/unknown-file',
      severity: 'error',
      message: `${entry} is not in the folder of a connection.`,
      hint: `Move it into the folder of its connection, such as ${CONNECTIONS}/main.`,
      file: `${CONNECTIONS}/${entry}`,
    }));
}

export function words(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readSections(
  files: Files,
  folder: string,
  entries: readonly string[],
  problems: Diagnostic[],
): Connection['sections'] {
  const sections: { [name in SectionName]?: Source } = {};
  const isThere = (name: string) => entries.includes(name);
  for (const section of SECTIONS) {
    const [first, second] = section.files.filter(isThere);
    if (first === undefined) continue;
    const path = `${folder}/${first}`;
    sections[section.name] = sourceIn(files, path, files.read(path) ?? '', { comments: section.comments });
    if (second === undefined) continue;
    problems.push({
      code: 'project/duplicate-section',
      severity: 'error',
      message: `The section ${section.name} is declared in ${first} and in ${second}.`,
      hint: 'Keep one of the two files.',
      file: `${folder}/${second}`,
    });
  }
  for (const entry of entries) {
    // Editors and systems put hidden files everywhere; one that is called like a section was meant to be it.
    if (KNOWN_FILES.has(entry) || (entry.startsWith('.') && !isSectionFile(entry.replace(/^\.+/, '')))) continue;
    const meant = meantBy(entry);
    problems.push({
      code: 'project/unknown-file',
      severity: 'error',
      message: `${entry} is not the file of a section.`,
      hint:
        meant === undefined
          ? `Sections are ${SECTIONS.map((section) => section.files[0]).join(', ')}.`
          : `Did you mean ${meant}?`,
      file: `${folder}/${entry}`,
    });
  }
  return sections;
}
