import {
  type Diagnostic,
  type Files,
  MARKERS,
  openProject,
  validate,
  type Weight,
  type WriteOptions,
} from '@connectorkit/sdk';
import { goFirst } from './precedence.ts';

const CONNECTIONS = 'connections';
/** Connections that are in memory at the same time: few enough to be gone before they count as old. */
const AT_ONCE = 16;
/** Connections that take so long that V8 compiles what they run through. */
const MANY = 50;

/** What of a project is looked at. */
export interface Extent {
  /** The ids of connections, those that are gone left out; all unless said. */
  readonly connections?: readonly string[] | undefined;
  /** Whether what is wrong with the project's own files is told. */
  readonly manifest: boolean;
  /** How heavily problems weigh, whatever the project says of them. */
  readonly rules?: ReadonlyMap<string, Weight>;
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
  /** Id → problems; ids in the order of the folder. */
  #connections = new Map<string, readonly Diagnostic[]>();
  #manifest: readonly Diagnostic[] = [];

  /**
   * What is read is kept when `remembers` is true, which `stale` needs.
   * @throws ConnectorError for a project that cannot be opened, as do all other methods that look.
   */
  constructor(files: Files, extent: Extent = WHOLE, { remembers = false } = {}) {
    this.#memory = remembers ? new Memory(files) : undefined;
    this.#files = this.#memory ?? files;
    this.#extent = extent;
    this.look();
  }

  /** Every problem, by place. */
  get diagnostics(): Diagnostic[] {
    // Each list is in order, and no file is in two of them.
    return [...this.#manifest, ...[...this.#connections.values()].flat()].sort((a, b) => byText(a.file, b.file));
  }

  /** The ids of the connections that are looked at. */
  get connections(): readonly string[] {
    return [...this.#connections.keys()];
  }

  /** Looks at everything. */
  look(): void {
    const { connections } = this.#extent;
    this.#memory?.forget();
    const ids = this.#listed();
    this.#connections = new Map(ids.map((id) => [id, []]));
    const apart = this.#files.read(MARKERS.native) !== undefined;
    if (connections === undefined && (ids.length <= AT_ONCE || !apart)) {
      this.#sort(this.#validate(undefined));
      return;
    }
    if (ids.length > MANY) goFirst();
    // What was read of some connections can go before others are read; the project's own files are few.
    const own = new Map<string, string | undefined>();
    for (let from = 0; from === 0 || from < ids.length; from += AT_ONCE) {
      this.#sort(this.#validate(ids.slice(from, from + AT_ONCE), own));
    }
  }

  /** Looks again at these connections, be they new, changed or gone, and at those that nobody knew of. */
  lookAgain(ids: Iterable<string>): void {
    const listed = this.#listed();
    const again = [...new Set(ids)].filter((id) => listed.includes(id));
    const kept = this.#connections;
    this.#connections = new Map(listed.map((id) => [id, kept.get(id) ?? []]));
    const fresh = listed.filter((id) => !kept.has(id) && !again.includes(id));
    for (const id of [...again, ...fresh]) {
      this.#memory?.forget(`${CONNECTIONS}/${id}`);
      this.#connections.set(id, []);
    }
    // Whether there are connections at all is told with the project's own files.
    if (again.length + fresh.length === 0 && listed.length > 0) return;
    this.#sort(this.#validate([...again, ...fresh]));
  }

  /** The ids of connections whose files are no longer what was read, and whether the project's own are not. */
  stale(): { readonly ids: readonly string[]; readonly manifest: boolean } {
    const paths = this.#memory?.changed() ?? [];
    const ids = paths.flatMap((path) => idOf(path) ?? []);
    return { ids: [...new Set(ids)], manifest: paths.some((path) => idOf(path) === undefined) };
  }

  /** The connections that are there and wanted. */
  #listed(): string[] {
    const { connections } = this.#extent;
    const there = this.#files.list(CONNECTIONS).flatMap((name) => (name.endsWith('/') ? [name.slice(0, -1)] : []));
    return connections === undefined ? there : there.filter((id) => connections.includes(id));
  }

  #validate(ids: readonly string[] | undefined, own = new Map<string, string | undefined>()): Diagnostic[] {
    const { rules = new Map() } = this.#extent;
    if (ids === undefined) return validate(openProject(this.#files), { rules });
    const wanted = ids.map((id) => `${id}/`);
    const list = (folder: string) => (folder === CONNECTIONS ? wanted : this.#files.list(folder));
    const files = this.#files;
    const read = (path: string) => {
      if (path.includes('/')) return files.read(path);
      if (!own.has(path)) own.set(path, files.read(path));
      return own.get(path);
    };
    const problems = validate(
      openProject({
        read,
        list,
        write: (path, text, options) => files.write(path, text, options),
        rename: (from, to) => files.rename(from, to),
      }),
      { rules },
    );
    // With every connection left out, the project seems to have none.
    const some = ids.length > 0 || this.#files.list(CONNECTIONS).some((name) => name.endsWith('/'));
    return some ? problems.filter(({ code }) => code !== 'project/no-connections') : problems;
  }

  #sort(problems: readonly Diagnostic[]): void {
    const manifest: Diagnostic[] = [];
    const connections = new Map<string, Diagnostic[]>();
    for (const problem of problems) {
      const id = idOf(problem.file ?? '');
      if (id === undefined) manifest.push(problem);
      else connections.set(id, [...(connections.get(id) ?? []), problem]);
    }
    for (const [id, own] of connections) this.#connections.set(id, own);
    this.#manifest = this.#extent.manifest ? manifest : [];
  }
}

/** The connection that a file belongs to; undefined when it is one of the project's own. */
export function idOf(path: string): string | undefined {
  const [top, id] = path.split('/');
  return top === CONNECTIONS && id !== undefined && id !== '' ? id : undefined;
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

  /** What was read below a folder counts no longer. */
  forget(folder = ''): void {
    for (const map of [this.#texts, this.#lists]) {
      for (const path of map.keys()) {
        if (folder === '' || path === folder || path.startsWith(`${folder}/`)) map.delete(path);
      }
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
