import { connectionHashes } from './connection-hash.ts';
import { ConnectorError, type Diagnostic } from './diagnostics.ts';
import { type Files, withOverlay } from './project/files.ts';
import { openProject } from './project/index.ts';
import { PROJECT_FILES, type Project } from './project/project.ts';
import { byText, type ValidateOptions, validate } from './validate.ts';

/** Options: the connections to validate, and the severities that count. */
export interface ValidatorOptions extends Omit<ValidateOptions, 'connections'> {
  /** The project's files. */
  readonly files: Files;
  /** The ids of the connections to validate, those that are gone left out (default: all). */
  readonly connections?: readonly string[] | undefined;
  /** True if problems of the project's own files, such as its manifest, are reported (default: true). */
  readonly ownProblems?: boolean;
  /** True if the project is validated a single time: nothing is kept to tell later what has changed (default: false). */
  readonly once?: boolean;
}

/**
 * Validates a project again and again while its files change. A connection depends on its own files and on the
 * project's alone, so that one can be validated again without reading the others.
 */
export interface ProjectValidator {
  /** All problems as they were found last, sorted by file; what keeps the project from being opened, if anything does. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same of one connection; under undefined those of the project's own files. */
  problemsOf(connection: string | undefined): readonly Diagnostic[];
  /** The connections whose problems may be others than when this was asked last; undefined for the project's own. */
  takeStale(): ReadonlySet<string | undefined>;
  /** The project as it was declared last, without its connections: `only` reads some. Undefined while it cannot be opened. */
  readonly project: Project | undefined;
  /** Why the project could not be opened last; undefined when it could. */
  readonly failure: ConnectorError | undefined;
  /** The ids of the connections that are validated. */
  readonly connections: readonly string[];
  /** The files and folders to watch, as the layout says; folders have a slash at the end. */
  readonly watched: readonly string[];
  /**
   * Validates what depends on these files and folders, be they new, changed or gone.
   * @param paths relative to the project, with forward slashes
   * @returns whether anything is different from what was read last
   */
  update(paths: Iterable<string>): boolean;
  /**
   * Reads everything, and validates the connections that are not what was read last; all of them the first time.
   * @returns whether anything is different from what was read last
   */
  refresh(): boolean;
  /**
   * Opens the whole project, and validates those of its connections that are not what was read last: the problems are
   * of exactly the texts that the project holds.
   * @throws ConnectorError when it cannot be opened
   */
  open(): Project;
  /**
   * Puts texts in the place of files, as editors have them before they are saved, and validates what depends on those
   * that differ from the texts set before; everything if nothing was read yet.
   * @param texts path → text; files without one are read from disk
   */
  setTexts(texts: ReadonlyMap<string, string>): void;
}

/** Connections that are in memory at the same time, so that a large project needs no more of it than a small one. */
const AT_ONCE = 16;

/** Problems of a connection, and a hash of what was read of it. */
interface Found {
  /** Undefined where it is not kept: in a single validation, and for texts in the place of files. */
  readonly hash: string | undefined;
  readonly problems: readonly Diagnostic[];
}

/**
 * Makes a validator of a project, which reads nothing before it is asked to.
 * @example
 * const validator = createValidator({ files });
 * validator.refresh();
 * for (const { file, message } of validator.diagnostics) console.log(file, message);
 */
export function createValidator(options: ValidatorOptions): ProjectValidator {
  return new IncrementalValidator(options);
}

/**
 * The connections that depend on files: their ids, in the project's order, or `all` when the project's own files are
 * among them.
 */
export function connectionsOf(project: Project, paths: Iterable<string>): readonly string[] | 'all' {
  const owners = [...new Set(paths)].map((path) => project.ownerOf(path));
  if (owners.includes('project')) return 'all';
  const ids = new Set(owners.flat());
  return project.ids.filter((id) => ids.has(id));
}

