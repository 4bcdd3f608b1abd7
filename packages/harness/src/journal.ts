import { isUtf8 } from 'node:buffer';
import type { Activity } from './activity.ts';
import type { Incoming, Outgoing } from './emulate.ts';
import type { Headers } from './emulator.ts';
import { fits, type JournalFilter } from './journal-filter.ts';
import { Redaction } from './redaction.ts';
import type { Key, Store } from './store/store.ts';

/** A request to a platform and its answer, without secrets. */
export interface JournalEntry {
  /** Counts up, over all harnesses on the store. */
  readonly number: number;
  /** When it was answered, ISO 8601, in real time. */
  readonly at: string;
  readonly method: string;
  /** With the query. */
  readonly url: string;
  /** 0 when the connection was cut before an answer. */
  readonly status: number;
  readonly milliseconds: number;
  readonly platform?: string;
  readonly operation?: string;
  /** The effect of the fault that was injected. */
  readonly fault?: string;
  /** The number of the entry whose request was sent again. */
  readonly replayOf?: number;
  readonly request: Message;
  readonly answer: Message;
}

/** An entry without its headers and bodies. */
export type JournalSummary = Omit<JournalEntry, 'request' | 'answer'>;

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body, in UTF-8. */
  readonly bytes: number;
  /** Absent when there is none, when it is no text or of a type that was refused, or when it has more than 4096 bytes. */
  readonly body?: string;
}

/** Requests to the platforms, with their answers; the latest ten thousand, or as many as the harness was told to keep. */
export interface Journal {
  /** From the oldest to the latest: those after a number that fit the filter, and of them the latest `limit`. */
  list(options?: JournalOptions): Promise<readonly JournalEntry[]>;
  /** Tells of every entry from now on, of other processes on the store as well, soon after the answer; gives what ends it. */
  follow(tell: (entry: JournalEntry) => void): () => void;
  clear(): Promise<void>;
}

/** Which entries are listed. */
export interface JournalOptions extends JournalFilter {
  readonly after?: number;
  readonly limit?: number;
}

/** Where entries are kept, by number. */
export const JOURNAL: Key = ['harness', 'journal'];

const LONGEST_BODY = 4096;
/** Milliseconds between a request and its row, when it is quiet and at most: a row costs more than most answers. */
const QUIET = 100;
const PATIENCE = 20_000;
/** The same where other processes show the journal as well. */
const SHARED_PATIENCE = 5000;
/** Milliseconds between two looks for the entries of other processes, while somebody follows. */
const LOOK = 250;
/** Entries that are looked at each time; if more have come, all that are kept. */
const LATEST = 50;
/** Rows in a transaction: requests wait for it. */
const BATCH = 50;
/** Entries that are read at once. */
const PAGE = 250;
/** How many requests are remembered as they were sent, in memory alone. */
const REMEMBERED = 500;

/** Parts of a request as they were sent, before anything was redacted. The body is undefined where it is not kept. */
export interface SentRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** Facts about a request at the time it was answered; made into an entry later. */
interface Note {
  readonly at: number;
  readonly milliseconds: number;
  readonly incoming: Omit<Incoming, 'body'>;
  readonly outgoing: Outgoing;
  /** Of the bodies, either of which is left out when it is long. */
  readonly asked: { readonly bytes: number; readonly body: string | undefined };
  readonly answered: { readonly bytes: number; readonly body: string | undefined };
  readonly replayOf: number | undefined;
}

/** Takes notes while requests are answered, and makes rows of them when it is quiet. */
export class RequestJournal implements Journal {
  readonly redaction = new Redaction();
  readonly #store: Store;
  readonly #size: number;
  readonly #onFault: (fault: unknown) => void;
  readonly #activity: Activity;
  readonly #followers = new Set<(entry: JournalEntry) => void>();
  readonly #sent = new Map<number, SentRequest>();
  #notes: Note[] = [];
  #noted = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** The last entry that followers were told of; undefined when nobody looks for those of others. */
  #told: number | undefined;
  #looking: Promise<void> = Promise.resolve();
  #looker: NodeJS.Timeout | undefined;

