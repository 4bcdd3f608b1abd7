import { openProject } from '@connectorkit/sdk';
import { checkIds, connectionsOf } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';

/** Connections that a command is run for. */
export interface ChosenConnections {
  /** Ids of connections; all when it is undefined. */
  readonly connections: readonly string[] | undefined;
  /** Changes that --changed chose them by; undefined without it, and when all connections are concerned. */
  readonly changes?: {
    /** Paths that git says changed, relative to the project. */
    readonly paths: readonly string[];
    readonly project: ReturnType<typeof openProject>;
  };
}

/**
 * Chooses the connections that were named and, with --changed, are among what git says changed.
 * @throws ConnectorError usage for ids that are not in the project, and what changedFiles throws
 */
export async function chooseConnections(
  context: Context,
  { connections, changed }: { readonly connections: readonly string[]; readonly changed?: string | undefined },
): Promise<ChosenConnections> {
  const named = connections.length === 0 ? undefined : connections;
  if (named === undefined && changed === undefined) return { connections: undefined };
  const root = context.root();
  const project = openProject(context.files(root), { connections: [] });
  if (named !== undefined) checkIds(project, named);
  if (changed === undefined) return { connections: named };
  const { changedFiles } = await import('./changed.ts');
  const paths = await changedFiles(context, root, changed);
  const touched = connectionsOf(project, paths);
  if (touched === 'all') return { connections: named };
  return { connections: touched.filter((id) => named?.includes(id) ?? true), changes: { paths, project } };
}
