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
export { ProjectLanguage, problemsAlone } from './project-language.ts';

/** Completion, and schemas for what they say */

export { type Completion, completionsIn } from './completion.ts';
export { editorSchema } from './editor-schemas.ts';

/** Hover */

export { type Description, describeAt } from './hover.ts';

/** Names: where they are declared and used, and renaming */

export { type NameUse, namesIn } from './names.ts';
export { type Replacement, refusal, renamed } from './rename.ts';

/** Looks of a file: its outline, its format, and the words of its expressions with their types */

export { type FormatOptions, formatted } from './formatting.ts';
export { type Highlight, highlightsOf, type Inlay, typesBeside } from './highlights.ts';
export { type OutlineItem, outlineOf } from './outline.ts';

/** Calls of functions that are being typed */

export { type CallHelp, callHelp } from './calls.ts';

/** Fixes, and comments that allow a problem */

export { type Allowance, allowed, fixedIn } from './corrections.ts';
