import type { Operation, Platform } from '@connectorkit/sdk';
import type { Reading, Writing } from './store/store.ts';

/** A call that passed the contract: what a behaviour sees of a request. */
export interface Call<Types extends OperationTypes = OperationTypes> {
  readonly path: Types['path'];
  readonly query: Types['query'];
  /** JSON as a value; a body that the contract declares as a string as its text. */
  readonly body: Types['body'];
  readonly headers: Headers;
  readonly principal: Principal;
  readonly now: Date;
}

export interface OperationTypes {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly answer: unknown;
}

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who calls, and what they may do. */
export interface Principal {
  readonly id: number;
  readonly scopes: readonly string[];
}

export interface Answer {
  /** 200 unless said. */
  readonly status?: number;
  /** `application/json` unless said; then `body` is a string. */
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * What an operation does: it touches nothing but its transaction, so that a store may run it again.
 * A GET is given a transaction in which writing fails.
 */
export type Behaviour<Types extends OperationTypes = OperationTypes> = (
  call: Call<Types>,
  tx: Writing,
) => Promise<{ readonly body: Types['answer']; readonly status?: number; readonly mediaType?: string }>;

export type Behaviours<Operations> = {
  readonly [Id in keyof Operations]: Operations[Id] extends OperationTypes ? Behaviour<Operations[Id]> : never;
};

/** Why a request is not served, in words that no vendor owns; an emulator dresses it in its vendor's. */
export type Reason =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'no-such-path'
  | 'malformed'
  | 'invalid'
  | 'media-type'
  | 'too-large'
  | 'internal';

/** Thrown by whatever refuses; it ends the transaction, which is rolled back. */
export class Refusal extends Error {
  readonly reason: Reason;
  /** What the request lacks, for a reader; one sentence each. */
  readonly details: readonly string[];
  readonly faults: readonly Fault[];

  constructor(reason: Reason, details: string | readonly string[], faults: readonly Fault[] = []) {
    super([details].flat().join(' '));
    this.reason = reason;
    this.details = [details].flat();
    this.faults = faults;
  }
}

/** Where a request and its contract part: the schema keyword that failed, and the pointer into that part. */
export interface Fault {
  readonly part: 'path' | 'query' | 'body';
  readonly pointer: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One emulated platform: an entry of EMULATORS. */
export interface Emulator {
  readonly platform: Platform;
  /** Path prefixes whose unknown paths are refused in this vendor's shape; the longest wins. */
  readonly prefixes: readonly string[];
  /** Bytes that a request body may have. */
  readonly bodyLimit: number;
  /** By operationId; each was checked against the types of its operation where the platform declares it. */
  readonly behaviours: Readonly<Record<string, (call: never, tx: Writing) => Promise<Answer>>>;
  /** @throws Refusal unauthenticated */
  authenticate(headers: Headers, tx: Reading): Promise<Principal>;
  refuse(refusal: Refusal, operation: Operation | undefined): Answer;
  /** Lets a token in, with all scopes unless some are named. What it overwrites is the same token's row. */
  admit(tx: Writing, token: string, scopes?: readonly string[]): Promise<void>;
}
