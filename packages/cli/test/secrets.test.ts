import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type RunOptions, run } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';

const PLANTED = {
  common: 'planted-common-4c1d90e7',
  environment: 'planted-environment-a86b27f3',
  token: 'planted-token-d93e50b8',
  password: 'planted-password-17fa6c42',
  input: 'planted-input-e5b8039d',
  seed: 'planted-seed-6d24f7a1',
};

let echo: Server | undefined;
let echoHost = '';
afterEach(async () => {
  await stopAll();
  echo?.closeAllConnections();
  echo?.close();
});

/** A platform that refuses everything, and says in its refusal all that it was sent. */
async function startEcho(): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization, cookie } = request.headers;
    const detail = `You sent ${authorization} ${cookie} ${body}`;
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ detail, message: detail, title: detail }));
  });
  echo = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  echoHost = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return `http://${echoHost}`;
}

/** A command line, and how it has to end: a command that does not come so far proves nothing. */
type Case = readonly [args: readonly string[], code: number, options?: Omit<RunOptions, 'cwd'>];

const INPUT = { host_name: 'x', api_token_auth: 'true', email: 'y', apitoken: PLANTED.input };
const input = (text: string) => ({ input: text });
const instances = (...args: string[]) => ['instances', ...args, '--user', '1', '--platform', 'workato'];
const access = (...args: string[]) => ['access', ...args, '--platform', 'akana'];
const as = (token: string) => ({ env: { CONNECTOR_TOKEN_HARNESS: token } });

/** With the values of `common` in place, and a harness that runs. */
const WORKING: readonly Case[] = [
  [['harness', 'seed', 'workato.json', '--platform', 'workato'], 0],
  [['harness', 'seed', 'akana.json', '--platform', 'akana'], 0],
  [['validate'], 0],
  [['types'], 0],
  [['push', '--dry-run'], 0],
  [['diff', '--out', 'plan.json'], 0],
  [['push'], 0],
  [['push', '--check-common'], 0, { env: { CONNECTOR_COMMON_GITHUB_CLIENT_SECRET: PLANTED.environment } }],
  [['diff', '--check-common', '--exit-code'], 3],
  [['status'], 0],
  [['pull', '--check-common'], 0],
  [['publish', '--ours'], 0],
  [['recreate'], 0],
  [['rollback', '--dry-run', '--allow-destructive'], 0],
  [['platforms'], 0],
  [['whoami'], 0],
  [instances('create', '--provider', 'jira', '--input', '-'), 0, input(JSON.stringify(INPUT))],
  [instances('list'), 0],
  [access('list', '--app', 'Shop'), 0, as(`tess@acme.example:${PLANTED.password}`)],
  [['harness', 'journal', '--limit', '1000'], 0],
  [['harness', 'snapshot', 'one'], 0],
];

const FAILING: readonly Case[] = [
  [['push'], 5, as(PLANTED.token)],
  [['whoami'], 5, as(PLANTED.token)],
  [['login', '--origin', 'echo'], 7, input(PLANTED.token)],
  [['push', '--origin', 'echo', '--yes'], 7, { env: { CONNECTOR_TOKEN_ECHO: PLANTED.token } }],
  [instances('create', '--provider', 'jira', '--input', '-'), 2, input(JSON.stringify(INPUT).slice(0, -1))],
  [instances('create', '--provider', 'jira', '--input', '-'), 2, input(JSON.stringify([PLANTED.input]))],
  [
    instances('create', '--provider', 'jira', '--input', '-'),
    5,
    { ...input(JSON.stringify(INPUT)), ...as(PLANTED.token) },
  ],
  [access('list', '--app', 'Shop'), 7, as(`nobody@acme.example:${PLANTED.password}`)],
  [access('list', '--app', 'Shop'), 7, as(PLANTED.token)],
  [['harness', 'seed', 'broken.json', '--platform', 'akana'], 1],
  [['harness', 'fault', 'half', '--message', 'no'], 0],
];

/** With values of `common` that cannot be used. */
const BROKEN: readonly Case[] = [
  [['push'], 1],
  [['publish'], 1],
  [['harness', 'seed'], 1],
];

