import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toParameters } from '../../src/parameters/to-parameters.ts';
import { toSchema } from '../../src/parameters/to-schema.ts';
import { form, RUNS, TIMEOUT } from './grammar.ts';

const text = (value: unknown) => JSON.stringify(value);

test(
  'array → schema → array is the same array',
  () => {
    fc.assert(
      fc.property(form, (array) => {
        const made = toParameters(toSchema(array));
        expect(made.problems).toEqual([]);
        expect(made.lost).toEqual([]);
        expect(text(made.form)).toBe(text(array));
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT,
);

test(
  'schema → array → schema is the same schema',
  () => {
    fc.assert(
      fc.property(form, (array) => {
        const schema = JSON.parse(text(toSchema(array)));
        expect(text(toSchema(toParameters(schema).form))).toBe(text(schema));
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT,
);
