import type { IMLType } from './function.ts';
import { parseTemplate } from './parse.ts';
import { SIGNATURES } from './signatures.ts';
import type { Expression, KeywordName, Operator, Template } from './tree.ts';

/** The types of the variables that exist; what is not named here may be anything. */
export interface Types {
  get(name: string): IMLType | undefined;
}

/** The type of the template's value: that of the expression when it is the whole text, and text otherwise. */
export function inferTemplate({ parts }: Template, types: Types): IMLType {
  const [only] = parts;
  if (parts.length !== 1 || only === undefined || only.kind === 'text') return 'text';
  return only.kind === 'expression' ? infer(only.expression, types) : 'any';
}

/** The type of what `evaluateValue` makes of a JSON value with templates in it. */
export function inferValue(value: unknown, types: Types): IMLType {
  if (typeof value === 'string') return value.includes('{{') ? inferTemplate(parseTemplate(value), types) : 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'object' || value === null) return 'null';
  if (Array.isArray(value)) return { array: union(...value.map((each) => inferValue(each, types))) };
  const members = Object.entries(value).map(([name, each]) => [name, inferValue(each, types)] as const);
  return members.some(([name]) => name.includes('{{')) ? 'collection' : { collection: Object.fromEntries(members) };
}

/** The narrowest type that is certain to hold the expression's value. */
export function infer(expression: Expression, types: Types): IMLType {
  switch (expression.kind) {
    case 'number':
      return 'number';
    case 'string':
      return 'text';
    case 'keyword':
      return KEYWORD_TYPES[expression.name];
    case 'variable':
      return types.get(expression.name) ?? 'any';
    case 'member':
      return memberType(infer(expression.object, types), expression.name);
    case 'index':
      return itemType(infer(expression.object, types));
    case 'not':
      return 'boolean';
    case 'call': {
      const choose = CHOICES.get(expression.name);
      if (choose === undefined) return SIGNATURES.get(expression.name)?.returns ?? 'any';
      const args = expression.args.map((each) => infer(each, types));
      return choose(args);
    }
    case 'binary':
      return OPERATOR_TYPES[expression.operator](infer(expression.left, types), infer(expression.right, types));
  }
}

/** One of the types; types that are given twice count once, and anything with `any` is any. */
export function union(...types: readonly IMLType[]): IMLType {
  const [first, second] = types;
  if (first !== undefined && second === undefined && types.length === 1 && !isUnion(first)) return first;
  if (types.length === 2 && typeof first === 'string' && typeof second === 'string') {
    if (first === 'any' || second === 'any') return 'any';
    return first === second ? first : { union: [first, second] };
  }
  if (types.includes('any')) return 'any';
  const members = new Map<string, IMLType>();
  for (const type of types) {
    for (const member of membersOf(type))
      members.set(typeof member === 'string' ? member : JSON.stringify(member), member);
  }
  const [only] = members.values();
  if (only === undefined || members.has('any')) return 'any';
  return members.size === 1 ? only : { union: [...members.values()] };
}

/** The alternatives of a type; of one that is no union, itself. */
export function membersOf(type: IMLType): readonly IMLType[] {
  return isUnion(type) ? type.union.flatMap(membersOf) : [type];
}

function isUnion(type: IMLType): type is Extract<IMLType, { readonly union: readonly IMLType[] }> {
  return typeof type === 'object' && 'union' in type;
}

/** The type in words, as in `text or undefined`. */
export function typeWords(type: IMLType): string {
  if (typeof type === 'string') return type;
  if ('union' in type) return type.union.map(typeWords).join(' or ');
  return 'array' in type ? `array of ${typeWords(type.array)}` : 'collection';
}

/** The type in one word. */
export function kindOf(type: IMLType): string {
  if (typeof type === 'string') return type;
  return 'array' in type ? 'array' : 'collection';
}

/** Returns the alternatives of a type without null and undefined. */
export function withoutNothing(type: IMLType): readonly IMLType[] {
  return membersOf(type).filter((each) => each !== 'null' && each !== 'undefined');
}

/** Returns the type of a member of a value of that type; `undefined` where it can have none of that name. */
export function memberType(object: IMLType, name: string): IMLType {
  if (!isUnion(object)) return memberOf(object, name);
  return union(...membersOf(object).map((type) => memberOf(type, name)));
}

function memberOf(type: IMLType, name: string): IMLType {
  if (type === 'any' || type === 'collection') return 'any';
  if (typeof type === 'string') return type === 'array' && name === 'length' ? 'number' : 'undefined';
  if ('collection' in type)
    return (Object.hasOwn(type.collection, name) ? type.collection[name] : undefined) ?? type.rest ?? 'undefined';
  return 'array' in type && name === 'length' ? 'number' : 'undefined';
}

function itemType(object: IMLType): IMLType {
  return union(
    ...membersOf(object).map((type): IMLType => {
      if (typeof type === 'object' && 'array' in type) return union(type.array, 'undefined');
      return type === 'any' || type === 'array' || type === 'collection' || typeof type === 'object'
        ? 'any'
        : 'undefined';
    }),
  );
}

/** Functions whose value is one of their arguments. */
const CHOICES: ReadonlyMap<string, (args: readonly IMLType[]) => IMLType> = new Map([
  ['if', ([, yes = 'undefined', no = 'undefined']) => union(yes, no)],
  ['ifempty', ([value = 'undefined', otherwise = 'undefined']) => union(...withoutNothing(value), otherwise)],
  [
    'switch',
    ([, ...rest]) => {
      const results = rest.filter((_, index) => index % 2 === 1);
      return rest.length % 2 === 1 ? union(...results, ...rest.slice(-1)) : union(...results, 'undefined');
    },
  ],
] as [string, (args: readonly IMLType[]) => IMLType][]);

type Typing = (left: IMLType, right: IMLType) => IMLType;

const comparison: Typing = () => 'boolean';
const arithmetic: Typing = () => 'number';

const OPERATOR_TYPES: Readonly<Record<Operator, Typing>> = {
  '|': (left, right) => union(...withoutNothing(left), right),
  '&': (left, right) => union(left, right),
  '=': comparison,
  '!=': comparison,
  '<': comparison,
  '<=': comparison,
  '>': comparison,
  '>=': comparison,
  '+': (left, right) => {
    if (left === 'text' || right === 'text') return 'text';
    return left === 'number' && right === 'number' ? 'number' : 'any';
  },
  '++': arithmetic,
  '-': arithmetic,
  '*': arithmetic,
  '/': arithmetic,
  '%': arithmetic,
};

const KEYWORD_TYPES: Readonly<Record<KeywordName, IMLType>> = {
  true: 'boolean',
  false: 'boolean',
  null: 'null',
  erase: 'null',
  ignore: 'undefined',
  undefined: 'undefined',
  emptystring: 'text',
  emptyarray: 'array',
  space: 'text',
  nbsp: 'text',
  tab: 'text',
  newline: 'text',
  carriagereturn: 'text',
  now: 'date',
  timestamp: 'number',
  uuid: 'text',
  pi: 'number',
  random: 'number',
};
