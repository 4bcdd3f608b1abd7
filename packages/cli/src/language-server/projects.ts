import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic, Files } from '@connectorkit/sdk';
import { type FileReading, ProjectLanguage, problemsAlone, readAlone } from '@connectorkit/sdk/language';
import { findProject } from '@connectorkit/sdk/node';
import { PROJECT_FILES } from '@connectorkit/sdk/project';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenDocuments } from './open-documents.ts';
import { RecentFiles } from './recent-files.ts';

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

  /** Notes that a document was opened or changed: its problems are shown by `settle` even if they are what they were. */
  touch(uri: string): void {
    this.#placeOf(uri)?.project.show(uri);
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
    if (paths.some((path) => this.#mayHoldProject(path))) this.#relocate();
    for (const project of this.#projects.values()) project.changedOnDisk(paths);
  }

  /** Checks if a path is of a file that makes a folder a project, or of a folder that an open project is in. */
  #mayHoldProject(path: string): boolean {
    if (PROJECT_FILES.some((marker) => path.endsWith(sep + marker))) return true;
    return [...this.#projects.keys()].some((root) => `${root}${sep}`.startsWith(`${path}${sep}`));
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
  /** Files that were opened or changed since problems were shown last. */
  readonly #touched = new Set<string>();
  /** File → connection → its problems there. */
  readonly #byFile = new Map<string, Map<string | undefined, readonly Diagnostic[]>>();
  /** Connection → the files in which it has problems. */
  readonly #filesOf = new Map<string | undefined, readonly string[]>();
  readonly #disk: RecentFiles;
  readonly #filesByUri = new Map<string, string | undefined>();

  constructor(root: string, options: ProjectsOptions) {
    this.root = root;
    this.#options = options;
    this.#disk = new RecentFiles(options.files(root));
    this.language = new ProjectLanguage({ files: this.#disk.files });
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
    const known = this.#filesByUri.get(uri);
    if (known !== undefined || this.#filesByUri.has(uri)) return known;
    const path = pathOf(uri);
    const file = path === undefined ? '..' : relative(this.root, path).replaceAll(sep, '/');
    const isOutside = file.startsWith('../') || file === '..' || resolve(this.root, file) !== path;
    this.#filesByUri.set(uri, isOutside ? undefined : file);
    return this.#filesByUri.get(uri);
  }

  /** The URI of a file, as the editor calls it where it has it open. */
  readonly uriOf = (file: string): string => {
    const open = this.documentOf(file);
    return open?.uri ?? pathToFileURL(join(this.root, file)).href;
  };

  /** The text of a file of the project, as the editor has it where it is open. */
  textOf(file: string): string | undefined {
    return this.documentOf(file)?.getText() ?? this.#disk.files.read(file);
  }

  /** The open document of that URI. */
  documentAt(uri: string): TextDocument | undefined {
    return this.#options.documents.get(uri);
  }

  /** The open document of a file. */
  documentOf(file: string): TextDocument | undefined {
    for (const document of this.#options.documents) if (this.fileOf(document.uri) === file) return document;
    return undefined;
  }

  /** Has the problems of a document shown with the next ones, even if they are what they were. */
  show(uri: string): void {
    const file = this.fileOf(uri);
    if (file !== undefined) this.#touched.add(file);
  }

  /** Takes over the texts of the open documents, and shows what is different. */
  settle(): void {
    this.language.setTexts(this.#texts());
    this.#show();
  }

  /** Reads again what depends on files that changed on disk; their paths are absolute. */
  changedOnDisk(paths: readonly string[]): void {
    const files = paths.flatMap((path) => {
      const file = relative(this.root, path).replaceAll(sep, '/');
      return file.startsWith('../') || file === '' ? [] : [file];
    });
    if (files.length === 0) return;
    this.#disk.forget();
    this.language.update(files);
    this.#show();
  }

  /** Shows no problems any more. */
  close(): void {
    for (const file of this.#byFile.keys()) this.#options.publish(this.uriOf(file), [], this.uriOf);
    this.#byFile.clear();
  }

  /** Shows the problems of files in which they are not what was shown last. */
  #show(): void {
    const stale = new Set(this.#touched);
    this.#touched.clear();
    for (const connection of this.language.takeStale()) {
      this.#replace(connection, this.language.problemsOf(connection), stale);
    }
    for (const file of stale) {
      const problems = [...(this.#byFile.get(file)?.values() ?? [])].flat();
      this.#options.publish(this.uriOf(file), problems, this.uriOf);
      if (problems.length === 0) this.#byFile.delete(file);
    }
  }

  /** Takes over a connection's problems. @param stale the files to show, to which those are added in which they changed */
  #replace(connection: string | undefined, problems: readonly Diagnostic[], stale: Set<string>): void {
    const byFile = new Map<string, Diagnostic[]>();
    for (const problem of problems) {
      const { file = PROJECT_FILES[0] ?? '' } = problem;
      const known = byFile.get(file);
      if (known === undefined) byFile.set(file, [problem]);
      else known.push(problem);
    }
    const files = new Set([...(this.#filesOf.get(connection) ?? []), ...byFile.keys()]);
    this.#filesOf.set(connection, [...byFile.keys()]);
    for (const file of files) {
      const owners = this.#byFile.get(file) ?? new Map<string | undefined, readonly Diagnostic[]>();
      const [before = [], after = []] = [owners.get(connection), byFile.get(file)];
      if (after.length === 0) owners.delete(connection);
      else owners.set(connection, after);
      this.#byFile.set(file, owners);
      if (!stale.has(file) && JSON.stringify(before) !== JSON.stringify(after)) stale.add(file);
    }
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
