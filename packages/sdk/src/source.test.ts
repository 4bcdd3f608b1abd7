import { describe, expect, test } from 'vitest';
import { readSource } from './source.ts';

const jsonc = (text: string) => readSource('api.jsonc', text, { comments: true });
const json = (text: string) => readSource('common.schema.json', text, { comments: false });

/** The problems as `code line:column-line:column`. */
function problems(source: ReturnType<typeof jsonc>): string[] {
  return source.problems.map((each) => `${each.code} ${each.line}:${each.column}-${each.endLine}:${each.endColumn}`);
}

describe('texts that are right', () => {
  test.each([
    ['{"a": [1, true, null]}', { a: [1, true, null] }],
    ['// first\n{\n  /* why */ "a": 1 // last\n}\n', { a: 1 }],
    ['{"a": "// no comment, {{not}} a brace: }"}', { a: '// no comment, {{not}} a brace: }' }],
    ['{\r\n  "a": 1\r\n}\r\n', { a: 1 }],
    ['"rpc://x"', 'rpc://x'],
  ])('%j', (text, value) => {
    expect(jsonc(text).problems).toEqual([]);
    expect(jsonc(text).value).toEqual(value);
  });

  test('strict JSON is read where comments are not allowed', () => {
    expect(json('{"a": 1}')).toMatchObject({ value: { a: 1 }, problems: [] });
  });
});

describe('texts that are wrong', () => {
  test.each([
    ['', 'source/syntax 1:1-1:1'],
    ['   \n', 'source/syntax 2:1-2:1'],
    ['{"a" 1}', 'source/syntax 1:6-1:7'],
    ['{"a": 1 "b": 2}', 'source/syntax 1:9-1:12'],
    ['{\n  "a": 1\n\n  "b": 2\n}', 'source/syntax 4:3-4:6'],
    ['{\r\n  "a": tru\r\n}', 'source/syntax 2:8-2:11'],
    ['{"é": "𝒳", "b": nope}', 'source/syntax 1:18-1:22'],
    ['[1', 'source/syntax 1:3-1:3'],
    ['{} {}', 'source/syntax 1:4-1:5'],
    ['{"a": "x', 'source/syntax 1:7-1:9'],
    ['\uFEFF{}', 'source/encoding 1:1-1:2'],
    ['{\n "a": "\uDCFF"}', 'source/encoding 2:8-2:9'],
  ])('%j: %s', (text, expected) => {
    expect(problems(jsonc(text))).toEqual([expected]);
    expect(jsonc(text).value).toBeUndefined();
  });

  test('a replacement character is a character', () => {
    expect(jsonc('"\uFFFD𝒳"')).toMatchObject({ value: '\uFFFD𝒳', problems: [] });
  });

  test('the message names what was found', () => {
    expect(jsonc('{"a": nope}').problems[0]?.message).toBe('"nope" is not a JSON value.');
    expect(jsonc('').problems[0]?.message).toBe('The file is empty.');
    expect(jsonc('{"a": 1 "b": 2}').problems[0]).toMatchObject({
      message: '"\\"b\\"" is found where a comma is expected.',
      hint: 'Add a comma after the item before it.',
    });
  });

  test('a comment where none is allowed', () => {
    expect(problems(json('{\n  // why\n  "a": 1\n}'))).toEqual(['source/comment 2:3-2:9']);
  });

  test('a byte order mark is only damage at the beginning', () => {
    expect(jsonc('{"a": "\uFEFF"}').problems).toEqual([]);
  });
});

describe('a comma after the last item', () => {
  test('is a warning with a fix, and the value is read', () => {
    const source = jsonc('{\n  "a": [1, 2, ],\n}');
    expect(source.value).toEqual({ a: [1, 2] });
    expect(problems(source)).toEqual(['source/trailing-comma 2:13-2:14']);
    expect(source.problems[0]).toMatchObject({
      severity: 'warning',
      fix: { edits: [{ file: 'api.jsonc', offset: 14, length: 1, text: '' }] },
    });
  });

  test('is an error in strict JSON', () => {
    expect(json('{"a": 1,}')).toMatchObject({ value: undefined, problems: [{ severity: 'error' }] });
  });
});

describe('depth', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  test('256 levels are read, and not one more', () => {
    expect(jsonc(nested(256)).problems).toEqual([]);
    expect(problems(jsonc(nested(257)))).toEqual(['source/too-deep 1:257-1:258']);
  });

  test('a text that would exhaust the stack is a problem, not a crash', () => {
    expect(problems(jsonc('['.repeat(200_000)))).toEqual(['source/too-deep 1:257-1:258']);
  });

  test('brackets in strings do not count', () => {
    expect(jsonc(JSON.stringify({ a: `"${'['.repeat(300)}` })).problems).toEqual([]);
  });
});

