import { randomUUID } from 'node:crypto';
import type { OwnRequest } from './access/queue.ts';
import type { Control } from './control.ts';
import type { Emulation, Outgoing } from './emulate.ts';
import type { RequestJournal } from './journal.ts';
import { askAsClient } from './platform-requests.ts';

/** Sends a request to a platform as someone who has one role there, or with all scopes when none is named. */
export type AskAs = (
  platform: string,
  role: string | undefined,
  request: OwnRequest,
) => Promise<Pick<Outgoing, 'status' | 'body'>>;

/** Parts of a harness by which requests are sent in a role. */
export interface RoleSurroundings {
  readonly journal: RequestJournal;
  /** Returns what answers at a URL. */
  readonly at: (url: string) => Emulation | Promise<Emulation>;
  readonly admit: Control['admit'];
}

/** As any client's, such requests stand in the journal, and faults strike them. Each role has a token of its own. */
export function roleRequests({ journal, at, admit }: RoleSurroundings): AskAs {
  const tokens = new Map<string, string>();
  return async (platform, role, { method, url, body }) => {
    const holder = JSON.stringify([platform, role]);
    const token = tokens.get(holder) ?? randomUUID();
    tokens.set(holder, token);
    // Each time, because a reset takes tokens away.
    await admit({ platform, token, ...(role === undefined ? {} : { scopes: [role] }) });
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json, */*;q=0.1', ...json };
    const sent = { method, url, headers, body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)) };
    const { status, body: text, cut } = await askAsClient(await at(url), sent, journal);
    return { status: cut === 'before' ? 0 : status, body: text };
  };
}
