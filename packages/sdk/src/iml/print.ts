import { type Expression, KEYWORDS, PRECEDENCE, type Template, type TemplatePart } from './tree.ts';

/**
 * The template as a text: one space around operators, a comma between arguments, no parentheses that are not needed.
 * Parsing it again gives the same tree, offsets apart. A broken expression is printed as it was written.
 */
export function printTemplate({ parts }: Pick<Template, 'parts'>): string {
  return parts.map(printPart).join('');
}

function printPart(part: TemplatePart): string {
  return part.kind === 'expression' ? `{{${printExpression(part.expression)}}}` : part.text;
}

/** How tightly `!` and access bind; see PRECEDENCE. */
const NOT = 16;
const ACCESS = 17;

/** The expression as a text that can stand between the braces of a template. */
export function printExpression(expression: Expression): string {
  return print(expression, 0);
}

function print(expression: Expression, least: number): string {
  switch (expression.kind) {
    case 'number':
      return digits(expression.value);
    case 'string':
      return expression.value.includes("'") ? `"${expression.value}"` : `'${expression.value}'`;
    case 'keyword':
      return expression.name;
    case 'variable':
      return (KEYWORDS as readonly string[]).includes(expression.name)
        ? `\`${expression.name}\``
        : named(expression.name);
    case 'member':
      return `${print(expression.object, ACCESS)}.${named(expression.name)}`;
    case 'index':
      return `${print(expression.object, ACCESS)}[${expression.index === undefined ? '' : print(expression.index, 0)}]`;
    case 'call':
      return `${expression.name}(${expression.args.map((each) => print(each, 0)).join(', ')})`;
    case 'not':
      return enclosed(`!${print(expression.operand, NOT)}`, NOT < least);
    case 'binary': {
      const precedence = PRECEDENCE[expression.operator];
      const left = print(expression.left, precedence);
      const right = print(expression.right, precedence + 1);
      return enclosed(`${left} ${expression.operator} ${right}`, precedence < least);
    }
  }
}

function enclosed(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

/** In backticks unless it is a plain word. */
export function named(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``;
}

/** The number without an exponent, which IML does not have. */
function digits(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return `${value < 0 ? '-' : ''}${'9'.repeat(310)}`;
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = Number(exponent);
  return point < 0
    ? `${sign}0.${'0'.repeat(-point - 1)}${whole}${fraction}`
    : `${sign}${whole}${fraction.padEnd(point, '0')}`;
}