/** With no harness. */
const ALONE: readonly Case[] = [
  [['push'], 6],
  [['access', 'list', '--app', 'Shop', '--platform', 'akana'], 6, as(`tess@acme.example:${PLANTED.password}`)],
  [['harness', 'journal'], 6],
];

/** Commands that speak to the project's origin, which is not the one that only echoes. */
const SYNCED = ['push', 'diff', 'status', 'pull', 'publish', 'recreate', 'rollback', 'whoami'];

/** A project with secrets where they belong, and files that seed a harness with more of them. */
async function planted(): Promise<string> {
  const project = await newProject();
  const write = (file: string, value: unknown) => writeFileSync(join(project, file), JSON.stringify(value));
  write(COMMON, { clientId: 'an-id', clientSecret: PLANTED.common });
  const connector = JSON.parse(readFileSync(join(project, 'connector.json'), 'utf8'));
  write('connector.json', { ...connector, origins: { echo: { url: await startEcho() } } });
  write('workato.json', { managed_users: [{ id: 1 }] });
  write('akana.json', {
    users: [{ id: 'tess', email: 'tess@acme.example', password: PLANTED.password }],
    apps: [{ id: 'app', name: 'Shop', team: ['tess'], versions: [{ id: 'app1', secret: PLANTED.seed }] }],
  });
  writeFileSync(join(project, 'broken.json'), `{"apps": [{"secret": "${PLANTED.seed}`);
  return project;
}

const COMMON = join('connections', 'github', 'common.local.json');
const WAIT = { timeout: 10_000, interval: 25 };
const GIVEN = [COMMON, 'akana.json', 'broken.json'];
/** Tokens, and what a push wrote over: git ignores it, and only its owner may read it. */
const OWN = /^\.connector[\\/](harness\.json|snapshots[\\/].*)$/;

test('no command tells a planted secret, whether it works, is refused or fails, to people or to programs', {
  timeout: 240_000,
}, async () => {
  const project = await planted();
  const harness = await start(['harness', '--port', '0'], project);
  const secrets = [...Object.values(PLANTED), harness.token, harness.control];
  const wrong: string[] = [];
  const search = (place: string, text: string) => {
    for (const secret of secrets) if (text.includes(secret)) wrong.push(`${secret} in ${place}: ${text}`);
  };
  const tell = async (cases: readonly Case[]) => {
    for (const [args, expected, options = {}] of cases) {
      const origin = SYNCED.includes(args[0] ?? '') && !args.includes('--origin') ? ['--origin', 'harness'] : [];
      for (const format of [[], ['--json']]) {
        const line = [...args, ...origin, ...format];
        const env = { CONNECTOR_HOST_ECHO: echoHost, ...options.env };
        const { code, stdout, stderr } = await run(line, { cwd: project, ...options, env });
        if (code !== expected) wrong.push(`${line.join(' ')} ended with ${code}, not ${expected}: ${stdout}${stderr}`);
        search(line.join(' '), stdout + stderr);
      }
    }
  };
  await tell(WORKING);
  await tell(FAILING);
  const wrongTypes = { clientId: 7, clientSecret: [PLANTED.common], more: PLANTED.seed };
  for (const text of [JSON.stringify(wrongTypes), `{"clientId": "an-id", "clientSecret": "${PLANTED.common}`]) {
    writeFileSync(join(project, COMMON), text);
    await tell(BROKEN);
  }
  await harness.stop();
  // Its token is reported once, so that other programs can be given it.
  search('what the harness said', harness.talk().replace(`Token ${harness.token}`, ''));
  await tell(ALONE);
  const dev = await start(['dev', '--port', '0'], project);
  await expect.poll(dev.talk, WAIT).toContain('common.local.json');
  writeFileSync(join(project, COMMON), JSON.stringify({ clientId: 'another', clientSecret: PLANTED.environment }));
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  await dev.stop('SIGINT');
  search('what dev said', dev.talk().replace(`Token ${harness.token}`, ''));
  for (const file of readdirSync(project, { recursive: true, encoding: 'utf8' })) {
    const path = join(project, file);
    const state = statSync(path);
    if (!state.isFile() || GIVEN.includes(file)) continue;
    if (!OWN.test(file)) search(file, readFileSync(path, 'latin1'));
    else if (process.platform !== 'win32') expect(state.mode & 0o777, file).toBe(0o600);
  }
  expect(wrong).toEqual([]);
});
