import type { Files } from '@connectorkit/sdk';

type Sources = NonNullable<Files['sources']>;
type Kept = NonNullable<ReturnType<Sources['get']>>;

/** Milliseconds for which a file is not read again: an editor that tells of no changes is behind by no more. */
const FRESH = 2000;
/** Texts that are kept: those of the connections that somebody works on. */
const MOST = 200;

/** The files on disk, read again when the editor tells of a change, and after a while. */
export class RecentFiles {
  readonly #files: Files;
  readonly #texts = new Map<string, string | undefined>();
  readonly #lists = new Map<string, readonly string[]>();
  readonly #sources = new Map<string, Kept>();
  /** What was read and parsed before: what is a single time, as all is when a project is opened, is not kept. */
  readonly #read = new Map<string, true>();
  readonly #parsed = new Map<string, true>();
  #ignored: { readonly paths: string; readonly found: ReadonlySet<string> | undefined } | undefined;
  #until = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  get files(): Files {
    const files = this.#files;
    const sources = {
      get: (path: string) => this.#sources.get(path),
      set: (path: string, source: Kept) => {
        if (this.#parsed.has(path)) kept(this.#sources, path, source);
        else kept(this.#parsed, path, true);
      },
    };
    return {
      ...files,
      read: (path) => this.#fresh(this.#texts, path, () => files.read(path)),
      list: (folder) => this.#fresh(this.#lists, folder, () => files.list(folder)),
      ignored: (paths) => this.#ignoredAmong(paths),
      sources,
    };
  }

  /** Forgets what was read: something changed on disk. */
  forget(): void {
    this.#texts.clear();
    this.#lists.clear();
    this.#ignored = undefined;
  }

  #fresh<T>(read: Map<string, T>, path: string, again: () => T): T {
    const now = performance.now();
    if (now > this.#until) {
      this.#texts.clear();
      this.#lists.clear();
      this.#until = now + FRESH;
    }
    const known = read.get(path);
    if (known !== undefined || read.has(path)) return known as T;
    const value = again();
    if (this.#read.has(path)) kept(read, path, value);
    else kept(this.#read, path, true);
    return value;
  }

  /** Asks git again only when something changed on disk: it takes longer than all else. */
  #ignoredAmong(paths: readonly string[]): ReadonlySet<string> | undefined {
    const key = paths.join('\n');
    if (this.#ignored?.paths !== key) this.#ignored = { paths: key, found: this.#files.ignored?.(paths) };
    return this.#ignored.found;
  }
}

/** Keeps a value, and none of those that are kept for longest beyond a number. */
function kept<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.size > MOST ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}
