import {
  type Diagnostic,
  type Files,
  openProject,
  type Project,
  validate,
  type Weight,
  type WriteOptions,
} from '@connectorkit/sdk';

/** Connections that are in memory at the same time: few enough to be gone before they count as old. */
const AT_ONCE = 16;

/** What of a project is looked at. */
export interface Extent {
  /** The ids of connections, those that are gone left out (default: all). */
  readonly connections?: readonly string[] | undefined;
  /** Whether what is wrong with the project's own files is told. */
  readonly manifest: boolean;
  /** How heavily problems weigh, whatever the project says of them. */
  readonly rules?: ReadonlyMap<string, Weight>;
  /** How heavily problems weigh of which neither the project nor `rules` says so. */
  readonly defaults?: ReadonlyMap<string, Weight>;
}

/** The whole project. */
export const WHOLE: Extent = { manifest: true };

/**
 * The problems of a project, connection by connection: a connection depends on its own files alone, so that one can be
 * looked at again without reading the others. Gives what `validate` gives, in its order.
 */
export class Survey {
  readonly #files: Files;
  readonly #memory: Memory | undefined;
  readonly #extent: Extent;
  /** As it was declared at the last look, without its connections. */
  #project: Project;
  /** Id → problems, in the project's order. */
  #connections = new Map<string, Diagnostic[]>();
  /** What is wrong with the project's own files. */
  #own: readonly Diagnostic[] = [];

  /**
   * What is read is kept when `remembers` is true, which `stale` needs.
   * @throws ConnectorError for a project that cannot be opened, as do all other methods that look.
   */
  constructor(files: Files, extent: Extent = WHOLE, { remembers = false } = {}) {
    this.#memory = remembers ? new Memory(files) : undefined;
    this.#files = this.#memory ?? files;
    this.#extent = extent;
    this.#project = this.#open();
    this.#lookAtAll();
  }

  /** Every problem, by place. */
  get diagnostics(): Diagnostic[] {
    // Each list is in order.
    return [...this.#own, ...[...this.#connections.values()].flat()].sort((a, b) => byText(a.file, b.file));
  }

  /** The ids of the connections that are looked at. */
  get connections(): readonly string[] {
    return [...this.#connections.keys()];
  }

  /** The files and folders whose changes matter, as the project says now. */
  get watched(): readonly string[] {
    return this.#project.watched;
  }

  /** Looks again at what depends on these files and folders, be they new, changed or gone. */
  lookAgain(paths: Iterable<string>): void {
    const owners = [...new Set(paths)].map((path) => this.#project.ownerOf(path));
    const touched = new Set(owners.flatMap((owner) => (owner === 'project' ? [] : owner)));
    const all = owners.includes('project');
    this.#memory?.forget((path) => {
      const owner = this.#project.ownerOf(path);
      return all || (owner !== 'project' && owner.some((id) => touched.has(id)));
    });
    this.#project = this.#open();
    if (all) this.#lookAtAll();
    else this.#lookAt(touched);
  }

  #lookAtAll(): void {
    const ids = this.#wanted();
    this.#connections = new Map(ids.map((id) => [id, []]));
    this.#validate(ids);
  }

  /** Looks at these connections, and at those that nobody knew of. */
  #lookAt(touched: ReadonlySet<string>): void {
    const kept = this.#connections;
    const ids = this.#wanted();
    this.#connections = new Map(ids.map((id) => [id, (touched.has(id) ? undefined : kept.get(id)) ?? []]));
    this.#validate(ids.filter((id) => touched.has(id) || !kept.has(id)));
  }

  /** The files and folders that are no longer what was read. */
  stale(): string[] {
    return this.#memory?.changed() ?? [];
  }

  #open(): Project {
    return openProject(this.#files, { connections: [] });
  }

  /** The connections that are there and wanted. */
  #wanted(): readonly string[] {
    const { connections } = this.#extent;
    const { ids } = this.#project;
    return connections === undefined ? ids : ids.filter((id) => connections.includes(id));
  }

  #validate(ids: readonly string[]): void {
    const { rules = new Map(), defaults = new Map(), manifest } = this.#extent;
    let own: Diagnostic[] = [];
    // What was read of some connections can go before others are read.
    for (let from = 0; from === 0 || from < ids.length; from += AT_ONCE) {
      own = [];
      const found = validate(this.#project.only(ids.slice(from, from + AT_ONCE)), { rules, defaults });
      for (const problem of found) {
        const { connection } = problem;
        if (connection === undefined) own.push(problem);
        else this.#connections.get(connection)?.push(problem);
      }
    }
    this.#own = manifest ? own : [];
  }
}

/** Files that remember what was read from them. */
class Memory implements Files {
  readonly #files: Files;
  readonly #texts = new Map<string, string | undefined>();
  readonly #lists = new Map<string, string>();

  constructor(files: Files) {
    this.#files = files;
  }

  read(path: string): string | undefined {
    const text = this.#files.read(path);
    this.#texts.set(path, text);
    return text;
  }

  list(folder: string): readonly string[] {
    const names = this.#files.list(folder);
    this.#lists.set(folder, names.join('\n'));
    return names;
  }

  write(path: string, text: string, options?: WriteOptions): void {
    this.#files.write(path, text, options);
  }

  rename(from: string, to: string): void {
    this.#files.rename(from, to);
  }

  ignored(paths: readonly string[]): ReadonlySet<string> | undefined {
    return this.#files.ignored?.(paths);
  }

  /** What was read of these files and folders counts no longer. */
  forget(outdated: (path: string) => boolean): void {
    for (const map of [this.#texts, this.#lists]) {
      for (const path of map.keys()) if (outdated(path)) map.delete(path);
    }
  }

  /** The files and folders that are no longer what was read. */
  changed(): string[] {
    const texts = [...this.#texts].filter(([path, text]) => this.#files.read(path) !== text);
    const lists = [...this.#lists].filter(([folder, names]) => this.#files.list(folder).join('\n') !== names);
    return [...texts, ...lists].map(([path]) => path);
  }
}

function byText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
