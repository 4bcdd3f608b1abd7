import type { Contract } from './records.ts';

/**
 * The life of a contract as one table; what is not in it is refused. A contract that is in force can besides want
 * another tier: then it has a `requestedTierId` beside its `tierId`.
 */

export type Status = Contract['status'];

/** Actions. `assignTier` is the owner’s, `changeTier` the requester’s. */
export type Action =
  | 'request'
  | 'approve'
  | 'reject'
  | 'revoke'
  | 'restore'
  | 'delete'
  | 'changeTier'
  | 'assignTier'
  | 'approveTierChange'
  | 'rejectTierChange';

/** The tier after an action: the one that goes with it, none, or the former one. */
type Becomes = 'asked' | 'none' | 'kept';

export interface Transition {
  readonly on: Action;
  /** NONE: there is no contract. */
  readonly from: readonly (Status | 'NONE')[];
  /** True for a tier that is approved by itself, false for one that is not (default: both). */
  readonly auto?: boolean;
  /** True if it applies only when another tier is wanted. */
  readonly changing?: true;
  readonly to: Status | 'NONE';
  /** The dates that are set, and those that are taken away. */
  readonly stamps?: { readonly [date in 'approvedDate' | 'rejectedDate' | 'revokedDate']?: 'now' | null };
  readonly tier: Becomes;
  readonly requestedTier: Becomes;
}

const IN_FORCE = { to: 'APPROVED', stamps: { approvedDate: 'now' }, tier: 'asked', requestedTier: 'none' } as const;
const ANOTHER_TIER = { to: 'APPROVED', tier: 'asked', requestedTier: 'none' } as const;
const GONE = { to: 'NONE', tier: 'kept', requestedTier: 'kept' } as const;

/** The first that applies is what happens. */
const LIFECYCLE: readonly Transition[] = [
  { on: 'request', from: ['NONE'], auto: true, ...IN_FORCE },
  { on: 'request', from: ['NONE'], to: 'PENDING', tier: 'none', requestedTier: 'asked' },
  { on: 'approve', from: ['PENDING'], ...IN_FORCE },
  {
    on: 'reject',
    from: ['PENDING'],
    to: 'REJECTED',
    stamps: { rejectedDate: 'now' },
    tier: 'kept',
    requestedTier: 'kept',
  },
  {
    on: 'revoke',
    from: ['APPROVED'],
    to: 'REVOKED',
    stamps: { revokedDate: 'now' },
    tier: 'kept',
    requestedTier: 'none',
  },
  {
    on: 'restore',
    from: ['REVOKED'],
    to: 'APPROVED',
    stamps: { approvedDate: 'now', revokedDate: null },
    tier: 'kept',
    requestedTier: 'none',
  },
  { on: 'changeTier', from: ['APPROVED'], auto: true, ...ANOTHER_TIER },
  { on: 'changeTier', from: ['APPROVED'], to: 'APPROVED', tier: 'kept', requestedTier: 'asked' },
  { on: 'assignTier', from: ['APPROVED'], ...ANOTHER_TIER },
  { on: 'approveTierChange', from: ['APPROVED'], changing: true, ...ANOTHER_TIER },
  {
    on: 'rejectTierChange',
    from: ['APPROVED'],
    changing: true,
    to: 'APPROVED',
    tier: 'kept',
    requestedTier: 'none',
  },
  // The web page wants a contract revoked first; the API does not.
  { on: 'delete', from: ['PENDING', 'APPROVED', 'REJECTED', 'REVOKED'], ...GONE },
];

/** Returns the transition of an action in this state, or undefined when it is not allowed. */
export function transitionOf(
  action: Action,
  status: Status | 'NONE',
  { auto, changing }: { readonly auto: boolean; readonly changing: boolean },
): Transition | undefined {
  return LIFECYCLE.find(
    (row) =>
      row.on === action &&
      row.from.includes(status) &&
      (row.auto === undefined || row.auto === auto) &&
      (row.changing === undefined || changing),
  );
}

/** The contract after a transition that leaves one; `asked` is the tier that goes with the action. */
export function after(contract: Contract, transition: Transition, asked: number | null, now: Date): Contract {
  const at = now.toISOString();
  const stamps = Object.entries(transition.stamps ?? {}).map(([date, value]) => [date, value === 'now' ? at : value]);
  const becomes = { asked, none: null };
  return {
    ...contract,
    status: transition.to as Status,
    tierId: transition.tier === 'kept' ? contract.tierId : becomes[transition.tier],
    requestedTierId: transition.requestedTier === 'kept' ? contract.requestedTierId : becomes[transition.requestedTier],
    ...Object.fromEntries(stamps),
    updated: at,
  };
}
