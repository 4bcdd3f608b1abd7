#!/usr/bin/env bash
# 2026-11-30
# hjson 3.2.2: a member that is deleted from an object that was read with its remarks (keepWsc) is written again, with the
# value undefined, which is no value of JSON; read again, it is a text. The object has to be written without its remarks, or
# the name taken out of its hidden list of keys.
# Seen: after delete settings.state.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts hjson@3.2.2
cat >run.cjs <<'JS'
const { parse, stringify } = require('hjson');

const settings = parse('{\n  // whose app\n  "client_id": "abc",\n  "state": "fixed"\n}', { keepWsc: true });
delete settings.state;
const text = stringify(settings, { keepWsc: true, quotes: 'all', separator: true });
console.log(text);
console.log(JSON.stringify(parse(text)));
JS
expected='{
  // whose app
  "client_id": "abc",
  "state": undefined
}
{"client_id":"abc","state":"undefined"}'
actual=$(node run.cjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
