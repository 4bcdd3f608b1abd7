import { ConnectorError, type Diagnostic, nearest, WEIGHTS, type Weight } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { withValues } from '../json-edits/index.ts';
import { schemaProblems } from '../schema.ts';
import { CREATE_TYPES, isCreateType } from '../sections/create-types.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';
import { readSource, type Source } from '../source.ts';
import { changedProblem, type FileChange, type Files, updateFile, writeAll } from './files.ts';
import { intoNative } from './into-native.ts';
import { isLocal, recordLocalNames, withLocalNames } from './local-names.ts';
import { lock, lockedBase } from './lock.ts';
import { CONNECTIONS, DESCRIPTOR, isSecret, MANIFEST, ownerOf, TESTS, VALUES } from './native-files.ts';
import { type Pair, pairedTwice } from './pairs.ts';
import type {
  Connection,
  ConnectionChange,
  ConnectionChanges,
  Layout,
  Origin,
  Project,
  RemoteNames,
} from './project.ts';
import { PROJECT_SCHEMAS } from './schemas.ts';

/** Files of a connection that are no sections, and folders. */
const OTHER_FILES = [DESCRIPTOR, VALUES, `${TESTS}/`, 'README.md'];
const KNOWN_FILES = new Set([...OTHER_FILES, ...SECTIONS.flatMap((section): readonly string[] => section.files)]);
const ID = /^[A-Za-z][0-9A-Za-z-]{0,63}$/;

/** Our own layout: connector.json, and a folder for each connection. */
export const native: Layout = {
  name: 'native',
  holds: (files) => files.read(MANIFEST) !== undefined,
  open,
  enter: intoNative,
  leave: ({ manifest }, _, { layout, origins }) => {
    const gone = origins.map((origin) => [['origins', origin], undefined] as const);
    const text = withValues(manifest.text, [[['layout'], layout], ...gone]);
    return [{ file: MANIFEST, text, over: manifest.text }];
  },
};

function open(files: Files, asked?: readonly string[]): Project {
  const manifest = readSource(MANIFEST, files.read(MANIFEST) ?? '', { comments: true });
  const declared = readManifest(manifest);
  const own = [
    ...manifest.problems,
    ...schemaProblems(PROJECT_SCHEMAS, 'connector', manifest),
    ...pairedTwice(manifest, pairsIn(declared.origins)),
  ];
  const origins = withLocalNames(files, declared.origins);
  const ids = files.list(CONNECTIONS).flatMap((entry) => (entry.endsWith('/') ? [entry.slice(0, -1)] : []));
  if (ids.length === 0 && own.every(({ severity }) => severity !== 'error')) {
    own.push({
      code: 'project/no-connections',
      severity: 'warning',
      message: 'The project has no connections.',
      hint: `Add a folder with a ${DESCRIPTOR} under ${CONNECTIONS}/.`,
      file: MANIFEST,
    });
  }
  const only = (wanted: readonly string[]): Project => {
    const some = new Set(wanted);
    const read = ids.filter((id) => some.has(id)).map((id) => readConnection(files, id));
    const connections = read.flatMap(({ connection }) => connection ?? []);
    return {
      layout: native.name,
      files,
      manifest,
      settings: manifest,
      ...declared,
      origins,
      namesAt: `app and connections of the origin in ${MANIFEST}`,
      ids,
      connections,
      problems: [...own, ...read.flatMap(({ problems }) => problems)],
      watched: [MANIFEST, `${CONNECTIONS}/`],
      ownerOf,
      isSecret,
      only,
      base: (origin) => lockedBase(files, origin, isLocal(origin, declared.origins[origin])),
      record: (origin, names, base) => {
        const local = isLocal(origin, declared.origins[origin]);
        if (local) recordLocalNames(files, origin, names);
        else recordNames(files, origin, names);
        lock(files, origin, base, local);
      },
      write: (changes) => write(files, connections, changes),
    };
  };
  return only(asked ?? ids);
}

/** What can be read of a manifest, whatever else is wrong with it. */
export function readManifest({ value }: Source): Pick<Project, 'name' | 'label' | 'origins' | 'rules'> {
  const manifest = isObject(value) ? value : {};
  const name = words(manifest.name) ?? '';
  const origins: Record<string, Origin> = {};
  for (const [key, origin] of Object.entries(isObject(manifest.origins) ? manifest.origins : {})) {
    origins[key] = readOrigin(isObject(origin) ? origin : {});
  }
  const rules = Object.entries(isObject(manifest.rules) ? manifest.rules : {}).filter(isWeighed);
  return { name, label: words(manifest.label) ?? name, origins, rules: new Map(rules) };
}

/** How origins call connections, each pair with its place. */
function pairsIn(origins: Readonly<Record<string, Origin>>): Pair[] {
  return Object.entries(origins).flatMap(([origin, { connections = {} }]) =>
    Object.entries(connections).map(([local, remote]) => ({
      origin,
      local,
      remote,
      path: ['origins', origin, 'connections', local],
    })),
  );
}

