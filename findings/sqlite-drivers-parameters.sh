#!/usr/bin/env bash
# 2026-11-30
# libsql 0.5.29: a parameter that is not given is NULL, and one too many is ignored, without an error; sql.js 1.17.0
# refuses one too many, and takes a missing one for NULL too. Names differ: libsql takes { a: 1 } for :a, and sql.js
# { ":a": 1 }; either driver binds NULL for the other spelling. A JavaScript number is REAL in libsql and INTEGER in sql.js
# where it is whole, so that 3 / 2 is 1.5 or 1, and a JSON text is made with 1.0 or 1.
# Seen with the same statements in both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libsql@0.5.29 sql.js@1.17.0
cat >run.cjs <<'JS'
const Libsql = require('libsql');
const open = require('sql.js');

open().then(({ Database }) => {
  const [one, other] = [new Libsql(':memory:'), new Database()];
  const drivers = {
    libsql: (sql, values) => one.prepare(sql).raw().get(...[values].flat()),
    'sql.js': (sql, values) => {
      const statement = other.prepare(sql);
      statement.bind(values);
      statement.step();
      return statement.get();
    },
  };
  const cases = [
    ['SELECT ?, ?', [1]],
    ['SELECT ?', [1, 2]],
    ['SELECT :a', { a: 1 }],
    ['SELECT :a', { ':a': 1 }],
    ['SELECT typeof(?), ? / 2, json_array(?)', [1, 3, 1]],
  ];
  for (const [sql, values] of cases) {
    for (const [name, run] of Object.entries(drivers)) {
      let seen;
      try {
        seen = JSON.stringify(run(sql, values));
      } catch (error) {
        seen = error.message;
      }
      console.log(`${sql} with ${JSON.stringify(values)}, ${name}: ${seen}`);
    }
  }
});
JS
expected='SELECT ?, ? with [1], libsql: [1,null]
SELECT ?, ? with [1], sql.js: [1,null]
SELECT ? with [1,2], libsql: [1]
SELECT ? with [1,2], sql.js: column index out of range
SELECT :a with {"a":1}, libsql: [1]
SELECT :a with {"a":1}, sql.js: [null]
SELECT :a with {":a":1}, libsql: [null]
SELECT :a with {":a":1}, sql.js: [1]
SELECT typeof(?), ? / 2, json_array(?) with [1,3,1], libsql: ["real",1.5,"[1.0]"]
SELECT typeof(?), ? / 2, json_array(?) with [1,3,1], sql.js: ["integer",1,"[1]"]'
actual=$(node run.cjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
