import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { body, exactly, feed, flag, id, object, plain, query, ref, session, text, textBody } from './conventions.ts';

/**
 * Groups, which are resources like APIs and apps, and the search that finds all of them. Sources: the overview of
 * Akana's Groups service; the search as clients were seen to use it.
 */

const group = id('GroupID');

export const paths: Paths = {
  '/api/groups': {
    post: {
      operationId: 'createGroup',
      summary: 'Add an independent group',
      security: session,
      requestBody: body({
        type: 'object',
        required: ['Name'],
        properties: { Name: { type: 'string', minLength: 1 }, Description: text },
      }),
      responses: object(ref('Group')),
    },
  },
  '/api/groups/{GroupID}': {
    get: {
      operationId: 'getGroup',
      summary: 'Get a group',
      security: session,
      parameters: [group],
      responses: object(ref('Group')),
    },
    delete: {
      operationId: 'deleteGroup',
      summary: 'Delete a group',
      security: session,
      parameters: [group],
      responses: plain(),
    },
  },
  '/api/groups/{GroupID}/members': {
    get: {
      operationId: 'getGroupMembers',
      summary: 'Get the members of a group',
      security: session,
      parameters: [group],
      responses: feed(),
    },
    post: {
      operationId: 'addGroupMember',
      summary: 'Add a member',
      security: session,
      parameters: [group],
      requestBody: textBody('The id of the user.'),
      responses: plain('How many members there are now.'),
    },
  },
  '/api/groups/{GroupID}/members/{UserID}': {
    delete: {
      operationId: 'removeGroupMember',
      summary: 'Remove a member',
      security: session,
      parameters: [group, id('UserID')],
      responses: plain('How many members there are now.'),
    },
  },
  '/api/search': {
    get: {
      operationId: 'search',
      summary: 'Search APIs, apps and groups that the caller may see',
      security: session,
      parameters: [
        flag('q', 'Words of the name, and `type:api`, `type:app` or `type:group`.'),
        query.start,
        query.count,
      ],
      responses: feed(),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Group: exactly({ GroupID: text, Name: text, Description: text }),
};
