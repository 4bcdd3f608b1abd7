import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AGE } from './settings.ts';
import type { Store } from './store/store.ts';

/** Milliseconds within which the store has to answer. */
const PATIENCE = 2000;

/** Health of a harness: it is alive, and it is ready for requests. */
export interface Health {
  /**
   * Answers `GET /healthz` and `GET /readyz`, to everybody and without a word more than the status says: 200, or 503
   * when it is not to be sent requests.
   * @returns whether the request was one of these
   */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** From now on it is not ready: it is about to end. */
  drain(): void;
  readonly isDraining: boolean;
}

/** @param store has been opened, and so has the format of this version */
export function healthOf(store: Store): Health {
  let isDraining = false;
  let asked: Promise<boolean> | undefined;
  // Asked once at a time: however many ask here, the store is asked no more.
  const reachable = () => {
    asked ??= answersInTime(store).finally(() => {
      asked = undefined;
    });
    return asked;
  };
  const checks = new Map<string, () => boolean | Promise<boolean>>([
    ['/healthz', () => true],
    ['/readyz', async () => !isDraining && (await reachable()) && !isDraining],
  ]);
  return {
    answer: (request, response) => {
      const { method, url = '' } = request;
      const [path = ''] = url.split('?', 1);
      const check = checks.get(path);
      if (check === undefined || (method !== 'GET' && method !== 'HEAD')) return false;
      void (async () => {
        const is = await check();
        const words = is ? 'ok\n' : 'not ready\n';
        const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
        response.writeHead(is ? 200 : 503, { ...headers, 'content-length': words.length }).end(words);
      })();
      return true;
    },
    drain: () => {
      isDraining = true;
    },
    get isDraining() {
      return isDraining;
    },
  };
}

async function answersInTime(store: Store): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(PATIENCE, false, { signal: over.signal }).catch(() => false);
  // Where the store cannot be reached it is tried for longer than anybody here waits.
  const read = store
    .read((tx) => tx.get(AGE))
    .then(
      () => true,
      () => false,
    );
  try {
    return await Promise.race([read, late]);
  } finally {
    over.abort();
  }
}
