#!/usr/bin/env bash
# 2026-11-30
# @mhoc/axios-digest-auth 0.8.0: a nonce is cut at its first equals sign, which every third one in base64 has at its end; uri
# lacks the query; qop is sent for a challenge without one. needle 3.5.0 counts the request without a digest, so that its
# first nc is 00000002, and cuts a realm at its comma. request 2.88.2 answers a challenge of SHA-256 with 32 digits and
# algorithm=SHA-256. RFC 7616, sections 3.3 and 3.4.
# Seen: what each client sends for a challenge with all of these.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @mhoc/axios-digest-auth@0.8.0 needle@3.5.0 request@2.88.2
cat >run.cjs <<'JS'
const { createServer } = require('node:http');
const axiosDigest = require('@mhoc/axios-digest-auth').default;
const needle = require('needle');
const request = require('request');

let sent;
const challenge = 'Digest realm="a, b", nonce="bm9uY2U=", qop="auth", algorithm=SHA-256';
const server = createServer(({ headers }, response) => {
  sent = headers.authorization;
  if (sent === undefined) response.writeHead(401, { 'www-authenticate': challenge });
  response.end();
});
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/p?a=1`;
  const clients = {
    '@mhoc/axios-digest-auth': () => new axiosDigest({ username: 'u', password: 'p' }).request({ method: 'GET', url }),
    needle: () => needle('get', url, { username: 'u', password: 'p', auth: 'digest' }),
    request: () =>
      new Promise((done) => request({ url, auth: { user: 'u', pass: 'p', sendImmediately: false } }, done)),
  };
  for (const [name, ask] of Object.entries(clients)) {
    await ask();
    const part = (key) => new RegExp(`[ ,]${key}=("[^"]*"|[^,]*)`).exec(sent)?.[1] ?? 'none';
    const digits = part('response').replaceAll('"', '').length;
    const said = ['realm', 'nonce', 'uri', 'nc', 'algorithm'].map((key) => `${key} ${part(key)}`);
    console.log(`${name}: ${said.join(', ')}, ${digits} digits`);
  }
  process.exit();
});
JS
expected='@mhoc/axios-digest-auth: realm "a", nonce "bm9uY2U", uri "/p", nc "00000001", algorithm "MD5", 32 digits
needle: realm "a", nonce "bm9uY2U=", uri "/p?a=1", nc "00000002", algorithm none, 32 digits
request: realm "a, b", nonce "bm9uY2U=", uri "/p?a=1", nc 00000001, algorithm SHA-256, 32 digits'
actual=$(node run.cjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