function readOrigin(declared: JSONObject): Origin {
  const { version, connections, ignored } = declared;
  const texts = ['platform', 'url', 'zone', 'tokenFile', 'app'].flatMap((field) => {
    const text = words(declared[field]);
    return text === undefined ? [] : [[field, text]];
  });
  return {
    ...Object.fromEntries(texts),
    ...(typeof version === 'number' ? { version } : {}),
    ...(isObject(ignored) ? { ignored: { local: listOf(ignored.local), remote: listOf(ignored.remote) } } : {}),
    ...(isObject(connections) ? { connections: Object.fromEntries(Object.entries(connections).filter(hasWords)) } : {}),
  };
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => words(each) !== undefined) : [];
}

function isWeighed(entry: readonly [string, unknown]): entry is [string, Weight] {
  return (WEIGHTS as readonly unknown[]).includes(entry[1]);
}

function hasWords(entry: readonly [string, unknown]): entry is readonly [string, string] {
  return words(entry[1]) !== undefined;
}

export function words(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What was read of one connection: nothing when it is not known what it is. */
export interface ReadConnection {
  readonly connection?: Connection;
  /** Each names the connection. */
  readonly problems: readonly Diagnostic[];
}

function readConnection(files: Files, id: string): ReadConnection {
  const folder = `${CONNECTIONS}/${id}`;
  const file = `${folder}/${DESCRIPTOR}`;
  if (!isConnectionId(id)) return { problems: [{ ...wrongId(id), severity: 'error', connection: id, file: folder }] };
  const entries = files.list(folder);
  const text = files.read(file);
  if (text === undefined) {
    const hint = `Add one, such as {"type": "apikey", "label": "${id}"}; types are ${Object.keys(CREATE_TYPES).join(', ')}.`;
    const message = `The connection ${JSON.stringify(id)} has no ${DESCRIPTOR}.`;
    return { problems: [{ code: 'project/no-descriptor', severity: 'error', message, hint, connection: id, file }] };
  }
  const descriptor = readSource(file, text, { comments: true });
  const found = [...descriptor.problems, ...schemaProblems(PROJECT_SCHEMAS, 'connection', descriptor)];
  const sections = readSections(files, folder, entries, found);
  const { type, label } = isObject(descriptor.value) ? descriptor.value : {};
  // What its sections say is told with all else that they say, unless that cannot be looked at.
  if (!isCreateType(type)) found.push(...Object.values(sections).flatMap((source) => source.problems));
  const problems = found.map((problem) => ({ ...problem, connection: id }));
  if (!isCreateType(type)) return { problems };
  const commonFile = `${folder}/${VALUES}`;
  const removal = `delete the folder ${folder}`;
  const facts = { id, type, label: words(label) ?? id, folder, commonFile, removal };
  return { connection: { ...facts, descriptor, sections }, problems };
}

/** Whether it can be the name of a folder, and of a connection. */
export function isConnectionId(id: string): boolean {
  return ID.test(id);
}

/** What is said of one that cannot. */
export function wrongId(id: string) {
  return {
    code: 'project/connection-id',
    message: `${JSON.stringify(id)} cannot be the id of a connection.`,
    hint: 'Rename the folder: a letter, then letters, digits and hyphens, 64 at most.',
  } as const;
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
    sections[section.name] = readSource(path, files.read(path) ?? '', { comments: section.comments });
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
    if (KNOWN_FILES.has(entry) || entry.startsWith('.')) continue;
    const meant = nearest(
      entry,
      SECTIONS.flatMap((section) => section.files),
    );
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

/** Writes names into connector.json; without any, those that stand there go. */
export function recordNames(
  files: Files,
  origin: string,
  names: { readonly [key in keyof RemoteNames]: RemoteNames[key] | undefined } = NO_NAMES,
): void {
  const settings = Object.entries(names).map(([key, value]) => [['origins', origin, key], value] as const);
  updateFile(files, MANIFEST, (before = '{}') => withValues(before, settings));
}

const NO_NAMES = { app: undefined, version: undefined, connections: undefined };

function write(files: Files, connections: readonly Connection[], changes: ConnectionChanges): void {
  const writes = Object.entries(changes).flatMap(([id, change]) => {
    if (!isConnectionId(id)) throw new ConnectorError('usage', wrongId(id));
    return writesOf(
      files,
      id,
      change,
      connections.find((each) => each.id === id),
    );
  });
  writeAll(files, writes);
}

function writesOf(
  files: Files,
  id: string,
  { type, label, texts = {} }: ConnectionChange,
  connection: Connection | undefined,
): FileChange[] {
  const folder = `${CONNECTIONS}/${id}`;
  const file = `${folder}/${DESCRIPTOR}`;
  const present = files.list(folder);
  const sections = SECTIONS.flatMap(({ name, files: names }): FileChange[] => {
    const text = texts[name];
    const source = connection?.sections[name];
    const own = source?.file ?? `${folder}/${names.find((each) => present.includes(each)) ?? names[0]}`;
    return text === undefined || text === source?.text ? [] : [{ file: own, text, over: source?.text ?? null }];
  });
  const before = files.read(file);
  const said = Object.entries({ type, label }).filter(([, value]) => value !== undefined);
  const text = withValues(
    before ?? '{}\n',
    said.map(([key, value]) => [[key], value]),
  );
  if (text === before) return sections;
  if (label !== undefined && connection !== undefined && before !== connection.descriptor.text) {
    throw new ConnectorError('conflict', [changedProblem(file)]);
  }
  // The descriptor last: until it is there, a connection that is being written is none.
  return [...sections, { file, text, over: before ?? null }];
}
