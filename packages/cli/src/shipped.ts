import { cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check } from './command.ts';

/** What comes with the command: its version, and the folders that new projects are copied from. */
export type Shelf = 'templates' | 'examples';

/** The package's own version. The bundle and the sources lie equally deep below package.json. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

/** The names of the folders on a shelf, sorted. */
export function shipped(shelf: Shelf): readonly string[] {
  return readdirSync(folderOf(shelf), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** What a folder on a shelf is, in a line: the description in its package.json. */
export function descriptionOf(shelf: Shelf, name: string): string {
  const manifest = JSON.parse(readFileSync(join(folderOf(shelf), name, 'package.json'), 'utf8')) as {
    description?: string;
  };
  return manifest.description ?? '';
}

/** Copies a folder from a shelf into a folder that is there and empty. */
export function unpack(shelf: Shelf, name: string, target: string): void {
  cpSync(join(folderOf(shelf), name), target, {
    recursive: true,
    filter: (source) => !LEFT_OUT.test(basename(source)),
  });
  for (const entry of readdirSync(target, { recursive: true }) as string[]) {
    if (!basename(entry).startsWith('_')) continue;
    renameSync(join(target, entry), join(target, entry, '..', `.${basename(entry).slice(1)}`));
  }
}

/** What is made while a project is worked on. The bundle never holds it; the sources may. */
const LEFT_OUT = /^(node_modules|\.connector|.*\.local\.json)$/;

/** Beside the bundle, or at the top of the repository when the sources run. */
function folderOf(shelf: Shelf): string {
  const beside = fileURLToPath(new URL(`./${shelf}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../${shelf}`, import.meta.url));
}

const NAME = /^[a-z][a-z0-9-]{0,28}[a-z0-9]$/;
/** Names that Windows keeps for devices: no folder can have them there. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** What cannot be the name of a connector; a dot stands for the folder and its name. */
export function checkName(name: string): ReturnType<Check> {
  if (name === '.') return undefined;
  const device = DEVICES.test(name);
  if (NAME.test(name) && !device) return undefined;
  return {
    code: 'create/name',
    message: device
      ? `${JSON.stringify(name)} cannot be the name of a folder on Windows.`
      : `${JSON.stringify(name)} cannot be the name of a connector.`,
    hint: 'Use lower-case letters, digits and hyphens, beginning with a letter, 2 to 30 characters.',
  };
}
