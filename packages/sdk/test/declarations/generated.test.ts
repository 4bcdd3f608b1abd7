import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typesOf } from '../../src/declarations/from-schema.ts';
import { schemaOfForm } from '../../src/declarations/index.ts';
import { declaration } from '../../src/declarations/print.ts';
import { checkValues } from '../../src/index.ts';
import { isObject } from '../../src/json.ts';
import { form, valuesFor } from '../parameters/grammar.ts';
import { COMPILERS, complaints } from './compiling.ts';

/** Forms in a batch, each with some values; one run of the compiler for all. */
const FORMS = process.env.CONNECTOR_NIGHTLY === undefined ? 150 : 1_500;
const VALUES = 6;

const cases = fc.sample(
  form
    .filter((each) => Array.isArray(each) && each.length > 0 && !JSON.stringify(each).includes('__proto__'))
    .chain((each) => fc.tuple(fc.constant(each), fc.array(valuesFor(each), { minLength: VALUES, maxLength: VALUES }))),
  { numRuns: FORMS, seed: 20 },
);

/** A value of exactly these literals that is no fresh literal itself, so that names too many are no error. */
function exactly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(exactly).join(', ')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}: ${exactly(each)}`)
      .join(', ')}}`;
  }
  const literal = JSON.stringify(value);
  return value === null ? literal : `${literal} as ${literal}`;
}

/** Problems that a type can tell; a whole number is a number to it. */
const TELLABLE = new Set(['value/type', 'value/choice', 'value/missing']);

test.each(COMPILERS)(
  'under %s, what checkValues accepts is assignable, and what it refuses for its type is not',
  async (compiler) => {
    const schemas: Record<string, ReturnType<typeof schemaOfForm>> = {};
    const lines: string[] = [];
    const count = { accepted: 0, refused: 0 };
    for (const [index, [array, all]] of cases.entries()) {
      const name = `Form${index}`;
      const schema = schemaOfForm(array);
      const text = JSON.stringify(schema);
      schemas[name] = schema;
      // Where several choices show fields, those are optional; to TypeScript, an empty object is anything.
      const loose =
        text.includes('"properties":{}') || (/"type":"array"/.test(text) && /nested/.test(JSON.stringify(array)));
      for (const [at, given] of all.entries()) {
        const { problems, values } = checkValues(array, given);
        const [first] = problems;
        const tells = problems.some(({ code, expected }) => TELLABLE.has(code) && !/whole|integer/.test(expected));
        if (Object.keys(values).length === 0 || (first !== undefined && (loose || !tells))) continue;
        count[first === undefined ? 'accepted' : 'refused']++;
        lines.push(`const v${index}_${at} = ${exactly(values)};`);
        if (first !== undefined) lines.push('// @ts-expect-error');
        lines.push(`take<${name}>(v${index}_${at});`);
      }
    }
    const declared = Object.entries(schemas)
      .map(([name, schema]) => declaration(name, typesOf(schema, (own) => own).type))
      .join('\n\n');
    const names = Object.keys(schemas).join(', ');
    const use = `import type { ${names} } from './forms.js';\ndeclare function take<T>(value: T): void;\n${lines.join('\n')}\n`;
    const said = complaints(compiler, { 'forms.d.ts': declared, 'use.ts': use });
    const wrong = [...said.matchAll(/use\.ts\((\d+),/g)].map(([, line]) =>
      use
        .split('\n')
        .slice(Number(line) - 2, Number(line) + 2)
        .join('\n'),
    );
    expect(said, wrong.slice(0, 5).join('\n---\n')).toBe('');
    // Values that are always right, or always wrong, would prove nothing.
    expect(Math.min(count.accepted, count.refused)).toBeGreaterThan(FORMS / 2);
  },
  180_000,
);
