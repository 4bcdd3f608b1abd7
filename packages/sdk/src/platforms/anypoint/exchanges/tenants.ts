/** Organisations, and what is there of them before: the caller is the harness's own user, put into the organisation. */

export interface Tenant {
  /** The organisation at the top of the tree, which the caller belongs to. */
  readonly root: string;
  readonly organization: string;
  readonly environment: string;
}

const HARNESS_USER = '00000000-0000-4000-8000-000000000001';

/** State that every sample of a tenant needs: the organisations, the environment, and the caller in it. */
export function tenancy({ root, organization, environment }: Tenant) {
  const below = organization === root ? [] : [{ id: organization, name: 'Below', rootId: root }];
  return {
    organizations: [{ id: root, name: 'Acme' }, ...below],
    environments: [{ id: environment, name: 'Live', organizationId: organization, type: 'production' }],
    users: [{ id: HARNESS_USER, username: 'harness', password: 'p', organizationId: root }],
  };
}

/** An API with one instance, and what was made of it. */
export function withInstance(tenant: Tenant, id: number, more: object = {}) {
  const { organization: organizationId, environment: environmentId } = tenant;
  const placed = { organizationId, groupId: organizationId, assetId: 'some-api' };
  return {
    ...tenancy(tenant),
    assets: [{ ...placed, name: 'Some API' }],
    instances: [{ ...placed, id, environmentId }],
    ...more,
  };
}

/** A group of APIs with one instance, and what was made of it. */
export function withGroup(tenant: Tenant, id: number, members: readonly number[], more: object = {}) {
  const { organization: organizationId, environment: environmentId } = tenant;
  const placed = { organizationId, groupId: organizationId, environmentId };
  return {
    ...tenancy(tenant),
    assets: [
      { organizationId, groupId: organizationId, assetId: 'some-api', name: 'Some API' },
      { organizationId, groupId: organizationId, assetId: 'api-group', name: 'API Group', type: 'api-group' },
    ],
    instances: members.map((each) => ({ ...placed, assetId: 'some-api', id: each })),
    group_instances: [{ ...placed, assetId: 'api-group', id, apiGroupVersionId: 1073, members }],
    ...more,
  };
}

/** The tenant of the second variants. */
export const ELSEWHERE: Tenant = {
  root: '11111111-2222-4333-8444-555555555555',
  organization: '11111111-2222-4333-8444-555555555555',
  environment: '99999999-8888-4777-8666-555555555555',
};

/** Where MuleSoft publishes its documents. */
export const REPOSITORY = 'https://github.com/mulesoft/mulesoft-dx/tree/32e2b587/apis (2026-05-15)';

export const COUNTED = 'ids are counted from 1 in a new harness';
