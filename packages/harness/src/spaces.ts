import { randomUUID } from 'node:crypto';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import { digestOf } from './digest.ts';
import type { Headers } from './emulator.ts';
import { JOURNAL } from './journal.ts';
import type { Space } from './space.ts';
import type { Key, ReadTransaction, Store, WriteTransaction } from './store/store.ts';

/** How many spaces there may be at a time, and for how long one stays that nobody asks for again. */
export interface SpaceLimits {
  /** Default: 100. */
  readonly most: number;
  /** Hours from the last `create` on (default: 7 days; at most 90). */
  readonly hours: number;
}

const LIMITS: SpaceLimits = { most: 100, hours: 7 * 24 };
const LONGEST = 90 * 24;

/** A part of a harness with its own apps, tokens, journal, clock, faults and snapshots. */
export interface SpaceFacts {
  readonly name: string;
  /** ISO 8601, in real time. */
  readonly created: string;
  readonly expires: string;
}

const RECORDS: Key = ['harness', 'spaces'];
const record = (name: string): Key => [...RECORDS, name];
const byToken = (token: string): Key => ['harness', 'space-tokens', digestOf(token)];

const HOUR = 3_600_000;
/** Milliseconds for which what is known of a space's token is taken for true. */
const FRESH = 3000;
/** Milliseconds between two looks for spaces that have expired. */
const SWEEP = 60_000;
/** Tokens that are known to belong to no space, at most. */
const STRANGERS = 1000;

/** A space that was opened in this process. */
interface Opened {
  readonly space: Space;
  /** When it was last seen that it is still there. */
  seen: number;
}

/**
 * The spaces of a harness. Which one a request is for is told by its token. What belongs to one stands in a space of the
 * store; which there are, in the store itself, so that all processes know.
 */
export class Spaces {
  readonly #store: Store;
  readonly #open: (store: Store, token: string, name: string) => Space;
  readonly #limits: SpaceLimits;
  readonly #byName = new Map<string, Opened>();
  readonly #names = new Map<string, string>();
  readonly #strangers = new Set<string>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(
    store: Store,
    open: (store: Store, token: string, name: string) => Space,
    { limits, onFault }: { limits: Partial<SpaceLimits>; onFault: (fault: unknown) => void },
  ) {
    this.#store = store;
    this.#open = open;
    this.#limits = { ...LIMITS, ...limits };
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
    const name = await this.#store.read(async (tx) => {
      const named = await tx.get<string>(byToken(token));
      return named === undefined || (await this.#alive(named, tx)) === undefined ? undefined : named;
    });
    if (name === undefined) {
      // A token that belonged to a space is not a stranger: the space may be made again with it.
      if (!this.#names.has(token)) this.#remember(token);
      return undefined;
    }
    const opened = this.#byName.get(name) ?? { space: this.#open(this.#store.space(name), token, name), seen: 0 };
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
        `Choose up to ${LONGEST} hours.`,
        String(hours),
      );
    }
    await this.#sweep();
    const now = Date.now();
    return this.#store.write(async (tx) => {
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
      await tx.set(record(name), facts);
      await tx.setSecret(record(name), token);
      await tx.set(byToken(token), name);
      return { name, ...facts, token };
    });
  }

  /** Those that are there, by name. */
  async list(): Promise<readonly SpaceFacts[]> {
    await this.#sweep();
    const rows = await this.#store.read((tx) => tx.list<Omit<SpaceFacts, 'name'>>(RECORDS));
    return rows.map(({ key, value }) => ({ name: String(key.at(-1)), ...value }));
  }

  /** Removes a space with everything in it; whether there was one. */
  async remove(name: string): Promise<boolean> {
    const token = await this.#store.write(async (tx) => {
      const known = await tx.getSecret<string>(record(name));
      if (known !== undefined) await tx.delete(byToken(known));
      await tx.delete(record(name));
      return known;
    });
    if (token === undefined) return false;
    const opened = this.#byName.get(name);
    this.#byName.delete(name);
    opened?.space.drain();
    await opened?.space.close();
    await this.#store.space(name).write(async (tx) => {
      for (const snapshot of await tx.snapshots()) await tx.drop(snapshot);
      await tx.clear();
      await tx.deleteAll(JOURNAL);
    });
    return true;
  }

  /** Takes what a browser brought back to the space that waits for it. */
  async arrive(query: URLSearchParams): ReturnType<Space['arrive']> {
    for (const { space } of this.#byName.values()) {
      const outcome = await space.arrive(query);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
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
    const rows = await this.#store.read((tx) => tx.list<Omit<SpaceFacts, 'name'>>(RECORDS));
    for (const { key, value } of rows) {
      if (Date.parse(value.expires) <= Date.now()) await this.remove(String(key.at(-1)));
    }
  }

  async #alive(name: string, tx: ReadTransaction | WriteTransaction): Promise<Omit<SpaceFacts, 'name'> | undefined> {
    const facts = await tx.get<Omit<SpaceFacts, 'name'>>(record(name));
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
