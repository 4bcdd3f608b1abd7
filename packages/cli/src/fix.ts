import { ConnectorError, type Diagnostic, type Files, type Fixed, fixAll, type Texts } from '@connectorkit/sdk';
import { type Extent, idOf, Survey } from './survey.ts';

/** The fixes of a project's problems, not yet written. `weigh` leaves out what is not to be told. */
export function fixesFor(
  files: Files,
  extent: Extent,
  weigh: (problems: readonly Diagnostic[]) => readonly Diagnostic[],
): Fixed & { readonly connections: readonly string[] } {
  let texts: Texts = new Map();
  const survey = new Survey({ ...files, read: (path) => texts.get(path) ?? files.read(path) }, extent);
  const check = (next: Texts) => {
    const differing = [...new Set([...texts.keys(), ...next.keys()])].filter(
      (file) => texts.get(file) !== next.get(file),
    );
    texts = next;
    if (differing.length > 0) {
      const ids = differing.flatMap((file) => idOf(file) ?? []);
      // Everything depends on the project's own files.
      if (ids.length < differing.length) survey.look();
      else survey.lookAgain(ids);
    }
    return weigh(survey.diagnostics);
  };
  const fixed = fixAll({ read: (file) => files.read(file), check });
  return { ...fixed, connections: survey.connections };
}

/**
 * Writes all texts or none: when one cannot be written, those before it are put back.
 * @throws ConnectorError usage `project/unreadable`
 */
export function writeAll(files: Files, texts: Texts): void {
  const before = new Map<string, string>();
  try {
    for (const [file, text] of texts) {
      const old = files.read(file);
      if (old === undefined) throw gone(file);
      files.write(file, text);
      before.set(file, old);
    }
  } catch (error) {
    for (const [file, text] of before) files.write(file, text);
    throw error;
  }
}

function gone(file: string): ConnectorError {
  const message = `${file} was removed while it was fixed.`;
  return new ConnectorError('usage', { code: 'project/unreadable', message, hint: 'Run the command again.', file });
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
