import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Json, start } from './author.ts';

/** Make's own client and CLI, as they are published, in processes of their own. */

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const CLI = join(dirname(createRequire(import.meta.url).resolve('@makehq/cli/package.json')), 'dist', 'index.js');

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function node(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: { PATH, ...env } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** A harness that is spoken to in one of the protocols, and what a process needs to do so. */
async function reachable(protocol: 'http' | 'https') {
  const folder = mkdtempSync(join(tmpdir(), 'official-'));
  folders.push(folder);
  const harness = await start(undefined, { tlsPort: 0, certificateFolder: folder });
  const url = protocol === 'https' ? (harness.tlsUrl ?? '') : harness.url;
  const trust: Record<string, string> =
    protocol === 'https' ? { NODE_EXTRA_CA_CERTS: harness.certificate?.file ?? '' } : {};
  return { host: new URL(url).host, env: { MAKE_API_KEY: harness.token, ...trust, XDG_CONFIG_HOME: folder } };
}

const LISTED = { parameters: {}, app_version: '1', alias_to: null };

describe.each(['http', 'https'] as const)('over %s', (protocol) => {
  test('@makehq/sdk: 1 and 4, the life of an app and its connections', async () => {
    const { host, env } = await reachable(protocol);
    const { code, stdout, stderr } = await node([here('./official-client.js'), protocol, host], env);
    expect([code, stderr]).toEqual([0, '']);
    const reported: Record<string, Json> = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const { name } = reported['create app'];
    expect(name).toMatch(/^test-connections-app-1234567890123-[0-9a-z]{6}$/);
    const app = { name, label: 'Test App', version: 1 };
    const columns = { description: 'Sells', theme: '#33ff57', public: false, approved: false };
    const first = { name, label: 'First', type: 'basic' };
    const second = { name: `${name}2`, label: 'Second', type: 'oauth' };
    const renamed = { ...second, label: 'Renamed' };
    const gone = (detail: string) => ({ error: expect.stringContaining(detail), status: 404 });
    const bad = (detail: string) => ({ error: expect.stringContaining(detail), status: 400 });
    expect(reported).toEqual({
      me: expect.objectContaining({ id: 1, name: 'Connector Author', features: { allow_apps: false } }),
      authorization: { authUsed: 'token', scope: ['sdk-apps:read', 'sdk-apps:write'] },
      countries: [
        { id: 4, name: 'Afghanistan', code: 'AFG', code2: 'af' },
        { id: 5, name: 'Åland Islands', code: 'ALA', code2: 'ax' },
        { id: 6, name: 'Albania', code: 'ALB', code2: 'al' },
      ],
      'create app': { ...app, ...columns },
      'get app': expect.objectContaining({ ...app, ...columns, global: false, countries: ['us', 'uk'] }),
      'list apps': [{ ...app, beta: false }],
      'list columns': [{ ...app, beta: false, theme: '#33ff57' }],
      'update app': { ...app, ...columns, label: 'Updated', theme: '#aabbcc' },
      'app section': '{ "baseUrl": "https://api.example.com" } // kept\n',
      'set docs': true,
      docs: '# Docs\n\nSome.',
      'set app common': true,
      'app common': { clientId: 'a', clientSecret: 'b' },
      'set icon': true,
      icon: true,
      public: expect.objectContaining({ public: true }),
      private: expect.objectContaining({ public: false }),
      'no connections': [],
      create: first,
      'create another': second,
      list: [
        { ...first, ...LISTED },
        { ...second, ...LISTED },
      ],
      get: {
        ...second,
        connectedSystemName: null,
        appVersion: '1',
        redirectUri: 'https://www.make.com/oauth/cb/app',
      },
      update: { ...renamed, connectedSystemName: null },
      ...Object.fromEntries(
        ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'].map((section) => [section, true]),
      ),
      'section from a value': '{"url":"https://api.example.com"}',
      'set common': true,
      common: { clientId: 'a', clientSecret: 'b' },
      delete: null,
      deleted: gone(`Connection not found '${name}'.`),
      left: [{ ...renamed, ...LISTED }],
      'wrong type': bad('Invalid connection type'),
      'wrong text': bad(' in JSONC at position 8'),
      'wrong common': bad('Common data must be a collection'),
      'delete app': null,
      'app deleted': gone(`App not found '${name}'.`),
      'its connections too': gone(`Connection not found '${name}2'.`),
    });
  });

  test('@makehq/cli: 0, 1 and 4, from whoami to the deleted app', async () => {
    const { host, env } = await reachable(protocol);
    const hook = protocol === 'http' ? ['--import', pathToFileURL(here('./speaks-http.js')).href] : [];
    const run = (...args: string[]) => node([...hook, CLI, '--zone', host, ...args], env);
    const reported = async (...args: string[]): Promise<Json> => {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stderr], args.join(' ')).toEqual([0, '']);
      try {
        return JSON.parse(stdout);
      } catch {
        return stdout.trimEnd();
      }
    };
    expect((await run('whoami')).stdout).toContain('Connector Author');
    const { name } = await reported(
      'sdk-apps',
      'create',
      '--name=cli',
      '--label=By the CLI',
      '--theme=#FF5733',
      '--language=en',
      '--audience=global',
      '--private',
    );
    expect(name).toMatch(/^cli-[0-9a-z]{6}$/);
    const connection = await reported(
      'sdk-connections',
      'create',
      `--app-name=${name}`,
      '--type=oauth',
      '--label=Main',
    );
    expect(connection).toEqual({ name, label: 'Main', type: 'oauth' });
    const api = '{\n  // by the CLI\n  "authorize": {}\n}';
    await reported('sdk-connections', 'set-section', `--connection-name=${name}`, '--section=api', `--body=${api}`);
    const section = await run('sdk-connections', 'get-section', `--connection-name=${name}`, '--section=api');
    expect(section.stdout, '1.6: the text itself is printed').toBe(`${api}\n`);
    await reported('sdk-connections', 'set-common', `--connection-name=${name}`, '--common={"clientId":"a"}');
    expect(await reported('sdk-connections', 'get-common', `--connection-name=${name}`)).toEqual({ clientId: 'a' });
    await reported('sdk-connections', 'update', `--connection-name=${name}`, '--label=Renamed');
    expect(await reported('sdk-connections', 'list', `--app-name=${name}`)).toMatchObject([{ name, label: 'Renamed' }]);
    expect(await reported('sdk-modules', 'list', `--app-name=${name}`, '--app-version=1')).toEqual([]);
    const refused = await run('sdk-connections', 'create', `--app-name=${name}`, '--type=oauth2', '--label=x');
    expect([refused.code, refused.stderr], '2: exit code 2 and the detail').toEqual([
      2,
      expect.stringContaining('Error [400]: Invalid connection type'),
    ]);
    await reported('sdk-connections', 'delete', `--connection-name=${name}`);
    const missing = await run('sdk-connections', 'get', `--connection-name=${name}`);
    expect(missing.stderr).toContain(`Error [404]: Connection not found '${name}'.`);
    await reported('sdk-apps', 'delete', `--name=${name}`, '--version=1');
    expect(await reported('sdk-apps', 'list')).toEqual([]);
  }, 90_000);
});
