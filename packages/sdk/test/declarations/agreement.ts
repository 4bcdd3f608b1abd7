import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import ts from 'typescript-5.9';
import { typesOf } from '../../src/declarations/from-schema.ts';
import { declaration } from '../../src/declarations/print.ts';
import { faultsOf } from '../../src/json-schema/validator.ts';
import type { Sample } from './authored-schemas.ts';

/** A value of which the checker says one thing and the compiler another. */
export interface Disagreement {
  readonly schema: unknown;
  readonly value: unknown;
  /** True if the checker takes it. */
  readonly taken: boolean;
  /** Message of the compiler; empty where it takes the value. */
  readonly said: string;
  readonly types: string;
}

/** Prints the types of a schema, of which the one called `Root` is that of its values. */
export type Printer = (schema: Sample['schema']) => Promise<string> | string;

export const ours: Printer = (schema) => {
  const taken = new Set(['Root']);
  const free = (own: string): string => {
    let name = own;
    for (let number = 2; taken.has(name); number++) name = own + number;
    taken.add(name);
    return name;
  };
  const { type, definitions } = typesOf(schema, free);
  const all = [{ name: 'Root', type }, ...definitions];
  return all.map((each) => declaration(each.name, each.type)).join('\n');
};

export const theirs: Printer = async (schema) =>
  compile(structuredClone(schema), 'Root', { bannerComment: '', format: false });

const LIB = join(dirname(createRequire(import.meta.url).resolve('typescript-5.9')), 'lib.es5.d.ts');
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noLib: true,
  noEmit: true,
  types: [],
};

/** Results of the values of many schemas in one program. */
export interface Outcome {
  readonly values: number;
  /** Values that the checker takes. */
  readonly taken: number;
  readonly disagreements: readonly Disagreement[];
  /** Lines of types with errors of their own. */
  readonly broken: readonly string[];
  /** Schemas of which no types were printed. */
  readonly unprinted: readonly unknown[];
}

/** Compares checker and compiler on each value, in one program for all schemas. */
export async function compared(samples: readonly Sample[], print: Printer): Promise<Outcome> {
  const lines = ['/// <reference path="lib.d.ts" />'];
  /** Line → the value that is assigned in it. */
  const assigned = new Map<number, Omit<Disagreement, 'said'>>();
  const unprinted: unknown[] = [];
  for (const [index, { schema, values }] of samples.entries()) {
    const types = await Promise.resolve(print(schema)).catch(() => undefined);
    if (types === undefined) {
      unprinted.push(schema);
      continue;
    }
    lines.push(...`declare namespace T${index} {\n${types}\n}`.split('\n'));
    for (const value of values) {
      assigned.set(lines.length, { schema, value, taken: faultsOf(schema, value).length === 0, types });
      lines.push(`take<T${index}.Root>(${JSON.stringify(value)});`);
    }
  }
  lines.push('declare function take<T>(value: T): void;');
  const errors = errorsByLine(lines.join('\n'));
  const disagreements = [...assigned].flatMap(([line, each]) =>
    errors.has(line) === each.taken ? [{ ...each, said: errors.get(line) ?? '' }] : [],
  );
  const broken = [...errors.keys()].filter((line) => !assigned.has(line)).map((line) => lines[line] ?? '');
  const taken = [...assigned.values()].filter((each) => each.taken).length;
  return { values: assigned.size, taken, disagreements, broken, unprinted };
}

/** Returns the compiler's message for each line that has one. */
function errorsByLine(text: string): Map<number, string> {
  const source = ts.createSourceFile('main.ts', text, ts.ScriptTarget.ES2022);
  const lib = ts.createSourceFile('lib.d.ts', ts.sys.readFile(LIB) ?? '', ts.ScriptTarget.ES2022);
  const files = new Map([source, lib].map((each) => [each.fileName, each]));
  const host: ts.CompilerHost = {
    getSourceFile: (name) => files.get(name),
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => {},
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => files.has(name),
    readFile: () => undefined,
  };
  const program = ts.createProgram(['main.ts'], OPTIONS, host);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return new Map(
    found.map(({ start = 0, messageText }) => [
      source.getLineAndCharacterOfPosition(start).line,
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    ]),
  );
}
