import nodePath, { type PlatformPath } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface WatchOptions {
  /** Absolute. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** The files and folders that matter now, relative to the root; of folders, which have a slash at the end, everything. */
  watched(): readonly string[];
  /** Called soon after something changed, with the paths that did; one call after the other, never two at a time. */
  changed(paths: ReadonlySet<string>): void | Promise<void>;
  /** Called when nothing has changed for a while: events can be lost, and what they told of can be seen here. */
  settled(): void | Promise<void>;
  failed(error: unknown): void;
}

/** Milliseconds of quiet before a change is taken up: a save is several events. */
const QUIET = 6;
/** Milliseconds after which it is taken up although there is no quiet. */
const PATIENCE = 40;
/** Milliseconds of quiet after which all may be over: twice, since what writes may be held up, and events be lost. */
const SETTLED = [150, 1000];

/**
 * Watches files until the signal says stop. Events are only hints at where to look, never what happened: editors write
 * in several steps, and branches change many files at once. What is watched may change with every change.
 * @throws what `changed` and `settled` throw
 */
export async function watchFiles(options: WatchOptions): Promise<void> {
  const watcher = new Watcher(options);
  try {
    await watcher.ended;
  } finally {
    await watcher.close();
  }
}

class Watcher {
  readonly #options: WatchOptions;
  /** Settles when the signal says stop, or with what a call threw. */
  readonly ended: Promise<void>;
  #fail: (error: unknown) => void = () => {};
  #scope: WatchScope;
  #watching: FSWatcher;
  /** Changed paths that were not taken up yet. */
  #paths = new Set<string>();
  /** When the first of it did, in milliseconds; 0 while there is none. */
  #first = 0;
  #soon: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout[] = [];
  /** Calls that are due. */
  readonly #due = { changed: false, settled: false };
  #working: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { signal } = options;
    this.ended = new Promise((stop, fail) => {
      this.#fail = fail;
      if (signal.aborted) stop();
      else signal.addEventListener('abort', () => stop(), { once: true });
    });
    this.#scope = new WatchScope(options.watched());
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    for (const timer of [this.#soon, ...this.#later]) clearTimeout(timer);
    await this.#working;
    await this.#watching.close();
  }

  #watch(): FSWatcher {
    const { root, failed } = this.#options;
    const watching = watchScope(root, this.#scope, (path) => this.#touch(path), failed);
    // What changed before it was ready, and in folders that came at that moment: it may not tell of these.
    return watching.once('ready', () => {
      this.#take('settled');
      this.#settle();
    });
  }

  #touch(path: string): void {
    this.#paths.add(path);
    const now = performance.now();
    this.#first ||= now;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#take('changed'), Math.max(0, Math.min(QUIET, this.#first + PATIENCE - now)));
    this.#settle();
  }

  #settle(): void {
    for (const timer of this.#later) clearTimeout(timer);
    this.#later = SETTLED.map((delay) => setTimeout(() => this.#take('settled'), delay));
  }

  /** Queues a change; one that comes while a call runs is handled after it. */
  #take(what: 'changed' | 'settled'): void {
    this.#due[what] = true;
    this.#working ??= this.#work()
      .catch(this.#fail)
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #work(): Promise<void> {
    const due = this.#due;
    while ((due.changed || due.settled) && !this.#options.signal.aborted) {
      if (due.changed) {
        due.changed = false;
        const paths = this.#paths;
        [this.#paths, this.#first] = [new Set(), 0];
        await this.#options.changed(paths);
      } else {
        due.settled = false;
        await this.#options.settled();
      }
      await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const next = this.#options.watched();
    if (this.#options.signal.aborted || this.#scope.isOf(next)) return;
    await this.#watching.close();
    this.#scope = new WatchScope(next);
    this.#watching = this.#watch();
  }
}

/** A path below a root as projects call it: relative and with slashes, on Windows too. */
export function pathBelow(root: string, path: string, { relative, sep }: Paths = nodePath): string {
  return slashed(relative(root, path), sep);
}

type Paths = Pick<PlatformPath, 'relative' | 'sep'>;

function slashed(path: string, separator: string): string {
  return separator === '/' ? path : path.replaceAll(separator, '/');
}

function watchScope(
  root: string,
  scope: WatchScope,
  touch: (path: string) => void,
  failed: (error: unknown) => void,
): FSWatcher {
  const inside = (path: string) => pathBelow(root, path);
  const touchInScope = (path: string) => {
    if (path !== '' && scope.concerns(path)) touch(path);
  };
  // Not normalized: chokidar waits 100 ms for that, and the files are read again in any case.
  const watcher = watch(root, {
    ignoreInitial: true,
    atomic: false,
    ignored: (path) => !scope.concerns(inside(path)),
  });
  watcher.on('all', (_, path) => touchInScope(inside(path)));
  // Of two changes within 50 ms only the first becomes an event; these are all of them.
  watcher.on('raw', (_, told, details) => {
    const name = told && slashed(told, nodePath.sep);
    const at = inside((details as { watchedPath: string }).watchedPath);
    // A file is told of by its own name, and a folder by the name of what changed in it.
    if (!name || at === name || at.endsWith(`/${name}`)) touchInScope(at);
    if (name) touchInScope(at === '' ? name : `${at}/${name}`);
  });
  watcher.on('error', failed);
  return watcher;
}

/** Paths to watch: some files, everything in some folders, and the folders that lead to both. */
class WatchScope {
  readonly #paths: readonly string[];
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #above = new Set<string>(['']);

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    for (const path of paths) {
      const plain = path.replace(/\/$/, '');
      (plain === path ? this.#files : this.#folders).add(plain);
      for (let folder = parentOf(plain); folder !== ''; folder = parentOf(folder)) this.#above.add(folder);
    }
  }

  isOf(paths: readonly string[]): boolean {
    return this.#paths.length === paths.length && this.#paths.every((path, index) => path === paths[index]);
  }

  concerns(path: string): boolean {
    return this.#files.has(path) || this.#folders.has(path) || this.#above.has(path) || this.#holds(path);
  }

  /** Checks if it is in one of the folders, and not what editors, version control or package managers put there. */
  #holds(path: string): boolean {
    for (let at = path; at !== ''; at = parentOf(at)) {
      if (this.#folders.has(at)) return true;
      const name = at.slice(at.lastIndexOf('/') + 1);
      if (name.startsWith('.') || name === 'node_modules') return false;
    }
    return false;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
