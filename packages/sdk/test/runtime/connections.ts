import { createHash } from 'node:crypto';
import { createTransport } from '../../src/node/transport.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { openProject } from '../../src/project/index.ts';
import type { Connection } from '../../src/project/project.ts';
import { type PrepareOptions, prepare, type Runnable } from '../../src/runtime/prepare.ts';
import type { CreateType } from '../../src/sections/create-types.ts';
import { SECTIONS } from '../../src/sections/index.ts';

/** A connection of sections that are given as values, or as texts where their lines count. */
export function connectionOf(type: CreateType, sections: Readonly<Record<string, unknown>>): Connection {
  const unmanaged = SECTIONS.map(({ name }) => name).filter((name) => sections[name] === undefined);
  const files = SECTIONS.flatMap(({ name, files: [file] }) => {
    const value = sections[name];
    const text = typeof value === 'string' ? value : `${JSON.stringify(value, undefined, 2)}\n`;
    return value === undefined ? [] : [[`connections/main/${file}`, text]];
  });
  const project = openProject(
    memoryFiles({
      'connector.json': '{ "name": "acme", "label": "Acme" }',
      'connections/main/connection.json': JSON.stringify({ type, label: 'Acme', unmanaged }),
      ...Object.fromEntries(files),
    }),
  );
  const [connection] = project.connections;
  if (connection === undefined) throw new Error(JSON.stringify(project.problems));
  return connection;
}

export const REDIRECT = 'http://127.0.0.1:4711/callback';

/** A clock that stands still until it is moved. */
export function clockAt(moment: string): { now: () => Date; forward: (seconds: number) => void } {
  let time = Date.parse(moment);
  return {
    now: () => new Date(time),
    forward: (seconds) => {
      time += seconds * 1000;
    },
  };
}

/** Bytes that look random and are the same in every run. */
function chanceFrom(seed: string): (size: number) => Uint8Array {
  let count = 0;
  return (size) => {
    const bytes: Buffer[] = [];
    for (let length = 0; length < size; length += 32) {
      bytes.push(createHash('sha256').update(`${seed} ${count++}`).digest());
    }
    return Buffer.concat(bytes).subarray(0, size);
  };
}

/** A connection that runs over real sockets, with a clock and a chance of the test's. */
export function runnable(connection: Connection, options: Partial<PrepareOptions> = {}): Runnable {
  return prepare(connection, {
    redirectUri: REDIRECT,
    transport: createTransport(),
    now: clockAt('2026-01-01T00:00:00Z').now,
    chance: chanceFrom('test'),
    ...options,
  });
}
