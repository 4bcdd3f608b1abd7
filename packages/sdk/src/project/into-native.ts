import { ConnectorError } from '../diagnostics.ts';
import { type Settings, withValues } from '../json-edits/index.ts';
import { SECTIONS } from '../sections/index.ts';
import { type FileChange, type Files, LOCAL_FOLDER } from './files.ts';
import { ignoreChange, ignoreLines } from './ignored.ts';
import { isLocal } from './local-origins.ts';
import { REQUIRED } from './missing.ts';
import { isConnectionId, wrongId } from './native-connection.ts';
import { CONNECTIONS, DESCRIPTOR, MANIFEST, TESTS, VALUES } from './native-files.ts';
import type { Connection, Entered, Project } from './project.ts';

/** Files that a native project keeps out of git. */
const IGNORED = [`${LOCAL_FOLDER}/`, ...ignoreLines(`${CONNECTIONS}/main/${VALUES}`)];

/**
 * Brings a project into the layout of `connector.json`. All that belongs to a connection moves into its folder, so
 * that no other folder is left that would be taken for one.
 * @throws ConnectorError usage `convert/layout` for a folder among the connections that belongs to none, and for an id
 * that no connection can have there
 */
export function intoNative(project: Project): Entered {
  const { files, name, label, origins, connections } = project;
  const renames: [string, string][] = [];
  const writes: FileChange[] = [];
  const edit = (file: string, before: string | undefined, blank: string, settings: Settings) => {
    writes.push({ file, text: withValues(before ?? blank, settings), over: before ?? null });
  };
  const moved = new Set<string>();
  const move = (from: string, to: string) => {
    if (from === to) return;
    // A file of two connections is moved for the first, and written for the second.
    if (moved.has(from)) writes.push({ file: to, text: files.read(from) ?? '', over: null });
    else renames.push([from, to]);
    moved.add(from);
  };
  for (const connection of connections) {
    const { id, type, label: words, sections, commonFile, folder } = connection;
    checkId(id);
    const own = `${CONNECTIONS}/${id}`;
    for (const section of SECTIONS) {
      const source = sections[section.name];
      const to = `${own}/${section.files[0]}`;
      // What was only made of the values has no file of its own yet.
      if (source?.file === commonFile) writes.push({ file: to, text: source.text, over: null });
      else if (source !== undefined) move(source.file, to);
    }
    const values = files.read(commonFile);
    if (values !== undefined && commonFile !== `${own}/${VALUES}`) {
      move(commonFile, `${own}/${VALUES}`);
      // It lies there once it was renamed.
      writes.push({ file: `${own}/${VALUES}`, text: values, over: values, secret: true });
    }
    for (const file of filesBelow(files, `${folder}/${TESTS}`)) move(file, own + file.slice(folder.length));
    const descriptor = files.read(`${folder}/${DESCRIPTOR}`);
    if (descriptor !== undefined) move(`${folder}/${DESCRIPTOR}`, `${own}/${DESCRIPTOR}`);
    // Of all other sections it is the absence of a file that says so.
    const listed = connection.unmanaged.filter((section) => REQUIRED.includes(section));
    const unmanaged = listed.length === 0 ? undefined : listed;
    const facts = Object.entries({ type, label: words, unmanaged }).map(([key, value]) => [[key], value] as const);
    edit(`${own}/${DESCRIPTOR}`, descriptor ?? files.read(`${own}/${DESCRIPTOR}`), '{}\n', facts);
  }
  for (const file of strays(project)) if (!moved.has(file)) move(file, besideOthers(file, connections));
  const own = name || 'connector';
  edit(MANIFEST, files.read(MANIFEST), '{}\n', [
    [['layout'], undefined],
    [['name'], own],
    [['label'], label || own],
    ...Object.entries(origins)
      .filter(([key, origin]) => !isLocal(key, origin))
      .map(([key, { unusable: _, ...origin }]) => [['origins', key], origin] as const),
  ]);
  // Before the values: git never sees them.
  const ignored = ignoreChange(files, IGNORED);
  return { renames, writes: ignored === undefined ? writes : [ignored, ...writes], origins: Object.keys(origins) };
}

function checkId(id: string): void {
  if (isConnectionId(id)) return;
  const { code: _, ...problem } = wrongId(id);
  const hint = 'Call it otherwise in components and idMapping first: a letter, then letters, digits and hyphens.';
  throw new ConnectorError('usage', { ...problem, code: 'convert/layout', hint });
}

/** The files in folders among the connections that have no connection's id as their name. */
function strays({ files, ids }: Project): string[] {
  const folders = files.list(CONNECTIONS).filter((name) => name.endsWith('/') && !ids.includes(name.slice(0, -1)));
  return folders.flatMap((name) => filesBelow(files, `${CONNECTIONS}/${name.slice(0, -1)}`));
}

/** Where a file goes that lies in a connection's folder and is none of its own. */
function besideOthers(file: string, connections: readonly Connection[]): string {
  const connection = connections.find(({ folder }) => file.startsWith(`${folder}/`));
  if (connection !== undefined) return `${CONNECTIONS}/${connection.id}${file.slice(connection.folder.length)}`;
  throw new ConnectorError('usage', {
    code: 'convert/layout',
    message: `${file} does not belong to a connection, and in the new layout every folder in ${CONNECTIONS} is a connection.`,
    hint: 'Move it out of there first.',
    file,
  });
}

function filesBelow(files: Files, folder: string): string[] {
  return files
    .list(folder)
    .flatMap((name) =>
      name.endsWith('/') ? filesBelow(files, `${folder}/${name.slice(0, -1)}`) : [`${folder}/${name}`],
    );
}
