import { describe, expect, test } from 'vitest';
import { hashOf } from '../hash.ts';
import type { Base } from '../project/project.ts';
import type { SectionName } from '../sections/index.ts';
import { compare, type Fingerprints } from './compare.ts';
import { type LocalConnection, TEMPLATE, TEXT_SECTIONS } from './local.ts';
import { type ConflictOptions, type Direction, plan } from './plan.ts';
import type { RemoteState, StoredConnection } from './remote.ts';

const project = { name: 'shop', label: 'Shop', connections: [] };
const app = { name: 'shop-abc123', label: 'Shop', version: 1 };
const LABEL = { label: hashOf('Main') };

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
const remote = (connection?: StoredConnection, more: Partial<RemoteState> = {}): RemoteState => ({
  app,
  connections: new Map(connection === undefined ? [] : [['main', connection]]),
  strangers: [],
  others: [],
  unfinished: new Set(),
  ...more,
});
const fingerprints = (recorded: Record<string, string> = {}): Fingerprints => ({
  of: (_id, values) => JSON.stringify(values),
  recorded,
});
const texts = (all: readonly string[]) => (hash: string) => all.find((text) => hashOf(text) === hash);

function planned(
  base: Base,
  declared: readonly LocalConnection[],
  there: RemoteState,
  {
    direction = 'push',
    recorded = {},
    known = [],
    ...options
  }: ConflictOptions & { direction?: Direction; recorded?: Record<string, string>; known?: string[] } = {},
) {
  const comparison = compare(base, declared, there, fingerprints(recorded), texts(known));
  return plan(project, comparison, direction, options);
}

test('a section that is declared later is set where nobody has filled it, and a conflict where somebody has', () => {
  const later = (there: string) =>
    planned({ main: LABEL }, [local({ scope: '["a"]' })], remote(stored({ scope: there })));
  expect(later('[]\n').changes).toMatchObject([{ action: 'set', section: 'scope' }]);
  expect(later('["theirs"]').conflicts).toHaveLength(1);
});

