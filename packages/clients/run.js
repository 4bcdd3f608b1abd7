// Runs MuleSoft's own command line, anypoint-cli-v4, against the harness over TLS: logging in in both ways,
// environments, tiers and contracts. `pnpm clients`; it has a lockfile of its own, so that nobody else has to install it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const bin = join(here, 'node_modules', 'anypoint-cli-v4', 'bin', 'run');

const options = { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' };
const { status } = spawnSync('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], options);
if (status !== 0) process.exit(status ?? 1);
// After what may install it.
const { createHarness } = await import('@connectorkit/harness');

const folder = mkdtempSync(join(tmpdir(), 'connectorkit-clients-'));
const harness = await createHarness({ tlsPort: 0, platforms: ['anypoint'], checkAnswers: true });
const certificate = join(folder, 'certificate.pem');
writeFileSync(certificate, harness.certificate?.text ?? '');
await harness.seed('anypoint', {
  users: [
    { username: 'owner', password: 'secret', roles: ['Exchange Viewer', 'API Manager Environment Administrator'] },
  ],
  connected_apps: [{ id: 'robot', secret: 'secret', roles: ['View Contracts'] }],
  environments: [{ id: 'live', name: 'Live', type: 'production' }],
  assets: [{ assetId: 'orders' }],
  instances: [{ id: 956703, assetId: 'orders' }],
  tiers: [
    { id: 171457, instanceId: 956703, name: 'Gold', limits: [{ timePeriodInMilliseconds: 1000, maximumRequests: 5 }] },
    { id: 171458, instanceId: 956703, name: 'Spare' },
  ],
  applications: [
    { id: 1, name: 'Shop', clientId: 'shop-id' },
    { id: 2, name: 'Till', clientId: 'till-id' },
  ],
  contracts: [
    { id: 11, applicationId: 1, instanceId: 956703, status: 'APPROVED', tierId: 171457 },
    { id: 12, applicationId: 2, instanceId: 956703, status: 'PENDING', requestedTierId: 171457 },
  ],
});

/** The client sends its token only where the address says anypoint.mulesoft; the way back takes it away again. */
const host = `${new URL(harness.tlsUrl ?? '').host}/anypoint.mulesoft/..`;
const owner = { ANYPOINT_USERNAME: 'owner', ANYPOINT_PASSWORD: 'secret' };
const robot = { ANYPOINT_CLIENT_ID: 'robot', ANYPOINT_CLIENT_SECRET: 'secret' };
let homes = 0;

/**
 * @param {Record<string, string>} credentials
 * @param {string[]} words
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function anypoint(credentials, words) {
  // Each keeps its session in a home of its own.
  const home = join(folder, String(homes++));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    USERPROFILE: home,
    NODE_EXTRA_CA_CERTS: certificate,
    ...credentials,
  };
  const child = spawn(process.execPath, [bin, ...words, '--environment', 'Sandbox', '--host', host], {
    env,
    timeout: 100_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** @param {Record<string, string>} credentials @param {string[]} words */
async function told(credentials, words) {
  const answer = await anypoint(credentials, [...words, '--output', 'json']);
  assert.equal(answer.code, 0, `${words.join(' ')} failed: ${answer.stderr}`);
  return JSON.parse(answer.stdout);
}

const CHECKS = [
  async () => {
    const environments = await told(robot, ['account:environment:list']);
    assert.deepEqual(environments.map((each) => [each.name, each.isProduction]).sort(), [
      ['Live', true],
      ['Sandbox', false],
    ]);
    return 'a connected app lists environments';
  },
  async () => {
    const answer = await anypoint({ ...owner, ANYPOINT_PASSWORD: 'wrong' }, ['account:environment:list']);
    assert.notEqual(answer.code, 0);
    assert.match(answer.stderr, /401/);
    return 'a wrong password is refused';
  },
  async () => {
    const words = ['api-mgr:tier:add', '956703', '--name', 'Silver', '--limit', 'true,100,min', '--autoApprove'];
    const { code, stdout, stderr } = await anypoint(owner, words);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Created SLA Tier with ID/);
    const tiers = await told(owner, ['api-mgr:tier:list', '956703', 'silver']);
    const limits = [{ visible: true, maximumRequests: 100, timePeriodInMilliseconds: 60000 }];
    assert.deepEqual(
      tiers.map(({ name, autoApprove, limits }) => ({ name, autoApprove, limits })),
      [{ name: 'Silver', autoApprove: true, limits }],
    );
    return 'a user adds a tier, and lists it';
  },
  async () => {
    const { code, stderr } = await anypoint(owner, ['api-mgr:tier:delete', '956703', '171458']);
    assert.equal(code, 0, stderr);
    return 'and deletes another';
  },
  async () => {
    const contracts = await told(robot, ['api-mgr:contract:list', '956703', 'shop']);
    assert.deepEqual(
      contracts.map(({ id, status, tier }) => [id, status, tier.name]),
      [[11, 'APPROVED', 'Gold']],
    );
    const refused = await anypoint(robot, ['api-mgr:contract:delete', '956703', 'shop-id']);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /403/);
    return 'a connected app that may only look lists contracts, and deletes none';
  },
  async () => {
    const { code, stderr } = await anypoint(owner, ['api-mgr:contract:delete', '956703', 'till-id']);
    assert.equal(code, 0, stderr);
    return 'a user deletes the contract of an application';
  },
];

const started = performance.now();
try {
  for (const done of await Promise.all(CHECKS.map((check) => check()))) console.log(`anypoint-cli-v4: ${done}`);
  const at = '/apimanager/api/v1/organizations/5a673b98-92f4-459d-b950-daeed7a8165d/environments';
  const base = `${harness.url}${at}/fa07c403-3655-4e6b-8ea1-4888cc2775c1/apis/956703`;
  const headers = { authorization: `Bearer ${harness.token}` };
  const [{ contracts }, { tiers }] = await Promise.all(
    ['contracts', 'tiers'].map(async (list) => (await fetch(`${base}/${list}`, { headers })).json()),
  );
  assert.deepEqual(
    contracts.map(({ id }) => id),
    [11],
  );
  assert.deepEqual(tiers.map(({ name }) => name).sort(), ['Gold', 'Silver']);
  console.log(`All of it is kept. ${CHECKS.length} checks, ${Math.round((performance.now() - started) / 1000)} s`);
} finally {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
}
