// Readers of SARIF and JUnit: each has to find as many problems as were reported, with their words.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { reports } from './written.js';

const require = createRequire(import.meta.url);
export const begin = reports;

const read = (/** @type {string} */ file) => readFileSync(file, 'utf8');
const counts = (/** @type {string} */ what, /** @type {number} */ found, /** @type {number} */ wanted) => {
  if (found !== wanted) throw new Error(`${found} ${what}, and ${wanted} were reported`);
};

/** Results of the log, without those that are suppressed. @param {any} subject */
const resultsIn = ({ sarif }) => JSON.parse(read(sarif)).runs[0].results;
const reportedIn = (/** @type {any} */ subject) =>
  resultsIn(subject).filter(({ suppressions = [] }) => suppressions.length === 0);

export const READERS = {
  multitool: {
    validate: async ({ place, folder, subject: { sarif } }, { env = {} }) => {
      const own = createRequire(realpathSync(join(place, 'package.json')));
      const tool = own.resolve(`@microsoft/sarif-multitool-${process.platform}/package.json`);
      // Its own install script makes it a program; none runs here.
      const program = join(folder, 'multitool');
      cpSync(join(tool, '..'), program, { recursive: true, dereference: true });
      const file = join(program, 'Sarif.Multitool');
      chmodSync(file, 0o755);
      const out = join(folder, 'validated.sarif');
      const words = ['validate', sarif, '--output', out, '--log', 'ForceOverwrite', '--rule-kind', 'Sarif'];
      const { status, stdout, stderr } = spawnSync(file, words, { encoding: 'utf8', env: { ...process.env, ...env } });
      if (status !== 0) throw new Error(`it ends with ${status}: ${stderr}${stdout}`);
      const { results = [] } = JSON.parse(read(out)).runs[0];
      const errors = results.filter(({ level }) => level === 'error' || level === undefined);
      if (errors.length > 0) throw new Error(`${errors.length} errors: ${JSON.stringify(errors.slice(0, 2))}`);
    },
  },
  'sarif-junit': {
    convert: async ({ place, folder, subject }) => {
      const convert = require(place);
      const out = join(folder, 'converted.xml');
      const { error } = await convert({ _: [subject.sarif, out] });
      if (error) throw new Error(error);
      counts('failures', read(out).match(/<failure/g)?.length ?? 0, reportedIn(subject).length);
    },
  },
  markdown: {
    convert: async ({ place, subject }) => {
      const { sarifToMarkdown } = require(place);
      const [made] = sarifToMarkdown({ title: 'Report', owner: 'a', repo: 'b', branch: 'c', sourceRoot: '' })(
        JSON.parse(read(subject.sarif)),
      );
      for (const { ruleId } of reportedIn(subject))
        if (!made.body.includes(ruleId)) throw new Error(`${ruleId} is not told: ${made.body.slice(0, 200)}`);
    },
  },
  junit2json: {
    read: async ({ place, subject }) => {
      const { parse } = await import(`${place}/dist/esm/index.js`);
      const { testsuite } = await parse(read(subject.junit));
      const cases = testsuite.flatMap(({ testcase = [] }) => testcase);
      const failures = cases.flatMap(({ failure = [] }) => failure);
      const errors = subject.problems.filter(({ severity }) => severity === 'error');
      counts('failures', failures.length, errors.length);
      for (const { message } of errors)
        if (!JSON.stringify(failures).includes(JSON.stringify(message).slice(1, -1)))
          throw new Error(`the message is not read: ${message}`);
    },
  },
  merger: {
    merge: async ({ place, subject }) => {
      const { mergeToString } = require(place);
      const text = await mergeToString([read(subject.junit), read(subject.tests)], {});
      const failures = (/** @type {string} */ xml) => xml.match(/<failure/g)?.length ?? 0;
      counts('failures', failures(text), failures(read(subject.junit)) + failures(read(subject.tests)));
      const cases = (/** @type {string} */ xml) => xml.match(/<testcase/g)?.length ?? 0;
      counts('cases', cases(text), cases(read(subject.junit)) + cases(read(subject.tests)));
    },
  },
  javascript: {
    read: async ({ place, subject }) => {
      const Parser = require(place);
      const { testsuites } = await new Parser().parseXMLString(read(subject.junit));
      const failed = testsuites.reduce(
        (sum, { testCases }) => sum + testCases.filter(({ result }) => result === 'failed').length,
        0,
      );
      counts('failures', failed, read(subject.junit).match(/<testcase[^>]*>\s*<failure/g)?.length ?? 0);
    },
  },
  ctrf: {
    read: async ({ place, subject, folder }) => {
      const { convertJUnitToCTRFReport } = require(place);
      const { results } = await convertJUnitToCTRFReport(subject.junit, { outputPath: join(folder, 'ctrf.json') });
      counts('failures', results.summary.failed, read(subject.junit).match(/<testcase[^>]*>\s*<failure/g)?.length ?? 0);
    },
  },
};
