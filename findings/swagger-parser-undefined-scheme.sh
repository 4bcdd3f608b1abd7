#!/usr/bin/env bash
# 2026-11-30
# @apidevtools/swagger-parser 13.1.0: validate() finds nothing in a document whose operations require a security scheme
# that is not defined, nor in one whose URLs of OAuth are relative, and refuses OpenAPI 3.2. The rule security-defined of
# @redocly/openapi-core 2.64.0 finds the first.
# Seen: what both say about the same documents.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @apidevtools/swagger-parser@13.1.0 @redocly/openapi-core@2.64.0
cat >run.mjs <<'JS'
import swaggerParser from '@apidevtools/swagger-parser';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const flow = { authorizationUrl: '/authorize', tokenUrl: '/token', scopes: {} };
const securitySchemes = { it: { type: 'oauth2', flows: { authorizationCode: flow } } };
const get = { responses: { 200: { description: 'ok' } } };
const document = (more) => ({
  ...{ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: { '/me': { get } } },
  ...{ components: { securitySchemes }, security: [{ it: [] }] },
  ...more,
});
const documents = {
  undefined: document({ security: [{ ti: [] }] }),
  relative: document({}),
  3.2: document({ openapi: '3.2.0' }),
};
const config = await createConfig({ rules: { 'security-defined': 'error' } });
for (const [name, each] of Object.entries(documents)) {
  const parser = await swaggerParser.validate(structuredClone(each)).then(
    () => 'valid',
    ({ message }) => message.replace(/: .*/, ''),
  );
  const found = await lintFromString({ source: JSON.stringify(each), config });
  console.log(`${name}: ${parser}; ${found.map(({ message }) => message).join(' ') || 'nothing'}`);
}
JS
expected='undefined: valid; There is no `ti` security scheme defined.
relative: valid; nothing
3.2: Unsupported OpenAPI version; nothing'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
