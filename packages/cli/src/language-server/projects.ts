import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic, Files } from '@connectorkit/sdk';
import {
  type FileReading,
  type ProblemsByConnection,
  ProjectLanguage,
  problemsAlone,
  readAlone,
} from '@connectorkit/sdk/language';
import { findProject } from '@connectorkit/sdk/node';
import { PROJECT_FILES } from '@connectorkit/sdk/project';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenDocuments } from './open-documents.ts';

/** Parts of the server that projects need. */
export interface ProjectsOptions {
  readonly documents: OpenDocuments;
  /** The files in a folder. */
  files(folder: string): Files;
  /** Shows the problems of a file, in the place of those before. */
  publish(uri: string, problems: readonly Diagnostic[], uriOf: (file: string) => string): void;
}

/** A file as the features see it, and the project that it is in; undefined for a file that is opened alone. */
export interface Located {
  readonly reading: FileReading;
  readonly project: OpenProject | undefined;
}

/** The projects of the open documents, and the documents that are in none. */
export class Projects {
  readonly #options: ProjectsOptions;
  /** Root folder → project. */
  readonly #projects = new Map<string, OpenProject>();
  /** URI of an open document → where it is. */
  readonly #places = new Map<string, { readonly project: OpenProject; readonly file: string } | undefined>();
  readonly #changed = new Set<string>();

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  /** The projects that are open. */
  *[Symbol.iterator](): Generator<OpenProject> {
    yield* this.#projects.values();
  }

  /** Notes that a document was opened: its problems are shown even if there are none. */
  open(uri: string): void {
    this.#placeOf(uri)?.project.show(uri);
    this.touch(uri);
  }

  /** Notes that a document was changed; what follows from it is worked out by `settle`. */
  touch(uri: string): void {
    this.#changed.add(uri);
  }

