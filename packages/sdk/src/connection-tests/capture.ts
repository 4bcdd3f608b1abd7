import type { PrepareOptions } from '../runtime/prepare.ts';
import type { Visit } from '../runtime/records.ts';
import { type HttpAnswer, TransportError, type TransportFailure } from '../runtime/transport.ts';

/** Exchange of a real run: an answer, a failure of the network, or what the browser brought back. */
export type CapturedExchange =
  | { readonly answer: HttpAnswer }
  | { readonly failure: TransportFailure }
  | { readonly url: string; readonly query: URLSearchParams };

/** Keeps what a real run is given and answered, so that a test can be made of it. It holds secrets, and only here. */
export class Capture {
  readonly exchanges: CapturedExchange[] = [];
  #options: PrepareOptions | undefined;
  #started: Date | undefined;

  /** Returns the same options with a transport that is listened to; they are kept. */
  around(options: PrepareOptions): PrepareOptions {
    this.#options = options;
    const { transport, now } = options;
    return {
      ...options,
      now: () => {
        const moment = now();
        this.#started ??= moment;
        return moment;
      },
      transport: async (call) => {
        try {
          const answer = await transport(call);
          this.exchanges.push({ answer });
          return answer;
        } catch (error) {
          if (error instanceof TransportError) this.exchanges.push({ failure: error.failure });
          throw error;
        }
      },
    };
  }

  /** Returns the same visit of the browser, listened to. */
  visit(visit: Visit): Visit {
    return async (there) => {
      const query = await visit(there);
      this.exchanges.push({ url: there.url, query });
      return query;
    };
  }

  /** @throws Error before there was a run */
  get options(): PrepareOptions {
    if (this.#options === undefined) throw new Error('Nothing was captured.');
    return this.#options;
  }

  /** Time at which the run began, by its own clock. */
  get started(): Date {
    return this.#started ?? this.options.now();
  }
}
