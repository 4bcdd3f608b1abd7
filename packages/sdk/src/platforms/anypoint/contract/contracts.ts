import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { APPLICATION } from './applications.ts';
import {
  answer,
  apiGroupInstanceId,
  applicationId,
  arrayOf,
  body,
  boolean,
  contractId,
  environmentId,
  exactly,
  id,
  idOrNull,
  inQuery,
  instanceId,
  integer,
  integerOrNull,
  organizationId,
  readExchange,
  ref,
  type Schema,
  text,
  textOrNull,
  writeExchange,
} from './conventions.ts';

/**
 * Contracts, as those see them whose applications have them. Sources: the page, step 4; what is around it from
 * Exchange Experience's OpenAPI document.
 */

const one = [organizationId, applicationId];
const coordinate = { type: 'string', minLength: 1, maxLength: 256 } as const;
const tierLimits = `${APPLICATION}/environments/{environmentId}/apiGroupInstances/{apiGroupInstanceId}/limits`;

/** `CreateContractV2`, with numbers wherever the page has numbers and texts wherever the document has texts. */
const request = {
  type: 'object',
  required: ['acceptedTerms', 'instanceType', 'organizationId', 'groupId', 'assetId', 'version', 'versionGroup'],
  properties: {
    apiId: { ...id, description: 'The managed instance, when `instanceType` is `api`.' },
    apiGroupInstanceId: { ...id, description: 'The instance, when `instanceType` is `api-group`.' },
    instanceType: { type: 'string', enum: ['api', 'api-group'] },
    requestedTierId: { ...idOrNull, description: 'One of the instance’s tiers, where it has some.' },
    acceptedTerms: boolean,
    organizationId: {
      type: 'string',
      pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
      description: 'Of the API’s asset.',
    },
    groupId: coordinate,
    assetId: coordinate,
    version: coordinate,
    versionGroup: coordinate,
    environmentId: {
      type: 'string',
      maxLength: 256,
      description: 'The instance’s environment. The page calls it the application’s id, and leaves it out.',
    },
  },
} as const satisfies OpenAPIV3_1.SchemaObject;

export const paths: Paths = {
  [`${APPLICATION}/contracts`]: {
    get: {
      operationId: 'listContracts',
      summary: 'List the contracts of an application',
      security: readExchange,
      parameters: [...one, inQuery('includeContractsForApiVersion', 'Only that with this instance.')],
      responses: answer(arrayOf(ref('ListedContract'))),
    },
    post: {
      operationId: 'createContract',
      summary: 'Request access',
      security: writeExchange,
      parameters: one,
      requestBody: body(request),
      responses: answer(ref('Contract'), 201),
    },
  },
  [`${APPLICATION}/contracts/{contractId}`]: {
    patch: {
      operationId: 'changeContractTier',
      summary: 'Ask for another tier',
      description: 'One that is approved by itself is in force at once; the old one stays until another is approved.',
      security: writeExchange,
      parameters: [...one, contractId],
      requestBody: body({ type: 'object', required: ['requestedTierId'], properties: { requestedTierId: id } }),
      responses: answer(ref('Contract')),
    },
  },
  [`${APPLICATION}/instances`]: {
    get: {
      operationId: 'listApplicationInstances',
      summary: 'List the instances that an application has contracts with',
      security: readExchange,
      parameters: one,
      responses: answer(arrayOf(ref('InstanceContract'))),
    },
  },
  [`${APPLICATION}/instances/{instanceId}/contracts`]: {
    get: {
      operationId: 'listInstanceContracts',
      summary: 'List the contracts by which an application may use an instance: its own, and those of groups with it',
      security: readExchange,
      parameters: [...one, instanceId],
      responses: answer(arrayOf(ref('InstanceContract'))),
    },
  },
  [tierLimits]: {
    get: {
      operationId: 'listGroupLimits',
      summary: 'List the limits of each API of a group under a tier',
      security: readExchange,
      parameters: [...one, environmentId, apiGroupInstanceId, inQuery('tierId', 'Default: the contract’s own.')],
      responses: answer(arrayOf(ref('LimitsByAPI'))),
    },
  },
};

export const status = {
  type: 'string',
  enum: ['PENDING', 'APPROVED', 'REJECTED', 'REVOKED'],
} as const satisfies Schema;
const tier = ref('ContractTier');
const dates = { approvedDate: textOrNull, rejectedDate: textOrNull, revokedDate: textOrNull } as const;
const asset = { groupId: text, assetId: text, assetVersion: text } as const;

/** Properties of each contract that is answered with its dates, here and in API Manager. */
export const dated = {
  audit: ref('Audit'),
  masterOrganizationId: text,
  organizationId: text,
  id: integer,
  status,
  ...dates,
  applicationId: integer,
} as const;
export const party = { partyId: textOrNull, partyName: textOrNull } as const;
export const condition = {
  type: 'string',
  enum: ['APPLIED', 'NOT_APPLIED', 'GROUP'],
  description: 'NOT_APPLIED: the application has a contract of its own with each API of the group.',
} as const satisfies Schema;

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Contract: exactly(
    { id: integer, status, applicationId: integer, clientId: text, clientSecret: text },
    {
      tier: { ...tier, description: 'In force.' },
      requestedTier: { ...tier, description: 'Asked for, and not approved yet.' },
      api: ref('ContractAPI'),
      apiGroupInstance: ref('ContractAPIGroup'),
    },
  ),
  ListedContract: exactly({ id: integer, status }, { tier, requestedTier: tier }),
  ContractAPI: exactly({
    id: integer,
    version: text,
    minorVersion: text,
    organizationId: text,
    deprecated: boolean,
    ...asset,
    productVersion: text,
    environmentId: text,
    fullname: { ...text, description: 'Asset, environment and label; a label that is not there is `undefined`.' },
    assetName: text,
    environmentName: text,
  }),
  ContractAPIGroup: exactly({
    id: integer,
    organizationId: text,
    environmentId: text,
    ...asset,
    productVersion: text,
    name: text,
    apiGroupVersionId: integer,
    assetName: text,
    environmentName: text,
  }),
  InstanceContract: exactly(
    {
      ...dated,
      application: exactly({
        audit: ref('Audit'),
        id: integer,
        name: text,
        description: textOrNull,
        clientProvider: { type: 'object' },
        coreServicesId: text,
        url: textOrNull,
      }),
      tierId: integerOrNull,
      requestedTierId: integerOrNull,
      apiVersionId: integerOrNull,
      ...party,
      condition,
      possibleTiers: arrayOf(ref('PossibleTier')),
      versionGroup: text,
      assetName: text,
    },
    {
      apiVersion: {
        anyOf: [
          { type: 'null' },
          exactly({ organizationId: text, id: integer, apiId: integer, masterOrganizationId: text, ...asset }),
        ],
      },
      apiGroupInstance: exactly({
        id: integer,
        organizationId: text,
        environmentId: text,
        ...asset,
        productVersion: text,
        name: text,
        apiGroupVersionId: integer,
      }),
      apiGroupInstanceId: integer,
      tier,
      requestedTier: tier,
    },
  ),
  PossibleTier: exactly(
    { id: integer, name: text, description: textOrNull, status: text, autoApprove: boolean },
    {
      limits: arrayOf(ref('Limit')),
      limitsByApi: arrayOf(ref('LimitsByAPI')),
      apiGroupInstanceId: integer,
      compareToActual: { type: 'string', enum: ['LESS RESTRICTIVE', 'MORE RESTRICTIVE', 'EQUAL'] },
    },
  ),
};
