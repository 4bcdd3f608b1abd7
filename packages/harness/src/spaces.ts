import { randomUUID } from 'node:crypto';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Headers } from './emulator.ts';
import type { Space } from './space.ts';
import type { Key, ReadTransaction, Store, StoreUsage, WriteTransaction } from './store/store.ts';
import { digestOf } from './token-digest.ts';

/** How many spaces there may be at a time, and for how long one stays that nobody asks for again. */
export interface SpaceLimits {
  /** Default: 100. */
  readonly most: number;
  /** Hours from the last `create` on (default: 7 days; at most 90). */
  readonly hours: number;
  /** Rows that one may hold, snapshots included and its journal not (default: 100,000). */
  readonly rows: number;
  /** Bytes of their values (default: 100 million). */
  readonly bytes: number;
}

const LIMITS: SpaceLimits = { most: 100, hours: 7 * 24, rows: 100_000, bytes: 100_000_000 };
const LONGEST = 90 * 24;

/** A part of a harness with its own apps, tokens, journal, clock, faults and snapshots. */
export interface SpaceFacts {
  readonly name: string;
  /** ISO 8601, in real time. */
  readonly created: string;
  readonly expires: string;
}

/** A space, and what it holds, snapshots included and its journal not. */
export interface ListedSpace extends SpaceFacts, StoreUsage {}

/** The stored data of a space, by its name. */
interface SpaceRecord extends Omit<SpaceFacts, 'name'> {
  /**
   * Space of the store that it stands in. One that is made again stands elsewhere, so that a request to the one before, to
   * whatever process, leaves nothing in it.
   */
  readonly place: string;
}

const RECORDS: Key = ['harness', 'spaces'];
/** Below it, by place, when a space was removed (milliseconds): requests to it may still be under way. */
const LEFT: Key = ['harness', 'left-places'];
const record = (name: string): Key => [...RECORDS, name];
const byToken = (token: string): Key => ['harness', 'space-tokens', digestOf(token)];

const HOUR = 3_600_000;
/** Milliseconds for which what is known of a space's token is taken for true. */
const FRESH = 3000;
/** Milliseconds between two looks for spaces that have expired. */
const SWEEP = 60_000;
/** Milliseconds after which nobody writes to a place that was left. */
const WRITTEN = 120_000;
/** Tokens that are known to belong to no space, at most. */
const STRANGERS = 1000;

/** A space that was opened in this process. */
interface Opened {
  readonly space: Space;
  readonly place: string;
  /** When it was last seen that it is still there. */
  seen: number;
  /** Why nothing more may be written; undefined when it may. */
  full?: string | undefined;
  /** Until when that is taken for true. */
  measured: number;
}

/**
 * The spaces of a harness. Which one a request is for is told by its token. What belongs to one stands in a space of the
 * store; which there are, in one that no reset empties, so that all processes know.
 */
export class Spaces {
  readonly #store: Store;
  readonly #registry: Store;
  readonly #open: (store: Store, token: string, name: string) => Space;
  readonly #limits: SpaceLimits;
  readonly #onFault: (fault: unknown) => void;
  readonly #byName = new Map<string, Opened>();
  readonly #names = new Map<string, string>();
  readonly #strangers = new Set<string>();
  readonly #sweeper: NodeJS.Timeout;

  /** @param registry keeps which there are, whatever is reset or put back */
  constructor(
    store: Store,
    registry: Store,
    open: (store: Store, token: string, name: string) => Space,
    { limits, onFault }: { limits: Partial<SpaceLimits>; onFault: (fault: unknown) => void },
  ) {
    this.#store = store;
    this.#registry = registry;
    this.#open = open;
    this.#limits = { ...LIMITS, ...limits };
    this.#onFault = onFault;
    this.#sweeper = setInterval(() => this.#sweep().catch(onFault), SWEEP);
    this.#sweeper.unref();
  }

