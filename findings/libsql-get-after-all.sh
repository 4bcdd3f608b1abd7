#!/usr/bin/env bash
# 2026-11-29
# libsql 0.5.29: the first get() of a statement after all() ignores its parameters, and gives the first row that all() gave.
# The next get() is right. So a statement is used for get() or for all(), never for both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29
cat >run.cjs <<'JS'
const Database = require('libsql');

const db = new Database(':memory:');
db.exec('CREATE TABLE t (n INTEGER)');
db.exec('INSERT INTO t VALUES (1), (2)');
const statement = db.prepare('SELECT n FROM t WHERE n > ? ORDER BY n').raw();
const steps = [statement.all([0]), statement.get([1]), statement.get([1])];
console.log(steps.map((each) => JSON.stringify(each)).join(' '));
JS
expected='[[1],[2]] [1] [2]'
actual=$(node run.cjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
