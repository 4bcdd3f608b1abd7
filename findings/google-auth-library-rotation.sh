#!/usr/bin/env bash
# 2026-11-30
# google-auth-library 11.3.4: when a refresh brings a new refresh token, the client hands it to listeners of "tokens" and
# goes on with the old one, also in its credentials. At a server that rotates, as RFC 9700, section 4.14.2, has it for
# public clients, the next refresh fails and ends the grant. Google does not rotate; the endpoints can be set to others.
# Seen: the refresh tokens that two refreshes send, and what is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts google-auth-library@11.3.4
cat >run.mjs <<'JS'
import { createServer } from 'node:http';
import { OAuth2Client } from 'google-auth-library';

const sent = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  sent.push(new URLSearchParams(body).get('refresh_token'));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 1, refresh_token: `r${sent.length}` }));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const oauth2TokenUrl = `http://127.0.0.1:${server.address().port}/token`;
const client = new OAuth2Client({ clientId: 'c', clientSecret: 's', endpoints: { oauth2TokenUrl } });
client.setCredentials({ refresh_token: 'r0' });
const told = [];
client.on('tokens', ({ refresh_token }) => told.push(refresh_token));
await client.getAccessToken();
await client.getAccessToken();
console.log(`sent ${sent}; told ${told}; kept ${client.credentials.refresh_token}`);
process.exit();
JS
expected='sent r0,r0; told r1,r2; kept r0'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
