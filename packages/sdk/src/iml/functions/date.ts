import { types } from 'node:util';
import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { add, difference, set, type Unit, zoneOf } from './calendar.ts';
import { isMissing, kindOf, numberOf, textOf, textOr, withArticle } from './coercion.ts';
import { format, MONTHS, WEEKDAYS } from './dateformat.ts';
import { detect, parse } from './dateparse.ts';

/*
 * Dates. A missing date stays missing; a text that is no date is an invalid one, and so is what is computed from it or
 * with a missing number. Days, months and fields of the clock are those of the time zone that is given or set for the
 * evaluation. Sources: help.make.com (date and time functions), momentjs.com/docs.
 */

const INVALID = () => new Date(Number.NaN);

const DEFAULT_FORMAT = 'YYYY-MM-DDTHH:mm:ss.SSSZ';

/** @throws IMLError for what is neither a date nor text nor a number of milliseconds. */
function dateOf(name: string, value: unknown, surroundings: EvaluationContext, timezone?: unknown): Date {
  if (types.isDate(value)) return new Date(Date.prototype.getTime.call(value));
  const kind = kindOf(value);
  if (kind === 'number') return new Date(Number(value));
  if (kind !== 'text') throw new IMLError(`${name} takes a date, not ${withArticle(kind)}.`);
  const reading = { zone: zoneOf(timezone, surroundings.timezone), now: surroundings.now() };
  return detect(textOf(name, value, surroundings), reading);
}

/** A number, or a name counted from 1; a missing one is none. @throws IMLError for a word that is no such name. */
function numberOrName(name: string, value: unknown, names: readonly string[], shortest: number): number {
  if (kindOf(value) === 'text') {
    const word = String.prototype.trim.call(value).toLowerCase();
    if (Number.isNaN(Number(word))) {
      const index = word.length < shortest ? -1 : names.findIndex((each) => each.toLowerCase().startsWith(word));
      if (index < 0) throw new IMLError(`${name} takes a number or an English name, not ${word.slice(0, 20)}.`);
      return index + 1;
    }
  }
  return isMissing(value) ? Number.NaN : numberOf(name, value);
}

type DateArithmetic = (zone: string, time: number, amount: number) => number;

/** A function of a date and a number that gives another date. */
function changing(
  name: string,
  summary: string,
  parameter: IMLFunction['parameters'][number],
  example: IMLFunction['example'],
  work: DateArithmetic,
  read: (value: unknown) => number = (value) => (isMissing(value) ? Number.NaN : numberOf(name, value)),
): IMLFunction {
  return {
    name,
    parameters: [{ name: 'date', type: 'date' }, parameter],
    returns: 'date',
    summary,
    example,
    run: ([value, amount], surroundings) => {
      if (isMissing(value)) return value;
      const time = dateOf(name, value, surroundings).getTime();
      const number = read(amount);
      if (Number.isNaN(time) || !Number.isFinite(number)) return INVALID();
      return new Date(work(zoneOf(surroundings.timezone), time, number));
    },
  };
}

const START = { date: new Date('2016-12-08T15:55:57.536Z') };

function adding(name: string, unit: Unit, note: string, result: string): IMLFunction {
  return changing(
    name,
    `Gives the date a number of ${unit}s later, or earlier when it is negative${note}.`,
    { name: `${unit}s`, type: 'number' },
    { template: `{{${name}(date, 2)}}`, scope: START, result: new Date(result) },
    (zone, time, amount) => add(zone, time, unit, amount),
  );
}

function setting(name: string, unit: Unit, range: string, value: number, result: string): IMLFunction {
  return changing(
    name,
    `Gives the date with its ${unit === 'day' ? 'day of the month' : unit} set${range}.`,
    { name: unit, type: 'number' },
    { template: `{{${name}(date, ${value})}}`, scope: START, result: new Date(result) },
    (zone, time, number) => set(zone, time, unit, Math.trunc(number)),
  );
}

const NUMBER_OR_NAME = { union: ['number', 'text'] } as const;

