import type { Decimal } from 'decimal.js';
import { decimal } from './functions/libraries.ts';

let Exact: typeof Decimal | undefined;

/** A decimal of 20 significant digits, rounded half up, whatever others have set. Loaded when it is first needed. */
function exactly(value: number): Decimal {
  Exact ??= decimal().clone({ defaults: true });
  return new Exact(value);
}

/** Safe integers are exact without decimals; all others are computed in decimals, so that 0.1 + 0.2 is 0.3. */
function exact(result: number, left: number, right: number): boolean {
  return Number.isSafeInteger(result) && Number.isInteger(left) && Number.isInteger(right);
}

/** The sum, the difference, the product, the quotient or the remainder, computed in decimals. */
export const ARITHMETIC: Readonly<Record<'+' | '-' | '*' | '/' | '%', (left: number, right: number) => number>> = {
  '+': (left, right) => {
    const sum = left + right;
    return exact(sum, left, right) ? sum : exactly(left).plus(right).toNumber();
  },
  '-': (left, right) => {
    const difference = left - right;
    return exact(difference, left, right) ? difference : exactly(left).minus(right).toNumber();
  },
  '*': (left, right) => {
    const product = left * right;
    return exact(product, left, right) ? product : exactly(left).times(right).toNumber();
  },
  '/': (left, right) => {
    const quotient = left / right;
    return Number.isSafeInteger(left) && Number.isSafeInteger(right) && exact(quotient, left, right)
      ? quotient
      : exactly(left).div(right).toNumber();
  },
  '%': (left, right) => {
    const remainder = left % right;
    return exact(remainder, left, right) ? remainder : exactly(left).mod(right).toNumber();
  },
};
