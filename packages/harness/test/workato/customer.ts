import { createHarness, type Harness, type HarnessOptions } from '@connectorkit/harness';
import { afterEach, expect } from 'vitest';

let harness: Harness | undefined;
const faults: unknown[] = [];

afterEach(async () => {
  await harness?.close();
  harness = undefined;
  expect(faults.splice(0)).toEqual([]);
});

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
  readonly body: any;
}

export interface Workato {
  readonly harness: Harness;
  /** Moves the clock. */
  at(moment: string): void;
  seed(given: object): Promise<void>;
  ask(method: string, path: string, body?: unknown, init?: { token?: string; headers?: object }): Promise<Answered>;
  /** The connections of a customer as they are listed, runtime ones and tags included. */
  connections(user?: string): Promise<Answered['body'][]>;
}

export const START = '2026-05-01T10:00:00.000Z';

/** A harness with one customer, 98178 with the external id A2300, whose home folder is 4515. */
export async function start(options: HarnessOptions = {}, given: object = {}): Promise<Workato> {
  let now = new Date(START);
  const onFault = (fault: unknown) => faults.push(fault);
  const made = await createHarness({ checkAnswers: true, clock: { now: () => now }, onFault, ...options });
  harness = made;
  const ask: Workato['ask'] = async (method, path, body, { token = made.token, headers = {} } = {}) => {
    const response = await fetch(`${made.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  const workato: Workato = {
    harness: made,
    at: (moment) => {
      now = new Date(moment);
    },
    seed: (more) => made.seed('workato', more),
    ask,
    connections: async (user = '98178') => {
      const path = `/api/managed_users/${user}/connections?includes[]=tags&include_runtime_connections=true`;
      return (await ask('GET', path)).body.result;
    },
  };
  await workato.seed({ managed_users: [{ id: 98178, external_id: 'A2300', home: 4515, ...given }] });
  return workato;
}

export const CONNECTED = { authorization_status: 'success', authorized_at: '2026-04-01T00:00:00.000Z' };
export const JIRA = { host_name: 'acme.atlassian.net', api_token_auth: 'true', email: 'me@acme.example' };
export const BASE = '/api/managed_users/98178/connections';
export const NOT_FOUND = { message: 'Not found' };
export const BAD_REQUEST = { message: 'Bad request' };

/** An active recipe that uses a connection. */
export function recipeWith(account_id: number, provider: string, more: object = {}) {
  return {
    id: 900,
    running: true,
    config: [{ keyword: 'application', name: provider, provider, account_id }],
    ...more,
  };
}
