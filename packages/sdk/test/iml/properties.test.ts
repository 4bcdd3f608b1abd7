import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/iml/check.ts';
import { evaluate } from '../../src/iml/evaluate.ts';
import { IMLError } from '../../src/iml/function.ts';
import { FUNCTIONS } from '../../src/iml/functions/index.ts';
import { inferTemplate } from '../../src/iml/infer.ts';
import { parseTemplate } from '../../src/iml/parse.ts';
import { printTemplate } from '../../src/iml/print.ts';
import { momentOf, scopeAt } from '../../src/iml/scopes.ts';
import { type Expression, KEYWORDS, type Operator, PRECEDENCE, type TemplatePart } from '../../src/iml/tree.ts';

const given = {
  now: () => new Date(1_700_000_000_000),
  random: () => 0.5,
  uuid: () => '7d9f2c1e-3b4a-4c5d-8e6f-0123456789ab',
};
const place = { offset: 0, end: 0 };
const scope = scopeAt(momentOf(['api', 'response', 'data']) ?? expect.fail());

/** Pieces that expressions are made of, right and wrong. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('{{', '}}', '(', ')', '[', ']', ',', ';', '.', "'", '"', '`', ' ', '\n', '...', '?', ':', '{', '}'),
    fc.constantFrom(...Object.keys(PRECEDENCE), '!', '===', '||', '&&', '=>', '**', 'and', 'or', 'not'),
    fc.constantFrom(
      ...KEYWORDS,
      'if',
      'ifempty',
      'replace',
      'body',
      'parameters',
      '__proto__',
      'constructor',
      '1',
      '0.5',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  { maxLength: 40 },
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  pieces.map((all) => all.join('')),
  pieces.map((all) => `{{${all.join('')}}}`),
);

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const anyName = fc.oneof(
  word,
  fc.constantFrom(...KEYWORDS),
  fc.string({ unit: 'binary' }).map((name) => name.replaceAll('`', '')),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.double({ noNaN: true }).map((value): Expression => ({ kind: 'number', value, ...place })),
      fc
        .string({ unit: 'binary' })
        .map((value): Expression => ({ kind: 'string', value: value.replaceAll("'", ''), ...place })),
      fc.string().map((value): Expression => ({ kind: 'string', value: value.replaceAll('"', ''), ...place })),
      fc.constantFrom(...KEYWORDS).map((name): Expression => ({ kind: 'keyword', name, ...place })),
      anyName.map((name): Expression => ({ kind: 'variable', name, ...place })),
    ),
    fc
      .record({ object: tie('expression'), name: anyName })
      .map((each): Expression => ({ kind: 'member', ...each, ...place })),
    fc
      .record({ object: tie('expression'), index: fc.option(tie('expression'), { nil: undefined }) })
      .map((each): Expression => ({ kind: 'index', ...each, ...place })),
    fc
      .record({ name: word, args: fc.array(tie('expression'), { maxLength: 3 }) })
      .map((each): Expression => ({ kind: 'call', ...each, ...place })),
    tie('expression').map((operand): Expression => ({ kind: 'not', operand, ...place })),
    fc
      .record({
        operator: fc.constantFrom(...(Object.keys(PRECEDENCE) as Operator[])),
        left: tie('expression'),
        right: tie('expression'),
      })
      .map((each): Expression => ({ kind: 'binary', ...each, ...place })),
  ),
}));

/** The tree without its offsets; numbers as text, because JSON has no infinite ones. */
function shape(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'offset' && key !== 'end');
  return Object.fromEntries(entries.map(([key, each]) => [key, shape(each)]));
}

