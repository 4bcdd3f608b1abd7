import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { newProject } from './project.ts';
import { type Stranger, startStranger } from './stranger.ts';

const SECRET = 'a-token-of-mine-5be0c7d1';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

/** A project with the origins of a stranger's pull request, and a user with a folder of their own. */
async function project(origins: object) {
  const cwd = await newProject();
  const home = temporaryFolder();
  writeFileSync(join(home, 'secret'), `${SECRET}\n`);
  const name = (more: object) =>
    writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: 'mine', origins: more }));
  name(origins);
  const connector = async (line: string, env: Record<string, string> = {}, input = '') => {
    const variables = { XDG_CONFIG_HOME: home, ...env };
    const { code, stdout, stderr } = await run([...line.split(' '), '--json'], { cwd, env: variables, input });
    return { code, codes: JSON.parse(stdout).diagnostics.map((each: { code: string }) => each.code), stdout, stderr };
  };
  return { cwd, home, name, connector };
}

const COMMANDS = [
  'push --yes --origin make',
  'diff --origin make',
  'status --origin make',
  'pull --origin make',
  'recreate --origin make',
  'rollback --origin make',
  'whoami --origin make',
  'instances list --user 1 --origin customers',
  'access list --app Shop --origin apis',
];

/** Every origin is where the stranger listens. */
function originsAt({ url }: Pick<Stranger, 'url'>, more: object = {}) {
  return {
    make: { url: `${url}/api/v2`, ...more },
    customers: { platform: 'workato', url, ...more },
    apis: { platform: 'akana', url, ...more },
  };
}

const TOKENS = {
  CONNECTOR_TOKEN: SECRET,
  CONNECTOR_TOKEN_MAKE: SECRET,
  CONNECTOR_TOKEN_CUSTOMERS: SECRET,
  CONNECTOR_TOKEN_APIS: SECRET,
};

describe('whoever changes the address of an origin', () => {
  test.each([
    ['of all origins', { CONNECTOR_TOKEN: SECRET }, 'origin/no-token'],
    ['of each origin', TOKENS, 'origin/host'],
    [
      'of each origin, whose host is named',
      {
        ...TOKENS,
        CONNECTOR_HOST_MAKE: 'eu1.make.com',
        CONNECTOR_HOST_CUSTOMERS: 'www.workato.com',
        CONNECTOR_HOST_APIS: 'apis.example.com',
      },
      'origin/host',
    ],
  ])('gets no token from the variable %s, and is not connected to', async (_, env, code) => {
    const stranger = await startStranger();
    const { connector } = await project(originsAt(stranger));
    const reported = await Promise.all(COMMANDS.map((line) => connector(line, env)));
    expect(reported.map((each) => [each.code, ...each.codes])).toEqual(COMMANDS.map(() => [5, code]));
    for (const { stdout, stderr } of reported) expect(stdout + stderr).not.toContain(SECRET);
    expect([stranger.received, stranger.connections()]).toEqual([[], 0]);
  });

  test('gets nothing of what was logged in with for another address', async () => {
    const stranger = await startStranger();
    const { name, connector } = await project({ make: { url: `${harness.url}/api/v2` } });
    const named = { CONNECTOR_HOST_MAKE: new URL(harness.url).host };
    expect((await connector('login --origin make', named, harness.token)).code).toBe(0);
    expect((await connector('whoami --origin make')).code).toBe(0);
    name(originsAt(stranger));
    expect(await connector('push --yes --origin make')).toMatchObject({ code: 5, codes: ['origin/no-token'] });
    expect(stranger.connections()).toBe(0);
  });

  test('gets nothing that is piped into a login', async () => {
    const stranger = await startStranger();
    const { home, connector } = await project(originsAt(stranger));
    for (const env of [{}, { CONNECTOR_HOST_MAKE: 'eu1.make.com' }]) {
      const reported = await connector('login --origin make', env, SECRET);
      expect(reported).toMatchObject({ code: 5, codes: ['origin/host'] });
    }
    expect(stranger.connections()).toBe(0);
    expect(existsSync(join(home, 'connectorkit', 'credentials.json'))).toBe(false);
    // An address on the command line is the user's own.
    expect((await connector(`login --url ${stranger.url}/api/v2`, {}, SECRET)).code).toBe(0);
    expect(stranger.received.join('\n')).toContain(SECRET);
  });

  test.skipIf(process.platform === 'win32')('gets nothing from what is no regular file', async () => {
    const stranger = await startStranger();
    const { cwd, connector } = await project(originsAt(stranger, { tokenFile: 'token' }));
    const file = join(cwd, 'token');
    const makes = [() => execFileSync('mkfifo', [file]), () => symlinkSync('/dev/zero', file)];
    for (const make of makes) {
      rmSync(file, { force: true });
      make();
      const reported = await connector('whoami --origin make', { CONNECTOR_HOST_MAKE: new URL(stranger.url).host });
      expect(reported).toMatchObject({ code: 5, codes: ['origin/token-file'] });
      expect(reported.stdout).toContain('cannot be read: it is not a regular file');
    }
    expect(stranger.connections()).toBe(0);
  });

  test('gets no file of the user’s, wherever it lies, in either layout', async () => {
    const stranger = await startStranger();
    const { cwd, home, connector } = await project({});
    const secret = join(home, 'secret');
    writeFileSync(join(cwd, '..', 'beside'), SECRET);
    mkdirSync(join(cwd, 'inside'));
    writeFileSync(join(cwd, 'inside/token'), SECRET);
    for (const tokenFile of [secret, '../beside', 'inside/token']) {
      const origins = originsAt(stranger, { tokenFile });
      writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: 'mine', origins }));
      const reported = await Promise.all(COMMANDS.map((line) => connector(line)));
      expect(reported.map((each) => [each.code, ...each.codes])).toEqual(COMMANDS.map(() => [5, 'origin/token-file']));
      for (const { stdout, stderr } of reported) expect(stdout + stderr).not.toContain(SECRET);
    }
    const folder = temporaryFolder();
    const origins = [{ label: 'Production', baseUrl: `${stranger.url}/api`, appId: 'mine', apikeyFile: secret }];
    writeFileSync(join(folder, 'makecomapp.json'), JSON.stringify({ components: { connection: {} }, origins }));
    const { code, stdout } = await run(['push', '--yes', '--json'], { cwd: folder, env: { XDG_CONFIG_HOME: home } });
    expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([5, 'origin/token-file']);
    expect(JSON.parse(stdout).diagnostics[0].hint).toContain(`CONNECTOR_HOST_PRODUCTION=${new URL(stranger.url).host}`);
    expect([stranger.received, stranger.connections()]).toEqual([[], 0]);
  });
});

test('where the host is named, CI needs nothing else', async () => {
  const { cwd, connector } = await project({ make: { url: `${harness.url}/api/v2`, tokenFile: 'token' } });
  const { host } = new URL(harness.url);
  const env = { CI: 'true', CONNECTOR_HOST_MAKE: host };
  expect((await connector('push --yes', { ...env, CONNECTOR_TOKEN_MAKE: harness.token })).code).toBe(0);
  writeFileSync(join(cwd, 'token'), `${harness.token}\n`);
  expect((await connector('push --yes', env)).code).toBe(0);
});
