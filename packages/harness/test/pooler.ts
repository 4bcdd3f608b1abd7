import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type PostgresServer, unprivileged } from './postgres-server.ts';

/** PgBouncer; undefined where it is not installed. */
export const PGBOUNCER: string | undefined = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
]
  .map((folder) => join(folder, 'pgbouncer'))
  .find((file) => existsSync(file));

/** Starts PgBouncer in front of a server: each transaction takes any of two connections. */
export async function startPooler(server: PostgresServer) {
  const folder = mkdtempSync(join(tmpdir(), 'pooler-'));
  const port = await freePort();
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${server.user}" "${server.password}"\n`);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
postgres = host=127.0.0.1 port=${server.port} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
unix_socket_dir =
`,
  );
  for (const each of [folder, users, file]) chmodSync(each, each === folder ? 0o755 : 0o644);
  const child = spawn(PGBOUNCER ?? '', [file], { ...unprivileged(), cwd: folder, stdio: 'ignore' });
  await listens(port);
  return {
    location: (schema: string) => server.location(schema).replace(`:${server.port}/`, `:${port}/`),
    stop: async () => {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const answered = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', resolve));
    socket.destroy();
    if (answered === true) return;
    await sleep(25);
  }
  throw new Error('PgBouncer does not listen');
}
