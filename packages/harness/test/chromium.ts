import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The installed Chromium; undefined when there is none, and tests that need it are skipped. */
export const CHROMIUM = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => COMMANDS.map((name) => join(folder, name)))
  .find(isExecutable);

/** What the name of a test that needs it ends with. */
export const IN_CHROMIUM = CHROMIUM === undefined ? ' (not run: no Chromium is installed)' : ', in Chromium';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
