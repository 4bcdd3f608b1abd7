import { describe, expect, test } from 'vitest';
import { updateAuthored } from '../../src/convert.ts';
import { withEdits } from '../../src/fix.ts';
import { openProject, SECTIONS, validate } from '../../src/index.ts';
import { editTo, withValue, withValues } from '../../src/json-edits/index.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { keepingComments, merge, valueIn } from '../../src/sync/merge.ts';

const QUERY = `{
  "authorize": {
    "url": "https://auth.example.com/authorize",
    "qs": {
      "response_type": "code",
      "client_id": "{{common.clientId}}", // whose app
      "state": "fixed" // always the same
    }
  },
`;

test('a fix that removes a member leaves the comment of the one before it', () => {
  const api = `${QUERY}  "token": { "url": "https://auth.example.com/token" }\n}\n`;
  const files = memoryFiles({
    'connector.json': '{"name": "one"}',
    'connections/one/connection.json': '{"type": "oauth"}',
    'connections/one/api.jsonc': api,
  });
  const problem = validate(openProject(files)).find(({ code }) => code === 'oauth/fixed-state');
  expect(withEdits(api, problem?.fix?.edits ?? [])).toBe(
    api.replace('}}", // whose app', '}}" // whose app').replace('      "state": "fixed" // always the same\n', ''),
  );
});

test('a merge and a pull keep the comments of the items that stay in a list', () => {
  const ours = `[
  // reads the name
  "profile",
  "email", // to write to them
  "repo", // lists the repositories
  "gist" // is not asked for yet
]`;
  const theirs = '["profile", "repo", "gist", "admin"]';
  const after = `[
  // reads the name
  "profile",
  "repo", // lists the repositories
  "gist", // is not asked for yet
  "admin"
]`;
  expect(keepingComments(ours, theirs)).toBe(after);
  expect(merge('["profile", "email", "repo", "gist"]', ours, theirs)).toEqual({ text: after });
});

test('items that are moved take their comments along', () => {
  const ours = '[\n  { "name": "a" }, // one\n  // two\n  { "name": "b" },\n  { "name": "c" }\n]';
  expect(keepingComments(ours, '[{"name": "b", "type": "text"}, {"name": "a"}]')).toBe(
    '[\n  // two\n  {\n    "name": "b",\n    "type": "text"\n  },\n  {\n    "name": "a"\n  } // one\n]',
  );
});

test('a field that the platform removed goes from a JSON Schema with its own comments', () => {
  const section = SECTIONS.find(({ name }) => name === 'parameters');
  const text = `{
  "type": "object",
  "properties": {
    "host": { "type": "string" }, // where it runs
    // Only for old servers.
    "port": { "type": "integer" } // 443 unless given
    // More to come.
  }
}
`;
  const after = '[{"name": "host", "type": "text"}]';
  expect(section && updateAuthored(section, text, after)).toBe(`{
  "type": "object",
  "properties": {
    "host": { "type": "string" } // where it runs
    // More to come.
  }
}
`);
});

