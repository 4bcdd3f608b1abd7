import type { JournalSummary } from '@connectorkit/harness';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { addressOf } from '../routes.ts';

/** Pixels of a row; the style sheet has the same. */
const ROW = 32;
/** Rows above and below what is seen, so that scrolling shows no gaps. */
const BEYOND = 4;

const COLUMNS = ['Number', 'Time', 'Method', 'Status', 'Path', 'Operation', 'ms'] as const;

/**
 * The journal as a table, the latest entry first. Only the rows in sight are in the page; a screen reader is told of how
 * many there are. The arrow keys, Page Up, Page Down, Home and End move between the rows.
 */
export function EntryTable({ entries, chosen, query, hold }: EntryTableProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const isFocused = useRef(false);
  const count = entries.length;

  useEffect(() => {
    const { current } = scroll;
    if (current === null) return;
    const observer = new ResizeObserver(() => setHeight(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  const { active, setActive, move } = useRowKeys(scroll, entries, setTop);
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(count, Math.ceil((top + height) / ROW) + BEYOND);
  const visible: number[] = [];
  for (let index = first; index < last; index++) visible.push(index);
  const at = active === undefined ? -1 : indexOf(entries, active);
  if (at >= 0 && (at < first || at >= last)) visible.push(at);

  // What has the focus stays in its place: rows are used again for other entries.
  const focusChanged = (isWithin: boolean) => {
    isFocused.current = isWithin;
    hold(isWithin || (scroll.current?.scrollTop ?? 0) > ROW);
  };

  const tabbed = at >= 0 ? active : chosenOrFirst(entries, chosen);
  return (
    <div
      class="entries"
      ref={scroll}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop);
        hold(isFocused.current || currentTarget.scrollTop > ROW);
      }}
      onFocusIn={() => focusChanged(true)}
      onFocusOut={({ relatedTarget, currentTarget }) =>
        focusChanged(currentTarget.contains(relatedTarget as Node | null))
      }
    >
      <table aria-label="Requests" aria-rowcount={count + 1} onKeyDown={move}>
        <thead>
          <tr aria-rowindex={1} class="entry">
            {COLUMNS.map((title) => (
              <th key={title} scope="col" class={title.toLowerCase()}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ height: `${count * ROW}px` }}>
          {visible.map((index) => {
            const entry = entryAt(entries, index);
            const { number } = entry;
            return (
              <EntryRow
                // Rows keep their places, and are written anew for other entries: making them takes much longer.
                key={index}
                entry={entry}
                index={index}
                query={query}
                isChosen={number === chosen}
                isTabbed={number === tabbed}
                focused={setActive}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The row with the focus, by the number of its entry, and a handler of the keys that move it. */
function useRowKeys(
  scroll: RefObject<HTMLDivElement | null>,
  entries: readonly JournalSummary[],
  scrolled: (top: number) => void,
) {
  const [active, setActive] = useState<number>();
  const wanted = useRef<number | undefined>(undefined);
  // The row that a key moved to is there only after it was shown.
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const row = scroll.current?.querySelector<HTMLElement>(`[data-number="${wanted.current}"] a`);
    wanted.current = undefined;
    row?.focus({ preventScroll: true });
  });
  const move = (event: KeyboardEvent) => {
    const { current } = scroll;
    const count = entries.length;
    if (current === null || count === 0) return;
    const height = current.clientHeight;
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const steps: Readonly<Partial<Record<string, number>>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = active === undefined ? 0 : Math.max(0, indexOf(entries, active));
    const to = Math.min(count - 1, Math.max(0, from + step));
    const { number } = entryAt(entries, to);
    wanted.current = number;
    setActive(number);
    // The head of the table covers the first of the rows in sight.
    if (to * ROW < current.scrollTop) current.scrollTop = to * ROW;
    else if ((to + 2) * ROW > current.scrollTop + height) current.scrollTop = (to + 2) * ROW - height;
    scrolled(current.scrollTop);
  };
  return { active, setActive, move };
}

interface EntryTableProps {
  /** From the oldest to the latest. */
  readonly entries: readonly JournalSummary[];
  /** Number of the entry that is opened. */
  readonly chosen: number | undefined;
  /** Of the address, which links keep. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Told whether the user is at some entry, so that the list is to stay as it is. */
  readonly hold: (isHeld: boolean) => void;
}

interface EntryRowProps {
  readonly entry: JournalSummary;
  readonly index: number;
  readonly query: EntryTableProps['query'];
  readonly isChosen: boolean;
  readonly isTabbed: boolean;
  readonly focused: (number: number) => void;
}

function EntryRow({ entry, index, query, isChosen, isTabbed, focused }: EntryRowProps) {
  const { number, at, method, status, url, platform, operation, milliseconds, fault, replayOf } = entry;
  return (
    <tr
      aria-rowindex={index + 2}
      class={isChosen ? 'entry chosen' : 'entry'}
      data-number={number}
      style={{ top: `${index * ROW}px` }}
    >
      <td class="number">
        <a
          href={addressOf(['journal', String(number)], query)}
          tabIndex={isTabbed ? 0 : -1}
          aria-current={isChosen ? 'true' : undefined}
          onFocus={() => focused(number)}
        >
          {number}
        </a>
      </td>
      <td class="time">{timeOf(at)}</td>
      <td class="method">{method}</td>
      <td class="status">
        <span class={`badge ${classOf(status)}`}>{status === 0 ? 'cut' : status}</span>
      </td>
      <td class="path" title={url}>
        {fault !== undefined && <span class="badge warning">fault {fault}</span>}
        {replayOf !== undefined && <span class="badge">again {replayOf}</span>}
        {url}
      </td>
      <td class="operation">{operation ?? platform ?? ''}</td>
      <td class="ms">{milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)}</td>
    </tr>
  );
}

/** Word of the style sheet for a status. */
export function classOf(status: number): string {
  if (status === 0 || status >= 500) return 'error';
  return status >= 400 ? 'warning' : 'good';
}

/** Of the day, in the user's time zone. */
function timeOf(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** The latest is the first row. */
function entryAt(entries: readonly JournalSummary[], index: number): JournalSummary {
  return entries[entries.length - 1 - index] as JournalSummary;
}

/** Row of an entry by its number, or -1; entries are in the order of their numbers. */
function indexOf(entries: readonly JournalSummary[], number: number): number {
  let [low, high] = [0, entries.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = (entries[middle] as JournalSummary).number;
    if (found === number) return entries.length - 1 - middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function chosenOrFirst(entries: readonly JournalSummary[], chosen: number | undefined): number | undefined {
  return chosen !== undefined && indexOf(entries, chosen) >= 0 ? chosen : entries.at(-1)?.number;
}
