/** Limits of a run. */
export interface RunLimits {
  /** Milliseconds that a request may take until its answer has ended. */
  readonly timeout: number;
  /** Requests of one run, redirects among them. */
  readonly requests: number;
  /** Redirects that one request may follow. */
  readonly redirects: number;
  /** Bytes of an answer's body. */
  readonly answer: number;
  /** Bytes of what a connection stores, as JSON, the values of its form among them. */
  readonly data: number;
}

/** Make's limits, as far as they are known; the limit on the size of an answer is ours. */
export const LIMITS: RunLimits = {
  timeout: 40_000,
  requests: 100,
  redirects: 21,
  answer: 10 * 1024 * 1024,
  data: 64 * 1024,
};
