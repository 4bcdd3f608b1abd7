import type { Code } from '../codes.ts';
import type { Diagnostic, Path } from '../diagnostics.ts';
import { isObject, lookUp, valueAt } from '../json.ts';
import type { Declaration } from '../runtime/prepare.ts';
import type { Source } from '../source.ts';
import { pathWords } from '../value-changes.ts';
import type { Mismatch } from './match.ts';
import type { TestCase } from './test-file.ts';

/** Failure of a case: its message, and its places in the test and in the section. */
export interface CaseFailure
  extends Partial<Pick<Diagnostic, 'hint' | 'found' | 'expected' | 'difference' | 'severity'>> {
  readonly code: Code & `test/${string}`;
  /** One sentence; the name of the case is put before it. */
  readonly message: string;
  /** Into the case. */
  readonly path: Path;
  /** Into `api`, to what made the difference: the first of these that is there. */
  readonly about: readonly Path[];
  /** The part that the section plays there, a sentence. */
  readonly does: string;
}

/** Makes the problems of one case: each at its line of the test, and at the line of the section that made the difference. */
export class Failures {
  readonly #declaration: Declaration;
  readonly #source: Source;
  readonly #test: TestCase;

  constructor(declaration: Declaration, source: Source, test: TestCase) {
    this.#declaration = declaration;
    this.#source = source;
    this.#test = test;
  }

  of({ code, severity = 'error', message, path, about, does, ...more }: CaseFailure): Diagnostic {
    const { connection } = this.#declaration;
    return {
      ...{ code, severity, message: `${JSON.stringify(this.#test.name)}: ${message}`, ...more },
      related: [...this.#inSection(about, does), ...this.#inTable()],
      connection: connection.id,
      ...this.#at(path),
    };
  }

  /** Returns the problem of two values that differ. @param what the value, at the beginning of a sentence */
  different(
    what: string,
    { path, expected, found, difference }: Mismatch,
    failure: Omit<CaseFailure, 'message'>,
  ): Diagnostic {
    const at = path.length === 0 ? '' : ` at ${pathWords(path)}`;
    const [wanted, is] = [expected, found].map(shortly);
    const message =
      expected === undefined
        ? `${what} has ${is}${at}, which the test does not expect.`
        : found === undefined
          ? `${what} has nothing${at}, where the test expects ${wanted}.`
          : `${what} has ${is}${at}, where the test expects ${wanted}.`;
    return this.of({
      ...failure,
      message,
      ...(expected === undefined ? {} : { expected: wanted }),
      ...(found === undefined ? {} : { found: is }),
      difference,
    });
  }

  /** Returns the problem of a value that the form does not take. */
  ofValue(problem: Diagnostic): Diagnostic {
    const path = ['given', 'parameters', ...(problem.path ?? [])];
    const message = `${JSON.stringify(this.#test.name)}: ${problem.message}`;
    return {
      ...problem,
      message,
      connection: this.#declaration.connection.id,
      ...this.#at(path),
      related: this.#inTable(),
    };
  }

  /** Locates a path in the case, or in what the file gives for all cases. */
  #at(path: Path): Pick<Diagnostic, 'file' | 'path'> & ReturnType<Source['locate']> {
    const { file, value } = this.#source;
    const own = ['cases', this.#test.index, ...path];
    const shared = valueAt(value, own) === undefined && valueAt(value, path) !== undefined ? path : own;
    return { file, path: shared, ...this.#source.locate(shared) };
  }

  #inSection(about: readonly Path[], does: string): NonNullable<Diagnostic['related']> {
    const { connection, api } = this.#declaration;
    const source = connection.sections.api;
    const path = about.find((each) => valueAt(api, each) !== undefined) ?? about[0];
    if (source === undefined || path === undefined) return [];
    const { line, column } = source.locate(path);
    return [{ message: does, file: source.file, line, column }];
  }

  #inTable(): NonNullable<Diagnostic['related']> {
    const { index, row } = this.#test;
    if (row === undefined) return [];
    const { line, column } = this.#source.locate(['cases', index, 'table', row]);
    return [{ message: `It is row ${row + 1} of the table.`, file: this.#source.file, line, column }];
  }
}

/** Characters of a value in a message. */
const SHORT = 80;

function shortly(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHORT ? text : `${text.slice(0, SHORT)}…`;
}

/** Returns the name under which an object has a header, whatever its case. */
export function headerIn(headers: unknown, name: string): string {
  if (!isObject(headers) || lookUp(headers, name) !== undefined) return name;
  return Object.keys(headers).find((each) => each.toLowerCase() === name) ?? name;
}
