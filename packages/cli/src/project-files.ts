import { lookUp, openProject } from '@connectorkit/sdk';
import { findProject } from '@connectorkit/sdk/node';
import { textsOf } from '@connectorkit/sdk/sync';
import type { Context } from './command.ts';

/**
 * Gives the sections of a connection as the project in a folder has them now: section → text as it would be pushed.
 * @param name by which the harness knows the connection
 * @returns undefined where there is no project, or it has not pushed that connection to the harness
 * @throws ConnectorError when the project or the section cannot be read
 */
export async function filesOf(
  { files }: Pick<Context, 'files'>,
  root: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (findProject(root) !== root) return undefined;
  const project = openProject(files(root));
  const pushed = lookUp(project.origins, 'harness')?.connections ?? {};
  const id = Object.keys(pushed).find((each) => pushed[each] === name);
  const connection = project.connections.find((each) => each.id === id);
  return connection === undefined ? undefined : textsOf(connection);
}
