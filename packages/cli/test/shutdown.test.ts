import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { POSTGRES, startPostgres } from '../../harness/test/postgres-server.ts';
import { run, temporaryFolder } from './connector.ts';
import { type Started, start, stopAll } from './project.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await stopAll();
  for (const close of closing.splice(0)) await close();
});

const WINDOWS = process.platform === 'win32';
const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';
const CLIENTS = 8;

/** Over connections that stay open, as most clients have them. @throws what the connection ended with */
function send(agent: Agent, url: string, method: string, path: string, body?: string, token = TOKEN) {
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const headers = {
      authorization: `Token ${token}`,
      ...(body !== undefined && { 'content-type': 'application/jsonc' }),
    };
    const asked = httpRequest(`${url}${path}`, { agent, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      response.once('error', reject);
    });
    asked.once('error', reject).end(body);
  });
}

const section = (name: string) => `/api/v2/sdk/apps/connections/${name}/api`;
const isReady = async (url: string) => {
  try {
    return (await fetch(`${url}/readyz`)).status === 200;
  } catch {
    return false;
  }
};

const STORES: readonly { name: string; isThere: boolean; make(): Promise<Record<string, string>> }[] = [
  {
    name: 'SQLite',
    isThere: true,
    make: async () => ({ CONNECTOR_HARNESS_STORE: join(temporaryFolder(), 'shared.db') }),
  },
  {
    name: 'PostgreSQL',
    isThere: POSTGRES !== undefined,
    make: async () => {
      const server = await startPostgres();
      closing.push(() => server.stop());
      return { CONNECTOR_HARNESS_STORE: server.location('rolling'), CONNECTOR_HARNESS_KEY: 'the key of both' };
    },
  },
];

describe.skipIf(WINDOWS).each(STORES)('a rolling update on $name', ({ isThere, make }) => {
  test.skipIf(!isThere)('loses no answered write and cuts no request', async () => {
    const store = await make();
    const env = { ...store, CONNECTOR_TOKEN: TOKEN, CONNECTOR_CONTROL_TOKEN: `control-${TOKEN}` };
    // With --allow-remote the tokens are those of the environment, the same for all.
    const options = ['--port', '0', '--tls-port', '0', '--allow-remote', '--shutdown-delay', '1'];
    const begin = () => start(['harness', ...options], temporaryFolder(), env);
    const processes: Started[] = [await begin(), await begin()];
    const seeded = await fetch(`${processes[0]?.url}/__harness/seed`, {
      method: 'POST',
      headers: { authorization: `Bearer control-${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        platform: 'make',
        given: {
          app: 'shop',
          connections: Array.from({ length: CLIENTS }, (_, at) => ({ type: 'basic', label: `c${at}` })),
        },
      }),
    });
    expect(seeded.status, await seeded.text()).toBe(200);

    // What a load balancer does: it asks who is ready, and sends nothing new to who is not.
    let ready: readonly string[] = processes.map(({ url }) => url);
    let isOver = false;
    const balancer = (async () => {
      while (!isOver) {
        const all = processes.map(({ url }) => url);
        const are = await Promise.all(all.map(isReady));
        ready = all.filter((_, at) => are[at]);
        await sleep(50);
      }
    })();
    const agent = new Agent({ keepAlive: true });
    closing.push(() => agent.destroy());
    const names = Array.from({ length: CLIENTS }, (_, at) => (at === 0 ? 'shop' : `shop${at + 1}`));
    const answered = names.map(() => -1);
    const failures: string[] = [];
    const clients = Promise.all(
      names.map(async (name, client) => {
        for (let write = 0; !isOver; write++) {
          const url = ready[(client + write) % ready.length];
          if (url === undefined) {
            failures.push('nobody was ready');
            return;
          }
          try {
            const { status, text } = await send(agent, url, 'PUT', section(name), `{ "write": ${write} }`);
            if (status === 200) answered[client] = write;
            else failures.push(`${status} ${text}`);
          } catch (error) {
            failures.push(String((error as NodeJS.ErrnoException).code ?? error));
          }
        }
      }),
    );
    for (let round = 0; round < 2; round++) {
      await sleep(300);
      // The new one first, then the old one ends.
      processes.push(await begin());
      await expect.poll(() => ready.length).toBe(3);
      const old = processes[0] as Started;
      expect(await old.stop('SIGTERM')).toBe(0);
      processes.shift();
    }
    isOver = true;
    await Promise.all([clients, balancer]);
    expect(failures).toEqual([]);
    expect(Math.min(...answered)).toBeGreaterThan(0);
    for (const [client, name] of names.entries()) {
      const { text } = await send(agent, processes[0]?.url ?? '', 'GET', section(name));
      expect(JSON.parse(text)).toEqual({ write: answered[client] });
    }
  });
});

describe.skipIf(WINDOWS)('a harness that is told to end', () => {
  /** A request to a platform that takes a while and is under way. */
  const delayed = async (harness: Started, milliseconds: number) => {
    const fault = ['harness', 'fault', 'latency', '--milliseconds', String(milliseconds), '--times', '1'];
    expect((await run(fault, { cwd: harness.folder })).code).toBe(0);
    const agent = new Agent({ keepAlive: true });
    closing.push(() => agent.destroy());
    const answer = send(agent, harness.url, 'GET', '/api/v2/users/me', undefined, harness.token);
    const end = answer.then(
      (given) => given,
      () => 'cut' as const,
    );
    // Once it has struck, it is gone.
    await expect.poll(() => faultsOf(harness)).toBe(0);
    return { end };
  };

  test.each(['SIGTERM', 'SIGINT'] as const)('finishes what runs, and takes nothing new: %s', async (signal) => {
    const harness = await start(['harness', '--port', '0'], temporaryFolder());
    const { end } = await delayed(harness, 3000);
    const ended = harness.stop(signal);
    await expect.poll(() => isReady(harness.url)).toBe(false);
    await expect(fetch(`${harness.url}/healthz`)).rejects.toThrow();
    expect(harness.child.exitCode).toBe(null);
    expect(await end).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await ended).toBe(0);
    expect(harness.talk()).toContain('The harness stopped.');
  });

  test('cuts what takes longer than --shutdown-timeout, and ends', async () => {
    const harness = await start(['harness', '--port', '0', '--shutdown-timeout', '0.5'], temporaryFolder());
    const { end } = await delayed(harness, 30_000);
    const started = performance.now();
    expect(await harness.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await end).toBe('cut');
  });

  test('ends event streams, and at once on a second signal', async () => {
    const harness = await start(['harness', '--port', '0', '--shutdown-timeout', '60'], temporaryFolder());
    const stream = await fetch(`${harness.url}/__harness/journal/stream`, {
      headers: { authorization: `Bearer ${harness.control}` },
    });
    const { end } = await delayed(harness, 30_000);
    harness.child.kill('SIGTERM');
    // The stream comes to its end, although the other request goes on.
    expect(await stream.text()).toContain('as they are answered');
    expect(harness.child.exitCode).toBe(null);
    expect(await harness.stop('SIGTERM')).toBe(130);
    expect(await end).toBe('cut');
  });
});

async function faultsOf(harness: Started): Promise<number> {
  const headers = { authorization: `Bearer ${harness.control}` };
  const response = await fetch(`${harness.url}/__harness/faults`, { headers });
  return ((await response.json()) as { faults: unknown[] }).faults.length;
}
