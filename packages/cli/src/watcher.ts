import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

export interface WatchOptions {
  /** Absolute. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** The files and folders that matter now, relative to the root; of folders, which have a slash at the end, everything. */
  watched(): readonly string[];
  /** Called soon after something changed, one call after the other, with the paths that did. */
  changed(paths: ReadonlySet<string>): void;
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
 * Watches files until the signal says stop. Events are only hints at where to look, never what happened: editors write
 * in several steps, and branches change many files at once. What is watched may change with every change.
 */
export async function watchFiles({ root, signal, watched, changed, settled, failed }: WatchOptions): Promise<void> {
  let paths = new Set<string>();
  let first = 0;
  let soon: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;
  const touch = (path: string) => {
    paths.add(path);
    const now = performance.now();
    first ||= now;
    clearTimeout(soon);
    clearTimeout(later);
    soon = setTimeout(act, Math.max(0, Math.min(QUIET, first + PATIENCE - now)));
    later = setTimeout(settled, SETTLED);
  };
  let scope = new Scope(watched());
  let renewal = Promise.resolve();
  const begin = () => {
    const begun = watchScope(root, scope, touch, failed);
    // What changed before the watcher was ready.
    begun.once('ready', () => {
      settled();
      renewal = renewal.then(renew);
    });
    return begun;
  };
  const renew = async () => {
    const next = watched();
    if (signal.aborted || scope.isOf(next)) return;
    await watcher.close();
    scope = new Scope(next);
    watcher = begin();
  };
  const act = () => {
    const touched = paths;
    [paths, first] = [new Set(), 0];
    changed(touched);
    renewal = renewal.then(renew);
  };
  let watcher = begin();
  await new Promise<void>((stop) => {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', () => stop(), { once: true });
  });
  clearTimeout(soon);
  clearTimeout(later);
  await renewal;
  await watcher.close();
}

function watchScope(root: string, scope: Scope, touch: (path: string) => void, failed: (error: unknown) => void) {
  const inside = (path: string) => relative(root, path).replaceAll(sep, '/');
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
  watcher.on('raw', (_, name, details) => {
    const at = inside((details as { watchedPath: string }).watchedPath);
    // A file is told of by its own name, and a folder by the name of what changed in it.
    if (!name || at === name || at.endsWith(`/${name}`)) touchInScope(at);
    if (name) touchInScope(at === '' ? name : `${at}/${name}`);
  });
  watcher.on('error', failed);
  return watcher;
}

/** What is to be watched: some files, all that is in some folders, and the folders on the way to both. */
class Scope {
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

  /** Whether it is in one of the folders, and not what editors, version control or package managers put there. */
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
