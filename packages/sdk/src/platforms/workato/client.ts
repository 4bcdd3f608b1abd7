import type { Operations } from '#generated/workato.js';
import { lookUp } from '../../json.ts';
import type { Read } from '../answer-fields.ts';
import { type Conventions, contractClient, type Reads } from '../client.ts';
import type {
  Account,
  Endpoint,
  HttpResponse,
  Instance,
  InstanceChange,
  InstanceFilter,
  Instances,
} from '../platform.ts';
import { contract } from './contract/index.ts';

export type { Operations };

/** Properties of every connection; nothing is concluded from absent ones. */
const CONNECTION = {
  id: true,
  name: true,
  'provider?': true,
  'authorization_status?': true,
  'authorized_at?': true,
  'authorization_error?': true,
  'external_id?': true,
  folder_id: true,
  'parent_id?': true,
  'connection_lost_at?': true,
  'connection_lost_reason?': true,
} as const;

export const READS = {
  listConnections: { result: [{ ...CONNECTION, 'identity?': true, 'tags?': [true] }] },
  createConnection: CONNECTION,
  updateConnection: CONNECTION,
  getWorkspace: { name: true, 'email?': true },
} as const satisfies Reads<Operations>;

type Flat = Read<Operations['createConnection']['answer'], typeof CONNECTION>;
type Listed = Read<Operations['listConnections']['answer'], typeof READS.listConnections>['result'][number];

const conventions: Conventions<typeof READS> = {
  contract,
  reads: READS,
  credentials: (token) => ({ authorization: `Bearer ${token}` }),
  readError,
  refused,
  hints: {
    403: 'Ask Workato for the privilege oem_vendor, or use a token of a workspace that has it.',
    404: 'Check the id of the connection and the customer’s: an external id has an E before it.',
    429: 'Try again in a minute.',
  },
};

/** The connections of Workato's Embedded customers. A customer is its id, or `E` and its external id. */
export function workatoInstances(endpoint: Endpoint): Instances {
  const call = open(endpoint);
  const at = (user: string, id: string) => ({ managed_user_id: user, connection_id: id });
  return {
    list: async (user, filter = {}) => {
      const { result } = await call('listConnections', { path: { managed_user_id: user }, query: queryOf(filter) });
      return result.map(instanceOf);
    },
    create: async (user, instance) =>
      instanceOf(await call('createConnection', { path: { managed_user_id: user }, body: payloadOf(instance) })),
    update: async (user, id, change) =>
      instanceOf(await call('updateConnection', { path: at(user, id), body: payloadOf(change) })),
    disconnect: async (user, id, { force = false } = {}) => {
      await call('disconnectConnection', { path: at(user, id), query: force ? { force: 'true' } : {} });
    },
    delete: async (user, id) => {
      await call('deleteConnection', { path: at(user, id) });
    },
  };
}

/** The workspace that a token belongs to. */
export async function workatoAccount(endpoint: Endpoint): Promise<Account> {
  const { name, email } = await open(endpoint)('getWorkspace');
  return { name, ...(email ? { email } : {}) };
}

/** Workato's own list of addresses ends them with /api, with which the paths begin. */
function open(endpoint: Endpoint) {
  const url = endpoint.url.replace(/\/api\/?$/, '');
  return contractClient<Operations, typeof READS>(conventions, { ...endpoint, url });
}

function queryOf(filter: InstanceFilter): Operations['listConnections']['query'] {
  const { provider, externalId, folder, parent, runtime = false, tags = false } = filter;
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(folder === undefined ? {} : { folder_id: folder }),
    ...(parent === undefined ? {} : { parent_id: parent }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(runtime ? { include_runtime_connections: 'true' } : {}),
    ...(tags ? { 'includes[]': ['tags'] } : {}),
  };
}

function payloadOf({
  externalId,
  folder,
  parent,
  input,
  ...same
}: InstanceChange<object>): Operations['createConnection']['body'] {
  return {
    ...same,
    ...(input === undefined ? {} : { input: { ...input } }),
    ...(folder === undefined ? {} : { folder_id: numeric(folder) }),
    ...(parent === undefined ? {} : { parent_id: numeric(parent) }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
  };
}

/** Ids go as numbers, as in the samples; what is none goes as it is, so that Workato says so. */
function numeric(id: string): number | string {
  return /^\d{1,15}$/.test(id) ? Number(id) : id;
}

const STATES: Readonly<Record<string, Instance['state']>> = {
  success: 'connected',
  failed: 'failed',
  exception: 'failed',
};

function instanceOf(connection: Flat | Listed): Instance {
  const { identity, tags } = connection as Partial<Listed>;
  const { connection_lost_at: at, parent_id: parent } = connection;
  return {
    id: String(connection.id),
    name: connection.name,
    provider: connection.provider ?? null,
    state: lookUp(STATES, connection.authorization_status ?? '') ?? 'disconnected',
    authorizedAt: connection.authorized_at ?? null,
    error: connection.authorization_error ?? null,
    lost: typeof at === 'string' ? { at, reason: connection.connection_lost_reason ?? null } : null,
    ...(identity === undefined ? {} : { identity }),
    externalId: connection.external_id ?? null,
    folder: String(connection.folder_id),
    parent: typeof parent === 'number' ? String(parent) : null,
    ...(tags === undefined ? {} : { tags: tags ?? [] }),
  };
}

interface ErrorBody {
  readonly success?: unknown;
  readonly status?: unknown;
  readonly message?: unknown;
  readonly error?: unknown;
  readonly errors?: unknown;
}

function errorBody({ body }: HttpResponse): ErrorBody {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The message, and by field what is wrong with it. Some endpoints say `error` in place of `message`. */
function readError(response: HttpResponse): string | undefined {
  const { message, error, errors } = errorBody(response);
  const words = [message, error].find((each) => typeof each === 'string' && each !== '');
  const fields = typeof errors === 'object' && errors !== null ? Object.entries(errors) : [];
  const details = fields.map(([field, faults]) => `${field} ${[faults].flat().join(', ')}`);
  const all = [...(typeof words === 'string' ? [words] : []), ...details];
  if (all.length > 0) return all.join('; ');
  const text = response.body.trim();
  return text === '' || text.startsWith('{') ? undefined : text.slice(0, 200);
}

/** The status of a rejection is not documented, its body is: it is known by that alone. */
function refused(response: HttpResponse): ReturnType<NonNullable<Conventions['refused']>> {
  const { success, status } = errorBody(response);
  if (success !== false || status !== 'rejected') return undefined;
  return { code: 'instances/in-use', hint: 'Stop the recipes that use the connection, then try again.' };
}
