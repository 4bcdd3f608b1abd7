import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { feed, id, plain, reading, session, textBody } from './conventions.ts';

/**
 * Who follows an API, an app or a group. Source of the lists: Akana's pages "getFollowers". How one follows is
 * documented nowhere: the writing operations are a reading, after the documented `POST /api/discussions/{id}/marks`.
 */

const FOLLOWED = [
  ['apis', 'APIID', 'Api', reading],
  ['apps', 'AppID', 'App', session],
  ['groups', 'GroupID', 'Group', session],
] as const;

export const paths: Paths = Object.fromEntries(
  FOLLOWED.flatMap(([collection, parameter, thing, security]) => [
    [`/api/${collection}/{${parameter}}/followers`, followers(parameter, thing, security)],
    [`/api/${collection}/{${parameter}}/followers/{FollowerID}`, follower(parameter, thing)],
  ]),
);

function followers(parameter: string, thing: string, security: OpenAPIV3_1.SecurityRequirementObject[]): Paths[string] {
  return {
    get: {
      operationId: `get${thing}Followers`,
      summary: 'Get the followers',
      security,
      parameters: [id(parameter)],
      responses: feed(),
    },
    post: {
      operationId: `follow${thing}`,
      summary: 'Follow it; again changes nothing',
      security: session,
      parameters: [id(parameter)],
      requestBody: textBody('The id of the user who follows.'),
      responses: plain('How many follow it now.'),
    },
  };
}

function follower(parameter: string, thing: string): Paths[string] {
  return {
    delete: {
      operationId: `unfollow${thing}`,
      summary: 'Take a follower away',
      security: session,
      parameters: [id(parameter), id('FollowerID')],
      responses: plain('How many follow it now.'),
    },
  };
}
