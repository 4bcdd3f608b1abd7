import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSource } from '@connectorkit/sdk';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const projects = ['template', 'example'].flatMap((option) =>
  readdirSync(join(DIST, `${option}s`)).map((name) => ({ option, name })),
);

async function created(option: string, name: string): Promise<string> {
  const cwd = temporaryFolder();
  await run(['create', 'mine', `--${option}`, name], { cwd });
  return join(cwd, 'mine');
}

const value = (file: string) => readSource(file, readFileSync(file, 'utf8'), { comments: true }).value;

describe.each(projects)('what an editor is told in $name', async ({ option, name }) => {
  const project = await created(option, name);
  const settings = value(join(project, '.vscode', 'settings.json')) as {
    'json.schemas': { fileMatch: string[]; url: string }[];
  };

  test('is a schema in the project, which is that of the command, for files that are there and that it accepts', () => {
    expect(settings['json.schemas'].length).toBeGreaterThan(2);
    for (const { fileMatch, url } of settings['json.schemas']) {
      const schema = join(project, url);
      expect(value(schema)).toEqual(value(join(DIST, 'schemas', basename(url))));
      const ajv = new Ajv2020({ strict: false });
      for (const pattern of fileMatch) {
        const files = matching(project, pattern);
        expect(files, pattern).not.toEqual([]);
        for (const file of files) {
          expect(ajv.validate(value(schema) as object, value(file)), `${file}: ${ajv.errorsText()}`).toBe(true);
        }
      }
    }
  });

  test('covers every section of the project', () => {
    const covered = settings['json.schemas'].flatMap(({ fileMatch }) =>
      fileMatch.flatMap((each) => matching(project, each)),
    );
    const folders = readdirSync(join(project, 'connections')).map((id) => join(project, 'connections', id));
    const sections = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    expect(sections.filter((file) => /\.jsonc?$/.test(file) && !covered.includes(file))).toEqual([]);
  });
});

/** Editors' patterns, of which only `*` for a part of one name is used. */
function matching(project: string, pattern: string): string[] {
  const parts = pattern.split('/').filter(Boolean);
  return parts.reduce<string[]>(
    (folders, part) =>
      folders.flatMap((folder) => namesLike(folder, part).map((name) => join(folder, name))).filter(existsSync),
    [project],
  );
}

function namesLike(folder: string, part: string): string[] {
  if (!part.includes('*')) return [part];
  const [start = '', end = ''] = part.split('*');
  return readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith(end));
}
