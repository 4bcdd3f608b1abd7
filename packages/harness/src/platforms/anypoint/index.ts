import type { Operation } from '@connectorkit/sdk/emulator';
import { type Operations, anypoint as platform } from '@connectorkit/sdk/platforms/anypoint';
import type { Answer, Behaviours, Emulator, Reason, Refusal } from '../../emulator.ts';
import * as accounts from './accounts.ts';
import * as applications from './applications.ts';
import * as assets from './assets.ts';
import * as contracts from './contracts.ts';
import { admit, authenticate } from './credentials.ts';
import { FACTS } from './facts.ts';
import * as manager from './manager.ts';
import { references, seed } from './seed.ts';
import { SEED } from './seed-schema.ts';
import * as tiers from './tiers.ts';

const behaviours = {
  ...accounts.behaviours,
  ...assets.behaviours,
  ...applications.behaviours,
  ...tiers.behaviours,
  ...contracts.behaviours,
  ...manager.behaviours,
} as const satisfies Behaviours<Operations>;

/** Anypoint's Exchange and what surrounds it. What its reference leaves open and how it is read here: README.md. */
export const anypoint: Emulator = {
  platform,
  prefixes: FACTS.prefixes,
  scopes: FACTS.scopes,
  // Not documented.
  bodyLimit: 1_000_000,
  behaviours,
  authenticate,
  refuse,
  seed,
  seedSchema: SEED,
  seedReferences: references,
  admit,
  access: async () => (await import('./access.ts')).access,
};

/** Statuses, and API Manager's names for them. The words of 401 and 403 are always the same. */
const REFUSALS: Readonly<Record<Reason, { readonly status: number; readonly message?: string }>> = {
  unauthenticated: { status: 401, message: 'Unauthorized' },
  forbidden: { status: 403, message: 'Unauthorized' },
  'not-found': { status: 404 },
  'no-such-path': { status: 404, message: 'Not Found' },
  malformed: { status: 400 },
  invalid: { status: 400 },
  'media-type': { status: 400 },
  'too-large': { status: 400 },
  'too-many': { status: 429 },
  rejected: { status: 409 },
  internal: { status: 500, message: 'Internal Server Error' },
};

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

function refuse(refusal: Refusal, operation: Operation | undefined): Answer {
  const { status: usual, message = refusal.message } = REFUSALS[refusal.reason];
  const status = refusal.status ?? usual;
  const managed = /^\/api(manager|platform)\//.test(operation?.path ?? '');
  return { status, body: managed ? { error: NAMES[status] ?? '', message } : { status, message, details: {} } };
}
