import type { Operations } from '#generated/anypoint.js';
import type { Read } from '../answer-fields.ts';
import type { Reads } from '../client.ts';

/** Parts of Anypoint's answers that the client reads. */

const PERSON = {
  'id?': true,
  'username?': true,
  'email?': true,
  'organization?': { id: true },
  'memberOfOrganizations?': [{ id: true, 'isRoot?': true }],
} as const;

const NAMED = { id: true, name: true } as const;
const INSTANCE = { groupId: true, assetId: true, id: true } as const;

/** A contract, as its application's team and as the API's owners are told of it. */
const CONTRACT = {
  id: true,
  status: true,
  application: NAMED,
  applicationId: true,
  'tier?': { name: true },
  'requestedTier?': { name: true },
} as const;

const OWNED = { ...CONTRACT, 'tierId?': true, 'requestedTierId?': true } as const;

export const READS = {
  login: { access_token: true },
  createToken: { access_token: true },
  getCurrentUser: { ...PERSON, 'user?': PERSON },
  listUserRoles: { data: [{ name: true }] },
  getAsset: {
    name: true,
    version: true,
    'versionGroup?': true,
    organization: { id: true },
    'otherVersions?': [{ version: true, versionGroup: true }],
  },
  listInstances: [{ ...NAMED, 'environmentId?': true, 'environmentName?': true }],
  listAPIGroupInstances: [
    {
      ...NAMED,
      'environmentId?': true,
      'apiInstances?': [{ 'environmentId?': true, 'environmentName?': true }],
    },
  ],
  listInstanceTiers: [NAMED],
  listAPIGroupInstanceTiers: [NAMED],
  listApplications: [NAMED],
  getApplication: { clientId: true, clientSecret: true },
  listApplicationInstances: [
    {
      ...CONTRACT,
      versionGroup: true,
      'possibleTiers?': [{ id: true }],
      'apiVersion?': INSTANCE,
      'apiGroupInstance?': INSTANCE,
    },
  ],
  createContract: { id: true },
  getManagedContract: OWNED,
  getGroupContract: OWNED,
  listManagedContracts: { contracts: [OWNED] },
  listGroupContracts: { contracts: [OWNED] },
} as const satisfies Reads<Operations>;

/** Operations whose answers hold credentials. */
export const SECRET = ['login', 'createToken', 'getApplication'];

/** The parts of an operation's answer that are read. */
export type ReadAnswer<Id extends keyof typeof READS> = Read<Operations[Id]['answer'], (typeof READS)[Id]>;