describe('reading', () => {
  test('never throws, covers the text, and tells one problem for each broken expression', () => {
    fc.assert(
      fc.property(text, (template) => {
        const { parts, problems } = parseTemplate(template);
        expect(parts.map(({ offset, end }) => template.slice(offset, end)).join('')).toBe(template);
        expect(problems).toHaveLength(parts.filter(({ kind }) => kind === 'broken').length);
        for (const { offset, length } of problems) {
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(template.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('takes time in proportion to the length', () => {
    const blocks = [
      '{{',
      '{{a b ',
      "{{ + '",
      '{{((',
      '{{"}}',
      '(',
      '!',
      'a.',
      'a+',
      '{{}}',
      "''",
      '{{a}}',
      '`',
      '{{`',
      'a[',
      'a(',
      '}}',
      '{{ }',
      '{{{',
    ];
    for (const block of blocks) {
      for (const template of [block.repeat(5_000), `{{${block.repeat(5_000)}}}`, `${block.repeat(5_000)}}}`]) {
        const start = performance.now();
        parseTemplate(template);
        expect(performance.now() - start, block).toBeLessThan(2000);
      }
    }
  });

  test('what is printed gives the same tree again', () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 1, maxLength: 3 }), fc.string(), (expressions, between) => {
        const filler = between.replaceAll('{', '');
        const parts = expressions.flatMap((each): TemplatePart[] => {
          const part: TemplatePart = { kind: 'expression', expression: each, ...place };
          return filler === '' ? [part] : [part, { kind: 'text', text: filler, ...place }];
        });
        const again = parseTemplate(printTemplate({ parts }));
        expect(again.problems).toEqual([]);
        expect(shape(again.parts)).toEqual(shape(parts));
        expect(printTemplate(again)).toBe(printTemplate({ parts }));
      }),
      { numRuns: 2000 },
    );
  });

  test('checking and inferring never throw, and point into the text', () => {
    fc.assert(
      fc.property(text, (template) => {
        const parsed = parseTemplate(template);
        for (const { offset, length } of check(parsed, scope)) {
          expect(offset + length).toBeLessThanOrEqual(template.length);
        }
        inferTemplate(parsed, new Map());
      }),
      { numRuns: 1000 },
    );
  });
});

const FORBIDDEN = new Set<unknown>([
  globalThis,
  process,
  Function,
  Object,
  ...[Object, Function, Array, String, Number, Boolean, Date, RegExp, Error, Promise, Map, Set, Buffer, Uint8Array].map(
    ({ prototype }) => prototype,
  ),
]);

class Account {
  token = 'own';
  #hidden = 'hidden';
  static shared = 'static';
  get inherited() {
    return `inherited ${this.#hidden}`;
  }
  method() {
    return 'called';
  }
}

/** Values that try to lead out of the scope. */
const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    new Account(),
    Account,
    () => globalThis,
    Symbol('s'),
    10n,
    new Date(0),
    new Date(Number.NaN),
    /x/g,
    new Map([['a', 1]]),
    Buffer.from('x'),
    new Error('e'),
    Object.create(null),
    Object.create({ inherited: 'inherited' }),
    JSON.parse('{"__proto__": {"x": 1}, "constructor": {"prototype": 2}}'),
    new Proxy({}, { get: () => 'trapped', has: () => true }),
    new Proxy([], {}),
    {
      get own() {
        return 'got';
      },
      get bad() {
        throw new Error('a getter failed');
      },
      toString: () => 'called',
      valueOf: () => 1,
      [Symbol.toPrimitive]: () => 'called',
      toJSON: () => globalThis,
    },
  ),
);

const NAMES = [
  'a',
  'b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'inherited',
  'method',
  'own',
  'bad',
  'length',
  'shared',
  '0',
];

const scopes = fc.array(fc.tuple(fc.constantFrom(...NAMES), hostile), { maxLength: 6 }).map((entries) => {
  const made = Object.create(null);
  for (const [key, value] of entries) made[key] = value;
  return made as object;
});

const names = fc.constantFrom(...NAMES);
const path = fc
  .tuple(
    names,
    fc.array(
      fc.oneof(
        names.map((name) => `.\`${name}\``),
        fc.constantFrom("['constructor']", "['__proto__']", '[1]', '[]', '[-1]'),
      ),
      { maxLength: 5 },
    ),
  )
  .map(([first, rest]) => `\`${first}\`${rest.join('')}`);
const called = fc
  .tuple(
    fc.constantFrom(...FUNCTIONS.keys()),
    fc.array(fc.oneof(path, fc.constantFrom("'constructor'", "'__proto__'", "'a.constructor'", '2', 'a')), {
      maxLength: 4,
    }),
  )
  .map(([name, args]) => `${name}(${args.join(', ')})`);
const reaching = fc.oneof(
  path,
  called,
  fc
    .tuple(called, path)
    .map(
      ([call, more]) => `${call}.${more.split('.').at(-1)?.startsWith('`') === true ? more.split('.').at(-1) : 'a'}`,
    ),
  fc.tuple(path, fc.constantFrom(...Object.keys(PRECEDENCE)), path).map((all) => all.join(' ')),
);

/** The value, or undefined when evaluating it failed as it may. */
function valueIn(template: string, variables: object, limits = {}): unknown {
  try {
    return evaluate(template, variables, { ...given, limits });
  } catch (error) {
    expect(error).toBeInstanceOf(IMLError);
    return undefined;
  }
}