  /** `size`: how many entries are kept; none when 0. */
  constructor(
    store: Store,
    size: number,
    onFault: (fault: unknown) => void,
    activity: Activity = { journalEntries: 0, eventStreams: 0 },
  ) {
    this.#store = store;
    this.#size = size;
    this.#onFault = onFault;
    this.#activity = activity;
  }

  /**
   * Takes a note of a request and its answer.
   * @param body what may be kept of the request's body
   * @param bytes how long it was
   * @param replayOf the number of the entry whose request was sent again
   */
  record(
    { method, url, headers, body }: Incoming,
    outgoing: Outgoing,
    { milliseconds, bytes, replayOf }: { milliseconds: number; bytes: number; replayOf?: number },
  ): void {
    if (this.#size === 0) return;
    const long = outgoing.body.length > LONGEST_BODY;
    const kept = body !== undefined && bytes <= LONGEST_BODY && isUtf8(body);
    this.#notes.push({
      at: Date.now(),
      milliseconds,
      incoming: { method, url, headers },
      outgoing: long ? { ...outgoing, body: '' } : outgoing,
      // Not the bytes themselves: a small part of a large piece of memory keeps all of it.
      asked: { bytes, body: kept ? body.toString('utf8') : undefined },
      answered: {
        bytes: Buffer.byteLength(outgoing.body, outgoing.encoding),
        body: long || outgoing.body === '' || outgoing.encoding !== undefined ? undefined : outgoing.body,
      },
      replayOf,
    });
    this.#noted++;
    if (this.#notes.length >= 2 * this.#size) this.#notes = this.#notes.slice(-this.#size);
    if (this.#timer === undefined) this.#wait(this.#noted, performance.now());
  }

  /** Until nothing more comes, or for so long that it must not wait longer. */
  #wait(noted: number, since: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const busy =
        this.#noted !== noted && performance.now() - since < (this.#store.isShared ? SHARED_PATIENCE : PATIENCE);
      if (busy && this.#followers.size === 0) this.#wait(this.#noted, since);
      else this.flush().catch(this.#onFault);
    }, QUIET);
    this.#timer.unref();
  }

