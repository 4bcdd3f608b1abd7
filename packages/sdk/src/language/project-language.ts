import type { Diagnostic } from '../diagnostics.ts';
import { createValidator, type ProjectValidator, type ValidatorOptions } from '../incremental-validator.ts';
import { isObject } from '../json.ts';
import { validateSection } from '../validate.ts';
import { ConnectionReading } from './connection-reading.ts';
import { type FileReading, readAlone, readFileOf } from './file-reading.ts';
import { JSONText } from './json-text.ts';
import { type NameUse, namesOfConnection, type TestText } from './names.ts';

/**
 * A project as an editor has it open: its files on disk, with the texts of open files in their place. Validates again
 * only what a change concerns, and reads for its features only the connections that they ask about.
 */
export class ProjectLanguage {
  readonly #validator: ProjectValidator;
  readonly #options: ValidatorOptions;
  readonly #readings = new Map<string, ConnectionReading | undefined>();
  readonly #files = new Map<string, FileReading | undefined>();
  #texts: ReadonlyMap<string, string> = new Map();

  constructor(options: ValidatorOptions) {
    this.#options = options;
    this.#validator = createValidator(options);
  }

  /** Problems of a connection as they were found last; under undefined those of the project's own files. */
  problemsOf(connection: string | undefined): readonly Diagnostic[] {
    return this.#validator.problemsOf(connection);
  }

  /** The connections whose problems may be others than when this was asked last; undefined for the project's own. */
  takeStale(): ReadonlySet<string | undefined> {
    return this.#validator.takeStale();
  }

  /** The files and folders to watch, relative to the project; folders have a slash at the end. */
  get watched(): readonly string[] {
    return this.#validator.watched;
  }

  /** Validates what depends on files that changed on disk. */
  update(paths: Iterable<string>): void {
    this.#forget();
    this.#validator.update(paths);
  }

  /**
   * Puts the texts of open files in the place of those on disk, and validates what depends on those that changed;
   * everything the first time.
   */
  setTexts(texts: ReadonlyMap<string, string>): void {
    this.#forget();
    this.#texts = texts;
    this.#validator.setTexts(this.#texts);
  }

  /** Reads a file for the features of an editor; undefined for one that is not there, or holds secrets. */
  read(file: string): FileReading | undefined {
    const project = this.#validator.project;
    if (project === undefined) return readAlone(file, this.#texts.get(file) ?? '');
    if (!this.#files.has(file))
      this.#files.set(
        file,
        readFileOf(project, file, (id) => this.connection(id)),
      );
    return this.#files.get(file);
  }

  /** Reads a connection; undefined for one that is not there, or of which it is not known what it is. */
  connection(id: string): ConnectionReading | undefined {
    if (!this.#readings.has(id)) {
      const [found] = this.#validator.project?.only([id]).connections ?? [];
      this.#readings.set(id, found && new ConnectionReading(found));
    }
    return this.#readings.get(id);
  }

  /** The tests of a connection. */
  tests({ connection: { id, folder } }: ConnectionReading): readonly TestText[] {
    const files = this.#validator.project?.files;
    if (files === undefined) return [];
    const names = files.list(`${folder}/tests`).filter((name) => /\.test\.jsonc?$/.test(name));
    return names.flatMap((name) => {
      const file = `${folder}/tests/${name}`;
      const text = new JSONText(files.read(file) ?? '');
      // Several connections can share the folder.
      const own = isObject(text.value) ? text.value.connection : undefined;
      return own === undefined || own === id ? [{ file, text }] : [];
    });
  }

  /** Every place of a name in the connections that a file is a part of. */
  names(file: string): readonly NameUse[] {
    const found = new Map<string, NameUse>();
    for (const reading of this.read(file)?.connections ?? []) {
      for (const use of namesOfConnection(reading, this.tests(reading))) {
        found.set(`${use.file} ${use.offset}`, use);
      }
    }
    return [...found.values()];
  }

  /** Returns a function that tries texts out: what would be wrong in these connections (default: all). */
  trial(connections?: readonly string[]): (texts: ReadonlyMap<string, string>) => readonly Diagnostic[] {
    const validator = createValidator({ ...this.#options, connections });
    validator.setTexts(this.#texts);
    return (texts) => {
      validator.setTexts(new Map([...this.#texts, ...texts]));
      return validator.diagnostics;
    };
  }

  #forget(): void {
    this.#readings.clear();
    this.#files.clear();
  }
}

/** Problems in a file that is opened alone, by the section that its name says; none in other files. */
export function problemsAlone(file: string, text: string): readonly Diagnostic[] {
  const reading = readAlone(file, text);
  const { connection, section: name } = reading ?? {};
  const section = reading?.connections[0]?.sectionOf(file);
  if (connection === undefined || name === undefined || section === undefined) return [];
  const [first = connection.type, ...others] = connection.possibleTypes ?? [];
  return validateSection(section, [first, ...others], text, file);
}
