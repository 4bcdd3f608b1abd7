import Module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@connectorkit/sdk/project';

/**
 * Keeps what V8 made of the bundle's files in `connectorkit` in the user's cache folder, which is `$XDG_CACHE_HOME`, on
 * Windows `%LOCALAPPDATA%`, otherwise `~/.cache`. Node does so from 22.1 on; an older one compiles at each start.
 * `NODE_DISABLE_COMPILE_CACHE=1` turns it off. Source: nodejs.org/api/module.html, module.enableCompileCache.
 */
export function enableCompileCache({ XDG_CACHE_HOME, LOCALAPPDATA, HOME }: Environment): void {
  const windows = process.platform === 'win32' ? LOCALAPPDATA : undefined;
  const folder = XDG_CACHE_HOME || windows || join(HOME || homedir(), '.cache');
  const { enableCompileCache: enable } = Module as { enableCompileCache?: (folder: string) => unknown };
  enable?.(join(folder, 'connectorkit'));
}
