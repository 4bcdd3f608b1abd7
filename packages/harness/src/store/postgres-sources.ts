import type { QueryResult } from 'pg';
import type { Source } from './buffered.ts';
import type { Copy, Listed, Range, Reads } from './copy.ts';
import type { PostgresStatements } from './postgres-statements.ts';
import { ABSENT, type Row, rowOf } from './rows.ts';

/** Runs a statement. */
export type Ask = (text: string, values: readonly unknown[]) => Promise<Pick<QueryResult, 'rows'>>;

/** Reads what a transaction of the server sees. */
export class DirectSource implements Source {
  readonly #sql: PostgresStatements;
  readonly #ask: Ask;

  constructor(sql: PostgresStatements, ask: Ask) {
    this.#sql = sql;
    this.#ask = ask;
  }

  async row(key: string): Promise<Row> {
    const { rows } = await this.#ask(this.#sql.get, [key]);
    return rows[0] === undefined ? ABSENT : rowOf(key, rows[0].value);
  }

  async list({ from, to, limit, offset, reverse }: Range): Promise<Listed> {
    const { rows } = await this.#ask(this.#sql.list(reverse), ['', from, to, limit ?? null, offset]);
    return listed(rows);
  }

  async listKept(snapshot: string, { from, to }: Pick<Range, 'from' | 'to'>): Promise<Listed> {
    return listed((await this.#ask(this.#sql.listKept, ['', snapshot, from, to])).rows);
  }
}

/** Keys that are about to be asked for, and their rows. */
interface Miss {
  readonly keys: Set<string>;
  readonly found: Promise<ReadonlyMap<string, Row>>;
}

/** Reads from the copy, and what is not in it from the server, as long as both are of one version. */
export class CopySource implements Source {
  readonly #copy: Copy;
  readonly #version: number;
  readonly #sql: PostgresStatements;
  readonly #space: string;
  readonly #ask: Ask;
  readonly #reads: Reads | undefined;
  #miss: Miss | undefined;
  #isOver = false;

  /** @param reads is told what is read */
  constructor(copy: Copy, version: number, sql: PostgresStatements, space: string, ask: Ask, reads?: Reads) {
    this.#copy = copy;
    this.#version = version;
    this.#sql = sql;
    this.#space = space;
    this.#ask = ask;
    this.#reads = reads;
  }

  /** True if something was asked for when the version was another: what was read is of no moment. */
  get isOver(): boolean {
    return this.#isOver;
  }

  row(key: string): Row | Promise<Row> {
    this.#reads?.key(key);
    this.#checkVersion(this.#copy.version);
    return this.#copy.get(key) ?? this.#fetch(key);
  }

  async list(range: Range): Promise<Listed> {
    this.#reads?.range(range);
    this.#checkVersion(this.#copy.version);
    const known = this.#copy.list(range);
    if (known !== undefined) return known;
    const { from, to, limit, offset, reverse } = range;
    const { rows } = await this.#ask(this.#sql.list(reverse), [this.#space, from, to, limit ?? null, offset]);
    this.#checkVersion(Number(rows[0]?.version));
    this.#checkVersion(this.#copy.version);
    const found = listed(rows);
    this.#copy.learnList(range, found);
    return found;
  }

  async listKept(snapshot: string, { from, to }: Pick<Range, 'from' | 'to'>): Promise<Listed> {
    const { rows } = await this.#ask(this.#sql.listKept, [this.#space, snapshot, from, to]);
    this.#checkVersion(Number(rows[0]?.version));
    return listed(rows);
  }

  /** Asks for the value together with those that other transactions miss at the same time. */
  async #fetch(key: string): Promise<Row> {
    this.#miss ??= this.#nextMiss();
    const { keys, found } = this.#miss;
    keys.add(key);
    return (await found).get(key) ?? ABSENT;
  }

  #nextMiss(): Miss {
    const keys = new Set<string>();
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#miss = undefined;
      return this.#fetchAll(keys);
    });
    return { keys, found };
  }

  async #fetchAll(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Row>> {
    const { rows } = await this.#ask(this.#sql.rows, [this.#space, [...keys]]);
    this.#checkVersion(Number(rows[0]?.version));
    this.#checkVersion(this.#copy.version);
    const texts = new Map(rows.map(({ key, value }) => [key as string | null, value as string]));
    return new Map(Array.from(keys, (key) => [key, this.#copy.learn(key, texts.get(key))]));
  }

  #checkVersion(version: number | undefined): void {
    if (version === this.#version) return;
    this.#isOver = true;
    throw new Error('the store was changed meanwhile');
  }
}

function listed(rows: readonly { readonly key: string | null; readonly value: string }[]): Listed {
  return rows.flatMap(({ key, value }) => (key === null ? [] : [[key, value] as const]));
}
