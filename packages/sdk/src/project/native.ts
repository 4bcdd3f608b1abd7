import { ConnectorError, nearest, RULE_SEVERITIES, type RuleSeverity } from '../diagnostics.ts';
import { isObject, type JSONObject, valueAt } from '../json.ts';
import { type Settings, withValues } from '../json-edits/index.ts';
import { schemaProblems } from '../schema.ts';
import { SECTIONS } from '../sections/index.ts';
import { readSource, type Source } from '../source.ts';
import { changedProblem, type FileChange, type Files, filesBelow, updateFile, writeAll } from './files.ts';
import { leftToGit } from './ignored.ts';
import { intoNative } from './into-native.ts';
import { isLocal, localBase, recordLocal, withLocalNames } from './local-origins.ts';
import { lock, lockedBase } from './lock.ts';
import { noConnections, REQUIRED } from './missing.ts';
import { amongConnections, isConnectionId, readConnection, words, wrongId } from './native-connection.ts';
import { CONNECTIONS, DESCRIPTOR, isSecret, MANIFEST, ownerOf } from './native-files.ts';
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

/** Our own layout: connector.json, and a folder for each connection. */
export const native: Layout = {
  name: 'native',
  holds: (files) => files.read(MANIFEST) !== undefined,
  open,
  enter: intoNative,
  move: ({ files, manifest, origins }, id, to) => {
    const own = filesBelow(files, `${CONNECTIONS}/${id}`);
    const renames =
      to === undefined
        ? []
        : own.map((path) => [path, `${CONNECTIONS}/${to}${path.slice(CONNECTIONS.length + 1 + id.length)}`] as const);
    const text = withValues(
      manifest.text,
      Object.keys(origins).flatMap((origin) => movedNames(manifest, origin, id, to)),
    );
    const writes = text === manifest.text ? [] : [{ file: MANIFEST, text, over: manifest.text }];
    return { renames, writes, removes: to === undefined ? own : [] };
  },
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
  const entries = files.list(CONNECTIONS);
  const ids = entries.flatMap((entry) => (entry.endsWith('/') ? [entry.slice(0, -1)] : []));
  // A link that leads nowhere is no folder, and is reported when it is read.
  for (const entry of entries) if (isConnectionId(entry)) files.read(`${CONNECTIONS}/${entry}`);
  own.push(...amongConnections(entries));
  if (ids.length === 0 && own.every(({ severity }) => severity !== 'error')) {
    const folders = files.list('').filter((name) => name.endsWith('/') && name !== `${CONNECTIONS}/`);
    const meant = folders.find((name) => nearest(name.slice(0, -1), [CONNECTIONS]));
    const hint = `Add a folder with a ${DESCRIPTOR} under ${CONNECTIONS}/.`;
    own.push(
      noConnections(MANIFEST, meant === undefined || entries.length > 0 ? hint : `Rename ${meant} to ${CONNECTIONS}/.`),
    );
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
      problems: [...own, ...read.flatMap(({ problems }) => problems), ...leftToGit(files, read)],
      watched: [MANIFEST, `${CONNECTIONS}/`],
      ownerOf,
      isSecret,
      only,
      base: (origin) =>
        isLocal(origin, declared.origins[origin]) ? localBase(files, origin) : lockedBase(files, origin),
      record: (origin, names, base) => {
        if (isLocal(origin, declared.origins[origin])) return recordLocal(files, origin, names, base);
        recordNames(files, origin, names);
        lock(files, origin, base);
      },
      write: (changes) => write(files, connections, changes),
    };
  };
  return only(asked ?? ids);
}

/** Changes the name of a connection at the origins in the manifest to its new id, or removes it. */
function movedNames({ value }: Source, origin: string, id: string, to: string | undefined): Settings {
  const at = ['origins', origin];
  const remote = valueAt(value, [...at, 'connections', id]);
  const ignored = valueAt(value, [...at, 'ignored', 'local']);
  const index = Array.isArray(ignored) ? ignored.indexOf(id) : -1;
  return [
    ...(remote === undefined || to === undefined ? [] : [[[...at, 'connections', to], remote] as const]),
    ...(remote === undefined ? [] : [[[...at, 'connections', id], undefined] as const]),
    ...(index < 0 ? [] : [[[...at, 'ignored', 'local', index], to] as const]),
  ];
}

/** Reads what can be read of a manifest, whatever else is wrong with it. */
export function readManifest({ value }: Source): Pick<Project, 'name' | 'label' | 'origins' | 'rules'> {
  const manifest = isObject(value) ? value : {};
  const name = words(manifest.name) ?? '';
  const origins: Record<string, Origin> = {};
  for (const [key, origin] of Object.entries(isObject(manifest.origins) ? manifest.origins : {})) {
    origins[key] = readOrigin(isObject(origin) ? origin : {});
  }
  const rules = Object.entries(isObject(manifest.rules) ? manifest.rules : {}).filter(hasSeverity);
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

function hasSeverity(entry: readonly [string, unknown]): entry is [string, RuleSeverity] {
  return (RULE_SEVERITIES as readonly unknown[]).includes(entry[1]);
}

function hasWords(entry: readonly [string, unknown]): entry is readonly [string, string] {
  return words(entry[1]) !== undefined;
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
  const unmanaged = type === undefined ? [] : REQUIRED.filter((name) => texts[name] === undefined);
  const said = Object.entries({ type, label, ...(unmanaged.length === 0 ? {} : { unmanaged }) }).filter(
    ([, value]) => value !== undefined,
  );
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
