import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordHarness, run, temporaryFolder } from './connector.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

const NAMES = ['MAKE', 'WORKATO', 'APIS', 'EXCHANGE'];

/** A project whose origin is the harness by its address, as a platform elsewhere would be. */
function project() {
  const cwd = temporaryFolder();
  const configuration = temporaryFolder();
  const origins = { make: { url: `${harness.url}/api/v2` }, workato: { platform: 'workato', url: harness.url } };
  writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: 'mine', origins }));
  mkdirSync(join(cwd, 'connections'));
  const file = join(configuration, 'connectorkit', 'credentials.json');
  const { host } = new URL(harness.url);
  const named = Object.fromEntries(NAMES.map((name) => [`CONNECTOR_HOST_${name}`, host]));
  const connector = (args: string[], input = '', env = {}) =>
    run(args, { cwd, input, env: { XDG_CONFIG_HOME: configuration, ...named, ...env } });
  return { cwd, configuration, file, connector };
}

describe('connector login', () => {
  test('keeps a token that the platform knows, where only its owner can read it', async () => {
    const { file, connector } = project();
    const { code, stdout, stderr } = await connector(['login', '--origin', 'make'], `${harness.token}\n`);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Logged in to Make');
    expect(stdout + stderr).not.toContain(harness.token);
    expect(JSON.parse(readFileSync(file, 'utf8')).origins[`make ${harness.url}/api/v2`]).toEqual({
      token: harness.token,
    });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);

    const who = await connector(['whoami', '--origin', 'make']);
    expect(who.code, who.stderr).toBe(0);
    expect(who.stdout).toContain(`from ${file}`);
    expect(who.stdout).toMatch(/account {3}\S/);
    expect(who.stdout + who.stderr).not.toContain(harness.token);
  });

  test('serves every project that talks to the same address, and no other', async () => {
    const { connector } = project();
    await connector(['login', '--url', `${harness.url}/api/v2`], harness.token);
    expect((await connector(['whoami', '--origin', 'make'])).code).toBe(0);
    const other = await connector(['whoami', '--origin', 'workato', '--json']);
    expect(other.code).toBe(5);
    expect(JSON.parse(other.stdout).diagnostics[0].hint).toContain('connector login --origin workato');
  });

  test('keeps nothing that the platform does not know, and never shows it', async () => {
    const { file, connector } = project();
    const wrong = 'a-token-that-nobody-knows';
    const { code, stdout, stderr } = await connector(['login', '--origin', 'make'], wrong);
    expect(code).toBe(5);
    expect(stdout + stderr).not.toContain(wrong);
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });

  test.each([
    ['an empty stdin', '', 'No token on stdin'],
    ['two lines', 'one\ntwo', 'several lines'],
  ])('refuses %s', async (_, input, words) => {
    const { code, stderr } = await project().connector(['login', '--origin', 'make'], input);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('a zone that is none, a platform that is none and a harness on this machine are said', async () => {
    const { cwd, configuration, connector } = project();
    expect((await connector(['login', '--zone', 'eu9'], 'x')).stderr).toMatch(/not a zone of Make/);
    expect((await connector(['login', '--platform', 'mak', '--zone', 'eu1'], 'x')).stderr).toContain(
      'Did you mean make',
    );
    recordHarness(cwd, harness, configuration);
    expect((await connector(['login', '--origin', 'harness'], 'x')).stderr).toContain('needs no login');
    const who = await connector(['whoami', '--origin', 'harness', '--platform', 'workato', '--json']);
    expect(JSON.parse(who.stdout).data).toMatchObject({ platform: 'workato', token: '.connector/harness.json' });
  });
});

test('every platform can be logged in to, with a name and a password where it has no tokens', async () => {
  const { cwd, connector } = project();
  const users = [{ id: 'dana.acmepaymentscorp', email: 'dana@example.com', password: 'dana-secret' }];
  await harness.seed('akana', { users });
  await harness.seed('anypoint', { users: [{ username: 'dana', password: 'dana-secret' }] });
  const origins = {
    apis: { platform: 'akana', url: harness.url },
    exchange: { platform: 'anypoint', url: harness.url },
  };
  writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: 'mine', origins }));
  const akana = await connector(['login', '--origin', 'apis'], 'dana@example.com:dana-secret');
  expect(akana.code, akana.stderr).toBe(0);
  const anypoint = await connector(['login', '--origin', 'exchange'], 'dana:dana-secret');
  expect(anypoint.code, anypoint.stderr).toBe(0);
  // Both are at one address here, where elsewhere each has its own: neither is shown the other's password.
  for (const origin of ['apis', 'exchange']) {
    expect((await connector(['access', 'list', '--origin', origin])).code).toBe(0);
  }
  expect((await connector(['logout', '--origin', 'apis'])).code).toBe(0);
  expect((await connector(['access', 'list', '--origin', 'apis'])).code).toBe(5);
  expect((await connector(['access', 'list', '--origin', 'exchange'])).code).toBe(0);
  for (const { stdout, stderr } of [akana, anypoint]) expect(stdout + stderr).not.toContain('dana-secret');
});

