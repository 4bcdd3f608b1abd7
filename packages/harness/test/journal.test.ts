import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askOwn, type OwnAnswer } from './own-api.ts';

let harness: Harness;
const ask = (method: string, path: string, body?: unknown) => askOwn(harness, method, path, body);

async function make(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${harness.url}/api/v2${path}`, {
    method,
    headers: { authorization: `Token ${harness.token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

const numbers = ({ body }: OwnAnswer): number[] => body.entries.map((entry: { number: number }) => entry.number);

describe('the journal is filtered', () => {
  beforeAll(async () => {
    harness = await createHarness();
    await make('GET', '/sdk/apps'); // 1
    await make('POST', '/sdk/apps', '{"name":"shop","label":"Shop"}'); // 2
    await make('GET', '/sdk/apps/Nowhere/1'); // 3
    await harness.faults.add({ effect: 'reset', times: 1 });
    await make('GET', '/users/me').catch(() => {}); // 4
    const workato = { headers: { authorization: `Bearer ${harness.token}` } };
    await (await fetch(`${harness.url}/api/managed_users`, workato)).text(); // 5
    await (await fetch(`${harness.url}/provider/resources/bearer`)).text(); // 6
  });
  afterAll(() => harness.close());

  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['', [1, 2, 3, 4, 5, 6]],
    ['platform=workato', [5]],
    ['platform=provider', [6]],
    ['method=post', [2]],
    ['status=2xx', [1, 2, 5]],
    ['status=404', [3]],
    ['status=4xx', [3, 6]],
    ['status=0', [4]],
    ['path=nowHERE', [3]],
    ['path=sdk/apps&method=GET', [1, 3]],
    ['path=sdk/apps&limit=1', [3]],
    ['status=2xx&limit=2', [2, 5]],
    ['platform=&status=&path=', [1, 2, 3, 4, 5, 6]],
    ['since=2026-01-01T00:00:00Z&after=4', [5, 6]],
    ['since=2999-01-01', []],
  ];
  test.each(cases)('by %j', async (query, expected) => {
    expect(numbers(await ask('GET', `/journal?${query}`))).toEqual(expected);
  });

  test('from the moment of an entry', async () => {
    const { entries } = (await ask('GET', '/journal')).body;
    const since = numbers(await ask('GET', `/journal?since=${entries[4].at}`));
    expect(since.length).toBeLessThanOrEqual(6);
    expect(since).toEqual(expect.arrayContaining([5, 6]));
  });

  test('by what a field cannot be, not at all', async () => {
    for (const query of [
      'status=6xx',
      'status=abc',
      'since=yesterday',
      'method=A%20B',
      'platform=..',
      'path=a&path=b',
    ]) {
      const { status, body } = await ask('GET', `/journal?${query}`);
      expect([status, body.diagnostics[0].code], query).toEqual([400, 'usage/arguments']);
    }
  });

  test('in code as well', async () => {
    const entries = await harness.journal.list({ platform: 'make', status: '2xx' });
    expect(entries.map(({ number }) => number)).toEqual([1, 2]);
  });

  test('without headers and bodies where a summary is enough', async () => {
    const [entry] = (await ask('GET', '/journal?view=summary&limit=1')).body.entries;
    expect(Object.keys(entry)).toEqual([
      'number',
      'at',
      'method',
      'url',
      'status',
      'milliseconds',
      'platform',
      'operation',
    ]);
  });

  test('while it happens', async () => {
    const headers = { authorization: `Bearer ${harness.controlToken}` };
    const url = `${harness.url}/__harness/journal/stream?after=0&status=4xx&view=summary`;
    const reader = (await fetch(url, { headers })).body?.getReader();
    let text = '';
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) text += Buffer.from((await reader?.read())?.value ?? []).toString('utf8');
    };
    await until('id: 6\n');
    await make('GET', '/sdk/apps');
    await make('GET', '/sdk/apps/Gone/1');
    await until('Gone');
    await reader?.cancel();
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual([3, 6, 8]);
    expect(text).not.toContain('"headers"');
  });
});

