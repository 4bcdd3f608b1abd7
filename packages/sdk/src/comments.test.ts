import { expect, test } from 'vitest';
import { withoutComments } from './comments.ts';

const TEXTS: readonly (readonly [text: string, without: string])[] = [
  ['{"a": "https://a.test"}', '{"a": "https://a.test"}'],
  ['{"a": 1} // "b"', '{"a": 1}  '],
  ['// "a\n{"a": "//"} /* { */', ' \n{"a": "//"}  '],
  ['{ /* "\n" */ "a": "/*" }', '{   "a": "/*" }'],
  ['{"a": "\\"//", "b": 1} // c', '{"a": "\\"//", "b": 1}  '],
  ['{"a": 1 // b\r\n}', '{"a": 1  \r\n}'],
  ['/**/1/**//**/', ' 1  '],
  ['1 /* open', '1 /* open'],
  ['/* open', '/* open'],
  ['{/* open', '{/* open'],
  ['1 / 2', '1 / 2'],
  ['"a\n// "b"', '"a\n '],
];

test.each(TEXTS)('%j is %j without comments', (text, without) => {
  expect(withoutComments(text)).toBe(without);
});
