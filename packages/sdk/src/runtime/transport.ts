/** A request as it goes out. Whoever sends it follows no redirect and adds no header but those that HTTP needs. */
export interface HttpCall {
  /** The step of `api` that sends it; absent if `api` has no steps. */
  readonly step?: string;
  /** In upper case, such as `POST`. */
  readonly method: string;
  /** Absolute, and sent as it is written. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent if no body is sent. */
  readonly body?: Uint8Array;
  /** Certificate authorities in PEM that are trusted in addition to the default ones. */
  readonly ca?: string;
  /** False if an untrusted certificate is accepted (default: true). */
  readonly rejectUnauthorized?: boolean;
  /** Milliseconds until the response must be complete. */
  readonly timeout: number;
  /** Limit of the response body in bytes, after decompression. */
  readonly largest: number;
}

/** An HTTP response, decompressed. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a repeated header is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/**
 * Sends one request and gives its answer, whatever its status. Given by the caller.
 * @throws TransportError when there was no whole answer
 */
export type Transport = (call: HttpCall) => Promise<HttpAnswer>;

/** Why there was no whole answer. */
export type TransportFailure = 'timeout' | 'too-large' | 'certificate' | 'unreadable' | 'unreachable';

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
