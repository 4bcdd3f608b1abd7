import { type BigIntStats, fstatSync, writeSync } from 'node:fs';
import type { Stream } from './output/index.ts';

const OWN = { 1: 'stdout', 2: 'stderr' } as const;

/**
 * What the process prints to. Where that is a file or a pipe, it is written to directly: to open Node's stream takes a
 * fifth of a bare start. A reader that has gone away, such as `head`, is no reason to complain.
 */
export function streamTo(descriptor: keyof typeof OWN): Stream {
  return isPlain(descriptor) ? direct(descriptor) : opened(descriptor);
}

/** Whether it is no terminal, and writing to it waits until it is written. */
function isPlain(descriptor: number): boolean {
  if (process.platform === 'win32') return false;
  let facts: BigIntStats;
  try {
    // As big integers, which are kept elsewhere: Node's realpath looks at the numbers that anybody asked for last, and
    // takes the next folder on its way for a pipe when they were those of one.
    facts = fstatSync(descriptor, { bigint: true });
  } catch {
    return false;
  }
  return facts.isFile() || facts.isFIFO() || facts.isSocket();
}

function direct(descriptor: keyof typeof OWN): Stream {
  let other: Stream | undefined;
  const write = (text: string): void => {
    let left: Uint8Array = Buffer.from(text);
    try {
      while (left.length > 0) left = left.subarray(writeSync(descriptor, left));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      // Somebody who shares the pipe made it one that does not wait.
      other = opened(descriptor);
      other.write(left);
    }
  };
  return { write: (text) => (other === undefined ? write(text as string) : other.write(text)) };
}

/** Node's own streams, as far as something was printed to them. */
const OPENED = new Set<NodeJS.WriteStream>();

/** Resolves when all that was printed has left the process. */
export async function printed(): Promise<void> {
  for (const stream of OPENED) {
    if (stream.writableLength > 0) await new Promise<void>((done) => stream.write('', () => done()));
  }
}

function opened(descriptor: keyof typeof OWN): Stream {
  const stream = process[OWN[descriptor]];
  OPENED.add(stream);
  if (stream.listenerCount('error') === 0) stream.on('error', ignoreGone);
  return stream;
}

function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
