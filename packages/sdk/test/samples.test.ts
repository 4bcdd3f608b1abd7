import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toParameters } from '../src/parameters/to-parameters.ts';
import { toSchema } from '../src/parameters/to-schema.ts';
import { schemaProblems } from '../src/schema.ts';
import { isCreateType } from '../src/sections/create-types.ts';
import { SECTIONS } from '../src/sections/index.ts';
import type { Section } from '../src/sections/section.ts';
import { readSource } from '../src/source.ts';

/** A folder of real connections: each has the files of its sections and a meta.json with its `createType`. */
const SAMPLES = process.env.CONNECTOR_SAMPLES;

/** What is known to be wrong with some of them; the others are right. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  '07-airtable-bridge-apikey': ['api.json schema/unknown-key response.output'],
  '44-docs-oauth2-client-credentials': ['api.json source/syntax '],
};

function problemsOf(folder: string): string[] {
  const { createType } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  if (!isCreateType(createType)) throw new Error(`${folder} has no known type.`);
  return SECTIONS.flatMap((section: Section) => {
    const file = `${section.name}.json`;
    // In the samples, common.json holds values, and not the author's schema of them.
    if (section.wire === 'json' || !existsSync(join(folder, file))) return [];
    const source = readSource(file, readFileSync(join(folder, file), 'utf8'), { comments: section.comments });
    const problems = [...source.problems, ...schemaProblems(section.schemas, section.schemaFor(createType), source)];
    return problems.map(({ code, path }) => `${file} ${code} ${(path ?? []).join('.')}`);
  });
}

/** The forms among the files of a sample. */
function formsIn(folder: string): { name: string; value: unknown }[] {
  return SECTIONS.flatMap((section: Section) => {
    const file = join(folder, `${section.name}.json`);
    if (section.authoring === undefined || !existsSync(file)) return [];
    return [{ name: section.name, value: readSource(file, readFileSync(file, 'utf8'), { comments: true }).value }];
  });
}

describe.skipIf(SAMPLES === undefined)('real connections, in CONNECTOR_SAMPLES', () => {
  const folders = SAMPLES === undefined ? [] : readdirSync(SAMPLES).filter((name) => /^\d/.test(name));

  test('there are some', () => expect(folders).not.toEqual([]));

  test.each(folders)('%s', (name) => {
    expect(problemsOf(join(SAMPLES ?? '', name))).toEqual(FAULTS[name] ?? []);
  });

  test('their forms are the same after the way through a JSON Schema and back', () => {
    const forms = folders.flatMap((name) => formsIn(join(SAMPLES ?? '', name)));
    expect(forms).not.toEqual([]);
    for (const { value } of forms) {
      const { form, problems, lost } = toParameters(toSchema(value));
      expect([JSON.stringify(form, undefined, 2), problems, lost]).toEqual([
        JSON.stringify(value, undefined, 2),
        [],
        [],
      ]);
    }
  });
});
