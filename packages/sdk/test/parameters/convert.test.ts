import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { updateAuthored } from '../../src/convert.ts';
import { convert, readSource } from '../../src/index.ts';
import { toParameters } from '../../src/parameters/to-parameters.ts';
import { toSchema } from '../../src/parameters/to-schema.ts';
import { api } from '../../src/sections/api.ts';
import { parameters } from '../../src/sections/parameters.ts';
import { form, RUNS, TIMEOUT } from './grammar.ts';

const read = (text: string) => readSource('parameters.jsonc', text, { comments: true });
const to = (name: 'schema' | 'array', text: string) => convert(parameters, read(text), name);

const ARRAY = `// Asked when somebody connects.
[
  // As in the account's settings.
  {
    "name": "apiKey",
    "type": "password", // never shown again
    // Also in the menu.
    "label": "API key",
    "required": true
  },
  /* Where the account
     lives. */
  {
    "name": "region",
    "type": "select",
    "options": [
      // Frankfurt
      {
        "label": "EU",
        "value": "eu"
      },
      {
        "label": "Own",
        "value": "own",
        "nested": [
          // Its address.
          {
            "name": "host",
            "type": "url"
          }
        ]
      }
    ]
  }
  // More to come.
]
`;

const SCHEMA = `// Asked when somebody connects.
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    // As in the account's settings.
    "apiKey": {
      "type": "string", // never shown again
      "writeOnly": true,
      // Also in the menu.
      "title": "API key"
    },
    /* Where the account
    lives. */
    "region": {
      "type": "string",
      "oneOf": [
        // Frankfurt
        {
          "title": "EU",
          "const": "eu"
        },
        {
          "title": "Own",
          "const": "own"
        }
      ]
    }
  },
  "required": [
    "apiKey"
  ],
  "allOf": [
    {
      "if": {
        "properties": {
          "region": {
            "const": "own"
          }
        },
        "required": [
          "region"
        ]
      },
      "then": {
        "properties": {
          // Its address.
          "host": {
            "type": "string",
            "format": "uri"
          }
        }
      }
    }
  ]
  // More to come.
}
`;

describe('convert', () => {
  test('writes an array as a schema, with its comments', () =>
    expect(to('schema', ARRAY)).toEqual({ text: SCHEMA, lost: [] }));

  test('writes a schema as an array, with its comments', () =>
    expect(to('array', SCHEMA)).toEqual({ text: ARRAY.replace('     lives', '  lives'), lost: [] }));

  test('does nothing when there is nothing to do', () => {
    expect([to('array', ARRAY), to('schema', SCHEMA), convert(api, read('{}'), 'array')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('says what the array has no place for', () => {
    const text = '{"type": "object",\n "title": "Acme",\n "properties": {"a": {"type": "string", "examples": ["x"]}}}';
    expect(to('array', text)?.lost).toMatchObject([
      { code: 'form/lost', line: 3, path: ['properties', 'a', 'examples'] },
      { code: 'form/lost', line: 2, path: ['title'] },
    ]);
  });

  test(
    'leads there and back again',
    () => {
      fc.assert(
        fc.property(form, (array) => {
          const text = `${JSON.stringify(array, undefined, 2)}\n`;
          const schema = to('schema', text)?.text ?? '';
          expect(JSON.parse(schema)).toEqual(JSON.parse(JSON.stringify(toSchema(array))));
          expect(to('array', schema)).toEqual({ text, lost: [] });
        }),
        { numRuns: RUNS / 10 },
      );
    },
    TIMEOUT,
  );
});

const OWN = `{
    "type": "object",
    "title": "Acme", // words of the author
    "required": ["apiKey"],
    "properties": {
        // As in the settings.
        "apiKey": { "title": "API key", "type": "string", "format": "password" },
        "host": { "$ref": "#/$defs/host" }, "port": { "type": "integer", "minimum": 1 }
    },
    "$defs": { "host": { "type": "string", "format": "uri" } }
}
`;

describe('updateAuthored', () => {
  const wire = () => toParameters(read(OWN).value).form as Record<string, unknown>[];
  const updated = (change: (form: Record<string, unknown>[]) => unknown, text = OWN) => {
    const after = change(structuredClone(wire()));
    const result = updateAuthored(parameters, text, `${JSON.stringify(after, undefined, 2)}\n`);
    expect(toParameters(read(result).value)).toMatchObject({ form: after, problems: [] });
    return result;
  };

  test('keeps a text that says the same', () => expect(updated((array) => array)).toBe(OWN));

  test('changes what changed, and keeps the rest', () => {
    const text = updated(([key, ...rest]) => [{ ...key, label: 'Key' }, ...rest]);
    expect(text).toBe(OWN.replace('"API key"', '"Key"'));
  });

  test('adds and removes fields and keys', () => {
    const text = updated(([key, host]) => [key, host, { name: 'proxy', type: 'boolean' }]);
    expect(text).toContain(
      '// As in the settings.\n        "apiKey": { "title": "API key", "type": "string", "format": "password" }',
    );
    expect(text).toContain('"title": "Acme", // words of the author');
    expect(text).not.toContain('port');
  });

  test('writes anew what moved, and keeps comments', () => {
    const text = updated((array) => array.toReversed());
    expect(text).toContain('    // As in the settings.\n    "apiKey": {');
  });

  test('replaces what is in the platform’s own form', () => {
    expect(updateAuthored(parameters, '[]', '[ /* theirs */ ]')).toBe('[ /* theirs */ ]');
    expect(updateAuthored(parameters, OWN, '"rpc://form"')).toContain('"x-make-spec": "rpc://form"');
  });

  test(
    'always says what the platform has',
    () => {
      fc.assert(
        fc.property(form, form, (before, after) => {
          const text = JSON.stringify(toSchema(before), undefined, 2);
          const result = updateAuthored(parameters, text, JSON.stringify(after, undefined, 2));
          expect(JSON.stringify(toParameters(read(result).value).form)).toBe(JSON.stringify(after));
        }),
        { numRuns: RUNS / 10 },
      );
    },
    TIMEOUT,
  );
});
