import { describe, expect, test } from 'vitest';
import { type Asked, answer, client, start } from './author.ts';

const SHOP = { app: 'shop', connections: [{ type: 'other', label: 'x' }] };

const CASES: readonly [what: string, path: string, asked: Asked, status: number, body: object][] = [
  [
    'a connection that is not there',
    '/sdk/apps/connections/x',
    {},
    404,
    { detail: "Connection not found 'x'.", message: 'Not found', code: 'IM005' },
  ],
  ['an app that is not there', '/sdk/apps/x/connections', {}, 404, { detail: "App not found 'x'." }],
  ['a version that is not there', '/sdk/apps/shop/9', {}, 404, { detail: "App not found 'shop' version '9'." }],
  ['a path that is not there', '/sdk/nothing', {}, 404, { message: 'Not found' }],
  ['a method that is not there', '/sdk/apps', { method: 'PUT', body: {} }, 404, { message: 'Not found' }],
  ['broken percent-encoding', '/sdk/apps/connections/%E0%A4%A', {}, 404, { message: 'Not found' }],
  ['no body', '/sdk/apps/shop/connections', { method: 'POST' }, 400, { detail: 'The request has no body.' }],
  [
    'a property that is missing',
    '/sdk/apps',
    { method: 'POST', body: { name: 'x-1' } },
    400,
    { detail: "should have required property 'label'" },
  ],
  [
    'a name that is none',
    '/sdk/apps',
    { method: 'POST', body: { name: 'Bad Name', label: 'x' } },
    400,
    { detail: "Value doesn't match pattern in parameter 'name'." },
  ],
  [
    'JSON that is none',
    '/sdk/apps/shop/connections',
    { method: 'POST', body: '{"type":' },
    400,
    { message: 'Bad Request', code: 'SC400' },
  ],
  [
    'a form',
    '/sdk/apps/shop/connections',
    { method: 'POST', body: 'type=apikey', type: 'application/x-www-form-urlencoded' },
    415,
    { detail: 'The body must be application/json, not application/x-www-form-urlencoded.' },
  ],
  [
    'a body beyond about 2.5 MB',
    '/sdk/apps/connections/shop/api',
    { method: 'PUT', body: `"${'x'.repeat(2_600_000)}"`, type: 'application/jsonc' },
    400,
    { detail: 'request entity too large' },
  ],
];

describe('2 error bodies have a message and a detail', () => {
  test.each(CASES)('%s', async (_what, path, asked, status, body) => {
    await start(SHOP);
    const [given, refusal] = await answer(path, asked);
    expect([given, refusal]).toEqual([status, expect.objectContaining(body)]);
    expect(refusal).toMatchObject({ detail: expect.anything(), message: expect.any(String), code: expect.any(String) });
  });
});

test('2 suberrors: of many faults each is named, and the official client tells them', async () => {
  await start(SHOP);
  const [, refusal] = await answer('/sdk/apps', { method: 'POST', body: { name: 'Bad Name' } });
  expect(refusal.detail).toHaveLength(2);
  expect(refusal.suberrors.map(({ message }: { message: string }) => message)).toEqual(refusal.detail);
  const created = client().sdk.apps.create({ name: 'Bad Name' } as never);
  await expect(created).rejects.toThrow("\n - Value doesn't match pattern in parameter 'name'.");
});

test('2 already exists: a name that was chosen and is taken', async () => {
  await start({ app: 'shop', settings: { allow_apps: true } });
  const [status, refusal] = await answer('/sdk/apps', { method: 'POST', body: { name: 'shop', label: 'x' } });
  expect([status, refusal.detail]).toEqual([400, "App 'shop' already exists."]);
});
