import { describe, expect, test } from 'vitest';
import type { IMLType } from './function.ts';
import { inferTemplate, typeWords } from './infer.ts';
import { parseTemplate } from './parse.ts';

const types = new Map<string, IMLType>([
  ['n', 'number'],
  ['t', 'text'],
  ['maybe', { union: ['text', 'undefined'] }],
  ['list', { array: 'number' }],
  ['o', { collection: { a: 'text', inner: { collection: { b: 'date' } } } }],
  ['open', 'collection'],
]);

describe('the type of', () => {
  test.each([
    ['text', 'text'],
    ['x{{n}}', 'text'],
    ['{{n}}{{n}}', 'text'],
    ['{{n}}', 'number'],
    ['{{unknown}}', 'any'],
    ['{{a b}}', 'any'],
    ['{{1.5}}', 'number'],
    ["{{'x'}}", 'text'],
    ['{{now}}', 'date'],
    ['{{ignore}}', 'undefined'],
    ['{{o.a}}', 'text'],
    ['{{o.inner.b}}', 'date'],
    ['{{o.none}}', 'undefined'],
    ['{{open.x}}', 'any'],
    ['{{n.x}}', 'undefined'],
    ['{{list[1]}}', 'number or undefined'],
    ['{{list.length}}', 'number'],
    ['{{list}}', 'array of number'],
    ['{{!n}}', 'boolean'],
    ['{{n < 2}}', 'boolean'],
    ['{{n = 2 & t}}', 'boolean or text'],
    ['{{maybe | n}}', 'text or number'],
    ['{{n + 1}}', 'number'],
    ["{{n + 'x'}}", 'text'],
    ['{{maybe + n}}', 'any'],
    ["{{'1' ++ '2'}}", 'number'],
    ['{{n * 2}}', 'number'],
    ['{{if(n, t, 5)}}', 'text or number'],
    ['{{if(n, t)}}', 'text or undefined'],
    ["{{ifempty(maybe, 'x')}}", 'text'],
    ["{{switch(n, 1, 'a', 2, now)}}", 'text or date or undefined'],
    ["{{switch(n, 1, 'a', now)}}", 'text or date'],
    ['{{base64(t)}}', 'text'],
    ['{{addMinutes(now, 1)}}', 'date'],
    ['{{nobody(t)}}', 'any'],
  ])('%s', (template, expected) => {
    expect(typeWords(inferTemplate(parseTemplate(template), types))).toBe(expected);
  });
});
