#!/usr/bin/env bash
# 2026-11-29
# jsonc-parser 3.3.1: removing a member by modify(path, undefined) removes from its start to the start of the next one,
# or from the end of the one before it when it is the last. A remark behind the member, on its line, therefore goes to
# another member: the one of the first member vanishes, and the remark of a removed one ends up behind its neighbour.
# Seen: after the removal of "state" its remark explains "client_id". A remark inside an object whose only member is
# removed from before a trailing comma leaves the comma alone, which is no JSON with any reader.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund jsonc-parser@3.3.1
cat >run.mjs <<'JS'
import { applyEdits, modify } from 'jsonc-parser';

const remove = (text, key) => applyEdits(text, modify(text, [key], undefined, {}));
const text = `{
  "client_id": "abc", // whose app
  "state": "fixed", // always the same
  "scope": "read" // what for
}`;
console.log(remove(text, 'state'));
console.log(remove('{ "a": 1 /* x */, }', 'a'));
JS
expected='{
  "client_id": "abc", // always the same
  "scope": "read" // what for
}
{ /* x */, }'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
