import { createHarness, type Harness, type HarnessOptions } from '@connectorkit/harness';
import { Make } from '@makehq/sdk';
import { afterEach, describe, expect, test } from 'vitest';

const JSON_TYPE = { 'content-type': 'application/json' };

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

async function start(options: HarnessOptions = {}): Promise<Harness> {
  harness = await createHarness({ checkAnswers: true, ...options });
  return harness;
}

/** The official client, pointed at the harness. */
function client({ url, token }: Pick<Harness, 'url' | 'token'>): Make {
  const make = new Make(token, new URL(url).host);
  make.protocol = 'http';
  return make;
}

/** A JSON answer, whatever it holds: what is expected of it is said by the test. */
// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
const json = async (response: Response): Promise<any> => response.json();

function ask(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
  const { url, token } = harness as Harness;
  const headers = { authorization: `Token ${init.token ?? token}`, ...(init.headers as Record<string, string>) };
  return fetch(`${url}${path}`, { ...init, headers });
}

async function newApp(name = 'shop'): Promise<string> {
  const body = JSON.stringify({ name, label: 'Shop' });
  const response = await ask('/api/v2/sdk/apps', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  return (await json(response)).app.name;
}

describe('the official client', () => {
  test('drives every method of its connections', async () => {
    const make = client(await start());
    const app = await make.sdk.apps.create({
      name: 'shop',
      label: 'Shop',
      description: 'Sells',
      theme: '#33FF57',
      language: 'en',
      private: true,
      countries: [],
      audience: 'global',
    });
    expect(app.name).toMatch(/^shop-[0-9a-z]{6}$/);
    const { connections } = make.sdk;

    expect(await connections.list(app.name)).toEqual([]);
    const first = await connections.create(app.name, { type: 'apikey', label: 'First' });
    expect(first).toEqual({ name: app.name, label: 'First', type: 'basic' });
    const second = await connections.create(app.name, { type: 'oauth-refresh', label: 'Second' });
    expect(second).toEqual({ name: `${app.name}2`, label: 'Second', type: 'oauth' });
    expect(await connections.list(app.name)).toMatchObject([first, second]);

    expect(await connections.get(second.name)).toMatchObject({ ...second, appVersion: '1' });
    expect(await connections.update(second.name, { label: 'Renamed' })).toMatchObject({ label: 'Renamed' });
    expect(await connections.get(second.name)).toMatchObject({ label: 'Renamed' });

    const text = '{\r\n\t// kept as it is\r\n  "url": "https://api.example.com/é"  }\n\n';
    for (const section of ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'] as const) {
      await connections.setSection(second.name, section, text);
      expect(await connections.getSection(second.name, section)).toBe(text);
    }
    expect(await connections.getCommon(second.name)).toEqual({});
    expect(await connections.setCommon(second.name, { clientId: 'a', clientSecret: 'b' })).toBe(true);
    expect(await connections.getCommon(second.name)).toEqual({ clientId: 'a', clientSecret: 'b' });

    await connections.delete(first.name);
    expect(await connections.list(app.name)).toMatchObject([{ ...second, label: 'Renamed' }]);
    await expect(connections.get(first.name)).rejects.toThrow(`Connection not found '${first.name}'.`);

    const third = await connections.create(app.name, { type: 'other', label: 'Third' });
    expect(third.name, 'a number is never given twice').toBe(`${app.name}3`);
  });

  test('recreate, which no client has, answers an empty object and keeps the content', async () => {
    const make = client(await start());
    const app = await newApp();
    const { name } = await make.sdk.connections.create(app, { type: 'apikey', label: 'Key' });
    await make.sdk.connections.setSection(name, 'scope', '["a"]');
    const response = await ask(`/api/v2/sdk/apps/connections/${name}/recreate`, { method: 'POST' });
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(await make.sdk.connections.getSection(name, 'scope')).toBe('["a"]');
    const missing = await ask('/api/v2/sdk/apps/connections/nothing/recreate', { method: 'POST' });
    expect(missing.status).toBe(404);
  });

  test('apps are read, changed and deleted, and their connections go with them', async () => {
    const make = client(await start());
    const app = await newApp();
    const { name } = await make.sdk.connections.create(app, { type: 'basic', label: 'User' });
    expect((await make.sdk.apps.get(app, 1)).label).toBe('Shop');
    expect((await make.sdk.apps.update(app, 1, { label: 'Store', theme: '#ABCDEF' })).label).toBe('Store');
    expect((await make.sdk.apps.list()).map((each) => each.name)).toEqual([app]);
    await make.sdk.apps.delete(app, 1);
    await expect(make.sdk.apps.get(app, 1)).rejects.toThrow('App not found');
    await expect(make.sdk.connections.get(name)).rejects.toThrow('Connection not found');
  });

  test('says who the token belongs to', async () => {
    const make = client(await start());
    expect(await make.users.me()).toMatchObject({ id: 1, name: 'Connector Author' });
  });
});

describe('a new connection', () => {
  test.each([
    'apikey',
    'basic',
    'oauth',
    'oauth-refresh',
    'oauth-clicre',
    'oauth-resowncre',
    'oauth-1',
    'other',
  ] as const)('of type %s is filled with a template', async (type) => {
    const make = client(await start());
    const { name } = await make.sdk.connections.create(await newApp(), { type: type as 'apikey', label: 'x' });
    const api = String(await make.sdk.connections.getSection(name, 'api'));
    if (type === 'other') expect(api.replace(/\s|\/\/.*$/gm, '')).toBe('{}');
    else expect(api).toContain('https://');
    expect(await make.sdk.connections.getSection(name, 'scopes')).toMatch(/^\{\s*\}\s*$/);
  });
});

describe('what is refused, in Make’s own shape', () => {
  const cases: readonly [string, () => Promise<Response>, number, object][] = [
    ['no token', () => ask('/api/v2/sdk/apps', { headers: { authorization: '' } }), 401, { code: 'IM015' }],
    ['an unknown token', () => ask('/api/v2/sdk/apps', { token: 'nobody' }), 401, { code: 'IM015' }],
    [
      'an unknown connection',
      () => ask('/api/v2/sdk/apps/connections/x'),
      404,
      { detail: "Connection not found 'x'." },
    ],
    ['an unknown app', () => ask('/sdk/apps/nope/connections'), 404, { detail: "App not found 'nope'." }],
    ['an unknown path', () => ask('/api/v2/sdk/nothing'), 404, { message: 'Not found' }],
    ['a version in the path', () => ask('/sdk/apps/app/1/connections'), 404, { message: 'Not found' }],
    ['an unknown method', () => ask('/sdk/apps', { method: 'PUT' }), 404, { message: 'Not found' }],
    ['broken percent-encoding', () => ask('/api/v2/sdk/apps/connections/%E0%A4%A'), 404, { message: 'Not found' }],
  ];
  test.each(cases)('%s', async (_name, call, status, body) => {
    await start();
    const response = await call();
    expect(response.headers.get('content-type')).toContain('application/json');
    const error = await response.json();
    expect([response.status, error]).toEqual([status, expect.objectContaining(body)]);
    expect(error).toMatchObject({ detail: expect.anything(), message: expect.any(String), code: expect.any(String) });
  });

  test('an unknown type, a missing body, a broken body, another media type', async () => {
    await start();
    const app = await newApp();
    const post = async (body: string | undefined, headers: Record<string, string> = JSON_TYPE) => {
      const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
      const response = await ask(`/api/v2/sdk/apps/${app}/connections`, init);
      return [response.status, (await json(response)).detail];
    };
    expect(await post('{"type":"oauth2","label":"x"}')).toEqual([400, 'Invalid connection type']);
    expect(await post('{"label":"x"}')).toEqual([400, 'Invalid connection type']);
    expect(await post(undefined)).toEqual([400, 'The request has no body.']);
    expect(await post('{"type":')).toEqual([400, 'The body is not valid JSON in UTF-8.']);
    expect(await post('type=apikey', { 'content-type': 'application/x-www-form-urlencoded' })).toEqual([
      415,
      'The body must be application/json, not application/x-www-form-urlencoded.',
    ]);
    expect(await client(harness as Harness).sdk.connections.list(app)).toEqual([]);
  });

  test('a section that is not JSON with comments, by its position; the text before stays', async () => {
    const make = client(await start());
    const { name } = await make.sdk.connections.create(await newApp(), { type: 'other', label: 'x' });
    await make.sdk.connections.setSection(name, 'api', '{}');
    await expect(make.sdk.connections.setSection(name, 'api', '{\n  "url" "x"\n}')).rejects.toThrow(
      ' in JSONC at position 10',
    );
    expect(await make.sdk.connections.getSection(name, 'api')).toBe('{}');
  });

  test('an unknown section, and common that is no object', async () => {
    const make = client(await start());
    const { name } = await make.sdk.connections.create(await newApp(), { type: 'other', label: 'x' });
    const section = await ask(`/api/v2/sdk/apps/connections/${name}/wrong`);
    expect(section.status).toBe(404);
    await expect(make.sdk.connections.setCommon(name, [] as never)).rejects.toThrow('Common data must be a collection');
  });

  test('a body beyond the limit', async () => {
    const make = client(await start());
    const { name } = await make.sdk.connections.create(await newApp(), { type: 'other', label: 'x' });
    await expect(make.sdk.connections.setSection(name, 'api', `"${'x'.repeat(3_000_000)}"`)).rejects.toThrow(
      'request entity too large',
    );
  });
});

describe('paths and headers', () => {
  test('both servers of the contract reach one behaviour, with Token and with Bearer', async () => {
    const { token } = await start();
    const app = await newApp();
    for (const prefix of ['/api/v2', '']) {
      for (const scheme of ['Token', 'Bearer', 'token']) {
        const response = await ask(`${prefix}/sdk/apps/${app}/1`, { headers: { authorization: `${scheme} ${token}` } });
        expect(response.status).toBe(200);
      }
    }
  });

  test('sections are answered as application/jsonc; a DELETE may have a body', async () => {
    await start();
    const app = await newApp();
    const created = await ask(`/sdk/apps/${app}/connections`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"type":"apikey","label":"x"}',
    });
    const { name } = (await json(created)).appConnection;
    const section = await ask(`/sdk/apps/connections/${name}/api`);
    expect(section.headers.get('content-type')).toBe('application/jsonc');
    const deleted = await ask(`/sdk/apps/connections/${name}`, { method: 'DELETE', headers: JSON_TYPE, body: '{}' });
    expect([deleted.status, await deleted.json()]).toEqual([200, { appConnection: name }]);
  });

  test('lists are paged by pg, encoded or not', async () => {
    const make = client(await start());
    const app = await newApp();
    for (const label of ['a', 'b', 'c']) await make.sdk.connections.create(app, { type: 'other', label });
    for (const query of ['pg[limit]=1&pg[offset]=1', 'pg%5Blimit%5D=1&pg%5Boffset%5D=1']) {
      const { appConnections } = await json(await ask(`/sdk/apps/${app}/connections?${query}`));
      expect(appConnections.map((each: { label: string }) => each.label)).toEqual(['b']);
    }
    expect((await ask(`/sdk/apps/${app}/connections?pg[limit]=many`)).status).toBe(400);
  });
});
