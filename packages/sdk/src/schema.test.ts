import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validators } from '#generated/sections.js';
import { isObject } from './json.ts';
import { brokenKeywords } from './json-schema/validator.ts';
import { PROJECT_SCHEMAS } from './project/schemas.ts';
import { isSchemaName, schemaProblems, TRANSLATIONS } from './schema.ts';
import { SECTIONS } from './sections/index.ts';
import type { JSONSchema } from './sections/section.ts';
import { readSource } from './source.ts';

const SCHEMAS: Readonly<Record<string, JSONSchema>> = Object.assign(
  {},
  ...SECTIONS.map((section) => section.schemas),
  PROJECT_SCHEMAS,
);

function problemsOf(name: string, text: string) {
  return schemaProblems(SCHEMAS, name, readSource('api.jsonc', text, { comments: true }));
}

describe('keywords', () => {
  /** Argument of each keyword: schemas by name, a list of schemas, one schema, or no schema. */
  const MAPS = ['properties', 'patternProperties', '$defs'];
  const LISTS = ['allOf'];
  const ONE = ['items', 'additionalProperties', 'then', 'else', 'not'];
  const WORDS = ['$schema', '$ref', 'title', 'description', 'x-hint', 'x-expected'];

  function keywordsOf(schema: unknown): string[] {
    if (!isObject(schema)) return [];
    return Object.entries(schema).flatMap(([keyword, value]) => {
      // What a condition says is never reported.
      if (keyword === 'if') return [];
      if (MAPS.includes(keyword)) return [keyword, ...Object.values(value as object).flatMap(keywordsOf)];
      if (LISTS.includes(keyword)) return [keyword, ...(value as unknown[]).flatMap(keywordsOf)];
      if (ONE.includes(keyword)) return [keyword, ...keywordsOf(value)];
      return [keyword];
    });
  }

  test('every keyword of every schema has words for its faults, or cannot be at fault', () => {
    const structure = new Set([...MAPS, ...LISTS, ...ONE, ...WORDS]);
    const used = new Set(Object.values(SCHEMAS).flatMap(keywordsOf));
    expect([...used].filter((keyword) => !structure.has(keyword) && TRANSLATIONS[keyword] === undefined)).toEqual([]);
    expect(used.size).toBeGreaterThan(15);
  });

  /** Alternatives say as many things as there are of them; a condition is never reported. */
  function reported(schema: unknown): unknown[] {
    if (!isObject(schema)) return schema === false ? [schema] : [];
    return Object.entries(schema).flatMap(([keyword, value]) => {
      if (keyword === 'if' || keyword === 'not' || keyword === 'x-hint') return [];
      if (keyword === 'additionalProperties' && value === false) return [];
      if (keyword === 'anyOf' || keyword === 'oneOf') return [value];
      if (MAPS.includes(keyword)) return Object.values(value as object).flatMap(reported);
      if (LISTS.includes(keyword)) return (value as unknown[]).flatMap(reported);
      return ONE.includes(keyword) ? reported(value) : [];
    });
  }

  test('there are no alternatives and no false outside conditions', () => {
    expect(Object.values(SCHEMAS).flatMap(reported)).toEqual([]);
  });

  test('every schema is compiled under its name', () => {
    expect(Object.keys(SCHEMAS).filter((name) => !isSchemaName(name))).toEqual([]);
    expect(() => problemsOf('toString', '{}')).toThrow('no compiled schema');
  });
});