describe('withValue', () => {
  test.each<[string, string, (string | number)[], unknown, string]>([
    ['the only member', '{ "a": 1 }', ['a'], undefined, '{}'],
    ['the only member and its trailing comma', '{ "a": 1, }', ['a'], undefined, '{}'],
    ['the last item of a line', '["a", "b"]', [1], undefined, '["a"]'],
    ['a member before a trailing comma', '{\n  "a": 1,\n  "b": 2,\n}', ['b'], undefined, '{\n  "a": 1,\n}'],
    ['a name that is there twice', '{ "a": 1, "b": 2, "a": 3 }', ['a'], undefined, '{ "b": 2 }'],
    ['what is not there', '{ "a": 1 }', ['b', 'c'], undefined, '{ "a": 1 }'],
    [
      'a heading stays',
      '{\n  // Both\n\n  // a\n  "a": 1,\n  "b": 2\n}',
      ['a'],
      undefined,
      '{\n  // Both\n\n  "b": 2\n}',
    ],
    [
      'one of two blank lines',
      '{\n  "a": 1,\n\n  "b": 2,\n\n  "c": 3\n}',
      ['b'],
      undefined,
      '{\n  "a": 1,\n\n  "c": 3\n}',
    ],
    [
      'a comment that goes on below',
      '{\n  "a": 1, // one\n          // and more\n  "b": 2\n}',
      ['a'],
      undefined,
      '{\n  "b": 2\n}',
    ],
    ['a comma on its own line', '{\n  "a": 1\n  ,\n  "b": 2\n}', ['b'], undefined, '{\n  "a": 1\n}'],
    ['a member behind a comment', '{\n  "a": 1 // one\n}', ['b'], 2, '{\n  "a": 1, // one\n  "b": 2\n}'],
    ['a member into a line', '{ "a": { "b": 1 } }', ['a', 'c'], [2], '{ "a": { "b": 1, "c": [2] } }'],
    ['the first member', '{}', ['a', 'b'], 1, '{\n  "a": {\n    "b": 1\n  }\n}'],
    ['the first member behind a comment', '{ // none\n}', ['a'], 1, '{ // none\n  "a": 1\n}'],
    ['an item behind the last one', '[1]', [1], 2, '[1, 2]'],
    ['a value and nothing else', '{"a":1 ,"b" : 2}', ['b'], 'x', '{"a":1 ,"b" : "x"}'],
    ['the last value of a name', '{ "a": 1, "a": 2 }', ['a'], 3, '{ "a": 1, "a": 3 }'],
    ['equal values are left', '{ "a": [1,  2] }', ['a'], [1, 2], '{ "a": [1,  2] }'],
    ['names of Object', '{ "toString": 1, "a": 2 }', [], { valueOf: 3, a: 2 }, '{ "a": 2, "valueOf": 3 }'],
  ])('%s', (_, text, path, value, after) => {
    expect(withValue(text, path, value)).toBe(after);
    const edit = editTo(text, path, value);
    expect(edit === undefined ? text : withEdits(text, [edit])).toBe(after);
  });

  test('a line that would become long is broken up', () => {
    const text = `{\n    "prod": { "url": "https://eu1.make.com/${'x'.repeat(50)}" }\n}`;
    expect(
      withValues(text, [
        [['prod', 'app'], 'acme'],
        [['prod', 'connections'], { acme: 'acme-1' }],
      ]),
    ).toBe(
      `{\n    "prod": {\n        "url": "https://eu1.make.com/${'x'.repeat(50)}",\n        "app": "acme",\n        "connections": {\n            "acme": "acme-1"\n        }\n    }\n}`,
    );
  });

  test('a list in a line that would become long is broken up wherever items are put in', () => {
    const [one, two] = ['a'.repeat(40), 'b'.repeat(40)];
    const after = `[\n  "x",\n  "${one}",\n  "y",\n  "${two}",\n  "z",\n  "${one}"\n]`;
    expect(withValue(`["${one}", "${two}"]`, [], ['x', one, 'y', two, 'z', one])).toBe(after);
  });

  test('refuses what is not JSON, and paths through values that hold none', () => {
    expect(() => withValue('{', ['a'], 1)).toThrow('not JSON');
    expect(() => withValue('{"a": "b"}', ['a', 'c'], 1)).toThrow('"c" cannot be put into a value of type string.');
  });

  test('a list of which too much differs is written anew, an object never', () => {
    const items = Array.from({ length: 4000 }, (_, at) => [`k${at}`, at]);
    const text = JSON.stringify(Object.fromEntries(items), undefined, 2).replace('"k0"', '/* zero */ "k0"');
    const half = Object.fromEntries(items.filter((_, at) => at % 2 === 0));
    const after = withValue(text, [], half);
    expect(after).toContain('/* zero */ "k0": 0,\n  "k2": 2,\n');
    expect(valueIn(after)?.value).toEqual(half);
    expect(JSON.parse(withValue(JSON.stringify(Object.values(half)), [], items.map(String)))).toHaveLength(4000);
  });
});
