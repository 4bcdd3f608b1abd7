import type { JournalSummary } from '@connectorkit/harness';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, follow, HarnessError } from '../harness.ts';

/** How many entries the list holds at most; the oldest go first. */
const MOST = 10_000;
/** How many more there may be before they go: taking them away one by one would move all others each time. */
const SPARE = 1000;
/** Milliseconds until a stream that ended is opened again. */
const PAUSE = 1000;

/** The journal as it is shown: what is there, and what comes. */
export interface Entries {
  /** From the oldest to the latest. Held: as they were when that began. */
  readonly shown: readonly JournalSummary[];
  /** How many came since they are held. */
  readonly waiting: number;
  readonly state: 'loading' | 'live' | 'interrupted';
  readonly error?: Error;
  /** Empties the list, as the journal was. */
  empty(): void;
}

/**
 * The entries that fit a filter, live. What comes is shown once a frame, however much it is.
 * @param query of the filter, such as `platform=make`
 * @param isHeld true if the list is to stay as it is
 */
export function useEntries(query: string, isHeld: boolean): Entries {
  const all = useRef<JournalSummary[]>([]);
  const held = useRef<readonly JournalSummary[] | undefined>(undefined);
  const [state, setState] = useState<Pick<Entries, 'state' | 'error'>>({ state: 'loading' });
  const [, show] = useState(0);
  if (isHeld) held.current ??= all.current.slice(-MOST);
  else held.current = undefined;

  useEffect(() => {
    const ending = new AbortController();
    all.current = [];
    held.current = undefined;
    setState({ state: 'loading' });
    let frame = 0;
    const add = (entry: JournalSummary) => {
      all.current.push(entry);
      if (all.current.length > MOST + SPARE) all.current.splice(0, all.current.length - MOST);
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        show((turn) => turn + 1);
      });
    };
    live(query, ending.signal, all.current, add, setState).catch((error: Error) => {
      if (!ending.signal.aborted) setState({ state: 'interrupted', error });
    });
    return () => {
      ending.abort();
      cancelAnimationFrame(frame);
    };
  }, [query]);

  const empty = useCallback(() => {
    all.current.splice(0);
    held.current = undefined;
    show((turn) => turn + 1);
  }, []);
  const latest = held.current?.at(-1)?.number ?? 0;
  const now = all.current.length > MOST ? all.current.slice(-MOST) : all.current;
  return {
    shown: held.current ?? now,
    waiting: held.current === undefined ? 0 : countAfter(all.current, latest),
    ...state,
    empty,
  };
}

/** How many entries have a greater number: they are in order. */
function countAfter(entries: readonly JournalSummary[], number: number): number {
  let count = 0;
  while (count < entries.length && (entries[entries.length - 1 - count] as JournalSummary).number > number) count++;
  return count;
}

/** Loads what is there, and follows what comes until the signal ends it. @throws HarnessError for refusals */
async function live(
  query: string,
  signal: AbortSignal,
  into: JournalSummary[],
  add: (entry: JournalSummary) => void,
  report: (state: Pick<Entries, 'state' | 'error'>) => void,
): Promise<void> {
  const path = `view=summary${query === '' ? '' : `&${query}`}`;
  const { entries } = await ask<{ readonly entries: readonly JournalSummary[] }>(
    'GET',
    `/journal?${path}&limit=${MOST}`,
    undefined,
    signal,
  );
  for (const each of entries) into.push(each);
  let last = entries.at(-1)?.number ?? 0;
  report({ state: 'live' });
  while (!signal.aborted) {
    try {
      await follow(`/journal/stream?${path}&after=${last}`, signal, ({ event, data }) => {
        if (event !== 'request') return;
        const entry = JSON.parse(data) as JournalSummary;
        last = entry.number;
        add(entry);
        report(LIVE);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof HarnessError && error.status !== 0) throw error;
      report({ state: 'interrupted' });
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** The same each time, so that reporting it again changes nothing. */
const LIVE = { state: 'live' } as const;