describe('compiled schemas', () => {
  const examples = SECTIONS.flatMap((section) =>
    [...section.examples(), ...section.counterExamples()].map(({ type, value }) => ({
      name: section.schemaFor(type, value),
      value: value as unknown,
    })),
  );
  const others = Object.keys(SCHEMAS).map((name) => ({ name, value: {} as unknown }));

  const scalar = fc.constantFrom<unknown>(
    '',
    'GET',
    'https://x.io',
    '{{a.b}}',
    'x'.repeat(600),
    0,
    -1,
    2.5,
    true,
    null,
  );
  const json = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('type', 'name', 'url', 'qs', '{{...}}', 'x'), scalar, { maxKeys: 2 }),
  );
  /** Changes a value at one of its sites: something is replaced, removed or added. */
  const change = fc.record({ site: fc.nat(), json, kind: fc.constantFrom('put', 'remove', 'add'), key: fc.nat() });
  const keys = [...new Set(JSON.stringify(SCHEMAS).match(/"[\w$]+"(?=:)/g))].map((key) => JSON.parse(key) as string);

  type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

  function changed(value: unknown, { site, json, kind, key }: Change): unknown {
    const copy = structuredClone(value);
    const sites: [holder: Record<string | number, unknown>, key: string | number][] = [];
    const walk = (at: unknown) => {
      if (typeof at !== 'object' || at === null) return;
      for (const [name, inner] of Object.entries(at)) {
        sites.push([at as Record<string, unknown>, name]);
        walk(inner);
      }
    };
    walk(copy);
    const [holder, name] = sites[site % Math.max(sites.length, 1)] ?? [];
    if (holder === undefined || name === undefined) return json;
    if (kind === 'put') holder[name] = json;
    else if (kind === 'remove') delete holder[name];
    else holder[keys[key % keys.length] ?? ''] = json;
    return copy;
  }

  test('say the same as Ajv, and as what tells the faults', () => {
    const ajv = new Ajv2020({ strict: false });
    let refused = 0;
    const check = (name: string, value: unknown) => {
      const right = ajv.getSchema(name)?.(value);
      if (right === false) refused++;
      const text = JSON.stringify({ name, value });
      expect([text, validators[name as keyof typeof validators](value)]).toEqual([text, right]);
      expect([text, brokenKeywords(SCHEMAS[name], value).length === 0]).toEqual([text, right]);
    };
    for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema as object, name);
    for (const { name, value } of examples) check(name, value);
    const changes = fc.array(change, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(fc.constantFrom(...examples, ...others), changes, ({ name, value }, all) =>
        check(name, JSON.parse(JSON.stringify(all.reduce(changed, value)))),
      ),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

describe('words and places', () => {
  test('a wrong type', () => {
    expect(problemsOf('api-basic', '{\n  "url": "https://x.io",\n  "gzip": "yes"\n}')).toEqual([
      {
        code: 'schema/type',
        severity: 'error',
        message: '"gzip" must be true or false, not "yes".',
        hint: 'Write true or false here.',
        found: '"yes"',
        expected: 'true or false',
        file: 'api.jsonc',
        path: ['gzip'],
        line: 3,
        column: 11,
        endLine: 3,
        endColumn: 16,
      },
    ]);
  });

  test('a missing key is reported at its object', () => {
    expect(problemsOf('api-oauth2', '{\n  "authorize": { "qs": {} }\n}')).toMatchObject([
      { code: 'schema/required', message: '"url" is missing in "authorize".', line: 2, column: 16, endColumn: 28 },
    ]);
  });

  test('an unknown key is reported at its name', () => {
    expect(problemsOf('api-basic', '{"url": "https://x.io", "methd": "GET"}')).toMatchObject([
      {
        code: 'schema/unknown-key',
        message: 'Unknown property "methd".',
        hint: 'Did you mean "method"?',
        column: 25,
        endColumn: 32,
      },
    ]);
  });

  test('an unknown key like no other lists what can stand there', () => {
    const [problem] = problemsOf('api-basic', '{"url": "https://x.io", "log": {"verbose": true}}');
    expect(problem).toMatchObject({
      message: 'Unknown property "verbose" in "log".',
      hint: 'Remove it; allowed here: only sanitize.',
    });
  });

  test('a key that is there already is not what was meant', () => {
    const [problem] = problemsOf('api-basic', '{"url": "https://x.io", "urll": "https://x.io"}');
    expect(problem?.hint).not.toContain('Did you mean');
  });

  test('a misspelt key that is missing as well is one fault', () => {
    expect(problemsOf('api-basic', '{"method": "GET", "ulr": "https://x.io"}')).toMatchObject([
      { code: 'schema/unknown-key', path: ['ulr'], hint: 'Did you mean "url"?' },
    ]);
  });

  test('two faults are two problems, in the order of the text', () => {
    const problems = problemsOf('api-basic', '{"method": "PSOT", "headers": []}');
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['schema/required', ['url']],
      ['schema/enum', ['method']],
      ['schema/type', ['headers']],
    ]);
    expect(problems[1]?.hint).toBe('Did you mean "POST"?');
  });

  test('what belongs to modules says so', () => {
    expect(problemsOf('api-oauth2', '{"token": {"url": "https://x.io", "response": {"output": 1}}}')).toMatchObject([
      {
        code: 'schema/unknown-key',
        path: ['token', 'response', 'output'],
        message: '"output" is not allowed in a connection.',
        hint: expect.stringContaining('belongs to modules'),
        column: 48,
        endColumn: 56,
      },
    ]);
  });

  test('an item of a list is counted from one', () => {
    const [problem] = problemsOf('scope', '["a", 7]');
    expect(problem?.message).toBe('Item 2 must be a string, not 7.');
    expect(problemsOf('api-basic', '{"log": {"sanitize": [1]}}')[0]?.message).toBe(
      'Item 1 of "sanitize" must be a string, not 1.',
    );
  });

  test('the wrong one of scope and scopes says which is right', () => {
    expect(problemsOf('scopes', '["a"]')[0]).toMatchObject({
      message: 'The whole file must be an object, not an array.',
      hint: expect.stringContaining('the section scope.'),
    });
    expect(problemsOf('scope', '{"a": "b"}')[0]?.hint).toContain('the section scopes.');
  });

  test('a length is reported, not the text', () => {
    const text = JSON.stringify({ a: 'é𝒳'.repeat(300) });
    expect(problemsOf('scopes', text)[0]).toMatchObject({ code: 'schema/value', message: '"a" has 600 characters.' });
  });

  test('keys with a slash or a tilde keep their names', () => {
    expect(problemsOf('scopes', '{"a/b~c": 1}')[0]?.path).toEqual(['a/b~c']);
  });

  test('a text that could not be read says nothing more', () => {
    expect(problemsOf('api-basic', '{"url": }')).toEqual([]);
  });
});

describe('secrets', () => {
  const secret = 'sk_live_0123456789abcdefghijklmnopqrstuvwxyz0123456789';

  test('a long value is shortened', () => {
    const [problem] = problemsOf('api-basic', JSON.stringify({ url: 'https://x.io', method: secret }));
    expect(JSON.stringify(problem)).not.toContain(secret.slice(0, 30));
    expect(problem?.message).toContain('(54 characters)');
  });

  test('a value whose name says that it is secret is never shown', () => {
    const [problem] = problemsOf('common', '{"properties": {"clientSecret": "hunter2"}}');
    expect(problem?.message).toBe('"clientSecret" must be an object or true or false, not a string.');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
