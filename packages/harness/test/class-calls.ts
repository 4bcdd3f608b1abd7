import type {
  Access,
  AccessAction,
  ExchangeVariant,
  Instances,
  Platform,
  Registry,
  Send,
} from '@connectorkit/sdk/platforms';

/**
 * How the sdk's own classes come to ask for an operation. Classes are not tables of operations: a method may ask for
 * several, and only what it reads of an answer can be told. Operations that no method asks for are not here.
 */

/** A class of a platform, and what it does beside: whose a token is. */
export interface Classes {
  readonly registry: Registry;
  readonly access: Access;
  readonly instances: Instances;
  whoami(): Promise<unknown>;
}

/** Calls a method so that it asks for the operation of an exchange. */
export type ClassCall = (classes: Classes, exchange: ExchangeVariant) => Promise<unknown>;

type Path = Readonly<Record<string, string>>;
const pathIn = ({ request }: ExchangeVariant): Path => request.path ?? {};
const bodyIn = ({ request }: ExchangeVariant) => (request.body ?? {}) as Readonly<Record<string, unknown>>;
const part = (exchange: ExchangeVariant, name: string) => pathIn(exchange)[name] ?? '';
const said = (value: unknown) => (value === undefined || value === null ? undefined : String(value));

const app = (exchange: ExchangeVariant) => ({
  name: part(exchange, 'SDK_appName'),
  version: Number(part(exchange, 'SDK_appVersion')),
});
const connection = (exchange: ExchangeVariant) => part(exchange, 'SDK_connectionName');
const section = (exchange: ExchangeVariant) => part(exchange, 'SDK_connectionSection');

const make: Readonly<Record<string, ClassCall>> = {
  getCurrentUser: ({ whoami }) => whoami(),
  listApps: ({ registry }) => registry.apps(),
  createApp: ({ registry }, exchange) => {
    const { name, label } = bodyIn(exchange);
    return registry.createApp({ name: String(name), label: String(label) });
  },
  deleteApp: ({ registry }, exchange) => registry.deleteApp(app(exchange)),
  listConnections: ({ registry }, exchange) => registry.list(part(exchange, 'SDK_appName')),
  createConnection: ({ registry }, exchange) =>
    registry.create(part(exchange, 'SDK_appName'), bodyIn(exchange) as never),
  getConnection: ({ registry }, exchange) => registry.get(connection(exchange)),
  updateConnection: ({ registry }, exchange) =>
    registry.update(connection(exchange), { label: String(bodyIn(exchange).label) }),
  deleteConnection: ({ registry }, exchange) => registry.delete(connection(exchange)),
  getConnectionSection: ({ registry }, exchange) => registry.section(connection(exchange), section(exchange)),
  setConnectionSection: ({ registry }, exchange) =>
    registry.setSection(connection(exchange), section(exchange), String(exchange.request.body)),
  getConnectionCommon: ({ registry }, exchange) => registry.common(connection(exchange)),
  setConnectionCommon: ({ registry }, exchange) => registry.setCommon(connection(exchange), bodyIn(exchange)),
  recreateConnection: ({ registry }, exchange) => registry.recreate(connection(exchange)),
};

const customer = (exchange: ExchangeVariant) => part(exchange, 'managed_user_id');
const instance = (exchange: ExchangeVariant) => part(exchange, 'connection_id');

/** A payload in the words of the class. */
function changeIn(exchange: ExchangeVariant) {
  const { external_id, folder_id, parent_id, ...same } = bodyIn(exchange);
  const renamed = { externalId: said(external_id), folder: said(folder_id), parent: said(parent_id) };
  return { ...same, ...Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined)) };
}

const workato: Readonly<Record<string, ClassCall>> = {
  getWorkspace: ({ whoami }) => whoami(),
  listConnections: ({ instances }, exchange) => {
    const { provider, folder_id, 'includes[]': includes } = exchange.request.query ?? {};
    return instances.list(customer(exchange), {
      ...(provider === undefined ? {} : { provider: String(provider) }),
      ...(folder_id === undefined ? {} : { folder: String(folder_id) }),
      ...(includes === undefined ? {} : { tags: true }),
    });
  },
  createConnection: ({ instances }, exchange) => instances.create(customer(exchange), changeIn(exchange)),
  updateConnection: ({ instances }, exchange) =>
    instances.update(customer(exchange), instance(exchange), changeIn(exchange)),
  disconnectConnection: ({ instances }, exchange) =>
    instances.disconnect(customer(exchange), instance(exchange), { force: exchange.request.query?.force === 'true' }),
  deleteConnection: ({ instances }, exchange) => instances.delete(customer(exchange), instance(exchange)),
};

