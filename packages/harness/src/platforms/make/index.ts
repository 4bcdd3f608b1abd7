import { createHash } from 'node:crypto';
import { type MakeOperations, PLATFORMS } from '@connectorkit/sdk';
import type { Answer, Behaviours, Emulator, Fault, Presented, Principal, Reason } from '../../emulator.ts';
import { Refusal } from '../../emulator.ts';
import type { Reading } from '../../store/store.ts';
import * as apps from './apps.ts';
import * as checksum from './checksum.ts';
import * as connections from './connections.ts';
import { published, seed } from './seed.ts';
import * as users from './users.ts';

const behaviours = {
  ...users.behaviours,
  ...apps.behaviours,
  ...checksum.behaviours,
  ...connections.behaviours,
} as const satisfies Behaviours<MakeOperations>;

const SCOPES = ['sdk-apps:read', 'sdk-apps:write'];

/** Make's `/sdk/apps` API. */
export const make: Emulator = {
  platform: PLATFORMS.make,
  prefixes: ['/api/v2', '/sdk'],
  // Bodies of about 2.1 to 2.8 MB were seen to be refused.
  bodyLimit: 2_500_000,
  behaviours,
  authenticate,
  refuse,
  published,
  seed,
  admit: (tx, token, scopes = SCOPES) => tx.set(tokenKey(token), { id: users.OWNER.id, scopes }),
};

/** Tokens are kept as hashes only. */
function tokenKey(token: string): readonly string[] {
  return ['make', 'tokens', createHash('sha256').update(token).digest('hex')];
}

/** `Token` is what the reference says and what API tokens are sent with; `Bearer` is what generated clients send. */
async function authenticate({ headers }: Presented, tx: Reading): Promise<Principal> {
  const [, token] = /^(?:Token|Bearer) +(\S+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const principal = token === undefined ? undefined : await tx.get<Principal>(tokenKey(token));
  if (principal === undefined) throw new Refusal('unauthenticated', 'The API token is missing or not known.');
  return principal;
}

/** Make's own words and codes. Sources: Make's list of error codes, and bodies that its clients were seen to get. */
const REFUSALS: Readonly<Record<Reason, { status: number; code: string; message: string }>> = {
  unauthenticated: { status: 401, code: 'IM015', message: 'User is not logged in.' },
  forbidden: { status: 403, code: 'SC403', message: 'Permission denied' },
  'not-found': { status: 404, code: 'IM005', message: 'Not found' },
  'no-such-path': { status: 404, code: 'IM005', message: 'Not found' },
  malformed: { status: 400, code: 'SC400', message: 'Bad Request' },
  invalid: { status: 400, code: 'SC400', message: 'Validation failed' },
  'media-type': { status: 415, code: 'SC400', message: 'Unsupported Media Type' },
  'too-large': { status: 400, code: 'SC400', message: 'request entity too large' },
  'too-many': { status: 429, code: 'IM429', message: 'Too Many Requests' },
  rejected: { status: 409, code: 'SC409', message: 'Conflict' },
  internal: { status: 500, code: 'IM001', message: 'Internal Server Error' },
};

/** What Make says of faults that it names in words of its own. */
const NAMED_FAULTS: Readonly<Record<string, string>> = {
  'createConnection body /type enum': 'Invalid connection type',
  'createConnection body /type type': 'Invalid connection type',
  'setConnectionCommon body  type': 'Common data must be a collection',
};

function refuse(refusal: Refusal, operation: { readonly id: string } | undefined): Answer {
  const { status, code, message } = REFUSALS[refusal.reason];
  const named = refusal.faults.map((fault) => NAMED_FAULTS[faultKey(operation?.id, fault)]);
  const details = refusal.details.map((detail, index) => named[index] ?? detail);
  const suberrors = details.length > 1 ? { suberrors: details.map((each) => ({ message: each })) } : {};
  return { status, body: { detail: details.length === 1 ? details[0] : details, message, code, ...suberrors } };
}

function faultKey(operation: string | undefined, { part, pointer, keyword }: Fault): string {
  return `${operation} ${part} ${pointer} ${keyword}`;
}
