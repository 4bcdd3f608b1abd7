import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness, type JournalEntry } from '@connectorkit/harness';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let harness: Harness;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'harness-'));
  harness = await createHarness({ store: join(folder, 'harness.db') });
});
afterEach(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
type Answer = { readonly status: number; readonly body: any };

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${harness.url}/__harness${path}`, {
    method,
    headers: {
      authorization: `Bearer ${harness.controlToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function statusOf(path: string, token: string, method = 'GET', body?: string): Promise<number> {
  const headers = { authorization: `Token ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${harness.url}/api/v2${path}`, { method, headers, ...(body ? { body } : {}) });
  await response.arrayBuffer();
  return response.status;
}

const project = {
  'connector.json': '{ "name": "shop", "label": "Shop" }',
  'connections/main/connection.json': '{ "type": "basic", "label": "Main" }',
  'connections/main/api.jsonc': '{\n  // who am I\n  "url": "https://api.example.com/me"\n}\n',
  'connections/main/common.schema.json':
    '{ "type": "object", "properties": { "clientSecret": { "type": "string", "writeOnly": true } } }',
};
const environment = { CONNECTOR_COMMON_MAIN_CLIENT_SECRET: 'a-secret-of-the-shop' };

describe('whoever has the control token', () => {
  test('seeds from a project, as a push would, and again without doubling', async () => {
    const first = await ask('POST', '/seed', { project, environment });
    expect(first).toEqual({
      status: 200,
      body: { app: expect.stringMatching(/^shop-\w{6}$/), version: 1, connections: { main: first.body.app } },
    });
    const { registry } = (await harness.clients()).make;
    expect(await registry.list(first.body.app)).toMatchObject([{ name: first.body.app, label: 'Main', type: 'basic' }]);
    expect(await registry.section(first.body.app, 'api')).toBe(project['connections/main/api.jsonc']);
    expect(await registry.section(first.body.app, 'scopes')).toBe('{}');
    expect(await registry.common(first.body.app)).toEqual({ clientSecret: 'a-secret-of-the-shop' });

    const changed = { ...project, 'connections/main/api.jsonc': '{ "url": "https://api.example.com/you" }' };
    expect((await ask('POST', '/seed', { project: changed, platform: 'make' })).body).toEqual(first.body);
    expect(await registry.section(first.body.app, 'api')).toBe(changed['connections/main/api.jsonc']);
    expect(await registry.apps()).toHaveLength(1);
  });

  test('is told what is wrong with a project', async () => {
    const broken = { ...project, 'connections/main/api.jsonc': '{ "url": ' };
    expect(await ask('POST', '/seed', { project: broken })).toMatchObject({
      status: 422,
      body: { diagnostics: [{ file: 'connections/main/api.jsonc' }] },
    });
    expect((await ask('POST', '/seed', { project: {} })).status).toBe(400);
    expect((await ask('POST', '/seed', { project, platform: 'workato' })).status).toBe(400);
  });

  test('seeds a platform’s own', async () => {
    const given = { app: 'seeded', connections: [{ type: 'oauth', label: 'Main' }] };
    expect((await ask('POST', '/seed', { platform: 'make', given })).status).toBe(200);
    expect(await (await harness.clients()).make.registry.list('seeded')).toHaveLength(1);
    expect((await ask('POST', '/seed', { platform: 'mak', given })).body.diagnostics[0].hint).toBe(
      'Did you mean make?',
    );
  });

  test('lets tokens in with chosen scopes', async () => {
    const all = await ask('POST', '/tokens', { platform: 'make' });
    const reading = await ask('POST', '/tokens', { platform: 'make', scopes: ['sdk-apps:read'] });
    expect([all.status, reading.status]).toEqual([201, 201]);
    const app = '{"name":"shop","label":"Shop"}';
    expect(await statusOf('/sdk/apps', all.body.token, 'POST', app)).toBe(200);
    expect(await statusOf('/sdk/apps', reading.body.token)).toBe(200);
    expect(await statusOf('/sdk/apps', reading.body.token, 'POST', app)).toBe(403);
    expect(await statusOf('/sdk/apps', randomUUID())).toBe(401);
    expect((await ask('POST', '/tokens', { platform: 'make', token: 'one-of-my-own' })).body.token).toBe(
      'one-of-my-own',
    );
    expect(await statusOf('/sdk/apps', 'one-of-my-own')).toBe(200);
    for (const wrong of [{ platform: 'make', scopes: ['sdk-apps:reed'] }, { platform: 'maké' }, {}]) {
      expect(await ask('POST', '/tokens', wrong)).toMatchObject({
        status: 400,
        body: { diagnostics: [{ code: 'harness/token' }] },
      });
    }
    const about = await ask('GET', '');
    for (const { name, scopes } of about.body.platforms) {
      expect((await ask('POST', '/tokens', { platform: name, scopes })).status, name).toBe(201);
    }
  });

  test('keeps snapshots and puts them back, and starts all over', async () => {
    await ask('POST', '/seed', { project, environment });
    const guest = (await ask('POST', '/tokens', { platform: 'make' })).body.token;
    expect((await ask('PUT', '/snapshots/seeded')).status).toBe(200);
    await ask('POST', '/seed', { platform: 'make', given: { app: 'another' } });
    await ask('POST', '/faults', { effect: 'status' });
    await ask('POST', '/clock/advance', { milliseconds: 86_400_000 });
    expect((await ask('PUT', '/snapshots/later')).status).toBe(200);

    expect((await ask('POST', '/reset')).status).toBe(200);
    expect(await (await harness.clients()).make.registry.apps()).toEqual([]);
    expect(await statusOf('/sdk/apps', guest)).toBe(401);
    expect((await ask('GET', '/faults')).body.faults).toEqual([]);
    expect((await ask('GET', '/snapshots')).body.snapshots).toEqual(['later', 'seeded']);

    expect((await ask('POST', '/snapshots/seeded/restore')).status).toBe(200);
    const [app] = await (await harness.clients()).make.registry.apps();
    expect(await (await harness.clients()).make.registry.common(app?.name ?? '')).toEqual({
      clientSecret: 'a-secret-of-the-shop',
    });
    expect(await statusOf('/sdk/apps', guest)).toBe(200);
    expect((await ask('POST', '/snapshots/later/restore')).status).toBe(200);
    expect((await ask('GET', '/faults')).body.faults).toHaveLength(1);
    expect(Date.parse((await ask('GET', '/clock')).body.now) - Date.now()).toBeGreaterThan(86_000_000);

    expect((await ask('POST', '/snapshots/seede/restore')).body.diagnostics[0].hint).toBe('Did you mean seeded?');
    for (const wrong of ['..', '%2e%2e%2fetc', 'a%00', 'a%20b', 'x'.repeat(101)]) {
      expect((await ask('PUT', `/snapshots/${wrong}`)).status, wrong).toBeGreaterThanOrEqual(400);
    }
    expect((await ask('DELETE', '/snapshots/later')).body).toEqual({ deleted: true });
    expect((await ask('GET', '/snapshots')).body.snapshots).toEqual(['seeded']);
  });

  test('sets the clock and the faults', async () => {
    expect((await ask('PUT', '/clock', { now: '2030-01-01T00:00:00Z', frozen: true })).body).toEqual({
      now: '2030-01-01T00:00:00.000Z',
    });
    expect((await ask('POST', '/clock/advance', { milliseconds: 5 })).body.now).toBe('2030-01-01T00:00:00.005Z');
    expect(await harness.clock.now()).toEqual(new Date('2030-01-01T00:00:00.005Z'));
    expect((await ask('POST', '/clock/advance', { milliseconds: 'x' })).status).toBe(400);
    await ask('DELETE', '/clock');
    expect(Math.abs((await harness.clock.now()).getTime() - Date.now())).toBeLessThan(60_000);

    const { fault } = (await ask('POST', '/faults', { effect: 'status', status: 503, times: 1 })).body;
    expect(await harness.faults.list()).toEqual([fault]);
    expect(await statusOf('/users/me', harness.token)).toBe(503);
    const { id } = (await ask('POST', '/faults', { effect: 'reset' })).body.fault;
    expect((await ask('DELETE', `/faults/${id}`)).body).toEqual({ deleted: true });
    expect((await ask('POST', '/faults', { effect: 'resett' })).body.diagnostics[0].code).toBe('harness/fault');
  });
});

test('a restart with another token lets its own in after a snapshot of the former was put back', async () => {
  await harness.snapshot('before');
  await harness.close();
  harness = await createHarness({ store: join(folder, 'harness.db') });
  await harness.restore('before');
  expect(await statusOf('/users/me', harness.token)).toBe(200);
});

describe('the journal', () => {
  const PLANTED = 'planted-secret-0123456789';

  test('tells what was asked and answered, and which fault struck', async () => {
    await harness.faults.add({ effect: 'lost', operation: 'createApp', times: 1 });
    await (await harness.clients()).make.registry.apps();
    await statusOf('/sdk/apps', harness.token, 'POST', '{"name":"shop","label":"Shop"}').catch(() => {});
    await statusOf('/nowhere?limit=1', harness.token);
    const { entries } = (await ask('GET', '/journal')).body as { entries: JournalEntry[] };
    expect(entries).toMatchObject([
      {
        method: 'GET',
        url: expect.stringMatching('^/api/v2/sdk/apps'),
        status: 200,
        platform: 'make',
        operation: 'listApps',
      },
      { method: 'POST', status: 0, operation: 'createApp', fault: 'lost', request: { bytes: 30 } },
      { url: '/api/v2/nowhere?limit=1', status: 404 },
    ]);
    expect(entries[0]?.answer.body).toBe('{"apps":[]}');
    expect(entries.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect((await ask('GET', '/journal?after=1&limit=1')).body.entries).toMatchObject([{ number: 3 }]);
    await ask('DELETE', '/journal');
    expect((await ask('GET', '/journal')).body.entries).toEqual([]);
  });

  test('keeps secrets out, by their names and by their values', async () => {
    const { app } = (await ask('POST', '/seed', { project, environment })).body;
    const section = `${harness.url}/api/v2/sdk/apps/connections/${app}`;
    const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/json' };
    const put = (path: string, body: string, type = 'application/json') =>
      fetch(`${section}${path}`, { method: 'PUT', headers: { ...headers, 'content-type': type }, body });
    await put('/common', JSON.stringify({ clientSecret: PLANTED, deep: [{ note: `${PLANTED}"2` }] }));
    await fetch(`${section}/common?access_token=${PLANTED}3&q=${encodeURIComponent(`${PLANTED}"2`)}`, { headers });
    await put('/api', `{ "url": "https://example.com/${PLANTED}" }`, 'application/jsonc');
    await fetch(`${section}/nothing`, { headers: { authorization: `Bearer ${PLANTED}4`, cookie: `a=${PLANTED}5` } });
    await fetch(`${section}/${PLANTED}4`, { headers: { 'x-api-key': `${PLANTED}6` } });
    await put('/common', `{ "password": "${PLANTED}7", `);
    const entries = await harness.journal.list();
    expect(entries).toHaveLength(6);
    const shown = JSON.stringify(entries);
    expect(shown).not.toContain(PLANTED);
    expect(shown).not.toContain(harness.token);
    expect(shown.match(/\[redacted\]/g)?.length).toBeGreaterThan(12);
    await harness.close();
    const onDisk = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
    expect(onDisk.some((bytes) => bytes.includes('[redacted]'))).toBe(true);
    // The section is no secret by itself, and stands there as it was sent.
    for (const bytes of onDisk) expect(bytes.replaceAll(`https://example.com/${PLANTED}`, '')).not.toContain(PLANTED);
    harness = await createHarness({ store: join(folder, 'harness.db') });
    expect(await harness.journal.list()).toHaveLength(6);
  });

  test('keeps so many entries and no more, and long bodies by their size', async () => {
    await harness.close();
    harness = await createHarness({ store: join(folder, 'harness.db'), journal: 5 });
    for (let call = 0; call < 23; call++) await statusOf(`/sdk/apps?call=${call}`, harness.token);
    expect((await harness.journal.list()).map(({ url }) => url.split('=')[1])).toEqual(['18', '19', '20', '21', '22']);
    await statusOf('/sdk/apps', harness.token, 'POST', JSON.stringify({ name: 'x'.repeat(5000) }));
    const [entry] = await harness.journal.list({ limit: 1 });
    expect(entry?.request).toEqual({ headers: expect.anything(), bytes: 5011 });
    await harness.close();
    harness = await createHarness({ store: join(folder, 'harness.db'), journal: 0 });
    await statusOf('/sdk/apps', harness.token);
    expect(await harness.journal.list()).not.toContainEqual(expect.objectContaining({ number: 25 }));
  });

  test('is a live stream, which begins where the reader was and ends with the harness', async () => {
    await (await harness.clients()).make.registry.apps();
    await statusOf('/sdk/apps?second', harness.token);
    const response = await fetch(`${harness.url}/__harness/journal/stream`, {
      headers: { authorization: `Bearer ${harness.controlToken}`, 'last-event-id': '1' },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const whole = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('utf8');
    })();
    await expect.poll(() => text).toContain('id: 2\nevent: request\ndata: {');
    await statusOf('/sdk/apps?third', harness.token);
    await expect.poll(() => text).toContain('?third');
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(['2', '3']);
    await harness.close();
    await whole;
    harness = await createHarness();
  });
});

/** The answer to a request for the stream, which is read only when it is asked for. */
async function unread(after: number): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${harness.controlToken}` };
  const request = get(`${harness.url}/__harness/journal/stream?after=${after}`, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  return response;
}

/** Answered requests with long bodies: about eight kilobytes in the journal each, where quotes are quoted. */
async function busy(requests: number): Promise<void> {
  const body = JSON.stringify({ label: '"'.repeat(1900) });
  const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/json' };
  for (let done = 0; done < requests; done += 50) {
    const all = Array.from({ length: 50 }, () =>
      fetch(`${harness.url}/sdk/apps/none/1`, { method: 'PATCH', headers, body }).then((answer) => answer.text()),
    );
    await Promise.all(all);
    await harness.journal.list({ limit: 1 });
  }
}

describe('a reader of the live stream', () => {
  test('that does not read is let go, with a last event that says so, and can go on from there', async () => {
    const response = await unread(0);
    await busy(3000);
    let size = 0;
    let end = '';
    for await (const chunk of response) {
      size += chunk.length;
      end = (end + chunk).slice(-100_000);
    }
    const [last, before] = end.trimEnd().split('\n\n').reverse();
    expect(last).toMatch(/^event: dropped\ndata: \{"reason":"The events were not read in time,/);
    const { last: number } = JSON.parse(last?.split('data: ')[1] ?? '{}');
    expect(before).toContain(`id: ${number}\nevent: request\n`);
    // What waits in the harness, and in what the system keeps for a connection.
    expect(size).toBeLessThan(8 * 1024 * 1024 + 12 * 1024 * 1024);
    const latest = (await harness.journal.list({ limit: 1 }))[0]?.number ?? 0;
    expect(number).toBeLessThan(latest);
    const again = await fetch(`${harness.url}/__harness/journal/stream`, {
      headers: { authorization: `Bearer ${harness.controlToken}`, 'last-event-id': String(latest - 1) },
    });
    const reader = again.body?.getReader();
    let text = '';
    while (!text.includes(`id: ${latest}\n`)) text += Buffer.from((await reader?.read())?.value ?? []).toString('utf8');
    await reader?.cancel();
  });

  test('that reads is reported all, however much there is to catch up with', async () => {
    await busy(300);
    const [first] = await harness.journal.list();
    const response = await unread((first?.number ?? 1) - 1);
    await busy(50);
    const latest = (await harness.journal.list({ limit: 1 }))[0]?.number ?? 0;
    let text = '';
    for await (const chunk of response) {
      text += chunk;
      if (text.includes(`id: ${latest}\n`)) break;
    }
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(
      Array.from({ length: latest - (first?.number ?? 1) + 1 }, (_, index) => (first?.number ?? 1) + index),
    );
  });
});

describe('whoever has not', () => {
  const paths = [
    ['POST', '/reset'],
    ['POST', '/seed'],
    ['POST', '/tokens'],
    ['GET', '/snapshots'],
    ['PUT', '/snapshots/a'],
    ['GET', '/clock'],
    ['GET', '/faults'],
    ['GET', '/journal'],
    ['GET', '/journal/stream'],
    ['GET', '/nothing'],
  ] as const;

  test('is refused, with the platforms’ token as with any', async () => {
    for (const [method, path] of paths) {
      for (const authorization of [`Bearer ${harness.token}`, `Token ${harness.controlToken}`, 'Bearer ', '']) {
        expect((await ask(method, path, undefined, { authorization })).status, `${method} ${path}`).toBe(401);
      }
    }
    expect((await ask('GET', '', undefined, { authorization: '' })).status).toBe(200);
  });

  test('is refused before a body is read, and with a body that is no JSON', async () => {
    expect((await ask('POST', '/seed', { project }, { authorization: 'Bearer x' })).status).toBe(401);
    expect((await ask('POST', '/reset', { a: 1 }, { 'content-type': 'text/plain' })).status).toBe(415);
    const headers = { authorization: `Bearer ${harness.controlToken}`, 'content-type': 'application/json' };
    const broken = await fetch(`${harness.url}/__harness/faults`, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(400);
    expect((await ask('GET', '/nothing')).status).toBe(404);
  });
});
