#!/usr/bin/env bash
# 2026-11-30
# postgres 3.4.9: a JSON text that is bound to a column of the type jsonb is stored as a JSON string; pg 8.23.1 and PGlite
# 0.5.14 store the value that the text holds. A list is stored as a list by postgres.js and PGlite, and pg makes an array
# literal of it, which is no JSON. true is refused by postgres.js alone. An object for a column of the type text is JSON
# with pg, and [object Object] with the others. Nothing but an object is stored alike by all three.
# Seen: what jsonb_typeof() says, and the text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17 postgres@3.4.9 pg@8.23.1
cat >run.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';
import postgres from 'postgres';

const db = await PGlite.create();
await db.exec('CREATE TABLE t (j jsonb, x text)');
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0 });
await server.start();
const port = Number(server.getServerConn().split(':').at(-1));
const cases = [
  ['j', '{"a":1}'],
  ['j', [1, 2]],
  ['j', { a: 1 }],
  ['j', true],
  ['x', { a: 1 }],
];
async function seen(name, query) {
  const found = [];
  for (const [column, value] of cases) {
    const shown = column === 'j' ? 'jsonb_typeof(j)' : 'x';
    const run = query(`INSERT INTO t (${column}) VALUES ($1) RETURNING ${shown} AS shown`, [value]);
    found.push(await run.then(([row]) => row.shown, ({ message }) => message));
  }
  console.log(`${name}: ${found.join(' | ')}`);
}
const options = { host: '127.0.0.1', port, database: 'postgres', ssl: false };
const client = new pg.Client({ ...options, user: 'postgres' });
await client.connect();
await seen('pg', async (text, values) => (await client.query(text, values)).rows);
await client.end();
const sql = postgres({ ...options, user: 'postgres', max: 1 });
await seen('postgres', async (text, values) => [...(await sql.unsafe(text, values))]);
await sql.end();
await seen('pglite', async (text, values) => (await db.query(text, values)).rows);
process.exit();
JS
expected='pg: object | invalid input syntax for type json | object | boolean | {"a":1}
postgres: string | array | object | column "j" is of type jsonb but expression is of type boolean | [object Object]
pglite: object | array | object | boolean | [object Object]'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
