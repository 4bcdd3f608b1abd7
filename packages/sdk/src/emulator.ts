/**
 * Parts of emulators of platforms, which no client needs: contracts are large, so each platform's lies in an entry of its
 * own, such as `@connectorkit/sdk/platforms/make`, and is loaded with it.
 * @module @connectorkit/sdk/emulator
 */

/** Operations, and who answers them */

export { type Contract, type Operation, operationsOf } from './platforms/operations.ts';
export type { Platform, Send, Validator, Validators } from './platforms/platform.ts';

/** Sections, and the texts that are pushed */

export { parseExactly, writeExactly } from './exact-numbers.ts';
export { type LocatedValue, schemaDiagnostics } from './schema.ts';
export { looksSecret } from './secrecy.ts';
export { CREATE_TYPES, type CreateType, type StoredType } from './sections/create-types.ts';
export { SECTIONS } from './sections/index.ts';
export type { JSONSchema } from './sections/section.ts';
export { offsetOfDepth, readSource } from './source.ts';

/** Projects that are seeded */

export type { Environment } from './project/common.ts';
export type { Files } from './project/files.ts';
export type { RemoteNames } from './project/project.ts';

/** Problems */

export { ConnectorError, type Diagnostic, nearest, type Path } from './diagnostics.ts';
export { isObject, lookUp } from './json.ts';
