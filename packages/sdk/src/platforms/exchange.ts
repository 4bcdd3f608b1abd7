/**
 * A request and its answer as the vendor documents them, played against our client and our emulator:
 * both are made from one contract, and only a value from outside shows a mistake in it. A body that is a picture is in
 * base64, as in the contract; our client sends no pictures, so the emulator alone plays it.
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
  /** JSON Pointers into the answer, to values that are drawn anew each time: of them only the type counts. */
  readonly drawn?: readonly string[];
  /** JSON Pointers into the answer, to lists of which the source prints only the beginning: the rest is not compared. */
  readonly begun?: readonly string[];
}

/** Request and answer, without their source and deviations. */
export type ExchangeVariant<Given = unknown> = Exchange<Given>['changed'];

interface ExchangeRequest {
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

/** A key or a path below the body of an answer, what we say there (undefined: nothing), and why. */
export type Departure = readonly [path: string, ours: unknown, why: string];

/** The answer that a page prints, as we leave it: the answer that is ours, and the deviations that say so. */
export function leaving(
  page: ExchangeAnswer,
  departures: readonly Departure[],
): Pick<Exchange, 'answer' | 'deviations'> {
  const answer = structuredClone(page) as ExchangeAnswer & Record<string, unknown>;
  const deviations = departures.map(([path, ours, why]): Deviation => {
    const pointer = path === 'status' ? '/status' : `/body/${path}`;
    const keys = pointer.split('/').slice(1);
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Record<string, unknown>>((each, key) => each[key] as never, answer);
    const printed = holder[last];
    if (ours === undefined) delete holder[last];
    else holder[last] = ours;
    return { path: pointer, page: printed, ours, why };
  });
  return { answer, deviations };
}

/** One answer in JSON. */
export function json(body: unknown, status = 200): ExchangeAnswer {
  return { status, mediaType: 'application/json', body };
}

/** An answer without a body. */
export function empty(status: number): ExchangeAnswer {
  return { status, mediaType: '', body: '' };
}
