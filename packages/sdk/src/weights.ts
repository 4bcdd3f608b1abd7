import { PAGES, type Page } from './codes.ts';
import { type Diagnostic, nearest, type Weight } from './diagnostics.ts';
import { lookUp } from './json.ts';
import { RULES, ruleNamed } from './rules/index.ts';
import type { Source } from './source.ts';

/**
 * The problems as they weigh. What cannot be allowed for a whole project weighs what it weighs, whatever is asked: a
 * text that cannot be read does not become readable by being allowed.
 */
export function weighed(problems: readonly Diagnostic[], weights: ReadonlyMap<string, Weight>): Diagnostic[] {
  if (weights.size === 0) return [...problems];
  return problems.flatMap((problem): Diagnostic[] => {
    const weight = weights.get(problem.code);
    if (weight === undefined || allowanceOf(problem.code) !== 'anywhere') return [problem];
    return weight === 'off' ? [] : [{ ...problem, severity: weight }];
  });
}

/** Whether a problem of that code may be allowed for a whole project, only by a comment where it stands, or not at all. */
export function allowanceOf(code: string): 'anywhere' | 'here' | 'nowhere' {
  if (ruleNamed(code) !== undefined) return 'anywhere';
  const page: Page | undefined = lookUp(PAGES, code);
  return page?.allowed ?? 'nowhere';
}

/** What to do about a problem that cannot be allowed for a whole project. */
export function hintForFixed(code: string): string {
  return allowanceOf(code) === 'here'
    ? `Allow it where it stands: // connector-ignore ${code}: <why it is all right there>.`
    : 'Mend what it tells of: no comment allows it either.';
}

/** The code that was meant by a word that is none; undefined when nothing is near. */
export function nearestRule(word: string): string | undefined {
  const codes: string[] = RULES.map((rule) => rule.code);
  return nearest(word, codes) ?? codes.find((each) => each.endsWith(`/${word}`));
}

/** What is wrong with the `rules` of a manifest: codes that there are not, and codes that weigh what they weigh. */
export function idleRules(manifest: Source, weights: ReadonlyMap<string, Weight>): Diagnostic[] {
  return [...weights].flatMap(([code, weight]): Diagnostic[] => {
    const words = isCode(code) ? fixed(code, weight) : unknown(code);
    if (words === undefined) return [];
    const path = ['rules', code];
    return [{ ...words, found: code, file: manifest.file, path, ...manifest.locate(path, 'key') }];
  });
}

type Words = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'hint'>;

function unknown(code: string): Words {
  const meant = nearestRule(code);
  return {
    code: 'schema/unknown-key',
    severity: 'error',
    message: `rules names ${JSON.stringify(code)}, and there is no such code.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

function fixed(code: string, weight: Weight): Words | undefined {
  if (weight === 'error' || allowanceOf(code) === 'anywhere') return undefined;
  return {
    code: 'suppression/refused',
    severity: 'warning',
    message: `rules says ${JSON.stringify(weight)} for ${code}, which no rule turns off.`,
    hint: hintForFixed(code),
  };
}

/** Whether there is such a code. */
export function isCode(word: string): boolean {
  return Object.hasOwn(PAGES, word) || ruleNamed(word) !== undefined;
}
