import type { Path } from '../diagnostics.ts';
import { parseTemplate } from '../iml/parse.ts';
import type { Expression, Span, Template } from '../iml/tree.ts';
import type { SectionName } from '../sections/index.ts';
import type { Declared } from './rule.ts';

/** A string of a section that holds an expression, read once for all rules. */
export interface Text {
  readonly section: SectionName;
  readonly path: Path;
  /** Whether it is the name of a property or a value. */
  readonly part: 'key' | 'value';
  readonly template: Template;
  /** What its expressions read, in the order of the text. */
  readonly references: readonly Reference[];
}

/** A path that an expression reads, such as `body.data.id`: as far as it consists of names. */
export interface Reference extends Span {
  /** The variable, such as `parameters`. */
  readonly root: string;
  /** The names behind it, up to the first index that is no number. */
  readonly members: readonly string[];
  readonly expression: Expression;
}

const READ = new WeakMap<object, readonly Text[]>();

/** Every string with an expression in the section, in the order of its values; none when the section is absent. */
export function textsOf({ sections }: Declared, section: SectionName): readonly Text[] {
  const value = sections[section];
  if (typeof value === 'string') return textsIn(value, section, []);
  if (typeof value !== 'object' || value === null) return [];
  let texts = READ.get(value);
  if (texts === undefined) {
    texts = textsIn(value, section, []);
    READ.set(value, texts);
  }
  return texts;
}

function textsIn(value: unknown, section: SectionName, path: Path, found: Text[] = []): Text[] {
  if (typeof value === 'string') {
    if (value.includes('{{')) found.push(textOf(value, section, path, 'value'));
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) textsIn(item, section, [...path, index], found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const inner = [...path, name];
      if (name.includes('{{') && name !== SPREAD) found.push(textOf(name, section, inner, 'key'));
      textsIn(item, section, inner, found);
    }
  }
  return found;
}

/** The key whose value's properties take its place. */
export const SPREAD = '{{...}}';

function textOf(text: string, section: SectionName, path: Path, part: Text['part']): Text {
  const template = parseTemplate(text);
  return { section, path, part, template, references: referencesIn(template) };
}

/** The expressions of the template that could be read. */
export function expressionsIn({ parts }: Template): Expression[] {
  return parts.flatMap((part) => (part.kind === 'expression' ? [part.expression] : []));
}

/** Every path that the template reads. */
export function referencesIn(template: Template): Reference[] {
  return expressionsIn(template).flatMap((expression) => references(expression));
}

function references(expression: Expression): Reference[] {
  const own = referenceOf(expression);
  return own === undefined
    ? partsOf(expression).flatMap(references)
    : [own, ...indexesIn(expression).flatMap(references)];
}

/** The path that the expression as a whole is; undefined when it is something else. */
export function referenceOf(expression: Expression): Reference | undefined {
  const members: string[] = [];
  let at = expression;
  for (;;) {
    if (at.kind === 'variable') {
      const { offset, end } = expression;
      return { root: at.name, members: members.reverse(), offset, end, expression };
    }
    if (at.kind === 'member') members.push(at.name);
    else if (at.kind === 'index') {
      // What is behind a computed name belongs to a property that nobody knows.
      if (at.index !== undefined && at.index.kind !== 'number') members.length = 0;
    } else return undefined;
    at = at.object;
  }
}

/** The computed indexes on the way of a path. */
function indexesIn(expression: Expression): Expression[] {
  if (expression.kind === 'member') return indexesIn(expression.object);
  if (expression.kind !== 'index') return [];
  return [...indexesIn(expression.object), ...(expression.index === undefined ? [] : [expression.index])];
}

/** The expressions that the expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
      return [expression.object];
    case 'index':
      return expression.index === undefined ? [expression.object] : [expression.object, expression.index];
    case 'call':
      return expression.args;
    case 'not':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    default:
      return [];
  }
}

/** Functions of which only some arguments become part of the result: from the given one on. */
const RESULTS_FROM: Readonly<Record<string, number>> = { if: 1, switch: 1 };

/** What gives nothing away of what it is given. */
const DIGESTS = new Set(['md5', 'sha1', 'sha256', 'sha512', 'cryptoSign', 'length', 'contains', 'equal', 'indexOf']);
const JUDGEMENTS = new Set(['=', '!=', '<', '<=', '>', '>=']);

/**
 * The parts of an expression that its result is made of: no conditions, no comparisons, nothing that is hashed.
 * Paths, literals and keywords.
 */
export function* sourcesOf(expression: Expression): Generator<Expression> {
  if (referenceOf(expression) !== undefined) yield expression;
  else if (expression.kind === 'call') {
    if (DIGESTS.has(expression.name)) return;
    const from = RESULTS_FROM[expression.name] ?? 0;
    for (const argument of expression.args.slice(from)) yield* sourcesOf(argument);
  } else if (expression.kind === 'binary') {
    if (JUDGEMENTS.has(expression.operator)) return;
    yield* sourcesOf(expression.left);
    yield* sourcesOf(expression.right);
  } else if (expression.kind === 'not') return;
  else if (expression.kind === 'member' || expression.kind === 'index') yield* sourcesOf(expression.object);
  else yield expression;
}

/** The paths that the text's result is made of. */
export function sourcePaths({ template }: Pick<Text, 'template'>): Reference[] {
  return expressionsIn(template).flatMap((expression) =>
    [...sourcesOf(expression)].flatMap((each) => referenceOf(each) ?? []),
  );
}

/** The only expression of a text that consists of nothing else; such a text keeps the value's type. */
export function soleExpression({ template }: Pick<Text, 'template'>): Expression | undefined {
  const [part, second] = template.parts;
  return part?.kind === 'expression' && second === undefined ? part.expression : undefined;
}
