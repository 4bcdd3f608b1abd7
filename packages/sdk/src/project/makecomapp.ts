import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import { isObject, type JSONObject, valueAt } from '../json.ts';
import { type Settings, withValues } from '../json-edits/index.ts';
import { schemaProblems } from '../schema.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import { readSource, type Source } from '../source.ts';
import { CODE_FILES, codeFileName, kebab } from './code-files.ts';
import { changedProblem, type FileChange, type Files, filesBelow, writeAll } from './files.ts';
import { leftToGit } from './ignored.ts';
import { intoMake } from './into-make.ts';
import { isLocal, localBase, recordLocal, withLocalNames } from './local-origins.ts';
import { lock, lockedBase } from './lock.ts';
import { readConnection } from './make-connection.ts';
import { BESIDE, folderOf, insidePath, ownedFiles } from './make-files.ts';
import { movedPairs, originNames, pairsIn, readOrigins, recordListed } from './make-origins.ts';
import { noConnections, REQUIRED } from './missing.ts';
import { readManifest, recordNames } from './native.ts';
import { isConnectionId, words, wrongId } from './native-connection.ts';
import { pairedTwice } from './pairs.ts';
import {
  type Connection,
  type ConnectionChange,
  type ConnectionChanges,
  type Layout,
  MARKERS,
  type MovedFiles,
  type Project,
} from './project.ts';
import { PROJECT_SCHEMAS } from './schemas.ts';

const MANIFEST = MARKERS.make;
/** Files that this layout has no place for; there only when a project was converted, and says so. */
const EXTRAS = MARKERS.native;
const MANIFESTS: readonly string[] = [MANIFEST, EXTRAS];
/** Components of other types, which are left as they are. */
const OTHERS = ['module', 'rpc', 'function', 'webhook', 'endpoint'] as const;

/** Make's local-development layout: `makecomapp.json` names the files of every component, and what origins call it. */
export const makecomapp: Layout = {
  name: 'make',
  holds: (files) => files.read(MANIFEST) !== undefined && (files.read(EXTRAS) === undefined || isConverted(files)),
  open,
  enter: intoMake,
  move: moveConnection,
  // The file stays for the components that are no connections, and goes on naming the files.
  leave: ({ manifest }, renames) => {
    const moved = new Map(renames);
    const settings = Object.entries(componentsOf(manifest, 'connection')).flatMap(([id, component]) => {
      const paths = isObject(component) && isObject(component.codeFiles) ? component.codeFiles : {};
      return Object.entries(paths).flatMap(([code, path]) => {
        const to = typeof path === 'string' ? moved.get(path) : undefined;
        return to === undefined ? [] : [[['components', 'connection', id, 'codeFiles', code], to] as const];
      });
    });
    return [{ file: MANIFEST, text: withValues(manifest.text, settings), over: manifest.text }];
  },
};

/** The files that an entry names go with it where they are called after it; those of other connections stay. */
function moveConnection(
  { files, manifest, ownerOf, connections }: Project,
  id: string,
  to: string | undefined,
): MovedFiles {
  const component = componentsOf(manifest, 'connection')[id];
  const paths = isObject(component) && isObject(component.codeFiles) ? component.codeFiles : {};
  const folder = folderOf(id, paths);
  const isOwn = (path: string) =>
    ownerOf(path).length === 1 && ownerOf(path)[0] === id && files.read(path) !== undefined;
  const named = Object.values(paths).flatMap((path) => insidePath(path) ?? []);
  const values = connections.find((each) => each.id === id)?.commonFile;
  const beside = filesBelow(files, folder).filter(isOwn);
  const own = [...new Set([...named, ...beside, ...(values === undefined ? [] : [values])])].filter(isOwn);
  const moved = new Map(to === undefined ? [] : own.map((path) => [path, calledAfter(path, folder, id, to)]));
  const codeFiles = Object.fromEntries(
    Object.entries(paths).map(([code, path]) => [code, moved.get(insidePath(path) ?? '') ?? path]),
  );
  const at = ['components', 'connection'];
  const settings: Settings = [
    ...(to === undefined || !isObject(component) ? [] : [[[...at, to], { ...component, codeFiles }] as const]),
    [[...at, id], undefined],
    ...movedPairs(manifest, id, to),
  ];
  const renames = [...moved].filter(([from, target]) => from !== target);
  const writes = [{ file: MANIFEST, text: withValues(manifest.text, settings), over: manifest.text }];
  return { renames, writes, removes: to === undefined ? own : [] };
}

