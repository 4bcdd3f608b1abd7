import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BufferedRead, BufferedWrite, type Changes, type Shared } from './buffered.ts';
import { type Connections, commit, type Held, isConflict, together } from './connections.ts';
import { type Change, Copy, Reads } from './copy.ts';
import type { Root } from './keys.ts';
import { type Ask, CopySource, DirectSource } from './postgres-sources.ts';
import type { PostgresStatements } from './postgres-statements.ts';
import { partsOf, removeSpace, usageOf, wholeIn } from './postgres-whole.ts';
import { Queue, type Waiting } from './queue.ts';
import type { Cipher } from './secrets.ts';
import {
  type ReadTransaction,
  refusal,
  type Store,
  type StoreFigures,
  type StoreOptions,
  type StoreUsage,
  type WriteTransaction,
} from './store.ts';
import { rangesWithout } from './transactions.ts';

/** A transaction that waits, and whom to tell how it ended. */
interface Job<Tx> extends Waiting {
  run(tx: Tx): Promise<unknown>;
  settle(result: unknown): void;
  refuse(error: unknown): void;
}

type WriteJob = Job<WriteTransaction>;

/** How a transaction ended, which is told when it is certain. */
interface End {
  readonly job: Pick<WriteJob, 'settle' | 'refuse'>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Transactions that were run on the copy at a version, and have not been committed. */
interface Batch {
  readonly version: number;
  readonly reads: Reads;
  readonly changes: Changes;
  readonly ends: readonly End[];
  /** Those that can only be run when nobody else writes. */
  readonly alone: readonly WriteJob[];
}

/** The version that a store has, and the changes that led to it, as far as they are known. */
interface Seen {
  readonly version: number;
  readonly changes: readonly Change[] | undefined;
}

/** Times that reads are run on the copy, which others may change meanwhile, before they get a snapshot of the server. */
const TRIES = 3;
/** Times that a transaction is begun anew because the server has found another in the way. */
const CONFLICTS = 20;
/** Batches that are run under the lock at once, after others were seen to write at the same time. */
const CAUTIOUS = 8;

/** Bytes of a key: an index of PostgreSQL holds no more than 2704. */
const LONGEST_KEY = 2600;

/**
 * Every process keeps a copy of rows as they stood at one version of the store, and a commit raises the version. A read
 * asks once what has changed since, whatever it reads then. A write is run on the copy and committed by one statement
 * that does nothing if the version has been raised by others; then it is run again, or only committed again if it has
 * read nothing that they changed, while a lock keeps others from committing. So all commits follow one another, and a
 * request costs one round trip as long as nobody is in its way. Transactions that wait at one time share one of the
 * server's.
 */
export class PostgresStore implements Store {
  readonly isShared = true;
  readonly #connections: Connections;
  readonly #sql: PostgresStatements;
  readonly #shared: Shared;
  readonly #ranges: ReturnType<typeof rangesWithout>;
  readonly #copy = new Copy();
  /** Names its row among the versions. */
  readonly #space: string;
  readonly #options: StoreOptions;
  readonly #reads = new Queue<Job<ReadTransaction>>((jobs, sign) => this.#read(jobs, sign));
  readonly #writes = new Queue<WriteJob>((jobs, sign) => this.#write(jobs, sign));
  #cautious = 0;
  #closing: Promise<void> | undefined;

  constructor(
    connections: Connections,
    sql: PostgresStatements,
    cipher: Cipher,
    options: StoreOptions,
    root: Root = '',
  ) {
    this.#connections = connections;
    this.#sql = sql;
    this.#options = options;
    this.#space = root;
    this.#shared = { root, cipher, onSecret: options.onSecret ?? (() => {}) };
    this.#ranges = rangesWithout(options.apart, root);
  }

  async read<T>(fn: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#transact(this.#reads, fn);
  }

  async write<T>(fn: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.#transact(this.#writes, fn);
  }

