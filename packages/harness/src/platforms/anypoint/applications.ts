import { createHash } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/anypoint';
import type { Behaviours } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { listedContract } from './contracts.ts';
import {
  type APIInstance,
  type Application,
  applicationAt,
  applicationKey,
  conflict,
  contractsOf,
  dropContract,
  environmentOf,
  freshId,
  type GroupInstance,
  instanceOf,
  invalid,
  nameKey,
  ownedKey,
  paged,
  rootAt,
  secretKey,
  secretOf,
} from './records.ts';

type Payload = Operations['updateApplication']['body'];
type ListQuery = Operations['listApplications']['query'];

/** Client applications. Nobody but who created one sees it here, or changes it. */
export const behaviours: Pick<
  Behaviours<Operations>,
  | 'listApplications'
  | 'createApplication'
  | 'getApplication'
  | 'updateApplication'
  | 'deleteApplication'
  | 'resetApplicationSecret'
> = {
  listApplications: async ({ path, query, principal }, tx) => {
    await rootAt(path.organizationId, principal, tx);
    const owned = await tx.list<number>(ownedKey(principal.subject ?? ''));
    const all = await Promise.all(owned.map(({ value }) => tx.get<Application>(applicationKey(value))));
    const target = await targetOf(query, tx);
    const found = all
      .filter((each) => each !== undefined)
      .filter((each) => isAsked(each.name, query) && (target === undefined || target.providerId === each.providerId));
    const body = await Promise.all(paged(found, query).map((each) => listed(each, query, tx)));
    return { body };
  },

  createApplication: async ({ path, query, body, principal, now }, tx) => {
    const { id: organization, federated } = await rootAt(path.organizationId, principal, tx);
    const target = await targetOf(query, tx);
    if (federated && target === undefined) throw invalid('A target apiInstanceId or groupInstanceId is required');
    const id = await freshId('applications', tx);
    const application: Application = {
      id,
      name: body.name,
      description: body.description ?? null,
      url: body.url ?? null,
      redirectUri: body.redirectUri ?? [],
      grantTypes: body.grantTypes ?? [],
      clientId: derived('client', id).slice(0, 32),
      providerId: target?.providerId ?? null,
      masterOrganizationId: organization,
      owner: principal.subject ?? '',
      created: now.toISOString(),
      updated: null,
    };
    await keepApplication(application, null, tx);
    await tx.setSecret(secretKey(id), await freshSecret(tx));
    return { status: 201, body: await applicationTold(application, tx) };
  },

  getApplication: async ({ path, principal }, tx) => ({
    body: await applicationTold(await applicationAt(path, principal, tx), tx),
  }),

  updateApplication: async ({ path, body, principal, now }, tx) => {
    const before = await applicationAt(path, principal, tx);
    const application: Application = { ...before, ...known(body), updated: now.toISOString() };
    await keepApplication(application, before.name, tx);
    return { body: await applicationTold(application, tx) };
  },

  deleteApplication: async ({ path, principal }, tx) => {
    const application = await applicationAt(path, principal, tx);
    const { id, owner, masterOrganizationId, name } = application;
    for (const contract of await contractsOf(id, tx)) await dropContract(contract, tx);
    await tx.delete(applicationKey(id));
    await tx.delete(secretKey(id));
    await tx.delete([...ownedKey(owner), id]);
    await tx.delete(nameKey(masterOrganizationId, name));
    return { status: 204, body: undefined };
  },

  resetApplicationSecret: async ({ path, principal }, tx) => {
    const { id } = await applicationAt(path, principal, tx);
    await tx.setSecret(secretKey(id), await freshSecret(tx));
    return { status: 201, body: undefined };
  },
};

/** 64 hexadecimal digits, made from a counter, so that a harness is the same every time. */
function derived(what: string, number: number): string {
  return createHash('sha256').update(`${what} ${number}`).digest('hex');
}

/** 32 digits in both cases, as the page's. */
async function freshSecret(tx: WriteTransaction): Promise<string> {
  const digits = derived('secret', await freshId('secrets', tx));
  return [...digits.slice(0, 32)]
    .map((digit, index) => (Number.parseInt(digits[32 + index] ?? '0', 16) % 2 === 0 ? digit : digit.toUpperCase()))
    .join('');
}

/** @throws Refusal 409, when another application of the organisation has the name */
export async function keepApplication(application: Application, nameBefore: string | null, tx: WriteTransaction) {
  const { id, owner, masterOrganizationId, name } = application;
  if (name !== nameBefore) {
    if ((await tx.get(nameKey(masterOrganizationId, name))) !== undefined) {
      throw conflict(`An application with the name ${name} already exists`);
    }
    if (nameBefore !== null) await tx.delete(nameKey(masterOrganizationId, nameBefore));
    await tx.set(nameKey(masterOrganizationId, name), id);
  }
  await tx.set(applicationKey(id), application);
  await tx.set([...ownedKey(owner), id], id);
}

/** Keeps the properties of a body that are written: it may hold more. */
function known({ name, description, url, redirectUri, grantTypes }: Payload) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(url === undefined ? {} : { url }),
    ...(redirectUri === undefined ? {} : { redirectUri }),
    ...(grantTypes === undefined ? {} : { grantTypes }),
  };
}

async function applicationTold(application: Application, tx: ReadTransaction) {
  const { id, name, description, url, clientId, masterOrganizationId, providerId } = application;
  return {
    id,
    redirectUri: [...application.redirectUri],
    name,
    description,
    url,
    clientId,
    clientSecret: await secretOf(application, tx),
    masterOrganizationId,
    grantTypes: [...application.grantTypes],
    clientProvider: { providerId },
  };
}

async function listed(application: Application, { includeContractsForApiVersion }: ListQuery, tx: ReadTransaction) {
  const { id, name, description, url, masterOrganizationId, providerId } = application;
  const answers = { id, name, description, url, masterOrganizationId, clientProvider: { providerId } };
  if (includeContractsForApiVersion === undefined) return answers;
  const asked = idIn(includeContractsForApiVersion);
  const contract = (await contractsOf(id, tx)).find((each) => each.kind === 'api' && each.instanceId === asked);
  return contract === undefined ? answers : { ...answers, contract: await listedContract(contract, tx) };
}

function isAsked(name: string, { query, literalMatch }: ListQuery): boolean {
  if (query === undefined) return true;
  return literalMatch === 'true' ? name === query : name.toLowerCase().includes(query.toLowerCase());
}

/** The instance for which an application is made or looked for. @throws Refusal invalid, when there is no such */
async function targetOf(
  query: Pick<ListQuery, 'apiInstanceId' | 'apiGroupInstanceId' | 'groupInstanceId'>,
  tx: ReadTransaction,
): Promise<{ readonly providerId: string | null } | undefined> {
  const { apiInstanceId, apiGroupInstanceId = query.groupInstanceId } = query;
  if (apiInstanceId === undefined && apiGroupInstanceId === undefined) return undefined;
  const found: APIInstance | GroupInstance | undefined =
    apiInstanceId === undefined
      ? await instanceOf('api-group', apiGroupInstanceId ?? '', tx)
      : await instanceOf('api', apiInstanceId, tx);
  if (found === undefined) throw invalid('The target instance does not exist');
  return environmentOf(found, tx);
}
