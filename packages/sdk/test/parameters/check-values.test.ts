import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkValues } from '../../src/parameters/check-values.ts';
import { toSchema } from '../../src/parameters/to-schema.ts';
import { form, RUNS, TIMEOUT, valuesFor } from './grammar.ts';

const ajv = new Ajv2020({ strict: false, ownProperties: true, validateFormats: false, logger: false });

function agreesWith(schema: object, values: unknown): boolean {
  const agreed = ajv.validate(schema, values) as boolean;
  ajv.removeSchema(schema);
  return agreed;
}

test(
  'ajv with our schema and checkValues say the same of the same values',
  () => {
    let right = 0;
    let wrong = 0;
    fc.assert(
      fc.property(
        form
          .filter((each) => Array.isArray(each) && !JSON.stringify(each).includes('__proto__'))
          .chain((each) => fc.tuple(fc.constant(each), valuesFor(each))),
        ([array, given]) => {
          const { problems, values } = checkValues(array, given);
          const agreed = agreesWith(toSchema(array), values);
          expect(agreed).toBe(problems.length === 0);
          if (agreed) right++;
          else wrong++;
          expect(checkValues(toSchema(array), given)).toEqual({ problems, values });
        },
      ),
      { numRuns: RUNS },
    );
    // Values that are always right, or always wrong, would prove nothing.
    expect(Math.min(right, wrong)).toBeGreaterThan(RUNS / 10);
  },
  TIMEOUT,
);