export const DATE: readonly IMLFunction[] = [
  {
    name: 'parseDate',
    parameters: [
      { name: 'text', type: { union: ['text', 'number', 'date'] } },
      { name: 'format', type: 'text', optional: true },
      { name: 'timezone', type: 'text', optional: true },
    ],
    returns: 'date',
    summary: 'Reads a date in a format of tokens, or in ISO 8601 or RFC 2822 when none is given.',
    example: {
      template: "{{parseDate('2016-12-28 16:03', 'YYYY-MM-DD HH:mm')}}",
      result: new Date('2016-12-28T16:03:00.000Z'),
    },
    run: ([value, pattern, timezone], surroundings) => {
      if (isMissing(value) || value === '') return value === '' ? undefined : value;
      if (isMissing(pattern) || pattern === '' || kindOf(value) === 'date') {
        return dateOf('parseDate', value, surroundings, timezone);
      }
      const text = textOf('parseDate', value, surroundings);
      const tokens = textOf('parseDate', pattern, surroundings);
      surroundings.spend((text.length * tokens.length) / 100);
      return parse(text, tokens, { zone: zoneOf(timezone, surroundings.timezone), now: surroundings.now() });
    },
  },
  {
    name: 'formatDate',
    parameters: [
      { name: 'date', type: 'date' },
      { name: 'format', type: 'text', optional: true },
      { name: 'timezone', type: 'text', optional: true },
    ],
    returns: 'text',
    summary: 'Writes a date in a format of tokens, always as text.',
    example: {
      template: "{{formatDate(date, 'DD.MM.YYYY HH:mm', 'Europe/Prague')}}",
      scope: START,
      result: '08.12.2016 16:55',
    },
    run: ([value, pattern, timezone], surroundings) => {
      if (isMissing(value)) return value;
      const date = dateOf('formatDate', value, surroundings);
      const tokens = textOr('formatDate', pattern, '', surroundings) || DEFAULT_FORMAT;
      surroundings.spend(tokens.length / 10);
      return format(date, tokens, zoneOf(timezone, surroundings.timezone));
    },
  },
  {
    name: 'dateDiff',
    parameters: [
      { name: 'end', type: 'date' },
      { name: 'start', type: 'date' },
      { name: 'unit', type: 'text' },
    ],
    returns: 'number',
    summary:
      'Gives the whole days (D), hours (H), minutes (m) or seconds (s) from the second date to the first, or what remains of hours (RH), minutes (Rm) or seconds (Rs).',
    example: {
      template: "{{dateDiff('2024-01-03T03:45:00Z', '2024-01-01T00:00:00Z', 'RH')}}",
      result: 3,
    },
    run: ([end, start, unit], surroundings) => {
      if (isMissing(end) || isMissing(start)) return undefined;
      const times = [end, start].map((each) => dateOf('dateDiff', each, surroundings).getTime());
      const [last = Number.NaN, first = Number.NaN] = times;
      return difference(last, first, textOr('dateDiff', unit, '', surroundings));
    },
  },
  adding('addSeconds', 'second', '', '2016-12-08T15:55:59.536Z'),
  adding('addMinutes', 'minute', '', '2016-12-08T15:57:57.536Z'),
  adding('addHours', 'hour', '', '2016-12-08T17:55:57.536Z'),
  adding('addDays', 'day', ', at the same time of the day', '2016-12-10T15:55:57.536Z'),
  adding('addMonths', 'month', ', on the last day where a month is too short', '2017-02-08T15:55:57.536Z'),
  adding('addYears', 'year', ', on the last day where a month is too short', '2018-12-08T15:55:57.536Z'),
  setting('setSecond', 'second', '; beyond 59 it rolls over', 10, '2016-12-08T15:55:10.536Z'),
  setting('setMinute', 'minute', '; beyond 59 it rolls over', 10, '2016-12-08T15:10:57.536Z'),
  setting('setHour', 'hour', '; beyond 23 it rolls over', 10, '2016-12-08T10:55:57.536Z'),
  setting('setDate', 'day', '; beyond the last day it rolls over', 32, '2017-01-01T15:55:57.536Z'),
  changing(
    'setDay',
    'Gives the date with its day of the week set: 1 for Sunday to 7 for Saturday, or an English name.',
    { name: 'day', type: NUMBER_OR_NAME },
    { template: "{{setDay(date, 'monday')}}", scope: START, result: new Date('2016-12-05T15:55:57.536Z') },
    (zone, time, day) => set(zone, time, 'weekday', Math.trunc(day) - 1),
    (value) => numberOrName('setDay', value, WEEKDAYS, 2),
  ),
  changing(
    'setMonth',
    'Gives the date with its month set: 1 to 12, or an English name; beyond 12 it rolls over.',
    { name: 'month', type: NUMBER_OR_NAME },
    { template: "{{setMonth(date, 'feb')}}", scope: START, result: new Date('2016-02-08T15:55:57.536Z') },
    (zone, time, month) => set(zone, time, 'month', Math.trunc(month) - 1),
    (value) => numberOrName('setMonth', value, MONTHS, 3),
  ),
  setting('setYear', 'year', '', 2020, '2020-12-08T15:55:57.536Z'),
];
