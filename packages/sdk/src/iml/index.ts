/**
 * IML, the expression language of connections, as in `Bearer {{parameters.apiKey}}`: parses, prints, evaluates and checks
 * templates.
 * @module @connectorkit/sdk/iml
 */

/** Parsing and printing */

export { parseTemplate } from './parse.ts';
export { printExpression, printTemplate } from './print.ts';
export type { Expression, Part, Span, SyntaxProblem, Template } from './tree.ts';

/** Evaluating */

export { evaluate, evaluateValue } from './evaluate.ts';
export { IMLError, type IMLFunction, type IMLType, type Parameter, type Surroundings } from './function.ts';
export { FUNCTIONS } from './functions/index.ts';
export type { Given, Limits } from './run.ts';

/** Checking, and the types that are inferred */

export { check, type IMLCode, type Scope, type ScopeVariable, signatureOf, type TemplateFinding } from './check.ts';
export { inferTemplate, type Types, typeWords } from './infer.ts';
export { type Moment, momentOf, scopeAt } from './scopes.ts';
