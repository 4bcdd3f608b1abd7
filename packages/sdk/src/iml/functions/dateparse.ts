import { lookUp } from '../../json.ts';
import {
  DAY,
  dayInWeek,
  daysInMonth,
  ENGLISH_WEEK,
  ISO_WEEK,
  momentAt,
  utc,
  type WeekRule,
  wallOf,
  weekOf,
  weeksIn,
} from './calendar.ts';
import { isToken, literalOf, MONTHS, tokensOf, WEEKDAYS } from './dateformat.ts';

/*
 * Dates read from text, with moment's tokens (momentjs.com/docs/#/parsing/string-format/) in its forgiving mode, which
 * is what Make parses with: every piece of the format takes the next place in the text that fits it, and what lies
 * between is passed over. Fields that are not given are those of today when they are larger than the largest that is
 * given, and the smallest possible otherwise.
 */

/** Fields read so far. Months count from 0. */
interface Fields {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  afternoon?: boolean;
  /** Minutes that the text says it is ahead of UTC. */
  offset?: number;
  /** The text is a moment. */
  time?: number;
  iso?: { year?: number; week?: number; weekday?: number };
  english?: { year?: number; week?: number; weekday?: number };
  /** A name that is none, a number out of range. */
  invalid?: true;
}

/** Reads the piece of the text that was found for a token. */
type Reader = readonly [pattern: RegExp, read: (text: string, fields: Fields) => void];