class IncrementalValidator implements ProjectValidator {
  readonly #files: Files;
  readonly #chosen: readonly string[] | undefined;
  readonly #reportsOwn: boolean;
  readonly #once: boolean;
  readonly #validation: ValidateOptions;
  readonly #texts = new Map<string, string>();
  /** As it was declared last, without its connections; undefined while it cannot be opened. */
  #project: Project | undefined;
  /** Id → what was found, in the project's order. */
  #found = new Map<string, Found>();
  /** The problems of the project's own files. */
  #own: readonly Diagnostic[] = [];
  #stale = new Set<string | undefined>();
  failure: ConnectorError | undefined;

  constructor({ files, connections, ownProblems = true, once = false, ...validation }: ValidatorOptions) {
    this.#files = withOverlay(files, this.#texts);
    this.#chosen = connections;
    this.#reportsOwn = ownProblems;
    this.#once = once;
    this.#validation = validation;
  }

  get diagnostics(): readonly Diagnostic[] {
    if (this.failure !== undefined) return this.failure.diagnostics;
    const found = [...this.#found.values()].flatMap(({ problems }) => problems);
    const own = this.#reportsOwn ? this.#own : [];
    // Each list is in order.
    return [...own, ...found].sort((a, b) => byText(a.file, b.file));
  }

  problemsOf(connection: string | undefined): readonly Diagnostic[] {
    if (connection !== undefined) return this.#found.get(connection)?.problems ?? [];
    return this.failure?.diagnostics ?? (this.#reportsOwn ? this.#own : []);
  }

  takeStale(): ReadonlySet<string | undefined> {
    const stale = this.#stale;
    this.#stale = new Set();
    return stale;
  }

  get project(): Project | undefined {
    return this.#project;
  }

  get connections(): readonly string[] {
    return [...this.#found.keys()];
  }

  get watched(): readonly string[] {
    return this.#project?.watched ?? PROJECT_FILES;
  }

  update(paths: Iterable<string>): boolean {
    const before = this.#project;
    const outdated = before === undefined ? 'all' : connectionsOf(before, paths);
    return this.#attempt(() => {
      const project = openProject(this.#files, { connections: [] });
      return this.#validate(project, outdated, (ids) => project.only(ids));
    });
  }

  refresh(): boolean {
    return this.#attempt(() => {
      const project = openProject(this.#files, { connections: [] });
      const read = (ids: readonly string[]) => project.only(ids);
      return this.#validate(project, this.#outdated(project, read), read);
    });
  }

  open(): Project {
    let project: Project | undefined;
    this.#attempt(() => {
      const whole = openProject(this.#files);
      project = whole;
      const read = (ids: readonly string[]) => {
        return { ...whole, connections: whole.connections.filter(({ id }) => ids.includes(id)) };
      };
      return this.#validate(whole, this.#outdated(whole, read), read);
    });
    if (this.failure !== undefined || project === undefined) throw this.failure;
    return project;
  }

