import type { Path } from '../diagnostics.ts';
import { parseTemplate } from '../iml/parse.ts';
import { COMPARISONS, type Expression, type Span, type Template } from '../iml/tree.ts';
import { lookUp } from '../json.ts';
import { remembered } from '../remembered.ts';
import type { SectionName } from '../sections/index.ts';

/** A template with what it reads. */
export class ReadTemplate {
  readonly template: Template;
  /** References of its expressions, in the order of the text. */
  readonly references: readonly Reference[];
  #sources: readonly Reference[] | undefined;

  constructor(template: Template) {
    this.template = template;
    this.references = referencesIn(template);
  }

  /** The paths that its result is made of. */
  get sources(): readonly Reference[] {
    this.#sources ??= sourcesIn(this.template);
    return this.#sources;
  }
}

/** Parses a template. Many requests of a connection hold the same: these are one object. */
export const readTemplate = remembered((text) => new ReadTemplate(parseTemplate(text)));

/** A string of a section that holds an expression, read once for all rules. */
export class Text {
  readonly section: SectionName;
  readonly path: Path;
  /** True if it is the name of a property or a value. */
  readonly part: 'key' | 'value';
  readonly template: Template;
  /** References of its expressions, in the order of the text. */
  readonly references: readonly Reference[];
  readonly #read: ReadTemplate;

  constructor(section: SectionName, path: Path, part: Text['part'], read: ReadTemplate) {
    this.section = section;
    this.path = path;
    this.part = part;
    this.template = read.template;
    this.references = read.references;
    this.#read = read;
  }

  /** The paths that its result is made of. */
  get sources(): readonly Reference[] {
    return this.#read.sources;
  }
}

/** A path that an expression reads, such as `body.data.id`: as far as it consists of names. */
export interface Reference extends Span {
  /** The variable, such as `parameters`. */
  readonly root: string;
  /** The names behind it, up to the first index that is no number. */
  readonly members: readonly string[];
  readonly expression: Expression;
}

/** The key whose value's properties take its place. */
export const SPREAD = '{{...}}';

/** The expressions of the template that could be read. */
export function expressionsIn({ parts }: Template): Expression[] {
  const expressions: Expression[] = [];
  for (const part of parts) if (part.kind === 'expression') expressions.push(part.expression);
  return expressions;
}

/** Every path that the template reads. */
function referencesIn({ parts }: Template): Reference[] {
  const found: Reference[] = [];
  for (const part of parts) if (part.kind === 'expression') addReferences(part.expression, found);
  return found;
}

function addReferences(expression: Expression, found: Reference[]): void {
  const own = referenceOf(expression);
  if (own === undefined) {
    for (const part of partsOf(expression)) addReferences(part, found);
  } else {
    found.push(own);
    for (const index of indexesIn(expression)) addReferences(index, found);
  }
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
function indexesIn(expression: Expression): readonly Expression[] {
  let at = expression;
  let indexes: Expression[] | undefined;
  while (at.kind === 'member' || at.kind === 'index') {
    if (at.kind === 'index' && at.index !== undefined) {
      indexes ??= [];
      indexes.unshift(at.index);
    }
    at = at.object;
  }
  return indexes ?? NONE;
}

const NONE: readonly Expression[] = [];

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
      return NONE;
  }
}

/** Functions of which only some arguments become part of the result: from the given one on. */
const RESULTS_FROM: Readonly<Record<string, number>> = { if: 1, switch: 1 };

/** Functions whose result gives nothing away of their argument. */
const DIGESTS = new Set(['md5', 'sha1', 'sha256', 'sha512', 'cryptoSign', 'length', 'contains', 'equal', 'indexOf']);

/**
 * The parts of an expression that its result is made of: no conditions, no comparisons, nothing that is hashed.
 * Paths, literals and keywords.
 */
export function sourcesOf(expression: Expression, found: Expression[] = []): readonly Expression[] {
  if (referenceOf(expression) !== undefined) found.push(expression);
  else if (expression.kind === 'call') {
    if (DIGESTS.has(expression.name)) return found;
    const from = Object.hasOwn(RESULTS_FROM, expression.name) ? (lookUp(RESULTS_FROM, expression.name) ?? 0) : 0;
    for (let index = from; index < expression.args.length; index++) {
      const argument = expression.args[index];
      if (argument !== undefined) sourcesOf(argument, found);
    }
  } else if (expression.kind === 'binary') {
    if (COMPARISONS.has(expression.operator)) return found;
    sourcesOf(expression.left, found);
    sourcesOf(expression.right, found);
  } else if (expression.kind === 'not') return found;
  else if (expression.kind === 'member' || expression.kind === 'index') sourcesOf(expression.object, found);
  else found.push(expression);
  return found;
}

/** The paths that the template's result is made of. */
function sourcesIn({ parts }: Template): Reference[] {
  const found: Reference[] = [];
  for (const part of parts) {
    if (part.kind !== 'expression') continue;
    const whole = referenceOf(part.expression);
    if (whole !== undefined) {
      found.push(whole);
      continue;
    }
    for (const source of sourcesOf(part.expression)) {
      const reference = referenceOf(source);
      if (reference !== undefined) found.push(reference);
    }
  }
  return found;
}

/** The only expression of a text that consists of nothing else; such a text keeps the value's type. */
export function soleExpression({ template }: Pick<Text, 'template'>): Expression | undefined {
  const [part, second] = template.parts;
  return part?.kind === 'expression' && second === undefined ? part.expression : undefined;
}
