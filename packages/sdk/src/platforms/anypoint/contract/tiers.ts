import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { GROUP_PATH } from './assets.ts';
import {
  answer,
  apiGroupInstanceId,
  arrayOf,
  body,
  boolean,
  environmentId,
  exactly,
  inQuery,
  instanceId,
  integer,
  managerAnswer,
  organizationId,
  page,
  readExchange,
  readTiers,
  ref,
  type Schema,
  text,
  textOrNull,
  tierId,
  versionGroup,
  writeTiers,
} from './conventions.ts';

/**
 * SLA tiers: what Exchange shows to who asks for access, and what their owner does in API Manager. Sources: the page,
 * steps 3.1 and 3.2; API Manager's OpenAPI document, in which a change is answered with 201.
 */

const MANAGER = '/apimanager/api/v1/organizations/{organizationId}/environments/{environmentId}';

export interface Managed {
  /** Ends the ids of the operations. */
  readonly of: string;
  readonly path: string;
  readonly parameters: OpenAPIV3_1.ParameterObject[];
}

export const API: Managed = {
  of: 'Managed',
  path: `${MANAGER}/apis/{instanceId}`,
  parameters: [organizationId, environmentId, instanceId],
};
export const API_GROUP: Managed = {
  of: 'Group',
  path: `${MANAGER}/groupInstances/{apiGroupInstanceId}`,
  parameters: [organizationId, environmentId, apiGroupInstanceId],
};

/** The owner's operations, the same for APIs and groups. */
function managed({ of, path, parameters }: Managed): Paths {
  const tier = ref(`${of}Tier`);
  return {
    [`${path}/tiers`]: {
      get: {
        operationId: `list${of}Tiers`,
        summary: 'List the tiers that an owner sees',
        security: readTiers,
        parameters: [...parameters, ...page, inQuery('query', 'A part of the name.')],
        responses: managerAnswer(exactly({ total: integer, tiers: arrayOf(tier) })),
      },
      post: {
        operationId: `create${of}Tier`,
        summary: 'Create a tier',
        security: writeTiers,
        parameters,
        requestBody: body(ref(`${of}TierPayload`)),
        responses: managerAnswer(tier, 201),
      },
    },
    [`${path}/tiers/{tierId}`]: {
      put: {
        operationId: `update${of}Tier`,
        summary: 'Change a tier',
        security: writeTiers,
        parameters: [...parameters, tierId],
        requestBody: body(ref(`${of}TierPayload`)),
        responses: managerAnswer(tier, 201),
      },
      delete: {
        operationId: `delete${of}Tier`,
        summary: 'Delete a tier',
        description: 'Refused with 409 as long as a contract has or wants it.',
        security: writeTiers,
        parameters: [...parameters, tierId],
        responses: managerAnswer(null, 204),
      },
    },
  };
}

export const paths: Paths = {
  [`${GROUP_PATH}/instances/{instanceId}/tiers`]: {
    get: {
      operationId: 'listInstanceTiers',
      summary: 'List the tiers of an API instance',
      security: readExchange,
      parameters: [...versionGroup, instanceId],
      responses: answer(arrayOf(ref('InstanceTier'))),
    },
  },
  [`${GROUP_PATH}/environments/{environmentId}/apiGroupInstances/{apiGroupInstanceId}/tiers`]: {
    get: {
      operationId: 'listAPIGroupInstanceTiers',
      summary: 'List the tiers of an API group instance',
      security: readExchange,
      parameters: [...versionGroup, environmentId, apiGroupInstanceId],
      responses: answer(arrayOf(ref('APIGroupInstanceTier'))),
    },
  },
  ...managed(API),
  ...managed(API_GROUP),
};

const status = { type: 'string', enum: ['ACTIVE', 'DEPRECATED'] } as const satisfies Schema;
const identifying = { id: integer, name: text, description: textOrNull } as const;
const state = { status, autoApprove: boolean } as const;
const count = { applicationCount: integer } as const;
const asked = { audit: ref('Audit'), masterOrganizationId: text, organizationId: text, ...identifying } as const;

const positive = { type: 'integer', minimum: 1 } as const;
const writtenLimits = {
  type: 'array',
  items: {
    type: 'object',
    required: ['maximumRequests', 'timePeriodInMilliseconds'],
    properties: { visible: boolean, maximumRequests: positive, timePeriodInMilliseconds: positive },
  },
} as const satisfies OpenAPIV3_1.SchemaObject;

const payload = {
  type: 'object',
  required: ['name', 'status'],
  properties: { name: { type: 'string', minLength: 1, maxLength: 256 }, description: textOrNull, ...state },
} as const satisfies OpenAPIV3_1.SchemaObject;

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  InstanceTier: exactly({ ...identifying, limits: arrayOf(ref('Limit')), ...state, ...count, apiId: integer }),
  APIGroupInstanceTier: exactly({
    ...identifying,
    apiGroupInstanceId: integer,
    ...state,
    ...count,
    limitsByApi: arrayOf(ref('LimitsByAPI')),
  }),
  LimitsByAPI: exactly({
    apiId: integer,
    organizationId: text,
    groupId: text,
    assetId: text,
    assetVersion: text,
    productVersion: text,
    limits: arrayOf(ref('Limit')),
  }),
  /** A tier within a contract. */
  ContractTier: exactly(
    { ...identifying, ...state },
    { limits: arrayOf(ref('Limit')), apiGroupInstanceId: integer, limitsByApi: arrayOf(ref('LimitsByAPI')) },
  ),
  /** The same as the API's owner is told it: with its times, and with limits that Exchange does not show. */
  OwnersTier: exactly(
    { audit: ref('Audit'), ...identifying, ...state },
    { limits: arrayOf(ref('VisibleLimit')), apiGroupInstanceId: integer, limitsByApi: arrayOf(ref('LimitsByAPI')) },
  ),
  ManagedTier: exactly({ ...asked, limits: arrayOf(ref('VisibleLimit')), ...state, ...count, apiId: integer }),
  GroupTier: exactly({
    ...asked,
    groupInstanceId: integer,
    defaultLimits: arrayOf(ref('VisibleLimit')),
    limitsByApi: arrayOf(exactly({ apiId: integer, limits: arrayOf(ref('VisibleLimit')) })),
    ...state,
    ...count,
  }),
  ManagedTierPayload: { ...payload, properties: { ...payload.properties, limits: writtenLimits } },
  GroupTierPayload: {
    ...payload,
    properties: {
      ...payload.properties,
      defaultLimits: writtenLimits,
      limitsByApi: {
        type: 'array',
        items: {
          type: 'object',
          required: ['apiId', 'limits'],
          properties: { apiId: integer, limits: writtenLimits },
        },
      },
    },
  },
};