/** A path in which the folder and the beginning of the name are the new id's, where they were the old one's. */
function calledAfter(path: string, folder: string, id: string, to: string): string {
  const [above, last] = [folder.slice(0, folder.lastIndexOf('/') + 1), folder.slice(folder.lastIndexOf('/') + 1)];
  const inside = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  if (inside === undefined || last !== kebab(id)) return path;
  const name = inside.startsWith(`${kebab(id)}.`) ? `${kebab(to)}${inside.slice(kebab(id).length)}` : inside;
  return `${above}${kebab(to)}/${name}`;
}

function isConverted(files: Files): boolean {
  const { value } = readSource(EXTRAS, files.read(EXTRAS) ?? '', { comments: true });
  return isObject(value) && value.layout === makecomapp.name;
}

function open(files: Files, asked?: readonly string[]): Project {
  const manifest = readSource(MANIFEST, files.read(MANIFEST) ?? '', { comments: false });
  const extrasText = files.read(EXTRAS);
  const settings = readSource(EXTRAS, extrasText ?? '{}', { comments: true });
  const extras = readManifest(settings);
  const declared = { ...extras.origins, ...readOrigins(manifest) };
  const origins = withLocalNames(files, declared);
  // Null is a name that is only reserved: Make's extension writes it until the component is made.
  const components = Object.entries(componentsOf(manifest, 'connection')).flatMap(([id, component]) =>
    isObject(component) ? [{ id, component }] : [],
  );
  const ids = components.map(({ id }) => id);
  const reported = [...manifest.problems, ...schemaProblems(PROJECT_SCHEMAS, 'makecomapp', manifest)].map(
    withConnection,
  );
  const own = [
    ...reported.filter(({ connection }) => connection === undefined),
    ...(extrasText === undefined ? [] : schemaProblems(PROJECT_SCHEMAS, 'connector', settings)),
    ...Object.values(declared).flatMap(({ unusable }) => (unusable === undefined ? [] : [unusable])),
    ...pairedTwice(manifest, pairsIn(manifest)),
    ...leftAlone(manifest),
  ];
  if (ids.length === 0 && own.every(({ severity }) => severity !== 'error')) {
    own.push(noConnections(MANIFEST, `Name one under components.connection in ${MANIFEST}.`));
  }
  const app = Object.values(origins).find((origin) => origin.app !== undefined)?.app ?? '';
  const name = extras.name || app.replace(/-[0-9a-z]{6}$/, '') || nameOfFolder(files);
  const owned = ownedFiles(components);
  const only = (wanted: readonly string[]): Project => {
    const some = new Set(wanted);
    const read = components.flatMap(({ id, component }) =>
      some.has(id) ? [readConnection({ files, manifest, origins, owned }, id, component)] : [],
    );
    const connections = read.flatMap(({ connection }) => connection ?? []);
    return {
      layout: makecomapp.name,
      files,
      manifest,
      settings,
      name,
      label: extras.label || name,
      rules: extras.rules,
      origins,
      namesAt: `appId and idMapping of the origin in ${MANIFEST}`,
      ids,
      connections,
      problems: [
        ...own,
        ...reported.filter(({ connection }) => connection !== undefined && some.has(connection)),
        ...read.flatMap(({ problems }) => problems),
        ...leftToGit(files, read),
      ],
      watched: [...MANIFESTS, ...owned.watched],
      ownerOf: (path) => (MANIFESTS.includes(path) ? 'project' : owned.ownerOf(path)),
      isSecret: owned.isSecret,
      only,
      base: (origin) => (isLocal(origin, declared[origin]) ? localBase(files, origin) : lockedBase(files, origin)),
      record: (origin, names, base) => {
        if (isLocal(origin, declared[origin])) return recordLocal(files, origin, names, base);
        if (originNames(manifest).includes(origin)) recordListed(files, origin, names);
        else recordNames(files, origin, names);
        lock(files, origin, base);
      },
      write: (changes) => write(files, connections, changes),
    };
  };
  return only(asked ?? ids);
}

