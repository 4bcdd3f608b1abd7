// Problems

export { type Code, PAGES, type Page } from './codes.ts';
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
export { readSource, type Source } from './source.ts';

// Project

export { commonValues, commonVariable, type Environment } from './project/common.ts';
export type { Files } from './project/files.ts';
export { connectionsNamed, LAYOUTS, openProject } from './project/index.ts';
export type { Base, Connection, Layout, Origin, Project, RemoteNames } from './project/project.ts';
export { PROJECT_SCHEMAS } from './project/schemas.ts';

// Sections

export { parametersSchema } from './parameters/schema.ts';
export { CREATE_TYPES, type CreateType, isCreateType, type Kind, type StoredType } from './sections/create-types.ts';
export { SECTIONS, type SectionName, sectionNamed } from './sections/index.ts';
export type { CounterExample, JSONSchema, Section } from './sections/section.ts';

// Validation

export { RULES, type RuleCode, ruleNamed } from './rules/index.ts';
export type { Declared, Finding, Rule } from './rules/rule.ts';
export { type ValidateOptions, validate } from './validate.ts';

// Types

export { declarations } from './declarations.ts';

// Platforms

export { type CallParts, contractClient, type OperationTypes } from './platforms/client.ts';
export type { Deviation, Exchange } from './platforms/exchange.ts';
export { PLATFORMS, type PlatformName } from './platforms/index.ts';
export type { Operations as MakeOperations } from './platforms/make/client.ts';
export { type Contract, type Method, type Operation, operationsOf } from './platforms/operations.ts';
export type {
  Access,
  HttpRequest,
  HttpResponse,
  Platform,
  Registry,
  RemoteApp,
  RemoteConnection,
  SchemaError,
  Send,
  Validator,
  Validators,
} from './platforms/platform.ts';

// Sync

export { apply, type Step, verify } from './sync/apply.ts';
export { type Change, type Plan, plan } from './sync/plan.ts';
export { type LocalConnection, localState, type RemoteState, remoteState } from './sync/state.ts';
