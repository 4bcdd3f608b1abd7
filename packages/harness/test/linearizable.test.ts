import { expect, test } from 'vitest';
import { isLinearizable, type Model, type Operation } from './linearizable.ts';
import { akana, anypoint, make, workato } from './models.ts';

/** Operations as clients see them: what was asked, what was answered, and between which moments. */
type Seen<Asked> = readonly [asked: Asked, answered: unknown, begun: number, ended: number];

function holds<Asked, State>(model: Model<Asked, State>, ...history: readonly Seen<Asked>[]): boolean {
  const operations = history.map(
    ([asked, answered, begun, ended]): Operation<Asked> => ({ asked, answered, begun, ended }),
  );
  return isLinearizable(operations, model);
}

const { model: app } = make;
const text = (value: string) => `{ "value": "${value}" }`;
const put = (value: string) => ({ do: 'put', name: 'shop', text: text(value) }) as const;
const get = { do: 'get', name: 'shop' } as const;
const made = (name: string) => [{ do: 'create' }, { status: 200, name }] as const;
const OK = { status: 200 };

test('operations that overlap may have been done in any order, and others in theirs alone', () => {
  const reads = (value: string) => ({ status: 200, text: text(value) });
  expect(holds(app, [...made('shop'), 0, 1], [put('a'), OK, 2, 9], [get, reads('a'), 3, 4])).toBe(true);
  expect(holds(app, [...made('shop'), 0, 1], [put('a'), OK, 2, 3], [put('b'), OK, 2, 9], [get, reads('a'), 4, 5])).toBe(
    true,
  );
  const stale = [[put('a'), OK, 2, 3] as const, [put('b'), OK, 4, 5] as const, [get, reads('a'), 6, 7] as const];
  expect(holds(app, [...made('shop'), 0, 1], ...stale)).toBe(false);
  // Two who read the same two writes in different orders.
  const both = [[put('a'), OK, 2, 9] as const, [put('b'), OK, 2, 9] as const];
  const one = [[get, reads('a'), 3, 4] as const, [get, reads('b'), 5, 6] as const];
  const other = [[get, reads('b'), 3, 4] as const, [get, reads('a'), 5, 6] as const];
  expect(holds(app, [...made('shop'), 0, 1], ...both, ...one)).toBe(true);
  expect(holds(app, [...made('shop'), 0, 1], ...both, ...one, ...other)).toBe(false);
});

test('a name that is given twice, and one that is lost, are refused', () => {
  expect(holds(app, [...made('shop'), 0, 9], [...made('shop2'), 0, 9])).toBe(true);
  expect(holds(app, [...made('shop'), 0, 9], [...made('shop'), 0, 9])).toBe(false);
  const list = { do: 'list' } as const;
  expect(holds(app, [...made('shop'), 0, 1], [list, { status: 200, names: [] }, 2, 3])).toBe(false);
});

test('an update that is lost is refused', () => {
  const shows = (name: string, plan_id: string | null) => ({ status: 200, name, plan_id, external_id: null });
  const name = { do: 'set', id: 7, field: 'name', value: 'b' } as const;
  const plan = { do: 'set', id: 7, field: 'plan_id', value: 'p' } as const;
  const { model } = workato;
  expect(holds(model, [name, shows('b', null), 0, 9], [plan, shows('b', 'p'), 0, 9])).toBe(true);
  // Each has read what was there before the other.
  expect(holds(model, [name, shows('b', null), 0, 9], [plan, shows('first', 'p'), 0, 9])).toBe(false);
  const after = [{ do: 'get', id: 7 }, shows('b', null), 10, 11] as const;
  expect(holds(model, [name, shows('b', null), 0, 9], [plan, shows('b', 'p'), 0, 9], after)).toBe(false);
});

test('two decisions of which one excludes the other are refused', () => {
  const decide = (status: 'APPROVED' | 'REJECTED') => ({ do: 'decide', id: 1, status }) as const;
  const approved = [decide('APPROVED'), { status: 200 }, 0, 9] as const;
  expect(holds(anypoint.model, approved, [decide('REJECTED'), { status: 409 }, 0, 9])).toBe(true);
  expect(holds(anypoint.model, approved, [decide('REJECTED'), { status: 200 }, 0, 9])).toBe(false);
  const request = (id: string) => [{ do: 'request' }, { status: 200, id }] as const;
  const act = (action: 'approve' | 'reject' | 'cancel') => ({ do: 'act', id: 'c', action }) as const;
  const asked = [...request('c'), 0, 1] as const;
  expect(holds(akana.model, asked, [act('cancel'), OK, 2, 9], [act('approve'), OK, 2, 9])).toBe(true);
  expect(holds(akana.model, asked, [act('cancel'), OK, 2, 3], [act('approve'), OK, 4, 9])).toBe(false);
  expect(holds(akana.model, asked, [act('reject'), OK, 2, 9], [act('approve'), { status: 500 }, 2, 9])).toBe(false);
  // Each may ask for a second one as long as there is only one: what is not serializable makes three.
  expect(holds(akana.model, asked, [...request('d'), 2, 9], [...request('e'), 2, 9])).toBe(false);
});