  /** Makes rows of all notes. */
  flush(): Promise<void> {
    const notes = this.#notes.slice(-this.#size);
    this.#notes = [];
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        for (let start = 0; start < notes.length; start += BATCH) await this.#write(notes.slice(start, start + BATCH));
      });
    return this.#writing;
  }

  async #write(notes: readonly Note[]): Promise<void> {
    const plain = notes.map((note) => entryOf(note, this.redaction));
    const entries = await this.#store.write(async (tx) => {
      const written: JournalEntry[] = [];
      for (const entry of plain) {
        const number = await tx.next(JOURNAL);
        await tx.set([...JOURNAL, number], { number, ...entry });
        if (number > this.#size) await tx.forget([...JOURNAL, number - this.#size]);
        written.push({ number, ...entry });
      }
      return written;
    });
    this.#activity.journalEntries += entries.length;
    for (const [index, { number }] of entries.entries()) this.#remember(number, notes[index] as Note);
    if (this.#told === undefined) for (const entry of entries) this.#tell(entry);
    else this.#look();
  }

  #tell(entry: JournalEntry): void {
    for (const tell of this.#followers) tell(entry);
  }

  /** Looks for entries of all processes. Behind a pooler no session could listen for them. */
  #look(): void {
    this.#looking = this.#looking
      .then(async () => {
        if (this.#followers.size === 0) return;
        const latest = await this.#latest(LATEST);
        const isGap = this.#told !== undefined && (latest[0]?.number ?? 0) > this.#told + 1 && latest.length === LATEST;
        for (const entry of isGap ? await this.#latest(this.#size) : latest) {
          if (this.#told === undefined || entry.number <= this.#told) continue;
          this.#told = entry.number;
          this.#tell(entry);
        }
        this.#told ??= latest.at(-1)?.number ?? 0;
      })
      .catch(this.#onFault);
  }

  async #latest(limit: number): Promise<readonly JournalEntry[]> {
    const rows = await this.#store.read((tx) => tx.list<JournalEntry>(JOURNAL, { limit, reverse: true }));
    return rows.map(({ value }) => value).reverse();
  }

  #endLooking(): void {
    clearInterval(this.#looker);
    this.#looker = undefined;
    this.#told = undefined;
  }

  #remember(number: number, { incoming: { url, headers }, asked: { body } }: Note): void {
    this.#sent.set(number, { url, headers, body });
    if (this.#sent.size > REMEMBERED) this.#sent.delete(this.#sent.keys().next().value ?? 0);
  }

  async list({ after = 0, limit = this.#size, ...filter }: JournalOptions = {}): Promise<readonly JournalEntry[]> {
    await this.flush();
    return this.#store.read(async (tx) => {
      const found: JournalEntry[] = [];
      // From the latest back, so that whoever asks for what is new does not wait for all of it to be read.
      for (let offset = 0; offset < this.#size; offset += PAGE) {
        const page = await tx.list<JournalEntry>(JOURNAL, { offset, limit: PAGE, reverse: true });
        for (const { value } of page) {
          if (value.number <= after || found.length === limit) return found.reverse();
          if (fits(value, filter)) found.push(value);
        }
        if (page.length < PAGE) break;
      }
      return found.reverse();
    });
  }

  /** Returns the entry with a number, if it is still kept. */
  async get(number: number): Promise<JournalEntry | undefined> {
    await this.flush();
    return this.#store.read((tx) => tx.get<JournalEntry>([...JOURNAL, number]));
  }

  /** Returns the request of an entry as it was sent, if this harness was asked it and not too many came since. */
  sent(number: number): SentRequest | undefined {
    return this.#sent.get(number);
  }

  follow(tell: (entry: JournalEntry) => void): () => void {
    this.#followers.add(tell);
    if (this.#store.isShared && this.#looker === undefined) {
      this.#looker = setInterval(() => this.#look(), LOOK);
      this.#looker.unref();
      this.#look();
    }
    return () => {
      this.#followers.delete(tell);
      if (this.#followers.size === 0) this.#endLooking();
    };
  }

  async clear(): Promise<void> {
    await this.flush();
    this.#sent.clear();
    await this.#store.write((tx) => tx.deleteAll(JOURNAL));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#followers.clear();
    this.#endLooking();
    await this.#looking;
    await this.flush();
  }
}

function entryOf(note: Note, redaction: Redaction): Omit<JournalEntry, 'number'> {
  const { at, milliseconds, incoming, outgoing, asked, answered, replayOf } = note;
  const { cut, route, fault, status } = outgoing;
  // All secrets first: what one part of a request proves to be one may stand in any other.
  redaction.headers(incoming.headers);
  redaction.headers(outgoing.headers);
  if (asked.body !== undefined) redaction.learnNamed(asked.body);
  return {
    at: new Date(at).toISOString(),
    method: incoming.method,
    url: redaction.url(incoming.url),
    status: cut === 'before' ? 0 : status,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    ...(route && { platform: route.platform, operation: route.operation }),
    ...(fault === undefined ? {} : { fault }),
    ...(replayOf === undefined ? {} : { replayOf }),
    request: messageOf(incoming.headers, asked, redaction),
    answer: messageOf(outgoing.headers, answered, redaction),
  };
}

function messageOf(
  headers: Parameters<Redaction['headers']>[0],
  { bytes, body }: Note['asked'],
  redaction: Redaction,
): Message {
  return {
    headers: redaction.headers(headers),
    bytes,
    ...(body === undefined ? {} : { body: redaction.body(body) }),
  };
}
