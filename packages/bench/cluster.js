// A PostgreSQL server for one benchmark, in a temporary folder and with its default settings, and what processes use.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ url: string, cpu: () => number, stop: () => Promise<void> }} Cluster `cpu`: microseconds, of all its processes. */

/** @returns {Promise<Cluster>} */
export async function startCluster() {
  const base = '/usr/lib/postgresql';
  const [version] = existsSync(base) ? readdirSync(base).sort().reverse() : [];
  if (version === undefined) throw new Error('PostgreSQL is not installed: name a server with --postgres.');
  const bin = join(base, version, 'bin');
  const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  const as = process.getuid?.() === 0 ? { uid, gid } : {};
  const folder = mkdtempSync(join(tmpdir(), 'connector-bench-pg-'));
  if ('uid' in as) chownSync(folder, uid, gid);
  const data = join(folder, 'data');
  spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'], { ...as, cwd: '/' });
  const port = await freePort();
  const options = ['-D', data, '-k', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
  const child = spawn(join(bin, 'postgres'), options, { ...as, cwd: folder, stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGQUIT'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const isReady = () => spawnSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0;
  for (let tries = 0; !isReady(); tries++) {
    if (tries > 100) throw new Error('PostgreSQL does not start');
    await sleep(100);
  }
  return {
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    cpu: () => [child.pid ?? 0, ...childrenOf(child.pid ?? 0)].reduce((sum, pid) => sum + cpuOf(pid), 0),
    stop: async () => {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Microseconds that a process has run, with its children that have ended; a measure that a busy machine does not spoil.
 * @param {number | undefined} pid @returns {number} 0 when it has ended
 */
export function cpuOf(pid) {
  const fields = statOf(pid);
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0) * 10_000;
}

/** @param {number} pid */
function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))[1] === String(pid))
    .map(Number);
}

/** What Linux says of a process, from its state on. @param {number | undefined} pid */
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** Megabytes that a process holds. @param {number | undefined} pid */
export function memoryOf(pid) {
  const [, kilobytes = 'NaN'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** @param {number[]} numbers */
export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
