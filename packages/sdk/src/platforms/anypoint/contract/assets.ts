import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import {
  answer,
  arrayOf,
  boolean,
  exactly,
  integer,
  page,
  readExchange,
  ref,
  text,
  textOrNull,
  versionGroup,
} from './conventions.ts';

/**
 * Assets of Exchange and their instances. Sources: the page "Request Access" of the Exchange API, steps 1.1 and 1.2;
 * the asset and the terms from Exchange Experience's OpenAPI document, as far as a request for access needs them.
 */

const [groupId, assetId] = versionGroup;
const asset = [groupId, assetId].filter((each) => each !== undefined);
const ASSETS = '/exchange/api/v2/assets/{groupId}/{assetId}';
const GROUP = `${ASSETS}/versionGroups/{versionGroup}`;

export const paths: Paths = {
  [ASSETS]: {
    get: {
      operationId: 'getAsset',
      summary: 'Get the latest version of an asset',
      security: readExchange,
      parameters: asset,
      responses: answer(ref('Asset')),
    },
  },
  [`${GROUP}/instances`]: {
    get: {
      operationId: 'listInstances',
      summary: 'List the instances of an API',
      security: readExchange,
      parameters: versionGroup,
      responses: answer(arrayOf(ref('Instance'))),
    },
  },
  [`${GROUP}/apiGroupInstances`]: {
    get: {
      operationId: 'listAPIGroupInstances',
      summary: 'List the instances of an API group',
      security: readExchange,
      parameters: [...versionGroup, ...page],
      responses: answer(arrayOf(ref('APIGroupInstance'))),
    },
  },
  [`${GROUP}/terms`]: {
    get: {
      operationId: 'listTerms',
      summary: 'List the terms of a version group',
      security: readExchange,
      parameters: versionGroup,
      responses: answer(arrayOf(ref('Terms'))),
    },
  },
};

const asVersion = { version: text, versionGroup: text, minorVersion: text } as const;
const identifying = { groupId: text, assetId: text } as const;

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Asset: exactly({
    ...identifying,
    ...asVersion,
    name: text,
    type: { type: 'string', enum: ['rest-api', 'api-group'] },
    organization: exactly({ id: text, name: text }),
    otherVersions: arrayOf(exactly(asVersion)),
  }),
  Instance: exactly(
    {
      id: { type: 'string', description: 'A number as a text; the group’s instances have numbers.' },
      versionGroup: text,
      name: text,
      environmentName: textOrNull,
      environmentId: textOrNull,
      type: { type: 'string', enum: ['managed', 'external', 'mocked'] },
      productAPIVersion: text,
    },
    { deprecated: { ...boolean, description: 'Only there when it is true.' } },
  ),
  APIGroupInstance: exactly(
    {
      id: integer,
      productVersion: text,
      environmentId: text,
      environmentType: text,
      providerId: textOrNull,
      apiGroupId: integer,
      apiGroupVersionId: integer,
      apiGroupName: text,
      name: text,
      isPublic: boolean,
      apiInstances: arrayOf(
        exactly({
          id: integer,
          apiId: integer,
          version: text,
          minorVersion: text,
          name: text,
          productVersion: text,
          environmentId: text,
          stage: text,
          environmentName: text,
        }),
      ),
    },
    { deprecated: { ...boolean, description: 'Only there when it is true.' } },
  ),
  Terms: exactly({
    ...identifying,
    assetVersion: text,
    versionGroup: text,
    id: integer,
    underlyingTerms: textOrNull,
    terms: text,
  }),
};

export const GROUP_PATH = GROUP;
