import { describe, expect, test } from 'vitest';
import { schemaProblems } from '../schema.ts';
import { readSource } from '../source.ts';
import { api } from './api.ts';
import { CREATE_TYPES, type CreateType } from './create-types.ts';
import { SECTIONS, sectionNamed } from './index.ts';
import type { Section } from './section.ts';

const TYPES = Object.keys(CREATE_TYPES) as CreateType[];
const sections: readonly Section[] = SECTIONS;

function problemsOf(section: Section, type: CreateType, text: string) {
  const source = readSource(section.files[0], text, { comments: section.comments });
  return [...source.problems, ...schemaProblems(section.schemas, section.schemaFor(type, source.value), source)];
}

test('sections are found by their names, and only by those', () => {
  expect(SECTIONS.map((section) => sectionNamed(section.name))).toEqual(SECTIONS);
  expect(SECTIONS.map((section) => section.name)).toEqual([
    'api',
    'parameters',
    'scope',
    'scopes',
    'install',
    'installSpec',
    'common',
  ]);
  expect(sectionNamed('toString')).toBeUndefined();
});

describe.each(sections)('$name', (section) => {
  test('has words, and enough examples of both sorts', () => {
    expect(section.summary).toMatch(/^[A-Z].*\.$/);
    expect(section.title).toMatch(/^[A-Z]/);
    expect(section.examples().length).toBeGreaterThanOrEqual(3);
    expect(section.counterExamples().length).toBeGreaterThanOrEqual(5);
  });

  test('has a schema for every create type', () => {
    for (const type of TYPES) expect(Object.keys(section.schemas)).toContain(section.schemaFor(type));
  });

  test.each(section.examples().map((each, index) => ({ index, ...each })))(
    'example $index passes',
    ({ type, value }) => {
      expect(problemsOf(section, type, JSON.stringify(value, undefined, 2))).toEqual([]);
    },
  );

  test.each(section.counterExamples().map((each, index) => ({ index, ...each })))(
    'counter-example $index: $code at $path',
    ({ type, value, code, path }) => {
      const problems = problemsOf(section, type, JSON.stringify(value, undefined, 2));
      expect(problems.map((problem) => [problem.code, problem.path])).toEqual([[code, path]]);
    },
  );

  test.each(TYPES)('the starter for %s is without a problem', (type) => {
    expect(problemsOf(section, type, section.starter(type))).toEqual([]);
  });

  test('the empty text is without a problem where the section may be empty', () => {
    const authored = section.files[0].includes('.schema.') ? '{}' : section.empty;
    expect(problemsOf(section, 'other', authored)).toEqual([]);
  });
});

test('every api has counter-examples of each kind', () => {
  for (const name of Object.keys(api.schemas)) {
    expect(api.counterExamples().filter(({ type }) => api.schemaFor(type) === name).length).toBeGreaterThanOrEqual(5);
  }
});

test('starters of api log without secrets, and say what went wrong', () => {
  for (const type of TYPES.filter((each) => each !== 'other')) {
    const text = api.starter(type);
    expect(text).toContain('"sanitize"');
    expect(text).toContain('"error"');
    expect(text).toContain('"metadata"');
    expect(text).toContain('//');
  }
});

test.each(TYPES)('the starters for %s name only parameters and common data that they declare', (type) => {
  const text = api.starter(type);
  const used = (scope: string) => [...text.matchAll(new RegExp(`\\b${scope}\\.(\\w+)`, 'g'))].map((match) => match[1]);
  const form = readSource('parameters.jsonc', sectionNamed('parameters')?.starter(type) ?? '', { comments: true });
  const shared = JSON.parse(sectionNamed('common')?.starter(type) ?? '');
  const names = (form.value as { name: string }[]).map((parameter) => parameter.name);
  expect(used('parameters').filter((name) => name === undefined || !names.includes(name))).toEqual([]);
  expect(used('common').filter((name) => name === undefined || !(name in shared.properties))).toEqual([]);
  if (type !== 'other') expect(names).not.toEqual([]);
});
