import {
  allowanceOf,
  ConnectorError,
  type Diagnostic,
  hintForFixed,
  isCode,
  nearest,
  nearestRule,
  WEIGHTS,
  type Weight,
  weighed,
} from '@connectorkit/sdk';

/** What was asked for beside the rules' own severities. */
export interface Strictness {
  readonly rules: ReadonlyMap<string, Weight>;
  /** More warnings than these are an error (default: as many as there are). */
  readonly maxWarnings: number | undefined;
}

/**
 * Reads `--rule code=weight`; what is said later counts.
 * @throws ConnectorError usage `usage/arguments` for a code that there is not or that no rule turns off, or a weight
 * that is none.
 */
export function strictnessOf(values: readonly string[], maxWarnings: number | undefined): Strictness {
  const rules = new Map<string, Weight>();
  for (const value of values) {
    const [code = '', weight = ''] = value.split('=', 2);
    if (!isCode(code)) throw unknownRule(code);
    if (!isWeight(weight)) throw unknownWeight(code, weight);
    if (weight !== 'error' && allowanceOf(code) !== 'anywhere') throw fixed(code, weight);
    rules.set(code, weight);
  }
  return { rules, maxWarnings };
}

/** The problems as they weigh with what was asked for, and in the end whether there are too many warnings. */
export function judged(problems: readonly Diagnostic[], { rules, maxWarnings }: Strictness): Diagnostic[] {
  const judged = weighed(problems, rules);
  const warnings = judged.filter(({ severity }) => severity === 'warning').length;
  if (maxWarnings === undefined || warnings <= maxWarnings) return judged;
  return [
    ...judged,
    {
      code: 'validate/too-many-warnings',
      severity: 'error',
      message: `There are ${warnings} warnings, and --max-warnings allows ${maxWarnings}.`,
      hint: 'Fix some of them, or allow more.',
      found: String(warnings),
      expected: `${maxWarnings} at most`,
    },
  ];
}

function isWeight(word: string): word is Weight {
  return (WEIGHTS as readonly string[]).includes(word);
}

function unknownRule(code: string): ConnectorError {
  const meant = nearestRule(code);
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule names ${JSON.stringify(code)}, and there is no such code.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${meant}?`,
  });
}

function fixed(code: string, weight: Weight): ConnectorError {
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule ${code}=${weight} would do nothing: ${code} stays what it is.`,
    hint: hintForFixed(code),
  });
}

function unknownWeight(code: string, weight: string): ConnectorError {
  const meant = nearest(weight, WEIGHTS);
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule ${code} cannot be ${JSON.stringify(weight)}.`,
    hint: `Write --rule ${code}=${meant ?? WEIGHTS.join(', or ')}.`,
  });
}
