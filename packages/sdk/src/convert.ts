import { wireText } from './authored.ts';
import { type Comment, commentsIn, printWithComments } from './comments.ts';
import type { Diagnostic, Path } from './diagnostics.ts';
import { valueAt } from './json.ts';
import { withValues } from './json-edits/index.ts';
import type { FormProblem } from './parameters/form-conversion.ts';
import type { Authoring, Compiled, Section } from './sections/section.ts';
import { readSource, type Source } from './source.ts';
import { valueChanges } from './value-changes.ts';

/** The forms in which a section can be written that has two: the author's JSON Schema, and the platform's array. */
const FORMS = ['schema', 'array'] as const;
export type FormName = (typeof FORMS)[number];

/** A text in another form. */
export interface Converted {
  readonly text: string;
  /** Parts that the other form has no place for: `form/lost`, with places in the old text. */
  readonly lost: readonly Diagnostic[];
}

/**
 * A section's text in the other form, with every comment at the value that it is about. The wire text of both is equal
 * as JSON.
 * @param source the text of a section that passed `validate`
 * @returns undefined when the section has only one form, or the text is in that form already.
 * @example
 * const converted = convert(section, source, 'schema');
 * if (converted !== undefined) files.write(source.file, converted.text);
 */
export function convert({ authoring }: Section, source: Source, to: FormName): Converted | undefined {
  if (authoring === undefined) return undefined;
  const isSchema = authoring.applies(source.value);
  if (isSchema === (to === 'schema')) return undefined;
  const target = isSchema ? authoring.compile(source.value).value : authoring.author(source.value);
  const made = authoring.compile(isSchema ? source.value : target);
  const turned = (path: Path) => (isSchema ? made.places.wire(path) : made.places.authored(path).path);
  const comments = commentsIn(source.text).map((comment) => ({
    ...comment,
    path: present(turned(comment.path), target),
  }));
  const lost = isSchema ? made.lost.map((each) => lostIn(each, source)) : [];
  return { text: printWithComments(target, comments), lost };
}

/** The nearest place that the value has. */
function present(path: Path, value: unknown): Path {
  const length = path.findIndex((_, index) => valueAt(value, path.slice(0, index + 1)) === undefined);
  return length < 0 ? path : path.slice(0, length);
}

function lostIn({ path, part, message, hint }: FormProblem, source: Source): Diagnostic {
  const code = 'form/lost';
  return { code, severity: 'info', message, hint, file: source.file, ...source.locate(path, part), path };
}

/**
 * The text of a section after the platform's text became another one. A text that says the same stays as it is, down to
 * the byte; a JSON Schema is changed where the form changed, and keeps its comments, its words and its order elsewhere;
 * a text in the platform's own form is replaced.
 */
export function updateAuthored(section: Section, authoredText: string, newText: string): string {
  const { authoring } = section;
  const authored = read(section, authoredText).value;
  if (authoring?.applies(authored) !== true) return newText;
  const before = authoring.compile(authored);
  const after = read(section, newText).value;
  if (before.problems.length > 0 || after === undefined) return newText;
  if (wireText(before.value) === wireText(after)) return authoredText;
  const says = (text: string) => saysSame(section, authoring, text, after);
  return (
    [() => patched(authoring, authoredText, before, after), () => rewritten(authoring, authoredText, before, after)]
      .map((attempt) => attempt())
      .find(says) ?? printWithComments(authoring.author(after), [])
  );
}

function read({ files, comments }: Section, text: string): Source {
  return readSource(files[0], text, { comments });
}

function saysSame(section: Section, authoring: Authoring, text: string, wire: unknown): boolean {
  const { value, problems } = read(section, text);
  if (problems.some(({ severity }) => severity === 'error') || !authoring.applies(value)) return false;
  const made = authoring.compile(value);
  return made.problems.length === 0 && wireText(made.value) === wireText(wire);
}

/** The authored text with the changes that lead from the one form to the other. */
function patched(authoring: Authoring, text: string, before: Compiled, after: unknown): string {
  const changes = valueChanges(authoring.author(before.value), authoring.author(after));
  return withValues(
    text,
    changes.map((change) => [change.path, change.after]),
  );
}

/** The new schema written out, with the comments of what is still there. */
function rewritten(authoring: Authoring, text: string, before: Compiled, after: unknown): string {
  const target = authoring.author(after);
  const usual = authoring.compile(authoring.author(before.value));
  const turned = ({ path }: Comment) => usual.places.authored(before.places.wire(path)).path;
  const comments = commentsIn(text).map((comment) => ({ ...comment, path: present(turned(comment), target) }));
  return printWithComments(target, comments);
}
