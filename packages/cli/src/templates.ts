import { cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '@connectorkit/sdk';
import type { Check, MenuItem } from './command.ts';

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

/** The folder that a template is in, absolute. */
export function templateFolder(folder: TemplateFolder | 'scaffold', name: string): string {
  return join(pathOf(folder), name);
}

/** Copies what every project has beside its connections into an empty folder that exists. */
export function copyScaffold(target: string): void {
  copied(pathOf('scaffold'), target);
}

/** Copies a template into a folder that exists, over what is there. */
export function copyTemplate(folder: TemplateFolder, name: string, target: string): void {
  copied(templateFolder(folder, name), target);
}

function copied(source: string, target: string): void {
  cpSync(source, target, {
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
function pathOf(folder: TemplateFolder | 'scaffold'): string {
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

/** The templates or examples, as a menu shows them. */
export function menuOf(folder: TemplateFolder): MenuItem[] {
  const option = folder === 'templates' ? 'template' : 'example';
  return templateNames(folder).map((value) => ({ option, value, hint: descriptionOf(folder, value) }));
}

/** Whether a name is that of a template or an example. */
export function nameIn(folder: TemplateFolder): Check {
  return (name) => {
    const names = templateNames(folder);
    if (names.includes(name)) return undefined;
    const meant = nearest(name, names);
    return {
      code: 'create/unknown-template',
      message: `There is no ${folder.slice(0, -1)} ${JSON.stringify(name)}.`,
      hint: meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${meant}?`,
    };
  };
}