describe('an entry', () => {
  beforeEach(async () => {
    harness = await createHarness();
  });
  afterEach(() => harness.close());

  /** The arguments that a shell gives to curl. */
  function argumentsOf(command: string): string[] {
    const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
    const output = execFileSync('/bin/sh', ['-c', script], { env: { CONNECTOR_TOKEN: 'the-token' }, encoding: 'utf8' });
    return output.split('\0').slice(0, -1);
  }

  test('is a command for curl, whatever stands in it', async () => {
    const body = JSON.stringify({ name: 'shop', label: 'It\'s $(touch here) `x` \\ "q"\n@!' });
    await make('POST', '/sdk/apps?odd[]=1', body, { 'x-note': "a'b" });
    const { entry, curl } = (await ask('GET', '/journal/1')).body;
    const given = argumentsOf(curl);
    const headers = given.flatMap((each, index) => (given[index - 1] === '--header' ? [each] : []));
    expect(given.filter((each) => each !== '--header' && !headers.includes(each))).toEqual([
      `${harness.url}/api/v2/sdk/apps?odd[]=1`,
      ...['--request', 'POST', '--globoff', '--data-raw', entry.request.body],
    ]);
    const own = ['Authorization: Bearer the-token', 'content-type: application/json', "x-note: a'b"];
    expect(headers).toEqual(expect.arrayContaining(own));
    expect(headers.join('\n')).not.toMatch(/^(host|content-length|connection|sec-)/m);
    expect(JSON.parse(entry.request.body)).toEqual(JSON.parse(body));
    expect(curl).not.toContain(harness.token);
  });

  test('is a command that leaves secrets out where no token of the harness is taken', async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'demo',
      client_secret: 'demo-secret',
    });
    await (await fetch(`${harness.url}/provider/token`, { method: 'POST', body: form })).text();
    const { curl } = (await ask('GET', '/journal/1')).body;
    expect(argumentsOf(curl)).toContain('grant_type=client_credentials&client_id=demo&client_secret=[redacted]');
    expect(curl).not.toContain('CONNECTOR_TOKEN');
  });

  test('with a long body says that the body is not there', async () => {
    await make('POST', '/sdk/apps', JSON.stringify({ name: 'x'.repeat(5000) }));
    const { curl, replay } = (await ask('GET', '/journal/1')).body;
    expect(curl).toMatch(/^# Its body of 5011 bytes is not in the journal\.\ncurl '/);
    expect(replay).toEqual({ possible: false, reason: 'its body of 5011 bytes is not in the journal' });
    expect(await ask('POST', '/journal/1/replay')).toMatchObject({
      status: 409,
      body: { message: 'Request 1 cannot be sent again: its body of 5011 bytes is not in the journal.' },
    });
  });

  test('that is not there is not found', async () => {
    for (const number of ['1', '0', '99999999999999999999', 'x', '-1']) {
      expect(await ask('GET', `/journal/${number}`), number).toMatchObject({
        status: 404,
        body: { diagnostics: [{ code: 'harness/not-found' }] },
      });
      expect((await ask('POST', `/journal/${number}/replay`)).status, number).toBe(404);
    }
  });
});

