import { describe, expect, test } from 'vitest';
import { plan, TEMPLATE } from './plan.ts';
import { hashOf, type LocalConnection, type StoredConnection, TEXT_SECTIONS } from './state.ts';

const project = { name: 'shop', label: 'Shop' };
const app = { name: 'shop-abc123', label: 'Shop', version: 1 };

const local = (texts: LocalConnection['texts'], more: Partial<LocalConnection> = {}): LocalConnection => ({
  id: 'main',
  type: 'oauth',
  label: 'Main',
  texts,
  common: undefined,
  commonVariables: [],
  ...more,
});
const stored = (texts: StoredConnection['texts'], more: Partial<StoredConnection> = {}): StoredConnection => ({
  name: 'shop-abc123',
  label: 'Main',
  type: 'oauth',
  texts,
  common: undefined,
  ...more,
});
const remote = (connection?: StoredConnection) => ({
  app,
  connections: new Map(connection === undefined ? [] : [['main', connection]]),
});

describe('a connection that is not there', () => {
  test('is created in an app that is created first; absent sections are emptied, because the platform fills them', () => {
    const nothing = { app: undefined, connections: new Map() };
    const { changes } = plan(project, {}, [local({ api: '{ }', scope: '["a"]' })], nothing);
    expect(changes.map((change) => change.action).slice(0, 2)).toEqual(['create-app', 'create']);
    const set = changes.flatMap((change) =>
      change.action === 'set' ? [[change.section, change.text, change.why]] : [],
    );
    expect(set).toEqual([
      ['api', '{ }', 'new'],
      ['parameters', '[]', 'cleared'],
      ['scope', '["a"]', 'new'],
      ['scopes', '{}', 'cleared'],
      ['install', '{}', 'cleared'],
      ['installSpec', '[]', 'cleared'],
    ]);
  });
});

describe('a section', () => {
  const sides = [
    ['equal on both sides, never pushed', undefined, 'x', 'x', 'kept'],
    ['changed here since the last push', 'base', 'ours', 'base', 'set'],
    ['changed there since the last push', 'base', 'base', 'theirs', 'conflict'],
    ['changed on both sides', 'base', 'ours', 'theirs', 'conflict'],
    ['changed alike on both sides', 'base', 'same', 'same', 'kept'],
    ['different and never pushed', undefined, 'ours', 'theirs', 'conflict'],
  ] as const;
  test.each(sides)('%s', (_name, before, ours, theirs, outcome) => {
    const base = before === undefined ? {} : { main: { api: hashOf(before) } };
    const planned = plan(project, base, [local({ api: ours })], remote(stored({ api: theirs })));
    expect(planned.changes.map((change) => change.action)).toEqual(outcome === 'set' ? ['set'] : []);
    expect(planned.conflicts.map(({ code }) => code)).toEqual(outcome === 'conflict' ? ['sync/conflict'] : []);
    if (outcome === 'kept') expect(planned.base.main).toEqual({ api: hashOf(ours) });
    const forced = plan(project, base, [local({ api: ours })], remote(stored({ api: theirs })), { ours: true });
    expect(forced.conflicts).toEqual([]);
    expect(forced.changes.map((change) => change.action)).toEqual(ours === theirs ? [] : ['set']);
  });

  test('that is absent here is neither compared nor overwritten', () => {
    const { changes, conflicts } = plan(project, {}, [local({})], remote(stored({})));
    expect([changes, conflicts]).toEqual([[], []]);
  });

  test('that still holds the template of a creation that was cut off is written over, or emptied when absent', () => {
    const base = { main: Object.fromEntries(TEXT_SECTIONS.map(({ name }) => [name, TEMPLATE])) };
    const { changes, conflicts } = plan(project, base, [local({ api: 'ours' })], remote(stored({ api: 'template' })));
    expect(conflicts).toEqual([]);
    expect(changes).toHaveLength(6);
    expect(changes[0]).toMatchObject({ section: 'api', text: 'ours', why: 'changed' });
    expect(changes[1]).toMatchObject({ section: 'parameters', text: '[]', why: 'cleared' });
  });
});

test('another label is a rename, another stored type a conflict', () => {
  const planned = plan(project, {}, [local({})], remote(stored({}, { label: 'Old', type: 'basic' })));
  expect(planned.changes).toEqual([{ action: 'rename', id: 'main', label: 'Main', before: 'Old' }]);
  expect(planned.conflicts).toMatchObject([{ code: 'sync/conflict', found: 'oauth' }]);
});

describe('common', () => {
  test('is compared as JSON, whatever the order of its keys', () => {
    const ours = local({}, { common: { a: 1, b: { c: [2] } } });
    expect(plan(project, {}, [ours], remote(stored({}, { common: { b: { c: [2] }, a: 1 } }))).changes).toEqual([]);
    const changed = plan(project, {}, [ours], remote(stored({}, { common: { a: 1, b: { c: [3] } } })));
    expect(changed.changes).toEqual([{ action: 'set-common', id: 'main', values: ours.common }]);
  });

  test('without values is left alone, and that is said with the variables that would give them', () => {
    const silent = local({}, { commonVariables: ['CONNECTOR_COMMON_MAIN_CLIENT_ID'] });
    const { changes, notes } = plan(project, {}, [silent], remote(stored({})));
    expect(changes).toEqual([]);
    expect(notes).toMatchObject([
      { code: 'sync/common-skipped', hint: expect.stringContaining('CONNECTOR_COMMON_MAIN_CLIENT_ID') },
    ]);
  });

  test('leaves nothing of itself in the base', () => {
    const planned = plan(project, {}, [local({ api: 'x' }, { common: { a: 1 } })], remote(stored({ api: 'x' })));
    expect(planned.base).toEqual({ main: { api: hashOf('x') } });
  });
});
