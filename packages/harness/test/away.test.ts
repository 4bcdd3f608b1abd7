import { createHarness } from '@connectorkit/harness';
import { ConnectorError } from '@connectorkit/sdk';
import { expect, test } from 'vitest';
import { POSTGRES, startPostgres } from './postgres-server.ts';

test.skipIf(POSTGRES === undefined)(
  'while the database is away, requests are answered with 503 in the words of each, and the log says why once',
  { timeout: 180_000 },
  async () => {
    const server = await startPostgres();
    const faults: unknown[] = [];
    const storeKey = 'the key of all processes';
    const harness = await createHarness({
      store: server.location('away'),
      storeKey,
      onFault: (fault) => faults.push(fault),
    });
    const { token } = await harness.spaces.create('branch');
    const ask = async (path: string, own = harness.token, method = 'GET') => {
      const headers = { authorization: `Bearer ${own}`, 'content-type': 'application/json' };
      const response = await fetch(`${harness.url}${path}`, {
        method,
        headers,
        ...(method === 'POST' && { body: '{}' }),
      });
      return { status: response.status, retry: response.headers.get('retry-after'), body: await response.text() };
    };
    try {
      expect((await ask('/api/v2/users/me')).status).toBe(200);
      await server.pause(async () => {
        const asked = [
          ask('/api/v2/sdk/apps'),
          ask('/api/v2/sdk/apps', token, 'POST'),
          ask('/api/managed_users'),
          ask('/api/apis'),
          ask('/exchange/api/v2/assets'),
          ask('/provider/.well-known/openid-configuration'),
          ask('/__harness/clock', harness.controlToken),
          ask('/provider/userinfo', token),
        ];
        const answers = await Promise.all(asked);
        // Who comes later is told soon.
        answers.push(await ask('/api/v2/sdk/apps'));
        for (const { status, retry, body } of answers) {
          expect([status, retry], body).toEqual([503, '5']);
          expect(body).not.toMatch(/127\.0\.0\.1|postgres/);
        }
        const bodies = answers.map(({ body }) => JSON.parse(body));
        const message = 'The store of the harness cannot be reached at the moment.';
        expect(bodies).toMatchObject([
          { detail: message, code: 'IM001' },
          { detail: message, code: 'IM001' },
          { message: 'Server error', id: expect.any(String) },
          { faultcode: 'server', faultstring: message },
          { status: 503, message: expect.any(String) },
          { error: 'temporarily_unavailable', error_description: message },
          { message, diagnostics: [{ code: 'harness/store', hint: expect.stringContaining('log of the harness') }] },
          { error: 'temporarily_unavailable', error_description: message },
          { detail: message },
        ]);
      });
      expect(faults).toHaveLength(1);
      expect(faults[0]).toBeInstanceOf(ConnectorError);
      expect(String(faults[0])).toContain('cannot be reached: connect ECONNREFUSED');
      expect(String(faults[0])).not.toContain(server.password);
      await expect.poll(() => ask('/api/v2/users/me').then(({ status }) => status), { timeout: 20_000 }).toBe(200);
    } finally {
      await harness.close();
      await server.stop();
    }
  },
);
