import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { expect, test } from 'vitest';

const PLANTED = {
  token: 'planted-token-6f1c2a97',
  guess: 'planted-guess-0b9e5d13',
  common: 'planted-common-c47d8e20',
  cookie: 'planted-cookie-91aa3f6b',
  query: 'planted-query-5ed07c34',
  input: 'planted-input-3c8e61f0',
  password: 'planted-password-a2940d7b',
  wrong: 'planted-wrong-77b1c5e9',
  client: 'planted-client-e80f4a12',
  shared: 'planted-shared-1d6fb093',
};

test('no planted secret stands in the journal, in files, in errors or in what is told of requests', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const told: string[] = [];
  const harness = await createHarness({
    store: join(folder, 'harness.db'),
    token: PLANTED.token,
    onRequest: (entry) => told.push(JSON.stringify(entry)),
    onFault: (fault) => told.push(String(fault)),
  });
  try {
    await harness.seed('make', { app: 'shop', connections: [{ type: 'oauth', label: 'Main' }] });
    await harness.seed('workato', { managed_users: [{ id: 1 }] });
    await harness.seed('akana', {
      users: [{ id: 'tess', email: 'tess@acme.example', password: PLANTED.password }],
      apps: [{ id: 'app', versions: [{ id: 'app1', secret: PLANTED.shared }] }],
    });
    await harness.seed('anypoint', {
      users: [{ username: 'tess', password: PLANTED.password }],
      connected_apps: [{ id: 'ci', secret: PLANTED.client }],
    });
    const call = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
      new Promise<string>((resolve, reject) => {
        const { hostname, port } = new URL(harness.url);
        const all = { authorization: `Token ${PLANTED.token}`, 'content-type': 'application/json', ...headers };
        const asked = request({ hostname, port, method, path, headers: all }, (response) => {
          let text = JSON.stringify(response.headers);
          response.on('data', (chunk) => (text += chunk)).once('end', () => resolve(text));
        });
        asked.once('error', reject).end(body);
      });
    const common = '/api/v2/sdk/apps/connections/shop/common';
    await call('PUT', common, JSON.stringify({ clientId: 'an-id', clientSecret: PLANTED.common }));
    expect(await call('GET', common)).toContain(PLANTED.common);
    const answers = [
      await call('GET', '/api/v2/sdk/apps', undefined, { authorization: `Token ${PLANTED.guess}` }),
      await call('GET', `/api/v2/sdk/apps?token=${PLANTED.query}`),
      await call('GET', '/api/v2/nothing', undefined, { cookie: `session=${PLANTED.cookie}` }),
      await call('PUT', common, `{"clientSecret":"${PLANTED.common}"`),
      await call('PUT', common, `["${PLANTED.common}"]`),
      await call('POST', '/api/v2/sdk/apps', `{"name":7,"label":"${PLANTED.common}"}`),
      await call('GET', '/__harness', undefined, { host: 'evil.example.com' }),
    ];
    const post = (path: string, body: object) => call('POST', path, JSON.stringify(body), { authorization: '' });
    const tess = { username: 'tess', email: 'tess@acme.example', password: PLANTED.password };
    const client = { client_id: 'ci', client_secret: PLANTED.client, grant_type: 'client_credentials' };
    const customer = '/api/managed_users/1/connections';
    const workato = (method: string, body?: string) =>
      call(method, customer, body, { authorization: `Bearer ${PLANTED.token}` });
    const input = { host_name: 'x', username: 'y', auth_type: 'api_token', apitoken: PLANTED.input };
    const sessions = [
      await post('/api/login', tess),
      await post('/accounts/login', tess),
      await post('/accounts/api/v2/oauth2/token', client),
    ];
    for (const session of sessions) expect(session).toMatch(/set-cookie|access_token/);
    const given = sessions.flatMap(
      (text) => text.match(/(?<="access_token":\s*")[^"]+|(?<=AtmoAuthToken_[^=]*=)[^;"]{16,}/g) ?? [],
    );
    expect(given.length).toBeGreaterThan(1);
    expect(await workato('POST', JSON.stringify({ provider: 'jira', input }))).toContain('authorization_status');
    answers.push(
      await workato('POST', JSON.stringify({ name: 'x', provider: 'jira', input })),
      await workato('GET'),
      await workato('POST', `{"provider":"jira","input":{"apitoken":"${PLANTED.input}"`),
      await workato('POST', JSON.stringify({ provider: 5, input })),
      await post('/api/login', { ...tess, password: PLANTED.wrong }),
      await post('/accounts/login', { ...tess, password: PLANTED.wrong }),
      await post('/accounts/api/v2/oauth2/token', { ...client, client_secret: PLANTED.wrong }),
      await call('GET', `/direct_link/embedded/connections/1?token=${PLANTED.query}`, undefined, {
        accept: 'text/html',
      }),
      await call('GET', '/accounts/api/me', undefined, { authorization: `Bearer ${PLANTED.guess}` }),
      await call('GET', '/api/apps', undefined, { cookie: `AtmoAuthToken_x=${PLANTED.cookie}` }),
    );
    const journal = JSON.stringify(await harness.journal.list());
    expect(journal).toContain('/sdk/apps');
    const found = [...Object.values(PLANTED), ...given].filter((secret) =>
      [...answers, journal, ...told].join().includes(secret),
    );
    expect(found).toEqual([]);
    const onDisk = () =>
      readdirSync(folder).flatMap((name) => {
        const bytes = readFileSync(join(folder, name));
        return [...Object.values(PLANTED), ...given]
          .filter((secret) => bytes.includes(secret))
          .map((secret) => `${secret} in ${name}`);
      });
    expect(readdirSync(folder)).toContain('harness.db-wal');
    expect(onDisk()).toEqual([]);
    await harness.close();
    expect(onDisk()).toEqual([]);
  } finally {
    await harness.close();
    rmSync(folder, { recursive: true });
  }
});
