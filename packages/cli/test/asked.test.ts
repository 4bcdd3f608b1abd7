import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Harness } from '@connectorkit/harness';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from './connector.ts';
import { Folder, platform, projectAt } from './sync/team.ts';

/** What happens before somebody says yes. */
let beforeYes: () => unknown = () => {};
vi.mock('@clack/prompts', () => ({
  confirm: async () => {
    await beforeYes();
    return true;
  },
  password: async ({ message }: { message: string }) => `typed for ${message}`,
  isCancel: () => false,
}));
afterEach(() => {
  beforeYes = () => {};
});

const SEEDS = fileURLToPath(new URL('../../../docs/how-to/story/', import.meta.url));
const API = '5a673b98-92f4-459d-b950-daeed7a8165d/payments/v1/956703';

/** The same API on each platform, who asks for access to it, and who decides. */
const PLATFORMS = {
  akana: {
    dana: 'dana@example.com:dana-secret',
    olga: 'olga@example.com:olga-secret',
    request: ['--api', 'Payments', '--app', 'Checkout', '--accept-terms'],
    api: 'Payments',
    granted: 'active',
  },
  anypoint: {
    dana: 'dana:dana-secret',
    olga: 'olga:olga-secret',
    request: ['--api', API, '--app', 'Checkout', '--tier', 'Gold', '--accept-terms'],
    api: API,
    granted: 'approved',
  },
} as const;

/** A project whose origins are the platforms of a harness, as if they were elsewhere; who is asked has this token. */
function projectOf({ url }: Harness, name: string, token: string): Folder {
  const variables = {
    [`CONNECTOR_TOKEN_${name.toUpperCase()}`]: token,
    [`CONNECTOR_HOST_${name.toUpperCase()}`]: new URL(url).host,
  };
  const folder = new Folder(temporaryFolder(), { ...variables, CONNECTOR_ORIGIN: name });
  folder.write('connector.json', JSON.stringify({ name: 'shop', origins: { [name]: { platform: name, url } } }));
  folder.write('connections/main/connection.json', '{ "type": "oauth", "label": "Main" }');
  const properties = { clientId: { type: 'string' }, clientSecret: { type: 'string', writeOnly: true } };
  folder.write('connections/main/common.schema.json', JSON.stringify({ type: 'object', properties }));
  return folder;
}

describe.each(['akana', 'anypoint'] as const)('what is decided about a contract on %s', (name) => {
  const { dana, olga, request, api, granted } = PLATFORMS[name];

  /** A contract that Dana has asked for, and Olga's folder. */
  async function asked() {
    const harness = await platform();
    await harness.seed(name, JSON.parse(readFileSync(join(SEEDS, `${name}.json`), 'utf8')));
    expect((await projectOf(harness, name, dana).run('access', 'request', ...request)).code).toBe(0);
    const folder = projectOf(harness, name, olga);
    const { id } = (await folder.run('access', 'list', '--api', api)).data.contracts[0];
    const state = async () => (await folder.run('access', 'show', id)).data.contract.state;
    return { folder, id, state };
  }

  test('is about what was shown', async () => {
    const { folder, id, state } = await asked();
    const done = await folder.typed('access', 'reject', id);
    expect([done.code, await state()]).toEqual([0, 'rejected']);
    expect(done.stderr).toContain('Checkout');
  });

  test('is not done when somebody else decided meanwhile', async () => {
    const { folder, id, state } = await asked();
    beforeYes = async () => expect((await folder.run('access', 'approve', id)).code).toBe(0);
    const refused = await folder.typed('access', 'reject', id);
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([4, expect.stringContaining('origin/changed')]);
    expect(await state()).toBe(granted);
  });
});

describe('a customer’s connection', () => {
  async function created() {
    const harness = await platform();
    await harness.seed('workato', JSON.parse(readFileSync(join(SEEDS, 'workato.json'), 'utf8')));
    const folder = projectOf(harness, 'workato', harness.token);
    const instances = (action: string, ...words: string[]) => ['instances', action, ...words, '--user', 'EA2300'];
    const { code, data } = await folder.run(...instances('create', '--provider', 'jira', '--name', 'Jira'));
    expect(code).toBe(0);
    const names = async () =>
      (await folder.run(...instances('list'))).data.instances.map((each: { name: string }) => each.name);
    return { folder, id: data.instance.id as string, instances, names };
  }

  test('is deleted once it was shown and somebody said yes', async () => {
    const { folder, id, instances, names } = await created();
    const done = await folder.typed(...instances('delete', id));
    expect([done.code, await names()]).toEqual([0, []]);
    expect(done.stderr).toContain('Jira');
  });

  test.each(['delete', 'disconnect'])('stays when it was changed meanwhile: %s', async (action) => {
    const { folder, id, instances, names } = await created();
    beforeYes = async () => expect((await folder.run(...instances('update', id, '--name', 'Live'))).code).toBe(0);
    const refused = await folder.typed(...instances(action, id));
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([4, expect.stringContaining('origin/changed')]);
    expect(await names()).toEqual(['Live']);
  });

  test('that is gone by then is said', async () => {
    const { folder, id, instances } = await created();
    beforeYes = async () => expect((await folder.run(...instances('delete', id, '--yes'))).code).toBe(0);
    const refused = await folder.typed(...instances('delete', id));
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([4, expect.stringContaining('no longer exists')]);
  });
});

test('the form of a connection in the harness is asked for as it was pushed', async () => {
  const harness = await platform();
  await harness.seed('provider', { users: [{ username: 'ada', password: 'a', api_key: 'typed for Your key' }] });
  const api = {
    url: `${harness.url}/provider/resources/api-key/header`,
    headers: { 'x-api-key': '{{parameters.apiKey}}' },
    response: { uid: '{{body.id}}' },
  };
  const form = [{ name: 'apiKey', type: 'password', label: 'Your key', required: true }];
  const others = ['scope', 'scopes', 'install', 'installSpec', 'common'];
  const folder = projectAt(harness, {
    'connections/main/connection.json': JSON.stringify({ type: 'apikey', label: 'Main', unmanaged: others }),
    'connections/main/api.jsonc': JSON.stringify(api),
    'connections/main/parameters.jsonc': JSON.stringify(form),
  });
  expect((await folder.run('push')).code).toBe(0);
  // What is not pushed yet is not asked for.
  folder.write('connections/main/parameters.jsonc', '[]');
  const { code, stdout, stderr } = await folder.typed('connect', '--harness');
  expect([code, stderr]).toEqual([0, expect.stringContaining('Connected main in the harness as ada.')]);
  expect(stdout + stderr).not.toContain('typed for');
  // The local provider has values of its own, which nobody is asked for.
  folder.write('connections/main/parameters.jsonc', JSON.stringify(form));
  const local = await folder.typed('connect', '--local');
  expect([local.code, local.stderr]).toEqual([0, expect.stringContaining('Connected main as demo')]);
});