const akana: Readonly<Record<string, ClassCall>> = {
  executeContractAction: ({ access }, exchange) => {
    const { ActionName, Comments } = bodyIn(exchange);
    const action = String(ActionName).split('.').at(-1) as AccessAction;
    return access.act(part(exchange, 'ContractID'), action, { comment: String(Comments) });
  },
};

interface Seeded {
  readonly [key: string]: unknown;
}
const ORGANIZATION = '5a673b98-92f4-459d-b950-daeed7a8165d';
const seeded = ({ given }: ExchangeVariant, list: string) =>
  ((given as Readonly<Record<string, unknown>>)[list] ?? []) as readonly Seeded[];

/** An instance as the class writes it, from what was seeded: owners' operations name neither group nor asset. */
function written(exchange: ExchangeVariant, group: boolean, id?: string): string {
  const list = seeded(exchange, group ? 'group_instances' : 'instances');
  const found = id === undefined ? list[0] : list.find((each) => String(each.id) === id);
  const { groupId = ORGANIZATION, assetId, versionGroup = 'v1' } = found ?? {};
  return `${groupId}/${assetId}/${versionGroup}/${group ? 'group:' : ''}${found?.id}`;
}

function owned(exchange: ExchangeVariant): string {
  const { instanceId, apiGroupInstanceId } = pathIn(exchange);
  return written(exchange, instanceId === undefined, instanceId ?? apiGroupInstanceId);
}

/** The contract at a path as the class writes it. */
function contractIn(exchange: ExchangeVariant): string {
  const id = part(exchange, 'contractId');
  const found = seeded(exchange, 'contracts').find((each) => String(each.id) === id);
  return `${owned(exchange)}/${found?.applicationId}/${id}`;
}

const ACTIONS: Readonly<Record<string, AccessAction>> = { APPROVED: 'approve', REVOKED: 'revoke' };
const listAPI =
  (group: boolean): ClassCall =>
  ({ access }, exchange) =>
    access.list({ api: written(exchange, group) });
const showContract: ClassCall = ({ access }, exchange) => access.show(contractIn(exchange));
const cancelContract: ClassCall = ({ access }, exchange) => access.act(contractIn(exchange), 'cancel');

const anypoint: Readonly<Record<string, ClassCall>> = {
  getCurrentUser: ({ whoami }) => whoami(),
  listUserRoles: ({ whoami }) => whoami(),
  listInstances: listAPI(false),
  listAPIGroupInstances: listAPI(true),
  listApplications: ({ access }) => access.list({}),
  listApplicationInstances: ({ access }, exchange) => access.list({ application: part(exchange, 'applicationId') }),
  listManagedContracts: ({ access }, exchange) => access.list({ api: owned(exchange) }),
  listGroupContracts: ({ access }, exchange) => access.list({ api: owned(exchange) }),
  createContract: ({ access }, exchange) => {
    const { apiGroupInstanceId, requestedTierId, acceptedTerms } = bodyIn(exchange);
    return access.request({
      api: written(exchange, apiGroupInstanceId !== undefined),
      application: part(exchange, 'applicationId'),
      tier: String(requestedTierId),
      acceptTerms: acceptedTerms === true,
    });
  },
  changeContractTier: ({ access }, exchange) => {
    const { applicationId, contractId } = pathIn(exchange);
    const tier = String(bodyIn(exchange).requestedTierId);
    return access.act(`${applicationId}/${contractId}`, 'revise', { tier });
  },
  getManagedContract: showContract,
  getGroupContract: showContract,
  updateManagedContract: ({ access }, exchange) =>
    access.act(contractIn(exchange), ACTIONS[String(bodyIn(exchange).status)] ?? 'approve'),
  deleteManagedContract: cancelContract,
  deleteGroupContract: cancelContract,
};

export const CLASS_CALLS: Readonly<Record<string, Readonly<Record<string, ClassCall>>>> = {
  make,
  workato,
  akana,
  anypoint,
};

/** The classes of a platform, at an endpoint; one that it has not is missed when it is called. */
export function classesAt(platform: Platform, endpoint: { url: string; token: string; send: Send }): Classes {
  const { registry, access, instances, whoami } = platform;
  return {
    registry: registry?.(endpoint) as Registry,
    access: access?.(endpoint) as Access,
    instances: instances?.(endpoint) as Instances,
    whoami: () => whoami(endpoint),
  };
}
