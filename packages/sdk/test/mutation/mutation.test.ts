import { describe, expect, test } from 'vitest';
import { fixAll } from '../../src/fix.ts';
import { type Diagnostic, openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { corpus, type Subject } from './corpus.ts';
import { APART, type Chance, chanceOf, OPERATORS, type Operator, pick } from './operators.ts';
import { type Site, sitesOf } from './sites.ts';

const SEED = 20_241_121;
const EACH = 180;

interface Mutant {
  readonly operator: Operator;
  readonly site: Site;
  readonly by: string;
  readonly reported: boolean;
  readonly rightLine: boolean;
  readonly said: string;
}

function problemsOf(texts: Subject['texts']): Diagnostic[] {
  return validate(openProject(memoryFiles(texts)));
}

function keyOf({ code, file, message }: Diagnostic): string {
  return `${code} ${file} ${message}`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const known = new Map<Subject, ReadonlySet<string>>();

function textsOf({ subject, file, offset, text, kind }: Site, by: string): Subject['texts'] {
  if (kind === 'section') return Object.fromEntries(Object.entries(subject.texts).filter(([name]) => name !== file));
  const before = subject.texts[file] ?? '';
  return { ...subject.texts, [file]: before.slice(0, offset) + by + before.slice(offset + text.length) };
}

function mutate(operator: Operator, site: Site, by: string): Mutant {
  const { subject, file, offset } = site;
  const before = subject.texts[file] ?? '';
  const problems = problemsOf(textsOf(site, by));
  const old = known.get(subject) ?? new Set(problemsOf(subject.texts).map(keyOf));
  known.set(subject, old);
  const counts = (problem: Diagnostic) => operator.certain !== true || problem.severity === 'error';
  const said = problems.filter((problem) => counts(problem) && !old.has(keyOf(problem)));
  const line = lineOf(before, offset);
  const missing = operator.names?.(site.text, site).toLowerCase();
  const right = said.some(
    (problem) =>
      (missing !== undefined && `${problem.expected} ${problem.message}`.toLowerCase().includes(missing)) ||
      (problem.file === file && problem.line === line) ||
      problem.related?.some((place) => place.file === file && place.line === line) === true,
  );
  return {
    operator,
    site,
    by,
    reported: said.length > 0,
    rightLine: right,
    said: said.map((each) => `${each.code} ${each.file}:${each.line}`).join(', '),
  };
}

/** Sites are drawn uniformly, each with a mistake of its own; one that changes nothing is drawn again. */
function draw(operator: Operator, sites: readonly Site[], count: number, chance: Chance): Mutant[] {
  const fitting = sites.filter(({ kind }) => operator.kinds.includes(kind));
  const mutants: Mutant[] = [];
  for (let tries = 0; mutants.length < count && tries < 50 * count && fitting.length > 0; tries++) {
    const site = pick(fitting, chance);
    const by = operator.change(site.text, chance, site);
    if (by !== undefined && by !== site.text) mutants.push(mutate(operator, site, by));
  }
  return mutants;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;
}

function row(name: string, mutants: readonly Mutant[], all: number): string {
  const reported = mutants.filter((each) => each.reported);
  const right = reported.filter((each) => each.rightLine);
  const share = percent(mutants.length, all);
  return `${name.padEnd(34)}${String(mutants.length).padStart(5)} (${share.padStart(6)})  reported ${percent(reported.length, mutants.length).padStart(7)}  on the line ${percent(right.length, reported.length).padStart(7)}`;
}

function missOf({ operator, site: { subject, file, text, offset }, by, reported, said }: Mutant): string {
  const place = `${subject.name} ${file}:${lineOf(subject.texts[file] ?? '', offset)}`;
  return `${reported ? 'ELSEWHERE' : 'MISSED   '} ${operator.name}: ${JSON.stringify(text)} → ${JSON.stringify(by)} in ${place}${reported ? ` (${said})` : ''}`;
}

describe('mistakes made on purpose', () => {
  const subjects = corpus();
  const sites = subjects.flatMap(sitesOf);
  const chance = chanceOf(SEED);
  const mutants = OPERATORS.flatMap((operator) => draw(operator, sites, EACH, chance));
  const apart = APART.map((operator) => ({ operator, mutants: draw(operator, sites, EACH, chance) }));
  const reported = mutants.filter((each) => each.reported);
  const right = reported.filter((each) => each.rightLine);

  test('are reported, and where', () => {
    const lines = [
      `${subjects.length} connections, ${sites.length} sites, seed ${SEED}`,
      ...OPERATORS.map((operator) =>
        row(
          operator.name,
          mutants.filter((each) => each.operator === operator),
          mutants.length,
        ),
      ),
      row('all', mutants, mutants.length),
      ...apart.map((each) => row(`apart: ${each.operator.name}`, each.mutants, each.mutants.length)),
      ...mutants.filter((each) => !each.reported || !each.rightLine).map(missOf),
      ...apart.flatMap((each) =>
        each.mutants.filter(({ reported }) => !reported).map((mutant) => `apart: ${missOf(mutant)}`),
      ),
    ];
    console.log(lines.join('\n'));
    expect(mutants.length).toBeGreaterThanOrEqual(2000);
    for (const operator of OPERATORS) {
      const own = mutants.filter((each) => each.operator === operator);
      expect(own.length / mutants.length, operator.name).toBeGreaterThanOrEqual(0.05);
    }
    expect(reported.length / mutants.length).toBeGreaterThanOrEqual(0.95);
    expect(right.length / reported.length).toBeGreaterThanOrEqual(0.95);
  }, 120_000);

  test('are corrected where there is a fix, and mending twice changes nothing more', () => {
    const fixable = (problems: readonly Diagnostic[]) => problems.filter(({ fix }) => fix !== undefined);
    let corrected = 0;
    for (const { site, by } of mutants) {
      const texts = textsOf(site, by);
      const said = problemsOf(texts);
      if (fixable(said).length === 0 || said.some(({ code }) => code === 'source/syntax')) continue;
      const remedy = (from: Subject['texts']) =>
        fixAll({
          read: (file) => from[file],
          check: (changed) => problemsOf({ ...from, ...Object.fromEntries(changed) }),
        });
      const once = remedy(texts);
      const name = `${site.subject.name} ${site.file}: ${JSON.stringify(site.text)} → ${JSON.stringify(by)}`;
      expect(once.fixed.length, name).toBeGreaterThan(0);
      expect(fixable(once.left), name).toEqual([]);
      const codes = new Set(said.map(keyOf));
      expect(
        once.left.filter((each) => each.severity === 'error' && !codes.has(keyOf(each))),
        name,
      ).toEqual([]);
      const again = remedy({ ...texts, ...Object.fromEntries(once.texts) });
      expect([...again.texts], name).toEqual([]);
      corrected++;
    }
    console.log(`${corrected} of ${mutants.length} mutants have a fix`);
    expect(corrected).toBeGreaterThan(50);
  }, 240_000);
});
