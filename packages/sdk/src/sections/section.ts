import type { Path } from '../diagnostics.ts';
import type { FormProblem } from '../parameters/form-conversion.ts';
import type { Places } from '../parameters/places.ts';
import type { CreateType } from './create-types.ts';

/** A JSON Schema, draft 2020-12. */
export type JSONSchema = boolean | { readonly [keyword: string]: unknown };

/** One entry of SECTIONS. Its words and examples are documentation and tests at once. */
export interface Section {
  readonly name: string;
  /** Title in Make's editor. */
  readonly title: string;
  /** One sentence for somebody who meets the section for the first time. */
  readonly summary: string;
  /** File names inside `connections/<id>/`, the one that is written first. */
  readonly files: readonly [string, ...string[]];
  /** True if a connection does nothing without it. */
  readonly required?: true;
  /** True if the authored file may hold comments. */
  readonly comments: boolean;
  /** True if the text is pushed byte for byte; otherwise it is JSON that the platform writes anew. */
  readonly wire: 'text' | 'json';
  /** Whose form it is, when it is one. */
  readonly asks?: 'user' | 'administrator';
  /** How the section can be written in another form than the platform's (default: what is written is what is sent). */
  readonly authoring?: Authoring;
  /** The wire text of a section that declares nothing. */
  readonly empty: string;
  /** Published schemas of the authored file, by name; the name is also the validator's. */
  readonly schemas: Readonly<Record<string, JSONSchema>>;
  /** The name of the schema for a connection of this create type, and for the form in which the value is written. */
  schemaFor(type: CreateType, value?: unknown): string;
  /** Tells a value that clearly belongs to a connection of another type; all else that is wrong with it follows from that. */
  readonly mismatch?: (type: CreateType, value: unknown) => Mismatch | undefined;
  /** The text that a new connection of this create type starts with. */
  starter(type: CreateType): string;
  /** Values that the schema accepts, made when they are asked for. */
  examples(): readonly { readonly type: CreateType; readonly value: unknown }[];
  /** Values that it refuses. */
  counterExamples(): readonly CounterExample[];
}

/** A value that belongs to a connection of another type, in words; the path is to what shows it. */
export interface Mismatch {
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
  readonly found: string;
  readonly expected: CreateType;
}

/** Another form in which a section can be written, from which the platform's is made. */
export interface Authoring {
  /** Checks if a value is in this form. */
  applies(value: unknown): boolean;
  /** The platform's form of a value that is in this one and passed its schema. */
  compile(value: unknown): Compiled;
  /** This form of a value in the platform's. */
  author(value: unknown): unknown;
}

/** Text to push, and how it was made. */
export interface Compiled {
  /** To be used when there are no problems. */
  readonly value: unknown;
  /** Problems: parts that the platform's form cannot express. */
  readonly problems: readonly FormProblem[];
  /** Parts that it has no place for and can do without. */
  readonly lost: readonly FormProblem[];
  /** From the value to what it was made of. */
  readonly places: Pick<Places, 'authored' | 'wire'>;
}

/** A value that the schema refuses, and the one problem that it must raise. */
export interface CounterExample {
  readonly type: CreateType;
  readonly value: unknown;
  readonly code: 'schema/type' | 'schema/required' | 'schema/unknown-key' | 'schema/enum' | 'schema/value';
  readonly path: Path;
}
