// Problems
export { type Code, PAGES, type Page } from './codes.ts';
// Types
export { declarations } from './declarations.ts';
export {
  ConnectorError,
  type Diagnostic,
  type ErrorKind,
  nearest,
  type Path,
  type Place,
  type Severity,
  type TextEdit,
} from './diagnostics.ts';
export { parametersSchema } from './parameters/schema.ts';
// Project
export type { Files } from './project/files.ts';
export { LAYOUTS, openProject } from './project/index.ts';
export type { Base, Connection, Layout, Origin, Project, RemoteNames } from './project/project.ts';
export { PROJECT_SCHEMAS } from './project/schemas.ts';
// Validation
export { RULES, type RuleCode, ruleNamed } from './rules/index.ts';
export type { Declared, Finding, Rule } from './rules/rule.ts';
// Sections
export { CREATE_TYPES, type CreateType, isCreateType, type Kind, type StoredType } from './sections/create-types.ts';
export { SECTIONS, type SectionName, sectionNamed } from './sections/index.ts';
export type { CounterExample, JSONSchema, Section } from './sections/section.ts';
export { readSource, type Source } from './source.ts';
export { type ValidateOptions, validate } from './validate.ts';
