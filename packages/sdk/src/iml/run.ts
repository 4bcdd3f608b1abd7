import type { EvaluationContext, IMLFunction } from './function.ts';
import { IMLError } from './function.ts';

/** Surroundings of an evaluation: its clock, its chance and its limits. */
export interface Given extends Pick<EvaluationContext, 'now' | 'random' | 'uuid' | 'timezone'> {
  /** Functions of the app's own; the built-in ones come first. */
  readonly functions?: ReadonlyMap<string, IMLFunction>;
  readonly limits?: EvaluationLimits;
}

/** Limits of one evaluation; beyond them it ends with an IMLError. */
export interface EvaluationLimits {
  /** The budget of one evaluation: about one unit for each operation, each item and each 100 characters; a million unless given. */
  readonly steps?: number;
  /** The longest text that an expression may build, in UTF-16 code units; 16 Mi unless given. */
  readonly length?: number;
}

const STEPS = 1_000_000;
const LENGTH = 16 * 1024 * 1024;

/** One evaluation: what it was given, and what is left of its budget. */
export class Run implements EvaluationContext {
  readonly scope: object;
  readonly given: Given;
  left: number;

  constructor(scope: object, given: Given) {
    this.scope = scope;
    this.given = given;
    this.left = given.limits === undefined ? STEPS : (given.limits.steps ?? STEPS);
  }

  now(): Date {
    return this.given.now();
  }

  random(): number {
    return this.given.random();
  }

  uuid(): string {
    return this.given.uuid();
  }

  get timezone(): string {
    return this.given.timezone ?? 'UTC';
  }

  spend(units: number): void {
    // Whole numbers keep the field small. NaN is not less than anything, and must not be free.
    const left = this.left - Math.ceil(units);
    if (!(left >= 0)) throw new IMLError('The evaluation takes too long.');
    this.left = left;
  }

  /** The text, when it is not longer than it may be. */
  grown(text: string): string {
    return text.length < 100 ? text : this.charged(text);
  }

  private charged(text: string): string {
    this.spend(text.length / 100);
    if (text.length > (this.given.limits?.length ?? LENGTH)) throw new IMLError('The text becomes too long.');
    return text;
  }
}
