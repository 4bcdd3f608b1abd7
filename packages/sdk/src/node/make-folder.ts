import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; one that is there stays as it is. Node's own way (`recursive`) does not end where a
 * file system says of a folder that it cannot make that there is none above it.
 * @param mode of the folders that are made (default: as the process makes them)
 * @throws Node's errors, such as ENOTDIR for a file in the place of a folder
 */
export function makeFolder(folder: string, mode?: number): void {
  try {
    makeOne(folder, mode);
  } catch (error) {
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    makeFolder(above, mode);
    makeOne(folder, mode);
  }
}

function makeOne(folder: string, mode: number | undefined): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Of a folder that is there, file systems say different things: that it is there, or that nobody may make one.
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw error;
  }
}
