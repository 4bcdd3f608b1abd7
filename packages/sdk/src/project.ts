/**
 * The files that make up a project, for tools that write them: its layouts, the local values of `common`, what git is
 * told to ignore, and hashes of what was read. To open and validate a project, `@connectorkit/sdk` is enough.
 * @module @connectorkit/sdk/project
 */

/** Content of a project */

export { wireOf } from './authored.ts';
export { checkIds, checkManifest, checkReadable, connectionsNamed, projectTexts, relayout } from './project/index.ts';
export { LOCK } from './project/lock.ts';
export { type ConnectionChange, DECLARATIONS, type Layout, type Origin, PROJECT_FILES } from './project/project.ts';
export { PROJECT_SCHEMAS } from './project/schemas.ts';

/** Names that cannot be everywhere */

export { isDeviceName } from './device-names.ts';

/** Writing files, while others write them too */

export { withValues } from './json-edits/index.ts';
export { type FileChange, renameAndWrite, updateFile, writeAll } from './project/files.ts';

/** State of one machine, in no repository */

export { LOCAL_FOLDER, type LocalRecord, type LocalRecords } from './project/files.ts';

/** Files that git ignores */

export { addIgnoreLines, ignoreLines } from './project/ignored.ts';
export { applyMove, removeConnection, renameConnection } from './project/moves.ts';

/** The local values of `common` */

export {
  commonKeys,
  commonValues,
  commonVariable,
  credentialKeys,
  type Environment,
  keepCommon,
} from './project/common.ts';

/** Detection of secrets */

export { holdsKnownSecret, isRealSecret } from './secrecy.ts';

/** Connections that depend on changed files, and those that need no new check */

export { connectionHashes, stampOf } from './connection-hash.ts';
export { hashOf } from './hash.ts';
export { connectionsOf } from './incremental-validator.ts';
