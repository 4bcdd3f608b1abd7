import {
  type Diagnostic,
  differenceOf,
  type FileChange,
  type Files,
  type Fixed,
  fixAll,
  isChanged,
  type Texts,
  writeAll,
} from '@connectorkit/sdk';
import { type Extent, Survey } from './survey.ts';

/** Weighs problems, and leaves out what is not to be told. */
type Weigh = (problems: readonly Diagnostic[]) => readonly Diagnostic[];

/** The fixes of a project's problems, not yet written. */
export interface Fixes extends Omit<Fixed, 'texts'> {
  readonly changes: readonly FileChange[];
  readonly connections: readonly string[];
}

export function fixesFor(files: Files, extent: Extent, weigh: Weigh): Fixes {
  let texts: Texts = new Map();
  // Everything is read once: places in a text count in no other.
  const found = new Map<string, string | undefined>();
  const read = (path: string) => {
    if (!found.has(path)) found.set(path, files.read(path));
    return found.get(path);
  };
  const survey = new Survey({ ...files, read: (path) => texts.get(path) ?? read(path) }, extent);
  const check = (next: Texts) => {
    const differing = [...new Set([...texts.keys(), ...next.keys()])].filter(
      (file) => texts.get(file) !== next.get(file),
    );
    texts = next;
    if (differing.length > 0) survey.lookAgain(differing);
    return weigh(survey.diagnostics);
  };
  const { texts: fixed, ...more } = fixAll({ read, check });
  const changes = [...fixed].map(([file, text]) => ({ file, text, over: read(file) ?? null }));
  return { ...more, changes, connections: survey.connections };
}

/** How often everything is fixed again because somebody saved a file meanwhile. */
const ATTEMPTS = 10;

/**
 * Fixes and writes all files or none. What somebody saves meanwhile is fixed as well.
 * @throws ConnectorError usage `project/unreadable`, conflict `project/changed` when somebody saves all the time
 */
export function writeFixes(files: Files, extent: Extent, weigh: Weigh): Fixes {
  for (let attempt = 1; ; attempt++) {
    const fixes = fixesFor(files, extent, weigh);
    try {
      writeAll(files, fixes.changes);
      return fixes;
    } catch (error) {
      if (!isChanged(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What a fix would change, as a unified diff. */
export function diffOf({ file, text, over }: FileChange): string[] {
  return [`--- ${file}`, ...differenceOf(over ?? '', text).lines];
}
