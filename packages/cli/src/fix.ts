import {
  createValidator,
  differenceOf,
  type FileChange,
  type Fixed,
  fixAll,
  isChanged,
  type Texts,
  type ValidatorOptions,
  writeAll,
} from '@connectorkit/sdk';
/** The fixes of a project's problems, not yet written. */
export interface Fixes extends Omit<Fixed, 'texts'> {
  readonly changes: readonly FileChange[];
  readonly connections: readonly string[];
}

/** Finds what fixing the problems that a validator reports comes to. */
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
  const { texts, ...more } = fixAll({ read, check });
  const changes = [...texts].map(([file, text]) => ({ file, text, over: read(file) ?? null }));
  return { ...more, changes, connections: validator.connections };
}

/** How often everything is fixed again because somebody saved a file meanwhile. */
const ATTEMPTS = 10;

/**
 * Fixes and writes all files or none. What somebody saves meanwhile is fixed as well.
 * @throws ConnectorError usage `project/unreadable`, conflict `project/changed` when somebody saves all the time
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

/** Returns the changes of a fix as a unified diff. */
export function diffOf({ file, text, over }: FileChange): string[] {
  return [`--- ${file}`, ...differenceOf(over ?? '', text).lines];
}
