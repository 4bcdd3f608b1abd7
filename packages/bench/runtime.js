// What running a connection costs beside the same calls written by hand with Node's own fetch, at a server in a thread
// of its own. `pnpm bench runtime`; the exit code is 1 when a target is missed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { readSource } from '@connectorkit/sdk';
import { createTransport, openProjectIn } from '@connectorkit/sdk/node';
import { prepare } from '@connectorkit/sdk/runtime';

const TOKEN =
  '{"access_token":"access-token-2","refresh_token":"refresh-token-2","expires_in":1,"token_type":"Bearer"}';
const ACCOUNT = '{"id":7,"email":"ada@example.com"}';
const SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(request.url === '/oauth/token' ? ${JSON.stringify(TOKEN)} : ${JSON.stringify(ACCOUNT)});
    });
  }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

const worker = new Worker(SERVER, { eval: true });
const url = await new Promise((resolve) => worker.once('message', (port) => resolve(`http://127.0.0.1:${port}`)));

/** The connection of a template, at the server. @param {string} name */
function template(name) {
  const [connection] = openProjectIn(join(import.meta.dirname, '../../templates', name)).connections;
  const { file, text } = connection.sections.api;
  const api = readSource(file, text.replaceAll(/https:\/\/(api|auth)\.example\.com/g, url), { comments: true });
  return { ...connection, sections: { ...connection.sections, api } };
}

/** The same without a network: what is left is what a run costs by itself. */
const atOnce = async ({ url: target }) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(target.endsWith('/oauth/token') ? TOKEN : ACCOUNT),
});

const PARAMETERS = { apiKey: 'key-0123456789' };
const COMMON = { clientId: 'client-1', clientSecret: 'secret-0123456789' };
const EXPIRED = { data: { accessToken: 'a', refreshToken: 'refresh-token-1', expires: '2020-01-01T00:00:00.000Z' } };

/** @param {string} name @param {import('@connectorkit/sdk/runtime').Transport} transport */
function running(name, transport) {
  const world = {
    redirectUri: 'http://127.0.0.1/callback',
    now: () => new Date(),
    chance: (size) => randomBytes(size),
  };
  return prepare(template(name), { ...world, transport, parameters: PARAMETERS, common: COMMON });
}

/** @param {import('@connectorkit/sdk/runtime').Transport} transport */
function runs(transport) {
  const key = running('api-key', transport);
  const oauth = running('oauth2', transport);
  return { 'basic verification': () => key.verify({ data: {} }), 'token refresh': () => oauth.refresh(EXPIRED) };
}

const OURS = runs(createTransport());
const ALONE = runs(atOnce);
const BY_HAND = {
  'basic verification': async () => {
    const response = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${PARAMETERS.apiKey}` } });
    return (await response.json()).email;
  },
  'token refresh': async () => {
    const { refreshToken } = EXPIRED.data;
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const client = { client_id: COMMON.clientId, client_secret: COMMON.clientSecret };
    const response = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, ...client }),
    });
    return (await response.json()).access_token;
  },
};

assert.equal((await OURS['basic verification']()).instance?.metadata?.value, await BY_HAND['basic verification']());
assert.equal((await OURS['token refresh']()).instance?.data.accessToken, await BY_HAND['token refresh']());

/** Milliseconds that one of many takes. @param {() => Promise<unknown>} work @param {number} count */
async function timed(work, count) {
  const started = performance.now();
  for (let index = 0; index < count; index++) await work();
  return (performance.now() - started) / count;
}

/** The medians of rounds in turn, so that what the machine does meanwhile meets everybody alike. */
async function medians(works, { rounds = 11, count = 300 } = {}) {
  const times = works.map(() => []);
  for (const work of works) await timed(work, 1000);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) times[index].push(await timed(work, count));
  }
  return times.map((each) => each.sort((a, b) => a - b)[rounds >> 1]);
}

const missed = [];

function target(what, value, most, unit) {
  const met = value <= most;
  if (!met) missed.push(what);
  console.log(`${met ? 'met' : 'MISSED'}: ${what}: ${value.toFixed(2)}${unit} of at most ${most}${unit}`);
}

for (const name of Object.keys(OURS)) {
  const traced = async () => (await ALONE[name]()).trace;
  const [ours, byHand, alone, withTrace] = await medians([OURS[name], BY_HAND[name], ALONE[name], traced]);
  const words = `${ours.toFixed(3)} ms, by hand ${byHand.toFixed(3)} ms; of its own ${alone.toFixed(3)} ms`;
  console.log(`${name}: ${words}, with its trace ${withTrace.toFixed(3)} ms`);
  target(`${name}, beside the same by hand`, ours / byHand, 1.3, '×');
  target(`${name}, own time with its trace`, withTrace, 0.3, ' ms');
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};
await timed(OURS['basic verification'], 2000);
const before = heap();
await timed(OURS['basic verification'], 10_000);
target('memory after 10,000 runs', heap() - before, 2, ' MB');

await worker.terminate();
process.exitCode = missed.length === 0 ? 0 : 1;
