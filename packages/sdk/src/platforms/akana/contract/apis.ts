import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import {
  body,
  exactly,
  feed,
  feedOrObjects,
  flag,
  id,
  object,
  open,
  picture,
  plain,
  query,
  reading,
  ref,
  session,
  text,
  truth,
} from './conventions.ts';

/**
 * APIs and their versions. Sources: Akana's page "connectedapps"; "getContractVersions", "listContracts" and
 * "getVersionBoard" of the APIs service; fields of APIs as clients were seen to read them.
 */

const apiVersion = id('APIVersionID');

export const paths: Paths = {
  '/api/apis/{APIID}': {
    get: {
      operationId: 'getApi',
      summary: 'Get an API',
      security: reading,
      parameters: [id('APIID'), flag('includeDefaultVersion', 'Whether its version is returned as well.')],
      responses: object(ref('API')),
    },
    delete: {
      operationId: 'deleteApi',
      summary: 'Delete an API',
      description: 'Its contracts learn of it.',
      security: session,
      parameters: [id('APIID')],
      responses: plain('Nothing.'),
    },
  },
  '/api/apis/versions/{APIVersionID}': {
    get: {
      operationId: 'getApiVersion',
      summary: 'Get a version of an API',
      security: reading,
      parameters: [apiVersion, flag('IncludeEndpoints', 'Whether its endpoints are returned.')],
      responses: object(ref('APIVersion')),
    },
  },
  '/api/apis/versions/{APIVersionID}/connectedapps': {
    get: {
      operationId: 'getConnectedApps',
      summary: 'Get connected apps',
      description: 'A list of apps that are connected to the API version: one item a contract.',
      security: reading,
      parameters: [apiVersion, query.activatedOnly, query.environment, query.includeActions],
      responses: feed(),
    },
  },
  '/api/apis/versions/{APIVersionID}/contracts': {
    get: {
      operationId: 'getApiContracts',
      summary: 'Get the contracts of an API version',
      security: session,
      parameters: [
        apiVersion,
        query.activatedOnly,
        query.environment,
        query.includeActions,
        query.start,
        query.count,
        { ...query.start, name: 'Start' },
        { ...query.count, name: 'Count' },
      ],
      responses: feedOrObjects(ref('Contracts')),
    },
  },
  '/api/apis/versions/{APIVersionID}/legals': {
    get: {
      operationId: 'getApiLegals',
      summary: 'Get the legal agreements of an API version',
      security: session,
      parameters: [apiVersion, flag('AgreementScopeID', 'An app version: whether it accepted them is returned.')],
      responses: object(ref('Legals')),
    },
    post: {
      operationId: 'acceptApiLegal',
      summary: 'Accept a legal agreement',
      description: 'The body was seen; the path is a reading.',
      security: session,
      parameters: [apiVersion],
      requestBody: body(exactly({ DocumentID: text, AgreementScopeID: text })),
      responses: object(ref('Legals')),
    },
  },
  '/api/apis/versions/{APIVersionID}/board': {
    get: {
      operationId: 'getApiBoard',
      summary: 'Get the forum of an API version',
      security: session,
      parameters: [apiVersion, query.start, query.count],
      responses: feed(),
    },
  },
  '/api/apis/avatar/{AvatarID}': {
    get: {
      operationId: 'getApiAvatar',
      summary: 'Get the picture of an API',
      security: open,
      parameters: [id('AvatarID')],
      responses: picture(),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  API: exactly({ APIID: text, Name: text, Visibility: text, AvatarURL: text, APIVersion: ref('APIVersion') }, [
    'APIVersion',
  ]),
  APIVersion: exactly(
    {
      APIVersionID: text,
      APIID: text,
      Name: text,
      State: text,
      Visibility: text,
      SandboxEndpointAccessAutoApproved: truth,
      ProductionEndpointAccessAutoApproved: truth,
      SandboxAnonymousAccessAllowed: truth,
      ProductionAnonymousAccessAllowed: truth,
      ResourceLevelPermissionsSupported: truth,
      Endpoints: exactly({ Endpoint: { type: 'array', items: ref('Endpoint') } }),
    },
    ['Endpoints'],
  ),
  Legals: exactly({
    Document: {
      type: 'array',
      items: exactly({ DocumentID: text, Title: text, Accepted: truth }),
    },
  }),
};
