import { createHarness, type Harness, type HarnessOptions } from '@connectorkit/harness';
import { Make } from '@makehq/sdk';
import { afterEach } from 'vitest';

/** An author of Make apps: a harness, and the ways to speak to it. */

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of an answer
export type Json = any;

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

/** A harness that ends with the test, and the readings and things that it begins with. */
export async function start(seed?: object, options: HarnessOptions = {}): Promise<Harness> {
  harness = await createHarness({ checkAnswers: true, ...options });
  if (seed !== undefined) await harness.seed('make', seed);
  return harness;
}

/** The official client, pointed at the harness. */
export function client(token = running().token): Make {
  const make = new Make(token, new URL(running().url).host);
  make.protocol = 'http';
  return make;
}

export interface Asked {
  readonly method?: string;
  /** Sent as it is when it is a string, as JSON when it is anything else. */
  readonly body?: unknown;
  /** application/json unless said. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks below `/api/v2`, or at another path of the host when it begins with two slashes. */
export function ask(path: string, { method = 'GET', body, type, headers }: Asked = {}): Promise<Response> {
  const { url, token } = running();
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(path.startsWith('//') ? `${url}${path.slice(1)}` : `${url}/api/v2${path}`, {
    method,
    headers: {
      authorization: `Token ${token}`,
      ...(text === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
}

/** Status and JSON of an answer. */
export async function answer(path: string, asked: Asked = {}): Promise<[status: number, body: Json]> {
  const response = await ask(path, asked);
  return [response.status, await response.json()];
}

/** The JSON of an answer that is a success. */
export async function reported(path: string, asked: Asked = {}): Promise<Json> {
  const [status, body] = await answer(path, asked);
  if (status !== 200)
    throw new Error(`${asked.method ?? 'GET'} ${path} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

function running(): Harness {
  if (harness === undefined) throw new Error('no harness was started');
  return harness;
}
