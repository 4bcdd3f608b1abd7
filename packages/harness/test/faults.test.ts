import { get as secureGet } from 'node:https';
import { createHarness, FAULTS, type FaultName, type FaultRule, type Harness } from '@connectorkit/harness';
import { ConnectorError } from '@connectorkit/sdk';
import { operationsOf, PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness();
  await harness.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
});
afterEach(() => harness.close());

const API = '/api/v2/sdk/apps/connections/shop/api';

async function get(path = API) {
  const response = await fetch(`${harness.url}${path}`, { headers: { authorization: `Token ${harness.token}` } });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function put(body: string, path = API) {
  const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/jsonc' };
  const response = await fetch(`${harness.url}${path}`, { method: 'PUT', headers, body });
  return { status: response.status, body: await response.text() };
}

/** The code by which a request failed. */
const failure = (request: Promise<unknown>) =>
  request.then(
    () => 'answered',
    (error) => String(error.cause?.code ?? error.cause ?? error),
  );

/** What can go wrong everywhere; what only concerns tokens is played in provider/oauth2.test.ts. */
type Everywhere = {
  [name in FaultName]: (typeof FAULTS)[name] extends { readonly operations: unknown } ? never : name;
}[FaultName];

const WITH_FAULT: { readonly [name in Everywhere]: () => Promise<void> } = {
  latency: async () => {
    await harness.faults.add({ effect: 'latency', milliseconds: 150, times: 1 });
    const started = performance.now();
    expect((await put('{ "a": 1 }')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(145);
  },
  status: async () => {
    await harness.faults.add({ effect: 'status', status: 503, message: 'Down for the night.', times: 1 });
    const { status, body } = await put('{ "a": 1 }');
    expect([status, JSON.parse(body)]).toEqual([503, expect.objectContaining({ detail: 'Down for the night.' })]);
    expect((await get()).body).not.toBe('{ "a": 1 }');
  },
  'rate-limit': async () => {
    await harness.faults.add({ effect: 'rate-limit', retryAfter: 7, times: 1 });
    const { status, headers } = await get();
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  },
  reset: async () => {
    await harness.faults.add({ effect: 'reset', times: 1 });
    expect(await failure(put('{ "a": 1 }'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect((await get()).body).not.toBe('{ "a": 1 }');
  },
  empty: async () => {
    await harness.faults.add({ effect: 'empty', times: 1 });
    expect(await put('{ "a": 1 }')).toEqual({ status: 200, body: '' });
    expect((await get()).body).toBe('{ "a": 1 }');
  },
  truncated: async () => {
    await harness.faults.add({ effect: 'truncated', times: 1 });
    expect(await failure(put('{ "a": 1 }'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect((await get()).body).toBe('{ "a": 1 }');
  },
  lost: async () => {
    await harness.faults.add({ effect: 'lost', times: 1 });
    expect(await failure(put('{ "a": 1 }'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect((await get()).body).toBe('{ "a": 1 }');
  },
  half: async () => {
    await harness.faults.add({ effect: 'half' });
    const statuses = [];
    for (const section of ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec']) {
      statuses.push((await put('{ "b": 2 }', API.replace(/api$/, section))).status);
      expect((await get(API.replace(/api$/, section))).status).toBe(200);
    }
    expect(statuses).toEqual([200, 400, 200, 400, 200, 400]);
    expect((await get(API.replace(/api$/, 'parameters'))).body).not.toBe('{ "b": 2 }');
  },
};

describe('each fault does what it says, and then is gone', () => {
  for (const [name, play] of Object.entries(WITH_FAULT)) {
    test(`${name}: ${FAULTS[name as FaultName].summary}`, async () => {
      await play();
      await harness.faults.clear();
      expect((await put('{ "after": 1 }')).status).toBe(200);
      expect((await get()).body).toBe('{ "after": 1 }');
    });
  }
});

test('a fault concerns the calls that it names, so many of them and so large a share', async () => {
  const strikes = async (rule: FaultRule, calls: number) => {
    const { id } = await harness.faults.add(rule);
    const struck = [];
    for (let call = 1; call <= calls; call++) if ((await get()).status === 500) struck.push(call);
    await harness.faults.remove(id);
    return struck;
  };
  expect(await strikes({ effect: 'status', times: 2 }, 5)).toEqual([1, 2]);
  expect(await strikes({ effect: 'status', after: 2, times: 1 }, 5)).toEqual([3]);
  expect(await strikes({ effect: 'status', share: 0.25 }, 8)).toEqual([4, 8]);
  expect(await strikes({ effect: 'status', share: 0.1 }, 30)).toEqual([10, 20, 30]);
  expect(await strikes({ effect: 'status', operation: 'getConnectionSection', times: 1 }, 2)).toEqual([1]);
  expect(await strikes({ effect: 'status', operation: 'listApps' }, 2)).toEqual([]);
  expect(await strikes({ effect: 'status', platform: 'workato' }, 2)).toEqual([]);
  expect(await strikes({ effect: 'status', platform: 'make', calls: 'writes' }, 2)).toEqual([]);
  expect(await harness.faults.list()).toEqual([]);
});

test('of several faults the first whose turn it is strikes, and counts are reported', async () => {
  await harness.faults.add({ effect: 'status', status: 503, times: 1 });
  await harness.faults.add({ effect: 'status', status: 502, after: 1 });
  expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([503, 200, 502]);
  expect(await harness.faults.list()).toEqual([
    { id: 2, effect: 'status', status: 502, after: 1, seen: 2, injected: 1 },
  ]);
  expect([await harness.faults.remove(2), await harness.faults.remove(2)]).toEqual([true, false]);
});

test('calls that nobody is let in for are left alone', async () => {
  await harness.faults.add({ effect: 'reset', times: 1 });
  expect((await fetch(`${harness.url}${API}`)).status).toBe(401);
  expect((await harness.faults.list())[0]).toMatchObject({ seen: 0 });
});

test('every operation of every platform can be made to fail, with the vendor’s body', async () => {
  for (const platform of Object.values<Platform>(PLATFORMS)) {
    for (const { id } of operationsOf(platform.contract).values()) {
      await harness.faults.add({ effect: 'status', platform: platform.name, operation: id, status: 418 });
    }
  }
  expect((await get()).status).toBe(418);
  const response = await fetch(`${harness.url}/api/managed_users`, {
    headers: { authorization: `Bearer ${harness.token}` },
  });
  expect([response.status, await response.json()]).toEqual([418, { message: 'Bad request' }]);
});

test('connections over TLS are cut as well', async () => {
  const secure = await createHarness({ tlsPort: 0 });
  const headers = { authorization: `Token ${secure.token}` };
  const outcome = () =>
    new Promise((resolve) => {
      const ca = secure.certificate?.text;
      secureGet(`${secure.tlsUrl}/api/v2/users/me`, { ca, headers }, (response) => {
        response.once('error', () => resolve('cut within'));
        response.resume().once('end', () => resolve(response.statusCode));
      }).once('error', () => resolve('cut'));
    });
  const outcomes = [];
  for (const effect of ['reset', 'lost', 'truncated', 'empty'] as const) {
    await secure.faults.add({ effect, times: 1 });
    outcomes.push(await outcome());
  }
  await secure.close();
  expect(outcomes).toEqual(['cut', 'cut', 'cut within', 200]);
});

test('what cannot be asked for is refused with what was meant', async () => {
  const hint = async (rule: object) => {
    const error = await harness.faults.add(rule as FaultRule).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error.diagnostics[0].code).toBe('harness/fault');
    return error.diagnostics[0].hint;
  };
  expect(await hint({ effect: 'latenci' })).toBe('Did you mean latency?');
  expect(await hint({ effect: 'constructor' })).not.toBe('');
  expect(await hint({})).not.toBe('');
  expect(await hint({ effect: 'reset', platform: 'mak' })).toBe('Did you mean make?');
  expect(await hint({ effect: 'reset', operation: 'listAps' })).toBe('Did you mean listApps?');
  expect(await hint({ effect: 'reset', platform: 'workato', operation: 'listApps' })).not.toBe('');
  expect(await hint({ effect: 'reset', count: 1 })).not.toBe('');
  for (const wrong of [{ times: 0 }, { share: 0 }, { share: 1.5 }, { status: 200 }, { status: '500' }, { after: -1 }]) {
    expect(await hint({ effect: 'status', ...wrong }), JSON.stringify(wrong)).not.toBe('');
  }
  expect(await harness.faults.list()).toEqual([]);
});
