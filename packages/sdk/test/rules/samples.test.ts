import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, openProject, SECTIONS, type Section, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

/** A folder of real connections: each has the files of its sections and a meta.json with its `createType`. */
const SAMPLES = process.env.CONNECTOR_SAMPLES;

interface Verdict {
  /** Every error, as `code path`, and no other. */
  readonly errors?: readonly string[];
  /** Warnings that must be said; others may be. */
  readonly warnings?: readonly string[];
  /** Codes that would be wrong here. */
  readonly never?: readonly string[];
}

/** By the number that the folder's name begins with. What is not listed has no errors. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  '01': { never: ['parameter/editable-host'] },
  '04': {
    warnings: ['iml/unknown-function info.url', 'credential/text-field 1.type', 'credential/text-field 1.type'],
  },
  '07': {
    errors: ['schema/unknown-key response.output', 'iml/foreign-syntax response.output.ok'],
    warnings: ['parameter/editable-host 1.editable', 'log/not-sanitized headers.Authorization'],
  },
  '12': { warnings: ['credential/text-field 0.type'] },
  '22': {
    warnings: [
      'iml/unknown-function authorize.temp.code_verifier',
      'iml/surplus-argument info.response.error.message',
      'oauth/challenge-form authorize.qs.code_challenge',
    ],
  },
  '24': { warnings: ['oauth/refresh-without-condition refresh', 'log/not-sanitized token.body.code'] },
  '40': { never: ['log/not-sanitized', 'iml/undeclared-parameter', 'credential/text-field'] },
  '41': { never: ['oauth/token-never-runs'] },
  '43': { warnings: ['oauth/verifier-form authorize.temp.code_verifier'], never: ['oauth/challenge-form'] },
  '44': { errors: ['source/syntax '] },
  '53': { never: ['iml/unset-common'] },
  '56': {
    warnings: ['iml/undeclared-parameter token.body.username', 'iml/undeclared-parameter token.body.password'],
    never: ['iml/unset-common'],
  },
  '57': { warnings: ['request/plain-http requestToken.url'], never: ['log/not-sanitized'] },
};

/** The sample as a project. In the samples common.json holds values, which is not what our common.schema.json holds. */
function problemsOf(folder: string, mend: (file: string, text: string) => string = (_, text) => text): Diagnostic[] {
  const { createType } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const texts: Record<string, string> = { 'connector.json': '{"name": "sample"}' };
  // A sample is what somebody published of a connection, which may be less than it is.
  const unmanaged: string[] = [];
  for (const section of SECTIONS as readonly Section[]) {
    const file = `${section.name}.json`;
    const isShown = section.wire !== 'json' && existsSync(join(folder, file));
    if (!isShown && section.name !== 'api') unmanaged.push(section.name);
    if (!isShown) continue;
    texts[`connections/sample/${section.files[0]}`] = mend(file, readFileSync(join(folder, file), 'utf8'));
  }
  texts['connections/sample/connection.json'] = JSON.stringify({ type: createType, unmanaged });
  return validate(openProject(memoryFiles(texts)));
}

function reported(problems: readonly Diagnostic[], severities: readonly Diagnostic['severity'][]): string[] {
  return problems
    .filter(({ severity }) => severities.includes(severity))
    .map(({ code, path = [] }) => `${code} ${path.join('.')}`);
}

describe.skipIf(SAMPLES === undefined)('verdicts on the connections in CONNECTOR_SAMPLES', () => {
  const folders = SAMPLES === undefined ? [] : readdirSync(SAMPLES).filter((name) => /^\d/.test(name));

  test('there are some', () => expect(folders).not.toEqual([]));

  test.each(folders)('%s', (name) => {
    const { errors = [], warnings = [], never = [] } = VERDICTS[name.slice(0, 2)] ?? {};
    const problems = problemsOf(join(SAMPLES ?? '', name));
    expect(reported(problems, ['error']).sort()).toEqual([...errors].sort());
    expect(reported(problems, ['warning'])).toEqual(expect.arrayContaining([...warnings]));
    expect(problems.map(({ code }) => code).filter((code) => never.includes(code))).toEqual([]);
  });

  test.each(folders.filter((name) => name.startsWith('44')))('%s, once its comma is there', (name) => {
    const problems = problemsOf(join(SAMPLES ?? '', name), (_, text) =>
      text.replace(/("condition": "[^"]*")(\s*"url")/, '$1,$2'),
    );
    expect(reported(problems, ['error'])).toEqual(['oauth/token-never-runs token']);
    expect(reported(problems, ['warning'])).toEqual(
      expect.arrayContaining([
        'log/not-sanitized token.body.client_secret',
        'log/not-sanitized refresh.body.client_secret',
      ]),
    );
  });
});

describe('a common.schema.json that holds values', () => {
  const said = (common: unknown) =>
    reported(
      validate(
        openProject(
          memoryFiles({
            'connector.json': '{"name": "values"}',
            'connections/a/connection.json': '{"type": "oauth", "unmanaged": ["api"]}',
            'connections/a/common.schema.json': JSON.stringify(common),
          }),
        ),
      ),
      ['warning', 'error'],
    );

  test('is reported for each secret and for each other value', () => {
    expect(said({ clientId: '1234567890', clientSecret: 'hunter2' })).toEqual([
      'common/keyword clientId',
      'common/secret-value clientSecret',
    ]);
  });

  test.each([
    [{ properties: { clientSecret: { const: 'x' } } }, ['common/secret-value properties.clientSecret.const']],
    [{ properties: { pin: { writeOnly: true, default: '1' } } }, ['common/secret-value properties.pin.default']],
    [{ properties: { region: { enum: ['eu', 'us'], default: 'eu' } } }, []],
    [{ properties: { clientSecret: { type: 'string', examples: [] } } }, []],
    [
      { properties: { region: { default: `${'ghp'}_${'a1'.repeat(18)}` } } },
      ['common/secret-value properties.region.default'],
    ],
  ])('%j', (common, expected) => {
    expect(said(common)).toEqual(expected);
  });
});
