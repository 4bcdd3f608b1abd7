import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { proofOf } from '@connectorkit/harness/token-proof';
import { openProject } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import { connectionHashes, hashOf } from '@connectorkit/sdk/project';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CONFIGURATION, recordHarness, run, stateIn, temporaryFolder } from './connector.ts';
import { askJson, newProject, start, stopAll } from './project.ts';
import { startStranger } from './stranger.ts';

afterEach(stopAll);

const SECRET = 'planted-client-secret-81c0d6';
const STATE = '.connector';

/** Commands that speak to the harness of the folder, as people and CI write them. */
const COMMANDS = [
  ['push'],
  ['push', '--origin', 'harness', '--yes'],
  ['diff'],
  ['status'],
  ['pull'],
  ['publish', '--yes'],
  ['recreate'],
  ['whoami'],
  ['access', 'list', '--app', 'Shop', '--platform', 'akana'],
  ['instances', 'list', '--user', '1', '--platform', 'workato'],
  ['harness', 'seed'],
  ['harness', 'reset'],
];

/** A project with a client secret, to whose state something is added. */
async function cloned(state: Readonly<Record<string, string>>): Promise<string> {
  const project = await newProject();
  const values = { clientId: 'an-id', clientSecret: SECRET };
  writeFileSync(join(project, 'connections/github/common.local.json'), JSON.stringify(values));
  mkdirSync(join(project, STATE));
  for (const [file, text] of Object.entries(state)) writeFileSync(join(project, STATE, file), text);
  return project;
}

test('the address of a harness that came with a clone is sent nothing, and is not even connected to', async () => {
  const stranger = await startStranger();
  const facts = { url: stranger.url, token: 'known', control: 'known', pid: process.pid };
  const project = await cloned({ 'harness.json': JSON.stringify(facts) });
  const env = { CONNECTOR_TOKEN: SECRET, CONNECTOR_TOKEN_HARNESS: SECRET };
  const codes = await Promise.all(COMMANDS.map(async (command) => (await run(command, { cwd: project, env })).code));
  expect(codes).toEqual(COMMANDS.map(() => 6));
  expect([stranger.received, stranger.connections()]).toEqual([[], 0]);
  const { stderr } = await run(['push'], { cwd: project });
  expect(stderr).toContain('.connector/harness.json is ignored');

  // What is started there takes its place, with tokens of its own.
  const harness = await start(['harness', '--port', '0'], project);
  expect([harness.token, harness.control]).not.toContain('known');
  expect((await run(['push'], { cwd: project })).code).toBe(0);
  expect(stranger.received).toEqual([]);
});

describe('an address that this user wrote down', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
  });
  afterAll(() => harness.close());

  test('is sent nothing but a challenge when something else answers there', async () => {
    const { token, controlToken } = harness;
    const silent = await startStranger();
    // It passes the challenge on to the harness, whose proof is for the harness's own address.
    const relay = await startStranger(async (request, response) => {
      const answer = await fetch(`${harness.url}${request.url}`);
      response.end(await answer.text());
    });
    const guessing = await startStranger((request, response) => {
      const challenge = new URL(request.url ?? '', 'http://x').searchParams.get('challenge') ?? '';
      const proof = proofOf('guessed', challenge, `127.0.0.1:${guessing.port}`);
      response.end(JSON.stringify({ harness: 'connectorkit', pid: process.pid, proof }));
    });
    const project = await cloned({});
    for (const { url, received } of [silent, relay, guessing]) {
      recordHarness(project, { url, token, controlToken });
      const reported = COMMANDS.filter(([name]) => name !== 'publish').map(async (command) => {
        const { code, stdout } = await run([...command, '--json'], { cwd: project });
        return [code, ...JSON.parse(stdout).diagnostics.map((each: { code: string }) => each.code)];
      });
      expect(await Promise.all(reported)).toEqual(reported.map(() => [6, 'harness/stranger']));
      expect(received).toHaveLength(reported.length);
      for (const request of received) {
        expect(request).toMatch(/^GET \/__harness\?challenge=[\w-]{43} [^\n]*\n$/);
        for (const secret of [token, controlToken, SECRET]) expect(request).not.toContain(secret);
      }
    }
    recordHarness(project, harness);
    expect((await run(['push'], { cwd: project })).code).toBe(0);
  });

  test('is none when nothing answers there, and does not keep another harness from starting', async () => {
    const project = await cloned({});
    recordHarness(project, { ...harness, url: 'http://127.0.0.1:9' });
    const { code, stdout } = await run(['push', '--json'], { cwd: project });
    expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([6, 'harness/not-running']);
    const started = await start(['harness', '--port', '0', '--store', 'memory'], project);
    expect(started.token).toBe(harness.token);
    expect((await run(['push'], { cwd: project })).code).toBe(0);
  });

  test('is not used when it is not a loopback address', async () => {
    const project = await cloned({});
    recordHarness(project, { ...harness, url: 'http://192.0.2.7:4600' });
    for (const command of [['push'], ['harness', 'reset'], ['harness', '--port', '0'], ['dev', '--port', '0']]) {
      const { code, stdout } = await run([...command, '--json'], { cwd: project });
      expect([code, JSON.parse(stdout).diagnostics[0].code], command.join(' ')).toEqual([2, 'harness/not-local']);
    }
  });
});

test('a harness at every address is reached by this machine’s own', async () => {
  const project = await cloned({});
  const env = { CONNECTOR_TOKEN: 'a-token-of-my-own-7f3a19c2' };
  const everywhere = ['--host', '0.0.0.0', '--allow-remote', '--allow-plain-http'];
  const harness = await start(['harness', '--port', '0', ...everywhere], project, env);
  expect(harness.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await run(['push'], { cwd: project })).code).toBe(0);
});

