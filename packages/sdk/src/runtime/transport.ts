/** A request as it goes out. Whoever sends it follows no redirect and adds no header but those that HTTP needs. */
export interface HttpCall {
  /** The step of `api` that sends it; absent where `api` is requests itself. */
  readonly step?: string;
  readonly method: string;
  /** Absolute, and sent as it is written. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Certificate authorities that are trusted beside the system's, in PEM. */
  readonly ca?: string;
  /** False when a certificate that nobody vouches for is accepted; true by default. */
  readonly rejectUnauthorized?: boolean;
  /** Milliseconds in which the answer must have come to its end. */
  readonly timeout: number;
  /** Bytes that the body of the answer may have, once it is no longer compressed. */
  readonly largest: number;
}

/** An HTTP answer, no longer compressed. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a header that came more than once is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/**
 * Sends one request and gives its answer, whatever its status. Given by the caller.
 * @throws TransportError when there was no whole answer
 */
export type Transport = (call: HttpCall) => Promise<HttpAnswer>;

/** Why there was no whole answer. */
export type TransportFailure = 'timeout' | 'too-large' | 'certificate' | 'unreachable';

/** Thrown by a transport when there was no whole answer. */
export class TransportError extends Error {
  readonly failure: TransportFailure;

  /** @param message what happened, as a clause: "nothing listens there (ECONNREFUSED)" */
  constructor(failure: TransportFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
    this.failure = failure;
  }
}