  /** The space whose token a request brings; undefined when it brings none of a space that is there. */
  at(headers: Headers): Space | undefined | Promise<Space | undefined> {
    const token = tokenIn(headers);
    if (token === undefined || this.#strangers.has(token)) return undefined;
    const opened = this.#byName.get(this.#names.get(token) ?? '');
    if (opened !== undefined && performance.now() - opened.seen < FRESH) return opened.space;
    return this.#find(token);
  }

  async #find(token: string): Promise<Space | undefined> {
    const found = await this.#registry.read(async (tx) => {
      const name = await tx.get<string>(byToken(token));
      const known = name === undefined ? undefined : await this.#alive(name, tx);
      return name === undefined || known === undefined ? undefined : { name, place: known.place };
    });
    if (found === undefined) {
      // A token that belonged to a space is not a stranger: the space may be made again with it.
      if (!this.#names.has(token)) this.#remember(token);
      return undefined;
    }
    const { name, place } = found;
    let opened = this.#byName.get(name);
    if (opened?.place !== place) {
      if (opened !== undefined) this.#end(name, opened).catch(this.#onFault);
      opened = { space: this.#open(this.#store.space(place), token, name), place, seen: 0, measured: 0 };
    }
    opened.seen = performance.now();
    this.#byName.set(name, opened);
    this.#names.set(token, name);
    return opened.space;
  }

  #remember(token: string): void {
    if (this.#strangers.size >= STRANGERS) this.#strangers.clear();
    this.#strangers.add(token);
  }

  /**
   * Makes a space, or lets one that is there stay longer. It has one token, for its platforms and for its own API.
   * @throws ConnectorError usage `harness/space` for a name or a time that cannot be, refused when there are too many
   */
  async create(name: string, hours = this.#limits.hours): Promise<SpaceFacts & { readonly token: string }> {
    if (!/^[a-z0-9][\w.-]{0,62}$/i.test(name)) {
      const words = `${JSON.stringify(name)} cannot be the name of a space.`;
      throw wrong('usage', words, 'Use up to 63 letters, digits, dots, hyphens and underscores.', name);
    }
    if (!(hours > 0 && hours <= LONGEST)) {
      throw wrong(
        'usage',
        `A space cannot expire after ${hours} hours.`,
        `Choose a number of hours above 0 and at most ${LONGEST}.`,
        String(hours),
      );
    }
    await this.#sweep();
    const now = Date.now();
    return this.#registry.write(async (tx) => {
      const before = await this.#alive(name, tx);
      if (before === undefined && (await tx.list(RECORDS)).length >= this.#limits.most) {
        const words = `There are ${this.#limits.most} spaces already.`;
        throw wrong('refused', words, 'Remove one that is no longer needed, or wait until one expires.', name);
      }
      const token = (await tx.getSecret<string>(record(name))) ?? randomUUID();
      const facts = {
        created: before?.created ?? new Date(now).toISOString(),
        expires: new Date(now + hours * HOUR).toISOString(),
      };
      const place = before?.place ?? `${name}.${randomUUID()}`;
      await tx.set(record(name), { ...facts, place } satisfies SpaceRecord);
      await tx.setSecret(record(name), token);
      await tx.set(byToken(token), name);
      return { name, ...facts, token };
    });
  }

  /**
   * Why a space may hold no more; undefined when it may, or is not there. It is measured now and then, so that a space can
   * come to hold somewhat more.
   */
  async full(name: string): Promise<string | undefined> {
    const opened = this.#byName.get(name);
    if (opened === undefined || performance.now() < opened.measured) return opened?.full;
    const started = performance.now();
    opened.measured = started + FRESH;
    const { rows, bytes } = await this.#store.space(opened.place).usage();
    const { rows: mostRows, bytes: mostBytes } = this.#limits;
    const held = rows >= mostRows ? `${rows} of ${mostRows} rows` : `${bytes} of ${mostBytes} bytes`;
    opened.full = rows >= mostRows || bytes >= mostBytes ? `The space ${name} is full: it holds ${held}.` : undefined;
    // Measuring a large one takes a while, and must not be what the harness does.
    opened.measured = performance.now() + Math.max(FRESH, 50 * (performance.now() - started));
    return opened.full;
  }

  /** Those that are there, by name. */
  async list(): Promise<readonly ListedSpace[]> {
    await this.#sweep();
    const rows = await this.#registry.read((tx) => tx.list<SpaceRecord>(RECORDS));
    return Promise.all(
      rows.map(async ({ key, value: { created, expires, place } }) => {
        const held = await this.#store.space(place).usage();
        return { name: String(key.at(-1)), created, expires, ...held };
      }),
    );
  }

  /** Removes a space with everything in it; whether there was one. */
  remove(name: string): Promise<boolean> {
    return this.#removeIf(name, () => true);
  }

  async #removeIf(name: string, isMeant: (record: SpaceRecord) => boolean): Promise<boolean> {
    const place = await this.#registry.write(async (tx) => {
      const found = await tx.get<SpaceRecord>(record(name));
      // Another process may have let it stay longer, or have removed it and made it again.
      if (found === undefined || !isMeant(found)) return undefined;
      const token = await tx.getSecret<string>(record(name));
      if (token !== undefined) await tx.delete(byToken(token));
      await tx.delete(record(name));
      await tx.set([...LEFT, found.place], Date.now());
      return found.place;
    });
    if (place === undefined) return false;
    const opened = this.#byName.get(name);
    if (opened?.place === place) await this.#end(name, opened);
    await this.#store.removeSpace(place);
    return true;
  }

  /** Ends what runs in a space that is no longer there. */
  async #end(name: string, { space }: Opened): Promise<void> {
    this.#byName.delete(name);
    space.drain();
    await space.close();
    await space.journal.close();
  }

  /** The space of a name; undefined when it is not there, or no longer. */
  async named(name: string): Promise<Space | undefined> {
    const token = await this.#registry.read((tx) => tx.getSecret<string>(record(name)));
    return token === undefined ? undefined : this.at({ authorization: `Bearer ${token}` });
  }

  drain(): void {
    for (const { space } of this.#byName.values()) space.drain();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const opened = [...this.#byName.values()];
    await Promise.all(opened.map(({ space }) => space.close()));
    await Promise.all(opened.map(({ space }) => space.journal.close()));
  }

  async #sweep(): Promise<void> {
    const { rows, left } = await this.#registry.read(async (tx) => ({
      rows: await tx.list<SpaceRecord>(RECORDS),
      left: await tx.list<number>(LEFT),
    }));
    const places = new Set(rows.map(({ value }) => value.place));
    // Another process may have removed it.
    for (const [name, opened] of this.#byName) if (!places.has(opened.place)) await this.#end(name, opened);
    for (const { key, value } of rows) {
      if (Date.parse(value.expires) > Date.now()) continue;
      await this.#removeIf(String(key.at(-1)), ({ expires }) => Date.parse(expires) <= Date.now());
    }
    // What requests wrote there that were under way when it was removed.
    for (const { key, value } of left) {
      if (Date.now() - value < WRITTEN) continue;
      await this.#store.removeSpace(String(key.at(-1)));
      await this.#registry.write((tx) => tx.delete(key));
    }
  }

  async #alive(name: string, tx: ReadTransaction | WriteTransaction): Promise<SpaceRecord | undefined> {
    const facts = await tx.get<SpaceRecord>(record(name));
    return facts !== undefined && Date.parse(facts.expires) > Date.now() ? facts : undefined;
  }
}

/** The token of a request, as clients of the platforms and of the harness send it. */
function tokenIn(headers: Headers): string | undefined {
  const [, token] = /^(?:Bearer|Token) +(\S+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const older = headers['x-user-token'];
  return token ?? (typeof older === 'string' ? older : undefined);
}

function wrong(kind: 'usage' | 'refused', message: string, hint: string, found: string): ConnectorError {
  return new ConnectorError(kind, { code: 'harness/space', message, hint, found });
}

/** The part of the spaces that the control API has routes for. */
export type SpaceRoutes = Pick<Spaces, 'create' | 'list' | 'remove'>;
