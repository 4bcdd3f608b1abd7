import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL server that is thrown away afterwards. */
export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The address of a store in a schema of its own. */
  location(schema: string): string;
  /** Runs statements as the owner of the server. */
  sql<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Stops and starts it; `immediate` as if it had crashed. */
  restart(how?: 'fast' | 'immediate'): Promise<void>;
  /** Stops it while something is done. */
  pause(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Where Debian and others keep the programs of PostgreSQL, which are not on the path there. */
const FOLDERS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];

/** The folder with the programs; undefined where PostgreSQL is not installed. */
export const POSTGRES: string | undefined = [
  ...(process.env.PATH ?? '').split(delimiter),
  ...FOLDERS.flatMap((folder) =>
    (existsSync(folder) ? readdirSync(folder) : []).map((each) => join(folder, each, 'bin')),
  ),
].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));

const USER = 'connector';
const PASSWORD = 'Password-of-the-test-server-1';
/** Neither is done as the administrator, which the programs refuse. */
const RUN_AS = ['postgres', 'nobody'];

/** Makes a cluster in a temporary folder, and starts it. @param settings such as `fsync=on` */
export async function startPostgres(settings: readonly string[] = ['fsync=off']): Promise<PostgresServer> {
  if (POSTGRES === undefined) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const as = unprivileged();
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  const secret = join(folder, 'password');
  writeFileSync(secret, PASSWORD);
  const initial = ['-D', data, '-U', USER, '-E', 'UTF8', '--no-sync', '-A', 'scram-sha-256', '--pwfile', secret];
  // A collation that is not the order of code points, as most servers have it.
  initdb([...initial, '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en'], as, data) ||
    initdb(initial, as, data);
  const port = await freePort();
  const start = async () => {
    const options = ['-D', data, '-k', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
    const child = spawn(join(POSTGRES, 'postgres'), [...options, ...settings.flatMap((each) => ['-c', each])], {
      ...as,
      cwd: folder,
      stdio: 'ignore',
    });
    await answers(port, child);
    return child;
  };
  let child = await start();
  process.once('exit', () => child.kill('SIGQUIT'));
  const end = async (signal: NodeJS.Signals) => {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  };
  return {
    port,
    user: USER,
    password: PASSWORD,
    location: (schema) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres?schema=${schema}`,
    sql: async (text, values = []) => {
      const client = new Client({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database: 'postgres' });
      await client.connect();
      try {
        return (await client.query(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    restart: async (how = 'fast') => {
      await end(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      child = await start();
    },
    pause: async (work) => {
      await end('SIGINT');
      try {
        await work();
      } finally {
        child = await start();
      }
    },
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function initdb(options: readonly string[], as: object | undefined, data: string): boolean {
  try {
    execFileSync(join(POSTGRES ?? '', 'initdb'), options, { ...as, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    rmSync(data, { recursive: true, force: true });
    return false;
  }
}

/** Another user for programs that the administrator may not run. */
export function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const found = RUN_AS.map((name) => lines.find((line) => line.startsWith(`${name}:`))).find(Boolean);
  const [, , uid, gid] = (found ?? '').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
    const client = new Client({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database: 'postgres' });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error('PostgreSQL does not answer');
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
