import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How the language server is started: a program of Node.js, or a command. */
export type ServerCommand =
  | { readonly module: string; readonly args: string[] }
  | { readonly command: string; readonly args: string[] };

/** Where a project has the command installed. */
const INSTALLED = join('node_modules', '@connectorkit', 'cli', 'dist', 'connector.js');

/**
 * Chooses the server of a workspace.
 * @param folders absolute paths of its folders
 * @param configured the words of the command in the settings; none where nothing is set
 */
export function serverCommand(folders: readonly string[], configured: readonly string[]): ServerCommand {
  const [command, ...args] = configured;
  if (command !== undefined) return { command, args };
  const module = folders.map((folder) => join(folder, INSTALLED)).find((file) => existsSync(file));
  return module === undefined ? { command: 'connector', args: ['lsp'] } : { module, args: ['lsp'] };
}
