import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { createHarness, type Harness, type HarnessOptions, type RequestEntry } from '@connectorkit/harness';
import parse from 'parse-prometheus-text-format';
import { afterEach, describe, expect, test } from 'vitest';
import { POSTGRES, startPostgres } from './postgres-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await createHarness(options);
  closing.push(() => harness.close());
  return harness;
}

const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;

/** Value of a metric by its labels, or of one without labels. */
async function metricsOf(url = ''): Promise<ReadonlyMap<string, string>> {
  const text = await (await fetch(url)).text();
  const values = new Map<string, string>();
  for (const { name, metrics } of parse(text)) {
    for (const { value, labels = {}, count } of metrics) {
      const shown = Object.entries(labels).map(([label, each]) => `${label}=${each}`);
      values.set([name, ...shown].join(' '), String(value ?? count));
    }
  }
  return values;
}

describe('whether a harness lives and is ready', () => {
  test('is told to everybody, by the status alone, and disturbs nothing', async () => {
    const requests: RequestEntry[] = [];
    const { url, controlToken, faults, journal, clock } = await start({ onRequest: (entry) => requests.push(entry) });
    await faults.add({ effect: 'status', status: 500 });
    await clock.set('2030-01-01T00:00:00Z', { frozen: true });
    for (const path of ['/healthz', '/readyz', '/readyz?verbose']) {
      const response = await fetch(`${url}${path}`);
      expect([response.status, await response.text(), response.headers.get('x-request-id')]).toEqual([
        200,
        'ok\n',
        null,
      ]);
      expect(await statusOf(`${url}${path}`, { method: 'HEAD' })).toBe(200);
    }
    // A probe names the address of the container, whatever the harness is called.
    const probe = httpRequest(`${url}/readyz`, { headers: { host: '10.1.2.3:4600' } }).end();
    const [answer] = await once(probe, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
    expect(await statusOf(`${url}/healthz`, { method: 'POST' })).not.toBe(200);
    expect(await statusOf(`${url}/healthzz`)).toBe(404);
    expect((await journal.list()).map((entry) => entry.url)).toEqual(['/healthz', '/healthzz']);
    expect(requests.map(({ path }) => path)).toEqual(['/healthz', '/healthzz']);
    expect((await faults.list()).length).toBe(1);
    expect(controlToken).not.toBe('');
  });

  test('is no while it ends, with requests still answered, and each connection closed', async () => {
    const { url, token, close, metricsUrl = '' } = await start({ metricsPort: 0, limits: { drain: 400 } });
    const ended = close();
    for (const place of [url, new URL(metricsUrl).origin]) {
      const response = await fetch(`${place}/readyz`);
      expect([response.status, await response.text()]).toEqual([503, 'not ready\n']);
      expect(await statusOf(`${place}/healthz`)).toBe(200);
    }
    const last = await fetch(`${url}/api/v2/users/me`, { headers: { authorization: `Token ${token}` } });
    expect([last.status, last.headers.get('connection')]).toEqual([200, 'close']);
    await ended;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    await expect(fetch(metricsUrl)).rejects.toThrow();
  });

  test.skipIf(POSTGRES === undefined)('is no within seconds while the database is gone, and yes again', async () => {
    const server = await startPostgres();
    closing.push(() => server.stop());
    const { url } = await start({ store: server.location('ready'), storeKey: 'the key of the test' });
    expect(await statusOf(`${url}/readyz`)).toBe(200);
    await server.pause(async () => {
      const started = performance.now();
      expect(await Promise.all([1, 2, 3].map(() => statusOf(`${url}/readyz`)))).toEqual([503, 503, 503]);
      expect(await statusOf(`${url}/healthz`)).toBe(200);
      expect(performance.now() - started).toBeLessThan(10_000);
    });
    await expect.poll(() => statusOf(`${url}/readyz`), { timeout: 20_000 }).toBe(200);
  });
});

describe('metrics', () => {
  test('count requests by templates, and name nothing that somebody asked for', async () => {
    const { metricsUrl = '', url, token, controlToken, spaces } = await start({ metricsPort: 0 });
    const space = await spaces.create('pr-secret-name');
    const asked: [string, string, string][] = [
      [token, 'GET', '/api/v2/sdk/apps/very-private/1/readme'],
      [space.token, 'GET', '/api/v2/sdk/apps/very-private/1/readme?query=private'],
      [token, 'GET', '/nothing/very-private'],
      [token, 'PROPFIND', '/api/v2/users/me'],
      [controlToken, 'GET', '/__harness/instances'],
      [controlToken, 'DELETE', '/__harness/snapshots/very-private'],
      [controlToken, 'GET', '/'],
    ];
    for (const [bearer, method, path] of asked) {
      await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${bearer}` } });
    }
    const values = await metricsOf(metricsUrl);
    const counted = [...values].filter(([name]) => name.startsWith('http_requests_total'));
    expect(Object.fromEntries(counted)).toMatchObject({
      'http_requests_total method=GET route=/api/v2/sdk/apps/{SDK_appName}/{SDK_appVersion}/readme status=404': '2',
      'http_requests_total method=DELETE route=/__harness/snapshots/:name status=200': '1',
    });
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(asked.length);
    expect(values.has('http_request_duration_seconds')).toBe(true);
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_heap_size_used_bytes']) {
      expect(Number(values.get(name))).toBeGreaterThan(0);
    }
    expect(values.get('http_requests_in_flight')).toBe('0');
    const text = await (await fetch(metricsUrl)).text();
    for (const word of ['private', 'pr-secret', token, controlToken, space.token]) expect(text).not.toContain(word);
    expect(text).not.toContain('harness_store');
  });

  test('tell of open streams, entries and faults', async () => {
    const { metricsUrl, url, token, controlToken, journal } = await start({ metricsPort: 0 });
    const over = new AbortController();
    const headers = { authorization: `Bearer ${controlToken}` };
    await fetch(`${url}/__harness/journal/stream`, { headers, signal: over.signal });
    await fetch(`${url}/api/v2/users/me`, { headers: { authorization: `Token ${token}` } });
    await journal.list();
    const during = await metricsOf(metricsUrl);
    expect(during.get('harness_event_streams')).toBe('1');
    expect(during.get('http_requests_in_flight')).toBe('1');
    expect(during.get('harness_journal_entries_total')).toBe('1');
    over.abort();
    await expect.poll(async () => (await metricsOf(metricsUrl)).get('harness_event_streams')).toBe('0');
    expect((await metricsOf(metricsUrl)).get('harness_faults_total')).toBe('0');
  });

  test.skipIf(POSTGRES === undefined)('tell of the connections to a database, and of conflicts', async () => {
    const server = await startPostgres();
    closing.push(() => server.stop());
    const given = { store: server.location('metrics'), storeKey: 'the key of the test', metricsPort: 0 };
    const [one, two] = [await start(given), await start(given)];
    await one.seed('workato', { managed_users: [{ id: 7, name: 'x', notification_email: 'x@acme.example' }] } as never);
    const write = ({ clock }: Harness) => clock.advance(1);
    for (let round = 0; round < 20; round++) await Promise.all([write(one), write(two)]);
    const values = await metricsOf(one.metricsUrl);
    const other = await metricsOf(two.metricsUrl);
    const connections = ['active', 'idle'].map((state) =>
      Number(values.get(`harness_store_connections state=${state}`)),
    );
    expect(connections.reduce((a, b) => a + b)).toBeGreaterThan(0);
    expect(values.get('harness_store_waiting')).toBe('0');
    const conflicts = [values, other].map((each) => Number(each.get('harness_store_conflicts_total')));
    expect(conflicts.reduce((a, b) => a + b)).toBeGreaterThan(0);
    expect(values.get('harness_store_retries_total')).toBe('0');
  });

  test('are only at their own port, and only for readers that know where they are', async () => {
    const { metricsUrl = '', url, token } = await start({ metricsPort: 0 });
    expect(await statusOf(`${url}/metrics`, { headers: { authorization: `Token ${token}` } })).toBe(404);
    const origin = new URL(metricsUrl).origin;
    expect(await statusOf(`${origin}/api/v2/users/me`, { headers: { authorization: `Token ${token}` } })).toBe(404);
    expect(await statusOf(metricsUrl, { headers: { origin: 'http://elsewhere.example' } })).toBe(403);
    expect((await start()).metricsUrl).toBeUndefined();
  });
});

describe('requests that are told', () => {
  test('have the id that they bring if it is sane, and answers name it if that is asked for', async () => {
    const requests: RequestEntry[] = [];
    const { url } = await start({ onRequest: (entry) => requests.push(entry), requestIds: true });
    for (const id of ['01J9-abc', 'two words', 'x'.repeat(129), '"\\', undefined]) {
      const response = await fetch(`${url}/api/v2/users/me`, {
        headers: id === undefined ? {} : { 'x-request-id': id },
      });
      await response.arrayBuffer();
      expect(response.headers.get('x-request-id')).toMatch(id === '01J9-abc' ? /^01J9-abc$/ : /^[\da-f-]{36}$/);
    }
    await expect.poll(() => requests.length).toBe(5);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(5);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      path: '/api/v2/users/me',
      route: '/api/v2/users/me',
      status: 401,
    });
  });

  test('are those that were cut as well, with their space', async () => {
    const requests: RequestEntry[] = [];
    const { url, spaces } = await start({ onRequest: (entry) => requests.push(entry) });
    const { token } = await spaces.create('pr-1');
    await fetch(`${url}/api/v2/users/me`, { headers: { authorization: `Token ${token}` } });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /api/v2/sdk/apps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await expect.poll(() => requests.length).toBe(2);
    expect(requests[0]).toMatchObject({ space: 'pr-1', status: 200 });
    expect(requests[0]).not.toHaveProperty('cut');
    expect(requests[1]).toMatchObject({ cut: true, status: 0 });
  });
});
