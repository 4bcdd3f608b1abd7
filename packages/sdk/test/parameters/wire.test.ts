import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declarations, openProject, validate } from '../../src/index.ts';
import { isObject } from '../../src/json.ts';
import { toParameters } from '../../src/parameters/to-parameters.ts';
import { toSchema } from '../../src/parameters/to-schema.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { localConnections } from '../../src/sync/local.ts';
import { form, RUNS, TIMEOUT } from './grammar.ts';

const FORM = [
  { name: 'apiKey', type: 'password', label: 'API key', required: true },
  {
    name: 'where',
    type: 'select',
    options: [{ value: 'cloud' }, { value: 'own', nested: [{ name: 'host', type: 'url' }] }],
  },
];

function project(parameters: unknown) {
  return openProject(
    memoryFiles({
      'connector.json': '{"name": "acme"}',
      'connections/acme/connection.json': '{"type": "apikey", "unmanaged": ["api"]}',
      'connections/acme/parameters.jsonc': `// The form.\n${JSON.stringify(parameters, undefined, 4)}`,
    }),
  );
}

const textOf = (parameters: unknown) => {
  const opened = project(parameters);
  return localConnections(opened, opened.connections, {})[0]?.texts.parameters;
};

describe('a form that is declared as a schema', () => {
  test('is pushed as the array that is made of it', () => {
    expect(textOf(toSchema(FORM))).toBe(`${JSON.stringify(FORM, undefined, 2)}\n`);
    expect(textOf(FORM)).toBe(`// The form.\n${JSON.stringify(FORM, undefined, 4)}`);
  });

  test('has the types of that array', async () => {
    expect(validate(project(toSchema(FORM)))).toEqual([]);
    expect(await declarations(project(toSchema(FORM)))).toEqual(await declarations(project(FORM)));
  });

  test('that cannot be expressed is never pushed', () => {
    expect(() => textOf({ type: 'object', properties: { a: { const: 1 } } })).toThrow('cannot express');
  });
});

/** The value with the keywords of its schemas in another order; the order of fields and of data says something. */
function turned(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(turned);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([keyword, value]) => {
    if (/^(default|const|enum|required|x-make-.*)$/.test(keyword)) return [keyword, value];
    if (keyword !== 'properties') return [keyword, turned(value)];
    return [keyword, Object.fromEntries(Object.entries(value as object).map(([name, field]) => [name, turned(field)]))];
  });
  return Object.fromEntries(entries.toReversed());
}

test(
  'the order of keywords is the author’s: the form is the same but for the order of its keys',
  () => {
    fc.assert(
      fc.property(form, (array) => {
        const made = toParameters(turned(JSON.parse(JSON.stringify(toSchema(array)))));
        expect(made.problems).toEqual([]);
        expect(made.form).toEqual(JSON.parse(JSON.stringify(array)));
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT,
);
