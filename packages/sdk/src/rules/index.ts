import { CREDENTIAL_RULES } from './credentials.ts';
import { HOST_RULES } from './hosts.ts';
import { IML_RULES } from './iml.ts';
import { INSTALL_RULES } from './install.ts';
import { LOG_RULES } from './logs.ts';
import { NAME_RULES } from './misspelt-names.ts';
import { OAUTH_RULES } from './oauth.ts';
import { PARAMETER_RULES } from './parameters.ts';
import { PKCE_RULES } from './pkce.ts';
import { PLACEHOLDER_RULES } from './placeholders.ts';
import { REDIRECT_RULES } from './redirects.ts';
import { REQUEST_RULES } from './requests.ts';
import { RESPONSE_RULES } from './responses.ts';
import type { Rule } from './rule.ts';
import { SCOPE_RULES } from './scopes.ts';
import { SECRET_URL_RULES } from './secret-urls.ts';
import { COMMON_RULES } from './shared-data.ts';
import { STEP_RULES } from './steps.ts';
import { STORED_RULES } from './stored.ts';
import { TOKEN_RULES } from './tokens.ts';
import { UNOPENED_EXPRESSION_RULES } from './unopened-expressions.ts';

/** Rules: checks that schemas cannot express, in the order in which they run. */
export const RULES = withCodes([
  ...REQUEST_RULES,
  ...PLACEHOLDER_RULES,
  ...RESPONSE_RULES,
  ...OAUTH_RULES,
  ...REDIRECT_RULES,
  ...STEP_RULES,
  ...PKCE_RULES,
  ...TOKEN_RULES,
  ...STORED_RULES,
  ...LOG_RULES,
  ...SECRET_URL_RULES,
  ...CREDENTIAL_RULES,
  ...PARAMETER_RULES,
  ...HOST_RULES,
  ...SCOPE_RULES,
  ...INSTALL_RULES,
  ...COMMON_RULES,
  ...UNOPENED_EXPRESSION_RULES,
  ...NAME_RULES,
  ...IML_RULES,
]);

/** Rules whose codes are known to the compiler, and nothing else of their literals: those make an unreadable type. */
function withCodes<Code extends string>(
  rules: readonly (Rule & { readonly code: Code })[],
): readonly (Rule & { readonly code: Code })[] {
  return rules;
}

/** The code of a rule. */
export type RuleCode = (typeof RULES)[number]['code'];

/** The rule of that code; undefined when there is none. */
export function ruleNamed(code: string): (typeof RULES)[number] | undefined {
  return RULES.find((rule) => rule.code === code);
}
