/**
 * IML, the expression language of connections, as in `Bearer {{parameters.apiKey}}`: parses, prints, evaluates and checks
 * templates.
 * @module @connectorkit/sdk/iml
 */

/** Parsing and printing */

export { parseTemplate } from './parse.ts';
export { printTemplate } from './print.ts';
export type { Expression, Span, SyntaxProblem, Template, TemplatePart } from './tree.ts';

/** Evaluating */

export { evaluate, evaluateValue } from './evaluate.ts';
export { type EvaluationContext, IMLError, type IMLFunction, type IMLType, type Parameter } from './function.ts';
export { FUNCTIONS } from './functions/index.ts';
export type { EvaluationLimits, Given } from './run.ts';

/** Checking, and the types that are inferred */

export { check, type IMLCode, type Scope, type ScopeVariable, signatureOf, type TemplateFinding } from './check.ts';
export { inferTemplate, type Types, typeWords } from './infer.ts';
export { type Moment, momentOf, scopeAt } from './scopes.ts';
