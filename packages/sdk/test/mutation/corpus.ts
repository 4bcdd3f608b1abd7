import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Declared } from '../../src/analysis/declared.ts';
import { RULES, type Rule, SECTIONS, sectionNamed } from '../../src/index.ts';

/** A connection without faults, as files of a project. */
export interface Subject {
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** The finished connectors of the repository, and the good example of each rule. */
export function corpus(): readonly Subject[] {
  const projects = ['examples', 'templates'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => connectionsIn(join(ROOT, folder, entry.name), `${folder}/${entry.name}`)),
  );
  const seen = new Set<string>();
  const goods = (RULES as readonly Rule[]).flatMap(({ code, good }) => {
    const text = JSON.stringify(good());
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ name: code, texts: textsOf(good()) }];
  });
  return [...projects, ...goods];
}

function connectionsIn(project: string, name: string): Subject[] {
  const folder = join(project, 'connections');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((id) => {
    const files = readdirSync(join(folder, id)).filter((file) => /\.jsonc?$/.test(file) && !file.includes('.local.'));
    const texts = files.map((file) => [`connections/${id}/${file}`, readFileSync(join(folder, id, file), 'utf8')]);
    return { name: `${name}/${id}`, texts: { 'connector.json': '{"name": "mutant"}', ...Object.fromEntries(texts) } };
  });
}

function textsOf({ type, sections }: Declared): Record<string, string> {
  const unmanaged = SECTIONS.flatMap(({ name }) => (Object.hasOwn(sections, name) ? [] : [name]));
  const files = Object.entries(sections).map(([name, value]) => [
    `connections/here/${sectionNamed(name)?.files[0]}`,
    `${JSON.stringify(value, undefined, 2)}\n`,
  ]);
  return {
    'connector.json': '{"name": "mutant"}',
    'connections/here/connection.json': `${JSON.stringify({ type, unmanaged }, undefined, 2)}\n`,
    ...Object.fromEntries(files),
  };
}

/** The section that the file declares; undefined for the files of the project. */
export function sectionOf(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return SECTIONS.find(({ files }) => (files as readonly string[]).includes(name))?.name;
}
