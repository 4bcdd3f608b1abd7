import { sectionOf } from './corpus.ts';
import { type Site, type SiteKind, secretOf } from './sites.ts';

/** Numbers in [0, 1), the same for the same seed. */
export type Chance = () => number;

/** One kind of mistake. */
export interface Operator {
  readonly name: string;
  readonly kinds: readonly SiteKind[];
  /** What is written instead of the site's text; undefined when the mistake cannot be made there. */
  readonly change: (text: string, chance: Chance, site: Site) => string | undefined;
  /** What a problem has to name when what it is about is gone; otherwise it has to be reported on the line of the site. */
  readonly names?: (text: string, site: Site) => string;
  /** True if the mistake is certain, so that only an error counts as telling it. */
  readonly certain?: true;
}

/** mulberry32 */
export function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<Item>(items: readonly Item[], chance: Chance): Item {
  return items[Math.floor(chance() * items.length)] as Item;
}

/** Two neighbours swapped, one letter left out, doubled or replaced: what fingers do. */
function misspell(text: string, chance: Chance): string | undefined {
  const letters = [...text.matchAll(/[a-z]/gi)].map(({ index }) => index);
  if (letters.length === 0) return undefined;
  const at = pick(letters, chance);
  const letter = text[at] ?? '';
  const forms = [
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + letter + text.slice(at),
    text.slice(0, at) + (text[at + 1] ?? '') + letter + text.slice(at + 2),
    text.slice(0, at) + pick([...'aeiourst'], chance) + text.slice(at + 1),
  ].filter((form) => form !== text && form !== '');
  return forms.length === 0 ? undefined : pick(forms, chance);
}

function remove(): string {
  return '';
}

/** A secret in an address: in its path or in its query. */
function address(text: string, chance: Chance, { subject }: Site): string | undefined {
  if (text.includes('{{') && !/^https?:/.test(text)) return undefined;
  const secret = `{{${secretOf(subject)}}}`;
  const query = `${text}${text.includes('?') ? '&' : '?'}key=${secret}`;
  return text.includes('?') ? query : pick([query, `${text}/${secret}`], chance);
}

const OTHER_TYPES: Readonly<Record<string, readonly string[]>> = {
  true: ['"yes"', '1', 'null', '[]'],
  false: ['"no"', '0', 'null'],
};

/** The mistakes that are made. */
export const OPERATORS: readonly Operator[] = [
  { name: 'misspell a directive', kinds: ['directive key'], change: misspell },
  {
    name: 'write a directive in another case',
    kinds: ['directive key'],
    change: (text) => (text.toUpperCase() === text ? undefined : text[0]?.toUpperCase() + text.slice(1)),
  },
  { name: 'misspell an enumerated value', kinds: ['enumerated value'], change: misspell },
  {
    name: 'give a value another type',
    kinds: ['typed value'],
    change: (text, chance) => pick(OTHER_TYPES[text] ?? ['"x"', 'true'], chance),
  },
  { name: 'misspell a function', kinds: ['function'], change: misspell },
  { name: 'misspell a variable', kinds: ['variable'], change: misspell },
  { name: 'misspell a reference', kinds: ['reference'], change: misspell },
  { name: 'rename a declaration', kinds: ['declared name'], change: (text, chance) => misspell(text, chance) },
  { name: 'lose a token of an expression', kinds: ['expression token'], change: remove },
  { name: 'lose a brace', kinds: ['brace'], change: (text) => text.slice(1) },
  { name: 'lose both braces', kinds: ['brace'], change: remove },
  { name: 'misspell a scope', kinds: ['scope'], change: misspell },
  { name: 'put a secret into an address', kinds: ['address'], change: address },
  {
    name: 'compute a value from a secret',
    kinds: ['sent value'],
    change: (_, chance, { subject }) => {
      const secret = secretOf(subject);
      return pick([`{{${secret}}}`, `{{base64(${secret})}}`, `x-{{${secret}}}`, `{{'x' + ${secret}}}`], chance);
    },
  },
  {
    name: 'write a secret out',
    kinds: ['sent value'],
    change: (_, chance) => `${pick(['sk_live_', 'ghp_', 'xoxb-'], chance)}${'0a'.repeat(12)}`,
  },
  {
    name: 'forget an entry of log.sanitize',
    kinds: ['log entry'],
    change: remove,
    names: (text) => /"([^"]*)"/.exec(text)?.[1] ?? '',
  },
  { name: 'lose a section', kinds: ['section'], change: remove, names: (_, { file }) => sectionOf(file) ?? '' },
  { name: 'forget the redirect URI', kinds: ['redirect URI'], change: remove, names: () => 'redirect_uri' },
  { name: 'misspell a credential', kinds: ['credential'], change: misspell, certain: true },
];

/**
 * Counted apart: what only an author can see, and what breaks the text itself, which JSON lets show only at what comes
 * after.
 */
export const APART: readonly Operator[] = [
  { name: 'misspell a free value', kinds: ['free'], change: misspell },
  { name: 'lose punctuation of JSON', kinds: ['punctuation'], change: remove },
];
