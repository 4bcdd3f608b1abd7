// Plays every exchange of the sdk through Prism, a proxy that validates answers, in front of the harness. Each platform
// is held against its contract as the harness serves it, and against its vendor's own OpenAPI documents where these are
// at hand: CONNECTOR_VENDOR_DOCUMENTS names a folder that has the files of DOCUMENTS below, from checkouts of
// https://github.com/mulesoft/mulesoft-dx and https://github.com/workato-devs/workato-platform-cli. Make and Akana
// publish no document that could be fetched. `pnpm clients`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { PLATFORMS } from '@connectorkit/sdk/platforms';

const PRISM = join(import.meta.dirname, 'node_modules', 'stoplight-prism-cli-5', 'dist', 'index.js');

/** The vendors' documents: whose, where, and below which path of the host its paths stand. */
const DOCUMENTS = [
  ['anypoint', 'mulesoft-dx/apis/access-management/api.yaml', '/accounts/api'],
  ['anypoint', 'mulesoft-dx/apis/exchange-experience/api.yaml', '/exchange/api/v2'],
  ['anypoint', 'mulesoft-dx/apis/api-manager/api.yaml', '/apimanager/api/v1'],
  ['anypoint', 'mulesoft-dx/apis/api-platform/api.yaml', '/apiplatform/repository/v2'],
  ['workato', 'workato-platform-cli/workato-api-spec.yaml', ''],
];

/**
 * Where a vendor's document contradicts the vendor's own page or example: document,
 * operation, the answer's violation as `code at`, and what contradicts it.
 * @type {readonly (readonly [document: string, operation: string, violation: string, why: string])[]}
 */
const ACCESS = 'mulesoft-dx/apis/access-management/api.yaml';
const MANAGER = 'mulesoft-dx/apis/api-manager/api.yaml';
const CLI = 'workato-platform-cli/workato-api-spec.yaml';
const OF_ONE_EXAMPLE = 'made of one example: it requires the id of the organisation of that example as a key';
/** The one entry that is no contradiction, but something that the emulator leaves out. */
const NO_PLAN = 'of what the plan of an organisation entitles to nothing is told here';
const CLIENT = 'requires a connected app beside the user, though users log in by name as well';
const NULL_WORDS = 'the page "Request Access" and the examples of client applications have null for no description';
const IN_FORCE =
  'made of one example, in which the contract is in force and has a tier; example GroupContract has none';
const NO_PARTY = 'example Contracts has null for a contract that nobody asked for on another’s behalf';
const AUDIT = 'has a text for what is an object with a date in the list of the same tiers';
const TAGS = 'requires tags, which the page "Connections" says are there only when they are asked for';

const KNOWN = [
  [ACCESS, 'getMe', 'required body', CLIENT],
  [ACCESS, 'getMe', 'required body/user/organizationPreferences', OF_ONE_EXAMPLE],
  [ACCESS, 'getCurrentUser', 'required body/organization', NO_PLAN],
  [ACCESS, 'getMe', 'required body/user/organization', NO_PLAN],
  [
    ACCESS,
    'getMe',
    'required body/user/organization/properties',
    'GET /users/me requires no cs_auth of the same organisation',
  ],
  ['mulesoft-dx/apis/exchange-experience/api.yaml', 'listApplications', 'type body/*/description', NULL_WORDS],
  ...['listManagedTiers type body/tiers/*/description', 'updateManagedTier type body/description'].map(
    known(NULL_WORDS),
  ),
  ...['listGroupTiers type body/tiers/*/description', 'createGroupTier type body/description'].map(known(NULL_WORDS)),
  ...['createGroupTier type body/audit/created', 'createGroupTier type body/audit/updated'].map(known(AUDIT)),
  ...['approvedDate', 'tierId', 'tier']
    .map((key) => `listManagedContracts type body/contracts/*/${key}`)
    .map(known(IN_FORCE)),
  known(IN_FORCE)('listGroupContracts type body/contracts/*/approvedDate'),
  known(IN_FORCE)('updateManagedContract type body/approvedDate'),
  ...['createManagedContract', 'updateManagedContract', 'createGroupContract'].flatMap((operation) => [
    ...['tierId', 'tier'].map((key) => known(IN_FORCE)(`${operation} type body/${key}`)),
    ...['partyId', 'partyName'].map((key) => known(NO_PARTY)(`${operation} type body/${key}`)),
    ...['description', 'url'].map((key) => known(NULL_WORDS)(`${operation} type body/application/${key}`)),
  ]),
  [CLI, 'listWorkspaceConnections', 'required body/*', TAGS],
  [CLI, 'createWorkspaceConnection', 'required body', TAGS],
  [CLI, 'updateWorkspaceConnection', 'required body', TAGS],
];