test('the environment comes before what was kept', async () => {
  const { connector } = project();
  await connector(['login', '--origin', 'make'], harness.token);
  const { code } = await connector(['whoami', '--origin', 'make'], '', { CONNECTOR_TOKEN_MAKE: 'wrong' });
  expect(code).toBe(5);
});

test('connector logout forgets', async () => {
  const { connector } = project();
  await connector(['login', '--origin', 'workato'], harness.token);
  expect((await connector(['logout', '--origin', 'workato'])).stderr).toContain('Forgot the token');
  expect((await connector(['whoami', '--origin', 'workato'])).code).toBe(5);
  expect((await connector(['logout', '--origin', 'workato'])).stderr).toContain('Nothing to do');
});

test('a token that an earlier version kept by the address alone is found, and forgotten', async () => {
  const { file, connector } = project();
  mkdirSync(join(file, '..'), { recursive: true });
  const origins = { [`${harness.url}/api/v2`]: { token: harness.token }, 'https://other': { token: 'other' } };
  writeFileSync(file, JSON.stringify({ version: 1, origins }));
  expect((await connector(['whoami', '--origin', 'make'])).code).toBe(0);
  expect((await connector(['logout', '--origin', 'make'])).code).toBe(0);
  expect((await connector(['whoami', '--origin', 'make'])).code).toBe(5);
  expect(JSON.parse(readFileSync(file, 'utf8')).origins).toEqual({ 'https://other': { token: 'other' } });
});

test('a file of credentials that is damaged is not written over', async () => {
  const { file, connector } = project();
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '{"origins": ');
  const { code, stderr } = await connector(['login', '--origin', 'make'], harness.token);
  expect(code).toBe(2);
  expect(stderr).toContain('origin/credentials');
  expect(readFileSync(file, 'utf8')).toBe('{"origins": ');
});

test('of eight logins at the same moment, none loses what another keeps', async () => {
  const { file, connector } = project();
  const waiting: (() => void)[] = [];
  // The last to ask who it is lets all of them go on; what else is asked is not told.
  const server = createServer(({ url }, response) => {
    if (url?.endsWith('/users/me') !== true) {
      response.writeHead(403).end();
      return;
    }
    waiting.push(() =>
      response
        .setHeader('content-type', 'application/json')
        .end('{"authUser": {"name": "Ada", "email": "ada@example.com"}}'),
    );
    if (waiting.length === 8) for (const answer of waiting) answer();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const urls = Array.from({ length: 8 }, (_, number) => `http://127.0.0.1:${port}/${number}`);
  const ran = await Promise.all(urls.map((url) => connector(['login', '--url', url], `token of ${url}`)));
  server.close();
  expect(ran.map(({ code }) => code)).toEqual(urls.map(() => 0));
  expect(JSON.parse(readFileSync(file, 'utf8')).origins).toEqual(
    Object.fromEntries(urls.map((url) => [`make ${url}`, { token: `token of ${url}` }])),
  );
  expect(readdirSync(dirname(file))).toEqual([basename(file)]);
});
