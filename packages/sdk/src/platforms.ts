// What emulators of platforms are made of, and no client: each platform's contract lies in an entry of its own, such as
// `@connectorkit/sdk/platforms/make`.

export { ConnectorError, type Diagnostic, nearest, type Path } from './diagnostics.ts';
export { parseExactly, writeExactly } from './exact-numbers.ts';
export { lookUp } from './json.ts';
export { type Contract, type Operation, operationsOf } from './platforms/operations.ts';
export type { Platform, Send, Validator, Validators } from './platforms/platform.ts';
export type { Environment } from './project/common.ts';
export type { Files } from './project/files.ts';
export type { RemoteNames } from './project/project.ts';
export { type LocatedValue, schemaDiagnostics } from './schema.ts';
export { looksSecret } from './secrecy.ts';
export { CREATE_TYPES, type CreateType } from './sections/create-types.ts';
export { SECTIONS } from './sections/index.ts';
export type { JSONSchema } from './sections/section.ts';
export { offsetOfDepth, readSource } from './source.ts';
