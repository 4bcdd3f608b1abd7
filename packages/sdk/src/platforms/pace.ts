import type { HttpRequest, HttpResponse, Send } from './platform.ts';

/** Requests that are under way at once. Source: what Make's own editor extension does. */
export const AT_ONCE = 2;

/** Clock and limits of pacing, given by the caller. */
export interface PaceOptions {
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Told each time that the platform wants to be left alone for a while. */
  readonly waiting?: (wait: Wait) => void;
  /** Milliseconds that one request waits altogether before the refusal is passed on (default: five minutes). */
  readonly patience?: number;
}

/** A time in which nothing is sent. */
export interface Wait {
  readonly milliseconds: number;
  /** True if the platform said how long; otherwise it is a guess that doubles each time. */
  readonly asked: boolean;
}

const PATIENCE = 300_000;
const FIRST = 1000;
const LONGEST = 60_000;
/** Milliseconds after which what was looked at before a request may have changed. */
const OLD = 200;

/**
 * Makes a `Send` that sends two requests at a time. After a 429, all requests wait as long as `Retry-After` asks for,
 * or a doubling time with jitter, because the limit applies to the organization, not to one request. A request with 429
 * was not carried out, so any method may be sent again; its `recheck` is called before.
 * @returns of each request its response; the 429 itself when it lasts longer than `patience`
 * @throws what `send` throws
 */
export function paced(send: Send, { now, sleep, random, waiting = () => {}, patience = PATIENCE }: PaceOptions): Send {
  const queue: (() => void)[] = [];
  let running = 0;
  let resumeAt = 0;
  const enter = async () => {
    if (running < AT_ONCE) running++;
    else await new Promise<void>((resolve) => queue.push(resolve));
  };
  const leave = () => {
    const next = queue.shift();
    if (next === undefined) running--;
    else next();
  };
  const rest = async () => {
    for (let left = resumeAt - now(); left > 0; left = resumeAt - now()) await sleep(left);
  };
  /** Takes one of the two turns. What a change was worked out from may be old after a wait: it is looked at again. */
  const take = async ({ recheck }: HttpRequest) => {
    for (;;) {
      const asked = now();
      await enter();
      try {
        await rest();
      } catch (error) {
        leave();
        throw error;
      }
      if (recheck === undefined || now() - asked < OLD) return;
      leave();
      await recheck();
    }
  };
  return async (request) => {
    let waited = 0;
    for (let attempt = 0; ; attempt++) {
      await take(request);
      try {
        const response = await send(request);
        if (response.status !== 429) return response;
        const asked = retryAfter(response);
        const milliseconds = asked ?? Math.min(LONGEST, FIRST * 2 ** attempt) * (0.5 + random() / 2);
        waited += milliseconds;
        if (waited > patience) return response;
        resumeAt = Math.max(resumeAt, now() + milliseconds);
        waiting({ milliseconds, asked: asked !== undefined });
      } finally {
        leave();
      }
    }
  };
}

/** Milliseconds, from seconds or from a date, which is compared with the platform's own clock. */
function retryAfter({ headers }: HttpResponse): number | undefined {
  const words = headers['retry-after']?.trim();
  if (words === undefined || words === '') return undefined;
  if (/^\d+$/.test(words)) return Number(words) * 1000;
  const apart = Date.parse(words) - Date.parse(headers.date ?? '');
  return Number.isNaN(apart) ? undefined : Math.max(0, apart);
}

/** Does the work for each item, two at a time, and gives what came of it in the items' order. Stops at the first error. */
export async function inPairs<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        values[index] = await work(items[index] as Item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return values;
}
