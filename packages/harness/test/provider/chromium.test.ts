import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHarness, type Harness } from '@connectorkit/harness';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROMIUM, IN_CHROMIUM } from '../chromium.ts';

/** What a browser holds the pages against, and a client of HTTP does not: where forms may lead, origins, cookies. */
describe.skipIf(CHROMIUM === undefined)(`the pages of the provider${IN_CHROMIUM}`, () => {
  let harness: Harness;
  let browser: Browser;
  let page: Page;
  let callback: string;
  const app = createServer((_request, response) => response.end('connected'));
  beforeAll(async () => {
    harness = await createHarness();
    app.listen(0, '127.0.0.1');
    await once(app, 'listening');
    callback = `http://127.0.0.1:${(app.address() as AddressInfo).port}/callback`;
    browser = await chromium.launch({ ...(CHROMIUM && { executablePath: CHROMIUM }), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    app.closeAllConnections();
    app.close();
    await harness.close();
  });
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
  });

  const decide = async (decision: string, password?: string) => {
    if (password !== undefined) await page.fill('[name=password]', password);
    await page.click(`button[value=${decision}]`);
  };
  const back = async () => {
    await page.waitForURL(`${callback}?**`);
    return new URL(page.url()).searchParams;
  };
  const authorize = () => {
    const parameters = {
      response_type: 'code',
      client_id: 'demo',
      scope: 'orders:read',
      state: 's',
      redirect_uri: callback,
    };
    return page.goto(`${harness.url}/provider/authorize?${new URLSearchParams(parameters)}`);
  };

  test('are signed in at, after a wrong password as well, and lead back to the app', async () => {
    await authorize();
    expect(await page.textContent('body')).toContain('Read your orders');
    await decide('allow', 'wrong');
    expect(await page.textContent('[role=alert]')).toBe('There is no user with this name and password.');
    await decide('allow', 'demo-password');
    const code = (await back()).get('code') ?? '';
    const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback });
    const authorization = `Basic ${Buffer.from('demo:demo-secret').toString('base64')}`;
    const response = await fetch(`${harness.url}/provider/token`, { method: 'POST', body, headers: { authorization } });
    expect(response.status).toBe(200);

    await authorize();
    expect(await page.textContent('body')).toContain('You are signed in as demo.');
    await decide('deny');
    expect((await back()).get('error')).toBe('access_denied');
  });

  test('are those of OAuth 1 as well', async () => {
    const parameters = {
      oauth_consumer_key: 'demo',
      oauth_signature_method: 'PLAINTEXT',
      oauth_signature: 'demo-secret&',
      oauth_callback: callback,
    };
    const body = new URLSearchParams(parameters);
    const response = await fetch(`${harness.url}/provider/oauth1/request-token`, { method: 'POST', body });
    const token = new URLSearchParams(await response.text()).get('oauth_token');
    await page.goto(`${harness.url}/provider/oauth1/authorize?oauth_token=${token}`);
    await decide('allow', 'demo-password');
    expect([...(await back()).keys()]).toEqual(['oauth_token', 'oauth_verifier']);
  });

  /** Defines a connection, and has it wait for a browser that reaches the harness at an origin. */
  async function waiting(at: Harness, origin: string) {
    const api = {
      authorize: {
        url: 'https://api.acme.test/authorize',
        qs: { client_id: '{{common.clientId}}', redirect_uri: '{{oauth.localRedirectUri}}', scope: 'read' },
        response: { temp: { code: '{{query.code}}' } },
      },
      token: {
        ...{ url: 'https://api.acme.test/token', method: 'POST', type: 'urlencoded' },
        body: {
          ...{ code: '{{temp.code}}', redirect_uri: '{{oauth.localRedirectUri}}' },
          ...{ client_id: '{{common.clientId}}', client_secret: '{{common.clientSecret}}' },
        },
        response: { data: { accessToken: '{{body.access_token}}' } },
        log: { sanitize: ['request.body.client_secret', 'request.body.code', 'response.body.access_token'] },
      },
    };
    const sections = { api: JSON.stringify(api), parameters: '[]' };
    await at.seed('make', { app: 'shop', connections: [{ type: 'oauth', label: 'Main' }], sections });
    const instances = await at.instances('make');
    const { instance, authorization } = await instances.connect('shop', { local: true, origin });
    expect(authorization?.url).toMatch(new RegExp(`^${origin}/provider/authorize\\?`));
    return { url: authorization?.url ?? '', ended: () => instances.get(instance?.id ?? '', { wait: 10_000 }) };
  }

  test('lead back to the harness, where a connection that was pushed runs', async () => {
    const { url, ended } = await waiting(harness, harness.url);
    await page.goto(url);
    await decide('allow', 'demo-password');
    await page.waitForURL(`${harness.url}/__harness/callback?**`);
    expect(await page.textContent('h1')).toBe('Connected');
    expect((await ended()).status).toBe('connected');
    await page.reload();
    expect(await page.textContent('h1')).toBe('This response is not used');
  });

  test('do so over TLS, at the address by which others reach the harness', async () => {
    const token = 'a-token-of-a-team-in-a-test';
    const shared = await createHarness({ host: '0.0.0.0', allowRemote: true, tlsPort: 0, token, controlToken: token });
    const own = await chromium.launch({
      ...(CHROMIUM && { executablePath: CHROMIUM }),
      args: ['--no-sandbox', '--host-resolver-rules=MAP harness.example.test 127.0.0.1'],
    });
    try {
      const origin = `https://harness.example.test:${new URL(shared.tlsUrl ?? '').port}`;
      const { url, ended } = await waiting(shared, origin);
      page = await (await own.newContext({ ignoreHTTPSErrors: true })).newPage();
      await page.goto(url);
      await decide('allow', 'demo-password');
      await page.waitForURL(`${origin}/__harness/callback?**`);
      expect(await page.textContent('h1')).toBe('Connected');
      expect((await ended()).status).toBe('connected');
    } finally {
      await own.close();
      await shared.close();
    }
  });
});
