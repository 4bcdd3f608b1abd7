import { createHarness, type Harness } from '@connectorkit/harness';
import {
  contractClient,
  type Exchange,
  type OperationTypes,
  PLATFORMS,
  type Platform,
  type Send,
} from '@connectorkit/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness({ checkAnswers: true });
});
afterEach(() => harness.close());

const platforms: readonly Platform[] = Object.values(PLATFORMS);
const played = await Promise.all(
  platforms.map(async (platform) => ({ platform, exchanges: await platform.exchanges() })),
);

for (const { platform, exchanges } of played) {
  describe(`${platform.title}, as documented`, () => {
    for (const exchange of exchanges) {
      const variants: readonly [string, Exchange][] = [
        ['as documented', exchange],
        ['with every value changed', { ...exchange, ...exchange.changed }],
      ];
      for (const [how, variant] of variants) {
        test(`the emulator: ${exchange.operation} ${how}`, () => playAgainstEmulator(platform, variant));
        test(`the client: ${exchange.operation} ${how}`, () => playAgainstClient(platform, variant));
      }
      test(`${exchange.operation}: no value of the request stays as it was`, () => {
        const before = leaves(exchange.request);
        const kept = leaves(exchange.changed.request).filter((value) => before.includes(value));
        expect(kept).toEqual([]);
      });
      test(`${exchange.operation}: every deviation is one`, () => {
        for (const { path, page, ours, why } of exchange.deviations ?? []) {
          expect(why).not.toBe('');
          expect(page).not.toEqual(ours);
          expect(at(exchange.answer, path)).toEqual(ours);
        }
      });
    }
  });
}

async function playAgainstEmulator(platform: Platform, exchange: Exchange): Promise<void> {
  const base = `${harness.url}${platform.basePath}`;
  const app = await prepare(base, exchange);
  const [method = '', path = ''] = exchange.http.split(' ');
  const { body } = exchange.request;
  const mediaType = typeof body === 'string' ? 'application/jsonc' : 'application/json';
  const response = await fetch(`${base}${rename(path, exchange.given.app, app)}`, {
    method,
    headers: { authorization: `Token ${harness.token}`, 'content-type': mediaType },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const given = response.headers.get('content-type')?.split(';')[0];
  expect({
    status: response.status,
    mediaType: given,
    body: given === 'application/json' ? JSON.parse(text) : text,
  }).toEqual(rename(exchange.answer, exchange.given.app, app));
}

/** Builds what the exchange takes for given, and tells how the emulator named the app. */
async function prepare(base: string, { given }: Exchange): Promise<string> {
  const call = async (method: string, path: string, body: unknown): Promise<Record<string, Record<string, string>>> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Token ${harness.token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, Record<string, string>>;
  };
  const { app } = await call('POST', '/sdk/apps', { name: given.app, label: 'Given' });
  let name = '';
  for (const { common, ...connection } of given.connections ?? []) {
    const { appConnection } = await call('POST', `/sdk/apps/${app?.name}/connections`, connection);
    name = appConnection?.name ?? '';
    if (common !== undefined) await call('PUT', `/sdk/apps/connections/${name}/common`, common);
  }
  for (const [section, text] of Object.entries(given.sections ?? {})) {
    await call('PUT', `/sdk/apps/connections/${name}/${section}`, text);
  }
  return app?.name ?? '';
}

async function playAgainstClient(platform: Platform, { operation, http, request, answer }: Exchange): Promise<void> {
  const sent: Parameters<Send>[0][] = [];
  const send: Send = async (built) => {
    sent.push(built);
    const body = answer.mediaType === 'application/json' ? JSON.stringify(answer.body) : String(answer.body);
    return { status: answer.status, headers: { 'content-type': answer.mediaType }, body };
  };
  const conventions = { contract: platform.contract, credentials: () => ({}), readError: () => undefined };
  const call = contractClient<Record<string, OperationTypes>>(conventions, {
    url: 'https://host/base',
    token: '',
    send,
  });
  expect(await call(operation, request)).toEqual(answer.body);
  const [method, path] = http.split(' ');
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ method, url: `https://host/base${path}` });
  const body = sent[0]?.body;
  if (typeof request.body === 'string') expect(body).toBe(request.body);
  else expect(body === undefined ? undefined : JSON.parse(body)).toEqual(request.body);
}

/** The emulator may have named the app otherwise; names that follow from the app's follow it. */
function rename<Value>(value: Value, from: string, to: string): Value {
  const follows = new RegExp(`(^|/)${from}(?=\\d*(/|$))`);
  if (typeof value === 'string') return value.replace(follows, `$1${to}`) as Value;
  if (Array.isArray(value)) return value.map((each) => rename(each, from, to)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rename(each, from, to)])) as Value;
}

function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((each, key) => (each as Record<string, unknown>)[key], value);
}
