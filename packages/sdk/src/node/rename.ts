import { renameSync, statSync } from 'node:fs';
import { sep } from 'node:path';

/** What Windows answers while another program holds a file. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Milliseconds before the next attempt are this many times the number of the last. */
const PAUSE = 10;
const ATTEMPTS = 10;

/** Checks if an error may be gone in a moment: on Windows a virus scanner or an editor holds files that were just written. */
export function isHeldOnWindows(error: unknown): boolean {
  return process.platform === 'win32' && HELD.has(String((error as NodeJS.ErrnoException).code));
}

/** Renames a file or a folder; where another program holds it for a moment, that moment is waited for. */
export function renamePatiently(from: string, to: string): void {
  for (let attempts = 1; ; attempts++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (!isHeldOnWindows(error) || attempts === ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempts * PAUSE);
    }
  }
}

/**
 * Where case does not count, two folders that differ in nothing else are one: the first of them on the way gets its new
 * name.
 * @param from a folder that is there, absolute
 * @param to where its files are to be, absolute
 */
export function renameInCase(from: string, to: string): void {
  if (from === to || from.toLowerCase() !== to.toLowerCase()) return;
  const [before, after] = [from.split(sep), to.split(sep)];
  const end = before.findIndex((part, index) => part !== after[index]) + 1;
  const [source, target] = [before.slice(0, end).join(sep), after.slice(0, end).join(sep)];
  const [one, other] = [source, target].map((folder) => statSync(folder, { bigint: true, throwIfNoEntry: false }));
  if (one === undefined || one.ino !== other?.ino || one.dev !== other.dev) return;
  renamePatiently(source, target);
  renameInCase([target, ...before.slice(end)].join(sep), to);
}