  setTexts(texts: ReadonlyMap<string, string>): void {
    const paths = new Set([...this.#texts.keys(), ...texts.keys()]);
    const differing = [...paths].filter((path) => this.#texts.get(path) !== texts.get(path));
    for (const path of differing) {
      const text = texts.get(path);
      if (text === undefined) this.#texts.delete(path);
      else this.#texts.set(path, text);
    }
    const isRead = this.#project !== undefined || this.failure !== undefined;
    if (differing.length > 0 || !isRead) this.#updateTexts(differing);
  }

  /** Validates what depends on texts; what the project itself says is read again only where one of them says it. */
  #updateTexts(paths: readonly string[]): void {
    const project = this.#project;
    const ids = project === undefined ? undefined : this.#ownersOf(project, paths);
    if (project === undefined || ids === undefined) this.update(paths);
    else this.#attempt(() => this.#accept(project.only(ids), ids, false));
  }

  /** The connections, of those that are validated, that files belong to; undefined if the project itself has to be read. */
  #ownersOf(project: Project, paths: readonly string[]): readonly string[] | undefined {
    const found = new Set<string>();
    for (const path of paths) {
      const owner = project.ownerOf(path);
      if (owner === 'project' || owner.some((id) => !project.ids.includes(id))) return undefined;
      for (const id of owner) if (this.#found.has(id)) found.add(id);
    }
    return [...found];
  }

  /** Keeps why a project cannot be opened; the next attempt validates everything. @returns whether anything is different */
  #attempt(work: () => boolean): boolean {
    const before = this.failure;
    try {
      this.failure = undefined;
      if (before !== undefined) this.#stale.add(undefined);
      return work() || before !== undefined;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      this.failure = error;
      this.#project = undefined;
      for (const id of [undefined, ...this.#found.keys()]) this.#stale.add(id);
      this.#found.clear();
      return JSON.stringify(before?.diagnostics) !== JSON.stringify(error.diagnostics);
    }
  }

  /** The connections to validate that are there. */
  #wanted({ ids }: Project): readonly string[] {
    const chosen = this.#chosen;
    return chosen === undefined ? ids : ids.filter((id) => chosen.includes(id));
  }

  /** The connections that are not what was read last. */
  #outdated(project: Project, read: ReadConnections): readonly string[] | 'all' {
    if (this.#project === undefined || declarationOf(project) !== declarationOf(this.#project)) return 'all';
    return inChunks(this.#wanted(project)).flatMap((ids) => {
      const part = read(ids);
      const hashes = connectionHashes(part, ids);
      return ids.filter((id) => this.#found.get(id)?.hash !== hashes.get(id));
    });
  }

  /** Validates the outdated connections, and those that are new. @returns whether anything is different */
  #validate(project: Project, outdated: readonly string[] | 'all', read: ReadConnections): boolean {
    const [before, found, own] = [this.#project, this.#found, JSON.stringify(this.#own)];
    const ids = this.#wanted(project);
    const chosen = new Set(outdated === 'all' ? ids : outdated);
    const stale = ids.filter((id) => chosen.has(id) || !found.has(id));
    this.#found = new Map(ids.map((id) => [id, found.get(id) ?? NOTHING]));
    for (const id of found.keys()) if (!this.#found.has(id)) this.#stale.add(id);
    for (const chunk of inChunks(stale)) this.#accept(read(chunk), chunk, !this.#once);
    this.#project = project.only([]);
    return (
      before === undefined ||
      declarationOf(before) !== declarationOf(project) ||
      JSON.stringify(this.#own) !== own ||
      [...found.keys()].join() !== ids.join() ||
      stale.some((id) => found.get(id)?.hash !== this.#found.get(id)?.hash)
    );
  }

  /**
   * Takes over what is wrong with these connections, which `part` holds, and with the project's own files.
   * @returns true: something may be different
   */
  #accept(part: Project, ids: readonly string[], hashed: boolean): true {
    const own: Diagnostic[] = [];
    const byConnection = new Map<string | undefined, Diagnostic[]>(ids.map((id) => [id, []]));
    byConnection.set(undefined, own);
    for (const problem of validate(part, this.#validation)) byConnection.get(problem.connection)?.push(problem);
    const hashes = hashed ? connectionHashes(part, ids) : undefined;
    for (const id of ids) {
      this.#found.set(id, { hash: hashes?.get(id), problems: byConnection.get(id) ?? [] });
      this.#stale.add(id);
    }
    this.#own = own;
    this.#stale.add(undefined);
    return true;
  }
}

/** Reads connections of a project: the project with these alone. */
type ReadConnections = (ids: readonly string[]) => Project;

const NOTHING: Found = { hash: '', problems: [] };

/** The ids in chunks that are read together; one that is empty for none. */
function inChunks(ids: readonly string[]): (readonly string[])[] {
  const count = Math.max(1, Math.ceil(ids.length / AT_ONCE));
  return Array.from({ length: count }, (_, index) => ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
}

/** Returns the contents of a project's own files. */
function declarationOf({ manifest, settings }: Project): string {
  return `${manifest.text}\0${settings.text}`;
}
