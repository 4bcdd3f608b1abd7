import { generateKeyPairSync, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Harness } from '@connectorkit/harness';
import { type Operation, operationsOf, type Platform } from '@connectorkit/sdk/platforms';
import { API, API_VERSION, APP, APP_VERSION, at, contract, GIVEN } from './akana/tenant.ts';
import { APPLICATIONS, GROUP, INSTANCE, MANUAL, ORGANIZATION, SANDBOX, TIER } from './anypoint/exchange.ts';
import { CONNECTED, JIRA, recipeWith } from './workato/customer.ts';

/** A request that an operation answers with success. */
export interface ValidRequest {
  readonly operation: Operation;
  /** With the path of the platform's server, and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Puts everything in place that the request needs. */
  prepare(harness: Pick<Harness, 'url' | 'token' | 'seed'>): Promise<void>;
}

/** What differs from the plain request of an operation: its path filled from `values`, and no body. */
interface Variation {
  readonly values?: Readonly<Record<string, string | number>>;
  /** Without the question mark. */
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** In addition to the platform's own. */
  readonly given?: object;
  /** Requests that are made before. */
  readonly before?: readonly Parameters<typeof send>[1][];
}

interface Start {
  readonly given: object;
  /** Values of the parameters of paths. */
  readonly values: Readonly<Record<string, string | number>>;
  /** By operation; those that need nothing are left out. */
  readonly variations: Readonly<Record<string, Variation>>;
}

/**
 * One request for each operation of a platform that succeeds, from a state of its own: the vendor's where an exchange
 * documents one, and else ours.
 */
export async function validRequestsOf(platform: Platform): Promise<ValidRequest[]> {
  const start = STARTS[platform.name];
  if (start === undefined) throw new Error(`no valid requests of ${platform.name}`);
  const exchanges = await platform.exchanges();
  return [...operationsOf(platform.contract).values()].map((operation): ValidRequest => {
    const exchange = exchanges.find((each) => each.operation === operation.id && (each.answer.status ?? 200) < 300);
    const variation = start.variations[operation.id];
    if (exchange !== undefined && variation === undefined) {
      const { http, request, given } = exchange;
      return {
        operation,
        path: platform.basePath + http.slice(http.indexOf(' ') + 1),
        headers: { 'content-type': operation.mediaTypes[0] ?? 'application/json', ...request.headers },
        body: request.body,
        prepare: (harness) => harness.seed(platform.name as never, given as never),
      };
    }
    const { values = {}, query, body, headers = {}, given, before = [] } = variation ?? {};
    const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
      encodeURIComponent(String(values[name] ?? start.values[name])),
    );
    return {
      operation,
      path: `${platform.basePath}${path}${query === undefined ? '' : `?${query}`}`,
      headers,
      body,
      prepare: async (harness) => {
        await harness.seed(platform.name as never, start.given as never);
        if (given !== undefined) await harness.seed(platform.name as never, given as never);
        for (const earlier of before) {
          const { status, text } = await send(harness, earlier);
          if (status >= 300) throw new Error(`${earlier.path} before ${operation.id}: ${status} ${text}`);
        }
      },
    };
  });
}

/** Asks a harness as whoever holds its token. */
export async function send(
  { url, token }: Pick<Harness, 'url' | 'token'>,
  request: { method: string; path: string; headers?: Readonly<Record<string, string>>; body?: unknown },
): Promise<{ readonly status: number; readonly text: string }> {
  const { method, path, headers, body } = request;
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: bytes as string }),
  });
  return { status: response.status, text: await response.text() };
}

