import {
  ConnectorError,
  type Diagnostic,
  hintForFixed,
  isCode,
  nearest,
  nearestRule,
  RULE_SEVERITIES,
  type RuleSeverity,
  type SeverityOverrides,
  suppressionScope,
} from '@connectorkit/sdk';

/**
 * Reads the values of `--rule code=severity`; a later one for the same code counts.
 * @throws ConnectorError usage `usage/arguments` for an unknown code, one whose severity cannot be overridden, or an
 * unknown severity.
 */
export function severityOverridesFrom(values: readonly string[]): SeverityOverrides {
  const overrides = new Map<string, RuleSeverity>();
  for (const value of values) {
    const [code = '', severity = ''] = value.split('=', 2);
    if (!isCode(code)) throw unknownRule(code);
    if (!isSeverity(severity)) throw unknownSeverity(code, severity);
    if (severity !== 'error' && suppressionScope(code) !== 'project') throw fixed(code, severity);
    overrides.set(code, severity);
  }
  return overrides;
}

/** Adds an error when there are more warnings than `--max-warnings` allows; all are allowed when it is undefined. */
export function withWarningLimit(problems: readonly Diagnostic[], maxWarnings: number | undefined): Diagnostic[] {
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  if (maxWarnings === undefined || warnings <= maxWarnings) return [...problems];
  return [
    ...problems,
    {
      code: 'validate/too-many-warnings',
      severity: 'error',
      message: `There are ${warnings} warnings, but --max-warnings allows ${maxWarnings}.`,
      hint: 'Fix some of them, or raise the limit.',
      found: String(warnings),
      expected: `${maxWarnings} at most`,
    },
  ];
}

function isSeverity(word: string): word is RuleSeverity {
  return (RULE_SEVERITIES as readonly string[]).includes(word);
}

function unknownRule(code: string): ConnectorError {
  const meant = nearestRule(code);
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule: ${JSON.stringify(code)} is not a code.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${meant}?`,
  });
}

function fixed(code: string, severity: RuleSeverity): ConnectorError {
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule ${code}=${severity} has no effect: the severity of ${code} cannot be changed.`,
    hint: hintForFixed(code),
  });
}

function unknownSeverity(code: string, severity: string): ConnectorError {
  const meant = nearest(severity, RULE_SEVERITIES);
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--rule ${code} cannot be ${JSON.stringify(severity)}.`,
    hint: `Write --rule ${code}=${meant ?? RULE_SEVERITIES.join(', or ')}.`,
  });
}
