import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Emulation, Incoming } from './emulate.ts';
import type { JournalEntry, RequestJournal, SentRequest } from './journal.ts';
import { askAsClient } from './platform-requests.ts';
import { REDACTED } from './redaction.ts';

/** Parts of a harness by which requests are sent again. */
export interface ReplaySurroundings {
  readonly journal: RequestJournal;
  /** Returns what answers at a URL. */
  readonly at: (url: string) => Emulation | Promise<Emulation>;
  /** The harness's own token, with which requests to platforms are sent. */
  readonly token: string;
  /** Returns the names of the platforms. */
  readonly isPlatform: (name: string) => boolean;
}

/** Sends requests of the journal again. */
export interface Replay {
  /** True if a request went to a platform, where the harness's own token is taken. */
  isToPlatform(entry: JournalEntry): boolean;
  /** Says why a request cannot be sent again; undefined if it can. */
  obstacle(entry: JournalEntry): string | undefined;
  /**
   * Sends the request of an entry again: to a platform with the harness's own token, to the provider as it was sent.
   * Faults strike it as any other. Returns the entry of the new request.
   * @throws ConnectorError usage `harness/not-found` for a number that is not there, refused `harness/replay` for a request
   * of which too little is known
   */
  send(number: number): Promise<JournalEntry>;
}

export function replayOf({ journal, at, token, isPlatform }: ReplaySurroundings): Replay {
  const isToPlatform = ({ platform }: JournalEntry) => platform !== undefined && isPlatform(platform);
  const obstacle = (entry: JournalEntry) => obstacleTo(entry, journal.sent(entry.number), isToPlatform(entry));
  return {
    isToPlatform,
    obstacle,
    send: async (number) => {
      const entry = await entryAt(journal, number);
      const reason = obstacle(entry);
      if (reason !== undefined) throw notReplayable(number, reason);
      const { url, headers, body } = journal.sent(number) ?? fromEntry(entry);
      const incoming: Incoming = {
        method: entry.method,
        url,
        headers: isToPlatform(entry) ? ownHeaders(headers, entry, token) : headers,
        body: body === undefined ? undefined : Buffer.from(body),
      };
      await askAsClient(await at(url), incoming, journal, number);
      const entries = await journal.list({ after: number });
      const again = entries.findLast((each) => each.replayOf === number);
      if (again === undefined) throw notReplayable(number, 'the journal keeps no entries');
      return again;
    },
  };
}

/** @throws ConnectorError usage `harness/not-found` */
export async function entryAt(journal: RequestJournal, number: number): Promise<JournalEntry> {
  const entry = Number.isSafeInteger(number) ? await journal.get(number) : undefined;
  if (entry !== undefined) return entry;
  throw new ConnectorError('usage', {
    code: 'harness/not-found',
    message: `The journal has no entry ${number}.`,
    hint: 'The oldest entries are dropped; list the journal again.',
    found: String(number),
  });
}

/** Says what is missing to send a request again; without what was sent, only what the journal shows is left. */
function obstacleTo(entry: JournalEntry, sent: SentRequest | undefined, toPlatform: boolean): string | undefined {
  const { bytes, headers, body } = entry.request;
  if (bytes > 0 && body === undefined) return `its body of ${bytes} bytes is not in the journal`;
  if (sent !== undefined) return undefined;
  if (entry.url.includes(REDACTED)) return 'a secret in its URL was redacted, and is no longer in memory';
  if (body?.includes(REDACTED)) return 'a secret in its body was redacted, and is no longer in memory';
  const secret = Object.keys(headers).find((name) => headers[name] === REDACTED);
  if (toPlatform || secret === undefined) return undefined;
  return `its header ${secret} was redacted, and is no longer in memory`;
}

function fromEntry({ url, request: { headers, body } }: JournalEntry): SentRequest {
  return { url, headers, body };
}

/** Headers with the harness's own token in the place of what proved who called, if there was such a thing. */
function ownHeaders(headers: SentRequest['headers'], { request }: JournalEntry, token: string) {
  const shown = Object.entries(headers).filter(([name]) => request.headers[name] !== REDACTED);
  const proved = shown.length < Object.keys(headers).length;
  return { ...Object.fromEntries(shown), ...(proved ? { authorization: `Bearer ${token}` } : {}) };
}

function notReplayable(number: number, reason: string): ConnectorError {
  return new ConnectorError('refused', {
    code: 'harness/replay',
    message: `Request ${number} cannot be sent again: ${reason}.`,
    hint: 'Send it again with the client that sent it.',
    found: String(number),
  });
}
