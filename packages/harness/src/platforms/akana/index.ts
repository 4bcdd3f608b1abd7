import { type Operations, akana as platform } from '@connectorkit/sdk/platforms/akana';
import type { Answer, Behaviours, Emulator, Reason, Refusal } from '../../emulator.ts';
import * as apis from './apis.ts';
import * as apps from './apps.ts';
import * as contracts from './contracts.ts';
import { FACTS } from './facts.ts';
import * as followers from './followers.ts';
import * as groups from './groups.ts';
import { toXML } from './rss.ts';
import { references, seed } from './seed.ts';
import { SEED } from './seed-schema.ts';
import * as session from './session.ts';
import * as users from './users.ts';

const behaviours = {
  ...session.behaviours,
  ...apis.behaviours,
  ...apps.behaviours,
  ...contracts.behaviours,
  ...users.behaviours,
  ...followers.behaviours,
  ...groups.behaviours,
} as const satisfies Behaviours<Operations>;

/** Akana's API Platform. What its pages leave open and how it is read here: README.md. */
export const akana: Emulator = {
  platform,
  prefixes: FACTS.prefixes,
  scopes: FACTS.scopes,
  // Not documented.
  bodyLimit: 1_000_000,
  behaviours,
  authenticate: session.authenticate,
  refuse,
  represent: (value, mediaType) =>
    /[/+]xml$/.test(mediaType) && typeof value !== 'string' ? toXML(value) : String(value),
  seed,
  seedSchema: SEED,
  seedReferences: references,
  admit: session.admit,
  access: async () => (await import('./access.ts')).access,
};

/** 401 and 500 are all that is documented; what a role may not do is answered like a missing session. */
const STATUSES: Readonly<Record<Reason, number>> = {
  unauthenticated: 401,
  forbidden: 401,
  'not-found': 500,
  'no-such-path': 404,
  malformed: 500,
  invalid: 500,
  'media-type': 415,
  'too-large': 500,
  'too-many': 500,
  rejected: 500,
  internal: 500,
};

/** Source of the shape: clients that were seen to get it. */
function refuse({ reason, message }: Refusal): Answer {
  return { status: STATUSES[reason], body: { faultcode: 'server', faultstring: message } };
}
