import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/iml/check.ts';
import { evaluate, evaluateValue } from '../../src/iml/evaluate.ts';
import { IMLError } from '../../src/iml/function.ts';
import { FUNCTIONS } from '../../src/iml/functions/index.ts';
import { parseTemplate } from '../../src/iml/parse.ts';
import { printTemplate } from '../../src/iml/print.ts';
import { momentOf, scopeAt } from '../../src/iml/scopes.ts';
import type { Template } from '../../src/iml/tree.ts';
import { readSource } from '../../src/source.ts';

/**
 * What templates must give, as data: every `*.jsonc` here is an object of groups, each a list of cases. The names of
 * groups are those of grammar rules, keywords or functions. What JSON cannot say is written as `{"$undefined": true}`,
 * `{"$date": "2024-01-01T00:00:00.000Z"}`, `{"$hex": "00ff"}` for bytes and `{"$number": "NaN"}`.
 */
interface Case {
  /** A template, or a whole JSON value with templates in it. */
  readonly template: unknown;
  readonly scope?: Readonly<Record<string, unknown>>;
  /** What it evaluates to. */
  readonly result?: unknown;
  /** A part of the message of the error that evaluating it throws. */
  readonly error?: string;
  /** What checking it tells, each as `code text-that-is-meant`. */
  readonly problems?: readonly string[];
  /** Where it stands when it is checked, such as `api.token.body`; syntax alone is checked unless said. */
  readonly at?: string;
  /** The moment of the evaluation; 2023-11-14T22:13:20.000Z unless said. */
  readonly now?: string;
  readonly timezone?: string;
  /** The public document, standard or library that says so: a key of `sources` in the same file, or words. Never ours. */
  readonly source: string;
}

interface CasesFile {
  readonly sources?: Readonly<Record<string, string>>;
  readonly [group: string]: readonly Case[] | Readonly<Record<string, string>> | undefined;
}

const NOW = '2023-11-14T22:13:20.000Z';
const UUID = '7d9f2c1e-3b4a-4c5d-8e6f-0123456789ab';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.jsonc'));
const groups = files.flatMap((file) => {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const { value, problems } = readSource(file, text, { comments: true });
  if (problems.length > 0) throw new Error(`${file}: ${problems.map(({ message, line }) => `${line} ${message}`)}`);
  const { sources = {}, ...rest } = value as CasesFile;
  return Object.entries(rest).map(([group, cases]) => ({ file, group, sources, cases: cases as readonly Case[] }));
});
const all = groups.flatMap(({ cases }) => cases);

function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  const { $undefined, $date, $hex, $number } = value as Readonly<Record<string, string>>;
  if ($undefined !== undefined) return undefined;
  if ($date !== undefined) return new Date($date);
  if ($hex !== undefined) return Buffer.from($hex, 'hex');
  if ($number !== undefined) return Number($number);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decoded(each)]));
}

function run({ template, scope = {}, now = NOW, timezone }: Case): unknown {
  const given = {
    now: () => new Date(now),
    random: () => 0.5,
    uuid: () => UUID,
    ...(timezone !== undefined && { timezone }),
  };
  const variables = decoded(scope) as object;
  return typeof template === 'string'
    ? evaluate(template, variables, given)
    : evaluateValue(template, variables, given);
}

function problemsOf({ template, at }: Case): string[] {
  const text = String(template);
  const moment = at === undefined ? undefined : momentOf(at.split('.'));
  const parsed = parseTemplate(text);
  const problems = moment === undefined ? parsed.problems : check(parsed, scopeAt(moment));
  return problems.map(({ code, offset, length }) => `${code} ${text.slice(offset, offset + length)}`);
}

/** The tree without its offsets. */
export function shape({ parts }: Template): unknown {
  return JSON.parse(
    JSON.stringify(parts, (key, value) => (key === 'offset' || key === 'end' ? undefined : value)) ?? 'null',
  );
}

describe.each(groups)('$file $group', ({ cases, sources }) => {
  test.each(cases)('$template', (each) => {
    const { template, source, result, error, problems } = each;
    expect(Object.hasOwn(sources, source) || source.length > 10, `${source} is no source`).toBe(true);
    expect([result, error, problems].filter((outcome) => outcome !== undefined)).not.toEqual([]);
    if (problems !== undefined) expect(problemsOf(each)).toEqual(problems);
    if (error !== undefined) {
      expect(() => run(each)).toThrow(IMLError);
      expect(() => run(each)).toThrow(error);
    }
    if (result === undefined) return;
    expect(run(each)).toEqual(decoded(result));
    if (typeof template !== 'string') return;
    expect(typeof run(each)).toBe(typeof decoded(result));
    const parsed = parseTemplate(template);
    expect(parsed.problems).toEqual([]);
    expect(shape(parseTemplate(printTemplate(parsed)))).toEqual(shape(parsed));
  });
});

describe('the cases', () => {
  test('are many', () => expect(all.length).toBeGreaterThanOrEqual(500));

  test.each(groups.filter(({ file }) => !file.startsWith('functions')))(
    'are at least three for $group',
    ({ cases }) => {
      expect(cases.length).toBeGreaterThanOrEqual(3);
    },
  );

  test.each([...FUNCTIONS.keys()])('are at least four for %s', (name) => {
    const own = all.filter(({ template }) => JSON.stringify(template).includes(`${name}(`));
    expect(own.length).toBeGreaterThanOrEqual(4);
  });
});
