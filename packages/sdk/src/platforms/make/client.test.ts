import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../diagnostics.ts';
import type { HttpRequest, HttpResponse } from '../platform.ts';
import { makeRegistry } from './client.ts';

const TOKEN = '3f8b1c9e-5a2d-4e7f-9b0a-1c2d3e4f5a6b';

function registry(answer: Partial<HttpResponse>, token = TOKEN) {
  const sent: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    sent.push(request);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}', ...answer };
  };
  return { registry: makeRegistry({ url: 'https://eu1.make.com/api/v2', token, send }), sent };
}

async function refusalOf(answer: Partial<HttpResponse>): Promise<ConnectorError> {
  const error = await registry(answer)
    .registry.get('shop')
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
}

describe('requests', () => {
  test('API tokens go with Token, OAuth access tokens with Bearer', async () => {
    const { registry: withKey, sent } = registry({ body: '{"apps":[]}' });
    await withKey.apps();
    expect(sent[0]).toMatchObject({
      method: 'GET',
      url: 'https://eu1.make.com/api/v2/sdk/apps?all=true&cols%5B%5D=name&cols%5B%5D=label&cols%5B%5D=version&cols%5B%5D=public&cols%5B%5D=approved',
      headers: { authorization: `Token ${TOKEN}` },
    });
    const { registry: withAccess, sent: also } = registry({ body: '{"apps":[]}' }, 'an-access-token');
    await withAccess.apps();
    expect(also[0]?.headers.authorization).toBe('Bearer an-access-token');
  });

  test('an app is deleted by its version, and its checksum names what it holds beside connections', async () => {
    const { registry: shop, sent } = registry({ body: '{"app":"shop"}' });
    await shop.deleteApp({ name: 'shop', version: 2 });
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: 'https://eu1.make.com/api/v2/sdk/apps/shop/2' });
    const some = (name: string) => [{ name, checksum: {} }];
    const none = { rpcs: [], functions: [], endpoints: [] };
    const body = { ...none, accounts: some('shop'), app: some('shop'), modules: some('getOrder'), hooks: some('shop') };
    const sums = await registry({ body: JSON.stringify(body) }).registry.checksums?.({ name: 'shop', version: 1 });
    expect(sums?.others.toSorted()).toEqual(['hook shop', 'module getOrder']);
  });

  test('names are encoded, and section texts are sent as they are', async () => {
    const text = '{\r\n  // kept\n}';
    const { registry: make, sent } = registry({ body: '{"change":{}}' });
    await make.setSection('../other?x=1#y', 'api', text);
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      url: 'https://eu1.make.com/api/v2/sdk/apps/connections/..%2Fother%3Fx%3D1%23y/api',
      headers: { 'content-type': 'application/jsonc' },
      body: text,
    });
  });

  test('a section is its text, even when it looks like JSON', async () => {
    const { registry: make } = registry({ headers: { 'content-type': 'application/jsonc' }, body: '{"a": 1}' });
    expect(await make.section('shop', 'api')).toBe('{"a": 1}');
  });
});

describe('refusals keep the vendor’s words', () => {
  const json = (status: number, body: object) => ({ status, body: JSON.stringify(body) });
  const cases = [
    [
      json(401, { code: 'IM015', message: 'User is not logged in.' }),
      'auth',
      'origin/unauthenticated',
      'not logged in',
    ],
    [
      json(403, { detail: 'Access denied.', message: 'Permission denied' }),
      'auth',
      'origin/forbidden',
      'Access denied.',
    ],
    [
      json(404, { detail: 'Connection not found.', message: 'x' }),
      'refused',
      'origin/not-found',
      'Connection not found.',
    ],
    [json(400, { detail: ['one', 'two'], message: 'x' }), 'refused', 'origin/refused', 'one; two'],
    [json(400, { message: 'x', suberrors: [{ message: 'because' }] }), 'refused', 'origin/refused', 'x; because'],
    [{ status: 429, body: 'Requests limit exceeded.' }, 'refused', 'origin/refused', 'Requests limit exceeded.'],
    [{ status: 502, body: '' }, 'refused', 'origin/refused', 'no reason was given'],
  ] as const;
  test.each(cases)('%o', async (answer, kind, code, words) => {
    const error = await refusalOf(answer);
    expect(error.kind).toBe(kind);
    expect(error.diagnostics).toMatchObject([{ code, message: expect.stringContaining(words) }]);
    expect(error.diagnostics[0]?.message).toContain('GET /api/v2/sdk/apps/connections/shop was refused with');
    expect(error.message).not.toContain(TOKEN);
  });

  test('an answer that is no JSON is refused as such', async () => {
    const error = await refusalOf({ body: '<html>' });
    expect(error.diagnostics).toMatchObject([
      { code: 'origin/unexpected-answer', message: expect.stringContaining('not JSON') },
    ]);
  });
});
