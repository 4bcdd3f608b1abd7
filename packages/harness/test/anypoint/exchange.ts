import { createHarness, type Harness, type HarnessOptions } from '@connectorkit/harness';
import { afterEach, expect } from 'vitest';

let harness: Harness | undefined;
const faults: unknown[] = [];

afterEach(async () => {
  await harness?.close();
  harness = undefined;
  expect(faults.splice(0)).toEqual([]);
});

interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
  readonly body: any;
}

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  init?: { token?: string; headers?: object },
) => Promise<Answered>;

export interface Anypoint {
  readonly harness: Harness;
  /** Moves the clock. */
  at(moment: string): void;
  seed(given: object): Promise<void>;
  /** As the harness’s own user, who may do everything, unless a token is given. */
  readonly ask: Ask;
  /** A token for a user. */
  login(username: string, password?: string): Promise<string>;
}

export const START = '2026-05-01T10:00:00.000Z';
export const ORGANIZATION = '5a673b98-92f4-459d-b950-daeed7a8165d';
export const SANDBOX = 'fa07c403-3655-4e6b-8ea1-4888cc2775c1';
export const OTHER = '11111111-2222-4333-8444-555555555555';

/** A harness as `open` makes it, which is closed after the test. */
export async function start(given: object = {}, options: HarnessOptions = {}): Promise<Anypoint> {
  const anypoint = await open(given, options);
  harness = anypoint.harness;
  return anypoint;
}

/** A harness with the page's API `connected-raml`, whose instance is 956703, and some users; their password is their name. */
export async function open(given: object = {}, options: HarnessOptions = {}): Promise<Anypoint> {
  let now = new Date(START);
  const onFault = (fault: unknown) => faults.push(fault);
  const platforms = ['anypoint'];
  const made = await createHarness({ checkAnswers: true, platforms, clock: { now: () => now }, onFault, ...options });
  const ask: Ask = async (method, path, body, { token = made.token, headers = {} } = {}) => {
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
    return { status: response.status, body: json ? JSON.parse(text) : text };
  };
  const anypoint: Anypoint = {
    harness: made,
    at: (moment) => {
      now = new Date(moment);
    },
    seed: (more) => made.seed('anypoint', more),
    ask,
    login: async (username, password = username) =>
      (await ask('POST', '/accounts/login', { username, password })).body.access_token,
  };
  await anypoint.seed({
    assets: [{ assetId: 'connected-raml' }],
    instances: [INSTANCE],
    users: [
      { username: 'requester', password: 'requester' },
      { username: 'colleague', password: 'colleague' },
      { username: 'viewer', password: 'viewer', roles: ['Exchange Viewer'] },
      { username: 'owner', password: 'owner', roles: ['Exchange Viewer', 'API Manager Environment Administrator'] },
      { username: 'approver', password: 'approver', roles: ['Exchange Viewer', 'Manage Contracts'] },
      { username: 'auditor', password: 'auditor', roles: ['Exchange Viewer', 'View Contracts'] },
      { username: 'grouper', password: 'grouper', roles: ['Exchange Viewer', 'API Group Administrator'] },
    ],
  });
  await anypoint.seed(given);
  return anypoint;
}

export const INSTANCE = { id: 956703, assetId: 'connected-raml', apiId: 342424 };
export const GROUP = {
  assets: [{ assetId: 'great-group', type: 'api-group' }],
  instances: [{ id: 891105, assetId: 'connected-raml', apiId: 342424 }],
  group_instances: [{ id: 24608, assetId: 'great-group', members: [891105, 956703], apiGroupVersionId: 22686 }],
};
export const TIER = {
  id: 171457,
  instanceId: 956703,
  name: 'new SLA',
  autoApprove: true,
  limits: [{ timePeriodInMilliseconds: 10000, maximumRequests: 1000 }],
};
export const MANUAL = { ...TIER, id: 171458, name: 'manual SLA', autoApprove: false };

export const ASSETS = '/exchange/api/v2/assets';
export const AT = `${ASSETS}/${ORGANIZATION}/connected-raml/versionGroups/v1`;
export const GROUP_AT = `${ASSETS}/${ORGANIZATION}/great-group/versionGroups/v1`;
export const APPLICATIONS = `/exchange/api/v2/organizations/${ORGANIZATION}/applications`;
export const MANAGER = `/apimanager/api/v1/organizations/${ORGANIZATION}/environments/${SANDBOX}`;
export const MANAGED = `${MANAGER}/apis/956703`;
export const LEGACY = `/apiplatform/repository/v2/organizations/${ORGANIZATION}/apis/342424/versions/956703/contracts`;

/** The body of the page’s step 4 without a tier. */
export const ACCESS = {
  apiId: 956703,
  instanceType: 'api',
  acceptedTerms: true,
  organizationId: ORGANIZATION,
  groupId: ORGANIZATION,
  assetId: 'connected-raml',
  version: '1.0.0',
  versionGroup: 'v1',
};
const { apiId: _, ...withoutInstance } = ACCESS;
export const GROUP_ACCESS = {
  ...withoutInstance,
  assetId: 'great-group',
  apiGroupInstanceId: 24608,
  instanceType: 'api-group',
};

export const UNAUTHORIZED = (status: number) => ({ status, message: 'Unauthorized', details: {} });

/** An Exchange refusal in its shape. */
export function refusal(status: number, words: string | RegExp = /./) {
  const message = typeof words === 'string' ? words : expect.stringMatching(words);
  return { status, body: { status, message, details: {} } };
}
