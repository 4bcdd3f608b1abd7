import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Milliseconds after which a lock was left behind by a process that died: holders keep one for a millisecond or so. */
const STALE = 2000;
/** Milliseconds between two attempts. */
const PAUSE = 2;

/**
 * Does something with a file while no other process of ours does: each makes a file beside it that only one can make.
 * Waits until the other is done.
 */
export function exclusively<Value>(file: string, work: () => Value): Value {
  const lock = join(dirname(file), `.${basename(file)}.lock.tmp`);
  take(lock);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): void {
  let seen: string | undefined;
  let since = 0;
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx'));
      return;
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    const facts = statSync(lock, { throwIfNoEntry: false });
    const holder = facts && `${facts.ino} ${facts.mtimeMs}`;
    if (holder === undefined || holder !== seen) [seen, since] = [holder, performance.now()];
    else if (performance.now() - since > STALE) rmSync(lock, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE * (1 + Math.random()));
  }
}

/** On Windows, a lock that is being removed cannot be made for a moment, and says that nobody may. */
function isHeld(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EEXIST' || (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES'));
}
