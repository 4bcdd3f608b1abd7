import type { AccessAction, ContractState } from '../platform.ts';

/**
 * Actions on a contract, by its state. Anypoint’s API does not give them, so they are known from here: from its
 * documentation of contracts, and from what the caller is seen to have. The platform decides all the same.
 */

export const STATES: Readonly<Record<string, ContractState>> = {
  PENDING: 'pending',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  REVOKED: 'revoked',
};

export interface Standing {
  readonly status: string;
  /** True if another tier is asked for while one is in force. */
  readonly changing: boolean;
  /** True if the instance has tiers that it could be put on. */
  readonly tiered: boolean;
  /** True if the application is the caller’s. */
  readonly mine: boolean;
  /** True if the caller manages the API’s contracts. */
  readonly managed: boolean;
}

interface Row {
  readonly action: AccessAction;
  readonly status: string;
  readonly when: (standing: Standing) => boolean;
}

const owner = ({ managed }: Standing) => managed;
const changing = (standing: Standing) => standing.managed && standing.changing;

/** `approve` and `reject` of a contract that is in force are about the tier that is asked for. */
const ACTIONS: readonly Row[] = [
  { action: 'approve', status: 'PENDING', when: owner },
  { action: 'reject', status: 'PENDING', when: owner },
  { action: 'approve', status: 'APPROVED', when: changing },
  { action: 'reject', status: 'APPROVED', when: changing },
  { action: 'revoke', status: 'APPROVED', when: owner },
  { action: 'restore', status: 'REVOKED', when: owner },
  // Anypoint wants a contract revoked before it is deleted.
  { action: 'cancel', status: 'REVOKED', when: owner },
  { action: 'cancel', status: 'REJECTED', when: owner },
  { action: 'revise', status: 'APPROVED', when: ({ mine, tiered }) => mine && tiered },
];

export function actionsOf(standing: Standing): AccessAction[] {
  return ACTIONS.filter(({ status, when }) => status === standing.status && when(standing)).map(({ action }) => action);
}

/** Roles whose holders manage contracts. Source: API Manager’s documentation of contracts and of API groups. */
const MANAGERS = ['Organization Administrator', 'API Manager Environment Administrator', 'Manage Contracts'];
const GROUP_MANAGERS = [...MANAGERS, 'API Group Administrator'];

/** Checks if the roles are a manager’s; whoever may not see their own roles is taken for one, as far as they see contracts. */
export function manages(roles: readonly string[] | undefined, ofGroup: boolean): boolean {
  return roles === undefined || roles.some((role) => (ofGroup ? GROUP_MANAGERS : MANAGERS).includes(role));
}
