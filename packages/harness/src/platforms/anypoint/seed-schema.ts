import {
  choice,
  flag,
  id,
  list,
  map,
  name,
  object,
  seedOf,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../../seed-schema.ts';
import { ROLES } from './credentials.ts';

const roles = list(choice(Object.keys(ROLES)), 'Default: Exchange Contributor.');
const organizationId = name('Default: the one that is there from the start.');
const idOrNull = { ...id(), type: ['integer', 'null'] };
const kind = choice(['api', 'api-group'], 'Default: `api`.');
const times = { created: time, updated: timeOrNull };

const limits = list(
  object({ visible: flag('Whether Exchange shows it.'), maximumRequests: id(), timePeriodInMilliseconds: id() }, [
    'maximumRequests',
    'timePeriodInMilliseconds',
  ]),
);

/** Of instances of APIs and of groups. */
const placed = {
  id: id(),
  organizationId,
  groupId: organizationId,
  assetId: name(),
  assetVersion: name('Default: 1.0.0.'),
  versionGroup: name('Default: v1.'),
  environmentId: name('Default: the sandbox that is there from the start.'),
  label: textOrNull(),
  deprecated: flag(),
};

/**
 * Seed of Anypoint's emulator. Everything has the ids and times that are given. There are from the
 * start one organisation, `5a673b98-92f4-459d-b950-daeed7a8165d`, its environment `Sandbox`, and the user `harness`
 * whose the harness's own token is.
 */
export const SEED = seedOf('Anypoint', {
  organizations: list(
    object(
      {
        id: name(),
        name: text(),
        rootId: name('The organisation at the top of its tree (default: its own id).'),
        federated: flag('Whether clients come from providers of the organisation’s own.'),
      },
      ['id'],
    ),
  ),
  environments: list(
    object(
      {
        id: name(),
        name: text(),
        organizationId,
        type: choice(['sandbox', 'production', 'design']),
        providerId: textOrNull('Where the clients of its APIs come from; null is Anypoint itself.'),
      },
      ['id', 'name'],
    ),
  ),
  users: list(
    object(
      {
        id: name(),
        username: name(),
        firstName: text(),
        lastName: text(),
        email: text(),
        organizationId,
        roles,
        password: text(),
      },
      ['username', 'password'],
    ),
  ),
  connected_apps: list(
    object({ id: name(), name: text(), organizationId, roles, secret: text() }, ['id', 'secret']),
    'Connected apps that act on their own behalf.',
  ),
  assets: list(
    object(
      {
        groupId: organizationId,
        assetId: name(),
        name: text(),
        type: choice(['rest-api', 'api-group'], 'Default: `rest-api`.'),
        organizationId,
        versions: {
          ...list(object({ version: name(), versionGroup: name() }, ['version', 'versionGroup'])),
          minItems: 1,
          description: 'The latest is the last.',
        },
        versionGroup: name('Of the one version, where `versions` is left out.'),
        terms: map(text(), 'By version group the terms that have to be accepted.'),
      },
      ['assetId'],
    ),
  ),
  instances: list(
    object(
      {
        ...placed,
        apiId: id('The API that it is an instance of.'),
        type: choice(['managed', 'external', 'mocked']),
        stage: text(),
      },
      ['id', 'assetId'],
    ),
  ),
  group_instances: list(
    object(
      {
        ...placed,
        apiGroupId: id(),
        apiGroupVersionId: id(),
        apiGroupName: text(),
        isPublic: flag(),
        members: list(id(), 'The ids of the instances that are in it.'),
      },
      ['id', 'assetId'],
    ),
  ),
  tiers: list(
    object(
      {
        id: id(),
        kind,
        instanceId: id(),
        name: text(),
        description: textOrNull(),
        limits: { ...limits, description: 'Of an API; of a group those of its APIs that have none of their own.' },
        limitsByApi: list(object({ apiId: id(), limits }, ['apiId', 'limits']), 'Of a group, by instance.'),
        status: choice(['ACTIVE', 'DEPRECATED']),
        autoApprove: flag(),
        ...times,
      },
      ['id', 'instanceId'],
    ),
  ),
  applications: list(
    object(
      {
        id: id(),
        name: name(),
        description: textOrNull(),
        url: textOrNull(),
        redirectUri: list(text()),
        grantTypes: list(choice(['password', 'implicit', 'client_credentials', 'authorization_code', 'refresh_token'])),
        clientId: name(),
        providerId: textOrNull(),
        masterOrganizationId: organizationId,
        owner: name('The name of a user, or the id of a connected app (default: the harness’s own user).'),
        secret: text(),
        ...times,
      },
      ['id', 'name'],
    ),
  ),
  contracts: list(
    object(
      {
        id: id(),
        applicationId: id(),
        kind,
        instanceId: id(),
        status: choice(['PENDING', 'APPROVED', 'REJECTED', 'REVOKED']),
        tierId: { ...idOrNull, description: 'The tier that is in force.' },
        requestedTierId: idOrNull,
        approvedDate: timeOrNull,
        rejectedDate: timeOrNull,
        revokedDate: timeOrNull,
        terms: textOrNull('The terms that were accepted.'),
        ...times,
      },
      ['id', 'applicationId', 'instanceId', 'status'],
    ),
  ),
});
