import { inferTemplate, typeWords } from '../iml/infer.ts';
import { parseTemplate } from '../iml/parse.ts';
import { stretchIn } from './expression-point.ts';
import type { FileReading } from './file-reading.ts';
import type { JSONText, Stretch } from './json-text.ts';
import { type TokenKind, tokensOf } from './tokens.ts';

/** A word or a sign of an expression, and where it stands in the JSON text. */
export interface Highlight extends Stretch {
  readonly kind: TokenKind;
}

/** The words and signs of all expressions of a section, in the order of the text. */
export function highlightsOf({ section, text }: Pick<FileReading, 'section' | 'text'>): readonly Highlight[] {
  if (section === undefined) return [];
  return expressionStrings(text).flatMap((place) =>
    tokensOf(parseTemplate(place.value)).map(({ kind, offset, end }) => ({
      kind,
      ...stretchIn(text, place, { offset, end }),
    })),
  );
}

function expressionStrings(text: JSONText) {
  return [...text.strings()].filter(({ value }) => value.includes('{{'));
}

/** A few words beside a place. */
export interface Inlay {
  readonly offset: number;
  readonly words: string;
}

/** The types of the values that are one expression, as far as they are known, behind each. */
export function typesBeside({ connections: [reading], section, text }: FileReading, within: Stretch): readonly Inlay[] {
  if (reading === undefined || section === undefined) return [];
  const inlays: Inlay[] = [];
  for (const { section: own, path, template, scope } of reading.places.values()) {
    const [only] = template.parts;
    if (own !== section || template.parts.length !== 1 || only?.kind !== 'expression') continue;
    const stretch = text.stretchOf(path);
    if (stretch === undefined || stretch.end < within.offset || stretch.offset > within.end) continue;
    const type = inferTemplate(template, { get: (name) => scope.variables.get(name)?.type });
    if (type !== 'any') inlays.push({ offset: stretch.end, words: typeWords(type) });
  }
  return inlays;
}
