import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { followKeys } from './keys.ts';

/** A terminal's input, and the modes that it was set to. */
function terminal() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  return { input, modes };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('runs the action of a pressed key, in small letters or capitals, until the signal says stop', async () => {
  const { input, modes } = terminal();
  const ending = new AbortController();
  const done: string[] = [];
  const actions = new Map([['o', () => void done.push('opened')]]);
  expect(followKeys(input, actions, () => done.push('interrupted'), ending.signal)).toBe(true);
  expect(modes).toEqual([true]);
  input.write('xoO');
  input.write('\u0003');
  await settled();
  expect(done).toEqual(['opened', 'opened', 'interrupted']);
  ending.abort();
  expect(modes).toEqual([true, false]);
  input.write('o');
  await settled();
  expect(done).toHaveLength(3);
});

test('leaves input alone that is no terminal', () => {
  const { input, modes } = terminal();
  const { signal } = new AbortController();
  expect(followKeys(Object.assign(input, { isTTY: false }), new Map(), () => {}, signal)).toBe(false);
  expect([modes, input.listenerCount('data')]).toEqual([[], 0]);
});
