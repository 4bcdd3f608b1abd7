import { expect, test } from 'vitest';
import { problemsOfSchema } from '../../src/json-schema/schema-problems.ts';
import { compared, type Disagreement, type Outcome, ours, type Printer, theirs } from './agreement.ts';
import { samples } from './authored-schemas.ts';

const SEED = 23;
const VALUES = 4;
/** Of schemas that `validate` does not refuse. */
const SCHEMAS = process.env.CONNECTOR_NIGHTLY === undefined ? 150 : 1500;

/** Of the disagreements of json-schema-to-typescript with the checker. */
const SHARE = 1 / 3;

const chosen = samples(SEED, SCHEMAS * 2, VALUES)
  .filter(({ schema }) => problemsOfSchema(schema).length === 0)
  .slice(0, SCHEMAS);

async function outcomeOf(name: string, print: Printer): Promise<Outcome> {
  const outcome = await compared(chosen, print);
  const { values, taken, disagreements, unprinted } = outcome;
  const refused = disagreements.filter((each) => each.taken).length;
  process.stdout.write(
    `${name}: ${disagreements.length} disagreements with the checker on ${values} values, of which it takes ${taken}: ` +
      `${refused} that it takes do not compile, ${disagreements.length - refused} that it refuses do; ` +
      `${unprinted.length} schemas have no types\n`,
  );
  return outcome;
}

/** A name that nobody declares is a mistake to the compiler, and nothing to the checker. */
const isSurplus = ({ said }: Disagreement) =>
  /may only specify known properties|has no properties in common/.test(said);

test(`types agree with the checker, with a third of the disagreements of json-schema-to-typescript at most`, async () => {
  const own = await outcomeOf('types', ours);
  const other = await outcomeOf('json-schema-to-typescript', theirs);
  expect(own.values).toBe(SCHEMAS * VALUES);
  expect(own.unprinted).toEqual([]);
  expect(own.broken).toEqual([]);
  // Both answers were put to the test.
  expect(Math.min(own.taken, own.values - own.taken)).toBeGreaterThan(own.values / 4);
  expect(own.disagreements.length).toBeLessThanOrEqual(other.disagreements.length * SHARE);
  expect(own.disagreements.filter((each) => each.taken && !isSurplus(each))).toEqual([]);
}, 1_800_000);
