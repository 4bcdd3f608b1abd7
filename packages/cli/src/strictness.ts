import { ConnectorError, type Diagnostic, nearest, RULES, ruleNamed, type Severity } from '@connectorkit/sdk';
import { pages } from './pages.ts';

/** How heavily a problem weighs; `off` leaves it out. */
export type Weight = Severity | 'off';

const WEIGHTS: readonly Weight[] = ['off', 'info', 'warning', 'error'];

/** What was asked for beside the rules' own severities. */
export interface Strictness {
  readonly rules: ReadonlyMap<string, Weight>;
  /** More warnings than these are an error; as many as there are unless said. */
  readonly maxWarnings: number | undefined;
}

/**
 * Reads `--rule code=weight`; what is said later counts.
 * @throws ConnectorError usage `usage/arguments` for a code that there is not, or a weight that is none.
 */
export function strictnessOf(values: readonly string[], maxWarnings: number | undefined): Strictness {
  const rules = new Map<string, Weight>();
  for (const value of values) {
    const [code = '', weight = ''] = value.split('=', 2);
    if (ruleNamed(code) === undefined && !pages().some((page) => page.code === code)) throw unknownRule(code);
    if (!isWeight(weight)) throw unknownWeight(code, weight);
    rules.set(code, weight);
  }
  return { rules, maxWarnings };
}

/**
 * The problems as they weigh here, and in the end whether there are too many warnings. What no rule finds and is an
 * error is one whatever is asked: a text that cannot be read does not become readable by being allowed.
 */
export function weighed(problems: readonly Diagnostic[], { rules, maxWarnings }: Strictness): Diagnostic[] {
  const weighed = problems.flatMap((problem): Diagnostic[] => {
    const weight = rules.get(problem.code);
    if (weight === undefined) return [problem];
    if (problem.severity === 'error' && ruleNamed(problem.code) === undefined) return [problem];
    return weight === 'off' ? [] : [{ ...problem, severity: weight }];
  });
  const warnings = weighed.filter(({ severity }) => severity === 'warning').length;
  if (maxWarnings === undefined || warnings <= maxWarnings) return weighed;
  return [
    ...weighed,
    {
      code: 'validate/too-many-warnings',
      severity: 'error',
      message: `There are ${warnings} warnings, and --max-warnings allows ${maxWarnings}.`,
      hint: 'Mend some of them, or allow more.',
      found: String(warnings),
      expected: `${maxWarnings} at most`,
    },
  ];
}

function isWeight(word: string): word is Weight {
  return (WEIGHTS as readonly string[]).includes(word);
}

function unknownRule(code: string): ConnectorError {
  const codes: string[] = RULES.map((rule) => rule.code);
  const meant = nearest(code, codes) ?? codes.find((each) => each.endsWith(`/${code}`));
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule names ${JSON.stringify(code)}, and there is no such code.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${meant}?`,
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