describe('a request is sent again', () => {
  let folder: string;
  const open = () => createHarness({ store: join(folder, 'harness.db') });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'harness-'));
    harness = await open();
  });
  afterEach(async () => {
    await harness.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('and its entry names the first one', async () => {
    await make('POST', '/sdk/apps', '{"name":"shop","label":"Shop"}');
    const { status, body } = await ask('POST', '/journal/1/replay');
    expect([status, body.entry]).toMatchObject([
      201,
      { number: 2, replayOf: 1, method: 'POST', status: 200, operation: 'createApp' },
    ]);
    expect(await (await harness.clients()).make.registry.apps()).toHaveLength(2);
    expect((await ask('GET', '/journal/2')).body.entry).toEqual(body.entry);
    expect((await ask('POST', '/journal/2/replay')).body.entry).toMatchObject({ number: 4, replayOf: 2 });
  });

  test('byte for byte, and with the secrets that the journal does not show', async () => {
    await harness.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
    const { registry } = (await harness.clients()).make;
    const text = '{\n  "url": "https://api.example.com/me",\n  "n": 12345678901234567890\n}';
    await make('PUT', '/sdk/apps/connections/shop/api', text, { 'content-type': 'application/jsonc' });
    await make('PUT', '/sdk/apps/connections/shop/common', '{ "clientSecret": "s3cret-of-the-shop" }');
    expect(JSON.stringify(await harness.journal.list())).not.toContain('s3cret-of-the-shop');
    await registry.setSection('shop', 'api', '{}');
    await registry.setCommon('shop', {});
    for (const number of [1, 2]) {
      expect((await ask('GET', `/journal/${number}`)).body.replay).toEqual({ possible: true });
      expect((await ask('POST', `/journal/${number}/replay`)).body.entry).toMatchObject({ status: 200 });
    }
    expect(await registry.section('shop', 'api')).toBe(text);
    expect(await registry.common('shop')).toEqual({ clientSecret: 's3cret-of-the-shop' });
    expect(JSON.stringify(await harness.journal.list())).not.toContain('s3cret-of-the-shop');
  });

  test('after a restart from what the journal shows, and not where a secret is missing', async () => {
    await harness.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
    await make('PUT', '/sdk/apps/connections/shop/common', '{ "clientSecret": "s3cret-of-the-shop" }');
    await make('GET', '/sdk/apps?access_token=s3cret-of-the-shop');
    await (
      await fetch(`${harness.url}/provider/resources/bearer`, { headers: { authorization: 'Bearer s3cret' } })
    ).text();
    await make('PATCH', '/sdk/apps/shop/1', '{ "label": "Renamed" }');
    await harness.close();
    harness = await open();
    for (const [number, where] of [
      [1, 'a secret in its body was redacted'],
      [2, 'a secret in its URL was redacted'],
      [3, 'its header authorization was redacted'],
    ] as const) {
      const { status, body } = await ask('POST', `/journal/${number}/replay`);
      expect([status, body.diagnostics[0].code]).toEqual([409, 'harness/replay']);
      expect(body.message).toBe(`Request ${number} cannot be sent again: ${where}, and is no longer in memory.`);
    }
    expect((await ask('POST', '/journal/4/replay')).body.entry).toMatchObject({ replayOf: 4, status: 200 });
    expect(await (await harness.clients()).make.registry.apps()).toMatchObject([{ label: 'Renamed' }]);
  });

  test('with the token of the harness, whosever it was', async () => {
    await make('GET', '/sdk/apps', undefined, { authorization: 'Token of-somebody-else' });
    await (await fetch(`${harness.url}/api/v2/sdk/apps`)).text();
    expect((await harness.journal.list()).map(({ status }) => status)).toEqual([401, 401]);
    expect((await ask('POST', '/journal/1/replay')).body.entry.status).toBe(200);
    // Without a token it is what it was.
    expect((await ask('POST', '/journal/2/replay')).body.entry.status).toBe(401);
  });

  test('and by the platforms that take cookies', async () => {
    const headers = { cookie: 'AtmoAuthToken_acmepaymentscorp=gone', 'x-csrf-token_acmepaymentscorp': 'gone' };
    await (await fetch(`${harness.url}/api/search?q=type:api`, { headers })).text();
    expect((await harness.journal.list())[0]).toMatchObject({ platform: 'akana', status: 401 });
    expect((await ask('POST', '/journal/1/replay')).body.entry).toMatchObject({ platform: 'akana', status: 200 });
  });

  test('to the provider with the secrets of its own client', async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'demo',
      client_secret: 'demo-secret',
    });
    const response = await fetch(`${harness.url}/provider/token`, { method: 'POST', body: form });
    expect(response.status, await response.text()).toBe(200);
    const { entry } = (await ask('POST', '/journal/1/replay')).body;
    expect(entry).toMatchObject({ platform: 'provider', operation: 'client_credentials', status: 200 });
  });

  test('and struck by faults', async () => {
    await make('GET', '/sdk/apps');
    await harness.faults.add({ effect: 'lost', times: 1 });
    expect((await ask('POST', '/journal/1/replay')).body.entry).toMatchObject({ status: 0, fault: 'lost' });
    expect((await ask('POST', '/journal/1/replay')).body.entry).toMatchObject({ status: 200 });
  });
});
