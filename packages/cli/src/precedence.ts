import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** As `nice` counts: low enough to wait while the command has something to do, and not for other programs. */
const BEHIND = 10;

/**
 * Lets the command go before the threads on which V8 compiles what is hot: there are four of them, and on a machine
 * with fewer processors they take turns with it. For work that takes long enough for V8 to compile much. Only Linux
 * knows the priority of a thread; elsewhere, and where it may not be set, nothing changes.
 */
export function goFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const id of readdirSync('/proc/self/task')) {
      if (Number(id) !== process.pid) setPriority(Number(id), BEHIND);
    }
  } catch {
    // It takes longer.
  }
}
