import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRegularFile } from '@connectorkit/harness/regular-file';
import { ConnectorError } from '@connectorkit/sdk';
import { isHeldOnWindows, makeFolder, renamePatiently } from '@connectorkit/sdk/node';

/** Milliseconds between two looks at a lock that somebody else holds. */
const PAUSE = 40;
/** Milliseconds in which everybody who took a lock over has done so. */
const SETTLED = 120;

/** How often Windows may refuse before it is the folder that nobody may write to. */
const REFUSALS = 50;

/** Bytes of a lock's file, which holds a number and a UUID. */
const LARGEST = 1024;

/** Contents that this process wrote into its locks. */
const OWN = new Set<string>();

/** A lock that was taken: of several that start at the same time, one goes on at once. */
export interface StartLock {
  /** Checks if it was not taken over by somebody who thought that we died. */
  isHeld(): boolean;
  release(): void;
}

export interface StartLockOptions {
  readonly signal: AbortSignal;
  /** Milliseconds after which whoever holds the lock has died, although its number is in use: by another process. */
  readonly patience?: number;
}

/**
 * Takes a lock, a file that one process alone can make, and waits as long as another holds it. One whose process is
 * gone is taken over at once, as is one with our own number, which is of an earlier life: in a container it is always 1.
 */
export async function takeStartLock(file: string, { signal, patience = 15_000 }: StartLockOptions): Promise<StartLock> {
  const own = `${process.pid} ${randomUUID()}\n`;
  OWN.add(own);
  const isHeld = () => read(file) === own;
  makeFolder(dirname(file));
  let seen: string | undefined;
  let since = 0;
  let refusals = 0;
  /** On Windows, nobody may make a lock while it is being removed. */
  const isTaken = () => {
    try {
      return isMade(file, own);
    } catch (error) {
      if (!isHeldOnWindows(error) || ++refusals === REFUSALS) throw error;
      return false;
    }
  };
  while (!isTaken()) {
    const holder = read(file);
    if (holder !== seen) [seen, since] = [holder, performance.now()];
    const isGone = holder !== undefined && !isAlive(holder);
    if (holder !== undefined && (isGone || performance.now() - since > patience)) {
      replace(file, own);
      await sleep(SETTLED, undefined, { signal });
      if (isHeld()) break;
    } else await sleep(PAUSE, undefined, { signal });
  }
  return {
    isHeld,
    release: () => {
      OWN.delete(own);
      if (isHeld()) rmSync(file, { force: true });
    },
  };
}

/** One that was made and not written to yet is of somebody who lives. */
function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  return holder === '' || OWN.has(holder) || (pid !== process.pid && isRunning(pid));
}

function isMade(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that do so at the same time, the last one holds it. */
function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renamePatiently(temporary, file);
}

function read(file: string): string | undefined {
  try {
    return readRegularFile(file, LARGEST)?.toString('utf8');
  } catch (cause) {
    // Whoever is removing it lives.
    if (isHeldOnWindows(cause)) return '';
    const message = `${file} cannot be read: ${(cause as Error).message}.`;
    throw new ConnectorError('usage', { code: 'project/unreadable', message, hint: 'Remove it.' }, { cause });
  }
}

/** Checks if a process of this number is there; it may be any. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
