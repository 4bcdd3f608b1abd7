#!/usr/bin/env bash
# 2026-11-30
# qs 6.17.1: the values of a name that occurs more than 20 times are an object with the keys 0, 1, 2, …, not a list, as
# soon as there are 21 of them; so are those of a[]. A reader that asks Array.isArray() takes them for one value. The
# option arrayLimit decides it, not only for indexes in brackets.
# Seen: 20 values are a list, 21 are an object, with the default settings.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts qs@6.17.1
cat >run.cjs <<'JS'
const { parse } = require('qs');

const values = (name, count) => parse(Array.from({ length: count }, (_, index) => `${name}=${index}`).join('&')).a;
for (const name of ['a', 'a[]']) {
  for (const count of [20, 21]) {
    const found = values(name, count);
    console.log(`${count} of ${name}: ${Array.isArray(found) ? 'list' : typeof found}, ${Object.keys(found).at(-1)}`);
  }
}
JS
expected='20 of a: list, 19
21 of a: object, 20
20 of a[]: list, 19
21 of a[]: object, 20'
actual=$(node run.cjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
