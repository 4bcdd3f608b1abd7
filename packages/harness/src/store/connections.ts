import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { refusal, type StoreFigures } from './store.ts';

/** A connection that is held for several statements. */
export type Held = Pick<PoolClient, 'query'>;

/** Connections of a process at most; a pooler shares few among many. */
const CONNECTIONS = 8;
/** Milliseconds until a connection must be there, and until a statement must be answered. */
const CONNECT = 5000;
const ANSWER = 15_000;
/** Milliseconds for which a database that cannot be reached is tried again: it may be restarted. */
const PATIENCE = 30_000;
/** The same for who comes when it has been away for longer: they are soon told. */
const BRIEFLY = 1000;
const [SHORTEST, LONGEST] = [20, 1000];

/**
 * Connections to a PostgreSQL server or to a pooler in front of it. Statements are not named and sessions keep nothing,
 * so that it does not matter which of the server's connections a pooler takes for a transaction.
 */
export class Connections {
  /** The address without its password. */
  readonly name: string;
  /** Conflicts of the transactions on them so far. */
  conflicts = 0;
  readonly #pool: Pool;
  #retries = 0;
  /** Since when nothing was answered, and what everybody is told of it: one error, so that it is logged once. */
  #away: { readonly since: number; error?: unknown } | undefined;

  private constructor(name: string, pool: Pool) {
    this.name = name;
    this.#pool = pool;
  }

  /** @param name of the server, for messages */
  static async open(url: string, name: string): Promise<Connections> {
    const { Pool: Connected } = await import('pg');
    const options = { connectionTimeoutMillis: CONNECT, query_timeout: ANSWER, idleTimeoutMillis: 30_000 };
    const pool = new Connected({
      ...{ connectionString: url, max: CONNECTIONS, keepAlive: true, pipeline: true },
      ...{ ...options, application_name: 'connectorkit' },
    });
    // A connection that is lost is taken out by the pool, and who uses it is told by its statements. Without a listener of
    // ours, one that is lost between two users ends the process.
    pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
    return new Connections(name, pool);
  }

  /** Runs a statement once. */
  once(text: string, values: readonly unknown[]): Promise<QueryResult> {
    return this.#pool.query(text, [...values]);
  }

  /** Runs a statement that may be run twice. @throws as `patiently` */
  run(text: string, values: readonly unknown[], waiting: () => void): Promise<QueryResult> {
    return this.patiently(() => this.once(text, values), waiting);
  }

