import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Bytes that wait for a reader before it is let go: more than the journal tells in one go. */
const BEHIND = 8 * 1024 * 1024;
/** Milliseconds until a reader must have read what waits for it, when that matters. */
const PATIENCE = 30_000;
const HEARTBEAT = 15_000;

/**
 * Server-sent events to one reader. A reader that does not read is let go: its last event is `dropped`, with the reason
 * and the id of the last event before, from which it can go on.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #heartbeat: NodeJS.Timeout;
  #last: number | undefined;
  #open = true;

  /** @param greeting a comment at the beginning */
  constructor(response: ServerResponse, greeting: string) {
    this.#response = response;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(`: ${greeting}\n\n`);
    this.#heartbeat = setInterval(() => this.#write(':\n\n'), HEARTBEAT);
    response.once('close', () => this.end());
  }

  /** True if it still receives events. */
  get open(): boolean {
    return this.#open;
  }

  send(id: number, event: string, data: unknown): void {
    if (!this.#open) return;
    this.#last = id;
    this.#write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Resolves when the reader is ready for more; one that is not in time is let go. */
  async ready(): Promise<void> {
    if (!this.#open || !this.#response.writableNeedDrain) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE);
    try {
      await Promise.race([
        once(this.#response, 'drain', { signal: late.signal }),
        once(this.#response, 'close', { signal: late.signal }),
      ]);
    } catch {
      this.#drop();
    } finally {
      clearTimeout(timer);
      late.abort();
    }
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#heartbeat);
    this.#response.end();
  }

  #write(text: string): void {
    this.#response.write(text);
    if (this.#response.writableLength > BEHIND) this.#drop();
  }

  #drop(): void {
    if (!this.#open) return;
    const reason = 'The events were not read in time, and are not kept any longer.';
    this.#response.write(`event: dropped\ndata: ${JSON.stringify({ reason, last: this.#last ?? null })}\n\n`);
    this.end();
    const timer = setTimeout(() => this.#response.destroy(), PATIENCE);
    timer.unref();
    this.#response.once('close', () => clearTimeout(timer));
  }
}
