import { IMLError } from '../function.ts';

/*
 * Time zones and calendar arithmetic over Intl's zone data. A moment is milliseconds since 1970 in UTC. What a clock
 * on the wall shows in a zone is held as the moment at which a clock in UTC shows the same, so that the UTC getters of
 * Date read its fields and Date.UTC rolls them over. The rules for hours that a change of the clocks skips or repeats
 * are those of moment-timezone.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Zones that were asked for. There are about 600 names; spellings are folded, so it cannot grow much beyond. */
const zones = new Map<string, Intl.DateTimeFormat | undefined>();
const ZONES_KEPT = 2000;
const LONGEST_ZONE = 60;

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (zone.length > LONGEST_ZONE) return undefined;
  const key = zone.toLowerCase();
  if (zones.has(key)) return zones.get(key);
  let format: Intl.DateTimeFormat | undefined;
  try {
    // Newer engines take offsets such as +01:00 as zones, which no list of zones names.
    if (/^[a-z]/i.test(zone)) {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (zones.size >= ZONES_KEPT) zones.clear();
  zones.set(key, format);
  return format;
}

/**
 * The first of the names that is a zone of the tz database; UTC when none is. Make ignores a name that it does not
 * know and takes the organization's zone (help.make.com, date and time functions).
 */
export function zoneOf(...names: readonly unknown[]): string {
  const zone = names.find((name) => typeof name === 'string' && isZone(name));
  return typeof zone === 'string' ? zone : 'UTC';
}

/** UTC is known without Intl's zone data, which take as long to load as a small request takes. */
function isZone(name: string): boolean {
  return name === 'UTC' || (name !== '' && formatOf(name) !== undefined);
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function offsetAt(zone: string, time: number): number {
  if (zone === 'UTC' || Number.isNaN(time)) return 0;
  const text = formatOf(zone)?.format(time) ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const size = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  return sign === '-' ? -size : size;
}

const names = new Map<string, Intl.DateTimeFormat>();

/** The English name of the zone at a moment, such as Central European Summer Time. */
export function zoneName(zone: string, time: number): string {
  const key = zone.toLowerCase();
  const format = names.get(key) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'long' });
  if (names.size >= ZONES_KEPT) names.clear();
  names.set(key, format);
  return format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** Returns the zone's wall clock at a moment. */
export function wallOf(zone: string, time: number): Date {
  return new Date(time + offsetAt(zone, time));
}

/**
 * The moment at which the zone's clocks show that. Of an hour that is repeated, the first one; an hour that is skipped
 * is read as if the clocks had not been changed.
 */
export function momentAt(zone: string, wall: number): number {
  if (zone === 'UTC') return wall;
  const before = offsetAt(zone, wall - DAY);
  const after = offsetAt(zone, wall + DAY);
  if (offsetAt(zone, wall - before) === before) return wall - before;
  return offsetAt(zone, wall - after) === after ? wall - after : wall - before;
}

export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year';

const LENGTHS: Partial<Record<Unit, number>> = { second: SECOND, minute: MINUTE, hour: HOUR };

/**
 * A moment later by an amount; earlier when it is negative. Seconds, minutes and hours are elapsed time. Days, months
 * and years are counted on the calendar of the zone, keep the time of the day, take whole numbers (halves are rounded
 * away from zero) and end on the last day of a shorter month.
 */
export function add(zone: string, time: number, unit: Unit, amount: number): number {
  const length = LENGTHS[unit];
  if (length !== undefined) return time + Math.trunc(amount * length);
  const months = unit === 'year' ? amount * 12 : amount;
  const whole = Math.sign(months) * Math.round(Math.abs(months));
  return onCalendar(zone, time, (wall) => {
    if (unit === 'day') wall.setUTCDate(wall.getUTCDate() + whole);
    else setMonth(wall, wall.getUTCMonth() + whole);
  });
}

/**
 * A moment with one field of its calendar or clock set, in the zone; a value that is out of range rolls over. `month`
 * counts from 0 and `weekday` from Sunday, 0, in the week that the moment lies in.
 */
export function set(zone: string, time: number, field: Unit | 'weekday', value: number): number {
  if (field === 'second' || field === 'minute') {
    const wall = wallOf(zone, time);
    if (field === 'second') return time + (value - wall.getUTCSeconds()) * SECOND;
    return time + (value - wall.getUTCMinutes()) * MINUTE;
  }
  return onCalendar(zone, time, (wall) => {
    if (field === 'hour') wall.setUTCHours(value);
    else if (field === 'day') wall.setUTCDate(value);
    else if (field === 'weekday') wall.setUTCDate(wall.getUTCDate() + value - wall.getUTCDay());
    else if (field === 'month') setMonth(wall, value);
    else setMonth(wall, wall.getUTCMonth(), value);
  });
}

/** Changes what the clocks show and finds the moment again: in a repeated hour the one with the same offset. */
function onCalendar(zone: string, time: number, change: (wall: Date) => void): number {
  const offset = offsetAt(zone, time);
  const wall = new Date(time + offset);
  change(wall);
  const same = wall.getTime() - offset;
  return offsetAt(zone, same) === offset ? same : momentAt(zone, wall.getTime());
}

function setMonth(wall: Date, month: number, year = wall.getUTCFullYear()): void {
  const day = Math.min(wall.getUTCDate(), daysInMonth(year, month));
  wall.setUTCFullYear(year, month, day);
}

export function daysInMonth(year: number, month: number): number {
  return utc(year, month + 1, 0).getUTCDate();
}

/** Date.UTC reads the years 0 to 99 as 1900 to 1999. */
export function utc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
}

