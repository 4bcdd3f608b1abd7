#!/usr/bin/env bash
# 2026-11-30
# postgres 3.4.9: a Date that is written into a column of the type timestamp comes back as another moment wherever the
# process is not in UTC: it is written as UTC, and read as local time. PGlite 0.5.14 does the same, and reads a date as
# midnight in UTC, but a timestamp as local time. With pg 8.23.1 the moment comes back as it was, and the row holds the
# local time; of a Date for a column of the type date pg keeps the local day, the others the day in UTC. So a row that one
# driver wrote is another moment, or another day, for the next one. timestamptz has none of this.
# Seen in New York, for 2026-01-02T03:00Z: all drivers speak to the same server.
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
await db.exec('CREATE TABLE t (driver text, ts timestamp, d date)');
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0 });
await server.start();
const port = Number(server.getServerConn().split(':').at(-1));
const moment = new Date('2026-01-02T03:00:00Z');
const INSERT = 'INSERT INTO t VALUES ($1, $2, $3)';
const SELECT = 'SELECT ts, d FROM t WHERE driver = $1';

const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', ssl: false });
await client.connect();
await client.query(INSERT, ['pg', moment, moment]);
const read = { pg: (await client.query(SELECT, ['pg'])).rows[0] };
await client.end();
const sql = postgres({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: 1, ssl: false });
await sql.unsafe(INSERT, ['postgres', moment, moment]);
[read.postgres] = await sql.unsafe(SELECT, ['postgres']);
await sql.end();
await db.query(INSERT, ['pglite', moment, moment]);
[read.pglite] = (await db.query(SELECT, ['pglite'])).rows;

const { rows } = await db.query('SELECT driver, ts::text, d::text FROM t');
for (const { driver, ts, d } of rows) {
  const back = read[driver];
  console.log(`${driver}: stored ${ts} and ${d}, read ${back.ts.toISOString()} and ${back.d.toISOString()}`);
}
process.exit();
JS
expected='pg: stored 2026-01-01 22:00:00 and 2026-01-01, read 2026-01-02T03:00:00.000Z and 2026-01-01T05:00:00.000Z
postgres: stored 2026-01-02 03:00:00 and 2026-01-02, read 2026-01-02T08:00:00.000Z and 2026-01-02T00:00:00.000Z
pglite: stored 2026-01-02 03:00:00 and 2026-01-02, read 2026-01-02T08:00:00.000Z and 2026-01-02T00:00:00.000Z'
actual=$(TZ=America/New_York node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
