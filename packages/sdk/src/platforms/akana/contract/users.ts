import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import {
  body,
  exactly,
  feed,
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
  textBody,
  texts,
} from './conventions.ts';

/**
 * Users: what they belong to, which notices they get, what they follow. Sources: Akana's pages of the Users service:
 * "getNotifications", "getNotificationsCount", "changeNotificationState", "changeNotificationsState",
 * "getFollowings"; roles as clients were seen to read them.
 */

const user = id('UserID');
const notification = id('NotificationID');

const list = (operationId: string, summary: string, ...parameters: OpenAPIV3_1.ParameterObject[]) => ({
  get: { operationId, summary, security: session, parameters: [user, ...parameters], responses: feed() },
});

export const paths: Paths = {
  '/api/users/{UserID}': {
    get: {
      operationId: 'getUser',
      summary: 'Get a user',
      security: session,
      parameters: [user],
      responses: object(ref('User')),
    },
  },
  '/api/users/{UserID}/roles': {
    get: {
      operationId: 'getUserRoles',
      summary: 'Get the roles of a user',
      security: session,
      parameters: [user, flag('ResourceID', 'An API, app or group: the roles there.')],
      responses: object(exactly({ RoleName: texts })),
    },
  },
  '/api/users/avatar/{AvatarID}': {
    get: {
      operationId: 'getUserAvatar',
      summary: 'Get the picture of a user',
      security: open,
      parameters: [id('AvatarID')],
      responses: picture(),
    },
  },
  '/api/users/{UserID}/apis': list('getUserApis', 'Get the APIs that a user administers'),
  '/api/users/{UserID}/apps': list('getUserApps', 'Get the apps of whose team a user is'),
  '/api/users/{UserID}/groups': list('getUserGroups', 'Get the groups of which a user is a member'),
  '/api/users/{UserID}/connections': list(
    'getUserConnections',
    'Get the personal collection of connections: contracts, groups, and what is followed. The path is a reading',
  ),
  '/api/users/{UserID}/board': list('getUserBoard', 'Get the forum of a user', query.start, query.count),
  '/api/users/{UserID}/followings': list('getFollowings', 'Get what a user follows', {
    name: 'Type',
    in: 'query',
    schema: { type: 'string', enum: ['api', 'app', 'group'] },
  }),
  '/api/users/{UserID}/notifications': list(
    'getNotifications',
    'Get the notifications that are not archived, the latest first',
    query.start,
    query.count,
  ),
  '/api/users/{UserID}/notifications/count': {
    get: {
      operationId: 'getNotificationsCount',
      summary: 'Get the number of notifications that are not archived',
      security: session,
      parameters: [user],
      responses: plain('The number.'),
    },
  },
  '/api/users/{UserID}/notifications/{NotificationID}/state': {
    put: {
      operationId: 'changeNotificationState',
      summary: 'Mark a notification as read or archived',
      security: session,
      parameters: [user, notification],
      requestBody: textBody('`read` or `archived`.'),
      responses: plain(),
    },
  },
  '/api/users/{UserID}/notifications/state': {
    put: {
      operationId: 'changeNotificationsState',
      summary: 'Mark several notifications',
      security: session,
      parameters: [user],
      requestBody: body(exactly({ State: { type: 'string', enum: ['read', 'archived'] }, NotificationID: texts })),
      responses: plain(),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  User: exactly({ UserID: text, UserName: text, Email: text, AvatarURL: text }),
};