/** @param {string} why @returns {(found: string) => [document: string, operation: string, violation: string, why: string]} */
function known(why) {
  return (found) => {
    const [operation = '', ...violation] = found.split(' ');
    return [MANAGER, operation, violation.join(' '), why];
  };
}

const folder = mkdtempSync(join(tmpdir(), 'connectorkit-proxied-'));
const documents = process.env.CONNECTOR_VENDOR_DOCUMENTS;

/** @returns {Promise<number>} a port that nothing listens on */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts Prism with a document in front of an address. @returns {Promise<{ url: string, stop: () => void }>} */
async function proxy(document, upstream) {
  const port = await freePort();
  const words = [PRISM, 'proxy', document, upstream, '--port', String(port), '--errors', 'false'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  await new Promise((resolve, reject) => {
    const read = (text) => {
      told += text;
      if (told.includes('Prism is listening')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`Prism ended: ${told.slice(-2000)}`)));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

/**
 * What Prism says of an answer: undefined where the document has no such operation, or the violations as `code at`.
 * @param {Response} response
 */
function violationsIn({ headers }) {
  const all = JSON.parse(headers.get('sl-violations') ?? '[]');
  if (all.some(({ message }) => message === 'Selected route not found')) return undefined;
  // It reads JSON alone.
  if (!/[/+]json/.test(headers.get('content-type') ?? '')) return [];
  const ofAnswer = all.filter(({ location, severity }) => location[0] === 'response' && severity === 'Error');
  return ofAnswer.map(({ location, code }) => `${code} ${location.slice(1).join('/').replaceAll(/\d+/g, '*')}`);
}

/** Plays the exchanges of a platform that stand below a path through a document. */
async function play(name, document, below) {
  const { basePath, exchanges } = PLATFORMS[name];
  const harness = await createHarness({ platforms: [name] });
  const prism = await proxy(document, `${harness.url}${below}`);
  const found = new Set();
  const absent = new Set();
  let played = 0;
  try {
    for (const exchange of await exchanges()) {
      for (const { http, given, at, request } of [exchange, { ...exchange, ...exchange.changed }]) {
        const [method, path = ''] = http.split(' ');
        const full = `${basePath}${path}`;
        if (!full.startsWith(`${below}/`)) continue;
        await harness.reset();
        if (at !== undefined) await harness.clock.set(at, { frozen: true });
        await harness.seed(name, given);
        const { body, headers } = request;
        const response = await fetch(`${prism.url}${full.slice(below.length)}`, {
          method,
          headers: {
            authorization: `Bearer ${harness.token}`,
            'content-type': typeof body === 'string' ? 'application/jsonc' : 'application/json',
            ...headers,
          },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        await response.arrayBuffer();
        const violations = violationsIn(response);
        if (violations === undefined) absent.add(exchange.operation);
        else played += 1;
        for (const each of violations ?? []) found.add(`${exchange.operation} ${each}`);
      }
    }
  } finally {
    prism.stop();
    await harness.close();
  }
  return { found: [...found], played, absent };
}

const targets = Object.values(PLATFORMS).map(({ name, basePath, contract }) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(contract));
  return [name, `the contract of ${name}`, file, basePath];
});
for (const [name, file, below] of DOCUMENTS) {
  const path = join(documents ?? '', file);
  if (documents !== undefined && existsSync(path)) targets.push([name, file, path, below]);
  else console.log(`Not at hand, and not used: ${file}`);
}

const surprises = [];
try {
  for (const [name, title, file, below] of targets) {
    const { found, played, absent } = await play(name, file, below);
    const known = KNOWN.filter(([document]) => document === title).map(([, operation, at]) => `${operation} ${at}`);
    const unknown = found.filter((each) => !known.includes(each));
    const gone = known.filter((each) => !found.includes(each));
    const listed = found.length - unknown.length;
    console.log(
      `${title}: ${played} answers passed, ${listed} violations that are listed, ${unknown.length} that are not`,
    );
    if (absent.size > 0) console.log(`  not in the document: ${[...absent].join(', ')}`);
    surprises.push(...unknown.map((each) => `${title}: ${each}`), ...gone.map((each) => `${title}: no longer ${each}`));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
assert.deepEqual(surprises, [], 'Answers that a document does not allow, and that are not in KNOWN');
