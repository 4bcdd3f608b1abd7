import { ConnectorError, openProject, sectionNamed } from '@connectorkit/sdk';
import type { ApplicationCredentials } from '@connectorkit/sdk/platforms';
import { connectionsNamed, credentialKeys, keepCommon } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';

/** Writes granted credentials into a project. */
export interface CredentialWriter {
  /** Writes the credentials and shows them nowhere. @returns the file and the keys that were written */
  write(credentials: ApplicationCredentials): { readonly file: string; readonly keys: readonly string[] };
}

/**
 * Makes a writer that puts credentials into the values of a connection's `common`. It is made before an access is
 * requested, because credentials that cannot be written need not be granted.
 * @param id of the connection (default: the only one of the project)
 * @throws ConnectorError usage `project/not-found`, `project/unknown-connection`, `usage/missing` or `access/no-place`
 */
export function credentialWriter(context: Context, id: string | undefined): CredentialWriter {
  const project = openProject(context.files(context.root()));
  const [connection, second] = id === undefined ? project.connections : connectionsNamed(project, [id]);
  if (connection === undefined || second !== undefined) {
    const ids = project.connections.map((each) => each.id);
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: `The project has ${ids.length === 0 ? 'no connection' : 'several connections'} for the credentials.`,
      hint:
        ids.length === 0
          ? 'Create one first with `connector add`.'
          : `Add --connection ${ids[0]}; there are ${ids.join(', ')}.`,
    });
  }
  const keys = credentialKeys(connection);
  if (keys === undefined) {
    const file = `${connection.folder}/${sectionNamed('common')?.files[0]}`;
    throw new ConnectorError('usage', {
      code: 'access/no-place',
      message: `The common of ${connection.id} declares no client id and client secret.`,
      hint: `Declare clientId and clientSecret in ${file}, the secret with "writeOnly": true.`,
      file,
    });
  }
  return {
    write: ({ clientId, clientSecret }) => ({
      file: keepCommon(project, connection, { [keys.clientId]: clientId, [keys.clientSecret]: clientSecret }),
      keys: [keys.clientId, keys.clientSecret],
    }),
  };
}
