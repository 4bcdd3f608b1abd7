import { describe, expect, test } from 'vitest';
import { declarations } from '../../src/declarations/index.ts';
import { keyOf, type Shape } from '../../src/declarations/shapes.ts';
import { openProject } from '../../src/project/index.ts';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly [word: string]: unknown;
}

/** How a field holds others. */
const HOLDING: Readonly<Record<string, (name: string, fields: readonly Field[]) => Field>> = {
  'a collection': (name, spec) => ({ name, type: 'collection', spec }),
  'an option of a select': (name, nested) => ({ name, type: 'select', options: [{ label: 'A', value: 'a', nested }] }),
};

/** A field that holds two, which hold two, and so on: 2 ** levels - 1 fields, each with a name of its own. */
function tree(levels: number, hold: (name: string, fields: readonly Field[]) => Field, name = 'f'): Field {
  if (levels === 1) return { name, type: 'text' };
  return hold(name, [tree(levels - 1, hold, `${name}0`), tree(levels - 1, hold, `${name}1`)]);
}

/** The text of the declarations of a form, and the seconds that the processor took. */
function printed(form: readonly Field[]): { text: string; seconds: number } {
  const texts: Readonly<Record<string, string>> = {
    'connector.json': '{"name": "large"}',
    'connections/main/connection.json': '{"type": "basic", "label": "Large"}',
    'connections/main/parameters.jsonc': JSON.stringify(form),
  };
  const lists: Readonly<Record<string, readonly string[]>> = {
    connections: ['main/'],
    'connections/main': ['connection.json', 'parameters.jsonc'],
  };
  const nothing = () => {};
  const files = {
    read: (path: string) => texts[path],
    list: (folder: string) => lists[folder] ?? [],
    write: nothing,
    rename: nothing,
    remove: nothing,
  };
  const before = process.cpuUsage();
  const { text } = declarations(openProject(files));
  const { user, system } = process.cpuUsage(before);
  return { text, seconds: (user + system) / 1e6 };
}

describe('32,767 fields, each in another', () => {
  test.each(Object.entries(HOLDING))('in %s, are reported in a text that grows as they do', (_, hold) => {
    const small = printed([tree(11, hold)]);
    const large = printed([tree(15, hold)]);
    expect(large.text).toMatch(/\bf1{14}\?: string;/);
    // Sixteen times the fields, half as much again for the deeper indentation.
    expect(large.text.length / small.text.length).toBeLessThan(16 * 1.5 * 1.2);
    expect(large.seconds).toBeLessThan(40);
  });
});

test.each<[what: string, form: (count: number) => Field[]]>([
  ['options that each show a field', (count) => [choosing('s', count)]],
  [
    'choices that have nothing to do with each other',
    (count) => numbers(count).map((index) => choosing(`s${index}`, 2)),
  ],
])('%s are reported in a text that grows as they do', (_, form) => {
  const small = printed(form(500));
  const large = printed(form(8000));
  expect(large.text.length / small.text.length).toBeLessThan(16 * 1.3);
  expect(large.seconds).toBeLessThan(40);
});

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function choosing(name: string, count: number): Field {
  const options = numbers(count).map((index) => ({
    label: `${index}`,
    value: `v${index}`,
    nested: [{ name: `${name}n${index}`, type: 'text' }],
  }));
  return { name, type: 'select', options };
}

test('choices beside each other are reported once each, also where they show choices', () => {
  const shown = (name: string) => choosing(name, 2);
  const form = ['a', 'b', 'c'].map((name) => ({
    name,
    type: 'select',
    options: [{ label: '1', value: '1', nested: [shown(`${name}1`), shown(`${name}2`)] }],
  }));
  const { text } = printed(form);
  for (const name of ['a1n0', 'b2n1', 'c2n0']) expect(text.split(`${name}?:`)).toHaveLength(2);
});

test('what tells two forms apart grows with their depth, and not faster', () => {
  let shape: Shape = { kind: 'string' };
  for (let depth = 0; depth < 200; depth++) {
    const type: Shape[] = [shape];
    shape = {
      kind: 'object',
      members: new Map([['a', { type, required: true, declared: true, words: '' }]]),
      rest: [],
      implied: false,
    };
  }
  expect(keyOf(shape).length).toBeLessThan(200 * 50);
});
