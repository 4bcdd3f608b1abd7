import { cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check } from './command.ts';

/** The folders of projects that come with the command, from which new ones are copied. */
export type TemplateFolder = 'templates' | 'examples';

/** Lists the names of the templates or examples, sorted. */
export function templateNames(folder: TemplateFolder): readonly string[] {
  return readdirSync(pathOf(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Describes a template in one line: the description in its package.json. */
export function descriptionOf(folder: TemplateFolder, name: string): string {
  const manifest = JSON.parse(readFileSync(join(pathOf(folder), name, 'package.json'), 'utf8')) as {
    description?: string;
  };
  return manifest.description ?? '';
}

/** Copies a template into an empty folder that exists. */
export function copyTemplate(folder: TemplateFolder, name: string, target: string): void {
  cpSync(join(pathOf(folder), name), target, {
    recursive: true,
    filter: (source) => !LEFT_OUT.test(basename(source)),
  });
  for (const entry of readdirSync(target, { recursive: true }) as string[]) {
    if (!basename(entry).startsWith('_')) continue;
    renameSync(join(target, entry), join(target, entry, '..', `.${basename(entry).slice(1)}`));
  }
}

/** Made while a project is worked on: never in the bundle, but maybe in the sources. */
const LEFT_OUT = /^(node_modules|\.connector|.*\.local\.json)$/;

/** Beside the bundle, or at the top of the repository when the sources run. */
function pathOf(folder: TemplateFolder): string {
  const beside = fileURLToPath(new URL(`./${folder}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
}

const NAME = /^[a-z][a-z0-9-]{0,28}[a-z0-9]$/;
/** Names that Windows keeps for devices: no folder can have them there. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** Checks the name of a new connector; a dot stands for the current folder and its name. */
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
