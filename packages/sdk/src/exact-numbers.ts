import { isLosslessNumber, isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { isObject } from './json.ts';

/** Matches numbers that a double may not hold: many digits, or an exponent. */
const MAY_BE_INEXACT = /\d{16}|\d\.\d{14}|\d[eE]/;

/**
 * The value of a JSON text, in which a number that a double cannot hold keeps its digits: it is an object of the
 * library lossless-json, all others are numbers.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  return mayBeInexact(text) ? parse(text, undefined, exactNumber) : JSON.parse(text);
}

/** Checks if a JSON text may hold a number that a double cannot hold. */
export function mayBeInexact(text: string): boolean {
  return MAY_BE_INEXACT.test(text);
}

/** A number as it is written in JSON; exact where a double cannot hold it. */
function exactNumber(text: string): unknown {
  return isSafeNumber(text) ? Number(text) : new LosslessNumber(text);
}

/** The JSON text of a value that may hold exact numbers. */
export function writeExactly(value: unknown, indent?: number): string {
  return (
    (holdsExact(value) ? stringify(value, undefined, indent) : undefined) ?? JSON.stringify(value, undefined, indent)
  );
}

function holdsExact(value: unknown): boolean {
  if (isLosslessNumber(value)) return true;
  if (Array.isArray(value)) return value.some(holdsExact);
  return isObject(value) && Object.values(value).some(holdsExact);
}

/** The value with numbers in the place of exact ones, as all that calculates has them. */
export function rounded(value: unknown): unknown {
  if (isLosslessNumber(value)) return Number(value.toString());
  if (!holdsExact(value)) return value;
  if (Array.isArray(value)) return value.map(rounded);
  return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, rounded(each)]));
}
