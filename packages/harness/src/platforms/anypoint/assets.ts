import type { Operations } from '@connectorkit/sdk/platforms/anypoint';
import type { Behaviours } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import {
  type APIInstance,
  type Asset,
  assetAt,
  environmentOf,
  type GroupInstance,
  instanceOf,
  instancesIn,
  type Organization,
  organizationKey,
  paged,
} from './records.ts';

/** Assets of Exchange and their instances; they are seeded. */
export const behaviours: Pick<
  Behaviours<Operations>,
  'getAsset' | 'listInstances' | 'listAPIGroupInstances' | 'listTerms'
> = {
  getAsset: async ({ path, principal }, tx) => {
    const { groupId, assetId, name, type, organizationId, versions } = await assetAt(path, principal, tx);
    const answers = versions.map((each) => ({ ...each, minorVersion: minorOf(each.version) })).reverse();
    const [latest = { version: '', versionGroup: '', minorVersion: '' }, ...otherVersions] = answers;
    const owner = await tx.get<Organization>(organizationKey(organizationId));
    const organization = { id: organizationId, name: owner?.name ?? '' };
    return { body: { groupId, assetId, ...latest, name, type, organization, otherVersions } };
  },

  listInstances: async ({ path, principal }, tx) => {
    await assetAt(path, principal, tx);
    const instances = await instancesIn('api', path, tx);
    return { body: await Promise.all(instances.map((each) => answerOf(each, tx))) };
  },

  listAPIGroupInstances: async ({ path, query, principal }, tx) => {
    await assetAt(path, principal, tx);
    const instances = paged(await instancesIn('api-group', path, tx), query);
    return { body: await Promise.all(instances.map((each) => groupTold(each, tx))) };
  },

  listTerms: async ({ path, principal }, tx) => {
    const { groupId, assetId, versions, terms } = await assetAt(path, principal, tx);
    const text = terms[path.versionGroup];
    const latest = versions.findLast(({ versionGroup }) => versionGroup === path.versionGroup);
    if (text === undefined || latest === undefined) return { body: [] };
    const { version: assetVersion, versionGroup } = latest;
    return { body: [{ groupId, assetId, assetVersion, versionGroup, id: 1, underlyingTerms: null, terms: text }] };
  },
};

export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** `v1:956703`; the page's `v1:24608` beside the id 956703 is a number that its author did not change. */
export function nameOf({ versionGroup, id }: APIInstance | GroupInstance): string {
  return `${versionGroup}:${id}`;
}

/** Only managed instances stand in an environment. */
async function answerOf(instance: APIInstance, tx: ReadTransaction) {
  const { id, versionGroup, type, deprecated } = instance;
  const environment = type === 'managed' ? await environmentOf(instance, tx) : undefined;
  return {
    id: String(id),
    versionGroup,
    name: nameOf(instance),
    environmentName: environment?.name ?? null,
    environmentId: environment?.id ?? null,
    type,
    productAPIVersion: versionGroup,
    ...(deprecated ? { deprecated } : {}),
  };
}

async function groupTold(group: GroupInstance, tx: ReadTransaction) {
  const environment = await environmentOf(group, tx);
  const { id, versionGroup, environmentId, apiGroupId, apiGroupVersionId, apiGroupName, isPublic, deprecated } = group;
  return {
    id,
    productVersion: versionGroup,
    environmentId,
    environmentType: environment.type,
    providerId: environment.providerId,
    apiGroupId,
    apiGroupVersionId,
    apiGroupName,
    name: nameOf(group),
    isPublic,
    ...(deprecated ? { deprecated } : {}),
    apiInstances: await Promise.all((await membersOf(group, tx)).map((each) => memberTold(each, tx))),
  };
}

/** The instances in a group that are there. */
export async function membersOf({ members }: GroupInstance, tx: ReadTransaction): Promise<APIInstance[]> {
  const found = await Promise.all(members.map((id) => instanceOf('api', id, tx)));
  return found.filter((each) => each !== undefined);
}

async function memberTold(instance: APIInstance, tx: ReadTransaction) {
  const { id, apiId, assetVersion, versionGroup, environmentId, stage } = instance;
  return {
    id,
    apiId,
    version: assetVersion,
    minorVersion: minorOf(assetVersion),
    name: nameOf(instance),
    productVersion: versionGroup,
    environmentId,
    stage,
    environmentName: (await environmentOf(instance, tx)).name,
  };
}

/** Checks if the asset has the version in the version group. */
export function hasVersion({ versions }: Asset, version: string, versionGroup: string): boolean {
  return versions.some((each) => each.version === version && each.versionGroup === versionGroup);
}
