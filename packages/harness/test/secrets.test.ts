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
    const journal = JSON.stringify(await harness.journal.list());
    expect(journal).toContain('/sdk/apps');
    const found = Object.values(PLANTED).filter((secret) => [...answers, journal, ...told].join().includes(secret));
    expect(found).toEqual([]);
    const onDisk = () =>
      readdirSync(folder).flatMap((name) => {
        const bytes = readFileSync(join(folder, name));
        return Object.values(PLANTED)
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
