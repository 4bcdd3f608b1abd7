import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { integerOr, isMissing, kindOf, numberOf, textOf, textOr } from './coercion.ts';
import { decimal } from './libraries.ts';

/*
 * Numbers. A missing number stays missing, text that is no number gives NaN, and what is neither is refused. Lists skip
 * what is no number; of nothing, the sum is 0 and all else is null. Sums and digits are those of decimal arithmetic, as
 * for the operators: 0.1 and 0.2 are 0.3.
 */

function ofNumber(
  name: string,
  summary: string,
  example: IMLFunction['example'],
  work: (number: number) => number,
): IMLFunction {
  return {
    name,
    parameters: [{ name: 'number', type: 'number' }],
    returns: 'number',
    summary,
    example,
    run: ([value]) => (isMissing(value) ? value : work(numberOf(name, value))),
  };
}

/** A function of an array of numbers, or of its arguments. */
function ofNumbers(
  name: string,
  summary: string,
  result: number,
  work: (numbers: readonly number[]) => number | null,
): IMLFunction {
  return {
    name,
    parameters: [{ name: 'value', type: { union: [{ array: 'number' }, 'number'] }, rest: true }],
    returns: { union: ['number', 'null'] },
    summary,
    example: { template: `{{${name}(2, 4, 9)}}`, result },
    run: (args, surroundings) => work(numbersIn(args, surroundings)),
  };
}

/** The numbers among the arguments and the items of those that are arrays, numeric texts included. */
function numbersIn(args: readonly unknown[], surroundings: EvaluationContext): number[] {
  const numbers: number[] = [];
  for (const arg of args) {
    const items = Array.isArray(arg) ? arg : [arg];
    surroundings.spend(items.length);
    for (const item of items) {
      const kind = kindOf(item);
      if (kind !== 'number' && kind !== 'text') continue;
      const number = numberOf('number', item);
      if (!Number.isNaN(number)) numbers.push(number);
    }
  }
  return numbers;
}

function sum(numbers: readonly number[]): number {
  // Integers that stay small are exact without a library.
  const plain = numbers.reduce((total, number) => total + number, 0);
  if (Number.isSafeInteger(plain) && numbers.every(Number.isSafeInteger)) return plain;
  const Decimal = decimal();
  return numbers.reduce((total, number) => total.plus(number), new Decimal(0)).toNumber();
}

function divide(dividend: number, divisor: number): number {
  const Decimal = decimal();
  return new Decimal(dividend).dividedBy(divisor).toNumber();
}

function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : divide(sum([sorted[middle - 1] ?? 0, upper]), 2);
}

/** The standard deviation; `lost` degrees of freedom are 1 for a sample and 0 for a whole population. */
function deviation(numbers: readonly number[], lost: 0 | 1): number | null {
  if (numbers.length <= lost) return null;
  const Decimal = decimal();
  const mean = numbers.reduce((total, number) => total.plus(number), new Decimal(0)).dividedBy(numbers.length);
  const squares = numbers.map((number) => mean.minus(number).pow(2));
  const total = squares.reduce((left, right) => left.plus(right), new Decimal(0));
  return total
    .dividedBy(numbers.length - lost)
    .sqrt()
    .toNumber();
}

/** Cuts towards zero after a number of decimals; before the point, when it is negative. */
function truncate(number: number, decimals: number): number {
  if (!Number.isFinite(number) || decimals > 400 || decimals < -400) return decimals < -400 ? 0 : number;
  const Decimal = decimal();
  const { ROUND_DOWN } = Decimal;
  const value = new Decimal(number);
  if (decimals >= 0) return value.toDecimalPlaces(decimals, ROUND_DOWN).toNumber();
  const unit = new Decimal(10).pow(-decimals);
  return value.dividedToIntegerBy(unit).times(unit).toNumber();
}

