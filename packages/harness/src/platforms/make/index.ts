import { lookUp, type Operation } from '@connectorkit/sdk/emulator';
import { type Operations, make as platform } from '@connectorkit/sdk/platforms/make';
import type { Answer, Behaviours, Emulator, Limit, Reason, Refusal, Violation } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import * as appContent from './app-content.ts';
import * as apps from './apps.ts';
import * as changes from './changes.ts';
import * as checksum from './checksum.ts';
import * as connections from './connections.ts';
import { admit, authenticate } from './credentials.ts';
import { FACTS } from './facts.ts';
import { pushed } from './pushed.ts';
import { published, references, seed } from './seed.ts';
import { SEED } from './seed-schema.ts';
import { PLANS, settingsIn } from './settings.ts';
import * as surroundings from './surroundings.ts';
import * as users from './users.ts';

const behaviours = {
  ...users.behaviours,
  ...surroundings.behaviours,
  ...apps.behaviours,
  ...appContent.behaviours,
  ...changes.behaviours,
  ...checksum.behaviours,
  ...connections.behaviours,
} as const satisfies Behaviours<Operations>;

/** Make's `/sdk/apps` API. What is not known of it and how it is read here: README.md. */
export const make: Emulator = {
  platform,
  prefixes: FACTS.prefixes,
  scopes: FACTS.scopes,
  // Bodies of about 2.1 to 2.8 MB were seen to be refused.
  bodyLimit: 2_500_000,
  behaviours,
  authenticate,
  refuse,
  limit,
  published,
  pushed,
  seed,
  seedSchema: SEED,
  seedReferences: references,
  admit,
};

/** All requests of an organization count, by its plan; Core's when limits are asked for and no plan is chosen. */
async function limit({ open }: Operation, asked: boolean, tx: ReadTransaction): Promise<Limit | undefined> {
  const plan = (await settingsIn(tx)).plan ?? (asked ? 'core' : undefined);
  return open || plan === undefined ? undefined : { name: 'organization', perMinute: PLANS[plan] };
}

interface Words {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Detail that Make adds, whatever the reason. */
  readonly detail?: string;
}

/** Make's own words and codes. Sources: Make's list of error codes, and bodies that its clients were seen to get. */
const REFUSALS: Readonly<Record<Reason, Words>> = {
  unauthenticated: { status: 401, code: 'IM015', message: 'User is not logged in.' },
  forbidden: { status: 403, code: 'SC403', message: 'Permission denied', detail: 'Access denied.' },
  'not-found': { status: 404, code: 'IM005', message: 'Not found' },
  'no-such-path': { status: 404, code: 'IM005', message: 'Not found' },
  malformed: { status: 400, code: 'SC400', message: 'Bad Request' },
  invalid: { status: 400, code: 'SC400', message: 'Validation failed' },
  'media-type': { status: 415, code: 'SC400', message: 'Unsupported Media Type' },
  'too-large': { status: 400, code: 'SC400', message: 'request entity too large' },
  'too-many': { status: 429, code: '', message: 'Requests limit for organization exceeded, please try again later.' },
  rejected: { status: 400, code: 'IM005', message: 'Invalid input parameters' },
  internal: { status: 500, code: 'IM001', message: 'Internal Server Error' },
};

interface NamedViolation {
  readonly detail: string;
  readonly status?: number;
}

/** Violations for which Make has its own message. */
const NAMED_VIOLATIONS: Readonly<Record<string, NamedViolation>> = {
  'createConnection body /type enum': { detail: 'Invalid connection type' },
  'createConnection body /type type': { detail: 'Invalid connection type' },
  'setConnectionCommon body  type': { detail: 'Common data must be a collection' },
  'setAppCommon body  type': { detail: 'Common data must be a collection' },
  'commitChanges body /message maxLength': { detail: 'Commit message is too big', status: 413 },
};

/** A message and a detail, because clients read the one only beside the other; of too many requests plain text. */
function refuse(refusal: Refusal, operation: { readonly id: string } | undefined): Answer {
  const { status, code, message, detail } = REFUSALS[refusal.reason];
  if (refusal.reason === 'too-many') return { status, mediaType: 'text/plain', body: message };
  const named = refusal.violations.map((each) => lookUp(NAMED_VIOLATIONS, violationKey(operation?.id, each)));
  const words = refusal.details.map((each, index) => named[index]?.detail ?? each);
  const details = detail === undefined ? [...new Set(words)] : [detail];
  const suberrors = details.length > 1 ? { suberrors: details.map((each) => ({ message: each })) } : {};
  return {
    status: named.find((each) => each?.status !== undefined)?.status ?? status,
    body: {
      detail: details.length === 1 ? details[0] : details,
      message,
      code: refusal.code ?? code,
      ...suberrors,
    },
  };
}

function violationKey(operation: string | undefined, { part, pointer, keyword }: Violation): string {
  return `${operation} ${part} ${pointer} ${keyword}`;
}
