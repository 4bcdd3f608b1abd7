// Problems

export { type Code, PAGES, type Page } from './codes.ts';
export {
  ConnectorError,
  type Diagnostic,
  type ErrorKind,
  nearest,
  type Path,
  type Place,
  RULE_SEVERITIES,
  type RuleSeverity,
  type Severity,
  type SeverityOverrides,
  type TextEdit,
} from './diagnostics.ts';
export { type Fixed, type FixOptions, fixAll, type Texts, withEdits } from './fix.ts';
export { offsetOfDepth, readSource, type Source } from './source.ts';

// Values

export { faultsOf, type ValueFault } from './json-schema/validator.ts';
export { checkValues, type ValueProblem } from './parameters/check-values.ts';

// Project

export {
  commonValues,
  commonVariable,
  credentialKeys,
  type Environment,
  keepCommon,
  secretKeys,
} from './project/common.ts';
export {
  changedProblem,
  type FileChange,
  type Files,
  isChanged,
  updateFile,
  type WriteOptions,
  writeAll,
} from './project/files.ts';
export { addIgnoreLines, ignoreLines } from './project/ignored.ts';
export {
  checkIds,
  checkManifest,
  checkReadable,
  connectionsNamed,
  LAYOUTS,
  openProject,
  relayout,
} from './project/index.ts';
export { LOCK } from './project/lock.ts';
export {
  type Base,
  type Connection,
  type ConnectionChange,
  type ConnectionChanges,
  DECLARATIONS,
  type Entered,
  type Layout,
  type Left,
  type Origin,
  type Owner,
  PROJECT_FILES,
  type Project,
  type RemoteNames,
} from './project/project.ts';
export { PROJECT_SCHEMAS } from './project/schemas.ts';

// Sections

export { type Wire, wireOf } from './authored.ts';
export { type Converted, convert, updateAuthored } from './convert.ts';
export { parametersSchema } from './parameters/schema.ts';
export { type Made, toParameters } from './parameters/to-parameters.ts';
export { toSchema } from './parameters/to-schema.ts';
export { type LocatedValue, schemaDiagnostics } from './schema.ts';
export { CREATE_TYPES, type CreateType, isCreateType, type Kind, type StoredType } from './sections/create-types.ts';
export { SECTIONS, type SectionName, sectionNamed } from './sections/index.ts';
export type { Authoring, CounterExample, JSONSchema, Section } from './sections/section.ts';

// Validation

export type { Declared } from './analysis/declared.ts';
export { type Place as TemplatePlace, placesOf } from './analysis/expression-scopes.ts';
export {
  connectionsOf,
  createValidator,
  type ProjectValidator,
  type ValidatorOptions,
} from './incremental-validator.ts';
export { lookUp } from './json.ts';
export { RULES, type RuleCode, ruleNamed } from './rules/index.ts';
export type { Finding, Rule } from './rules/rule.ts';
export { looksSecret } from './secrecy.ts';
export {
  applySeverityOverrides,
  hintForFixed,
  isCode,
  nearestRule,
  suppressionScope,
} from './severity-overrides.ts';
export { type ValidateOptions, validate, validateSection, withSection } from './validate.ts';
export { areTypesCurrent, areTypesUntouched, recordTypes, validateCached } from './validation-cache.ts';

// IML

export { check, type IMLCode, type Scope, type ScopeVariable, signatureOf, type TemplateFinding } from './iml/check.ts';
export { evaluate, evaluateValue } from './iml/evaluate.ts';
export { IMLError, type IMLFunction, type IMLType, type Parameter, type Surroundings } from './iml/function.ts';
export { FUNCTIONS } from './iml/functions/index.ts';
export { infer, inferTemplate, type Types, typeWords } from './iml/infer.ts';
export { parseTemplate } from './iml/parse.ts';
export { printExpression, printTemplate } from './iml/print.ts';
export type { Given, Limits } from './iml/run.ts';
export { type Moment, momentOf, scopeAt, VARIABLES } from './iml/scopes.ts';
export {
  type Expression,
  KEYWORDS,
  type Part,
  PRECEDENCE,
  type Span,
  type SyntaxProblem,
  type Template,
} from './iml/tree.ts';

// Types

export { declarations } from './declarations/index.ts';

// Platforms

export {
  akanaAccess,
  akanaClient,
  type ClientOptions as AkanaClientOptions,
} from './platforms/akana/client.ts';
export { type Feed as AkanaFeed, type FeedItem as AkanaFeedItem, feedFromXML } from './platforms/akana/feed.ts';
export { type CallParts, contractClient, type OperationTypes } from './platforms/client.ts';
export type { Deviation, Exchange } from './platforms/exchange.ts';
export { PLATFORMS, type PlatformName } from './platforms/index.ts';
export { type Contract, type Method, type Operation, operationsOf } from './platforms/operations.ts';
export { inPairs, type PaceOptions, paced, type Wait } from './platforms/pace.ts';
export {
  type Access,
  type AccessAction,
  type AccessContract,
  type AccessDetails,
  type AccessFilter,
  type AccessRequest,
  type Account,
  type ApplicationCredentials,
  type Checksums,
  type ContractState,
  type Endpoint,
  type HttpRequest,
  type HttpResponse,
  type Instance,
  type InstanceChange,
  type InstanceFilter,
  type Instances,
  type Platform,
  type PlatformTakes,
  type Registry,
  type RemoteApp,
  type RemoteConnection,
  type SchemaError,
  SEND_LIMITS,
  type Send,
  type Sending,
  type SendLimits,
  type Validator,
  type Validators,
} from './platforms/platform.ts';
export { type LostField, type Portability, portability } from './platforms/portability.ts';
export { expectSeen } from './platforms/seen.ts';

// Sync

export type { Applied } from './sync/apply.ts';
export {
  CHANGED_THERE,
  type ComparedCommon,
  type ComparedPart,
  type Comparison,
  type Part as ComparedName,
  type Verdict,
} from './sync/compare.ts';
export { type CompareOptions, createSync, type Refreshable, type Sync } from './sync/create-sync.ts';
export { differenceOf, pathWords, type TextDifference } from './sync/difference.ts';
export type { LocalConnection } from './sync/local.ts';
export type { SyncClock, SyncEvent, SyncOptions, SyncOrigin } from './sync/options.ts';
export type { PendingRequest } from './sync/pending.ts';
export type { Change, ConflictOptions, Direction, Plan, Selector, Write } from './sync/plan.ts';
export type { Recreated } from './sync/recreate.ts';
export type { RemoteState, StoredConnection } from './sync/remote.ts';
export type { RollbackOptions, RollbackPlan } from './sync/rollback.ts';
export { readSavedPlan, type SavedChange, type SavedPlan } from './sync/saved.ts';
export type { Snapshot, SnapshotConnection } from './sync/snapshot.ts';
export { memoryState, type SyncRecord, type SyncState } from './sync/sync-state.ts';
export type { ValueChange } from './value-changes.ts';
