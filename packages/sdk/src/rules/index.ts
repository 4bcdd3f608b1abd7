import { PARAMETER_RULES } from './parameters.ts';
import { REQUEST_RULES } from './requests.ts';

/** What schemas cannot say, in the order in which it is looked for. */
export const RULES = [...REQUEST_RULES, ...PARAMETER_RULES] as const;

export type RuleCode = (typeof RULES)[number]['code'];

/** The rule of that code; undefined when there is none. */
export function ruleNamed(code: string): (typeof RULES)[number] | undefined {
  return RULES.find((rule) => rule.code === code);
}
