import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isObject } from '../json.ts';
import { problemsOfSchema } from './schema-problems.ts';
import { faultsOf } from './validator.ts';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

/**
 * A checkout of json-schema-org/JSON-Schema-Test-Suite. Of the packages on npm, json-schema-test-suite 0.0.10 has neither
 * draft, and @json-schema-org/tests 2.0.0 takes the tests from a commit on GitHub and stops at draft-07; facts.test.ts
 * says what the suite says, keyword by keyword.
 */
const SUITE = process.env.CONNECTOR_JSON_SCHEMA_SUITE;

const DRAFTS = { draft7: 'http://json-schema.org/draft-07/schema#', 'draft2020-12': undefined };

/** Words about contents are annotations here, which draft-07 allows. */
const ANNOTATIONS = /^optional\/(content\.json|format\/)/;

test.skipIf(SUITE === undefined)('of the official suite every group is right, or refused with a place', () => {
  for (const [draft, $schema] of Object.entries(DRAFTS)) {
    const root = join(SUITE ?? '', 'tests', draft);
    for (const folder of ['.', 'optional']) {
      const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.json'));
      const all = files.map((file) => join(folder, file)).filter((file) => !ANNOTATIONS.test(file));
      const reported = all.flatMap((file) =>
        outcomes(JSON.parse(readFileSync(join(root, file), 'utf8')), $schema, file),
      );
      const count = (wanted: string) => reported.filter(({ outcome }) => outcome === wanted).length;
      process.stdout.write(
        `${draft}/${folder}: ${reported.length} tests, ${count('right')} right, ${count('refused')} in schemas that are refused\n`,
      );
      expect(reported.length).toBeGreaterThan(50);
      expect(reported.filter(({ outcome }) => outcome === 'wrong').map(({ name }) => name)).toEqual([]);
    }
  }
});

function outcomes(groups: readonly Group[], $schema: string | undefined, file: string) {
  return groups.flatMap(({ description, schema: written, tests }) => {
    const schema = $schema !== undefined && isObject(written) ? { $schema, ...written } : written;
    const refused = problemsOfSchema(schema).length > 0;
    return tests.map(({ description: about, data, valid }) => ({
      name: `${file}: ${description}: ${about}`,
      outcome: refused ? 'refused' : (faultsOf(schema, data).length === 0) === valid ? 'right' : 'wrong',
    }));
  });
}