describe('evaluating', () => {
  test('reaches no prototype, no global and no function, whatever the scope holds', () => {
    fc.assert(
      fc.property(reaching, scopes, (reached, variables) => {
        const before = Object.getOwnPropertyNames(Object.prototype).length;
        const value = valueIn(`{{${reached}}}`, variables);
        expect(FORBIDDEN.has(value)).toBe(false);
        expect(typeof value).not.toBe('function');
        expect(value).not.toBe('inherited');
        expect(value).not.toBe('called');
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
        expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  test('gives an IMLError or a value for any text', () => {
    fc.assert(
      fc.property(text, scopes, (template, variables) => {
        valueIn(template, variables);
      }),
      { numRuns: 2000 },
    );
  });

  test('does not see what a polluted prototype has', () => {
    Object.defineProperty(Object.prototype, 'polluted', { value: 'yes', configurable: true });
    try {
      expect(evaluate('{{polluted}}{{a.polluted}}', { a: {} }, given)).toBe('');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });

  test('ends within its budget', () => {
    const list = Array.from({ length: 2000 }, (_, index) => ({ id: index, name: 'x'.repeat(100) }));
    const doubling = (times: number) =>
      `{{${'join(split('.repeat(times)}a${", ','), 'xxxxxxxxxxxxxxxxxxxxxxxx')".repeat(times)}}}`;
    const grown = (times: number) => `{{${'replace('.repeat(times)}a${", 'a', 'aaaaaaaaaa')".repeat(times)}}}`;
    const templates = [
      grown(12),
      doubling(20),
      `{{${'merge('.repeat(20)}list${', list, list)'.repeat(20)}}}`,
      '{{distinct(list)}}',
      "{{map(list, 'name')}}",
      "{{sort(list, 'desc', 'name')}}",
      `{{${'flatten(add('.repeat(10)}list${', list, list))'.repeat(10)}}}`,
      '{{createJSON(list)}}'.repeat(500),
      'x{{list}}'.repeat(3000),
      `{{${'a + '.repeat(400)}a}}`,
    ];
    for (const template of templates) {
      const start = performance.now();
      let thrown: unknown;
      try {
        evaluate(template, { list, a: 'a,a,a,a' }, { ...given, limits: { steps: 10_000, length: 100_000 } });
      } catch (error) {
        thrown = error;
      }
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(IMLError);
      expect(performance.now() - start, template.slice(0, 60)).toBeLessThan(1000);
    }
    expect(() => evaluate(grown(12), { a: 'aaaa' }, given)).toThrow(IMLError);
    expect(() => evaluate('{{a}}{{a}}', { a: 'x'.repeat(600) }, { ...given, limits: { length: 1000 } })).toThrow(
      'too long',
    );
    expect(() => evaluate('{{a + b}}', {}, { ...given, limits: { steps: 2 } })).toThrow('takes too long');
  });

  test('whatever is not refused as too deep can be read, printed, checked and evaluated', () => {
    for (const [before, after] of [
      ['!', ''],
      ['(', ')'],
      ['if(a,', ')'],
      ['a[', ']'],
      ['', '.b'],
      ['', ' + a'],
      ['a | ', ''],
      ['1 + (', ')'],
      ['lower(', ')'],
    ]) {
      let deepest = 0;
      for (const times of [50, 150, 240, 300, 480, 499, 600, 5000]) {
        const template = `{{${before?.repeat(times)}a${after?.repeat(times)}}}`;
        const parsed = parseTemplate(template);
        if (parsed.problems.length > 0) continue;
        deepest = times;
        check(parsed, scope);
        inferTemplate(parsed, new Map());
        expect(shape(parseTemplate(printTemplate(parsed)).parts)).toEqual(shape(parsed.parts));
        valueIn(template, { a: 1 });
      }
      expect(deepest, before).toBeGreaterThanOrEqual(150);
      expect(deepest).toBeLessThan(5000);
    }
  });

  test('the same text gives the same value when it is met again', () => {
    fc.assert(
      fc.property(fc.array(reaching, { minLength: 1, maxLength: 5 }), (all) => {
        for (const each of all) {
          const template = `{{${each}}}`;
          const variables = { a: [1, { b: 'x' }], b: 'y' };
          const first = valueIn(template, variables);
          expect(valueIn(template, variables)).toEqual(first);
          try {
            expect(evaluate(parseTemplate(template), variables, given)).toEqual(first);
          } catch (error) {
            expect(error).toBeInstanceOf(IMLError);
          }
        }
      }),
    );
  });
});
