import { type Contract, operationsOf } from '@connectorkit/sdk/emulator';
import type { Key, ReadTransaction, WriteTransaction } from '../store/store.ts';

/** Contracts of a platform on which access to APIs is requested, for whoever plays all of its roles. */
export interface AccessQueue {
  readonly roles: readonly AccessRole[];
  /** All contracts, those that wait for a decision first, and of both the latest first. */
  list(role: string, tx: ReadTransaction): Promise<readonly QueuedContract[]>;
  /** One contract with all that belongs to it; undefined when it is not there. */
  show(id: string, role: string, tx: ReadTransaction): Promise<ContractFile | undefined>;
  /** The request to the platform's own API by which an action is performed. */
  request(id: string, action: string, details: ActionDetails, tx: ReadTransaction): Promise<OwnRequest>;
}

/** A role on a platform, in its own words. */
export interface AccessRole {
  readonly name: string;
  /** Rights on contracts, one sentence. */
  readonly may: string;
}

/** A contract between an application and an API, with the actions of a role. */
export interface QueuedContract {
  readonly id: string;
  readonly api: Named;
  readonly application: Named;
  readonly environment: string | null;
  /** In the platform's own words. */
  readonly state: string;
  /** True if it waits for a decision. */
  readonly waits: boolean;
  readonly tier: string | null;
  readonly requestedTier: string | null;
  /** When it was last changed, ISO 8601. */
  readonly changed: string | null;
  /** Actions that the platform allows the role in this state. */
  readonly actions: readonly OfferedAction[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** An action that a role may perform on a contract now. */
export interface OfferedAction {
  /** In the platform's own words. */
  readonly name: string;
  /** Details that it takes; a tier has to be given where it `needs` one. */
  readonly takes: readonly (keyof ActionDetails)[];
  readonly needs: readonly (keyof ActionDetails)[];
  /** True if no action leads back. */
  readonly final: boolean;
}

/** Details of an action on a contract. */
export interface ActionDetails {
  readonly comment?: string;
  /** The id of a tier. */
  readonly tier?: string;
}

/** A contract with what belongs to it. */
export interface ContractFile extends QueuedContract {
  readonly description: string;
  readonly requestedBy: string | null;
  /** Terms of use of the API. */
  readonly legals: readonly { readonly title: string; readonly accepted: boolean }[];
  readonly tiers: readonly TierOffer[];
  /** From the first event to the last, since it was not seeded. */
  readonly history: readonly HistoryEvent[];
  /** Notices that users were sent about it, the latest first. */
  readonly notices: readonly Notice[];
}

interface TierOffer extends Named {
  readonly status: string;
  /** True if requests for it are approved by themselves. */
  readonly automatic: boolean;
  readonly limits: readonly { readonly requests: number; readonly milliseconds: number }[];
}

export interface Notice {
  readonly at: string;
  /** Id of the user. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly state: string;
}

/** An event in the life of a contract. */
export interface HistoryEvent {
  readonly at: string;
  /** The platform's word for the action, such as `approve`. */
  readonly action: string;
  /** State before it; null for the first. */
  readonly from: string | null;
  readonly to: string;
  /** Id of the user, or of the application, that acted; empty for the platform itself. */
  readonly by: string;
  readonly comment?: string;
}

/** A request to an API that the harness emulates. */
export interface OwnRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly body?: unknown;
}

/**
 * A request for an operation of a contract. Where the contract has several servers, the first is asked.
 * @throws Error when there is no such operation, or a parameter of its path is missing: bugs
 */
export function requestFor(
  contract: Contract,
  operation: string,
  path: Readonly<Record<string, string | number>>,
  body?: unknown,
): OwnRequest {
  const found = operationsOf(contract).get(operation);
  if (found === undefined) throw new Error(`there is no operation ${operation}`);
  const filled = found.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = path[name];
    if (value === undefined) throw new Error(`${operation} needs ${name}`);
    return encodeURIComponent(value);
  });
  const server = contract.servers[0]?.url.replace(/\/$/, '') ?? '';
  return { method: found.method, url: `${server}${filled}`, ...(body === undefined ? {} : { body }) };
}

/** Those that wait first, and of both the latest first. */
export function inQueueOrder(contracts: readonly QueuedContract[]): QueuedContract[] {
  const changed = ({ changed: at }: QueuedContract) => at ?? '';
  return [...contracts].sort(
    (a, b) => Number(b.waits) - Number(a.waits) || (changed(a) < changed(b) ? 1 : changed(a) > changed(b) ? -1 : 0),
  );
}

const historyKey = (platform: string, contract: string | number): Key => [platform, 'history', contract];

/** Keeps an event in the life of a contract. */
export async function keepEvent(
  platform: string,
  contract: string | number,
  event: HistoryEvent,
  tx: WriteTransaction,
): Promise<void> {
  await tx.set([...historyKey(platform, contract), await tx.next([platform, 'history-numbers'])], event);
}

export function dropHistory(platform: string, contract: string | number, tx: WriteTransaction): Promise<number> {
  return tx.deleteAll(historyKey(platform, contract));
}

export async function historyOf(
  platform: string,
  contract: string | number,
  tx: ReadTransaction,
): Promise<HistoryEvent[]> {
  return (await tx.list<HistoryEvent>(historyKey(platform, contract))).map(({ value }) => value);
}
