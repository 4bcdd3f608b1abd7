import { expect, test } from 'vitest';
import { changed, type Happening, outcomeOf, type Status } from './lifecycle.ts';
import type { Connection } from './records.ts';

const STATES: readonly Status[] = [null, 'success', 'failed', 'exception'];
const FREE = { inUse: false, force: false };
const HELD = { inUse: true, force: false };
const kinds = (on: Happening, circumstances = FREE) =>
  STATES.map((status) => outcomeOf(status, on, circumstances).kind);

test('what happens in each state', () => {
  const always = (kind: string) => STATES.map(() => kind);
  for (const on of ['accepted', 'refused', 'raised'] as const) {
    expect(kinds(on)).toEqual(always('changed'));
    expect(kinds(on, HELD), 'credentials are tested whether it is in use or not').toEqual(always('changed'));
  }
  const onlyConnected = ['unchanged', 'changed', 'unchanged', 'unchanged'];
  expect(kinds('lost')).toEqual(onlyConnected);
  expect(kinds('disconnect')).toEqual(onlyConnected);
  expect(kinds('disconnect', HELD)).toEqual(['unchanged', 'rejected', 'unchanged', 'unchanged']);
  expect(kinds('disconnect', { inUse: true, force: true })).toEqual(onlyConnected);
  expect(kinds('delete')).toEqual(always('absent'));
  expect(kinds('delete', HELD)).toEqual(always('rejected'));
  expect(kinds('delete', { inUse: true, force: true })).toEqual(always('rejected'));
});

test('losing lies over the state, and disconnecting takes it away', () => {
  const connection = {
    authorized_at: 'then',
    authorization_status: 'success',
    identity: 'me',
    connection_lost_at: null,
    connection_lost_reason: null,
  } as unknown as Connection;
  const now = new Date(0);
  const after = (before: Connection, on: Happening, words: string | null) => {
    const outcome = outcomeOf(before.authorization_status, on, FREE);
    return outcome.kind === 'changed' ? changed(before, outcome.fields, now, words) : before;
  };
  const lost = after(connection, 'lost', 'network_failure');
  expect(lost).toMatchObject({
    authorized_at: 'then',
    authorization_status: 'success',
    connection_lost_at: '1970-01-01T00:00:00.000Z',
    connection_lost_reason: 'network_failure',
  });
  const healthy = { connection_lost_at: null, connection_lost_reason: null };
  expect(after(lost, 'accepted', 'you')).toMatchObject({ ...healthy, identity: 'you' });
  expect(after(lost, 'refused', 'no')).toMatchObject({ ...healthy, authorization_error: 'no', authorized_at: null });
  expect(after(lost, 'disconnect', null)).toMatchObject({ ...healthy, authorization_status: null, identity: null });
});
