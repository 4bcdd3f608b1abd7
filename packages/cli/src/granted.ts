import {
  type ApplicationCredentials,
  ConnectorError,
  connectionsNamed,
  credentialKeys,
  keepCommon,
  openProject,
} from '@connectorkit/sdk';
import type { Context } from './command.ts';

/** Where granted credentials go; made before anything is asked for. */
export interface Keeping {
  /** Writes them, and nothing else: they are shown nowhere. Gives the file and the keys that were written. */
  keep(credentials: ApplicationCredentials): { readonly file: string; readonly keys: readonly string[] };
}

/**
 * Credentials go into the values of a connection's `common`.
 * @throws ConnectorError usage `project/not-found`, `project/unknown-connection`, `usage/missing` or `access/no-place`
 */
export function keeper(context: Context, id: string | undefined): Keeping {
  const project = openProject(context.files(context.root()));
  const [connection, second] = id === undefined ? project.connections : connectionsNamed(project, [id]);
  if (connection === undefined || second !== undefined) {
    const ids = project.connections.map((each) => each.id);
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: `The project has ${ids.length === 0 ? 'no connection' : 'several connections'} for the credentials.`,
      hint: ids.length === 0 ? 'Make one first.' : `Add --connection ${ids[0]}; there are ${ids.join(', ')}.`,
    });
  }
  const keys = credentialKeys(connection);
  if (keys === undefined) {
    const file = `${connection.folder}/common.schema.json`;
    throw new ConnectorError('usage', {
      code: 'access/no-place',
      message: `The common of ${connection.id} declares no client id and client secret.`,
      hint: `Declare clientId and clientSecret in ${file}, the secret with "writeOnly": true.`,
      file,
    });
  }
  return {
    keep: ({ clientId, clientSecret }) => ({
      file: keepCommon(project, connection, { [keys.clientId]: clientId, [keys.clientSecret]: clientSecret }),
      keys: [keys.clientId, keys.clientSecret],
    }),
  };
}