  /** Forgets a document that was closed; the project of the last one is closed as well. */
  close(uri: string): void {
    const place = this.#placeOf(uri);
    this.#changed.delete(uri);
    this.#places.delete(uri);
    if (place === undefined) {
      this.#options.publish(uri, [], () => uri);
      return;
    }
    const { project } = place;
    const isLast = ![...this.#places.values()].some((other) => other?.project === project);
    if (isLast) {
      project.close();
      this.#projects.delete(project.root);
    } else project.settle();
  }

  /** Validates what depends on documents that changed, and shows what is different. */
  settle(): void {
    if (this.#changed.size === 0) return;
    const projects = new Set<OpenProject>();
    for (const uri of this.#changed) {
      const document = this.#options.documents.get(uri);
      const place = this.#placeOf(uri);
      if (place !== undefined) projects.add(place.project);
      else if (document !== undefined)
        this.#options.publish(uri, problemsAlone(nameOf(uri), document.getText()), () => uri);
    }
    this.#changed.clear();
    for (const project of projects) project.settle();
  }

  /** Reads what depends on files that changed on disk; a project can come or go with them. */
  changedOnDisk(uris: readonly string[]): void {
    const paths = uris.flatMap((uri) => pathOf(uri) ?? []);
    if (paths.some((path) => PROJECT_FILES.some((marker) => path.endsWith(sep + marker)))) this.#relocate();
    for (const project of this.#projects.values()) project.changedOnDisk(paths);
  }

  /** Finds anew in which project each document is. */
  #relocate(): void {
    for (const [uri, before] of [...this.#places]) {
      this.#places.delete(uri);
      const now = this.#placeOf(uri);
      if (now?.project === before?.project) continue;
      this.touch(uri);
      const isGone =
        before !== undefined && ![...this.#places.values()].some((other) => other?.project === before.project);
      if (!isGone) continue;
      before.project.close();
      this.#projects.delete(before.project.root);
    }
    this.settle();
  }

  /** Reads an open document for its features; undefined for one that is nothing of ours. */
  locate(uri: string): Located | undefined {
    this.settle();
    const document = this.#options.documents.get(uri);
    if (document === undefined) return undefined;
    const place = this.#placeOf(uri);
    const reading =
      place?.project.language.read(place.file) ?? readAlone(place?.file ?? nameOf(uri), document.getText());
    return reading && { reading, project: place?.project };
  }

  #placeOf(uri: string) {
    if (this.#places.has(uri)) return this.#places.get(uri);
    const path = pathOf(uri);
    const root = path === undefined ? undefined : findProject(dirname(path));
    const place =
      path === undefined || root === undefined
        ? undefined
        : { project: this.#projectIn(root), file: relative(root, path).replaceAll(sep, '/') };
    this.#places.set(uri, place);
    return place;
  }

  #projectIn(root: string): OpenProject {
    const known = this.#projects.get(root);
    if (known !== undefined) return known;
    const project = new OpenProject(root, this.#options);
    this.#projects.set(root, project);
    return project;
  }
}

/** A project of which documents are open. */
export class OpenProject {
  /** Absolute. */
  readonly root: string;
  readonly language: ProjectLanguage;
  readonly #options: ProjectsOptions;
  #isRead = false;
  /** Files that were opened since problems were shown last. */
  readonly #opened = new Set<string>();
  #shown: ProblemsByConnection = new Map();
  /** File → connection → its problems there. */
  readonly #byFile = new Map<string, Map<string | undefined, readonly Diagnostic[]>>();
  #ignored: { readonly paths: string; readonly ignored: ReadonlySet<string> | undefined } | undefined;

  constructor(root: string, options: ProjectsOptions) {
    this.root = root;
    this.#options = options;
    const files = options.files(root);
    this.language = new ProjectLanguage({ files: { ...files, ignored: (paths) => this.#ignoredAmong(files, paths) } });
  }

  /** Asks git once, and again when something changed on disk: it takes longer than all else. */
  #ignoredAmong(files: Files, paths: readonly string[]): ReadonlySet<string> | undefined {
    const key = paths.join('\n');
    if (this.#ignored?.paths !== key) this.#ignored = { paths: key, ignored: files.ignored?.(paths) };
    return this.#ignored.ignored;
  }

  /** The texts of the documents that are open in the project, by file. */
  #texts(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const document of this.#options.documents) {
      const file = this.fileOf(document.uri);
      if (file !== undefined) texts.set(file, document.getText());
    }
    return texts;
  }

  /** The file of the project that a URI means; undefined for one outside. */
  fileOf(uri: string): string | undefined {
    const path = pathOf(uri);
    if (path === undefined) return undefined;
    const file = relative(this.root, path).replaceAll(sep, '/');
    return file.startsWith('../') || file === '..' || resolve(this.root, file) !== path ? undefined : file;
  }

  /** The URI of a file, as the editor calls it where it has it open. */
  readonly uriOf = (file: string): string => {
    const open = this.documentOf(file);
    return open?.uri ?? pathToFileURL(join(this.root, file)).href;
  };

  /** The text of a file of the project, as the editor has it where it is open. */
  textOf(file: string): string | undefined {
    return this.documentOf(file)?.getText() ?? this.#options.files(this.root).read(file);
  }

  /** The open document of a file. */
  documentOf(file: string): TextDocument | undefined {
    for (const document of this.#options.documents) if (this.fileOf(document.uri) === file) return document;
    return undefined;
  }

  /** Has the problems of a document shown with the next ones, even if they are what they were. */
  show(uri: string): void {
    const file = this.fileOf(uri);
    if (file !== undefined) this.#opened.add(file);
  }

  /** Takes over the texts of the open documents, and shows what is different. */
  settle(): void {
    this.language.setTexts(this.#texts());
    if (!this.#isRead) this.language.refresh();
    this.#isRead = true;
    this.#show();
  }

  /** Reads again what depends on files that changed on disk; their paths are absolute. */
  changedOnDisk(paths: readonly string[]): void {
    const files = paths.flatMap((path) => {
      const file = relative(this.root, path).replaceAll(sep, '/');
      return file.startsWith('../') || file === '' ? [] : [file];
    });
    if (files.length === 0) return;
    this.#ignored = undefined;
    this.language.update(files);
    this.#show();
  }

  /** Shows no problems any more. */
  close(): void {
    for (const file of this.#byFile.keys()) this.#options.publish(this.uriOf(file), [], this.uriOf);
    this.#byFile.clear();
    this.#shown = new Map();
  }

  /** Shows the problems of files in which they are not what was shown last. */
  #show(): void {
    const now = this.language.problems;
    const stale = new Set(this.#opened);
    this.#opened.clear();
    for (const connection of new Set([...this.#shown.keys(), ...now.keys()])) {
      const problems = now.get(connection) ?? [];
      if (problems === this.#shown.get(connection)) continue;
      for (const file of this.#replace(connection, problems)) stale.add(file);
    }
    this.#shown = now;
    for (const file of stale) {
      const problems = [...(this.#byFile.get(file)?.values() ?? [])].flat();
      this.#options.publish(this.uriOf(file), problems, this.uriOf);
      if (problems.length === 0) this.#byFile.delete(file);
    }
  }

  /** @returns the files in which the connection's problems are not the same as before */
  #replace(connection: string | undefined, problems: readonly Diagnostic[]): string[] {
    const byFile = new Map<string, Diagnostic[]>();
    for (const problem of problems) {
      const { file = PROJECT_FILES[0] ?? '' } = problem;
      const known = byFile.get(file);
      if (known === undefined) byFile.set(file, [problem]);
      else known.push(problem);
    }
    const files = [...byFile.keys()];
    for (const [file, owners] of this.#byFile) if (owners.has(connection) && !byFile.has(file)) files.push(file);
    return files.filter((file) => {
      const owners = this.#byFile.get(file) ?? new Map<string | undefined, readonly Diagnostic[]>();
      const [before = [], after = []] = [owners.get(connection), byFile.get(file)];
      if (after.length === 0) owners.delete(connection);
      else owners.set(connection, after);
      this.#byFile.set(file, owners);
      return JSON.stringify(before) !== JSON.stringify(after);
    });
  }

  /** The problems that are shown of a file. */
  problemsOf(file: string): readonly Diagnostic[] {
    return [...(this.#byFile.get(file)?.values() ?? [])].flat();
  }
}

/** The path of a file URI, absolute; undefined for another URI. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** The last part of a URI. */
function nameOf(uri: string): string {
  const name = uri.slice(uri.search(/[^/:]*$/));
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
