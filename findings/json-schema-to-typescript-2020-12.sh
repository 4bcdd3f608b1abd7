#!/usr/bin/env bash
# 2026-11-29
# json-schema-to-typescript 16.0.0 reads what JSON Schema 2020-12 added as if it were older, without saying so:
# - a tuple by prefixItems that is closed by "items": false becomes never[], which no valid value fits but the empty one;
# - dependentRequired is left out of the type;
# - a $ref to an $anchor of the same schema, which 2019-09 brought, ends in an error of its own that names no place;
# - a description beside a $ref, which 2019-09 allows, makes a second type under another name (T and T1).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund json-schema-to-typescript@16.0.0
cat >run.mjs <<'JS'
import { compile } from 'json-schema-to-typescript';

const text = { type: 'string' };
const t = { type: 'object', properties: { x: text }, additionalProperties: false };
const object = (properties, more) => ({ type: 'object', properties, additionalProperties: false, ...more });
const schemas = {
  tuple: { type: 'array', prefixItems: [text, { type: 'number' }], items: false },
  dependent: object({ a: text, b: text }, { dependentRequired: { a: ['b'] } }),
  anchor: object({ a: { $ref: '#name' } }, { $defs: { n: { $anchor: 'name', ...text } } }),
  described: object({ a: { $ref: '#/$defs/t', description: 'one' }, b: { $ref: '#/$defs/t' } }, { $defs: { t } }),
};
for (const [name, schema] of Object.entries(schemas)) {
  const printed = await compile(schema, 'A', { bannerComment: '', format: false }).catch(({ message }) => message);
  console.log(`${name}: ${printed.replace(/\s+/g, ' ').trim()}`);
}
JS
expected='tuple: export type A = never[]
dependent: export interface A { a?: string b?: string }
anchor: Refs should have been resolved by the resolver! { '"'\$ref': '#name'"' }
described: export interface A { a?: T b?: T1 } /** * one */ export interface T { x?: string } export interface T1 { x?: string }'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