const ONE_OR_TWO = /\d\d?/;
const ONE_TO_FOUR = /\d{1,4}/;
const ONE_TO_SIX = /[+-]?\d{1,6}/;
const SIGNED = /[+-]?\d+/;
const OFFSET = /Z|[+-]\d\d(?::?\d\d)?/i;
/** With the digit before it, because 12Feb is no month. */
const WORD = /\d?['\p{L}]{1,256}/u;

type NumberField = 'year' | 'month' | 'day' | 'dayOfYear' | 'hour' | 'minute' | 'second';

const number = (pattern: RegExp, field: NumberField, shift = 0): Reader => [
  pattern,
  (text, fields) => {
    fields[field] = Number(text) + shift;
  },
];

const week = (
  pattern: RegExp,
  rule: 'iso' | 'english',
  field: 'year' | 'week' | 'weekday',
  read: (text: string) => number = Number,
): Reader => [
  pattern,
  (text, fields) => {
    fields[rule] = { ...fields[rule], [field]: read(text) };
  },
];

/** 69 to 99 are of the last century, 00 to 68 of this one. */
function twoDigitYear(text: string): number {
  const year = Number(text);
  return year + (year > 68 ? 1900 : 2000);
}

/** The index of the name that the word starts with, by its first letters; -1 when it is none. */
function nameIndex(names: readonly string[], word: string, shortest: number): number {
  const letters = word.toLowerCase().slice(0, shortest);
  return letters.length < shortest ? -1 : names.findIndex((name) => name.toLowerCase().startsWith(letters));
}

const monthName: Reader = [
  WORD,
  (text, fields) => {
    const month = nameIndex(MONTHS, text, 3);
    if (month < 0) fields.invalid = true;
    else fields.month = month;
  },
];

const weekdayName: Reader = [
  WORD,
  (text, fields) => {
    const weekday = nameIndex(WEEKDAYS, text, 2);
    if (weekday < 0) fields.invalid = true;
    else fields.english = { ...fields.english, weekday };
  },
];

/** A clock's digits without a separator: the last two of each pair are minutes, then seconds. */
const clock = (seconds: boolean): Reader => [
  seconds ? /\d{5,6}/ : /\d{3,4}/,
  (text, fields) => {
    const hours = text.length - (seconds ? 4 : 2);
    fields.hour = Number(text.slice(0, hours));
    fields.minute = Number(text.slice(hours, hours + 2));
    if (seconds) fields.second = Number(text.slice(hours + 2));
  },
];

const meridiem: Reader = [
  /[ap]\.?m?\.?/i,
  (text, fields) => {
    fields.afternoon = /^p/i.test(text);
  },
];

const fraction = (pattern: RegExp): Reader => [
  pattern,
  (text, fields) => {
    fields.millisecond = Math.trunc(Number(`0.${text}`) * 1000);
  },
];

const twentyFour: Reader = [
  ONE_OR_TWO,
  (text, fields) => {
    fields.hour = Number(text) === 24 ? 0 : Number(text);
  },
];

const offset: Reader = [
  OFFSET,
  (text, fields) => {
    const [, sign, hours, minutes = '0'] = /([+-])(\d\d):?(\d\d)?/.exec(text) ?? [];
    const size = Number(hours ?? 0) * 60 + Number(minutes);
    fields.offset = sign === '-' ? -size : size;
  },
];

const READERS: Readonly<Record<string, Reader>> = {
  Y: number(SIGNED, 'year'),
  YY: [
    ONE_OR_TWO,
    (text, fields) => {
      fields.year = twoDigitYear(text);
    },
  ],
  YYYY: [
    ONE_TO_FOUR,
    (text, fields) => {
      fields.year = text.length === 2 ? twoDigitYear(text) : Number(text);
    },
  ],
  y: number(/\d+/, 'year'),
  YYYYY: number(ONE_TO_SIX, 'year'),
  YYYYYY: number(ONE_TO_SIX, 'year'),
  Q: [
    /\d/,
    (text, fields) => {
      fields.month = (Number(text) - 1) * 3;
    },
  ],
  M: number(ONE_OR_TWO, 'month', -1),
  MM: number(ONE_OR_TWO, 'month', -1),
  MMM: monthName,
  MMMM: monthName,
  D: number(ONE_OR_TWO, 'day'),
  DD: number(ONE_OR_TWO, 'day'),
  Do: [
    /\d{1,2}(?:th|st|nd|rd)?/i,
    (text, fields) => {
      fields.day = Number.parseInt(text, 10);
    },
  ],
  DDD: number(/\d{1,3}/, 'dayOfYear'),
  DDDD: number(/\d{3}/, 'dayOfYear'),
  d: week(ONE_OR_TWO, 'english', 'weekday'),
  e: week(ONE_OR_TWO, 'english', 'weekday'),
  dd: weekdayName,
  ddd: weekdayName,
  dddd: weekdayName,
  E: week(ONE_OR_TWO, 'iso', 'weekday'),
  w: week(ONE_OR_TWO, 'english', 'week'),
  ww: week(ONE_OR_TWO, 'english', 'week'),
  W: week(ONE_OR_TWO, 'iso', 'week'),
  WW: week(ONE_OR_TWO, 'iso', 'week'),
  gg: week(ONE_OR_TWO, 'english', 'year', twoDigitYear),
  gggg: week(ONE_TO_FOUR, 'english', 'year'),
  ggggg: week(ONE_TO_SIX, 'english', 'year'),
  GG: week(ONE_OR_TWO, 'iso', 'year', twoDigitYear),
  GGGG: week(ONE_TO_FOUR, 'iso', 'year'),
  GGGGG: week(ONE_TO_SIX, 'iso', 'year'),
  H: number(ONE_OR_TWO, 'hour'),
  HH: number(ONE_OR_TWO, 'hour'),
  h: number(ONE_OR_TWO, 'hour'),
  hh: number(ONE_OR_TWO, 'hour'),
  k: twentyFour,
  kk: twentyFour,
  Hmm: clock(false),
  Hmmss: clock(true),
  hmm: clock(false),
  hmmss: clock(true),
  a: meridiem,
  A: meridiem,
  m: number(ONE_OR_TWO, 'minute'),
  mm: number(ONE_OR_TWO, 'minute'),
  s: number(ONE_OR_TWO, 'second'),
  ss: number(ONE_OR_TWO, 'second'),
  S: fraction(/\d{1,3}/),
  SS: fraction(/\d{1,3}/),
  SSS: fraction(/\d{1,3}/),
  ...Object.fromEntries([4, 5, 6, 7, 8, 9].map((length) => ['S'.repeat(length), fraction(/\d+/)])),
  X: [
    /[+-]?\d+(?:\.\d{1,3})?/,
    (text, fields) => {
      fields.time = Number(text) * 1000;
    },
  ],
  x: [
    SIGNED,
    (text, fields) => {
      fields.time = Number(text);
    },
  ],
  Z: offset,
  ZZ: offset,
};

/** Where a date is read: the zone of clocks that name none, and the moment that says what today is. */
export interface DateContext {
  readonly zone: string;
  readonly now: Date;
}

const NEVER = Number.NaN;

/** No date is as long as this; reading a longer text for one would only take time. */
const LONGEST = 1000;

/** The moment that a text says in one format; an invalid date when it says none. */
export function parse(text: string, pattern: string, reading: DateContext): Date {
  if (text.length > LONGEST || pattern.length > LONGEST) return new Date(NEVER);
  const fields: Fields = {};
  let rest = text;
  let anything = false;
  for (const piece of tokensOf(pattern)) {
    const reader = lookUp(READERS, piece);
    if (reader === undefined) {
      // A token that can only be written reads nothing; any other text is passed, wherever it comes next.
      const literal = isToken(piece) ? piece : literalOf(piece);
      const at = rest.indexOf(literal);
      if (at >= 0) rest = rest.slice(at + literal.length);
      continue;
    }
    const match = reader[0].exec(rest);
    if (match === null) continue;
    anything = true;
    rest = rest.slice(rest.indexOf(match[0]) + match[0].length);
    reader[1](match[0], fields);
  }
  return new Date(anything ? momentOf(fields, reading) : NEVER);
}

function momentOf(fields: Fields, { now, zone }: DateContext): number {
  if (fields.invalid) return NEVER;
  if (fields.time !== undefined) return fields.time;
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0, afternoon } = fields;
  const parts = [year, month, day, fields.hour, fields.minute, fields.second, fields.millisecond];
  if (afternoon !== undefined && parts.every((part) => part === undefined)) return NEVER;
  // A time that says how far it is ahead of UTC says nothing about the zone.
  const today = fields.offset === undefined ? wallOf(zone, now.getTime()) : now;
  if (!readWeeks(fields, today) || !readDayOfYear(fields, today)) return NEVER;
  const date = dateOf(fields, today);
  const hours = fields.hour === undefined ? 0 : hourOf(hour, afternoon);
  const midnight = hours === 24 && minute === 0 && second === 0 && millisecond === 0;
  if (date === undefined || (hours > 23 && !midnight) || minute > 59 || second > 59) return NEVER;
  const wall = date.getTime() + ((hours * 60 + minute) * 60 + second) * 1000 + millisecond;
  return fields.offset === undefined ? momentAt(zone, wall) : wall - fields.offset * 60_000;
}

