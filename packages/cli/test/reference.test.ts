import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandsPage, environmentPage, exitCodesPage } from './reference/commands.ts';
import { expressionsPage } from './reference/expressions.ts';
import { functionsPage } from './reference/functions.ts';
import { type Page, pageText } from './reference/markdown.ts';
import { evidence, platformPage, platformsPage, proofs } from './reference/platforms.ts';
import { codesPage, rulesPage, trapsPage } from './reference/problems.ts';
import { sectionsPage } from './reference/sections.ts';

const all = await proofs();

const PAGES: readonly (readonly [name: string, page: () => Page])[] = [
  ['commands', commandsPage],
  ['exit-codes', exitCodesPage],
  ['environment', environmentPage],
  ['sections', sectionsPage],
  ['expressions', expressionsPage],
  ['functions', functionsPage],
  ['rules', rulesPage],
  ['codes', codesPage],
  ['traps', trapsPage],
  ['platforms', () => platformsPage(all)],
  ...all.map((proof) => [`platform-${proof.platform.name}`, () => platformPage(proof)] as const),
];

const DOCS = fileURLToPath(new URL('../../../docs', import.meta.url));

/** A page that people write, with the figures of all platforms where they belong. */
function withEvidence(page: string): string {
  const part = /(<!-- evidence:[^>]*-->\n).*?(\n<!-- \/evidence -->)/s;
  return page.replace(part, (_, begin: string, end: string) => `${begin}\n${evidence(all)}\n${end}`);
}

// `pnpm reference` runs this file and writes the pages anew.
test.each(PAGES)(
  'docs/reference/%s.md is what the tables in the code say; if not, run pnpm reference',
  async (name, page) => {
    await expect(pageText(page())).toMatchFileSnapshot(join(DOCS, 'reference', `${name}.md`));
  },
);

test('docs/explanation/fidelity.md has the figures of today; if not, run pnpm reference', async () => {
  const file = join(DOCS, 'explanation/fidelity.md');
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('<!-- /evidence -->');
  await expect(withEvidence(page)).toMatchFileSnapshot(file);
});
