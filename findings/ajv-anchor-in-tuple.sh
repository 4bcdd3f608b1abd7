#!/usr/bin/env bash
# 2026-11-30
# ajv 8.20.0: an $anchor or an $id inside prefixItems is not found by a reference, also by the validator for draft 2020-12:
# json-schema-traverse, which collects them, does not know the keyword. The schema does not compile. Elsewhere, such as in
# $defs or in dependentSchemas, they are found. JSON Schema 2020-12 Core, sections 8.2.1, 8.2.2 and 10.3.1.1.
# Seen: the same schema with its anchor in three places.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0
cat >run.cjs <<'JS'
const { Ajv2020 } = require('ajv/dist/2020');

const named = { $anchor: 'name', type: 'string' };
const reference = { properties: { a: { $ref: '#name' } } };
const schemas = {
  $defs: { ...reference, $defs: { named } },
  dependentSchemas: { ...reference, dependentSchemas: { b: named } },
  prefixItems: { ...reference, prefixItems: [named] },
};
for (const [name, schema] of Object.entries(schemas)) {
  try {
    console.log(`${name}: ${new Ajv2020({ strict: false }).compile(schema)({ a: 1 })}`);
  } catch ({ message }) {
    console.log(`${name}: ${message}`);
  }
}
JS
expected='$defs: false
dependentSchemas: false
prefixItems: can'"'"'t resolve reference #name from id #'
actual=$(node run.cjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
