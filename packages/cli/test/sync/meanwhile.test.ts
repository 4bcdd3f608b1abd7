import { afterEach, describe, expect, test } from 'vitest';
import { type Asked, connection, edit, type Folder, platform, projectAt, wayTo } from './team.ts';

/** What happens when a request is on its way: once, before it arrives. */
let meanwhile: { readonly at: RegExp; readonly happens: () => void | Promise<void> } | undefined;
/** All requests since the last look, as `GET /sdk/apps`. */
let asked: string[] = [];
afterEach(() => {
  meanwhile = undefined;
});

/** Something happens the first time that a request like this is on its way. */
function when(at: RegExp, happens: () => void | Promise<void>): void {
  meanwhile = { at, happens };
}

async function onTheWay({ method, path }: Asked): Promise<void> {
  const line = `${method} ${path.replace('/api/v2', '')}`;
  asked.push(line);
  if (meanwhile?.at.test(line) !== true) return;
  const { happens } = meanwhile;
  meanwhile = undefined;
  await happens();
}

/** A project that was pushed to a platform, and what the platform calls its connections. */
async function pushed(files: Readonly<Record<string, string>>) {
  const harness = await platform();
  const folder = projectAt(await wayTo(harness, onTheWay), files, 'make');
  const { code, data } = await folder.run('push', '--yes');
  expect(code).toBe(0);
  asked = [];
  return { harness, folder, names: data.connections as Readonly<Record<string, string>> };
}

const code = ({ diagnostics }: Awaited<ReturnType<Folder['run']>>) =>
  diagnostics.map((each: { code: string }) => each.code);

const API = '{ "url": "https://api.example.com/theirs" }\n';
const MINE = '{ "url": "https://api.example.com/mine" }\n';

describe('what is saved here while a pull is asking', () => {
  test('is left alone, as is every other file; the next pull takes it into account', async () => {
    const { harness, folder, names } = await pushed(connection('one', { scope: '["a"]\n' }));
    const before = { scope: folder.read('connections/one/scope.jsonc'), lock: folder.read('connector.lock.json') };
    await edit(harness, names.one ?? '', 'api', API);
    await edit(harness, names.one ?? '', 'scope', '["theirs"]');
    when(/GET .*\/scope/, () => folder.write('connections/one/api.jsonc', MINE));
    const refused = await folder.run('pull');
    expect([refused.code, code(refused)]).toEqual([4, ['project/changed']]);
    expect(folder.read('connections/one/api.jsonc')).toBe(MINE);
    expect(folder.read('connections/one/scope.jsonc')).toBe(before.scope);
    expect(folder.read('connector.lock.json')).toBe(before.lock);
    const again = await folder.run('pull');
    expect([again.code, code(again)]).toEqual([4, ['sync/conflict']]);
    expect((await folder.run('pull', '--theirs')).code).toBe(0);
    expect(folder.read('connections/one/api.jsonc')).toBe(API);
    expect(folder.read('connections/one/scope.jsonc')).toBe('["theirs"]');
  });

  test('also where it is a label or a value of common', async () => {
    const { harness, folder, names } = await pushed({
      ...connection('one'),
      'connections/one/common.schema.json': '{"type": "object", "properties": {"key": {"type": "string"}}}',
      'connections/one/common.local.json': '{"key": "first"}',
    });
    const at = `/api/v2/sdk/apps/connections/${names.one}`;
    const send = async (method: string, path: string, body: unknown) => {
      const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/json' };
      const answer = await fetch(`${harness.url}${at}${path}`, { method, headers, body: JSON.stringify(body) });
      expect(answer.status).toBeLessThan(300);
    };
    await send('PATCH', '', { label: 'theirs' });
    const label = '{ "type": "apikey", "label": "mine" }\n';
    when(/GET .*\/checksum/, () => folder.write('connections/one/connection.json', label));
    expect((await folder.run('pull')).code).toBe(4);
    expect(folder.read('connections/one/connection.json')).toBe(label);

    await send('PUT', '/common', { key: 'theirs' });
    when(/GET .*\/common/, () => folder.write('connections/one/common.local.json', '{"key": "mine"}'));
    expect((await folder.run('pull', '--theirs', '--check-common')).code).toBe(4);
    expect(folder.json('connections/one/common.local.json')).toEqual({ key: 'mine' });
    expect(folder.read('connections/one/connection.json')).toBe(label);
    expect((await folder.run('pull', '--theirs', '--check-common')).code).toBe(0);
    expect(folder.json('connections/one/common.local.json')).toEqual({ key: 'theirs' });
    expect(folder.json('connections/one/connection.json').label).toBe('theirs');
  });
});