  space(name: string, onSecret?: (value: unknown) => void): Store {
    const { onSecret: _, ...options } = this.#options;
    const own = { ...options, ...(onSecret && { onSecret }) };
    return new PostgresStore(this.#connections, this.#sql, this.#shared.cipher, own, `@${name}`);
  }

  removeSpace(name: string): Promise<void> {
    return removeSpace(this.#connections, this.#sql, `@${name}`);
  }

  #transact<Tx, T>(queue: Queue<Job<Tx>>, run: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#closing) throw new Error(`${this.#connections.name} is closed`);
    return new Promise<T>((resolve, reject) => {
      queue.add({ run, settle: (result) => resolve(result as T), refuse: reject });
    });
  }

  async #read(jobs: readonly Job<ReadTransaction>[], sign: () => void): Promise<void> {
    let waiting = jobs;
    try {
      for (let round = 0; round < TRIES && waiting.length > 0; round++) {
        const version = await this.#look(this.#asked(sign));
        const source = new CopySource(this.#copy, version, this.#sql, this.#space, this.#asked(sign));
        const ends = await Promise.all(waiting.map((job) => runOn(new BufferedRead(source, this.#shared), job)));
        sign();
        if (source.isOver) continue;
        for (const end of ends) tell(end);
        waiting = [];
      }
      if (waiting.length > 0) await this.#readSnapshot(waiting, sign);
    } catch (error) {
      for (const job of waiting) job.refuse(this.#connections.explained(error));
    }
  }

  /** In a transaction of the server, which sees one moment whatever others write. */
  async #readSnapshot(jobs: readonly Job<ReadTransaction>[], sign: () => void): Promise<void> {
    const ends = await this.#connections.patiently(
      () =>
        this.#connections.hold(async (held) => {
          await together(held, [this.#sql.beginReading], [this.#sql.limits]);
          const source = new DirectSource(this.#sql, (text, values) => held.query(text, [...values]));
          const ends: End[] = [];
          for (const job of jobs) ends.push(await runOn(new BufferedRead(source, this.#shared), job));
          await held.query('COMMIT');
          return ends;
        }),
      sign,
    );
    for (const end of ends) tell(end);
  }

  async #write(jobs: readonly WriteJob[], sign: () => void): Promise<void> {
    let waiting = jobs;
    try {
      const batch = await this.#speculate(jobs, sign);
      const alone = [...(batch?.alone ?? [])];
      waiting = jobs.filter((job) => !alone.includes(job));
      const id = randomUUID();
      const isDone = batch !== undefined && (await this.#publish(batch, id, sign));
      if (!isDone) alone.push(...(await this.#underLock({ jobs: waiting, begun: batch, id }, sign)));
      else for (const end of batch.ends) tell(end);
      waiting = alone;
      for (const job of alone) await this.#alone(job, sign);
    } catch (error) {
      for (const job of waiting) job.refuse(this.#connections.explained(error));
    }
  }

  /** Runs transactions on the copy as it is; undefined when it did not stay so. */
  async #speculate(jobs: readonly WriteJob[], sign: () => void): Promise<Batch | undefined> {
    const ask = this.#asked(sign);
    return this.#runAll(jobs, this.#copy.version ?? (await this.#look(ask)), ask, sign);
  }

  async #runAll(jobs: readonly WriteJob[], version: number, ask: Ask, sign: () => void): Promise<Batch | undefined> {
    const reads = new Reads();
    const source = new CopySource(this.#copy, version, this.#sql, this.#space, ask, reads);
    const changes: Changes = new Map();
    const ends: End[] = [];
    const alone: WriteJob[] = [];
    for (const job of jobs) {
      sign();
      const tx = new BufferedWrite(source, this.#shared, changes);
      const end = await runOn(tx, job);
      if (source.isOver) return undefined;
      if (tx.needsWhole) alone.push(job);
      else ends.push('error' in end ? end : { ...end, ...refusalOf(tx.changes, changes) });
    }
    return { version, reads, changes, ends, alone };
  }

  /** Commits transactions that were run on the copy; false when others have committed, or do so all the time. */
  async #publish({ version, reads, changes }: Batch, id: string, sign: () => void): Promise<boolean> {
    if (changes.size === 0) {
      const seen = await this.#see(this.#asked(sign), version);
      return seen.changes !== undefined && reads.standAfter(seen.changes);
    }
    if (this.#cautious > 0) {
      this.#cautious--;
      return false;
    }
    const values = this.#committing(version, changes, id, false);
    let tries = 0;
    try {
      const { rows } = await this.#connections.patiently(() => {
        tries++;
        return this.#connections.once(this.#sql.commit, values);
      }, sign);
      let after = rows[0]?.version;
      // The answer to an earlier try may have been lost.
      if (after === undefined && tries > 1) after = await this.#committed(this.#asked(sign), version, id);
      if (after !== undefined) this.#copy.publish(Number(after), changes, false);
      else {
        this.#cautious = CAUTIOUS;
        this.#connections.conflicts++;
      }
      return after !== undefined;
    } catch (error) {
      // A server whose transactions are serializable unless they say otherwise reports it so.
      if (isConflict(error)) return false;
      throw error;
    }
  }

  /** The version that a commit has made whose answer was lost; undefined when it was not done. */
  async #committed(ask: Ask, since: number, id: string): Promise<string | undefined> {
    const { rows } = await ask(this.#sql.committed, [this.#space, since, id]);
    return rows[0]?.version;
  }

  /** Runs transactions while nobody else commits, unless what was begun still stands; gives those to be run alone. */
  async #underLock(
    { jobs, begun, id }: { jobs: readonly WriteJob[]; begun: Batch | undefined; id: string },
    sign: () => void,
  ): Promise<readonly WriteJob[]> {
    let batch: Batch | undefined;
    await this.#locked(id, begun?.version, sign, async (held, ask, { version, changes }) => {
      const stands = begun !== undefined && changes !== undefined && begun.reads.standAfter(changes);
      batch = stands ? begun : await this.#runAll(jobs, version, ask, sign);
      if (batch === undefined) throw new Error('the store changed although it was locked');
      if (batch.changes.size === 0) return void (await held.query('ROLLBACK'));
      await commit(held, [this.#sql.commit, this.#committing(version, batch.changes, id, false)]);
      this.#copy.publish(version + 1, batch.changes, false);
    });
    for (const end of batch?.ends ?? []) tell(end);
    return batch === begun ? [] : (batch?.alone ?? []);
  }

  /** Runs one transaction that does what only the server can, while nobody else commits. */
  async #alone(job: WriteJob, sign: () => void): Promise<void> {
    const id = randomUUID();
    let end: End | undefined;
    await this.#locked(id, undefined, sign, async (held, ask, { version }) => {
      const tx = new BufferedWrite(
        new DirectSource(this.#sql, ask),
        this.#shared,
        new Map(),
        wholeIn(this.#sql, this.#ranges, ask),
      );
      end = await runOn(tx, job);
      if ('error' in end) return void (await held.query('ROLLBACK'));
      await commit(held, [this.#sql.commit, this.#committing(version, tx.changes, id, true)]);
      this.#copy.publish(version + 1, new Map(), true);
    });
    if (end !== undefined) tell(end);
  }

  /**
   * Works in a transaction that keeps others from committing. It is begun anew when it was lost or in conflict, unless it
   * was committed all the same.
   * @param id the name of its commit
   * @param since the version from which on `work` is given the changes
   */
  async #locked(
    id: string,
    since: number | undefined,
    sign: () => void,
    work: (held: Held, ask: Ask, seen: Seen) => Promise<void>,
  ): Promise<void> {
    const { begin, limits, lock } = this.#sql;
    const before = Math.min(since ?? Number.MAX_SAFE_INTEGER, this.#copy.version ?? 0);
    let tries = 0;
    const attempt = () =>
      this.#connections.hold(async (held) => {
        const begun = together(held, [begin], [limits], [lock, [this.#space]]);
        const ask: Ask = (text, values) => held.query(text, [...values]);
        // Sent together: each statement sees what was committed when it begins, and it begins under the lock.
        let [locked, seen] = await Promise.all([begun, this.#see(ask, since)]);
        if (locked.at(-1)?.rows.length === 0) {
          // The space was removed, and is made again by those who did not know: there was nothing to lock.
          locked = await together(held, [lock, [this.#space]]);
          seen = await this.#see(ask, since);
        }
        if (tries++ > 0 && (await this.#committed(ask, before, id)) !== undefined) await held.query('ROLLBACK');
        else await work(held, ask, seen);
      });
    await this.#connections.patiently(async () => {
      for (let conflicts = 0; ; conflicts++) {
        try {
          return await attempt();
        } catch (error) {
          if (!isConflict(error) || conflicts === CONFLICTS) throw error;
          this.#connections.conflicts++;
          await sleep(Math.random() * 2 ** Math.min(conflicts, 8));
        }
      }
    }, sign);
  }

  /** Brings the copy to the version that the store has now; it may be newer already. */
  async #look(ask: Ask): Promise<number> {
    await this.#see(ask, undefined);
    return this.#copy.version as number;
  }

  /**
   * Brings the copy to the version that the store has now, which is given, with the changes since another one; undefined
   * when these are no longer known.
   */
  async #see(ask: Ask, since: number | undefined): Promise<Seen> {
    const known = this.#copy.version;
    const from = Math.min(known ?? Number.MAX_SAFE_INTEGER, since ?? Number.MAX_SAFE_INTEGER);
    const look = () => ask(this.#sql.changes, [this.#space, from]);
    let { rows } = await look();
    if (rows.length === 0 && this.#space !== '') {
      // The first transaction of a space.
      await ask(this.#sql.space, [this.#space]);
      rows = (await look()).rows;
    }
    // PostgreSQL's int8 comes as a text.
    const version = Number(rows[0]?.version ?? Number.NaN);
    if (Number.isNaN(version)) throw refusal(`the store at ${this.#connections.name} was removed`);
    const changes = rows
      .filter(({ change }) => change !== null)
      .map(({ change, author, keys, everything }): Change => ({ version: Number(change), author, keys, everything }));
    this.#copy.advance(known, version, changes);
    if (since === undefined) return { version, changes: undefined };
    const later = changes.filter((each) => each.version > since);
    return { version, changes: later.length === version - since ? later : undefined };
  }

  /** Asks on any connection. */
  #asked(sign: () => void): Ask {
    return (text, values) => this.#connections.run(text, values, sign);
  }

  #committing(version: number, changes: Changes, id: string, everything: boolean): unknown[] {
    const { keys, texts, removed } = partsOf(changes);
    return [this.#space, version, keys, texts, removed, id, everything ? [] : [...changes.keys()], everything];
  }

  usage = (): Promise<StoreUsage> => usageOf(this.#connections, this.#sql, this.#ranges, this.#shared.root);

  figures = (): StoreFigures => this.#connections.figures();

  close(): Promise<void> {
    const close = async () => {
      await Promise.all([this.#reads.idle(), this.#writes.idle()]);
      if (this.#space === '') await this.#connections.close();
    };
    this.#closing ??= close();
    return this.#closing;
  }
}

async function runOn<Tx extends ReadTransaction>(tx: Tx & BufferedRead, job: Job<Tx>): Promise<End> {
  try {
    return { job, result: await job.run(tx) };
  } catch (error) {
    return { job, error };
  } finally {
    tx.end();
  }
}

function tell(end: End): void {
  if ('error' in end) end.job.refuse(end.error);
  else end.job.settle(end.result);
}

/** Adds a transaction's changes to those of its batch, unless one of its keys is too long, which is given. */
function refusalOf(own: Changes, all: Changes): { readonly error?: unknown } {
  for (const key of own.keys()) {
    if (Buffer.byteLength(key) > LONGEST_KEY)
      return { error: new RangeError(`a key has more than ${LONGEST_KEY} bytes`) };
  }
  for (const [key, text] of own) all.set(key, text);
  return {};
}