function hourOf(hour: number, afternoon: boolean | undefined): number {
  if (afternoon && hour < 12) return hour + 12;
  return afternoon === false && hour === 12 ? 0 : hour;
}

/** The day in UTC that year, month and day name; undefined when there is none, or it is another day of the week. */
function dateOf(fields: Fields, today: Date): Date | undefined {
  const whole = fields.year !== undefined && fields.month !== undefined && fields.day !== undefined;
  const year = fields.year ?? today.getUTCFullYear();
  const month = fields.month ?? (fields.year === undefined ? today.getUTCMonth() : 0);
  const given = fields.year !== undefined || fields.month !== undefined;
  const day = fields.day ?? (given ? 1 : today.getUTCDate());
  if (month < 0 || month > 11 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const date = utc(year, month, day);
  const weekday = fields.english?.weekday;
  return whole && weekday !== undefined && weekday !== date.getUTCDay() ? undefined : date;
}

/** Turns a week into a day of the year, unless a day or month is given beside it; false when there is no such week. */
function readWeeks(fields: Fields, today: Date): boolean {
  const { iso, english } = fields;
  if ((iso === undefined && english === undefined) || fields.day !== undefined || fields.month !== undefined)
    return true;
  const rule: WeekRule = iso === undefined ? ENGLISH_WEEK : ISO_WEEK;
  const current = weekOf(today, rule);
  const year = (iso ?? english)?.year ?? fields.year ?? current.year;
  const number = (iso ?? english)?.week ?? (iso === undefined ? current.week : 1);
  const weekday = iso === undefined ? (english?.weekday ?? 0) : (iso.weekday ?? 1) - 1;
  if (number < 1 || number > weeksIn(year, rule) || weekday < 0 || weekday > 6) return false;
  const day = dayInWeek(year, number, weekday, rule);
  fields.year = day.getUTCFullYear();
  fields.dayOfYear = Math.round((day.getTime() - utc(fields.year, 0, 1).getTime()) / DAY) + 1;
  return true;
}

function readDayOfYear(fields: Fields, today: Date): boolean {
  if (fields.dayOfYear === undefined) return true;
  const year = fields.year ?? today.getUTCFullYear();
  const date = utc(year, 0, fields.dayOfYear);
  if (date.getUTCFullYear() !== year) return false;
  Object.assign(fields, { year, month: date.getUTCMonth(), day: date.getUTCDate() });
  return true;
}

/** The dates and times of ISO 8601, in the order in which they are tried. Source: momentjs.com/docs/#/parsing/string/. */
const ISO_DATES: readonly (readonly [RegExp, string])[] = [
  [/^[+-]\d{6}-\d\d-\d\d/, 'YYYYYY-MM-DD'],
  [/^\d{4}-\d\d-\d\d/, 'YYYY-MM-DD'],
  [/^\d{4}-W\d\d-\d/, 'GGGG-[W]WW-E'],
  [/^\d{4}-W\d\d/, 'GGGG-[W]WW'],
  [/^\d{4}-\d{3}/, 'YYYY-DDD'],
  [/^\d{4}-\d\d/, 'YYYY-MM'],
  [/^[+-]\d{10}/, 'YYYYYYMMDD'],
  [/^\d{8}/, 'YYYYMMDD'],
  [/^\d{4}W\d{3}/, 'GGGG[W]WWE'],
  [/^\d{4}W\d\d/, 'GGGG[W]WW'],
  [/^\d{7}/, 'YYYYDDD'],
  [/^\d{6}$/, 'YYYYMM'],
  [/^\d{4}$/, 'YYYY'],
];

const ISO_TIME = /^[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?(\s*Z|[+-]\d\d(?::?\d\d)?)?$/;

const RFC_2822 =
  /^(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?(\d{1,2})\s(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s(\d{2,4})\s(\d\d):(\d\d)(?::(\d\d))?\s(?:(UT|GMT|[ECMP][SD]T)|([Zz])|([+-]\d{4}))$/;

/** The zones of North America that RFC 2822 still reads, in hours. */
const OBSOLETE: Readonly<Record<string, number>> = {
  EDT: -4,
  EST: -5,
  CDT: -5,
  CST: -6,
  MDT: -6,
  MST: -7,
  PDT: -7,
  PST: -8,
};

/** The moment that a text says in ISO 8601 or, as in e-mail and HTTP, RFC 2822; an invalid date when it says none. */
export function detect(text: string, reading: DateContext): Date {
  if (text.length > LONGEST) return new Date(NEVER);
  const trimmed = text.trim();
  const found = isoIn(trimmed, reading) ?? rfc2822In(trimmed, reading);
  return found ?? new Date(NEVER);
}

function isoIn(text: string, reading: DateContext): Date | undefined {
  for (const [pattern, dateFormat] of ISO_DATES) {
    const date = pattern.exec(text)?.[0];
    if (date === undefined) continue;
    const rest = text.slice(date.length);
    if (rest === '') return parse(date, dateFormat, reading);
    const time = ISO_TIME.exec(rest);
    if (time === null) continue;
    const [, hour = '', minute, second, fractions, zone = ''] = time;
    const clockText = [hour, minute, second].filter((part) => part !== undefined).join(':');
    const clockFormat = ['HH', 'mm', 'ss'].slice(0, clockText.split(':').length).join(':');
    const withFraction = fractions === undefined ? '' : `.${fractions}`;
    return parse(
      `${date}T${clockText}${withFraction}${zone.trim()}`,
      `${dateFormat}[T]${clockFormat}${withFraction && '.SSSS'}${zone && 'Z'}`,
      reading,
    );
  }
  return undefined;
}

function rfc2822In(text: string, reading: DateContext): Date | undefined {
  const match = RFC_2822.exec(
    text
      .replace(/\([^()]*\)/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  if (match === null) return undefined;
  const [, weekday, day = '', month = '', year = '', hour, minute, second = '00', obsolete, , numeric] = match;
  const hours = obsolete === undefined ? undefined : (lookUp(OBSOLETE, obsolete) ?? 0);
  const zone = numeric ?? (hours === undefined || hours === 0 ? '+0000' : `-0${-hours}00`);
  // Two digits are read as RFC 2822 says: up to 49 are of this century, and three digits count from 1900.
  const full = year.length > 3 ? year : String(Number(year) + (Number(year) <= 49 ? 2000 : 1900));
  const name = weekday === undefined ? '' : `${weekday} `;
  return parse(
    `${name}${day} ${month} ${full} ${hour}:${minute}:${second} ${zone}`,
    `${name && 'ddd '}D MMM YYYY HH:mm:ss ZZ`,
    reading,
  );
}
