import type { Path } from '../diagnostics.ts';
import type { CreateType } from './create-types.ts';

/** A JSON Schema, draft 2020-12. */
export type JSONSchema = boolean | { readonly [keyword: string]: unknown };

/** One entry of SECTIONS. Its words and examples are documentation and tests at once. */
export interface Section {
  readonly name: string;
  /** What Make's editor calls it. */
  readonly title: string;
  /** One sentence for somebody who meets the section for the first time. */
  readonly summary: string;
  /** File names inside `connections/<id>/`, the one that is written first. */
  readonly files: readonly [string, ...string[]];
  /** Whether the authored file may hold comments. */
  readonly comments: boolean;
  /** Whether the text is pushed byte for byte, or is JSON that the platform writes anew. */
  readonly wire: 'text' | 'json';
  /** The wire text of a section that declares nothing. */
  readonly empty: string;
  /** Published schemas of the authored file, by name; the name is also the validator's. */
  readonly schemas: Readonly<Record<string, JSONSchema>>;
  /** The name of the schema for a connection of this create type. */
  schemaFor(type: CreateType): string;
  /** The text that a new connection of this create type starts with. */
  starter(type: CreateType): string;
  readonly examples: readonly { readonly type: CreateType; readonly value: unknown }[];
  readonly counterExamples: readonly CounterExample[];
}

/** A value that the schema refuses, and the one problem that it must raise. */
export interface CounterExample {
  readonly type: CreateType;
  readonly value: unknown;
  readonly code: 'schema/type' | 'schema/required' | 'schema/unknown-key' | 'schema/enum' | 'schema/value';
  readonly path: Path;
}
