import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { POSTGRES, startPostgres } from './postgres-server.ts';
import { Browser } from './provider/browser.ts';
import { type Served, serve } from './served.ts';

/* A browser that comes back to another process than the one that sent it away. */

const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';
const CONTROL = 'control-of-both-3d1f0d5c';
const KEY = 'the key of both';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const ending: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ending) await end();
});

async function start(store: string): Promise<Served> {
  const served = await serve({ store, storeKey: KEY, token: TOKEN, controlToken: CONTROL });
  closing.push(() => served.kill());
  return served;
}

/** What stands in front of several processes under one address: each request goes to the one that is chosen. */
async function front(to: () => string): Promise<string> {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const passed = httpRequest(`${to()}${url}`, { ...(method && { method }), headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.once('error', () => response.destroy());
    request.pipe(passed);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
async function ask(url: string, method: string, path: string, body?: unknown, token = CONTROL): Promise<any> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const given = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(`${url}/__harness${path}`, given);
  return { status: response.status, ...((await response.json()) as object) };
}

const API = {
  authorize: {
    url: 'https://www.acme.test/authorize',
    qs: { response_type: 'code', client_id: '{{common.clientId}}', redirect_uri: '{{oauth.localRedirectUri}}' },
    response: { temp: { code: '{{query.code}}', began: '{{temp.began}}' } },
  },
  token: {
    ...{ url: 'https://www.acme.test/token', method: 'POST', type: 'urlencoded' },
    body: {
      grant_type: 'authorization_code',
      code: '{{temp.code}}',
      redirect_uri: '{{oauth.localRedirectUri}}',
      client_id: '{{common.clientId}}',
      client_secret: '{{common.clientSecret}}',
    },
    response: { data: { accessToken: '{{body.access_token}}' } },
    log: { sanitize: ['request.body', 'response.body'] },
  },
  info: {
    url: 'https://api.acme.test/me',
    headers: { authorization: 'Bearer {{connection.accessToken}}' },
    log: { sanitize: ['request.headers.authorization'] },
  },
};

const PROJECT = {
  'connector.json': '{ "name": "shop", "label": "Shop" }',
  'connections/main/connection.json': JSON.stringify({
    ...{ type: 'oauth', label: 'Main' },
    unmanaged: ['scope', 'scopes', 'install', 'installSpec', 'parameters'],
  }),
  'connections/main/api.jsonc': JSON.stringify(API),
  'connections/main/common.schema.json': JSON.stringify({
    type: 'object',
    properties: { clientId: { type: 'string' }, clientSecret: { type: 'string' } },
  }),
};

const STORES = [
  {
    name: 'SQLite',
    isThere: true,
    make: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'callback-'));
      ending.push(() => rmSync(folder, { recursive: true, force: true }));
      return join(folder, 'shared.db');
    },
  },
  {
    name: 'PostgreSQL',
    isThere: POSTGRES !== undefined,
    make: async () => {
      const server = await startPostgres();
      ending.push(() => server.stop());
      return server.location('callback');
    },
  },
];

describe.each(STORES)('two processes on $name', ({ isThere, make }) => {
  test.skipIf(!isThere)('take a browser back for each other, also when the one that sent it away is gone', async () => {
    const store = await make();
    const one = await start(store);
    const two = await start(store);
    let chosen = one.url;
    const url = await front(() => chosen);
    for (const space of [undefined, 'pr-7']) {
      chosen = one.url;
      const token = space === undefined ? CONTROL : (await ask(url, 'PUT', `/spaces/${space}`)).token;
      const { connections } = await ask(url, 'POST', '/seed', { project: PROJECT }, token);
      const at = `/platforms/make/connections/${connections.main}/instances`;
      const connect = () => ask(url, 'POST', at, { local: true }, token);
      const shown = (id: string, query = '') =>
        ask(url, 'GET', `/platforms/make/instances/${id}${query}`, undefined, token);

      const begun = await connect();
      expect(begun).toMatchObject({ status: 202, instance: { status: 'waiting' } });
      expect(begun.authorization.redirectUri).toBe(`${url}/__harness/callback`);
      const { id } = begun.instance;
      chosen = two.url;
      expect((await shown(id)).instance.status).toBe('waiting');
      const answer = await new Browser().authorize(new URL(begun.authorization.url));
      // Somebody waits at the one, while the browser comes back to the other.
      const waiting = ask(one.url, 'GET', `/platforms/make/instances/${id}?wait=20`, undefined, token);
      const page = await (await fetch(answer)).text();
      expect(page).toContain(`${id} is connected`);
      expect((await waiting).instance).toMatchObject({ id, status: 'connected' });
      for (const each of [one, two]) {
        chosen = each.url;
        expect((await fetch(answer)).status).toBe(400);
        expect((await ask(url, 'POST', `/platforms/make/instances/${id}/verify`, undefined, token)).status).toBe(200);
      }

      // Again, and a refusal, of which both tell.
      chosen = one.url;
      const again = await ask(url, 'POST', `/platforms/make/instances/${id}/reauthorize`, {}, token);
      const refused = await connect();
      chosen = two.url;
      const returned = await new Browser().authorize(new URL(again.authorization.url));
      expect(await (await fetch(returned)).text()).toContain(`${id} is connected`);
      const denied = await new Browser().authorize(new URL(refused.authorization.url), { decision: 'deny' });
      expect(await (await fetch(denied)).text()).toContain('access_denied');
      chosen = one.url;
      expect((await shown(refused.instance.id)).instance).toMatchObject({
        status: 'failed',
        problem: { code: 'run/denied' },
      });
      const { trace } = await ask(
        url,
        'GET',
        `/platforms/make/instances/${refused.instance.id}/trace`,
        undefined,
        token,
      );
      expect(trace.steps.at(-1)).toMatchObject({ name: 'authorize', outcome: 'failed' });
    }

    // Of two that come back with the same answer at once, one is taken.
    chosen = one.url;
    const { connections } = await ask(url, 'GET', '/platforms/make/connections');
    const begun = await ask(url, 'POST', `/platforms/make/connections/${connections[0].name}/instances`, {
      local: true,
    });
    const answer = await new Browser().authorize(new URL(begun.authorization.url));
    const statuses = await Promise.all(
      [one, two, one, two].map(async (each) => (await fetch(`${each.url}${answer.pathname}${answer.search}`)).status),
    );
    expect(statuses.sort()).toEqual([200, 400, 400, 400]);

    const last = await ask(url, 'POST', `/platforms/make/connections/${connections[0].name}/instances`, {
      local: true,
    });
    await one.kill();
    chosen = two.url;
    const came = await new Browser().authorize(new URL(last.authorization.url));
    expect(await (await fetch(came)).text()).toContain(`${last.instance.id} is connected`);
    for (const each of [one, two]) expect(each.output()).not.toContain('FAULT');
  });
});
