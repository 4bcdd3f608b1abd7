import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connection, edit, Folder, platform, projectAt, stored } from './team.ts';

describe('diff', () => {
  test('says first what changed behind our back, then what a push would do, text by text', async () => {
    const harness = await platform();
    const project = projectAt(harness, { ...connection('one', { scope: '["a"]\n' }), ...connection('two') });
    expect(await project.run('diff', '--exit-code')).toMatchObject({ code: 3 });
    expect((await project.run('push')).code).toBe(0);
    expect(await project.run('diff', '--exit-code')).toMatchObject({ code: 0, data: { changes: [], behind: [] } });
    const { one, two } = project.json('.connector/origins.json').harness.connections;
    await edit(harness, two, 'api', '{\n  "url": "https://api.acme.test/theirs"\n}\n');
    project.write('connections/one/scope.jsonc', '["a", "b"]\n');
    const { code, stdout, stderr } = await project.shown('diff');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Changed on harness since the last sync:');
    expect(lines[1]).toBe(`! two api, of ${two}: url`);
    expect(lines).toContain('    -  "url": "https://api.acme.test/two"');
    expect(lines).toContain('    +  "url": "https://api.acme.test/theirs"');
    expect(lines.indexOf('A push to harness would do this:')).toBeGreaterThan(1);
    expect(lines).toContain('~ one scope: the whole');
    expect(stderr).toContain('1 change to push, 1 part changed on harness, 1 conflict.');
    expect((await project.run('diff', '--exit-code')).code).toBe(3);
    expect(await stored(harness, one, 'scope')).toBe('["a"]\n');
  });

  test('colours what a text loses and gains, unless nobody wants colours', async () => {
    const harness = await platform();
    const { root } = projectAt(harness, connection('one'));
    const shown = async (environment: Record<string, string>) =>
      (await new Folder(root, environment).shown('diff')).stdout.split('\n');
    await new Folder(root).run('push');
    new Folder(root).write('connections/one/api.jsonc', '{\n  "url": "https://api.acme.test/new"\n}\n');
    const lost = '    -  "url": "https://api.acme.test/one"';
    const gained = '    +  "url": "https://api.acme.test/new"';
    expect(await shown({ FORCE_COLOR: '1' })).toEqual(
      expect.arrayContaining([`\u001b[31m${lost}\u001b[39m`, `\u001b[32m${gained}\u001b[39m`, '     {']),
    );
    expect(await shown({ NO_COLOR: '1' })).toEqual(expect.arrayContaining([lost, gained]));
  });

  test('colours by what a line does, and not by what it says', async () => {
    const harness = await platform();
    const text = (words: string) => `/*\n---\n+++ a head\n@@ none @@\n${words}\n*/\n{}\n`;
    const { root } = projectAt(harness, connection('one', { api: text('-- old') }));
    await new Folder(root).run('push');
    new Folder(root).write('connections/one/api.jsonc', text('++ new'));
    const { stdout } = await new Folder(root, { FORCE_COLOR: '1' }).shown('diff');
    expect(stdout.split('\n').slice(2, -1)).toEqual([
      '\u001b[36m    @@ -2,6 +2,6 @@\u001b[39m',
      '     ---',
      '     +++ a head',
      '     @@ none @@',
      '\u001b[31m    --- old\u001b[39m',
      '\u001b[32m    +++ new\u001b[39m',
      '     */',
      '     {}',
    ]);
  });

  test('tells a change of comments or format from one of values', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one'));
    await project.run('push');
    project.write('connections/one/api.jsonc', '// new\n{\n  "url": "https://api.acme.test/one"\n}\n');
    expect((await project.shown('diff')).stdout).toContain('~ one api: comments or format only');
  });
});

