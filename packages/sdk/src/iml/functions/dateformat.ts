import { lookUp } from '../../json.ts';
import { dayOfYear, ENGLISH_WEEK, ISO_WEEK, offsetAt, weekOf, zoneName } from './calendar.ts';

/*
 * Dates as text, with the tokens of moment in English (momentjs.com/docs/#/displaying/format/), which is what Make
 * formats with. Written over Intl, because moment would be the larger part of what is loaded, and brings the zone data
 * that Node has already.
 */

export const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
export const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** The tokens that stand for other tokens. */
const LONG: Readonly<Record<string, string>> = {
  LTS: 'h:mm:ss A',
  LT: 'h:mm A',
  L: 'MM/DD/YYYY',
  LL: 'MMMM D, YYYY',
  LLL: 'MMMM D, YYYY h:mm A',
  LLLL: 'dddd, MMMM D, YYYY h:mm A',
  l: 'M/D/YYYY',
  ll: 'MMM D, YYYY',
  lll: 'MMM D, YYYY h:mm A',
  llll: 'ddd, MMM D, YYYY h:mm A',
};

const LONG_TOKENS = /(\[[^[]*\])|(\\)?(LTS|LT|LL?L?L?|l{1,4})/g;

const TOKENS =
  /\[[^[]*\]|\\?(?:[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW]?|Qo?|N{1,5}|YYYYYY|YYYYY|YYYY|YY|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|[\s\S])/g;

/** The pieces of a format: tokens, texts in brackets, and single characters. Both directions read them. */
export function tokensOf(format: string): readonly string[] {
  let tokens = known.get(format);
  if (tokens === undefined) {
    tokens = expanded(format).match(TOKENS) ?? [];
    if (known.size >= FORMATS_KEPT) known.clear();
    if (format.length < 100) known.set(format, tokens);
  }
  return tokens;
}

/** A connector has few formats, and uses them often. */
const known = new Map<string, readonly string[]>();
const FORMATS_KEPT = 500;

function expanded(format: string): string {
  return format.replace(LONG_TOKENS, (all: string, bracketed?: string, escaped?: string, token = '') =>
    bracketed === undefined && escaped === undefined ? (lookUp(LONG, token) ?? all) : all,
  );
}

/** The text that a piece of a format stands for when it is no token. */
export function literalOf(piece: string): string {
  return piece.length > 1 && piece.startsWith('[') ? piece.slice(1, -1) : piece.replaceAll('\\', '');
}

interface Shown {
  readonly wall: Date;
  readonly time: number;
  readonly offset: number;
  readonly zone: string;
}

/** The moment as the zone's clocks and calendar show it; `Invalid date` for a date that is none. */
export function format(date: Date, pattern: string, zone: string): string {
  const time = date.getTime();
  if (Number.isNaN(time)) return 'Invalid date';
  const offset = offsetAt(zone, time);
  const shown: Shown = { wall: new Date(time + offset), time, offset, zone };
  return tokensOf(pattern)
    .map((piece) => (Object.hasOwn(WRITERS, piece) ? lookUp(WRITERS, piece)?.(shown) : literalOf(piece)))
    .join('');
}

const pad = (value: number, length: number) => {
  const digits = String(Math.abs(value)).padStart(length, '0');
  return value < 0 ? `-${digits}` : digits;
};

/** Years beyond four digits carry a sign, as in ISO 8601. */
const padYear = (value: number, length: number, signed = value > 9999) =>
  (signed && value >= 0 ? '+' : '') + pad(value, length);

function ordinal(value: number): string {
  const last = value % 10;
  if (Math.trunc((value % 100) / 10) === 1) return `${value}th`;
  return value + (last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th');
}

const twelve = ({ wall }: Shown) => wall.getUTCHours() % 12 || 12;
const monthName = ({ wall }: Shown) => MONTHS[wall.getUTCMonth()] ?? '';
const weekdayName = ({ wall }: Shown) => WEEKDAYS[wall.getUTCDay()] ?? '';
const quarter = ({ wall }: Shown) => Math.floor(wall.getUTCMonth() / 3) + 1;
const english = ({ wall }: Shown) => weekOf(wall, ENGLISH_WEEK);
const iso = ({ wall }: Shown) => weekOf(wall, ISO_WEEK);
/** There is no year 0 before the common era: the year 0 is 1 BC. */
const eraYear = ({ wall }: Shown) => (wall.getUTCFullYear() > 0 ? wall.getUTCFullYear() : 1 - wall.getUTCFullYear());
const era = ({ wall }: Shown) => (wall.getUTCFullYear() > 0 ? 'AD' : 'BC');

function offsetText(separator: string): (shown: Shown) => string {
  return ({ offset }) => {
    const minutes = Math.trunc(Math.abs(offset) / 60_000);
    return `${offset < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60), 2)}${separator}${pad(minutes % 60, 2)}`;
  };
}

const WRITERS: Readonly<Record<string, (shown: Shown) => string>> = {
  M: ({ wall }) => String(wall.getUTCMonth() + 1),
  Mo: ({ wall }) => ordinal(wall.getUTCMonth() + 1),
  MM: ({ wall }) => pad(wall.getUTCMonth() + 1, 2),
  MMM: (shown) => monthName(shown).slice(0, 3),
  MMMM: monthName,
  Q: (shown) => String(quarter(shown)),
  Qo: (shown) => ordinal(quarter(shown)),
  D: ({ wall }) => String(wall.getUTCDate()),
  Do: ({ wall }) => ordinal(wall.getUTCDate()),
  DD: ({ wall }) => pad(wall.getUTCDate(), 2),
  DDD: ({ wall }) => String(dayOfYear(wall)),
  DDDo: ({ wall }) => ordinal(dayOfYear(wall)),
  DDDD: ({ wall }) => pad(dayOfYear(wall), 3),
  d: ({ wall }) => String(wall.getUTCDay()),
  do: ({ wall }) => ordinal(wall.getUTCDay()),
  dd: (shown) => weekdayName(shown).slice(0, 2),
  ddd: (shown) => weekdayName(shown).slice(0, 3),
  dddd: weekdayName,
  e: ({ wall }) => String(wall.getUTCDay()),
  E: ({ wall }) => String(wall.getUTCDay() || 7),
  w: (shown) => String(english(shown).week),
  wo: (shown) => ordinal(english(shown).week),
  ww: (shown) => pad(english(shown).week, 2),
  W: (shown) => String(iso(shown).week),
  Wo: (shown) => ordinal(iso(shown).week),
  WW: (shown) => pad(iso(shown).week, 2),
  gg: (shown) => pad(english(shown).year % 100, 2),
  gggg: (shown) => pad(english(shown).year, 4),
  ggggg: (shown) => pad(english(shown).year, 5),
  GG: (shown) => pad(iso(shown).year % 100, 2),
  GGGG: (shown) => pad(iso(shown).year, 4),
  GGGGG: (shown) => pad(iso(shown).year, 5),
  Y: ({ wall }) => padYear(wall.getUTCFullYear(), 4),
  YY: ({ wall }) => pad(wall.getUTCFullYear() % 100, 2),
  YYYY: ({ wall }) => pad(wall.getUTCFullYear(), 4),
  YYYYY: ({ wall }) => pad(wall.getUTCFullYear(), 5),
  YYYYYY: ({ wall }) => padYear(wall.getUTCFullYear(), 6, true),
  y: (shown) => String(eraYear(shown)),
  yy: (shown) => pad(eraYear(shown), 2),
  yyy: (shown) => pad(eraYear(shown), 3),
  yyyy: (shown) => pad(eraYear(shown), 4),
  yo: (shown) => ordinal(eraYear(shown)),
  N: era,
  NN: era,
  NNN: era,
  NNNN: (shown) => (era(shown) === 'AD' ? 'Anno Domini' : 'Before Christ'),
  NNNNN: era,
  H: ({ wall }) => String(wall.getUTCHours()),
  HH: ({ wall }) => pad(wall.getUTCHours(), 2),
  h: (shown) => String(twelve(shown)),
  hh: (shown) => pad(twelve(shown), 2),
  k: ({ wall }) => String(wall.getUTCHours() || 24),
  kk: ({ wall }) => pad(wall.getUTCHours() || 24, 2),
  Hmm: ({ wall }) => `${wall.getUTCHours()}${pad(wall.getUTCMinutes(), 2)}`,
  Hmmss: ({ wall }) => `${wall.getUTCHours()}${pad(wall.getUTCMinutes(), 2)}${pad(wall.getUTCSeconds(), 2)}`,
  hmm: (shown) => `${twelve(shown)}${pad(shown.wall.getUTCMinutes(), 2)}`,
  hmmss: (shown) => `${twelve(shown)}${pad(shown.wall.getUTCMinutes(), 2)}${pad(shown.wall.getUTCSeconds(), 2)}`,
  a: ({ wall }) => (wall.getUTCHours() < 12 ? 'am' : 'pm'),
  A: ({ wall }) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  m: ({ wall }) => String(wall.getUTCMinutes()),
  mm: ({ wall }) => pad(wall.getUTCMinutes(), 2),
  s: ({ wall }) => String(wall.getUTCSeconds()),
  ss: ({ wall }) => pad(wall.getUTCSeconds(), 2),
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [
      'S'.repeat(index + 1),
      ({ wall }: Shown) =>
        pad(wall.getUTCMilliseconds(), 3)
          .padEnd(9, '0')
          .slice(0, index + 1),
    ]),
  ),
  X: ({ time }) => String(Math.floor(time / 1000)),
  x: ({ time }) => String(time),
  Z: offsetText(':'),
  ZZ: offsetText(''),
  z: abbreviation,
  zz: abbreviation,
};

/** Checks if a piece of a format is a token, and not text. */
export function isToken(piece: string): boolean {
  return Object.hasOwn(WRITERS, piece);
}

/**
 * The abbreviations of the tz database, which Intl does not give, by the English names of zones, which it does. A zone
 * that is not here has none there either, and shows its offset: `+03`, `-0330`.
 */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'Alaska Daylight Time': 'AKDT',
  'Alaska Standard Time': 'AKST',
  'American Samoa Standard Time': 'SST',
  'Atlantic Daylight Time': 'ADT',
  'Atlantic Standard Time': 'AST',
  'Australian Central Daylight Time': 'ACDT',
  'Australian Central Standard Time': 'ACST',
  'Australian Eastern Daylight Time': 'AEDT',
  'Australian Eastern Standard Time': 'AEST',
  'Australian Western Standard Time': 'AWST',
  'British Summer Time': 'BST',
  'Central Africa Time': 'CAT',
  'Central Daylight Time': 'CDT',
  'Central European Standard Time': 'CET',
  'Central European Summer Time': 'CEST',
  'Central Indonesia Time': 'WITA',
  'Central Standard Time': 'CST',
  'Chamorro Standard Time': 'ChST',
  'China Standard Time': 'CST',
  'Coordinated Universal Time': 'UTC',
  'Cuba Daylight Time': 'CDT',
  'Cuba Standard Time': 'CST',
  'East Africa Time': 'EAT',
  'Eastern Daylight Time': 'EDT',
  'Eastern European Standard Time': 'EET',
  'Eastern European Summer Time': 'EEST',
  'Eastern Indonesia Time': 'WIT',
  'Eastern Standard Time': 'EST',
  'Greenwich Mean Time': 'GMT',
  'Hawaii-Aleutian Daylight Time': 'HDT',
  'Hawaii-Aleutian Standard Time': 'HST',
  'Hong Kong Standard Time': 'HKT',
  'India Standard Time': 'IST',
  'Irish Standard Time': 'IST',
  'Israel Daylight Time': 'IDT',
  'Israel Standard Time': 'IST',
  'Japan Standard Time': 'JST',
  'Korean Standard Time': 'KST',
  'Mexican Pacific Daylight Time': 'MDT',
  'Mexican Pacific Standard Time': 'MST',
  'Moscow Standard Time': 'MSK',
  'Moscow Summer Time': 'MSD',
  'Mountain Daylight Time': 'MDT',
  'Mountain Standard Time': 'MST',
  'New Zealand Daylight Time': 'NZDT',
  'New Zealand Standard Time': 'NZST',
  'Newfoundland Daylight Time': 'NDT',
  'Newfoundland Standard Time': 'NST',
  'Pacific Daylight Time': 'PDT',
  'Pacific Standard Time': 'PST',
  'Pakistan Standard Time': 'PKT',
  'Philippine Standard Time': 'PST',
  'South Africa Standard Time': 'SAST',
  'Taiwan Standard Time': 'CST',
  'Volgograd Standard Time': 'MSK',
  'Volgograd Summer Time': 'MSD',
  'West Africa Time': 'WAT',
  'Western European Standard Time': 'WET',
  'Western European Summer Time': 'WEST',
  'Western Indonesia Time': 'WIB',
  'Yukon Time': 'MST',
};

/** Zones whose abbreviation is another than that of all whose clocks bear the same name. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'antarctica/casey': '',
  'antarctica/troll': '',
  'asia/colombo': '',
  'europe/minsk': '',
  'europe/guernsey': 'BST',
  'europe/isle_of_man': 'BST',
  'europe/jersey': 'BST',
};

function abbreviation({ zone, time, offset }: Shown): string {
  if (zone === 'UTC') return 'UTC';
  if (/^(etc\/)?(gmt|greenwich)(0|[+-]0)?$/i.test(zone)) return 'GMT';
  const name = zoneName(zone, time);
  const exception = lookUp(EXCEPTIONS, zone.toLowerCase());
  if (exception !== '' && Object.hasOwn(ABBREVIATIONS, name)) return lookUp(ABBREVIATIONS, name) ?? '';
  if (exception !== undefined && exception !== '') return exception;
  const [hours = '', minutes = ''] = offsetText(' ')({ offset } as Shown).split(' ');
  return minutes === '00' ? hours : hours + minutes;
}
