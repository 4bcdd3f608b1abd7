// biome-ignore lint/correctness/noUndeclaredDependencies: the editor itself gives it
import { workspace } from 'vscode';
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node';
import { type ServerCommand, serverCommand } from './server-command.ts';

let client: LanguageClient | undefined;

/** The files that the server knows something about. */
const DOCUMENTS = ['json', 'jsonc'].flatMap((language) =>
  [
    '**/connections/**/*.{json,jsonc}',
    '**/{connector,makecomapp,connection,common.schema}.json',
    '**/{api,parameters,scope,scopes,install,installSpec}.{json,jsonc}',
    '**/*.iml.json',
  ].map((pattern) => ({ language, pattern })),
);

/** Starts the language server. */
export async function activate(): Promise<void> {
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const configured = workspace.getConfiguration('connectorkit').get<string[]>('command', []);
  const options = serverOptions(serverCommand(folders, configured));
  client = new LanguageClient('connectorkit', 'Connectorkit', options, { documentSelector: DOCUMENTS });
  await client.start();
}

/** Ends the language server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}

function serverOptions(chosen: ServerCommand): ServerOptions {
  if ('module' in chosen) return { ...chosen, transport: TransportKind.stdio };
  // On Windows, what npm installs are scripts, which only a shell starts.
  return { ...chosen, transport: TransportKind.stdio, options: { shell: process.platform === 'win32' } };
}