describe('push', () => {
  test('says of an approved app that common is locked before it tries, and pushes the rest', async () => {
    const harness = await platform();
    const schema = '{"type": "object", "properties": {"key": {"type": "string", "writeOnly": true}}}';
    const values = (key: string) => JSON.stringify({ key });
    const project = projectAt(harness, {
      ...connection('one'),
      'connections/one/common.schema.json': schema,
      'connections/one/common.local.json': values('first'),
    });
    expect((await project.run('push')).code).toBe(0);
    const { app, connections } = project.json('.connector/origins.json').harness;
    await harness.seed('make', { app, approved: true });
    project.write('connections/one/common.local.json', values('second'));
    project.write('connections/one/scope.jsonc', '["new"]\n');
    await harness.faults.add({ effect: 'latency', milliseconds: 0, platform: 'make', calls: 'writes' });

    const dry = await project.run('push', '--dry-run');
    expect(dry).toMatchObject({ code: 0, diagnostics: [{ code: 'sync/common-locked' }] });
    expect(await harness.faults.list()).toMatchObject([{ seen: 0 }]);
    const { code, diagnostics } = await project.run('push');
    expect([code, diagnostics.at(-1).code]).toEqual([0, 'sync/common-locked']);
    // One write, which is the section: common was not even tried.
    expect(await harness.faults.list()).toMatchObject([{ seen: 1 }]);
    expect(await stored(harness, connections.one, 'scope')).toBe('["new"]\n');
    expect(JSON.parse(await stored(harness, connections.one, 'common'))).toEqual({ key: 'first' });
  });

  test('refuses what others changed, shows it, and says the ways out', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one', { scope: '["a"]\n' }));
    await project.run('push');
    const { one } = project.json('.connector/origins.json').harness.connections;
    await edit(harness, one, 'scope', '["theirs"]');
    await edit(harness, one, 'api', '{"url": "https://theirs.acme.test"}');
    project.write('connections/one/scope.jsonc', '["ours"]\n');
    const { code, stdout } = await project.shown('push');
    expect(code).toBe(4);
    expect(stdout).toContain(`! one scope, of ${one}`);
    for (const way of ['connector pull', '--theirs one/scope', '--ours one/scope']) expect(stdout).toContain(way);
    expect(await project.run('push', '--ours', 'scope')).toMatchObject({ code: 4 });
    expect(await stored(harness, one, 'scope')).toBe('["theirs"]');
    expect(await project.run('push', '--ours', 'one/scope', '--theirs', 'api')).toMatchObject({ code: 0 });
    expect(await stored(harness, one, 'scope')).toBe('["ours"]\n');
    expect(project.read('connections/one/api.jsonc')).toBe('{"url": "https://theirs.acme.test"}');
    expect(await project.run('diff', '--exit-code')).toMatchObject({ code: 0 });
  });

  test('deletes what is no longer declared only when that is allowed', async () => {
    const harness = await platform();
    const project = projectAt(harness, { ...connection('one'), ...connection('two') }, 'make');
    await project.run('push', '--yes');
    const clone = project.clone();
    rmSync(join(project.root, 'connections/two'), { recursive: true });
    const left = await project.run('push', '--yes');
    expect(left).toMatchObject({ code: 0, data: { changes: [] } });
    expect(left.diagnostics).toMatchObject([{ code: 'sync/not-declared', severity: 'warning' }]);
    const deleted = await project.run('push', '--yes', '--allow-destructive');
    expect(deleted.data.changes).toEqual([{ action: 'delete', connection: 'two' }]);
    expect(Object.keys(project.json('connector.json').origins.make.connections)).toEqual(['one']);
    expect((await clone.run('diff')).diagnostics.map(({ code }: { code: string }) => code)).toEqual(['sync/gone']);
  });

  test('keeps a snapshot of what it writes over, and nothing of an unchanged push', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one'));
    await project.run('push');
    const snapshots = () => readdirSync(join(project.root, '.connector/snapshots'));
    expect(snapshots()).toHaveLength(1);
    await project.run('push');
    expect(snapshots()).toHaveLength(1);
  });
});

describe('a saved plan', () => {
  const change = '{\n  "url": "https://api.acme.test/changed"\n}\n';

  test('does exactly what was reviewed, from another checkout and without a base', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one'), 'make');
    expect((await project.run('push', '--yes')).code).toBe(0);
    project.write('connections/one/api.jsonc', change);
    project.write('connections/two/connection.json', '{ "type": "apikey", "label": "two" }');
    project.write('connections/two/api.jsonc', '{}');
    expect(await project.run('diff', '--out', 'plan.json')).toMatchObject({
      code: 0,
      next: ['connector push --plan plan.json'],
    });
    const checkout = project.clone();
    checkout.write('connector.lock.json', '{"version": 1, "origins": {}}');
    checkout.write('connections/one/api.jsonc', '{"later": true}');
    const pushed = await checkout.run('push', '--plan', 'plan.json', '--yes');
    expect(pushed).toMatchObject({ code: 0 });
    const names = checkout.json('connector.json').origins.make.connections;
    expect(await stored(harness, names.one, 'api')).toBe(change);
    expect(await stored(harness, names.two, 'api')).toBe('{}');
    // Again: all of it is done.
    expect((await checkout.run('push', '--plan', 'plan.json', '--yes')).diagnostics).toMatchObject([
      { code: 'sync/plan-stale' },
    ]);
  });

  test('is refused when the world moved, and for another origin', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one'), 'make');
    await project.run('push', '--yes');
    project.write('connections/one/api.jsonc', change);
    await project.run('diff', '--out', 'plan.json');
    const { one } = project.json('connector.json').origins.make.connections;
    await edit(harness, one, 'api', '{"theirs": true}');
    const refused = await project.run('push', '--plan', 'plan.json', '--yes');
    expect(refused).toMatchObject({ code: 4, diagnostics: [{ code: 'sync/plan-stale' }] });
    expect(await stored(harness, one, 'api')).toBe('{"theirs": true}');
    expect(await project.run('diff', '--out', 'other.json')).toMatchObject({ code: 4 });
    project.write('plan.json', JSON.stringify({ ...project.json('plan.json'), origin: 'elsewhere' }));
    expect(await project.run('push', '--plan', 'plan.json')).toMatchObject({ code: 2 });
    expect(await project.run('push', '--plan', 'connector.json')).toMatchObject({
      code: 2,
      diagnostics: [{ code: 'sync/plan-unreadable' }],
    });
  });

  test('never holds a value of common', async () => {
    const harness = await platform();
    const schema = '{"type": "object", "properties": {"clientSecret": {"type": "string", "writeOnly": true}}}';
    const project = projectAt(harness, { ...connection('one'), 'connections/one/common.schema.json': schema }, 'make');
    project.write('connections/one/common.local.json', '{"clientSecret": "s3cret-value"}');
    await project.run('diff', '--out', 'plan.json');
    expect(project.read('plan.json')).not.toContain('s3cret-value');
    expect(await project.run('push', '--plan', 'plan.json', '--yes')).toMatchObject({ code: 0 });
    const checkout = project.clone();
    expect(await checkout.run('push', '--yes')).toMatchObject({ code: 0, data: { changes: [] } });
    for (const file of [
      'connector.json',
      'connector.lock.json',
      '.connector/common.json',
      '.connector/synced.json',
      '.connector/journal.json',
    ]) {
      expect(project.read(file), file).not.toContain('s3cret-value');
    }
  });
});
