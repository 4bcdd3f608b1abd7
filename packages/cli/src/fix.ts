import {
  type Diagnostic,
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

/** The lines that differ between two texts, as `diff -u` writes them, without what stays around them. */
export function differences(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const lines: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [deleted, added] = nextMeeting(a, b, i, j);
    lines.push(`@@ -${i + 1},${deleted} +${j + 1},${added} @@`);
    for (const line of a.slice(i, i + deleted)) lines.push(`-${line}`);
    for (const line of b.slice(j, j + added)) lines.push(`+${line}`);
    i += deleted;
    j += added;
  }
  return lines;
}

/** How many lines go and come until the texts agree again: the fewest together. */
function nextMeeting(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  const most = a.length - i + b.length - j;
  for (let sum = 1; sum <= most; sum++) {
    for (let deleted = Math.min(sum, a.length - i); deleted >= Math.max(0, sum - (b.length - j)); deleted--) {
      const added = sum - deleted;
      const [one, other] = [a[i + deleted], b[j + added]];
      if (one === other && (one === undefined || one.trim() !== '' || sum > 40)) return [deleted, added];
    }
  }
  return [a.length - i, b.length - j];
}
