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
  readonly type: string | null;
  readonly headers: Headers;
  /** JSON as a value, anything else as text. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
  readonly body: any;
}

interface Init {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Tenant {
  readonly harness: Harness;
  /** Moves the clock by minutes. */
  wait(minutes: number): void;
  seed(given: object): Promise<void>;
  /** Asks as a user that is logged in with cookies, as Akana's own pages do; `nobody` has none. */
  ask(user: User | 'nobody', method: string, path: string, init?: Init): Promise<Answered>;
  /** The cookies and the header of a user's session. */
  session(user: User): Promise<Record<string, string>>;
  /** Requests access; the id of the contract. */
  request(environment?: string, user?: User): Promise<string>;
  act(user: User, contract: string, action: string, comments?: string): Promise<Answered>;
  /** The items of the feed of connected apps. */
  connected(user?: User, query?: string): Promise<Answered['body'][]>;
  state(contract: string): Promise<string>;
}

/** An admin of the API, an admin of the business, one of the app's team, and somebody who only reads. */
export type User = 'adam' | 'bea' | 'tess' | 'rita';

export const FED = 'acmepaymentscorp';
export const at = (local: string) => `${local}.${FED}`;
export const API = at('api1');
export const API_VERSION = at('apiversion1');
export const APP = at('app1');
export const APP_VERSION = at('appversion1');
export const FEED = `/api/apis/versions/${API_VERSION}/connectedapps`;
const START = Date.UTC(2026, 4, 1, 10);

const user = (id: User, name: string, roles: readonly string[] = []) => ({
  id: at(id),
  name,
  email: `${id}@acme.example`,
  password: `${id}'s password`,
  roles,
});

export const GIVEN = {
  users: [
    user('adam', 'Adam Admin'),
    user('bea', 'Bea Boss', ['BusinessAdmin']),
    user('tess', 'Tess Team'),
    user('rita', 'Rita Reader'),
  ],
  apis: [
    { id: API, name: 'Payments', admins: [at('adam')], avatar: '_api', versions: [{ id: API_VERSION, name: 'v1' }] },
  ],
  apps: [
    {
      id: APP,
      name: 'Shop',
      team: [at('tess')],
      avatar: '_app',
      versions: [{ id: APP_VERSION, secret: 'the shared secret' }],
    },
  ],
};

/** A contract as seeds have it. */
export function contract(id: string, more: object = {}) {
  return { id: at(id), api_version: API_VERSION, app_version: APP_VERSION, ...more };
}

export async function start(options: HarnessOptions = {}, given: object = GIVEN): Promise<Tenant> {
  let now = START;
  const onFault = (fault: unknown) => faults.push(fault);
  const made = await createHarness({ checkAnswers: true, clock: { now: () => new Date(now) }, onFault, ...options });
  harness = made;
  await made.seed('akana', given);
  const sessions = new Map<User, Record<string, string>>();

  const send = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: unknown,
  ): Promise<Answered> => {
    const response = await fetch(`${made.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    const json = /[/+]json$/.test(type?.split(';')[0] ?? '');
    return { status: response.status, type, headers: response.headers, body: json ? JSON.parse(text) : text };
  };

  const session = async (who: User) => {
    const known = sessions.get(who);
    if (known !== undefined) return known;
    const body = { email: `${who}@acme.example`, password: `${who}'s password` };
    const { status, headers } = await send('POST', '/api/login', {}, body);
    expect(status).toBe(200);
    const cookies = headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
    const csrf = cookies.find((each) => each.startsWith('Csrf-Token_'));
    const [name, ...value] = (csrf ?? '').split('=');
    const made: Record<string, string> = { cookie: cookies.join('; ') };
    if (csrf !== undefined) made[`X-${name}`] = value.join('=');
    sessions.set(who, made);
    return made;
  };

  const ask: Tenant['ask'] = async (who, method, path, { body, headers = {} } = {}) =>
    send(method, path, { ...(who === 'nobody' ? {} : await session(who)), ...headers }, body);

  return {
    harness: made,
    wait: (minutes) => {
      now += minutes * 60_000;
    },
    seed: (more) => made.seed('akana', more),
    ask,
    session,
    request: async (Environment = 'Sandbox', who = 'tess') => {
      const body = { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment };
      const made = await ask(who, 'POST', '/api/contracts', { body });
      expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 });
      return made.body.ContractID;
    },
    act: (who, id, action, Comments = '') =>
      ask(who, 'POST', `/api/contracts/${id}/actions`, {
        body: { ActionName: `apicontract.action.${action}`, Comments },
      }),
    connected: async (who = 'adam', query = '') => {
      const { status, body } = await ask(who, 'GET', `${FEED}${query}`);
      expect(status).toBe(200);
      return body.channel.item;
    },
    state: async (id) => (await ask('bea', 'GET', `/api/contracts/${id}`)).body.State,
  };
}

/** The value of a category of an item. */
export function category(item: Answered['body'], domain: string): string | undefined {
  return item.category.find((each: { domain: string }) => each.domain === `uddi:soa.com:${domain}`)?.value;
}

/** What an item speaks of, by its type. */
export function entity(item: Answered['body'], type: string): { Guid: string; Title?: string } | undefined {
  return item.EntityReferences?.EntityReference.find(
    (each: Answered['body']) => category({ category: each.Category }, 'resourcetype') === type,
  );
}

export function actionsOf(item: Answered['body']): string[] {
  return item.Actions.map(({ value }: { value: string }) => value.replace('apicontract.action.', ''));
}
