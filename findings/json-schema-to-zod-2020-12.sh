#!/usr/bin/env bash
# 2026-11-30
# json-schema-to-zod 2.8.1: a tuple by prefixItems takes every list, a $ref takes everything, an object without "type" takes
# everything, and dependentRequired and unevaluatedProperties are ignored, all without a word: what it makes accepts what
# the schema refuses. References have to be resolved before it is called.
# Seen: the code that it writes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts json-schema-to-zod@2.8.1
cat >run.mjs <<'JS'
import { jsonSchemaToZod } from 'json-schema-to-zod';

const text = { type: 'string' };
const schemas = {
  tuple: { type: 'array', prefixItems: [text, { type: 'number' }], items: false },
  reference: { $ref: '#/$defs/text', $defs: { text } },
  properties: { properties: { a: text }, required: ['a'] },
  dependent: { type: 'object', properties: { a: text, b: text }, dependentRequired: { a: ['b'] } },
  unevaluated: { type: 'object', properties: { a: text }, unevaluatedProperties: false },
};
for (const [name, schema] of Object.entries(schemas)) {
  console.log(`${name}: ${jsonSchemaToZod(schema)}`);
}
JS
expected='tuple: z.array(z.any())
reference: z.any()
properties: z.any()
dependent: z.object({ "a": z.string().optional(), "b": z.string().optional() })
unevaluated: z.object({ "a": z.string().optional() })'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
