/**
 * A request and its answer as the vendor documents them, played against our client and our emulator:
 * both are made from one contract, and only a value from outside shows a mistake in it.
 */
export interface Exchange<Given = unknown> {
  readonly operation: string;
  /** Where the values stand. */
  readonly source: string;
  /** State before the exchange, as the platform's emulator is seeded with it. */
  readonly given: Given;
  /** The moment at which it happens, ISO 8601, where the answer tells it. */
  readonly at?: string;
  /** As a client writes it, below the base URL. */
  readonly http: string;
  readonly request: ExchangeRequest;
  readonly answer: ExchangeAnswer;
  /** The same with every value of the request changed: an answer that was learnt by heart fails here. */
  readonly changed: Pick<Exchange<Given>, 'given' | 'at' | 'http' | 'request' | 'answer'>;
  /** Where we leave the page, and why. */
  readonly deviations?: readonly Deviation[];
}

export interface ExchangeRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** Beside those that every request has, such as `accept`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: unknown;
}

/** A value in which we differ from what the vendor documents. */
export interface Deviation {
  /** JSON Pointer into the answer. */
  readonly path: string;
  readonly page: unknown;
  readonly ours: unknown;
  readonly why: string;
}
