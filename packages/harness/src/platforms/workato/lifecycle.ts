import type { Connection } from './records.ts';

/**
 * The life of a connection as a table. Three things are apart from one another: how it is authorized
 * (`authorization_status`), whether its credentials were lost since (`connection_lost_*`, which lies over any state),
 * and whether active recipes use it. What is not in the table changes nothing.
 */

export type Status = Connection['authorization_status'];

/** An event in a connection's life. */
export type Happening =
  /** Its credentials were tested and work. */
  | 'accepted'
  /** They were tested and do not work. */
  | 'refused'
  /** The test itself failed. */
  | 'raised'
  /** It worked, and stopped working. */
  | 'lost'
  | 'disconnect'
  | 'delete';

export interface Circumstances {
  readonly inUse: boolean;
  readonly force: boolean;
}

interface Transition {
  readonly on: Happening;
  /** The states in which it applies (default: all). */
  readonly from?: readonly Status[];
  readonly inUse?: boolean;
  readonly force?: boolean;
  readonly outcome: EventOutcome;
}

/** Outcome of an event: fields that change, nothing, the end of the connection, or a refusal. */
export type EventOutcome =
  | { readonly kind: 'changed'; readonly fields: Fields }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'rejected' };

/** `now` and `words` stand for the time at which it happens and for what is said about it. */
type Fields = {
  readonly [field in
    | 'authorized_at'
    | 'authorization_status'
    | 'authorization_error'
    | 'identity'
    | 'connection_lost_at'
    | 'connection_lost_reason']?: Connection[field] | typeof NOW | typeof WORDS;
};

const NOW = Symbol('now');
const WORDS = Symbol('words');

const FOUND = { connection_lost_at: null, connection_lost_reason: null } as const;
const UNAUTHORIZED = { authorized_at: null, identity: null, ...FOUND } as const;

/** The first that applies is what happens. */
const LIFECYCLE: readonly Transition[] = [
  {
    on: 'accepted',
    outcome: {
      kind: 'changed',
      fields: {
        authorized_at: NOW,
        authorization_status: 'success',
        authorization_error: null,
        identity: WORDS,
        ...FOUND,
      },
    },
  },
  {
    on: 'refused',
    outcome: {
      kind: 'changed',
      fields: { ...UNAUTHORIZED, authorization_status: 'failed', authorization_error: WORDS },
    },
  },
  {
    on: 'raised',
    outcome: {
      kind: 'changed',
      fields: { ...UNAUTHORIZED, authorization_status: 'exception', authorization_error: WORDS },
    },
  },
  {
    on: 'lost',
    from: ['success'],
    outcome: { kind: 'changed', fields: { connection_lost_at: NOW, connection_lost_reason: WORDS } },
  },
  { on: 'disconnect', from: ['success'], inUse: true, force: false, outcome: { kind: 'rejected' } },
  {
    on: 'disconnect',
    from: ['success'],
    outcome: {
      kind: 'changed',
      fields: { ...UNAUTHORIZED, authorization_status: null, authorization_error: null },
    },
  },
  { on: 'delete', inUse: true, outcome: { kind: 'rejected' } },
  { on: 'delete', outcome: { kind: 'absent' } },
];

/** Returns the outcome of an event in these circumstances. */
export function outcomeOf(status: Status, happening: Happening, circumstances: Circumstances): EventOutcome {
  const found = LIFECYCLE.find(
    ({ on, from, inUse, force }) =>
      on === happening &&
      (from === undefined || from.includes(status)) &&
      (inUse === undefined || inUse === circumstances.inUse) &&
      (force === undefined || force === circumstances.force),
  );
  return found?.outcome ?? { kind: 'unchanged' };
}

/** The connection after it; `words` are the identity, the error or the reason, as the table asks for them. */
export function changed(connection: Connection, fields: Fields, now: Date, words: string | null): Connection {
  const at = now.toISOString();
  const filled = Object.entries(fields).map(([field, value]) => [
    field,
    value === NOW ? at : value === WORDS ? words : value,
  ]);
  return { ...connection, ...Object.fromEntries(filled), updated_at: at };
}
