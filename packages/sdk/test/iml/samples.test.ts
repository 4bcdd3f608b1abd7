import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placesOf } from '../../src/analysis/expression-scopes.ts';
import { check } from '../../src/iml/check.ts';
import { parseTemplate } from '../../src/iml/parse.ts';
import { printTemplate } from '../../src/iml/print.ts';
import { isCreateType } from '../../src/sections/create-types.ts';
import { SECTIONS } from '../../src/sections/index.ts';
import { readSource } from '../../src/source.ts';

/** A folder of real connections, as in samples.test.ts. */
const SAMPLES = process.env.CONNECTOR_SAMPLES;

/** What is to be told about their expressions; nothing about the others. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  '04-pipedrive-oauth': ['iml/unknown-function getApiURL'],
  '07-airtable-bridge-apikey': ['iml/foreign-syntax and'],
  '22-makex-x-oauth-pkce': ['iml/unknown-function randomString', 'iml/surplus-argument body.error'],
  '43-docs-oauth2-pkce': ['iml/undocumented-function base64url'],
  '56-model-oauth-resowncre': [
    'iml/undeclared-parameter parameters.password',
    'iml/undeclared-parameter parameters.username',
  ],
};

function declaredIn(folder: string) {
  const { createType } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  if (!isCreateType(createType)) throw new Error(`${folder} has no known type.`);
  const sections: Record<string, unknown> = {};
  for (const { name, wire, comments } of SECTIONS) {
    const file = join(folder, `${name}.json`);
    // In the samples, common.json holds values, and not the author's schema of them.
    if (wire === 'json' || !existsSync(file)) continue;
    const { value } = readSource(file, readFileSync(file, 'utf8'), { comments });
    if (value !== undefined) sections[name] = value;
  }
  return { type: createType, sections };
}

describe.skipIf(SAMPLES === undefined)('expressions of real connections, in CONNECTOR_SAMPLES', () => {
  const folders = SAMPLES === undefined ? [] : readdirSync(SAMPLES).filter((name) => /^\d/.test(name));

  test.each(folders)('%s', (name) => {
    const reported = [...placesOf(declaredIn(join(SAMPLES ?? '', name)))].flatMap(({ text, scope }) => {
      const template = parseTemplate(text);
      if (template.problems.length === 0) {
        const parts = (each: typeof template) =>
          JSON.stringify(each.parts, (key, value) => (key === 'offset' || key === 'end' ? undefined : value));
        expect(parts(parseTemplate(printTemplate(template)))).toBe(parts(template));
      }
      return check(template, scope).map(({ code, offset, length }) => `${code} ${text.slice(offset, offset + length)}`);
    });
    expect(reported).toEqual(TOLD[name] ?? []);
  });
});
