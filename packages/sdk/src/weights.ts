import { PAGES } from './codes.ts';
import { type Diagnostic, nearest, type Weight } from './diagnostics.ts';
import { RULES, ruleNamed } from './rules/index.ts';
import type { Source } from './source.ts';

/**
 * The problems as they weigh. What no rule finds and is an error stays one whatever is asked: a text that cannot be
 * read does not become readable by being allowed.
 */
export function weighed(problems: readonly Diagnostic[], weights: ReadonlyMap<string, Weight>): Diagnostic[] {
  if (weights.size === 0) return [...problems];
  return problems.flatMap((problem): Diagnostic[] => {
    const weight = weights.get(problem.code);
    if (weight === undefined || !canBeWeighed(problem)) return [problem];
    return weight === 'off' ? [] : [{ ...problem, severity: weight }];
  });
}

/** Whether a problem may be allowed: what a rule finds, and what is no error. */
export function canBeWeighed({ code, severity }: Diagnostic): boolean {
  return severity !== 'error' || ruleNamed(code) !== undefined;
}

/** The code that was meant by a word that is none; undefined when nothing is near. */
export function nearestRule(word: string): string | undefined {
  const codes: string[] = RULES.map((rule) => rule.code);
  return nearest(word, codes) ?? codes.find((each) => each.endsWith(`/${word}`));
}

/** What is wrong with the `rules` of a manifest: names of codes that there are not. */
export function unknownRules(manifest: Source, weights: ReadonlyMap<string, Weight>): Diagnostic[] {
  return [...weights.keys()]
    .filter((code) => !isCode(code))
    .map((code): Diagnostic => {
      const meant = nearestRule(code);
      return {
        code: 'schema/unknown-key',
        severity: 'error',
        message: `rules names ${JSON.stringify(code)}, and there is no such code.`,
        hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${JSON.stringify(meant)}?`,
        found: code,
        file: manifest.file,
        path: ['rules', code],
        ...manifest.locate(['rules', code], 'key'),
      };
    });
}

/** Whether there is such a code. */
export function isCode(word: string): boolean {
  return Object.hasOwn(PAGES, word) || ruleNamed(word) !== undefined;
}
