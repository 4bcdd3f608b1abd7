import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** What was seen to change since the last round. */
export interface Touched {
  /** The names of files and folders in `connections/`. */
  readonly ids: ReadonlySet<string>;
  /** Whether connector.json changed, on which everything depends. */
  readonly manifest: boolean;
}

export interface FollowOptions {
  /** Absolute. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Called soon after something changed, one call after the other. */
  changed(touched: Touched): void;
  /** Called when nothing has changed for a while: events can be lost, and what they told of can be seen here. */
  settled(): void;
  failed(error: unknown): void;
}

/** Milliseconds of quiet before a change is taken up: a save is several events. */
const QUIET = 6;
/** Milliseconds after which it is taken up although there is no quiet. */
const PATIENCE = 40;
/** Milliseconds of quiet before all is thought to be over. */
const SETTLED = 150;

/**
 * Follows a project's files until the signal says stop. Events are only hints at where to look, never what happened:
 * editors write in several steps, and branches change many files at once.
 */
export async function follow({ root, signal, changed, settled, failed }: FollowOptions): Promise<void> {
  let ids = new Set<string>();
  let manifest = false;
  let first = 0;
  let soon: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;
  const act = () => {
    const touched = { ids, manifest };
    [ids, manifest, first] = [new Set(), false, 0];
    changed(touched);
  };
  const touch = (path: string) => {
    const [top, id] = path.split(sep);
    if (id !== undefined) ids.add(id);
    // The folder that holds them all: which of them are there is looked up in any case.
    else if (top !== 'connections') manifest = true;
    const now = performance.now();
    first ||= now;
    clearTimeout(soon);
    clearTimeout(later);
    soon = setTimeout(act, Math.max(0, Math.min(QUIET, first + PATIENCE - now)));
    later = setTimeout(settled, SETTLED);
  };
  // Not normalized: chokidar waits 100 ms for that, and the files are read again in any case.
  const watcher = watch(root, {
    ignoreInitial: true,
    atomic: false,
    ignored: (path) => isBeside(relative(root, path)),
  });
  watcher.on('all', (_, path) => touch(relative(root, path)));
  // Of two changes within 50 ms only the first becomes an event; these are all of them.
  watcher.on('raw', (_, name, details) => {
    const at = relative(root, (details as { watchedPath: string }).watchedPath);
    const path = at === '' || at === 'connections' ? [at, name].filter(Boolean).join(sep) : at;
    if (!isBeside(path)) touch(path);
  });
  watcher.on('error', failed);
  // What changed before the watcher was ready.
  watcher.once('ready', settled);
  await new Promise<void>((stop) => {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', () => stop(), { once: true });
  });
  clearTimeout(soon);
  clearTimeout(later);
  await watcher.close();
}

/** Whether a path is no part of what is validated: all but connector.json and the files right in a connection. */
function isBeside(path: string): boolean {
  const parts = path.split(sep);
  if (path === '' || path === 'connector.json' || path === 'connections') return false;
  return parts[0] !== 'connections' || parts.length > 3 || parts.some((part) => part.startsWith('.'));
}
