#!/usr/bin/env bash
# 2026-11-30
# fast-jwt 6.3.6: expiresIn is in milliseconds, as a number and as a text. In jsonwebtoken 9.0.3 a number is in seconds, and
# "5000" is in milliseconds. In jose 6.2.18 a number is the moment itself, so that 5000 is in 1970, and "5000" is an error.
# "1M", for a month, is a minute in all three.
# Seen: exp, in seconds after the time of issue.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts fast-jwt@6.3.6 jsonwebtoken@9.0.3 jose@6.2.18
cat >run.mjs <<'JS'
import { createSigner } from 'fast-jwt';
import { decodeJwt, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';

const key = 'k'.repeat(32);
const libraries = {
  'fast-jwt': (expiresIn) => createSigner({ key, expiresIn })({}),
  jsonwebtoken: (expiresIn) => jsonwebtoken.sign({}, key, { expiresIn }),
  jose: (lifetime) =>
    new SignJWT().setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime(lifetime).sign(Buffer.from(key)),
};
for (const [name, sign] of Object.entries(libraries)) {
  const seen = [];
  for (const lifetime of [5000, '5000', '1M']) {
    try {
      const { exp, iat } = decodeJwt(await sign(lifetime));
      seen.push(exp < iat ? `${JSON.stringify(lifetime)} is ${exp} after 1970` : `${JSON.stringify(lifetime)} is ${exp - iat}`);
    } catch {
      seen.push(`${JSON.stringify(lifetime)} is an error`);
    }
  }
  console.log(`${name}: ${seen.join(', ')}`);
}
JS
expected='fast-jwt: 5000 is 5, "5000" is 5, "1M" is 60
jsonwebtoken: 5000 is 5000, "5000" is 5, "1M" is 60
jose: 5000 is 5000 after 1970, "5000" is an error, "1M" is 60'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
