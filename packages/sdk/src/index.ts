/**
 * Opens, validates, fixes and types the connections of a connector. Nothing here touches a disk or the network: files are
 * given as `Files`, on Node.js by `@connectorkit/sdk/node`. The guide is docs/how-to/sdk.md.
 * @module @connectorkit/sdk
 */

/** Projects */

export { type Files, type MemoryFiles, memoryFiles, type WriteOptions } from './project/files.ts';
export { type OpenOptions, openProject } from './project/index.ts';
export type { Connection, Project } from './project/project.ts';
export { readSource, type Source } from './source.ts';

/** Validation */

export { createValidator, type ProjectValidator, type ValidatorOptions } from './incremental-validator.ts';
export { type ValidateOptions, validate, validateSection, withSection } from './validate.ts';

/** Problems: what is found, and the error that is thrown */

export { PAGES } from './codes.ts';
export {
  ConnectorError,
  type Diagnostic,
  type ErrorKind,
  type Path,
  type Severity,
  type TextEdit,
} from './diagnostics.ts';
export { RULES, ruleNamed } from './rules/index.ts';
export type { Rule } from './rules/rule.ts';
export { TRAPS, TRAPS_SEEN, type Trap } from './traps.ts';

/** Fixes */

export { type Fixes, fixesFor, writeFixes } from './fix-project.ts';

/** TypeScript types, and forms as JSON Schemas */

export { type Converted, convert } from './convert.ts';
export { declarations } from './declarations/index.ts';
export { checkValues, type ValueProblem } from './parameters/check-values.ts';
export { parametersSchema } from './parameters/schema.ts';

/** The sections of a connection, and its types */

export { CREATE_TYPES, type CreateType } from './sections/create-types.ts';
export { SECTIONS, type SectionName, sectionNamed } from './sections/index.ts';
export type { JSONSchema, Section } from './sections/section.ts';

/** Severities that a project or a run gives to codes */

export { RULE_SEVERITIES, type RuleSeverity, type SeverityOverrides } from './diagnostics.ts';
export { applySeverityOverrides, hintForFixed, isCode, nearestRule, suppressionScope } from './severity-overrides.ts';

/** Names that come from outside */

export { nearest } from './diagnostics.ts';
export { lookUp } from './json.ts';
