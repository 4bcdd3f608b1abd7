import type { Held } from './connections.ts';
import { refusal } from './store.ts';

/** One step a version: the row in `format` says how many a schema has been through. `$s` is the schema. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE $s.entry (key text COLLATE "C" PRIMARY KEY, value text NOT NULL);
   CREATE TABLE $s.snapshot (name text COLLATE "C", key text COLLATE "C", value text NOT NULL, PRIMARY KEY (name, key));
   CREATE TABLE $s.state (space text COLLATE "C" PRIMARY KEY, version bigint NOT NULL) WITH (fillfactor = 50);
   CREATE TABLE $s.change (space text COLLATE "C", version bigint, author text NOT NULL, keys text[] NOT NULL,
     everything boolean NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (space, version));`,
];

/** 'ckit': with the schema's hash, the name of the lock under which a schema is migrated. */
const LOCK_CLASS = 0x636b6974;

/**
 * Makes the tables, or brings them to this version, in the transaction that `held` is in. Of several processes one does,
 * and the others wait: the lock ends with the transaction, so that it holds behind a pooler as well.
 */
export async function migrate(held: Held, schema: string, name: string): Promise<void> {
  const quoted = `"${schema}"`;
  if ((await versionOf(held, schema, name)) === MIGRATIONS.length) return;
  await held.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_CLASS, schema]);
  const version = await versionOf(held, schema, name);
  if (version === MIGRATIONS.length) return;
  if (version === 0) {
    // Without a look first, who may not create schemas could not use one that was made for them.
    const { rowCount } = await held.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
    if (rowCount === 0) await held.query(`CREATE SCHEMA ${quoted}`);
    await held.query(`CREATE TABLE ${quoted}.format (version integer NOT NULL)`);
    await held.query(`INSERT INTO ${quoted}.format VALUES (0)`);
  }
  for (const step of MIGRATIONS.slice(version)) await held.query(step.replaceAll('$s', quoted));
  await held.query(`UPDATE ${quoted}.format SET version = $1`, [MIGRATIONS.length]);
}

/**
 * 0 when there is nothing yet. Tables are looked for in the catalog: `to_regclass` remembers that one was not there for
 * as long as a transaction locks no relation, even if others have made it since.
 * @throws ConnectorError when the schema is newer, or somebody else's
 */
async function versionOf(held: Held, schema: string, name: string): Promise<number> {
  const { rows } = await held.query(
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname IN ('format', 'entry')`,
    [schema],
  );
  const tables = rows.map(({ relname }) => relname as string);
  if (tables.length === 0) return 0;
  if (!tables.includes('format')) {
    throw refusal(`the schema ${schema} of ${name} is of another program`, { hint: HINT });
  }
  const found = await held.query(`SELECT version FROM "${schema}".format`);
  const version = Number(found.rows[0]?.version ?? 0);
  if (version <= MIGRATIONS.length) return version;
  throw refusal(
    `${name} was written by a newer version: it has format ${version}, and this version knows ${MIGRATIONS.length}`,
    { hint: 'Update the harness, or name another schema with ?schema= in the address.' },
  );
}

const HINT = 'Name another schema with ?schema= in the address.';
