#!/usr/bin/env bash
# 2026-11-30
# @scalar/postman-to-openapi 0.7.14: an API key of a collection becomes a header api_key, whatever its name is and wherever
# it is sent. Client credentials become an authorization code flow, with an authorization URL that nobody wrote.
# Seen: X-Key in the header and k in the query become the same scheme.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @scalar/postman-to-openapi@0.7.14
cat >run.mjs <<'JS'
import { convert } from '@scalar/postman-to-openapi';

const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const url = { raw: 'https://api.test/me', protocol: 'https', host: ['api', 'test'], path: ['me'] };
const item = [{ name: 'me', request: { method: 'GET', url } }];
const pairs = (values) => Object.entries(values).map(([key, value]) => ({ key, value, type: 'string' }));
const cases = [
  ['apikey', { key: 'X-Key', value: '{{key}}', in: 'header' }],
  ['apikey', { key: 'k', value: '{{key}}', in: 'query' }],
  ['oauth2', { grant_type: 'client_credentials', accessTokenUrl: 'https://auth.test/token', scope: 'read' }],
];
for (const [type, values] of cases) {
  const { components } = await convert({ info: { name: 'A', schema }, auth: { type, [type]: pairs(values) }, item });
  console.log(JSON.stringify(components.securitySchemes));
}
JS
expected='{"apikeyAuth":{"type":"apiKey","name":"api_key","in":"header"}}
{"apikeyAuth":{"type":"apiKey","name":"api_key","in":"header"}}
{"oauth2Auth":{"type":"oauth2","flows":{"authorizationCode":{"authorizationUrl":"/oauth/authorize","tokenUrl":"https://auth.test/token","scopes":{"read":"read"}}}}}'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
