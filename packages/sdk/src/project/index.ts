import { ConnectorError, nearest } from '../diagnostics.ts';
import type { Files } from './files.ts';
import { makecomapp } from './makecomapp.ts';
import { native } from './native.ts';
import { type Connection, type Entered, type Layout, PROJECT_FILES, type Project } from './project.ts';

/** Every way in which a connector may lie on disk, in the order in which they are looked for. */
export const LAYOUTS: readonly Layout[] = [makecomapp, native];

/** Options: the parts of a project to open. */
export interface OpenOptions {
  /** The ids of the connections that are read; all by default. */
  readonly connections?: readonly string[];
}

/**
 * Opens a project: all its connections, or those with the ids that are given. Faulty files do not stop it: they are in
 * `problems`.
 * @param files the files of its folder; for a folder on disk, `filesIn(folder)` of `@connectorkit/sdk/node`
 * @throws ConnectorError usage `project/not-found` when the folder holds no project; TypeError for a path.
 * @example
 * const project = openProject(filesIn('./my-connector'));
 * console.log(project.name, project.connections.map(({ id }) => id));
 */
export function openProject(files: Files, { connections }: OpenOptions = {}): Project {
  if (typeof files?.read !== 'function') {
    throw new TypeError(
      'openProject takes the files of a project. To open a folder on disk, call openProjectIn(folder) of @connectorkit/sdk/node.',
    );
  }
  for (const layout of LAYOUTS) {
    if (layout.holds(files)) return layout.open(files, connections);
  }
  throw new ConnectorError('usage', {
    code: 'project/not-found',
    message: `There is no ${PROJECT_FILES.join(' or ')} here.`,
    hint: 'Change to the project’s folder, or create a project with `connector create <name>`.',
  });
}

/**
 * Reads the texts that make a project, of whatever layout, such as to open it elsewhere.
 * @returns path → text
 * @throws ConnectorError as openProject does
 */
export function projectTexts(files: Files): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  const take = (path: string) => {
    const text = files.read(path);
    if (text !== undefined) texts[path] = text;
  };
  const walk = (folder: string) => {
    for (const name of files.list(folder.slice(0, -1))) {
      if (/^(\.|node_modules\/)/.test(name)) continue;
      if (name.endsWith('/')) walk(`${folder}${name}`);
      else if (/\.jsonc?$/.test(name)) take(`${folder}${name}`);
    }
  };
  for (const path of openProject(files, { connections: [] }).watched) {
    if (path.endsWith('/')) walk(path);
    else take(path);
  }
  return texts;
}

/**
 * The connections with these ids, in the project's order.
 * @throws ConnectorError usage `project/unknown-connection` for an id that the project does not have, and findings for
 * a connection that cannot be read, or a manifest that does not say which there are.
 */
export function connectionsNamed(project: Project, ids: readonly string[]): Connection[] {
  checkIds(project, ids);
  const unread = ids.filter((id) => !project.connections.some((each) => each.id === id));
  if (unread.length > 0) {
    const faults = project.problems.filter(({ connection }) => connection !== undefined && unread.includes(connection));
    throw new ConnectorError('findings', faults);
  }
  return project.connections.filter((each) => ids.includes(each.id));
}

/**
 * Checks that the project declares connections with these ids, whether or not they can be read.
 * @throws ConnectorError usage `project/unknown-connection`, and findings for a manifest that does not say which there
 * are.
 */
export function checkIds(project: Project, ids: readonly string[]): void {
  const known = project.ids;
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  if (known.length === 0) checkManifest(project);
  const meant = nearest(unknown, known);
  throw new ConnectorError('usage', {
    code: 'project/unknown-connection',
    message: `The project has no connection ${JSON.stringify(unknown)}.`,
    hint: meant === undefined ? `It has ${known.join(', ') || 'none'}.` : `Did you mean ${JSON.stringify(meant)}?`,
    found: unknown,
    expected: known.join(', '),
  });
}

/**
 * Checks that the project's own files can be relied on: which connections there are, and where they are pushed to.
 * @throws ConnectorError findings for each error in them, as `validate` tells it
 */
export function checkManifest({ problems }: Pick<Project, 'problems'>): void {
  const errors = problems.filter(({ severity, connection }) => severity === 'error' && connection === undefined);
  if (errors.length > 0) throw new ConnectorError('findings', errors);
}

/**
 * Checks that it is known of each declared connection what it is, besides what checkManifest checks: what is left out
 * would be taken for deleted.
 * @throws ConnectorError findings for each error, as `validate` tells it
 */
export function checkReadable(project: Pick<Project, 'problems' | 'ids' | 'connections'>): void {
  checkManifest(project);
  const readable = new Set(project.connections.map(({ id }) => id));
  const errors = project.problems.filter(
    ({ severity, connection = '' }) => severity === 'error' && !readable.has(connection),
  );
  if (errors.length > 0) throw new ConnectorError('findings', errors);
}

/**
 * How a project comes into another layout. Nothing is lost: what a layout has no place for stays where there is one.
 * @throws ConnectorError usage `convert/layout` when it lies in that layout already, or when a section is written in a
 * form that the tools of the layout cannot push; findings for errors of the project's own files, such as one that is
 * named and not there: the other layout may have no place that says so.
 */
export function relayout(project: Project, to: Layout['name']): Pick<Entered, 'renames' | 'writes'> {
  const errors = project.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConnectorError('findings', errors);
  const [from, next] = [project.layout, to].map((name) => LAYOUTS.find((layout) => layout.name === name));
  if (from === undefined || next === undefined || from === next) {
    throw new ConnectorError('usage', {
      code: 'convert/layout',
      message: `The project already has the ${to} layout.`,
      hint: 'No action is needed.',
    });
  }
  const { renames, writes, origins } = next.enter(project);
  const taken = renames.find(
    ([, to]) => project.files.read(to) !== undefined && !renames.some(([from]) => from === to),
  );
  if (taken !== undefined) {
    throw new ConnectorError('usage', {
      code: 'convert/layout',
      message: `${taken[0]} would overwrite ${taken[1]}, which is another file.`,
      hint: 'Move one of the two away first.',
      file: taken[1],
    });
  }
  return { renames, writes: [...writes, ...from.leave(project, renames, { layout: to, origins })] };
}