test('findings are not skipped because a clone says that there are none', async () => {
  const project = await newProject();
  const harness = await start(['harness', '--port', '0'], project);
  const api = join(project, 'connections/github/api.jsonc');
  const good = readFileSync(api, 'utf8');
  const bad = good.replace('"token":', '"tokn":');
  expect(bad).not.toBe(good);
  writeFileSync(api, bad);
  const content = { valid: [...connectionHashes(openProject(filesIn(project))).values()] };
  const forged = JSON.stringify(content);
  const record = join(project, STATE, 'validation.json');
  for (const text of [forged, forged.replace('}', `,\n  "stateVersion": 1,\n  "seal": "${'A'.repeat(43)}"}`)]) {
    writeFileSync(record, text);
    const { code, stdout, stderr } = await run(['push', '--json'], { cwd: project });
    expect([code, JSON.parse(stdout).diagnostics[0].code], stderr).toEqual([1, 'schema/unknown-key']);
    expect(stderr).toContain('.connector/validation.json is ignored');
    expect(await askJson(harness, '/sdk/apps')).toEqual({ apps: [] });
  }
  // It is the seal alone that keeps it from being believed.
  stateIn(project).update('validation', () => content);
  expect((await run(['push', '--json'], { cwd: project })).code).toBe(0);
});

test('declarations are not current because a clone says so', async () => {
  const project = await newProject();
  expect((await run(['types'], { cwd: project })).code).toBe(0);
  const record = join(project, STATE, 'validation.json');
  const { seal, ...made } = JSON.parse(readFileSync(record, 'utf8'));
  expect(seal).toMatch(/^[\w-]{43}$/);
  const wrong = 'export {};\n';
  writeFileSync(join(project, 'connector.d.ts'), wrong);
  const content = { types: { ...made.types, text: hashOf(wrong) } };
  writeFileSync(record, JSON.stringify(content));
  const check = await run(['types', '--check', '--json'], { cwd: project });
  expect([check.code, JSON.parse(check.stdout).diagnostics[0].code]).toEqual([1, 'types/stale']);
  stateIn(project).update('validation', () => content);
  expect((await run(['types', '--check'], { cwd: project })).code).toBe(0);
});

test('a push that was cut off, snapshots and texts of a clone are as if they were not there', async () => {
  const project = await newProject();
  await start(['harness', '--port', '0'], project);
  expect((await run(['push'], { cwd: project })).code).toBe(0);
  const journal = { snapshot: '20300101T000000000Z-harness', known: [], creating: [], parts: {}, commons: {} };
  mkdirSync(join(project, STATE, 'snapshots'), { recursive: true });
  const until = new Date(Date.now() + 30_000).toISOString();
  const foreign: Readonly<Record<string, unknown>> = {
    'journal.json': { harness: journal },
    'pending.json': { harness: { what: 'change', until } },
    'snapshots/20300101T000000000Z-harness.json': { origin: 'harness', taken: until, connections: [] },
  };
  for (const [file, value] of Object.entries(foreign)) writeFileSync(join(project, STATE, file), JSON.stringify(value));
  const status = await run(['status', '--json'], { cwd: project });
  const { cutOff, snapshots } = JSON.parse(status.stdout).data;
  expect(cutOff).toBe(false);
  expect(snapshots).toHaveLength(1);
  for (const file of ['journal.json', 'snapshots/20300101T000000000Z-harness.json']) {
    expect(status.stderr).toContain(`.connector/${file} is ignored`);
  }
  expect((await run(['rollback', '--dry-run', '--json'], { cwd: project })).stdout).not.toContain('20300101');
});

test('a user’s folder that is made anew in CI needs no further step', async () => {
  const project = await newProject();
  const env = { HOME: temporaryFolder(), XDG_CONFIG_HOME: '', CI: 'true' };
  const harness = await start(['harness', '--port', '0'], project, env);
  expect((await run(['push'], { cwd: project, env })).code).toBe(0);
  expect((await run(['push'], { cwd: project, env })).stderr).not.toContain('is ignored');
  await harness.stop();
  expect(existsSync(join(env.HOME, '.config/connectorkit/seal.key'))).toBe(true);
  // Another user, such as the next job with what the first one cached, does not take it for its own.
  const other = { ...env, HOME: temporaryFolder() };
  const again = await start(['harness', '--port', '0'], project, other);
  expect(again.token).not.toBe(harness.token);
  expect((await run(['push'], { cwd: project, env: other })).code).toBe(0);
});

test('without a folder of one’s own, types are made and connections validated; what needs state says what to do', async () => {
  const project = await newProject();
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const env = { XDG_CONFIG_HOME: file };
  for (const command of [['validate'], ['types'], ['types', '--check']]) {
    const { code, stderr } = await run(command, { cwd: project, env });
    expect(code, stderr).toBe(0);
  }
  const { code, stdout } = await run(['harness', '--port', '0', '--json'], { cwd: project, env });
  expect([code, JSON.parse(stdout).diagnostics[0]]).toEqual([
    2,
    expect.objectContaining({ code: 'state/no-key', hint: expect.stringContaining('XDG_CONFIG_HOME') }),
  ]);
});

test('a certificate that came with a clone is not the one that is offered', async () => {
  const foreign = 'what only the one who planted it can speak for';
  const project = await cloned({ 'harness-tls.crt': foreign, 'harness-tls.key': foreign });
  const harness = await start(['harness', '--port', '0', '--tls-port', '0'], project);
  const said = () => /NODE_EXTRA_CA_CERTS=(.+)/.exec(harness.talk())?.[1];
  await expect.poll(said).toBe(join(CONFIGURATION, 'connectorkit', 'harness-tls.crt'));
  expect(readFileSync(said() ?? '', 'utf8')).not.toContain(foreign);
});
