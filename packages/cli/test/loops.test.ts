import { parseAst } from 'rolldown/parseAst';
import { describe, expect, test } from 'vitest';
import { indexed } from '../loops.js';

const LISTED = 'const $listed = (all) => (Array.isArray(all) ? all : [...all]);';

/** What the code returns as it is, and as it is bundled. */
function both(body: string): { readonly written: unknown; readonly bundled: unknown; readonly code: string } {
  const text = `function run() { ${body} }`;
  const code = indexed(text, parseAst(text));
  const run = (source: string) => new Function(`${LISTED} ${source}; return run();`)();
  return { written: run(text), bundled: run(code), code };
}

describe('loops over lists become loops over indexes, and do the same', () => {
  test.each<[string, string]>([
    ['a list', 'const seen = []; for (const each of [1, 2, 3]) seen.push(each); return seen;'],
    ['a body without braces', 'let sum = 0; for (const each of [1, 2]) if (each > 1) sum += each; return sum;'],
    [
      'a set and a map',
      'const seen = []; for (const each of new Set("aab")) seen.push(each); for (const [k, v] of new Map([[1, 2]])) seen.push(k + v); return seen;',
    ],
    ['a text, by its characters', 'const seen = []; for (const each of "a💡b") seen.push(each); return seen;'],
    [
      'what a generator gives',
      'function* two() { yield 1; yield 2; } const seen = []; for (const each of two()) seen.push(each); return seen;',
    ],
    [
      'loops inside of loops',
      'const seen = []; for (const a of [1, 2]) for (const b of [a, 10 * a]) { seen.push([a, b]); } return seen;',
    ],
    ['a list that grows', 'const list = [1]; for (const each of list) if (each < 5) list.push(each + 1); return list;'],
    [
      'continue, break and labels',
      'const seen = []; outer: for (const a of [1, 2, 3, 4]) { if (a === 2) continue; for (const b of [a]) { if (b === 4) break outer; seen.push(b); } } return seen;',
    ],
    ['a return', 'for (const each of [1, 2, 3]) if (each > 1) return each;'],
    [
      'functions that keep their round',
      'const kept = []; for (const each of [1, 2]) kept.push(() => each); return kept.map((each) => each());',
    ],
    [
      'a variable that is set',
      'const seen = []; for (let each of [1, 2]) { each *= 2; seen.push(each); } return seen;',
    ],
    [
      'patterns with presets',
      'const seen = []; for (const [a, { b = 2 } = {}] of [[1], [3, { b: 4 }]]) seen.push(a + b); return seen;',
    ],
  ])('%s', (_, body) => {
    const { written, bundled, code } = both(body);
    expect(bundled).toEqual(written);
    expect(code).not.toMatch(/ of /);
  });

  test.each<[string, string]>([
    ['items', 'const [a, b] = [1, 2]; return [a, b];'],
    ['holes and presets', 'const [, a = 1, [b] = [2]] = [0]; return [a, b];'],
    ['of a map', 'const [first] = new Map([[1, 2]]).values(); return first;'],
    [
      'of what was read by a loop',
      'const [last] = (() => { let at; for (const each of [1, 2]) at = [each]; return at; })(); return last;',
    ],
  ])('and so do patterns: %s', (_, body) => {
    const { written, bundled, code } = both(body);
    expect(bundled).toEqual(written);
    expect(code).toContain('$listed(');
  });

  test.each([
    'const [first, ...others] = [1, 2, 3]; return others;',
    'const { a } = { a: 1 }; return a;',
    'for (const key in { a: 1 }) return key;',
  ])('what is no list stays as it is: %s', (body) => {
    const { written, bundled, code } = both(body);
    expect(bundled).toEqual(written);
    expect(code).not.toContain('$listed(');
  });
});