/** Signs between digits that only help to read them. */
const GROUPING = /[\s'’_]/gu;

/**
 * A number written with a decimal separator; spaces, apostrophes and the other separator are grouping.
 * @throws IMLError when the separator is neither a comma nor a point.
 */
function parseNumber(text: string, separator: string): number {
  if (separator !== ',' && separator !== '.') {
    throw new IMLError(`parseNumber takes , or . as the decimal separator, not ${separator.slice(0, 20)}.`);
  }
  const grouped = text.replace(GROUPING, '').replaceAll(separator === ',' ? '.' : ',', '');
  const plain = separator === ',' ? grouped.replaceAll(',', '.') : grouped;
  return plain === '' ? Number.NaN : Number(plain);
}

const MOST_DECIMALS = 100;

function formatNumber(number: number, decimals: number, separator: string, thousands: string): string {
  if (!Number.isFinite(number)) return String(number);
  if (decimals < 0 || decimals > MOST_DECIMALS) {
    throw new IMLError(`formatNumber writes 0 to ${MOST_DECIMALS} decimals, not ${decimals}.`);
  }
  const Decimal = decimal();
  const [whole = '', fraction] = new Decimal(number).abs().toFixed(decimals, Decimal.ROUND_HALF_UP).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, () => thousands);
  const text = fraction === undefined ? grouped : `${grouped}${separator}${fraction}`;
  return number < 0 && /[1-9]/.test(`${whole}${fraction ?? ''}`) ? `-${text}` : text;
}

export const MATH: readonly IMLFunction[] = [
  ofNumber(
    'round',
    'Gives the nearest whole number; halves are rounded up.',
    { template: '{{round(1.5)}}', result: 2 },
    Math.round,
  ),
  ofNumber('floor', 'Rounds a number down to a whole number.', { template: '{{floor(1.9)}}', result: 1 }, Math.floor),
  ofNumber('ceil', 'Rounds a number up to a whole number.', { template: '{{ceil(1.2)}}', result: 2 }, Math.ceil),
  ofNumber('abs', 'Gives a number without its sign.', { template: '{{abs(0 - 3.7)}}', result: 3.7 }, Math.abs),
  {
    name: 'trunc',
    parameters: [
      { name: 'number', type: 'number' },
      { name: 'decimals', type: 'number', optional: true },
    ],
    returns: 'number',
    summary:
      'Cuts a number off after a number of decimals; a negative number makes the last digits before the point 0.',
    example: { template: '{{trunc(3.789, 2)}}', result: 3.78 },
    run: ([value, decimals]) => {
      if (isMissing(value)) return value;
      const number = numberOf('trunc', value);
      const places = integerOr('trunc', decimals, 0);
      return places === 0 ? Math.trunc(number) : truncate(number, places);
    },
  },
  ofNumbers('min', 'Gives the smallest of the numbers.', 2, (numbers) =>
    numbers.length === 0 ? null : numbers.reduce((a, b) => Math.min(a, b)),
  ),
  ofNumbers('max', 'Gives the largest of the numbers.', 9, (numbers) =>
    numbers.length === 0 ? null : numbers.reduce((a, b) => Math.max(a, b)),
  ),
  ofNumbers('sum', 'Adds the numbers.', 15, sum),
  ofNumbers('average', 'Gives the mean of the numbers.', 5, (numbers) =>
    numbers.length === 0 ? null : divide(sum(numbers), numbers.length),
  ),
  ofNumbers('median', 'Gives the median: the number in the middle, or the mean of the two in the middle.', 4, median),
  ofNumbers('stdevS', 'Gives the standard deviation of a sample.', 3.605551275463989, (numbers) =>
    deviation(numbers, 1),
  ),
  ofNumbers('stdevP', 'Gives the standard deviation of a whole population.', 2.943920288775949, (numbers) =>
    deviation(numbers, 0),
  ),
  {
    name: 'parseNumber',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'decimalSeparator', type: 'text', optional: true },
    ],
    returns: 'number',
    summary: 'Reads a number that is written with a decimal point, or with a decimal comma.',
    example: { template: "{{parseNumber('1 756,456', ',')}}", result: 1756.456 },
    run: ([value, separator], surroundings) => {
      if (isMissing(value) || kindOf(value) === 'number') return value;
      const text = textOf('parseNumber', value, surroundings);
      return parseNumber(text, textOr('parseNumber', separator, '', surroundings) || '.');
    },
  },
  {
    name: 'formatNumber',
    parameters: [
      { name: 'number', type: 'number' },
      { name: 'decimals', type: 'number' },
      { name: 'decimalSeparator', type: 'text', optional: true },
      { name: 'thousandsSeparator', type: 'text', optional: true },
    ],
    returns: 'text',
    summary:
      'Writes a number with some decimals, a comma before them and points between thousands, unless others are given.',
    example: { template: "{{formatNumber(123456789, 3, ',', '.')}}", result: '123.456.789,000' },
    run: ([value, decimals, separator, thousands], surroundings) =>
      isMissing(value)
        ? value
        : formatNumber(
            numberOf('formatNumber', value),
            integerOr('formatNumber', decimals, 0),
            textOr('formatNumber', separator, ',', surroundings),
            textOr('formatNumber', thousands, '.', surroundings),
          ),
  },
];
