import { ConnectorError, nearest } from '../diagnostics.ts';
import type { Files } from './files.ts';
import { makecomapp } from './makecomapp.ts';
import { native } from './native.ts';
import { type Connection, type Entered, type Layout, MARKERS, type Project } from './project.ts';

/** Every way in which a connector may lie on disk, in the order in which they are looked for. */
export const LAYOUTS: readonly Layout[] = [makecomapp, native];

/**
 * Reads the project in a folder. Faulty files do not stop it: they are in `problems`.
 * @throws ConnectorError usage `project/not-found` when the folder holds no project.
 */
export function openProject(files: Files): Project {
  for (const layout of LAYOUTS) {
    if (layout.holds(files)) return layout.open(files);
  }
  throw new ConnectorError('usage', {
    code: 'project/not-found',
    message: `There is no ${Object.values(MARKERS).join(' or ')} here.`,
    hint: 'Go to the project’s folder, or make a new one with `connector create <name>`.',
  });
}

/**
 * The connections with these ids, in the project's order.
 * @throws ConnectorError usage `project/unknown-connection` for an id that the project does not have.
 */
export function connectionsNamed(project: Project, ids: readonly string[]): Connection[] {
  const known = project.connections.map((each) => each.id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const meant = nearest(unknown, known);
    throw new ConnectorError('usage', {
      code: 'project/unknown-connection',
      message: `The project has no connection ${JSON.stringify(unknown)}.`,
      hint: meant === undefined ? `It has ${known.join(', ') || 'none'}.` : `Did you mean ${JSON.stringify(meant)}?`,
      found: unknown,
      expected: known.join(', '),
    });
  }
  return project.connections.filter((each) => ids.includes(each.id));
}

/**
 * How a project comes into another layout. Nothing is lost: what a layout has no place for stays where there is one.
 * @throws ConnectorError usage `convert/layout` when it lies in that layout already, or when a section is written in a
 * form that the tools of the layout cannot push.
 */
export function relayout(project: Project, to: Layout['name']): Pick<Entered, 'renames' | 'writes'> {
  const [from, next] = [project.layout, to].map((name) => LAYOUTS.find((layout) => layout.name === name));
  if (from === undefined || next === undefined || from === next) {
    throw new ConnectorError('usage', {
      code: 'convert/layout',
      message: `The project is in the ${to} layout already.`,
      hint: 'Nothing needs to be done.',
    });
  }
  const { renames, writes, origins } = next.enter(project);
  return { renames, writes: [...writes, ...from.leave(project, renames, { layout: to, origins })] };
}