/** The name of the folder, as platforms take names; of the one above a `src`, into which Make's extension puts an app. */
function nameOfFolder({ folder = '' }: Files): string {
  const names = folder.split('/').filter((name) => name !== '' && name !== 'src');
  const name = kebab((names.at(-1) ?? '').normalize('NFKD').replace(/\p{Mark}/gu, ''))
    .replace(/[^0-9a-z]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name.length > 1 ? name : '';
}

/** Moves a problem of a connection's entry to the connection. */
function withConnection(problem: Diagnostic): Diagnostic {
  const [components, type, id] = problem.path ?? [];
  return components === 'components' && type === 'connection' && id !== undefined
    ? { ...problem, connection: String(id) }
    : problem;
}

function componentsOf({ value }: Source, type: string): JSONObject {
  const components = valueAt(value, ['components', type]);
  return isObject(components) ? components : {};
}

function leftAlone(manifest: Source): Diagnostic[] {
  const counts = OTHERS.map((type) => [type, Object.keys(componentsOf(manifest, type)).length] as const);
  const found = counts.filter(([, count]) => count > 0);
  if (found.length === 0) return [];
  const list = found.map(([type, count]) => `${count} ${type}${count === 1 ? '' : 's'}`).join(', ');
  return [
    {
      code: 'project/other-components',
      severity: 'info',
      message: `Components other than connections are ignored: ${list}.`,
      hint: 'Make’s editor extension handles them.',
      file: MANIFEST,
      ...manifest.locate(['components'], 'key'),
    },
  ];
}

function write(files: Files, connections: readonly Connection[], changes: ConnectionChanges): void {
  const before = files.read(MANIFEST) ?? null;
  let text = before ?? '{}';
  const writes: FileChange[] = [];
  for (const [id, change] of Object.entries(changes)) {
    if (!isConnectionId(id)) throw new ConnectorError('usage', wrongId(id));
    const connection = connections.find((each) => each.id === id);
    const made = writesOf(text, id, change, connection);
    writes.push(...made.sections);
    text = made.manifest;
  }
  // The manifest last: until it names them, the files of a connection that is being written are none of the project's.
  writeAll(files, [...writes, ...(text === before ? [] : [{ file: MANIFEST, text, over: before }])]);
}

/** The files of a connection as they are to be, and the manifest that names them. */
function writesOf(
  before: string,
  id: string,
  { type, label, texts = {} }: ConnectionChange,
  connection: Connection | undefined,
): { readonly sections: readonly FileChange[]; readonly manifest: string } {
  const known = componentsOf(readSource(MANIFEST, before, { comments: false }), 'connection')[id];
  if (
    label !== undefined &&
    connection !== undefined &&
    isObject(known) &&
    (words(known.label) ?? id) !== connection.label
  ) {
    throw new ConnectorError('conflict', [changedProblem(MANIFEST)]);
  }
  const paths = isObject(known) && isObject(known.codeFiles) ? known.codeFiles : {};
  const stored = type === undefined ? undefined : CREATE_TYPES[type].stored;
  const folder = folderOf(id, paths);
  const codeFiles: Record<string, string | null> = {};
  const sections: FileChange[] = [];
  for (const entry of CODE_FILES) {
    const { code } = entry;
    const text = texts[entry.section];
    // What is null is ignored, whatever was pulled.
    if (text === undefined && !isObject(known) && REQUIRED.includes(entry.section)) codeFiles[code] = null;
    if (text === undefined || paths[code] === null) continue;
    const named = words(paths[code]) ?? `${folder}/${codeFileName(id, entry, stored)}`;
    const file = insidePath(named) ?? named;
    const over = connection?.sections[entry.section]?.text ?? null;
    if (over !== text) sections.push({ file, text, over });
    if (paths[code] === undefined) codeFiles[code] = file;
  }
  const schema = `${folder}/${BESIDE.commonSchema}`;
  const over = connection?.sections.common?.file === schema ? connection.sections.common.text : null;
  if (texts.common !== undefined && texts.common !== over) sections.push({ file: schema, text: texts.common, over });
  const at = ['components', 'connection', id];
  const settings: Settings = isObject(known)
    ? [
        ...(label === undefined ? [] : [[[...at, 'label'], label] as const]),
        ...Object.entries(codeFiles).map(([code, path]) => [[...at, 'codeFiles', code], path] as const),
      ]
    : [[at, { label: label ?? id, connectionType: stored ?? 'basic', codeFiles: { ...codeFiles, common: null } }]];
  return { sections, manifest: withValues(before, settings) };
}
