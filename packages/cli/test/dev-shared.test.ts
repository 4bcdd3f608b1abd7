import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { cloneOf, follow, newProject, stopAll } from './project.ts';
import { startStranger } from './stranger.ts';

/** A harness that a team shares, over TLS. */
let harness: Harness;
let address: string;
let certificate: string;
beforeAll(async () => {
  harness = await createHarness({ tlsPort: 0, certificateFolder: temporaryFolder() });
  address = harness.tlsUrl ?? '';
  certificate = harness.certificate?.file ?? '';
});
afterAll(() => harness.close());
afterEach(async () => {
  await stopAll();
  await harness.reset();
});

const WAIT = { timeout: 20_000, interval: 25 };

function originAt(project: string, origin: object): void {
  const file = join(project, 'connector.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, origins: { shared: { ...manifest.origins?.shared, ...origin } } }));
}

/** What lets a member of the team in on an address. */
const entry = (url = address) => ({
  NODE_EXTRA_CA_CERTS: certificate,
  CONNECTOR_TOKEN_SHARED: harness.token,
  CONNECTOR_HOST_SHARED: new URL(url).host,
});

const scopesOf = (project: string) => join(project, 'connections/github/scopes.jsonc');

test('a shared harness follows every save of each, and nobody writes over what another did', {
  timeout: 120_000,
}, async () => {
  const one = await newProject();
  originAt(one, { url: address });
  const dev = follow(['dev', '--origin', 'shared'], one, entry());
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  expect(dev.talk()).toContain(`Using the harness that runs at ${address}`);
  // None was started here.
  expect(existsSync(join(one, '.connector/harness.json'))).toBe(false);
  const { connections } = JSON.parse(readFileSync(join(one, 'connector.json'), 'utf8')).origins.shared;
  const stored = async () => (await harness.clients()).make.registry.section(connections.github, 'scopes');
  writeFileSync(scopesOf(one), '{ "first:scope": "Added by the first" }');
  await expect.poll(stored, WAIT).toContain('first:scope');
  await expect.poll(dev.talk, WAIT).toMatch(/pushed.*pushed/s);

  const other = cloneOf(one);
  writeFileSync(scopesOf(other), '{ "second:scope": "Added by the second" }');
  const pushed = await run(['push', '--origin', 'shared', '--yes'], { cwd: other, env: entry() });
  expect(pushed.code, pushed.stderr).toBe(0);
  writeFileSync(scopesOf(one), '{ "third:scope": "Added by the first again" }');
  await expect.poll(dev.talk, WAIT).toContain('sync/conflict');
  await expect.poll(dev.talk, WAIT).toContain('To go on: connector pull --origin shared');
  expect(await stored()).toContain('second:scope');

  const pull = ['pull', '--origin', 'shared', '--theirs'];
  expect((await run(pull, { cwd: one, env: entry() })).code).toBe(0);
  writeFileSync(scopesOf(one), '{ "fourth:scope": "Added after that" }');
  await expect.poll(stored, WAIT).toContain('fourth:scope');
  expect(await dev.stop('SIGINT')).toBe(0);
  expect(dev.talk()).not.toContain(harness.token);
});

test('what is no harness is not pushed to, and is sent no token', async () => {
  const stranger = await startStranger();
  const project = await newProject();
  originAt(project, { url: `${stranger.url}/api/v2` });
  const dev = ['dev', '--origin', 'shared', '--json'];
  const reported = await run(dev, { cwd: project, env: entry(stranger.url) });
  expect([reported.code, JSON.parse(reported.stdout).diagnostics]).toMatchObject([
    6,
    [{ code: 'harness/stranger', hint: expect.stringContaining('connector push --origin shared') }],
  ]);
  expect(stranger.received.map((each) => each.split(' ', 2).join(' '))).toEqual(['GET /__harness']);
  expect(stranger.received.join('\n')).not.toContain(harness.token);

  originAt(project, { url: undefined, zone: 'eu1' });
  const platform = await run(dev, { cwd: project, env: { CONNECTOR_TOKEN_SHARED: harness.token } });
  expect([platform.code, JSON.parse(platform.stdout).diagnostics[0].message]).toEqual([
    2,
    '"shared" is the real platform Make; pushing on every save needs a harness.',
  ]);
});

test('an origin that moves while it is followed takes no token along', { timeout: 60_000 }, async () => {
  const stranger = await startStranger();
  const project = await newProject();
  originAt(project, { url: address });
  const dev = follow(['dev', '--origin', 'shared'], project, entry());
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  originAt(project, { url: stranger.url });
  await expect.poll(dev.talk, WAIT).toContain('origin/host');
  expect(stranger.connections()).toBe(0);
  expect(await dev.stop()).toBe(0);
});

test('without a token, or over plain HTTP to others, nothing begins', async () => {
  const project = await newProject();
  const dev = ['dev', '--origin', 'shared', '--json'];
  for (const [url, code, expected] of [
    [address, 5, 'origin/no-token'],
    ['http://harness.example.com:4600', 2, 'origin/plain-http'],
  ] as const) {
    originAt(project, { url });
    const reported = await run(dev, { cwd: project, env: { NODE_EXTRA_CA_CERTS: certificate } });
    expect([reported.code, JSON.parse(reported.stdout).diagnostics[0].code]).toEqual([code, expected]);
  }
});

test('a connection is connected in the shared harness, with its control token', { timeout: 60_000 }, async () => {
  const project = await newProject();
  originAt(project, { url: address });
  const pushed = await run(['push', '--origin', 'shared', '--yes'], { cwd: project, env: entry() });
  expect(pushed.code, pushed.stderr).toBe(0);
  const connect = ['connect', '--harness', '--origin', 'shared', '--local', '--headless'];
  const trust = { NODE_EXTRA_CA_CERTS: certificate };
  const control = { CONNECTOR_CONTROL_TOKEN: harness.controlToken, CONNECTOR_CONTROL_HOST: new URL(address).host };
  const connected = await run(connect, { cwd: project, env: { ...trust, ...control } });
  expect([connected.code, connected.stderr]).toEqual([0, expect.stringContaining('in the harness as demo')]);
  const [, id = ''] = /connections verify (\S+) --harness --origin shared/.exec(connected.stderr) ?? [];
  const verified = await run(['connections', 'verify', id, '--harness', '--origin', 'shared'], {
    cwd: project,
    env: trust,
    input: `${harness.controlToken}\n`,
  });
  expect([verified.code, verified.stderr]).toEqual([0, expect.stringContaining(`Verified ${id}`)]);

  // A token that is for another host, or for nobody, goes nowhere.
  const other = { ...control, CONNECTOR_CONTROL_HOST: 'other.example.com' };
  const refused = await run([...connect, '--json'], { cwd: project, env: { ...trust, ...other } });
  expect([refused.code, JSON.parse(refused.stdout).diagnostics[0].code]).toEqual([5, 'origin/host']);
  const stranger = await startStranger();
  originAt(project, { url: stranger.url });
  const host = { ...control, CONNECTOR_CONTROL_HOST: new URL(stranger.url).host };
  const strange = await run([...connect, '--json'], { cwd: project, env: host });
  expect([strange.code, JSON.parse(strange.stdout).diagnostics[0].code]).toEqual([6, 'harness/stranger']);
  expect(stranger.received.join('\n')).not.toContain(harness.controlToken);
  const alone = await run(['connect', '--origin', 'shared', '--json'], { cwd: project });
  expect([alone.code, JSON.parse(alone.stdout).diagnostics[0].message]).toEqual([2, '--origin needs --harness.']);
});
