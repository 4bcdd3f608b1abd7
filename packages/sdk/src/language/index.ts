/**
 * Answers to an editor about the files of connections: problems, descriptions, words that can stand at a place, names and
 * where they are used. Everything is plain data: texts, offsets in UTF-16 code units, and markdown.
 * @module @connectorkit/sdk/language
 */

/** Projects and files */

export type { ConnectionReading } from './connection-reading.ts';
export type { FileReading, NamedSchema } from './file-reading.ts';
export { readAlone } from './file-reading.ts';
export type { JSONText, Stretch } from './json-text.ts';
export { type ProblemsByConnection, ProjectLanguage, problemsAlone } from './project-language.ts';

/** Completion, and schemas for what they say */

export { type Completion, completionsIn } from './completion.ts';
export { editorSchema } from './editor-schemas.ts';

/** Hover */

export { type Description, describeAt } from './hover.ts';
