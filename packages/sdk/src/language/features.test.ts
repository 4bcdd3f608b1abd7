import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filesIn } from '../node/index.ts';
import { callHelp } from './calls.ts';
import { completionsIn } from './completion.ts';
import { formatted } from './formatting.ts';
import { highlightsOf, typesBeside } from './highlights.ts';
import { describeAt } from './hover.ts';
import { JSONText, type Stretch } from './json-text.ts';
import { outlineOf } from './outline.ts';
import { ProjectLanguage } from './project-language.ts';
import { renamed } from './rename.ts';

const EXAMPLES = fileURLToPath(new URL('../../../../examples/', import.meta.url));

/** Pieces that break and mend JSON, schemas, forms and expressions. */
const PIECES = [
  ...['{', '}', '[', ']', '"', ',', ':', '{{', '}}', '\\', '//', '/*', '\n', '\r\n', '', '', 'null', '1', 'true', '😀'],
  ...['"type":', 'parameters.', '`', "'", '"name": "a",', '"properties": {', '"spec": ', '"options": ', 'rpc://x'],
];

/** Numbers from 0 up to a limit that look like chance, and are the same in each run. */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Every stretch that the features give of a text. */
function stretchesOf(language: ProjectLanguage, file: string, text: string, at: number): readonly Stretch[] {
  const reading = language.read(file);
  if (reading === undefined) return [];
  const completions = completionsIn(reading, at)?.list.map(({ replaced }) => replaced) ?? [];
  const described = describeAt(reading, at);
  const inlays = typesBeside(reading, { offset: 0, end: text.length }).map(({ offset }) => ({ offset, end: offset }));
  const names = language.names(file);
  const [name] = names;
  const replacements = name === undefined ? [] : renamed(name, 'zzz', names);
  const own = typeof replacements === 'string' ? [] : replacements.filter((each) => each.file === file);
  callHelp(reading, at);
  return [
    ...completions,
    ...(described === undefined ? [] : [described]),
    ...highlightsOf(reading),
    ...outlineOf(reading.text),
    ...inlays,
    ...own,
    ...formatted(text, { tabSize: 2, insertSpaces: true, finalNewline: true }),
  ];
}

test.each(['github-oauth', 'discogs-oauth1', 'twilio-basic'])(
  'features bear every text of %s that is being typed',
  (name) => {
    const disk = filesIn(`${EXAMPLES}${name}`);
    const language = new ProjectLanguage({ files: disk });
    const random = chance(name.length);
    const [folder = ''] = disk.list('connections');
    const files = disk.list(`connections/${folder.slice(0, -1)}`).filter((each) => /\.jsonc?$/.test(each));
    let seen = 0;
    for (const file of [...files, 'tests/main.test.jsonc'].map((each) => `connections/${folder}${each}`)) {
      let text = disk.read(file) ?? '';
      for (let index = 0; index < 25; index++) {
        const offset = random(text.length + 1);
        const end = offset + (random(3) === 0 ? random(30) : 0);
        text = text.slice(0, offset) + (PIECES[random(PIECES.length)] ?? '') + text.slice(end);
        language.setTexts(new Map([[file, text]]));
        for (const stretch of stretchesOf(language, file, text, random(text.length + 1))) {
          expect(0 <= stretch.offset && stretch.offset <= stretch.end && stretch.end <= text.length).toBe(true);
          seen++;
        }
      }
      language.setTexts(new Map());
    }
    expect(seen).toBeGreaterThan(100);
  },
);

test('a character of a string is found again where it stands in the text', () => {
  const json = '{ "a": "é\\n\\u00e9\\"{{b}}\\\\c" }';
  const text = new JSONText(json);
  const value = String((text.value as { a: string }).a);
  const start = json.indexOf('"é');
  for (let character = 0; character <= value.length; character++) {
    const stretch = text.within(['a'], 'value', { offset: character, end: character });
    expect(text.characterAt(stretch?.offset ?? 0)).toBe(character);
  }
  // In the middle of an escape is at its character.
  expect(value[text.characterAt(json.indexOf('u00e9'))]).toBe('é');
  expect(text.stringAt(start + 1)).toMatchObject({ path: ['a'], part: 'value', value });
  expect(text.stringAt(start)).toBeUndefined();
});
