import type { OwnRequest } from '../access/queue.ts';
import type { ReadTransaction, WriteTransaction } from '../store/store.ts';

/** Customers of a platform on which they have connections of their own, for whoever looks after all of them. */
export interface Customers {
  /** By ascending id. */
  list(tx: ReadTransaction): Promise<readonly Customer[]>;
  /** The connections of one; undefined when the customer is not there. */
  connections(customer: string, tx: ReadTransaction): Promise<readonly CustomerConnection[] | undefined>;
  /** The request to the platform's own API by which an action is performed. */
  request(customer: string, connection: string, action: string): OwnRequest | undefined;
  /**
   * A connection stops working, as when its user takes back what was granted. No API does this.
   * @throws Refusal not-found, rejected when it is not connected
   */
  lose(customer: string, connection: string, reason: string, now: Date, tx: WriteTransaction): Promise<void>;
}

/** A customer, and how many connections it has. */
export interface Customer {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  /** How many connections are in each state; those that were lost are counted as `lost` alone. */
  readonly connections: Readonly<Record<ConnectionState, number>>;
}

/** `lost`: it worked, and stopped working. `failed`: its credentials were refused. */
export type ConnectionState = 'connected' | 'disconnected' | 'failed' | 'lost';

/** A connection of a customer, with the actions that are possible now. */
export interface CustomerConnection {
  readonly id: string;
  readonly name: string;
  readonly provider: string | null;
  readonly state: ConnectionState;
  /** Since when it is connected, failed or lost, ISO 8601. */
  readonly since: string | null;
  /** Why it failed or was lost, in the platform's words. */
  readonly reason: string | null;
  readonly identity: string | null;
  readonly externalId: string | null;
  /** True if something that runs uses it. */
  readonly inUse: boolean;
  /** Actions that the platform allows now, in its own words; `lose` is the harness's. */
  readonly actions: readonly string[];
}
