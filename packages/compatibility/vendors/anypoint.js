// MuleSoft's own command line against the harness over TLS: logging in in both ways, environments, tiers and contracts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';

const SEED = {
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
};

const owner = { ANYPOINT_USERNAME: 'owner', ANYPOINT_PASSWORD: 'secret' };
const robot = { ANYPOINT_CLIENT_ID: 'robot', ANYPOINT_CLIENT_SECRET: 'secret' };

/** @param {any} context */
export async function begin({ folder, onEnd }) {
  const harness = await createHarness({ tlsPort: 0, platforms: ['anypoint'], checkAnswers: true });
  onEnd(() => harness.close());
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, harness.certificate?.text ?? '');
  return { harness, certificate };
}

/** Runs the command line, as somebody. */
async function commandsOf(/** @type {any} */ { place, folder, subject: { harness, certificate } }) {
  await harness.reset();
  await harness.seed('anypoint', SEED);
  /** The client sends its token only where the address says anypoint.mulesoft; the way back takes it away again. */
  const host = `${new URL(harness.tlsUrl ?? '').host}/anypoint.mulesoft/..`;
  /** @param {Record<string, string>} credentials @param {string[]} words @returns {Promise<{ code: number | null, stdout: string, stderr: string }>} */
  const run = (credentials, words) => {
    // Each keeps its session in a home of its own.
    const home = mkdtempSync(join(folder, 'home-'));
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      USERPROFILE: home,
      NODE_EXTRA_CA_CERTS: certificate,
      ...credentials,
    };
    const all = [join(place, 'bin', 'run'), ...words, '--environment', 'Sandbox', '--host', host];
    const child = spawn(process.execPath, all, { env, timeout: 100_000 });
    const said = { stdout: '', stderr: '' };
    for (const name of /** @type {const} */ (['stdout', 'stderr']))
      child[name].on('data', (text) => {
        said[name] += text;
      });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  };
  const told = async (/** @type {Record<string, string>} */ credentials, /** @type {string[]} */ words) => {
    const answer = await run(credentials, [...words, '--output', 'json']);
    assert.equal(answer.code, 0, `${words.join(' ')} failed: ${answer.stderr}`);
    return JSON.parse(answer.stdout);
  };
  /** What the emulator kept. @param {string} list */
  const kept = async (list) => {
    const at = '/apimanager/api/v1/organizations/5a673b98-92f4-459d-b950-daeed7a8165d/environments';
    const url = `${harness.url}${at}/fa07c403-3655-4e6b-8ea1-4888cc2775c1/apis/956703/${list}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${harness.token}` } });
    return (await response.json())[list];
  };
  return { run, told, kept };
}

export const attempts = {
  environments: async (context) => {
    const { told } = await commandsOf(context);
    const environments = await told(robot, ['account:environment:list']);
    assert.deepEqual(environments.map((each) => [each.name, each.isProduction]).sort(), [
      ['Live', true],
      ['Sandbox', false],
    ]);
  },
  wrongPassword: async (context) => {
    const { run } = await commandsOf(context);
    const answer = await run({ ...owner, ANYPOINT_PASSWORD: 'wrong' }, ['account:environment:list']);
    assert.notEqual(answer.code, 0);
    assert.match(answer.stderr, /401/);
  },
  tiers: async (context) => {
    const { run, told, kept } = await commandsOf(context);
    const words = ['api-mgr:tier:add', '956703', '--name', 'Silver', '--limit', 'true,100,min', '--autoApprove'];
    const { code, stdout, stderr } = await run(owner, words);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Created SLA Tier with ID/);
    const tiers = await told(owner, ['api-mgr:tier:list', '956703', 'silver']);
    const limits = [{ visible: true, maximumRequests: 100, timePeriodInMilliseconds: 60000 }];
    assert.deepEqual(
      tiers.map(({ name, autoApprove, limits }) => ({ name, autoApprove, limits })),
      [{ name: 'Silver', autoApprove: true, limits }],
    );
    const deleted = await run(owner, ['api-mgr:tier:delete', '956703', '171458']);
    assert.equal(deleted.code, 0, deleted.stderr);
    assert.deepEqual((await kept('tiers')).map(({ name }) => name).sort(), ['Gold', 'Silver']);
  },
  contracts: async (context) => {
    const { run, told, kept } = await commandsOf(context);
    const contracts = await told(robot, ['api-mgr:contract:list', '956703', 'shop']);
    assert.deepEqual(
      contracts.map(({ id, status, tier }) => [id, status, tier.name]),
      [[11, 'APPROVED', 'Gold']],
    );
    const refused = await run(robot, ['api-mgr:contract:delete', '956703', 'shop-id']);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /403/);
    const { code, stderr } = await run(owner, ['api-mgr:contract:delete', '956703', 'till-id']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      (await kept('contracts')).map(({ id }) => id),
      [11],
    );
  },
};
