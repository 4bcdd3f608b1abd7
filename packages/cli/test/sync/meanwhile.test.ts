import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Asked, connection, edit, type Folder, platform, projectAt, stored, wayTo } from './team.ts';

/** What happens before somebody says yes. */
let beforeYes: () => unknown = () => {};
vi.mock('@clack/prompts', () => ({
  confirm: async () => {
    await beforeYes();
    return true;
  },
  isCancel: () => false,
}));

/** What happens when a request is on its way, before it arrives. */
let meanwhile: { readonly at: RegExp; nth: number; readonly happens: () => unknown } | undefined;
/** All requests since the project was pushed, as `GET /sdk/apps`. */
let asked: string[] = [];
afterEach(() => {
  meanwhile = undefined;
  beforeYes = () => {};
});

/** Something happens the first time, or the nth, that a request like this is on its way. */
function when(at: RegExp, happens: () => unknown, nth = 1): void {
  meanwhile = { at, nth, happens };
}

async function onTheWay({ method, path }: Asked): Promise<void> {
  const line = `${method} ${path.replace('/api/v2/sdk/apps', '')}`;
  asked.push(line);
  if (meanwhile?.at.test(line) !== true || --meanwhile.nth > 0) return;
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
  const names = data.connections as Readonly<Record<string, string>>;
  const { one = '', two = '' } = names;
  /** What somebody does in the platform's own editor. */
  const theirs = (section: string, text: string, name = one) => edit(harness, name, section, text);
  /** What the platform stores. */
  const there = (section: string, name = one) => stored(harness, name, section);
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${harness.url}/api/v2/sdk/apps${path}`, init);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as {
      readonly appConnections?: readonly { readonly name: string; readonly label: string }[];
    };
  };
  const snapshots = () => readdirSync(join(folder.root, '.connector/snapshots')).sort();
  const lastSnapshot = () => folder.json(`.connector/snapshots/${snapshots().at(-1)}`);
  return { harness, folder, app: data.app as string, one, two, theirs, there, ask, snapshots, lastSnapshot };
}

const codes = ({ diagnostics }: Awaited<ReturnType<Folder['run']>>) =>
  diagnostics.map((each: { code: string }) => each.code);

const api = (word: string) => `{ "url": "https://api.acme.test/${word}" }\n`;

const COMMON = {
  'connections/one/common.schema.json': '{"type": "object", "properties": {"key": {"type": "string"}}}',
  'connections/one/common.local.json': '{"key": "first"}',
};

describe('what is saved here while a pull is asking', () => {
  test('is left alone, as is every other file; the next pull takes it into account', async () => {
    const { folder, theirs } = await pushed(connection('one', { scope: '["a"]\n' }));
    const before = { scope: folder.read('connections/one/scope.jsonc'), lock: folder.read('connector.lock.json') };
    await theirs('api', api('theirs'));
    await theirs('scope', '["theirs"]');
    when(/GET .*\/scope/, () => folder.write('connections/one/api.jsonc', api('mine')));
    const refused = await folder.run('pull');
    expect([refused.code, codes(refused)]).toEqual([4, ['project/changed']]);
    expect(folder.read('connections/one/api.jsonc')).toBe(api('mine'));
    expect(folder.read('connections/one/scope.jsonc')).toBe(before.scope);
    expect(folder.read('connector.lock.json')).toBe(before.lock);
    const again = await folder.run('pull');
    expect([again.code, codes(again)]).toEqual([4, ['sync/conflict']]);
    expect((await folder.run('pull', '--theirs')).code).toBe(0);
    expect(folder.read('connections/one/api.jsonc')).toBe(api('theirs'));
    expect(folder.read('connections/one/scope.jsonc')).toBe('["theirs"]');
  });

  test('also where it is a label or a value of common', async () => {
    const { folder, one, ask } = await pushed({ ...connection('one'), ...COMMON });
    await ask('PATCH', `/connections/${one}`, { label: 'theirs' });
    const label = '{ "type": "apikey", "label": "mine" }\n';
    when(/GET .*\/checksum/, () => folder.write('connections/one/connection.json', label));
    expect((await folder.run('pull')).code).toBe(4);
    expect(folder.read('connections/one/connection.json')).toBe(label);

    await ask('PUT', `/connections/${one}/common`, { key: 'theirs' });
    when(/GET .*\/common/, () => folder.write('connections/one/common.local.json', '{"key": "mine"}'));
    expect((await folder.run('pull', '--theirs', '--check-common')).code).toBe(4);
    expect(folder.json('connections/one/common.local.json')).toEqual({ key: 'mine' });
    expect(folder.read('connections/one/connection.json')).toBe(label);
    expect((await folder.run('pull', '--theirs', '--check-common')).code).toBe(0);
    expect(folder.json('connections/one/common.local.json')).toEqual({ key: 'theirs' });
    expect(folder.read('.gitignore')).toContain('connections/*/common.local.json\n');
    expect(folder.json('connections/one/connection.json').label).toBe('theirs');
  });
});

describe('what somebody changes on the platform while a push asks "Go on?"', () => {
  test('is shown as a conflict and stays; nothing was done, and the next push says the same', async () => {
    const { folder, theirs, there, snapshots } = await pushed(connection('one'));
    const before = snapshots();
    folder.write('connections/one/api.jsonc', api('mine'));
    beforeYes = () => theirs('api', api('theirs'));
    const refused = await folder.typed('push');
    expect(refused.code, refused.stderr).toBe(4);
    expect(refused.stdout).toContain('theirs');
    expect(refused.stdout).toContain('sync/conflict');
    expect(await there('api')).toBe(api('theirs'));
    expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect(snapshots()).toEqual(before);
    expect((await folder.run('status')).data).toMatchObject({ cutOff: false });
    expect(codes(await folder.run('push', '--yes'))).toEqual(['sync/conflict']);
  });

  test('also where the project was chosen: that was about another text', async () => {
    const { folder, theirs, there } = await pushed(connection('one'));
    folder.write('connections/one/api.jsonc', api('mine'));
    await theirs('api', api('theirs'));
    beforeYes = () => theirs('api', api('theirs-again'));
    const refused = await folder.typed('push', '--ours');
    expect([refused.code, refused.stdout]).toEqual([4, expect.stringContaining('sync/plan-stale')]);
    expect(await there('api')).toBe(api('theirs-again'));
    beforeYes = () => {};
    expect((await folder.typed('push', '--ours')).code).toBe(0);
  });

  test('the same of values of common', async () => {
    const { folder, one, ask } = await pushed({ ...connection('one'), ...COMMON });
    const common = `/connections/${one}/common`;
    folder.write('connections/one/common.local.json', '{"key": "mine"}');
    await ask('PUT', common, { key: 'theirs' });
    beforeYes = () => ask('PUT', common, { key: 'theirs-again' });
    const refused = await folder.typed('push', '--ours');
    expect([refused.code, refused.stdout]).toEqual([4, expect.stringContaining('sync/plan-stale')]);
    expect(await ask('GET', common)).toEqual({ key: 'theirs-again' });
  });

  test('a connection that is gone is not created anew unasked, nor is one deleted that was changed', async () => {
    const { folder, one, two, app, ask, theirs } = await pushed({ ...connection('one'), ...connection('two') });
    folder.write('connections/one/api.jsonc', api('mine'));
    beforeYes = () => ask('DELETE', `/connections/${one}`);
    const refused = await folder.typed('push');
    expect([refused.code, refused.stdout]).toEqual([4, expect.stringContaining('sync/plan-stale')]);
    const names = async () => (await ask('GET', `/${app}/connections`)).appConnections?.map((each) => each.name);
    expect(await names()).toEqual([two]);
    expect((await folder.run('push', '--yes')).code).toBe(0);

    folder.remove('connections/two');
    beforeYes = () => theirs('scope', '["theirs"]', two);
    expect((await folder.typed('push', '--allow-destructive')).code).toBe(4);
    expect(await names()).toContain(two);
  });

  test('where it is the same as here, only the rest is pushed', async () => {
    const { folder, theirs, there } = await pushed(connection('one', { scope: '["a"]\n' }));
    folder.write('connections/one/api.jsonc', api('mine'));
    folder.write('connections/one/scope.jsonc', '["mine"]');
    beforeYes = () => theirs('api', api('mine'));
    expect((await folder.typed('push')).code).toBe(0);
    expect(await there('scope')).toBe('["mine"]');
    expect(asked.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  test('the same of a saved plan and of a rollback', async () => {
    const { folder, theirs, there } = await pushed(connection('one'));
    const before = folder.read('connections/one/api.jsonc');
    folder.write('connections/one/api.jsonc', api('mine'));
    expect((await folder.run('diff', '--out', 'plan.json')).code).toBe(0);
    beforeYes = () => theirs('api', api('theirs'));
    expect((await folder.typed('push', '--plan', 'plan.json')).code).toBe(4);
    expect(await there('api')).toBe(api('theirs'));
    await theirs('api', before);
    beforeYes = () => {};
    expect((await folder.typed('push', '--plan', 'plan.json')).code).toBe(0);

    beforeYes = () => theirs('api', api('theirs'));
    expect((await folder.typed('rollback')).code).toBe(4);
    expect(await there('api')).toBe(api('theirs'));
  });
});

describe('what somebody changes on the platform while a push is writing', () => {
  test('is not written over: what is written is compared directly before', async () => {
    const { folder, theirs, there, lastSnapshot } = await pushed(connection('one', { scope: '["a"]\n', scopes: '{}' }));
    folder.write('connections/one/api.jsonc', api('mine'));
    folder.write('connections/one/scope.jsonc', '["mine"]');
    folder.write('connections/one/scopes.jsonc', '{ "mine": "mine" }');
    when(/PUT .*\/(api|scope)$/, () => theirs('scopes', '{ "theirs": "theirs" }'));
    const refused = await folder.run('push', '--yes');
    expect([refused.code, codes(refused)]).toEqual([4, ['sync/conflict', 'sync/cut-off']]);
    expect(await there('scopes')).toBe('{ "theirs": "theirs" }');
    expect(codes(await folder.run('push', '--yes'))).toEqual(['sync/conflict']);
    expect(lastSnapshot().connections[0].texts).toMatchObject({ scope: '["a"]\n', scopes: '{}' });
    const back = await folder.run('rollback', '--yes', '--ours', 'api,scope');
    expect(codes(back)).toEqual(['sync/conflict']);
    expect(await there('scopes')).toBe('{ "theirs": "theirs" }');
  });

  test.each([
    ['a section', 'connections/one/api.jsonc', api('mine'), /GET .*\/api$/, 'PUT', '/api', { theirs: true }],
    [
      'a label',
      'connections/one/connection.json',
      '{ "type": "apikey", "label": "mine" }',
      /GET \/connections\/[^/]+$/,
      'PATCH',
      '',
      { label: 'theirs' },
    ],
    [
      'values of common',
      'connections/one/common.local.json',
      '{"key": "mine"}',
      /GET .*\/common$/,
      'PUT',
      '/common',
      { key: 'theirs' },
    ],
  ] as const)('%s: nothing was done when it is the first', async (_, file, text, at, method, path, body) => {
    const { folder, one, ask } = await pushed({ ...connection('one'), ...COMMON });
    folder.write(file, text);
    // The first time that common is read is for the plan.
    when(at, () => ask(method, `/connections/${one}${path}`, body), path === '/common' ? 2 : 1);
    const refused = await folder.run('push', '--yes');
    expect([refused.code, codes(refused)]).toEqual([4, ['sync/conflict']]);
    expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect((await folder.run('status')).data).toMatchObject({ cutOff: false });
    expect(await ask('GET', `/connections/${one}${path}`)).toMatchObject(
      method === 'PATCH' ? { appConnection: body } : body,
    );
    expect(codes(await folder.run('push', '--yes'))).toEqual(['sync/conflict']);
  });

  test('a connection that was changed is not deleted', async () => {
    const { folder, two, theirs, there } = await pushed({ ...connection('one'), ...connection('two') });
    folder.remove('connections/two');
    when(/GET .*\/checksum$/, () => theirs('api', api('theirs'), two), 2);
    expect((await folder.run('push', '--yes', '--allow-destructive')).code).toBe(4);
    expect(await there('api', two)).toBe(api('theirs'));
  });

  test('after a wait that the platform asked for, it is compared again', async () => {
    const { folder, harness, theirs, there } = await pushed(connection('one'));
    folder.write('connections/one/api.jsonc', api('mine'));
    await harness.faults.add({ effect: 'rate-limit', retryAfter: 1, times: 1, operation: 'setConnectionSection' });
    when(/GET .*\/api$/, () => theirs('api', api('theirs')), 2);
    expect((await folder.run('push', '--yes')).code).toBe(4);
    expect(await there('api')).toBe(api('theirs'));
    expect(asked.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  test('what was chosen to be written over is in the snapshot, and comes back', async () => {
    const { folder, theirs, there, lastSnapshot } = await pushed(connection('one'));
    await theirs('api', api('theirs'));
    folder.write('connections/one/api.jsonc', api('mine'));
    expect((await folder.run('push', '--yes', '--ours')).code).toBe(0);
    expect(lastSnapshot().connections[0].texts.api).toBe(api('theirs'));
    expect((await folder.run('rollback', '--yes')).code).toBe(0);
    expect(await there('api')).toBe(api('theirs'));
  });

  test('a connection that was just created and that somebody fills is left to them', async () => {
    const { folder, app, there, ask } = await pushed(connection('one'));
    for (const id of ['second', 'third']) {
      for (const [path, text] of Object.entries(connection(id))) folder.write(path, text);
    }
    const named = async (label: string) => {
      const { appConnections = [] } = await ask('GET', `/${app}/connections`);
      return appConnections.find((each) => each.label === label)?.name ?? '';
    };
    when(/PUT .*\/api$/, async () => ask('PUT', `/connections/${await named('third')}/scope`, ['theirs']));
    const refused = await folder.run('push', '--yes');
    expect([refused.code, codes(refused)]).toEqual([4, ['sync/conflict', 'sync/cut-off']]);
    const third = await named('third');
    expect(JSON.parse(await there('scope', third))).toEqual(['theirs']);
    // It is not declared here, so that it stays; what is declared was filled by nobody else.
    expect((await folder.run('push', '--yes')).code).toBe(0);
    expect(await there('api', third)).toBe(folder.read('connections/third/api.jsonc'));
    expect(JSON.parse(await there('scope', third))).toEqual(['theirs']);
  });

  test('nor is it written over by the push that goes on after one that was cut off', async () => {
    const { folder, harness, app, there, ask, lastSnapshot } = await pushed(connection('one'));
    for (const [path, text] of Object.entries(connection('second'))) folder.write(path, text);
    await harness.faults.add({ effect: 'status', status: 500, times: 1, operation: 'setConnectionSection' });
    expect(codes(await folder.run('push', '--yes'))).toEqual(['origin/refused', 'sync/cut-off']);
    const { appConnections = [] } = await ask('GET', `/${app}/connections`);
    const second = appConnections.find(({ label }) => label === 'second')?.name ?? '';
    await ask('PUT', `/connections/${second}/api`, { url: 'https://api.acme.test/theirs' });
    const refused = await folder.run('push', '--yes');
    expect([refused.code, codes(refused)]).toEqual([4, ['sync/conflict']]);
    expect(await there('api', second)).toContain('theirs');
    expect((await folder.run('push', '--yes', '--ours')).code).toBe(0);
    const kept = lastSnapshot().connections.find(({ id }: { id: string }) => id === 'second');
    expect(kept.texts.api).toContain('theirs');
  });

  test('a rollback that deletes an app leaves it when something came into it', async () => {
    const harness = await platform();
    const folder = projectAt(await wayTo(harness, onTheWay), connection('one'), 'make');
    const { data } = await folder.run('push', '--yes');
    const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/json' };
    const at = `${harness.url}/api/v2/sdk/apps/${data.app}/connections`;
    const body = JSON.stringify({ label: 'theirs', type: 'basic' });
    when(/DELETE \/connections/, async () => {
      expect((await fetch(at, { method: 'POST', headers, body })).ok).toBe(true);
    });
    const refused = await folder.run('rollback', '--yes', '--allow-destructive');
    expect([refused.code, codes(refused)]).toEqual([4, ['sync/conflict', 'sync/cut-off']]);
    expect(await (await fetch(at, { headers })).json()).toMatchObject({ appConnections: [{ label: 'theirs' }] });
  });
});

test('a push asks for nothing more when nothing changed, and once more for each text that did', async () => {
  const { folder, app, one } = await pushed({ ...connection('one'), ...connection('two'), ...connection('three') });
  const looks = ['GET ', `GET /${app}/connections`, `GET /${app}/1/checksum`];
  expect((await folder.run('push', '--yes')).code).toBe(0);
  expect(asked).toEqual(looks);
  asked = [];
  folder.write('connections/one/api.jsonc', api('mine'));
  expect((await folder.run('push', '--yes')).code).toBe(0);
  expect(asked).toEqual([
    ...looks,
    `GET /connections/${one}/api`,
    `PUT /connections/${one}/api`,
    `GET /${app}/1/checksum`,
  ]);
});

describe('what somebody changes before a connection is recreated', () => {
  const recreations = () => asked.filter((line) => line.endsWith('/recreate'));

  test('is not registered: the platform is compared with what was pushed', async () => {
    const { folder, theirs } = await pushed(connection('one'));
    await theirs('api', api('theirs'));
    const refused = await folder.run('recreate');
    expect([refused.code, codes(refused), recreations()]).toEqual([4, ['sync/conflict'], []]);
    expect(refused.data.conflicts).toEqual([{ connection: 'one', part: 'api', verdict: 'theirs' }]);
    expect((await folder.run('pull')).code).toBe(0);
    expect((await folder.run('recreate')).code).toBe(0);
  });

  test('also after others were recreated; those that were not named do not count', async () => {
    const { folder, two, theirs } = await pushed({ ...connection('one'), ...connection('two') });
    when(/recreate$/, () => theirs('api', api('theirs'), two));
    const refused = await folder.run('recreate');
    expect([refused.code, codes(refused), recreations().length]).toEqual([4, ['sync/conflict'], 1]);
    expect((await folder.run('recreate', 'one')).code).toBe(0);
  });

  test('what was changed here since the last push does not matter', async () => {
    const { folder } = await pushed(connection('one'));
    folder.write('connections/one/api.jsonc', api('mine'));
    expect((await folder.run('recreate')).code).toBe(0);
  });

  test('publishing ends there', async () => {
    const { folder, theirs } = await pushed(connection('one'));
    expect((await folder.run('types')).code).toBe(0);
    folder.write('connections/one/api.jsonc', api('mine'));
    // Directly after the push has read back what it wrote.
    when(/GET $/, () => theirs('api', api('theirs')), 2);
    const refused = await folder.run('publish', '--yes');
    expect(refused).toMatchObject({ code: 4, data: { stopped: 'recreate' } });
    expect(recreations()).toEqual([]);
  });
});
