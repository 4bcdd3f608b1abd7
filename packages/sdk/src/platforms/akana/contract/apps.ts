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
  ref,
  session,
  text,
} from './conventions.ts';

/**
 * Apps and their versions. Sources: Akana's pages of the Apps service: "getContracts", "listContracts", "getBoard",
 * "getSharedSecret", "regenerateSharedSecret", "getVersion".
 */

const app = id('AppID');
const appVersion = id('AppVersionID');

export const paths: Paths = {
  '/api/apps': {
    post: {
      operationId: 'createApp',
      summary: 'Create an app with its first version',
      description: 'Whoever creates it is its team. APIs that connect new apps automatically are connected.',
      security: session,
      requestBody: body({
        type: 'object',
        required: ['Name'],
        properties: { Name: { type: 'string', minLength: 1 }, Description: text, VersionName: text },
      }),
      responses: object(ref('App')),
    },
  },
  '/api/apps/{AppID}': {
    get: {
      operationId: 'getApp',
      summary: 'Get an app',
      security: session,
      parameters: [app, flag('includeDefaultVersion', 'Whether its version is returned as well.')],
      responses: object(ref('App')),
    },
    delete: {
      operationId: 'deleteApp',
      summary: 'Delete an app',
      description: 'Its contracts learn of it.',
      security: session,
      parameters: [app],
      responses: plain(),
    },
  },
  '/api/apps/{AppID}/board': {
    get: {
      operationId: 'getAppBoard',
      summary: 'Get the forum of an app',
      security: session,
      parameters: [app, query.start, query.count],
      responses: feed(),
    },
  },
  '/api/apps/versions/{AppVersionID}': {
    get: {
      operationId: 'getAppVersion',
      summary: 'Get a version of an app',
      security: session,
      parameters: [appVersion],
      responses: object(ref('AppVersion')),
    },
  },
  '/api/apps/versions/{AppVersionID}/action': {
    post: {
      operationId: 'executeAppAction',
      summary: 'Execute a workflow action of an app version',
      description: 'That an app version goes to production is the only one here; its name is a reading.',
      security: session,
      parameters: [appVersion],
      requestBody: body(ref('WorkflowAction')),
      responses: plain(),
    },
  },
  '/api/apps/versions/{AppVersionID}/contracts': {
    get: {
      operationId: 'getAppContracts',
      summary: 'Get the contracts of an app version',
      security: session,
      parameters: [
        appVersion,
        query.activatedOnly,
        query.environment,
        query.includeActions,
        flag('IncludeAPIEndpoints', 'Whether the endpoints of the APIs are returned.'),
      ],
      responses: feedOrObjects(ref('Contracts')),
    },
  },
  '/api/apps/versions/{AppVersionID}/secret': {
    get: {
      operationId: 'getSharedSecret',
      summary: 'Get the shared secret of an app version',
      security: session,
      parameters: [appVersion],
      responses: object(exactly({ SharedSecret: text })),
    },
    put: {
      operationId: 'regenerateSharedSecret',
      summary: 'Make a new shared secret; it is not returned',
      security: session,
      parameters: [appVersion],
      responses: plain(),
    },
  },
  '/api/apps/avatar/{AvatarID}': {
    get: {
      operationId: 'getAppAvatar',
      summary: 'Get the picture of an app',
      security: open,
      parameters: [id('AvatarID')],
      responses: picture(),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  App: exactly({ AppID: text, Name: text, AvatarURL: text, AppVersion: ref('AppVersion') }, ['AppVersion']),
  AppVersion: exactly({
    AppVersionID: text,
    AppID: text,
    Name: text,
    State: text,
    Environment: { type: 'string', enum: ['Sandbox', 'Production'] },
    RuntimeID: { type: 'string', description: 'What gateways know the app by: its user in basic authentication.' },
  }),
};
