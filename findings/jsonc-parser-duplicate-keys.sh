#!/usr/bin/env bash
# 2026-11-29
# jsonc-parser 3.3.1: of a key that stands twice in an object, the value is that of the last one and the place is that of
# the first one. An edit by path changes the first, so that the value that parsers see stays what it was.
# Seen: parse gives "second", findNodeAtLocation gives the node of "first", and after modify() to "third" parse still
# gives "second". RFC 8259, section 4, leaves the meaning of such a text open; JSON.parse takes the last one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund jsonc-parser@3.3.1
cat >run.mjs <<'JS'
import { applyEdits, findNodeAtLocation, modify, parse, parseTree } from 'jsonc-parser';

const text = '{"url": "first", "url": "second"}';
const edited = applyEdits(text, modify(text, ['url'], 'third', {}));
const found = [parse(text).url, findNodeAtLocation(parseTree(text), ['url']).value, edited, parse(edited).url];
console.log(found.join('\n'));
JS
expected='second
first
{"url": "third", "url": "second"}
second'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