describe('a connection that is not there', () => {
  test('is created in an app that is created first; absent sections are emptied, because the platform fills them', () => {
    const { changes } = planned({}, [local({ api: '{ }', scope: '["a"]' })], remote(undefined, { app: undefined }));
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

  test('and was there is created anew by a push, which says so, and left alone by a pull', () => {
    const base = { main: { ...LABEL, api: hashOf('x') } };
    const push = planned(base, [local({ api: 'x' })], remote());
    expect(push.changes[0]).toMatchObject({ action: 'create', id: 'main' });
    expect(push.notes).toMatchObject([{ code: 'sync/gone', severity: 'warning' }]);
    const pull = planned(base, [local({ api: 'x' })], remote(), { direction: 'pull' });
    expect([pull.changes, pull.writes]).toEqual([[], []]);
    expect(pull.notes).toMatchObject([{ code: 'sync/gone' }]);
  });
});

describe('a section', () => {
  const sides = [
    ['equal on both sides, never pushed', undefined, 'x', 'x', 'adopt', 'adopt'],
    ['changed here since the last sync', 'base', 'ours', 'base', 'send', 'keep'],
    ['changed there since the last sync', 'base', 'base', 'theirs', 'conflict', 'fetch'],
    ['changed on both sides', 'base', 'ours', 'theirs', 'conflict', 'conflict'],
    ['changed alike on both sides', 'base', 'same', 'same', 'adopt', 'adopt'],
    ['different and never pushed', undefined, 'ours', 'theirs', 'conflict', 'conflict'],
    ['never written there', undefined, 'ours', 'null', 'send', 'keep'],
  ] as const;
  test.each(sides)('%s', (_name, before, ours, theirs, push, pull) => {
    const base = { main: { ...LABEL, ...(before === undefined ? {} : { api: hashOf(before) }) } };
    for (const [direction, outcome] of [['push', push] as const, ['pull', pull] as const]) {
      const {
        changes,
        writes,
        conflicts,
        base: next,
      } = planned(base, [local({ api: ours })], remote(stored({ api: theirs })), { direction });
      expect(changes.map(({ action }) => action)).toEqual(outcome === 'send' ? ['set'] : []);
      expect(writes.map(({ how }) => how)).toEqual(outcome === 'fetch' ? ['theirs'] : []);
      expect(conflicts.map(({ code }) => code)).toEqual(outcome === 'conflict' ? ['sync/conflict'] : []);
      if (outcome === 'adopt') expect(next.main).toEqual({ ...LABEL, api: hashOf(ours) });
      if (outcome === 'fetch') expect(next.main).toEqual({ ...LABEL, api: hashOf(theirs) });
    }
  });

  test('that is in conflict goes the way that is chosen for it, and only it', () => {
    const base = { main: { ...LABEL, api: hashOf('base'), scope: hashOf('base') } };
    const sides = [
      [local({ api: 'ours', scope: 'ours' })],
      remote(stored({ api: 'theirs', scope: 'theirs' })),
    ] as const;
    const api = (_id: string, part: string) => part === 'api';
    const ours = planned(base, ...sides, { ours: api });
    expect(ours.changes).toMatchObject([{ action: 'set', section: 'api', text: 'ours', from: hashOf('theirs') }]);
    expect(ours.conflicts).toMatchObject([{ message: expect.stringContaining('scope') }]);
    const theirs = planned(base, ...sides, { ours: api, theirs: (_id, part) => part === 'scope' });
    expect(theirs.conflicts).toEqual([]);
    expect(theirs.writes).toEqual([{ id: 'main', part: 'scope', text: 'theirs', how: 'theirs' }]);
    const kept = planned(base, ...sides, { direction: 'pull', ours: () => true });
    expect([kept.changes, kept.writes, kept.conflicts]).toEqual([[], [], []]);
    expect(kept.base.main).toMatchObject({ api: hashOf('theirs') });
  });

  test('that only one side changed is not given up by a choice for the other', () => {
    const base = { main: { ...LABEL, api: hashOf('base') } };
    const sides = [[local({ api: 'ours' })], remote(stored({ api: 'base' }))] as const;
    expect(planned(base, ...sides, { theirs: () => true }).writes).toEqual([]);
    expect(planned(base, ...sides, { theirs: () => true, direction: 'pull' }).writes).toEqual([]);
  });

  test('that both sides changed is merged by a pull where the base text is at hand and nothing overlaps', () => {
    const was = '{\n  "a": 1,\n  "b": 1\n}\n';
    const here = '{\n  // why\n  "a": 2,\n  "b": 1\n}\n';
    const there = '{\n  "a": 1,\n  "b": 3\n}\n';
    const base = { main: { ...LABEL, api: hashOf(was) } };
    const sides = [[local({ api: here })], remote(stored({ api: there }))] as const;
    const pull = planned(base, ...sides, { direction: 'pull', known: [was] });
    expect(pull.writes).toEqual([
      { id: 'main', part: 'api', how: 'merged', text: '{\n  // why\n  "a": 2,\n  "b": 3\n}\n' },
    ]);
    expect(pull.base.main).toMatchObject({ api: hashOf(there) });
    expect(planned(base, ...sides, { direction: 'pull' }).conflicts).toHaveLength(1);
    expect(planned(base, ...sides, { known: [was] }).conflicts).toMatchObject([
      { hint: expect.stringContaining('merges the two') },
    ]);
    const overlap = planned(base, [local({ api: '{"a": 1, "b": 9}' })], remote(stored({ api: there })), {
      direction: 'pull',
      known: [was],
    });
    expect(overlap.conflicts).toMatchObject([{ message: expect.stringContaining('Both changed b.') }]);
  });

  test('that is absent here is neither compared nor overwritten', () => {
    const { changes, conflicts } = planned({ main: LABEL }, [local({})], remote(stored({})));
    expect([changes, conflicts]).toEqual([[], []]);
  });

  test('that still holds the template of a creation that was cut off is written over, or emptied when absent', () => {
    const base = { main: { ...LABEL, ...Object.fromEntries(TEXT_SECTIONS.map(({ name }) => [name, TEMPLATE])) } };
    const { changes, conflicts } = planned(base, [local({ api: 'ours' })], remote(stored({ api: 'template' })));
    expect(conflicts).toEqual([]);
    expect(changes).toHaveLength(6);
    expect(changes[0]).toMatchObject({ section: 'api', text: 'ours', why: 'changed' });
    expect(changes[1]).toMatchObject({ section: 'parameters', text: '[]', why: 'cleared' });
  });
});

test('a label has three sides as well; another stored type is a conflict', () => {
  const renamed = planned({ main: { label: hashOf('Old') } }, [local({})], remote(stored({}, { label: 'Old' })));
  expect(renamed.changes).toEqual([{ action: 'rename', id: 'main', label: 'Main', before: 'Old' }]);
  const there = remote(stored({}, { label: 'New' }));
  expect(planned({ main: LABEL }, [local({})], there).conflicts).toMatchObject([{ code: 'sync/conflict' }]);
  expect(planned({ main: LABEL }, [local({})], there, { direction: 'pull' }).writes).toEqual([
    { id: 'main', part: 'label', text: 'New', how: 'theirs' },
  ]);
  expect(planned({ main: LABEL }, [local({})], remote(stored({}, { type: 'basic' }))).conflicts).toMatchObject([
    { code: 'sync/conflict', found: 'oauth' },
  ]);
});

test('a section whose file was removed is reported as long as nothing says that it is left alone, and stays as it is', () => {
  const base = {
    main: { ...LABEL, api: hashOf('{ }'), scope: hashOf('["a"]'), install: hashOf('{}\n'), scopes: TEMPLATE },
  };
  const there = remote(stored({ api: '{ }', scope: '["a"]' }));
  const left = (absent?: SectionName[]) => {
    const { changes, notes } = planned(base, [local({ api: '{ }' }, absent === undefined ? {} : { absent })], there);
    expect(changes.map((change) => 'section' in change && change.section)).toEqual(['scopes']);
    return notes.map(({ code, message }) => [code, message]);
  };
  expect(left(['scope', 'install', 'scopes', 'installSpec'])).toEqual([
    ['sync/section-left', 'scope of main has no file any more, but shop-abc123 still has it.'],
  ]);
  expect([left(['install']), left([]), left()]).toEqual([[], [], []]);
});

describe('a connection that is no longer declared here', () => {
  const base = { main: { ...LABEL, api: hashOf('x') } };
  test('is deleted only when that is allowed, and nobody changed it', () => {
    const there = remote(stored({ api: 'x', scope: '[]' }));
    const left = planned(base, [], there);
    expect([left.changes, left.notes.map(({ code }) => code)]).toEqual([[], ['sync/not-declared']]);
    const deleted = planned(base, [], there, { allowDestructive: true });
    expect(deleted.changes).toEqual([{ action: 'delete', id: 'main', name: 'shop-abc123' }]);
    for (const changed of [stored({ api: 'theirs' }), stored({ api: 'x', scope: '["theirs"]' })]) {
      const conflict = planned(base, [], remote(changed), { allowDestructive: true });
      expect([conflict.changes, conflict.conflicts.map(({ code }) => code)]).toEqual([[], ['sync/conflict']]);
      expect(planned(base, [], remote(changed), { allowDestructive: true, ours: () => true }).changes).toHaveLength(1);
    }
  });

  test('comes back by a pull when it was never here, or is asked for', () => {
    const there = remote(stored({ api: 'x' }));
    expect(planned({}, [], there, { direction: 'pull' }).writes.map((write) => write.part)).toEqual(['label', 'api']);
    expect(planned(base, [], there, { direction: 'pull' }).writes).toEqual([]);
    expect(planned(base, [], there, { direction: 'pull', theirs: () => true }).writes).toHaveLength(2);
  });
});

describe('common', () => {
  const ours = local({}, { common: { a: 1, b: { c: [2] } } });
  const actions = (common: unknown, recorded: Record<string, string> = {}, choices: ConflictOptions = {}) => {
    const { changes, conflicts } = planned({ main: LABEL }, [ours], remote(stored({}, { common })), {
      recorded,
      ...choices,
    });
    return conflicts.length > 0 ? 'conflict' : changes.map(({ action }) => action).join();
  };

  test('is compared as JSON, whatever the order of its keys', () => {
    expect(actions({ b: { c: [2] }, a: 1 })).toBe('');
  });

  test('has three sides, of which the last is known by its fingerprint', () => {
    const was = { a: 1, b: { c: [3] } };
    expect(actions(was, { main: JSON.stringify(was) })).toBe('set-common');
    expect(actions(was, { main: JSON.stringify(ours.common) })).toBe('conflict');
    expect(actions(was)).toBe('conflict');
    expect(actions({})).toBe('set-common');
    expect(actions(was, {}, { ours: () => true })).toBe('set-common');
  });

  test('that was not read is what it was', () => {
    expect(actions(undefined, { main: JSON.stringify(ours.common) })).toBe('');
  });

  test('of an approved app is locked, and that is said before anything is tried', () => {
    const there = remote(stored({}, { common: {} }), { app: { ...app, approved: true } });
    const { changes, notes } = planned({ main: LABEL }, [ours], there);
    expect([changes, notes.map(({ code }) => code)]).toEqual([[], ['sync/common-locked']]);
  });

  test('without values is left alone, and that is said with the variables that would give them', () => {
    const silent = local({}, { commonVariables: ['CONNECTOR_COMMON_MAIN_CLIENT_ID'] });
    const { changes, notes } = planned({ main: LABEL }, [silent], remote(stored({})));
    expect(changes).toEqual([]);
    expect(notes).toMatchObject([
      { code: 'sync/common-skipped', hint: expect.stringContaining('CONNECTOR_COMMON_MAIN_CLIENT_ID') },
    ]);
  });

  test('leaves nothing of itself in the base, and only its keys in what is said', () => {
    const secret = local({ api: 'x' }, { common: { key: 's3cret' } });
    const settled = planned({}, [secret], remote(stored({ api: 'x' }, { common: { key: '0ther' } })));
    expect(settled.base).toEqual({ main: { ...LABEL, api: hashOf('x') } });
    expect(JSON.stringify(settled.conflicts)).toContain('key');
    expect(JSON.stringify([settled.conflicts, settled.notes, settled.base])).not.toMatch(/s3cret|0ther/);
  });
});
