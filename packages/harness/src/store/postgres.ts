import { Connections, type Held, nameOf, together } from './connections.ts';
import { encodeKey } from './keys.ts';
import { migrate } from './postgres-migrations.ts';
import { statementsFor } from './postgres-statements.ts';
import { PostgresStore } from './postgres-store.ts';
import { type Lock, unlock } from './secrets.ts';
import { refusal, type Store, type StoreOptions } from './store.ts';

const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;
const OPENING = 10_000;
/** The row of the store's own lock. */
const LOCK = encodeKey('m', ['lock']);

/**
 * A store in a PostgreSQL database, below one of its schemas (`?schema=`, or `connectorkit`), which is made when it is
 * absent. Its secrets are encrypted with a key that all its processes are given.
 */
export async function openPostgres(location: string, options: StoreOptions): Promise<Store> {
  const { url, schema, name } = addressIn(location);
  const { key } = options;
  if (key === undefined) {
    throw refusal(`the secrets in ${name} need a key, and none is given`, {
      hint: 'Set CONNECTOR_HARNESS_KEY, or CONNECTOR_HARNESS_KEY_FILE to a file with it: the same for every process.',
    });
  }
  const connections = await Connections.open(url, name);
  const sql = statementsFor(schema);
  try {
    const prepare = async (held: Held) => {
      await together(held, [sql.begin], [sql.limits]);
      await migrate(held, schema, name);
      await held.query(sql.space, ['']);
      await held.query(sql.lock, ['']);
      const found = (await held.query(sql.get, [LOCK])).rows[0]?.value as string | undefined;
      const { cipher, lock } = await unlock(
        { name, given: key, file: '' },
        found === undefined ? undefined : (JSON.parse(found) as Lock),
      );
      if (found === undefined) await held.query(sql.set, [[LOCK], [JSON.stringify(lock)]]);
      const { command } = await held.query('COMMIT');
      if (command !== 'COMMIT') throw new Error(`COMMIT was answered with ${command}`);
      return cipher;
    };
    const cipher = await connections.patiently(
      () => connections.hold(prepare),
      () => {},
      OPENING,
    );
    return new PostgresStore(connections, sql, cipher, options);
  } catch (error) {
    await connections.close();
    throw connections.explained(error);
  }
}

/**
 * The address for the driver, the schema, and the name of the server in messages.
 * @throws ConnectorError usage `harness/store` for what is no address; nothing of it is shown, since it may hold a password
 */
function addressIn(location: string): { url: string; schema: string; name: string } {
  const name = nameOf(location);
  if (name === undefined) {
    throw refusal('the address of the PostgreSQL server cannot be read', {
      hint: 'Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / ? # and @ in user and password as %2F %3F %23 and %40.',
    });
  }
  const [, schema = 'connectorkit'] = /[?&]schema=([^&#]*)/.exec(location) ?? [];
  const url = location.replace(/([?&])schema=[^&#]*(&?)/, (_all, before: string, after: string) =>
    after ? before : '',
  );
  if (!SCHEMA.test(schema)) {
    throw refusal(`${JSON.stringify(schema)} cannot be the schema of a store`, {
      hint: 'Use lower-case letters, digits and underscores, not beginning with a digit.',
    });
  }
  return { url, schema, name };
}
