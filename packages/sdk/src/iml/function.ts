/**
 * Type of a value. `any` is known only when the expression runs. A collection or an array without
 * a description of what it holds is one whose content is not known.
 */
export type IMLType =
  | 'any'
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'array'
  | 'collection'
  | 'buffer'
  | 'null'
  | 'undefined'
  | { readonly array: IMLType }
  /** Default: `rest` is the type of the members that are not named: undefined. */
  | { readonly collection: Readonly<Record<string, IMLType>>; readonly rest?: IMLType }
  | { readonly union: readonly IMLType[] };

/** One parameter of a built-in. */
export interface Parameter {
  readonly name: string;
  readonly type: IMLType;
  /** May be left out; so may every parameter after it. */
  readonly optional?: boolean;
  /** Takes this argument and all that follow; only the last parameter. */
  readonly rest?: boolean;
}

/** Surroundings of an evaluation, which has no clock, chance or patience of its own. */
export interface EvaluationContext {
  /** The moment of the evaluation. */
  now(): Date;
  /** At least 0, less than 1. */
  random(): number;
  /** A version 4 UUID in lower case. */
  uuid(): string;
  /** The IANA name of the time zone that dates are read and written in; UTC unless given. */
  readonly timezone?: string;
  /**
   * Takes from the budget of the evaluation: about one unit per item, or per 100 characters handled, said before the
   * work is done.
   * @throws IMLError when the budget is used up.
   */
  spend(units: number): void;
}

/** How a built-in function is called. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: IMLType;
  /** False for a function that works, but that no public document promises: `check` says so softly. */
  readonly documented?: false;
}

/** A built-in function: an entry of FUNCTIONS. */
export interface IMLFunction extends Signature {
  /** Description of the function; one sentence. */
  readonly summary: string;
  /** Proof and documentation at once: the template, what its variables are, and its result. */
  readonly example: {
    readonly template: string;
    readonly scope?: Readonly<Record<string, unknown>>;
    readonly result: unknown;
  };
  /** @throws IMLError when the arguments make no sense. */
  readonly run: (args: readonly unknown[], surroundings: EvaluationContext) => unknown;
  /** Called instead of `run` when it is there: the arguments are evaluated only when they are asked for. */
  readonly lazy?: (args: readonly (() => unknown)[], surroundings: EvaluationContext) => unknown;
}

/** Why an expression has no value. */
export class IMLError extends Error {
  /** Where in the template the expression that failed stands, in UTF-16 code units; set by `evaluate`. */
  readonly offset?: number;
  readonly length?: number;

  constructor(message: string, place?: { readonly offset: number; readonly length: number }, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IMLError';
    if (place !== undefined) {
      this.offset = place.offset;
      this.length = place.length;
    }
  }
}