  /** Holds a connection as long as `work` takes. What fails closes it, and so rolls back. */
  async hold<T>(work: (held: Held) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let failure: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  /**
   * Tries again while the database cannot be reached, with growing pauses, for half a minute from when it was away.
   * @param waiting told now and then that it is still tried
   * @throws ConnectorError usage `harness/store` with the reason for which the database cannot be used
   */
  async patiently<T>(step: () => Promise<T>, waiting: () => void, patience = PATIENCE): Promise<T> {
    const started = performance.now();
    const signs = setInterval(waiting, 500);
    try {
      for (let pause = SHORTEST; ; pause = Math.min(2 * pause, LONGEST)) {
        try {
          const result = await step();
          this.#away = undefined;
          return result;
        } catch (error) {
          if (!isLost(error)) throw this.explained(error);
          this.#away ??= { since: performance.now() };
          const deadline = Math.max(Math.min(started, this.#away.since) + patience, started + BRIEFLY);
          if (performance.now() + pause > deadline) {
            this.#away.error ??= this.explained(error);
            throw this.#away.error;
          }
          this.#retries++;
          await sleep(pause * (0.5 + Math.random() / 2));
        }
      }
    } finally {
      clearInterval(signs);
    }
  }

  /** A reason that the user can correct, in words; anything else as it is. */
  explained(error: unknown): unknown {
    if (error instanceof ConnectorError) return error;
    const { code = '', message = '' } = error as { code?: string; message?: string };
    const words = CAUSES.get(code) ?? CAUSES.get(code.slice(0, 2)) ?? causeIn(message, error);
    if (words === undefined) return error;
    const [what, hint = HINT] = [words].flat();
    const detail = message === '' ? '' : `: ${this.#redacted(message)}`;
    // The error itself is not the cause: drivers put the address that they were given into it.
    return refusal(`${this.name} ${what}${detail}`, { hint });
  }

  figures(): StoreFigures {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    const connections = { active: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    return { connections, retries: this.#retries, conflicts: this.conflicts };
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  #redacted(message: string): string {
    const { password } = this.#pool.options as { password?: unknown };
    const secret = typeof password === 'string' ? password : '';
    return secret === '' ? message : message.replaceAll(secret, '[redacted]');
  }
}

const HINT = 'Check that the server runs and that the address, the user and the password are right.';

/** Causes by SQLSTATE, or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html), or Node’s code. */
const CAUSES: ReadonlyMap<string, string | readonly [what: string, hint: string]> = new Map<
  string,
  string | readonly [what: string, hint: string]
>([
  ['28', 'does not let this user in'],
  ['3D', 'has no such database'],
  ['ENOTFOUND', 'cannot be found'],
  ['42501', ['does not let this user do what is needed', 'Let the user create a schema, or create it for the user.']],
  ['25006', ['only reads: it is a standby or read-only', 'Name the primary server.']],
  ['53', 'has no room: no disk space, memory or connections'],
]);

/** The driver has no codes for these. */
function causeIn(message: string, error: unknown): string | readonly [what: string, hint: string] | undefined {
  if (/does not support SSL/i.test(message)) {
    return ['offers no TLS', 'Set up TLS in the server, or use sslmode=disable where the network is trusted.'];
  }
  return isLost(error) ? 'cannot be reached' : undefined;
}

/** Conditions of a server that goes or comes: its SQLSTATE classes and codes, and those of Node. */
const LOST: ReadonlySet<string> = new Set([
  ...['57P01', '57P02', '57P03', '25P03', '53300', '25P04'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOENT', 'EAI_AGAIN'],
]);
/** The driver has no codes for these. */
const LOST_WORDS = /terminated|timeout|not queryable|connection error|socket/i;

/** True if the connection was lost, or none could be made, so that nobody knows what became of the statement. */
function isLost(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  if (error instanceof ConnectorError) return false;
  if (code === undefined) return error instanceof Error && LOST_WORDS.test(message);
  return LOST.has(code) || /^08...$/.test(code);
}

/** True if another transaction was in the way, and the same again may succeed. */
export function isConflict(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '40001' || code === '40P01' || code === '55P03';
}

/**
 * The address of a server for messages: without user, password and parameters.
 * @returns undefined for what is no address, or where part of a password might be taken for host, path or parameters
 */
export function nameOf(url: string): string | undefined {
  // libpq and the driver allow an address with a user and no host.
  const full = url.replace('@/', '@localhost/');
  if (!URL.canParse(full)) return undefined;
  const { host, pathname, search, hash } = new URL(full);
  return /@/.test(pathname + search + hash) ? undefined : `postgres://${host}${pathname}`;
}

type Statement = readonly [text: string, values?: readonly unknown[]];

/** Sends statements in one go; gives what each was answered, or throws the first failure. */
export async function together(held: Held, ...statements: readonly Statement[]): Promise<readonly QueryResult[]> {
  const answers = await Promise.allSettled(statements.map(([text, values = []]) => held.query(text, [...values])));
  const failed = answers.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

/** @throws Error when COMMIT was answered with ROLLBACK, as it is after a statement that failed */
export async function commit(held: Held, change: Statement): Promise<void> {
  const [changed, done] = await together(held, change, ['COMMIT']);
  if (done?.command !== 'COMMIT') throw new Error(`COMMIT was answered with ${done?.command}`);
  if (changed?.rows.length !== 1) throw new Error('the version changed although it was locked');
}
