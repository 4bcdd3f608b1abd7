import { expect, test } from 'vitest';
import { convert } from '../src/convert.ts';
import { declarations } from '../src/declarations/index.ts';
import { evaluate } from '../src/iml/evaluate.ts';
import { IMLError } from '../src/iml/function.ts';
import { FUNCTIONS } from '../src/iml/functions/index.ts';
import { checkValues } from '../src/parameters/check-values.ts';
import { memoryFiles } from '../src/project/files.ts';
import { openProject } from '../src/project/index.ts';
import { SECTIONS } from '../src/sections/index.ts';
import { readSource } from '../src/source.ts';
import { validate } from '../src/validate.ts';

/** What every object of JavaScript has: a table that is asked for one of them in the wrong way gives a function. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', '__defineGetter__'];

/** Copies of a value, each with one key or one text of it replaced by a name. */
function* replaced(value: unknown, name: string): Generator<unknown> {
  if (typeof value === 'string') yield name;
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries())
      for (const other of replaced(each, name)) yield value.with(index, other);
    return;
  }
  const entries = Object.entries(value);
  for (const [index, [key, each]] of entries.entries()) {
    yield Object.fromEntries(entries.with(index, [name, each]));
    for (const other of replaced(each, name)) yield Object.fromEntries(entries.with(index, [key, other]));
  }
}

const examples = SECTIONS.flatMap((section) => section.examples().map((example) => ({ section, ...example })));

test.each(NAMES)('a section in which anything is called %s is a section like others', (name) => {
  let count = 0;
  for (const { section, type, value } of examples) {
    const path = `connections/main/${section.files[0]}`;
    for (const changed of replaced(value, name)) {
      count++;
      const files = memoryFiles({
        'connector.json': '{ "name": "app" }',
        'connections/main/connection.json': JSON.stringify({ type, label: 'Main' }),
        'connections/main/api.jsonc': '{}',
        [path]: JSON.stringify(changed),
      });
      const project = openProject(files);
      for (const { message, hint = '' } of validate(project)) expect(`${message} ${hint}`).not.toMatch(OF_JAVASCRIPT);
      expect(declarations(project).text).not.toMatch(OF_JAVASCRIPT);
      const source = readSource(path, JSON.stringify(changed), { comments: true });
      for (const form of ['schema', 'array'] as const) {
        expect(JSON.stringify(convert(section, source, form)?.text ?? '')).not.toMatch(OF_JAVASCRIPT);
      }
      if (section.name === 'parameters') checkValues(changed, { [name]: name });
    }
  }
  expect(count).toBeGreaterThan(200);
});

/** What a function or an object is when it is taken for a text. */
const OF_JAVASCRIPT = /native code|\[object |function \w*\(/;

const given = { now: () => new Date(0), random: () => 0.5, uuid: () => 'a' };

test.each(NAMES)(
  'an expression in which anything is called %s fails with an error of ours, or gives a value',
  (name) => {
    const calls = Object.values(FUNCTIONS).flatMap(({ name: own, parameters }) => {
      const texts = parameters.map(() => `'${name}'`);
      return [...parameters.keys()].map((index) => `{{${own}(${texts.slice(0, index + 1).join('; ')})}}`);
    });
    const templates = [
      ...calls,
      `{{${name}}}`,
      `{{parameters.${name}}}`,
      `{{${name}('a')}}`,
      `{{parameters.a.${name}.b}}`,
    ];
    for (const template of templates) {
      let value: unknown;
      try {
        value = evaluate(template, { parameters: { a: {} } }, given);
      } catch (error) {
        expect(error, template).toBeInstanceOf(IMLError);
      }
      expect(typeof value, template).not.toBe('function');
      expect(String(JSON.stringify(value)), template).not.toMatch(OF_JAVASCRIPT);
    }
  },
);