describe('size', () => {
  test('3 MB are read, and not one character more', () => {
    const text = (length: number) => JSON.stringify('x'.repeat(length - 2));
    expect(jsonc(text(3 * 1024 * 1024)).problems).toEqual([]);
    const [problem] = jsonc(text(3 * 1024 * 1024 + 1)).problems;
    expect(problem).toMatchObject({ code: 'source/too-large', line: 1, column: 1 });
  });
});

describe('places', () => {
  const source = jsonc('// 𝒳\r\n{\r\n\t"ä": { "b": ["x", "𝒳", 3] }\r\n}');

  test('of a value, in UTF-16 code units', () => {
    expect(source.locate(['ä', 'b', 2])).toEqual({ line: 3, column: 26, endLine: 3, endColumn: 27 });
  });

  test("of a property's name", () => {
    expect(source.locate(['ä', 'b'], 'key')).toEqual({ line: 3, column: 9, endLine: 3, endColumn: 12 });
  });

  test('of the nearest value around a path that leads nowhere', () => {
    expect(source.locate(['ä', 'b', 7, 'c'])).toEqual(source.locate(['ä', 'b']));
    expect(source.locate(['nowhere'], 'key')).toEqual({ line: 2, column: 1, endLine: 4, endColumn: 2 });
  });

  test('of the beginning, when the text has no value', () => {
    expect(jsonc('').locate(['a'])).toEqual({ line: 1, column: 1, endLine: 1, endColumn: 1 });
  });

  test('of a stretch that ends on another line', () => {
    expect(source.place(7, 4)).toEqual({ line: 2, column: 1, endLine: 3, endColumn: 2 });
  });
});

describe('keys that stand twice', () => {
  const reported = (text: string) => problems(jsonc(text));

  test.each<[string, string[]]>([
    ['{"a": 1, "a": 2}', ['source/duplicate-key 1:10-1:13']],
    ['{"a": {"b": 1}, "c": [{"b": 1}, {"b": 2, "b": 3}]}', ['source/duplicate-key 1:42-1:45']],
    ['{"a": 1, "\\u0061": 2}', ['source/duplicate-key 1:10-1:18']],
    ['{"a": 1, "a": 2, "a": 3}', ['source/duplicate-key 1:10-1:13', 'source/duplicate-key 1:18-1:21']],
    ['{"a": 1, // "a": 0\n "a": 2,}', ['source/trailing-comma 2:8-2:9', 'source/duplicate-key 2:2-2:5']],
    ['{"__proto__": 1, "__proto__": 2}', ['source/duplicate-key 1:18-1:29']],
    ['{"a": ":", "b": "\\":", "c:": {"a": 1}}', []],
    ['{"": 1, "a": {"": 1}}', []],
  ])('%j', (text, expected) => {
    expect(reported(text)).toEqual(expected);
  });

  test('the last value is read, as by JSON.parse, and the first place is named', () => {
    const {
      value,
      problems: [problem],
    } = jsonc('{\n"url": "a",\n"url": "b"}');
    expect(value).toEqual({ url: 'b' });
    expect(problem).toMatchObject({ severity: 'error', line: 3, related: [{ file: 'api.jsonc', line: 2, column: 1 }] });
    expect(problem?.message).toContain('"url"');
  });

  test('of a secret text not even the key is repeated', () => {
    const source = readSource('common.local.json', '{"hunter2": 1, "hunter2": 2}', { comments: false, secret: true });
    expect(JSON.stringify(source.problems)).not.toContain('hunter2');
  });
});

test('a stretch of a string stands where its characters do, whatever escapes are before and in it', () => {
  const text = '{\n  "a\\tb": "\\u0041\\n😀 {{x}}"\n}';
  const source = readSource('a.json', text, { comments: false });
  const [name = '', value = ''] = Object.entries(source.value as Record<string, string>)[0] ?? [];
  const offset = value.indexOf('{{x}}');
  const at = text.split('\n')[1]?.indexOf('{{x}}') ?? -1;
  const place = source.locate([name], 'value', { offset, end: offset + 5 });
  expect(place).toEqual({ line: 2, column: at + 1, endLine: 2, endColumn: at + 6 });
  const all = source.locate([name], 'value', { offset: 0, end: value.length });
  expect(all).toEqual({ line: 2, column: 12, endLine: 2, endColumn: 12 + '\\u0041\\n😀 {{x}}'.length });
  const key = source.locate([name], 'key', { offset: 2, end: 3 });
  expect(key).toEqual({ line: 2, column: 7, endLine: 2, endColumn: 8 });
  // Of what is no string, or not there, it is the place without the stretch.
  expect(source.locate([], 'value', { offset: 1, end: 2 })).toEqual(source.locate([]));
  expect(source.locate([name, 'x'], 'value', { offset: 1, end: 2 })).toEqual(source.locate([name]));
});
