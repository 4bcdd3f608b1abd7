import { nearest, type SearchBudget } from '../diagnostics.ts';
import type { Scope } from './check.ts';
import type { IMLType } from './function.ts';
import { infer, kindOf, memberType, type Types, typeWords, withoutNothing } from './infer.ts';
import { printExpression } from './print.ts';
import { type Binary, COMPARISONS, type Expression, type Member, type Template } from './tree.ts';

export type MismatchCode = 'iml/incomparable' | 'iml/impossible-member';

/** A place where what is known of types does not fit; offsets in UTF-16 code units of the template's text. */
export interface Mismatch {
  readonly code: MismatchCode;
  readonly message: string;
  readonly hint: string;
  readonly found: string;
  readonly offset: number;
  readonly end: number;
}

/** Pairs of types that cannot be compared in any sense. */
const INCOMPARABLE: ReadonlySet<string> = new Set(['date boolean', 'date array', 'date collection', 'date buffer']);
/** Types of which nothing can be read. */
const WHOLE: ReadonlySet<IMLType> = new Set<IMLType>(['text', 'number', 'boolean', 'date', 'buffer']);

/** The comparisons of a template whose two sides have nothing to do with each other. */
export function incomparableIn({ parts }: Template, scope: Scope): Mismatch[] {
  const found: Mismatch[] = [];
  const types = { get: (name: string) => scope.variables.get(name)?.type };
  for (const part of parts) if (part.kind === 'expression') compareIn(part.expression, types, found);
  return found;
}

function compareIn(expression: Expression, types: Types, found: Mismatch[]): void {
  if (expression.kind === 'call') for (const arg of expression.args) compareIn(arg, types, found);
  else if (expression.kind === 'not') compareIn(expression.operand, types, found);
  else if (expression.kind === 'member') compareIn(expression.object, types, found);
  else if (expression.kind === 'index') {
    compareIn(expression.object, types, found);
    if (expression.index !== undefined) compareIn(expression.index, types, found);
  } else if (expression.kind === 'binary') {
    compareIn(expression.left, types, found);
    compareIn(expression.right, types, found);
    if (COMPARISONS.has(expression.operator)) compare(expression, types, found);
  }
}

function compare({ left, right, operator, offset, end }: Binary, types: Types, found: Mismatch[]): void {
  const sides = [infer(left, types), infer(right, types)].map(withoutNothing) as [
    readonly IMLType[],
    readonly IMLType[],
  ];
  const [one, other] = sides;
  const apart = (a: IMLType, b: IMLType) =>
    INCOMPARABLE.has(`${kindOf(a)} ${kindOf(b)}`) || INCOMPARABLE.has(`${kindOf(b)} ${kindOf(a)}`);
  if (one.length === 0 || other.length === 0 || !one.every((a) => other.every((b) => apart(a, b)))) return;
  const [first, second] = sides.map((side) => side.map(typeWords).join(' or '));
  found.push({
    code: 'iml/incomparable',
    message: `${operator} compares ${first} with ${second}, which is meaningless.`,
    hint: 'Compare a date with another date, such as now, or check that it is set: != null.',
    found: `${first} ${operator} ${second}`,
    offset,
    end,
  });
}

/** The first property on the path that cannot be there; undefined when all may be. */
export function impossibleMember(path: Expression, scope: Scope, budget?: SearchBudget): Mismatch | undefined {
  const direct = path.kind === 'member' && path.object.kind === 'variable';
  const variable = scope.variables.get(rootOf(path) ?? '');
  // What a variable of many members holds is reported elsewhere; its type may be dear.
  if (variable === undefined || (direct && (variable.members !== undefined || variable.holds === 'members')))
    return undefined;
  let { type } = variable;
  if (type === 'any' || type === 'collection') return undefined;
  const steps: (Member | undefined)[] = [];
  for (let at = path; at.kind === 'member' || at.kind === 'index'; at = at.object)
    steps.push(at.kind === 'member' ? at : undefined);
  for (const [depth, step] of steps.reverse().entries()) {
    if (step === undefined || type === 'any' || type === 'collection') return undefined;
    if (isImpossible(type, step.name, depth)) return mismatchAt(step, type, budget);
    type = memberType(type, step.name);
  }
  return undefined;
}

/** The variable that a path begins with. */
function rootOf(path: Expression): string | undefined {
  let at = path;
  while (at.kind === 'member' || at.kind === 'index') at = at.object;
  return at.kind === 'variable' ? at.name : undefined;
}

function isImpossible(type: IMLType, name: string, depth: number): boolean {
  const kinds = withoutNothing(type);
  return (
    kinds.length > 0 &&
    kinds.every((each) => WHOLE.has(each) || (depth > 0 && isClosed(each) && memberType(each, name) === 'undefined'))
  );
}

/** Members that a message names. */
const FEW = 20;

function mismatchAt({ object, name, offset, end }: Member, type: IMLType, budget?: SearchBudget): Mismatch {
  const kinds = withoutNothing(type);
  const names = kinds.flatMap((each) => (isClosed(each) ? Object.keys(each.collection) : []));
  const meant = nearest(name, names, budget);
  const path = printExpression(object);
  const is = kinds.map(typeWords).join(' or ');
  const more = names.length > FEW ? ` and ${names.length - FEW} more` : '';
  const others = names.length === 0 ? `Read ${path} as a whole.` : `It has ${names.slice(0, FEW).join(', ')}${more}.`;
  return {
    code: 'iml/impossible-member',
    message: `${path} is ${is}, and has no ${name}.`,
    hint: meant === undefined ? others : `Did you mean ${path}.${meant}?`,
    found: name,
    offset,
    end,
  };
}

function isClosed(type: IMLType): type is Extract<IMLType, { readonly collection: object }> {
  return typeof type === 'object' && 'collection' in type && type.rest === undefined;
}