/** A PNG of 512 by 512 transparent pixels. */
function icon(): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(head));
    return Buffer.concat([length, head, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(512, 0);
  header.writeUInt32BE(512, 4);
  header.set([8, 6], 8);
  const pixels = deflateSync(Buffer.alloc(512 * (1 + 4 * 512)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The query of a link to the page on which a customer connects, as a vendor's server signs it. */
function signedLink(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'the-key:98178', jti: 'one' })}`;
  return `workato_dl_token=${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

const LINKED = {
  link_keys: { 'the-key': { workspace: 1, public_key: publicKey.export({ type: 'spki', format: 'pem' }) } },
};

const ICON = { body: icon(), headers: { 'content-type': 'image/png' } };

const make: Start = {
  given: {
    app: 'shop',
    connections: [{ type: 'basic', label: 'Main', common: { clientSecret: 'old' } }],
    sections: { api: '{}' },
  },
  values: { SDK_appName: 'shop', SDK_appVersion: 1, SDK_connectionName: 'shop', SDK_iconSize: 512, SDK_changeId: 1 },
  variations: {
    setAppIcon: ICON,
    getAppIcon: { before: [{ method: 'PUT', path: '/api/v2/sdk/apps/shop/1/icon', ...ICON }] },
    getChange: {
      given: { app: 'shop', approved: true },
      before: [{ method: 'PUT', path: '/api/v2/sdk/apps/connections/shop/api', body: { url: '/' } }],
    },
  },
};

const ME = at('harness');
const followed = (path: string) => ({ before: [{ method: 'POST', path: `/api/${path}/followers`, body: ME }] });
/** The caller is an admin of the API, who is told of a request. */
const NOTIFIED = {
  given: { apis: [{ ...GIVEN.apis[0], admins: [ME] }] },
  before: [
    {
      method: 'POST',
      path: '/api/contracts',
      body: { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Production' },
    },
  ],
};
const ACTIVATED = { given: { contracts: [contract('c', { state: 'apicontract.status.activated' })] } };

const akana: Start = {
  given: {
    ...GIVEN,
    groups: [{ id: at('group1'), name: 'Partners', members: [at('rita')] }],
    contracts: [contract('c')],
  },
  values: {
    APIID: API,
    APIVersionID: API_VERSION,
    AppID: APP,
    AppVersionID: APP_VERSION,
    ContractID: at('c'),
    ObjectID: at('c'),
    UserID: ME,
    GroupID: at('group1'),
    FollowerID: at('follower1'),
    NotificationID: at('notification1'),
  },
  variations: {
    login: { body: { email: 'tess@acme.example', password: "tess's password" } },
    search: { query: 'q=Pay' },
    getApiAvatar: { values: { AvatarID: '_api' } },
    getAppAvatar: { values: { AvatarID: '_app' } },
    getUserAvatar: { values: { AvatarID: '_harness' } },
    createApp: { body: { Name: 'Another' } },
    createGroup: { body: { Name: 'Readers' } },
    acceptApiLegal: {
      given: {
        apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, legals: [{ id: at('terms'), title: 'Terms' }] }] }],
      },
      body: { DocumentID: at('terms'), AgreementScopeID: APP_VERSION },
    },
    executeAppAction: { body: { ActionName: 'app.action.switch.to.production' } },
    requestContract: {
      body: { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Production' },
    },
    updateContract: { body: { Description: 'changed' } },
    executeWorkflowAction: { body: { ActionName: 'apicontract.action.approve' } },
    changeNotificationState: { ...NOTIFIED, body: 'read' },
    changeNotificationsState: { ...NOTIFIED, body: { State: 'read', NotificationID: [at('notification1')] } },
    followApi: { body: ME },
    followApp: { body: ME },
    followGroup: { body: ME },
    unfollowApi: followed(`apis/${API}`),
    unfollowApp: followed(`apps/${APP}`),
    unfollowGroup: followed(`groups/${at('group1')}`),
    addGroupMember: { body: at('tess') },
    removeGroupMember: { values: { UserID: at('rita') } },
    getAppContracts: ACTIVATED,
  },
};

const connection = { id: 5, name: 'Jira', provider: 'jira', ...CONNECTED };
const CONFIG = { keyword: 'application', name: 'jira', provider: 'jira' };
const tag = { handle: 'tag-1', title: 'One' };
const workato: Start = {
  given: {
    ...LINKED,
    managed_users: [
      {
        id: 98178,
        external_id: 'A2300',
        home: 4515,
        connections: [connection, { ...connection, id: 6 }],
        recipes: [recipeWith(6, 'jira'), { id: 901, running: false, config: [{ ...CONFIG, account_id: null }] }],
        tags: [tag],
      },
    ],
    workspace: { connections: [{ ...connection, id: 7 }], tags: [{ ...tag, handle: 'tag-2' }] },
  },
  values: {
    managed_user_id: 98178,
    connection_id: 5,
    connection_id_or_adapter: 'jira',
    connector_name: 'jira',
    recipe_id: 900,
  },
  variations: {
    createManagedUser: { body: { name: 'New', notification_email: 'new@example.com' } },
    updateManagedUser: { body: { name: 'Renamed' } },
    deleteConnection: {},
    createFolder: { body: { name: 'Folder' } },
    createRecipe: { body: { recipe: { name: 'New', code: '{}' } } },
    startRecipe: { before: [{ method: 'PUT', path: '/api/managed_users/98178/recipes/900/stop' }] },
    connectRecipe: { values: { recipe_id: 901 }, body: { adapter_name: 'jira', connection_id: 5 } },
    createWorkspaceTag: { body: { title: 'Two' } },
    updateWorkspaceTag: { values: { handle: 'tag-2' }, body: { title: 'Renamed' } },
    deleteWorkspaceTag: { values: { handle: 'tag-2' } },
    assignWorkspaceTags: { body: { add_tags: ['tag-2'], connection_ids: [7] } },
    createCustomerTag: { body: { title: 'Two' } },
    updateCustomerTag: { values: { handle: 'tag-1' }, body: { title: 'Renamed' } },
    deleteCustomerTag: { values: { handle: 'tag-1' } },
    assignCustomerTags: { body: { add_tags: ['tag-1'], connection_ids: [5] } },
    createWorkspaceConnection: { body: { name: 'Mine', provider: 'jira' } },
    updateWorkspaceConnection: { values: { connection_id: 7 }, body: { name: 'Renamed' } },
    deleteWorkspaceConnection: { values: { connection_id: 7 } },
    disconnectWorkspaceConnection: { values: { connection_id: 7 } },
    showEmbeddedConnection: { query: signedLink() },
    connectEmbeddedConnection: { query: signedLink(), body: { input: { ...JIRA, apitoken: 'a token' } } },
  },
};

const legacy = { apiId: INSTANCE.apiId, apiVersionId: INSTANCE.id, contractId: 1 };
const CONTRACT = { id: 1, applicationId: 1, instanceId: INSTANCE.id, status: 'PENDING', tierId: null } as const;
const standing = (status: string, more: object = {}) => ({ given: { contracts: [{ ...CONTRACT, status, ...more }] } });
const GROUP_CONTRACT = {
  given: { contracts: [{ ...CONTRACT, kind: 'api-group', instanceId: 24608, tierId: 7 }] },
};
const LIMIT = { timePeriodInMilliseconds: 60_000, maximumRequests: 2 };
const TIER_CHANGE = {
  method: 'PATCH',
  path: `${APPLICATIONS}/1/contracts/1`,
  body: { requestedTierId: MANUAL.id },
};
const tierBody = { name: 'gold', autoApprove: true, status: 'ACTIVE' };
const groupTierBody = { ...tierBody, defaultLimits: [LIMIT], limitsByApi: [] };
const anypoint: Start = {
  given: {
    ...GROUP,
    assets: [{ assetId: 'connected-raml' }, ...GROUP.assets],
    instances: [INSTANCE, ...GROUP.instances],
    users: [{ username: 'requester', password: 'requester' }],
    connected_apps: [{ id: 'ci', secret: 'the secret of ci' }],
    tiers: [
      TIER,
      MANUAL,
      { ...TIER, id: 171459, name: 'unused' },
      { id: 7, kind: 'api-group', instanceId: 24608, name: 'group', limits: [LIMIT] },
      { id: 8, kind: 'api-group', instanceId: 24608, name: 'unused', limits: [LIMIT] },
    ],
    applications: [{ id: 1, name: 'Shop' }],
    contracts: [CONTRACT],
  },
  values: {
    organizationId: ORGANIZATION,
    environmentId: SANDBOX,
    groupId: ORGANIZATION,
    assetId: 'connected-raml',
    versionGroup: 'v1',
    applicationId: 1,
    instanceId: INSTANCE.id,
    apiGroupInstanceId: 24608,
    userId: '00000000-0000-4000-8000-000000000001',
    ...legacy,
  },
  variations: {
    login: { body: { username: 'requester', password: 'requester' } },
    loginAtAPI: { body: { username: 'requester', password: 'requester' } },
    createToken: {
      body: { grant_type: 'client_credentials', client_id: 'ci', client_secret: 'the secret of ci' },
    },
    updateApplication: { body: { description: 'changed' } },
    createManagedTier: { body: { ...tierBody, limits: [LIMIT] } },
    updateManagedTier: { values: { tierId: 171459 }, body: { ...tierBody, limits: [LIMIT] } },
    deleteManagedTier: { values: { tierId: 171459 } },
    createGroupTier: { body: groupTierBody },
    updateGroupTier: { values: { tierId: 8 }, body: groupTierBody },
    deleteGroupTier: { values: { tierId: 8 } },
    changeContractTier: { ...standing('APPROVED', { tierId: TIER.id }), body: { requestedTierId: MANUAL.id } },
    createManagedContract: {
      given: { applications: [{ id: 2, name: 'Other' }] },
      body: { applicationId: 2, requestedTierId: TIER.id, acceptedTerms: true },
    },
    updateManagedContract: { body: { status: 'APPROVED' } },
    deleteManagedContract: standing('REVOKED'),
    listGroupLimits: { ...GROUP_CONTRACT, query: 'tierId=7' },
    createGroupContract: { body: { applicationId: 1, requestedTierId: 7, acceptedTerms: true } },
    getGroupContract: GROUP_CONTRACT,
    updateGroupContract: { ...GROUP_CONTRACT, body: { status: 'APPROVED' } },
    deleteGroupContract: {
      given: { contracts: [{ ...CONTRACT, kind: 'api-group', instanceId: 24608, tierId: 7, status: 'REVOKED' }] },
    },
    approveContract: { body: {} },
    rejectContract: { body: {} },
    revokeContract: { ...standing('APPROVED'), body: {} },
    restoreContract: { ...standing('REVOKED'), body: {} },
    approveTierChangeOfContract: {
      ...standing('APPROVED', { tierId: TIER.id }),
      before: [TIER_CHANGE],
      body: {},
    },
    rejectTierChangeOfContract: {
      ...standing('APPROVED', { tierId: TIER.id }),
      before: [TIER_CHANGE],
      body: {},
    },
  },
};

const STARTS: Readonly<Record<string, Start>> = { make, akana, workato, anypoint };
