import { randomUUID } from 'node:crypto';
import { lookUp, type Operation } from '@connectorkit/sdk/emulator';
import { type Operations, workato as platform } from '@connectorkit/sdk/platforms/workato';
import type { Answer, Behaviours, Emulator, Limit, Reason, Refusal } from '../../emulator.ts';
import * as connections from './connections.ts';
import { admit, authenticate } from './credentials.ts';
import * as embedded from './embedded.ts';
import { FACTS, SCOPES } from './facts.ts';
import * as folders from './folders.ts';
import * as managedUsers from './managed-users.ts';
import { errorPage } from './page.ts';
import * as recipes from './recipes.ts';
import { references, seed } from './seed.ts';
import { SEED } from './seed-schema.ts';
import * as tags from './tags.ts';
import * as workspace from './workspace.ts';

const behaviours = {
  ...managedUsers.behaviours,
  ...connections.behaviours,
  ...folders.behaviours,
  ...recipes.behaviours,
  ...tags.behaviours,
  ...workspace.behaviours,
  ...embedded.behaviours,
} as const satisfies Behaviours<Operations>;

const OWN_WORKSPACE = 1;

/** Workato's Embedded API. What its reference leaves open and how it is read here: README.md. */
export const workato: Emulator = {
  platform,
  prefixes: FACTS.prefixes,
  scopes: FACTS.scopes,
  // Not documented.
  bodyLimit: 1_000_000,
  behaviours,
  authenticate,
  refuse,
  limit,
  seed,
  seedSchema: SEED,
  seedReferences: references,
  customers: async () => (await import('./customers.ts')).customers,
  admit: (tx, token, scopes = SCOPES) => admit(tx, token, scopes, OWN_WORKSPACE),
};

/** Operations on customers' connections are limited, listing them apart from the others. Source: the page's later versions. */
const LIMITS: Readonly<Record<string, Limit>> = {
  listConnections: { name: 'list', perMinute: 1000 },
  ...Object.fromEntries(
    [
      'createConnection',
      'updateConnection',
      'disconnectConnection',
      'deleteConnection',
      'getConnectionInputSchema',
      'getConnectorInputSchema',
    ].map((id) => [id, { name: 'connections', perMinute: 60 }]),
  ),
};

function limit({ id }: Operation, asked: boolean): Limit | undefined {
  return asked ? lookUp(LIMITS, id) : undefined;
}

/** Workato's own words. Sources: its table of error codes, and the reference's samples. */
const REFUSALS: Readonly<Record<Reason, { readonly status: number; readonly message: string }>> = {
  unauthenticated: { status: 401, message: 'Unauthorized' },
  forbidden: { status: 403, message: 'Forbidden' },
  'not-found': { status: 404, message: 'Not found' },
  'no-such-path': { status: 404, message: 'Not found' },
  malformed: { status: 400, message: 'Bad request' },
  invalid: { status: 400, message: 'Bad request' },
  'media-type': { status: 400, message: 'Bad request' },
  'too-large': { status: 400, message: 'Bad request' },
  'too-many': { status: 429, message: 'Too many requests' },
  rejected: { status: 400, message: '' },
  internal: { status: 500, message: 'Server error' },
};

/** Below it stand pages that a browser shows in a frame; all else is asked by programs. */
const PAGES = '/direct_link/';

function refuse(refusal: Refusal, operation: Operation | undefined, path: string): Answer {
  const { status, message } = REFUSALS[refusal.reason];
  const wantsPage = operation?.answers.get(String(status))?.has('text/html') ?? `${path}/`.startsWith(PAGES);
  if (wantsPage) return { status, mediaType: 'text/html', ...errorPage(message) };
  return { status, body: BODIES[refusal.reason]?.(refusal) ?? fieldsBody(refusal) ?? { message } };
}

/** Refusals whose body says more than a message. */
const BODIES: { readonly [reason in Reason]?: (refusal: Refusal) => unknown } = {
  rejected: ({ message }) => ({ success: false, status: 'rejected', message }),
  internal: () => ({ message: REFUSALS.internal.message, id: randomUUID() }),
};

function fieldsBody({ fields }: Refusal): unknown {
  return fields && { message: 'Validation failed', errors: fields };
}
