import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { BINARY, environmentOf, run, temporaryFolder } from './connector.ts';
import { newProject } from './project.ts';

const WINDOWS = process.platform === 'win32';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Messages are wrapped to the width of the terminal. */
function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** A server that does this with every connection; gives its port and counts. */
async function listening(serve: (socket: Socket) => void): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

/** A folder with a project whose only origin is that address, and the variables that let the command in. */
function projectAt(url: string, env: Readonly<Record<string, string>> = {}) {
  const cwd = temporaryFolder();
  const manifest = { name: 'far', origins: { far: { platform: 'make', url } } };
  writeFileSync(join(cwd, 'connector.json'), JSON.stringify(manifest));
  const host = new URL(url).host;
  return { cwd, env: { CONNECTOR_TOKEN_FAR: 'secret', CONNECTOR_HOST_FAR: host, CONNECTOR_TIMEOUT: '30', ...env } };
}

interface Waiting {
  readonly child: ChildProcess;
  /** What it says on stderr. */
  talk(): string;
  /** Sends the signal, and gives the exit code and how many seconds it took. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; seconds: number }>;
}

/** Starts a command, with a stdin that stays open and empty. */
function begin(args: readonly string[], { cwd, env }: { cwd: string; env?: Record<string, string> }): Waiting {
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd,
    env: environmentOf(env),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  closing.push(() => child.kill('SIGKILL'));
  let talk = '';
  // What it did not read before it ended.
  child.stdin?.on('error', () => {});
  child.stderr?.on('data', (chunk) => (talk += chunk));
  return {
    child,
    talk: () => talk,
    end: async (signal) => {
      const started = performance.now();
      child.kill(signal);
      const [code] = await once(child, 'exit');
      return { code, seconds: (performance.now() - started) / 1000 };
    },
  };
}

describe('a proxy', () => {
  test('that closes what asks for a tunnel is asked once, and the command ends', async () => {
    const proxy = await listening((socket) => socket.once('data', () => socket.destroy()));
    const { cwd, env } = projectAt('https://api.example.invalid/api/v2');
    const proxied = { ...env, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { code, stderr } = await run(['whoami', '--origin', 'far'], { cwd, env: proxied });
    expect(code, stderr).toBe(6);
    expect(inOneLine(stderr)).toContain(
      `through the proxy 127.0.0.1:${proxy.port}: the connection was cut (ECONNRESET)`,
    );
    expect(proxy.connections()).toBe(1);
  });

  test('that says nothing is waited for no longer than CONNECTOR_TIMEOUT', async () => {
    const proxy = await listening(() => {});
    const { cwd, env } = projectAt('https://api.example.invalid/api/v2', { CONNECTOR_TIMEOUT: '0.5' });
    const proxied = { ...env, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const started = performance.now();
    const { code, stderr } = await run(['whoami', '--origin', 'far'], { cwd, env: proxied });
    expect(code, stderr).toBe(6);
    expect(inOneLine(stderr)).toContain('nothing answered in time (ETIMEDOUT)');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test('an answer without an end takes neither time nor memory without an end', async () => {
  const part = Buffer.alloc(1024 * 1024, 'x');
  const platform = createHttpServer((_, response) => {
    const pour = () => {
      while (response.write(part));
    };
    response.on('drain', pour);
    pour();
  }).listen(0, '127.0.0.1');
  await once(platform, 'listening');
  closing.push(() => {
    platform.closeAllConnections();
    platform.close();
  });
  const { cwd, env } = projectAt(`http://127.0.0.1:${(platform.address() as AddressInfo).port}/api/v2`);
  const { code, stderr } = await run(['whoami', '--origin', 'far'], { cwd, env });
  expect(code, stderr).toBe(6);
  expect(inOneLine(stderr)).toContain('the answer is longer than 64 MB (ERR_BODY_TOO_LARGE)');
});

describe('SIGTERM and Ctrl-C end at once what only waits', () => {
  const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

  test.skipIf(WINDOWS).each(SIGNALS)('%s, for an answer or a proxy', async (signal) => {
    let asked = () => {};
    const arrived = () => new Promise<void>((resolve) => (asked = resolve));
    const silent = await listening((socket) => socket.once('data', () => asked()));
    const direct = projectAt(`http://127.0.0.1:${silent.port}/api/v2`);
    const proxied = projectAt('https://api.example.invalid/api/v2', {
      HTTPS_PROXY: `http://127.0.0.1:${silent.port}`,
    });
    for (const project of [direct, proxied]) {
      const waits = arrived();
      const command = begin(['whoami', '--origin', 'far'], project);
      await waits;
      const { code, seconds } = await command.end(signal);
      expect(code, command.talk()).toBe(130);
      expect(seconds).toBeLessThan(2);
    }
  });

  test('SIGBREAK, as Ctrl-Break sends it on Windows, too', async () => {
    const cwd = temporaryFolder();
    // Elsewhere there is no such signal: its event stands for it.
    const script = `const { main } = require(${JSON.stringify(BINARY.replace(/connector\.js$/, 'main.js'))});
      main(['harness', '--port', '0', '--store', 'memory']).then((code) => process.exit(code));
      const listen = setInterval(() => {
        if (process.listenerCount('SIGBREAK') > 0 && require('node:fs').existsSync('.connector/harness.json')) {
          clearInterval(listen);
          process.emit('SIGBREAK', 'SIGBREAK');
        }
      }, 50);`;
    const child = spawn(process.execPath, ['-e', script], { cwd, env: environmentOf(), stdio: 'ignore' });
    expect((await once(child, 'exit'))[0]).toBe(0);
    // It ended as after Ctrl-C: its address is taken out.
    expect(readFileSync(join(cwd, '.connector/harness.json'), 'utf8')).not.toContain('http://');
  });

  test
    .skipIf(WINDOWS)
    .each([
      [['login', '--platform', 'make', '--zone', 'eu1']],
      [['validate', '--stdin', '--as', 'scopes']],
      [['iml', '{{a}}', '--data', '-']],
      [['iml', '{{a}}', '--data', 'pipe.json']],
    ])('for what is piped in: %j', async (args) => {
    const cwd = temporaryFolder();
    execFileSync('mkfifo', [join(cwd, 'pipe.json')]);
    const command = begin(args, { cwd });
    // More than fits into a pipe: it is written only when somebody reads, who then waits for the rest.
    const script = 'exec 3>pipe.json; head -c 300000 /dev/zero >&3; echo read; exec sleep 60';
    const writer = spawn('sh', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
    closing.push(() => writer.kill('SIGKILL'));
    const taken = new Promise((resolve) => command.child.stdin?.write(Buffer.alloc(2_000_000, ' '), resolve));
    await Promise.race([once(writer.stdout, 'data'), taken]);
    const { code, seconds } = await command.end('SIGTERM');
    expect(code, command.talk()).toBe(130);
    expect(seconds).toBeLessThan(2);
  });
});

describe.skipIf(WINDOWS)('only files are read', () => {
  function project(): string {
    const cwd = temporaryFolder();
    const folder = join(cwd, 'connections', 'main');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(cwd, 'connector.json'), '{"name": "mine"}');
    writeFileSync(join(folder, 'connection.json'), '{"type": "basic", "label": "Mine", "unmanaged": ["api"]}');
    return cwd;
  }

  test.each([
    ['a pipe', (file: string) => execFileSync('mkfifo', [file])],
    ['a device', (file: string) => symlinkSync('/dev/zero', file)],
    ['a link that leads nowhere', (file: string) => symlinkSync('nowhere.jsonc', file)],
  ])('%s in place of a section, or of the project’s own file, is a usage error', async (_, make) => {
    for (const name of ['connections/main/api.jsonc', 'connector.json']) {
      const cwd = project();
      rmSync(join(cwd, name), { force: true });
      make(join(cwd, name));
      for (const command of ['validate', 'types']) {
        const { code, stderr } = await run([command], { cwd });
        expect(code, `${command} ${name}\n${stderr}`).toBe(2);
        expect(stderr).toContain(name);
        expect(stderr).not.toContain('bug');
      }
    }
  });

  test.each([
    ['a link that leads nowhere', (file: string) => symlinkSync('nowhere', file), 'is a link to something'],
    ['a pipe', (file: string) => execFileSync('mkfifo', [file]), 'is a pipe'],
  ])('%s in place of the folder of a connection is a usage error', async (_, make, words) => {
    const cwd = project();
    make(join(cwd, 'connections/other'));
    writeFileSync(join(cwd, 'connections/README.md'), 'Notes.');
    const { code, stderr } = await run(['validate'], { cwd });
    expect(code, stderr).toBe(2);
    expect(inOneLine(stderr)).toContain(`connections/other ${words}`);
  });

  test('declarations are not written through a link that leads nowhere', async () => {
    const cwd = await newProject();
    rmSync(join(cwd, 'connector.d.ts'), { force: true });
    symlinkSync('nowhere.d.ts', join(cwd, 'connector.d.ts'));
    const { code, stderr } = await run(['types'], { cwd });
    expect(code, stderr).toBe(2);
    expect(inOneLine(stderr)).toContain('connector.d.ts is a link to something that is not there');
  });

  test('what a shell pipes in under a name is read, as is a file', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'data.json'), '{"a": 5}');
    const command = `"${process.execPath}" "${BINARY}" iml "{{a}}" --data`;
    const shell = (line: string) => execFileSync('bash', ['-c', line], { cwd, env: environmentOf(), encoding: 'utf8' });
    expect(shell(`${command} data.json 2>/dev/null`)).toBe('5\n');
    expect(shell(`${command} <(sleep 0.3; echo '{"a": 6}') 2>/dev/null`)).toBe('6\n');
    expect(shell(`echo '{"a": 7}' | ${command} - 2>/dev/null`)).toBe('7\n');
    const { code, stderr } = await run(['iml', '{{a}}', '--data', '/dev/null'], { cwd });
    expect([code, inOneLine(stderr)]).toEqual([
      2,
      expect.stringContaining('/dev/null cannot be read: it is a device.'),
    ]);
  });
});

test('the bundle holds no client but Node’s own', () => {
  const licenses = readFileSync(join(BINARY, '..', 'licenses.txt'), 'utf8');
  expect(licenses).toContain('jsonc-parser');
  // Of the console, which is a page in the bundle.
  expect(licenses).toMatch(/^preact \d/m);
  expect(licenses).toMatch(/^@codemirror\/view \d/m);
  expect(licenses).not.toContain('undici');
});
