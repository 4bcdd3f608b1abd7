import type { Operations } from '#generated/akana.js';
import type { Read } from '../answer-fields.ts';
import type { Reads } from '../client.ts';
import type { Feed } from './feed.ts';

/** Parts of Akana's answers that the client's roles read. */

type ConnectedAppsAnswer = Operations['getConnectedApps']['answer'];

/** The operations as the client gives them: feeds, which may be written in several ways, become one form. */
export type ReadOperations = {
  readonly [Id in keyof Operations]: Omit<Operations[Id], 'answer'> & {
    readonly answer: ConnectedAppsAnswer extends Operations[Id]['answer'] ? Feed : Operations[Id]['answer'];
  };
};

const CATEGORY = [{ value: true, 'domain?': true }] as const;

/** Of a feed in that form. */
const FEED = {
  channel: {
    item: [
      {
        'title?': true,
        category: CATEGORY,
        guid: { value: true },
        'EntityReferences?': { EntityReference: [{ 'Title?': true, Guid: true, Category: CATEGORY }] },
        'Actions?': [{ value: true }],
      },
    ],
  },
} as const;

export const READS = {
  renewToken: { 'userFDN?': true },
  getUser: { UserName: true, 'Email?': true },
  getUserRoles: { 'RoleName?': [true] },
  getUserApps: FEED,
  getApiContracts: FEED,
  getAppContracts: FEED,
  search: FEED,
  getContract: {
    ContractID: true,
    APIVersionID: true,
    RuntimeID: true,
    Environment: true,
    State: true,
    'ContractScope?': true,
  },
  getContractApiDetails: { Name: true },
  getContractAppDetails: { Name: true },
  getWorkflowActions: { 'Action?': [{ Value: true }] },
  requestContract: { ContractID: true },
  getApiLegals: { 'Document?': [{ DocumentID: true, 'Accepted?': true }] },
  getApi: { 'APIVersion?': { APIVersionID: true } },
  getApiVersion: { APIVersionID: true },
  getApp: { 'AppVersion?': { AppVersionID: true } },
  getAppVersion: { AppVersionID: true, RuntimeID: true },
  getSharedSecret: { SharedSecret: true },
} as const satisfies Reads<ReadOperations>;

/** A feed, and one of its items, as far as they are read. */
export type FeedRead = Read<Feed, typeof FEED>;
export type ItemRead = FeedRead['channel']['item'][number];

/** Operations whose answers hold credentials. */
export const SECRET = ['login', 'renewToken', 'getSharedSecret'];
