import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PAGES, type Page } from './codes.ts';
import { RULES } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';

const rules: readonly Rule[] = RULES;
const pages: Readonly<Record<string, Page>> = PAGES;

test('no code is explained twice', () => {
  const codes = [...Object.keys(pages), ...rules.map((rule) => rule.code)];
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test.each([...Object.entries(pages), ...rules.map((rule) => [rule.code, rule] as const)])(
  '%s has a page that can be read',
  (code, { title, why, remedy }) => {
    expect(code).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[^A-Z].*[^.]$/);
    expect(why).toMatch(/^[A-Z].*[.]$/s);
    expect(remedy).toMatch(/^[A-Z].*[.]$/s);
  },
);

test('every code that is raised here has a page or a rule', () => {
  const here = import.meta.dirname;
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(here, file), 'utf8'));
  const raised = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bcode: '([a-z-]+\/[a-z-]+)'/g)].map((match) => match[1])),
  );
  expect(raised.size).toBeGreaterThan(5);
  const explained = new Set([...Object.keys(pages), ...rules.map((rule) => rule.code)]);
  expect([...raised].filter((code) => code === undefined || !explained.has(code))).toEqual([]);
});
