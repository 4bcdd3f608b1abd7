import { type Fixed, fixAll, type Texts } from './fix.ts';
import { createValidator, type ValidatorOptions } from './incremental-validator.ts';
import { type FileChange, isChanged, writeAll } from './project/files.ts';

/** The fixes of a project's problems, not yet written. */
export interface Fixes extends Pick<Fixed, 'fixed' | 'left'> {
  /** The files that change, each with its new text and the one that it replaces. */
  readonly changes: readonly FileChange[];
  /** The ids of the connections that were validated. */
  readonly connections: readonly string[];
}

/**
 * Finds the fixes of the problems that a validator with these options reports, and writes nothing.
 * @throws ConnectorError usage `project/not-found`, `project/unreadable`
 * @example
 * const { changes, left } = fixesFor({ files });
 * for (const { file } of changes) console.log(`${file} can be fixed`);
 */
export function fixesFor(options: ValidatorOptions): Fixes {
  const { files } = options;
  // Everything is read once: places in a text count in no other.
  const found = new Map<string, string | undefined>();
  const read = (path: string) => {
    if (!found.has(path)) found.set(path, files.read(path));
    return found.get(path);
  };
  const validator = createValidator({ ...options, files: { ...files, read } });
  validator.refresh();
  const check = (texts: Texts) => {
    validator.setTexts(texts);
    if (validator.failure !== undefined) throw validator.failure;
    return validator.diagnostics;
  };
  const { texts, fixed, left } = fixAll({ read, check });
  const changes = [...texts].map(([file, text]) => ({ file, text, over: read(file) ?? null }));
  return { changes, fixed, left, connections: validator.connections };
}

/** How often everything is fixed again because somebody saved a file meanwhile. */
const ATTEMPTS = 10;

/**
 * Fixes the problems that can be fixed, and writes all files or none. What somebody saves meanwhile is fixed as well.
 * @throws ConnectorError usage `project/not-found`, `project/unreadable`; conflict `project/changed` when somebody saves
 * all the time
 * @example
 * const { fixed, left } = writeFixes({ files: filesIn('./my-connector') });
 * console.log(`${fixed.length} fixed, ${left.length} left`);
 */
export function writeFixes(options: ValidatorOptions): Fixes {
  for (let attempt = 1; ; attempt++) {
    const fixes = fixesFor(options);
    try {
      writeAll(options.files, fixes.changes);
      return fixes;
    } catch (error) {
      if (!isChanged(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
