import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BUDGETS } from './house/budgets.ts';
import { DIRECTION } from './house/direction.ts';
import { ENTRIES } from './house/entries.ts';
import { LINKS } from './house/links.ts';
import { LOOKUPS } from './house/lookups.ts';
import { ONE_MACHINE } from './house/one-machine.ts';
import { PLACES } from './house/places.ts';
import { PUBLISHED } from './house/published.ts';
import { SURROUNDINGS } from './house/surroundings.ts';
import { houseTree, Tree } from './house/tree.ts';

const RULES = [
  ...DIRECTION,
  ...SURROUNDINGS,
  ...ENTRIES,
  ...BUDGETS,
  ...PUBLISHED,
  ...LOOKUPS,
  ...LINKS,
  ...PLACES,
  ...ONE_MACHINE,
];

const house = houseTree(fileURLToPath(new URL('.', import.meta.url)));

describe.each(RULES)('$name', ({ check, bad, good = [] }) => {
  test('here', () => {
    expect(check(house)).toEqual([]);
  });

  test.each(bad.map(([texts, begins, ...words]) => ({ texts, begins, words })))(
    '$begins',
    ({ texts, begins, words }) => {
      const findings = check(Tree.of(texts));
      expect(findings.map((finding) => finding.slice(0, begins.length))).toContain(begins);
      for (const word of words) expect(findings.join('\n')).toContain(word);
    },
  );

  test.each(good.map((texts) => ({ texts })))('no false alarm %#', ({ texts }) => {
    expect(check(Tree.of(texts))).toEqual([]);
  });
});
