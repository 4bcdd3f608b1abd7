import type { Diagnostic, Path } from './diagnostics.ts';
import type { FormProblem } from './parameters/form-conversion.ts';
import type { WrittenPlace } from './parameters/places.ts';
import { schemaProblems } from './schema.ts';
import type { CreateType } from './sections/create-types.ts';
import type { Compiled, Mismatch, Section } from './sections/section.ts';
import type { Source } from './source.ts';

/** A section as it is pushed: the platform's form of what was written. */
export interface Wire {
  /** Text that is pushed and hashed. Undefined when what was written cannot be brought into the platform's form. */
  readonly text: string | undefined;
  /** Value for rules and types; undefined where the text is. */
  readonly value: unknown;
  /** Problems of the text and against the schemas, with their places in what was written. */
  readonly problems: readonly Diagnostic[];
  /** True if it was made from another form. */
  readonly compiled: boolean;
  /** Where the value at a path was written. */
  written(path: Path): WrittenPlace;
}

/** Reads a section of a connection of this type down to what is pushed. Never throws: what is wrong is in `problems`. */
export function wireOf(section: Section, type: CreateType, source: Source): Wire {
  const { text, value } = source;
  const mismatch = section.mismatch?.(type, value);
  const reported =
    mismatch === undefined
      ? schemaProblems(section.schemas, section.schemaFor(type, value), source)
      : [mismatched(mismatch, source)];
  const { authoring } = section;
  if (authoring === undefined || isWire(section, source)) {
    const problems = source.problems.length === 0 ? reported : [...source.problems, ...reported];
    return { text, value, problems, compiled: false, written: asIs };
  }
  const problems = [...source.problems, ...reported];
  const made = problems.some(isError) ? undefined : authoring.compile(value);
  problems.push(...(made?.problems ?? []).map((problem) => notExpressible(problem, source)));
  if (made === undefined || problems.some(isError)) {
    return { text: undefined, value: undefined, problems, compiled: true, written: () => ({ path: [] }) };
  }
  problems.push(...problemsOfWire(section, type, made, source));
  const written = (path: Path) => made.places.authored(path);
  return { text: wireText(made.value), value: made.value, problems, compiled: true, written };
}

function asIs(path: Path): WrittenPlace {
  return { path };
}

/** Checks if a section was written in the platform's form, so that its text is pushed as it stands. */
export function isWire({ authoring }: Section, { value }: Source): boolean {
  return authoring?.applies(value) !== true;
}

/** The text of a section that was compiled. */
export function wireText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Returns the problems against the platform's schema, at their places in what was written. */
function problemsOfWire(section: Section, type: CreateType, { value, places }: Compiled, source: Source): Diagnostic[] {
  const locate: Source['locate'] = (path, part) => {
    const written = places.authored(path);
    return source.locate(written.path, written.part ?? part);
  };
  const { file } = source;
  const problems = schemaProblems(section.schemas, section.schemaFor(type, value), { file, value, locate });
  return problems.map(({ path = [], ...problem }) => ({ ...problem, path: places.authored(path).path }));
}

function mismatched({ path, ...words }: Mismatch, source: Source): Diagnostic {
  const place = source.locate(path, path.length === 0 ? 'value' : 'key');
  return { code: 'schema/connection-type', severity: 'error', ...words, file: source.file, ...place, path };
}

function notExpressible({ path, part, message, hint }: FormProblem, source: Source): Diagnostic {
  const code = 'form/not-expressible';
  return { code, severity: 'error', message, hint, file: source.file, ...source.locate(path, part), path };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
