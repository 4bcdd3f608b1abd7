import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { all, type Contract, type Ends, nextNumber, type Settings, settingsIn, type User } from './records.ts';
import { ACTIVATED, CANCELLED, LIVE, PENDING, type State } from './workflow.ts';

/** Notices about a contract's life: tickets in forums, and notifications on dashboards. */

/** The board item that a request opens, with what was said about it. */
interface Ticket {
  readonly id: string;
  readonly contract: string;
  readonly title: string;
  /** As people read it. */
  readonly status: string;
  readonly opened_at: string;
  readonly comments: readonly { readonly user: string; readonly text: string; readonly at: string }[];
}

export interface Notification {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly text: string;
  /** The contract that it is about. */
  readonly about: string;
  readonly at: string;
  readonly state: 'unread' | 'read' | 'archived';
}

const ticketKey = (id: string): Key => ['akana', 'tickets', id];
const boardKey = (resource: string, n: number): Key => ['akana', 'boards', resource, n];
const notificationKey = (user: string, n: number): Key => ['akana', 'notifications', user, n];

/** How a ticket tells a contract's state; approved or activated, the request was approved. */
const TICKET_WORDS: { readonly [state in State]?: string } = {
  [PENDING]: 'Pending Approval',
  'apicontract.status.resubmitted': 'Pending Approval',
  'apicontract.status.approved': 'Approved',
  [ACTIVATED]: 'Approved',
  'apicontract.status.suspended': 'Suspended',
  'apicontract.status.rejected': 'Rejected',
  [CANCELLED]: 'Cancelled',
};

function ticketWords(state: State): string {
  return TICKET_WORDS[state] ?? 'Closed';
}

const ticketAt = (id: string, tx: ReadTransaction) => tx.get<Ticket>(ticketKey(id));

/** The number of the next ticket, in the manner of the samples; numbers that were seeded are passed over. */
export async function freshTicket(tx: WriteTransaction): Promise<string> {
  const { tenant } = await settingsIn(tx);
  for (;;) {
    const id = `contract_request${10_000 + (await nextNumber('tickets', tx))}.${tenant}`;
    if ((await ticketAt(id, tx)) === undefined) return id;
  }
}

/** Opens the ticket in the forums of the app, of the API and of the user who asks. */
export async function openTicket(contract: Contract, ends: Ends, at: string, tx: WriteTransaction): Promise<void> {
  const title = `${ends.app.name} requests access to ${ends.api.name}, ${contract.environment}`;
  const ticket: Ticket = {
    id: contract.ticket,
    contract: contract.id,
    title,
    status: ticketWords(contract.state),
    opened_at: at,
    comments: [],
  };
  await tx.set(ticketKey(ticket.id), ticket);
  for (const board of new Set([ends.app.id, ends.apiVersion.id, contract.requested_by])) {
    await tx.set(boardKey(board, await nextNumber('board-items', tx)), ticket.id);
  }
}

export async function updateTicket(
  contract: Contract,
  comment: { readonly user: string; readonly text: string; readonly at: string } | undefined,
  tx: WriteTransaction,
): Promise<void> {
  const ticket = await ticketAt(contract.ticket, tx);
  if (ticket === undefined) return;
  const comments = comment === undefined ? ticket.comments : [...ticket.comments, comment];
  await tx.set(ticketKey(ticket.id), { ...ticket, status: ticketWords(contract.state), comments });
}

/** The tickets of a forum, the latest first. */
export async function boardOf(resource: string, tx: ReadTransaction): Promise<Ticket[]> {
  const items = await tx.list<string>(['akana', 'boards', resource], { reverse: true });
  const tickets = await Promise.all(items.map(({ value }) => ticketAt(value, tx)));
  return tickets.filter((each) => each !== undefined);
}

const PREFIX = 'com.soa.notification.type.api.access.';

/** Tells everybody whom the types are for; the last word of a type says who that is. */
export async function notify(
  types: readonly string[],
  contract: Contract,
  ends: Ends,
  at: string,
  tx: WriteTransaction,
): Promise<void> {
  if (types.length === 0) return;
  const settings = await settingsIn(tx);
  const users = await all<User>('users', tx);
  for (const type of types) {
    const [role, own] = type.endsWith('.apiadmin')
      ? (['ApiAdmin', ends.api.admins] as const)
      : (['AppTeam', ends.app.team] as const);
    for (const user of users) {
      if (user.roles.includes(role) || own.includes(user.id)) {
        await notifyOne(user.id, written(type, contract, ends), at, settings, tx);
      }
    }
  }
}

/** Source of the words of a request: Akana's list of notifications; those of the others are a reading. */
function written(type: string, contract: Contract, { api, app }: Ends) {
  const asks = type.startsWith('requested.');
  const happened = type.split('.')[0];
  return {
    type: `${PREFIX}${type}`,
    subject: type.endsWith('.apiadmin') ? api.name : app.name,
    text: asks
      ? `Access requested for ${contract.environment} environment`
      : `Access ${happened === 'state' ? 'changed' : happened} for ${contract.environment} environment`,
    about: contract.id,
  };
}

async function notifyOne(
  user: string,
  words: Pick<Notification, 'type' | 'subject' | 'text' | 'about'>,
  at: string,
  { tenant }: Settings,
  tx: WriteTransaction,
): Promise<void> {
  const n = await nextNumber('notifications', tx);
  const notification: Notification = { id: `notification${n}.${tenant}`, ...words, at, state: 'unread' };
  await tx.set(notificationKey(user, n), notification);
}

/** Those that are not archived, the latest first. */
export async function notificationsOf(user: string, tx: ReadTransaction): Promise<Notification[]> {
  const found = await tx.list<Notification>(['akana', 'notifications', user], { reverse: true });
  return found.map(({ value }) => value).filter(({ state }) => state !== 'archived');
}

export async function unread(user: string, tx: ReadTransaction): Promise<number> {
  return (await notificationsOf(user, tx)).length;
}

/** Checks if there is such a notification. */
export async function mark(
  user: string,
  id: string,
  state: Notification['state'],
  tx: WriteTransaction,
): Promise<boolean> {
  const [, n] = /^notification(\d+)\./.exec(id) ?? [];
  if (n === undefined) return false;
  const at = notificationKey(user, Number(n));
  const found = await tx.get<Notification>(at);
  if (found === undefined || found.id !== id) return false;
  await tx.set(at, { ...found, state });
  return true;
}

/** The axis beside the state: whether a contract is in force, will be, or is only remembered. */
export function statusOf(state: State, revises: string | null): string {
  if (!LIVE.includes(state)) return 'com.soa.apicontract.archived';
  return revises === null ? 'com.soa.apicontract.inforce' : 'com.soa.apicontract.draft';
}
