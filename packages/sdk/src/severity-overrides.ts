import { PAGES, type Page } from './codes.ts';
import { type Diagnostic, nearest, type RuleSeverity, type SeverityOverrides } from './diagnostics.ts';
import { lookUp } from './json.ts';
import { RULES, ruleNamed } from './rules/index.ts';
import type { Source } from './source.ts';

/**
 * Gives problems the severities of the overrides, and leaves out those that are `off`. What cannot be suppressed for a
 * whole project keeps its own severity: a text that cannot be read does not become readable by being allowed.
 */
export function applySeverityOverrides(problems: readonly Diagnostic[], overrides: SeverityOverrides): Diagnostic[] {
  if (overrides.size === 0) return [...problems];
  return problems.flatMap((problem): Diagnostic[] => {
    const severity = overrides.get(problem.code);
    if (severity === undefined || suppressionScope(problem.code) !== 'project') return [problem];
    return severity === 'off' ? [] : [{ ...problem, severity }];
  });
}

/** Where problems of a code can be suppressed: in a whole project, only by a comment where they stand, or not at all. */
export function suppressionScope(code: string): 'project' | 'comment' | 'none' {
  if (ruleNamed(code) !== undefined) return 'project';
  const page: Page | undefined = lookUp(PAGES, code);
  return page?.allowed ?? 'none';
}

/** Says what to do about a problem whose severity cannot be overridden. */
export function hintForFixed(code: string): string {
  return suppressionScope(code) === 'comment'
    ? `Suppress it at its place: // connector-ignore ${code}: <why it is acceptable there>.`
    : 'Fix the problem: it cannot be suppressed by a comment either.';
}

/** The code that was meant by a word that is none; undefined when nothing is near. */
export function nearestRule(word: string): string | undefined {
  const codes: string[] = RULES.map((rule) => rule.code);
  return nearest(word, codes) ?? codes.find((each) => each.endsWith(`/${word}`));
}

/** Checks the `rules` of a manifest: reports unknown codes, and codes whose severity cannot be overridden. */
export function checkSeverityOverrides(manifest: Source, overrides: SeverityOverrides): Diagnostic[] {
  return [...overrides].flatMap(([code, severity]): Diagnostic[] => {
    const words = isCode(code) ? fixed(code, severity) : unknown(code);
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
    message: `rules: ${JSON.stringify(code)} is not a code.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

function fixed(code: string, severity: RuleSeverity): Words | undefined {
  if (severity === 'error' || suppressionScope(code) === 'project') return undefined;
  return {
    code: 'suppression/refused',
    severity: 'warning',
    message: `rules sets ${code} to ${JSON.stringify(severity)}, but its severity cannot be changed.`,
    hint: hintForFixed(code),
  };
}

/** Checks if there is such a code. */
export function isCode(word: string): boolean {
  return Object.hasOwn(PAGES, word) || ruleNamed(word) !== undefined;
}
