import { ConnectorError } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { withValues } from '../json-edits/index.ts';
import { readSource } from '../source.ts';
import { type FileChange, type Files, filesBelow, renameAndWrite } from './files.ts';
import { checkIds, LAYOUTS } from './index.ts';
import { moveLocal } from './local-origins.ts';
import { LOCK, withMoved } from './lock.ts';
import { isConnectionId, wrongId } from './native-connection.ts';
import { TESTS } from './native-files.ts';
import type { Moved, Project } from './project.ts';

/**
 * Changes that give a connection another id: its files, the manifest, the lock, and how origins call it. On the platforms
 * nothing changes.
 * @throws ConnectorError usage `project/unknown-connection`, `project/connection-id` for an id that cannot be one or
 * that another connection has
 */
export function renameConnection(project: Project, id: string, to: string): Moved {
  checkIds(project, [id]);
  if (!isConnectionId(to)) throw new ConnectorError('usage', wrongId(to));
  // Two names that differ in case are one folder on many disks.
  const taken = project.ids.find((each) => each !== id && each.toLowerCase() === to.toLowerCase());
  if (taken !== undefined || to === id) {
    throw new ConnectorError('usage', {
      code: 'project/connection-id',
      message: `The project has a connection ${JSON.stringify(taken ?? id)} already.`,
      hint: 'Choose another id.',
      found: to,
    });
  }
  return moved(project, id, to);
}

/**
 * Changes that remove a connection: its files, and all that is written of it in the manifest, the lock and the origins. On the
 * platforms nothing changes.
 * @throws ConnectorError usage `project/unknown-connection`
 */
export function removeConnection(project: Project, id: string): Moved {
  checkIds(project, [id]);
  return moved(project, id, undefined);
}

function moved(project: Project, id: string, to: string | undefined): Moved {
  const { files } = project;
  const layout = LAYOUTS.find(({ name }) => name === project.layout);
  const own = layout?.move(project, id, to) ?? { renames: [], writes: [], removes: [] };
  const tests = to === undefined ? [] : testsNaming(project, id, to, new Map(own.renames));
  const written = { id, to, ...own, writes: [...own.writes, ...tests] };
  const over = files.read(LOCK);
  const { value } = readSource(LOCK, over ?? '', { comments: false });
  if (over === undefined || !isObject(value)) return written;
  const text = `${JSON.stringify(withMoved(value, id, to), undefined, 2)}\n`;
  return text === over ? written : { ...written, writes: [...written.writes, { file: LOCK, text, over }] };
}

/** Tests can say which connection they are for: where connections share a folder, they have to. */
function testsNaming(
  { files, connections }: Project,
  id: string,
  to: string,
  renames: ReadonlyMap<string, string>,
): FileChange[] {
  const folder = connections.find((each) => each.id === id)?.folder;
  const tests = folder === undefined ? [] : filesBelow(files, `${folder}/${TESTS}`);
  return tests.flatMap((file) => {
    const over = files.read(file) ?? '';
    const { value } = readSource(file, over, { comments: true });
    if (!isObject(value) || value.connection !== id) return [];
    return [{ file: renames.get(file) ?? file, text: withValues(over, [[['connection'], to]]), over }];
  });
}

/**
 * Makes the changes. The manifest is written before files are removed: until then a connection is whole.
 * @throws ConnectorError conflict `project/changed` when a file is no longer what was read; everything is as it was then
 */
export function applyMove(files: Files, { id, to, renames, writes, removes }: Moved): void {
  renameAndWrite(files, renames, writes);
  for (const path of removes) files.remove(path);
  moveLocal(files, id, to);
}
