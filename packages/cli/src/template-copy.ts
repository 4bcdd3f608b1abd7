import { cpSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { renamePatiently } from '@connectorkit/sdk/node';
import { type TemplateFolder, templateFolder } from './templates.ts';

/** Copies what every project has beside its connections into an empty folder that exists. */
export function copyScaffold(target: string): void {
  copied(templateFolder('scaffold', ''), target);
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
    renamePatiently(join(target, entry), join(target, entry, '..', `.${basename(entry).slice(1)}`));
  }
}

/** Files that describe a template, and files that are made while a project is worked on. */
const LEFT_OUT = /^(node_modules|\.connector|.*\.local\.json|template\.json)$/;
