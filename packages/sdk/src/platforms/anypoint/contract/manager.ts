import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { condition, dated, party, status } from './contracts.ts';
import {
  arrayOf,
  body,
  boolean,
  contractId,
  exactly,
  id,
  idOrNull,
  inPath,
  inQuery,
  integer,
  integerOrNull,
  managerAnswer,
  organizationId,
  page,
  readContracts,
  readGroupContracts,
  ref,
  text,
  textOrNull,
  writeContracts,
  writeGroupContracts,
} from './conventions.ts';
import { API, API_GROUP, type Managed } from './tiers.ts';

/**
 * Contracts, as those see them who own the API: API Manager, and the older API Platform, which alone has a path for
 * each action. Sources: both OpenAPI documents; `{"status": …}` in a PATCH from help.salesforce.com, 001115212.
 */

type Security = OpenAPIV3_1.SecurityRequirementObject[];

function managed({ of, path, parameters }: Managed, read: Security, write: Security): Paths {
  const contract = ref(`${of}Contract`);
  return {
    [`${path}/contracts`]: {
      get: {
        operationId: `list${of}Contracts`,
        summary: 'List the contracts that an owner sees',
        security: read,
        parameters: [
          ...parameters,
          ...page,
          inQuery('query', 'A part of the application’s name.'),
          inQuery('status', 'PENDING, APPROVED, REJECTED or REVOKED.'),
          inQuery('coreServicesId', 'The application’s client id.'),
        ],
        responses: managerAnswer(exactly({ total: integer, contracts: arrayOf(contract) })),
      },
      post: {
        operationId: `create${of}Contract`,
        summary: 'Let an application in, as its tier has it',
        security: write,
        parameters,
        requestBody: body({
          type: 'object',
          required: ['applicationId'],
          properties: { applicationId: id, requestedTierId: idOrNull, acceptedTerms: boolean },
        }),
        responses: managerAnswer(contract, 201),
      },
    },
    [`${path}/contracts/{contractId}`]: {
      get: {
        operationId: `get${of}Contract`,
        summary: 'Get a contract',
        security: read,
        parameters: [...parameters, contractId],
        responses: managerAnswer(contract),
      },
      patch: {
        operationId: `update${of}Contract`,
        summary: 'Approve, reject, revoke or restore a contract, or put it on another tier',
        security: write,
        parameters: [...parameters, contractId],
        requestBody: body({
          type: 'object',
          properties: { status, tierId: id },
          anyOf: [{ required: ['status'] }, { required: ['tierId'] }],
        }),
        responses: managerAnswer(contract),
      },
      delete: {
        operationId: `delete${of}Contract`,
        summary: 'Delete a contract',
        security: write,
        parameters: [...parameters, contractId],
        responses: managerAnswer(null, 204),
      },
    },
  };
}

/** The last part of the path and the word that ends the operation's id. */
const ACTIONS = {
  approve: 'approve',
  reject: 'reject',
  revoke: 'revoke',
  restore: 'restore',
  approveTierChange: 'approveTierChangeOf',
  rejectTierChange: 'rejectTierChangeOf',
} as const;

const VERSION = '/apiplatform/repository/v2/organizations/{organizationId}/apis/{apiId}/versions/{apiVersionId}';

function platformPaths(): Paths {
  const parameters = [
    organizationId,
    inPath('apiId', '342424', 'The API, not its instance.'),
    inPath('apiVersionId', '956703', 'The instance.'),
    contractId,
  ];
  const tierId = { ...id, description: 'A tier in place of the one that was asked for.' };
  return Object.fromEntries(
    Object.entries(ACTIONS).map(([action, verb]) => [
      `${VERSION}/contracts/{contractId}/${action}`,
      {
        post: {
          operationId: `${verb}Contract`,
          summary: `${action} a contract`,
          security: writeContracts,
          parameters,
          requestBody: body({ type: 'object', properties: { tierId } }, { required: false }),
          responses: managerAnswer(ref('ManagedContract'), 201),
        },
      },
    ]),
  );
}

export const paths: Paths = {
  ...managed(API, readContracts, writeContracts),
  ...managed(API_GROUP, readGroupContracts, writeGroupContracts),
  ...platformPaths(),
};

const tier = { anyOf: [{ type: 'null' as const }, ref('OwnersTier')] };

const owned = {
  ...dated,
  application: exactly({
    audit: ref('Audit'),
    id: integer,
    name: text,
    description: textOrNull,
    coreServicesId: text,
    url: textOrNull,
  }),
  tierId: integerOrNull,
  tier,
  requestedTierId: integerOrNull,
  requestedTier: tier,
  terms: textOrNull,
  ...party,
} as const;

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  ManagedContract: exactly({ ...owned, apiId: integer, api: exactly({ audit: ref('Audit'), id: integer }) }),
  GroupContract: exactly({
    ...owned,
    groupInstanceId: integer,
    groupInstances: exactly({
      audit: ref('Audit'),
      id: integer,
      groupVersionId: integer,
      organizationId: text,
      environmentId: text,
      assetGroupId: text,
      assetId: text,
      assetVersion: text,
      groupInstanceLabel: textOrNull,
    }),
    condition,
  }),
};
