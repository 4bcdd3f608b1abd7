/** All statements of a store. Parameters are counted as PostgreSQL does it. */
export function statementsFor(schema: string) {
  const s = `"${schema}"`;
  const change = 'c.version AS change, c.author, c.keys, c.everything';
  return {
    begin: 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
    beginReading: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    // A process that stands still must not keep all others waiting.
    limits: 'SET LOCAL idle_in_transaction_session_timeout = 10000',
    space: `INSERT INTO ${s}.state (space, version) VALUES ($1, 0) ON CONFLICT DO NOTHING`,
    lock: `SELECT version FROM ${s}.state WHERE space = $1 FOR UPDATE`,
    /** The version, and what was changed since another one, unless that is too long ago. */
    changes: `SELECT s.version, ${change} FROM ${s}.state s
      LEFT JOIN ${s}.change c ON c.space = s.space AND c.version > $2 AND c.version > s.version - ${KEPT}
      WHERE s.space = $1 ORDER BY c.version`,
    committed: `SELECT version FROM ${s}.change WHERE space = $1 AND version > $2 AND author = $3`,
    rows: `SELECT s.version, e.key, e.value FROM ${s}.state s
      LEFT JOIN ${s}.entry e ON e.key = ANY($2::text[]) WHERE s.space = $1`,
    list: (descending: boolean) => `SELECT s.version, e.key, e.value FROM ${s}.state s LEFT JOIN LATERAL
      (SELECT key, value FROM ${s}.entry WHERE key >= $2 AND key < $3
        ORDER BY key ${descending ? 'DESC' : ''} LIMIT $4 OFFSET $5) e ON true
      WHERE s.space = $1 ORDER BY e.key ${descending ? 'DESC' : ''}`,
    listKept: `SELECT s.version, e.key, e.value FROM ${s}.state s
      LEFT JOIN ${s}.snapshot e ON e.name = $2 AND e.key >= $3 AND e.key < $4 WHERE s.space = $1 ORDER BY e.key`,
    /** One statement, so that it is done as a whole and in one round trip; nothing is done if the version is another. */
    commit: `WITH won AS (
        UPDATE ${s}.state SET version = version + 1 WHERE space = $1 AND version = $2 RETURNING version
      ), written AS (
        INSERT INTO ${s}.entry (key, value) SELECT t.key, t.value FROM won, unnest($3::text[], $4::text[]) AS t(key, value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
      ), removed AS (
        DELETE FROM ${s}.entry USING won WHERE key = ANY($5::text[])
      ), noted AS (
        INSERT INTO ${s}.change (space, version, author, keys, everything) SELECT $1, version, $6, $7::text[], $8 FROM won
      ), forgotten AS (
        DELETE FROM ${s}.change c USING won WHERE c.space = $1 AND won.version % ${KEPT / 8} = 0
          AND c.version < won.version - ${KEPT} AND c.at < now() - interval '2 minutes'
      ) SELECT version FROM won`,
    set: `INSERT INTO ${s}.entry (key, value) SELECT * FROM unnest($1::text[], $2::text[])
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    delete: `DELETE FROM ${s}.entry WHERE key = ANY($1::text[])`,
    get: `SELECT value FROM ${s}.entry WHERE key = $1`,
    deleteRange: `DELETE FROM ${s}.entry WHERE key >= $1 AND key < $2`,
    keep: `INSERT INTO ${s}.snapshot (name, key, value) SELECT $1, key, value FROM ${s}.entry WHERE key >= $2 AND key < $3`,
    restore: `INSERT INTO ${s}.entry (key, value) SELECT key, value FROM ${s}.snapshot WHERE name = $1`,
    usage: `SELECT count(*) AS rows, coalesce(sum(octet_length(value)), 0) AS bytes FROM (
        SELECT e.value FROM unnest($1::text[], $2::text[]) AS r(low, high) JOIN ${s}.entry e
          ON e.key >= r.low AND e.key < r.high
        UNION ALL
        SELECT e.value FROM unnest($1::text[], $2::text[]) AS r(low, high) JOIN ${s}.snapshot e
          ON e.name >= $3 AND e.name < $4 AND e.key >= r.low AND e.key < r.high
      ) AS held`,
    drop: `DELETE FROM ${s}.snapshot WHERE name = $1`,
    dropRange: `DELETE FROM ${s}.snapshot WHERE name >= $1 AND name < $2`,
    forgetChanges: `DELETE FROM ${s}.change WHERE space = $1`,
    forgetSpace: `DELETE FROM ${s}.state WHERE space = $1`,
  };
}

/** Versions whose changes are kept at least. */
const KEPT = 1024;

export type PostgresStatements = ReturnType<typeof statementsFor>;
