import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../project/common.ts';

/**
 * The folder of what is the user's own and no project's, absolute, whether or not it is there: `connectorkit` in
 * `$XDG_CONFIG_HOME`, on Windows in `%APPDATA%`, otherwise in `~/.config`.
 */
export function userFolder({ XDG_CONFIG_HOME, APPDATA, HOME }: Environment): string {
  const windows = process.platform === 'win32' ? APPDATA : undefined;
  return join(XDG_CONFIG_HOME || windows || join(HOME || homedir(), '.config'), 'connectorkit');
}