export function dayOfYear(wall: Date): number {
  const year = wall.getUTCFullYear();
  const midnight = utc(year, wall.getUTCMonth(), wall.getUTCDate());
  return Math.round((midnight.getTime() - utc(year, 0, 1).getTime()) / DAY) + 1;
}

/** How weeks are counted: the day that they start with (0 is Sunday), and the day of January that is always in the first. */
export interface WeekRule {
  readonly start: number;
  readonly january: number;
}

export const ENGLISH_WEEK: WeekRule = { start: 0, january: 1 };
export const ISO_WEEK: WeekRule = { start: 1, january: 4 };

/** The first day of the first week of a year. */
function firstWeek(year: number, { start, january }: WeekRule): Date {
  const fixed = utc(year, 0, january);
  return new Date(fixed.getTime() - ((fixed.getUTCDay() - start + 7) % 7) * DAY);
}

export function weekOf(wall: Date, rule: WeekRule): { readonly year: number; readonly week: number } {
  const midnight = utc(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()).getTime();
  let year = wall.getUTCFullYear() + 1;
  while (firstWeek(year, rule).getTime() > midnight) year--;
  return { year, week: Math.floor((midnight - firstWeek(year, rule).getTime()) / (7 * DAY)) + 1 };
}

export function weeksIn(year: number, rule: WeekRule): number {
  return Math.round((firstWeek(year + 1, rule).getTime() - firstWeek(year, rule).getTime()) / (7 * DAY));
}

/** The day of a week; `weekday` counts from the day that weeks start with, 0. */
export function dayInWeek(year: number, week: number, weekday: number, rule: WeekRule): Date {
  return new Date(firstWeek(year, rule).getTime() + ((week - 1) * 7 + weekday) * DAY);
}

type DifferenceUnit = 'D' | 'H' | 'm' | 's' | 'RH' | 'Rm' | 'Rs';

const DIFFERENCES: Record<DifferenceUnit, (milliseconds: number) => number> = {
  D: (elapsed) => elapsed / DAY,
  H: (elapsed) => elapsed / HOUR,
  m: (elapsed) => elapsed / MINUTE,
  s: (elapsed) => elapsed / SECOND,
  RH: (elapsed) => (elapsed % DAY) / HOUR,
  Rm: (elapsed) => (elapsed % HOUR) / MINUTE,
  Rs: (elapsed) => (elapsed % MINUTE) / SECOND,
};

/** The whole units of elapsed time between two moments. @throws IMLError for an unknown unit or a start after the end. */
export function difference(end: number, start: number, unit: string): number {
  if (!Object.hasOwn(DIFFERENCES, unit)) {
    throw new IMLError(
      `dateDiff takes one of the units ${Object.keys(DIFFERENCES).join(', ')}, not ${unit.slice(0, 20)}.`,
    );
  }
  if (start > end) throw new IMLError('dateDiff takes the later date first.');
  return Math.floor(DIFFERENCES[unit as DifferenceUnit](end - start));
}
