import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic, TextEdit } from './diagnostics.ts';
import { fixAll, withEdits } from './fix.ts';
import { readSource } from './source.ts';

const FILE = 'connections/a/scopes.jsonc';

/** Reads texts from memory. */
function fixTexts(texts: Readonly<Record<string, string>>, more: (text: string) => readonly Diagnostic[] = () => []) {
  return fixAll({
    read: (file) => texts[file],
    check: (changed) =>
      Object.entries({ ...texts, ...Object.fromEntries(changed) }).flatMap(([file, text]) => [
        ...readSource(file, text, { comments: true }).problems,
        ...more(text),
      ]),
  });
}

function problem(edits: readonly Omit<TextEdit, 'file'>[], more: Partial<Diagnostic> = {}): Diagnostic {
  const fix = { title: 'Mend it', edits: edits.map((edit) => ({ ...edit, file: FILE })) };
  return { code: 'schema/enum', severity: 'warning', message: 'Wrong.', file: FILE, fix, ...more };
}

describe('fixAll', () => {
  test('goes on until nothing is left, and keeps comments and format', () => {
    const text = '{\r\n\t// why\r\n\t"a": [1, 2, ], // x\r\n\t"b": { "c": 1, }, /* y */\r\n}\r\n';
    const { texts, fixed, left } = fixTexts({ [FILE]: text });
    expect(texts.get(FILE)).toBe('{\r\n\t// why\r\n\t"a": [1, 2 ], // x\r\n\t"b": { "c": 1 } /* y */\r\n}\r\n');
    expect(fixed.map(({ code }) => code)).toEqual(Array(3).fill('source/trailing-comma'));
    expect(left).toEqual([]);
  });

  test('any JSON with commas after its last items comes out without them, and is not touched again', () => {
    const commas = fc.json({ maxDepth: 3 }).map((json) => json.replace(/(?<=[^[{,:\s])([\]}])/g, ',$1'));
    fc.assert(
      fc.property(commas, (text) => {
        const before = readSource(FILE, text, { comments: true });
        const { texts, left } = fixTexts({ [FILE]: text });
        const after = texts.get(FILE) ?? text;
        if (before.value === undefined) expect(after).toBe(text);
        else expect(JSON.parse(after)).toEqual(before.value);
        expect(left.filter(({ fix }) => fix !== undefined)).toEqual([]);
        expect(fixTexts({ [FILE]: after }).texts.size).toBe(0);
      }),
    );
  });

  test('a text that cannot be read is not touched, whatever is offered for it', () => {
    const offered = () => [problem([{ offset: 0, length: 1, text: '[' }])];
    const { texts, fixed } = fixTexts({ [FILE]: '{ "a": 1, "b": , }' }, offered);
    expect([texts.size, fixed]).toEqual([0, []]);
  });

  test('edits that overlap are applied in rounds', () => {
    const offered = (text: string) =>
      text.includes('x')
        ? [problem([{ offset: 1, length: 3, text: '"x"' }]), problem([{ offset: 1, length: 3, text: '"y"' }])].filter(
            ({ fix }) => fix?.edits.some((edit) => !text.includes(edit.text)),
          )
        : [];
    expect(fixTexts({ [FILE]: '["x"]' }, offered).texts.get(FILE)).toBe('["y"]');
  });

  test('a fix that breaks the text, or leads back to where it began, is not applied, and others are', () => {
    const swap = (text: string) => [
      problem([{ offset: 0, length: 0, text: '{' }], { message: 'Breaks it.' }),
      problem([{ offset: 2, length: 1, text: text[2] === 'a' ? 'b' : 'a' }], { message: 'Goes round.' }),
    ];
    const { texts, left } = fixTexts({ [FILE]: '["a", 1,]' }, swap);
    expect(readSource(FILE, texts.get(FILE) ?? '', { comments: false }).problems).toEqual([]);
    expect(left.map(({ message }) => message).sort()).toEqual(['Breaks it.', 'Goes round.']);
    expect(texts.get(FILE)).toMatch(/^\["[ab]", 1\]$/);
  });

  test('edits outside of the text, and files that are not there, are left alone', () => {
    const offered = () => [
      problem([{ offset: 99, length: 1, text: '' }]),
      { ...problem([]), fix: { title: 'x', edits: [{ file: 'none.json', offset: 0, length: 0, text: 'x' }] } },
    ];
    expect(fixTexts({ [FILE]: '[]' }, offered).texts.size).toBe(0);
  });
});

test('what is put in ends its lines as the text does', () => {
  const edits = [{ file: FILE, offset: 1, length: 0, text: '\n  1' }];
  expect(withEdits('[\r\n]\r\n', edits)).toBe('[\r\n  1\r\n]\r\n');
  expect(withEdits('[\n]\n', edits)).toBe('[\n  1\n]\n');
});
