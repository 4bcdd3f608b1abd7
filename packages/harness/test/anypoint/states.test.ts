import { beforeAll, describe, expect, test } from 'vitest';
import { ACCESS, type Anypoint, APPLICATIONS, MANAGER, ORGANIZATION, open } from './exchange.ts';

/**
 * Every action in every state, written out: what a contract becomes, or the status by which it is refused. It is read
 * from the reference's diagram, not from the emulator's table.
 */

const STATES = ['none', 'PENDING', 'APPROVED', 'CHANGING', 'REJECTED', 'REVOKED'] as const;
type State = (typeof STATES)[number];

/** The tiers of each cell's instance: AUTO and THIRD are approved by themselves, WANTED is not. */
const TIERS = ['AUTO', 'WANTED', 'THIRD'] as const;
type TierName = (typeof TIERS)[number];

const SEEDED: Readonly<Record<State, readonly [status: string, tier: TierName | null, requested: TierName | null]>> = {
  none: ['', null, null],
  PENDING: ['PENDING', null, 'WANTED'],
  APPROVED: ['APPROVED', 'AUTO', null],
  // In force, and wants another tier.
  CHANGING: ['APPROVED', 'AUTO', 'WANTED'],
  REJECTED: ['REJECTED', null, 'WANTED'],
  REVOKED: ['REVOKED', 'AUTO', null],
};

/** A cell has an instance, an application and a contract of its own, all with its number. */
interface Cell {
  readonly number: number;
  readonly ask: Anypoint['ask'];
}

const tierId = ({ number }: Cell, tier: TierName) => number * 10 + TIERS.indexOf(tier);
const contractOf = ({ number }: Cell) => `${MANAGER}/apis/${number}/contracts/${number}`;
const own = ({ number }: Cell) => `${APPLICATIONS}/${number}/contracts`;

/** What is told of a contract: its status, the tier in force and the one that is wanted. */
type Told = readonly [status: string, tier: TierName | null, requested: TierName | null];
type Act = (cell: Cell) => Promise<{ status: number }>;
/** In the order of STATES: what it becomes, `gone`, or the status of the refusal, which changes nothing. */
type Row = readonly [string, Act, ...(number | 'gone' | Told)[]];

const patch =
  (status?: string, tier?: TierName): Act =>
  (cell) =>
    cell.ask('PATCH', contractOf(cell), {
      ...(status === undefined ? {} : { status }),
      ...(tier === undefined ? {} : { tierId: tierId(cell, tier) }),
    });
const legacy =
  (action: string, tier?: TierName): Act =>
  (cell) => {
    const { number } = cell;
    const at = `/apiplatform/repository/v2/organizations/${ORGANIZATION}/apis/${number}/versions/${number}/contracts`;
    const body = tier === undefined ? undefined : { tierId: tierId(cell, tier) };
    return cell.ask('POST', `${at}/${number}/${action}`, body);
  };
const request =
  (tier: TierName): Act =>
  (cell) =>
    cell.ask('POST', own(cell), { ...ACCESS, apiId: cell.number, requestedTierId: tierId(cell, tier) });
const change =
  (tier: TierName): Act =>
  (cell) =>
    cell.ask('PATCH', `${own(cell)}/${cell.number}`, { requestedTierId: tierId(cell, tier) });

const wanted: Told = ['APPROVED', 'WANTED', null];
const auto: Told = ['APPROVED', 'AUTO', null];
const third: Told = ['APPROVED', 'THIRD', null];
const pending: Told = ['PENDING', null, 'WANTED'];
const rejected: Told = ['REJECTED', null, 'WANTED'];
const revoked: Told = ['REVOKED', 'AUTO', null];
const changing: Told = ['APPROVED', 'AUTO', 'WANTED'];

const MATRIX: readonly Row[] = [
  //                                               none     PENDING   APPROVED  CHANGING  REJECTED  REVOKED
  ['request, approved by itself', request('AUTO'), auto, 409, 409, 409, 409, 409],
  ['request, to be approved', request('WANTED'), pending, 409, 409, 409, 409, 409],
  ['PATCH APPROVED', patch('APPROVED'), 404, wanted, 409, 409, 409, auto],
  ['PATCH APPROVED with a tier', patch('APPROVED', 'THIRD'), 404, third, 409, 409, 409, 400],
  ['PATCH REJECTED', patch('REJECTED'), 404, rejected, 409, 409, 409, 409],
  ['PATCH REVOKED', patch('REVOKED'), 404, 409, revoked, revoked, 409, 409],
  ['PATCH PENDING', patch('PENDING'), 404, 409, 409, 409, 409, 409],
  ['PATCH of the tier', patch(undefined, 'THIRD'), 404, 409, third, third, 409, 409],
  ['approve', legacy('approve'), 404, wanted, 409, 409, 409, 409],
  ['approve with a tier', legacy('approve', 'THIRD'), 404, third, 409, 409, 409, 409],
  ['reject', legacy('reject'), 404, rejected, 409, 409, 409, 409],
  ['revoke', legacy('revoke'), 404, 409, revoked, revoked, 409, 409],
  ['restore', legacy('restore'), 404, 409, 409, 409, 409, auto],
  ['approveTierChange', legacy('approveTierChange'), 404, 409, 409, wanted, 409, 409],
  ['approveTierChange to a tier', legacy('approveTierChange', 'THIRD'), 404, 409, 409, third, 409, 409],
  ['rejectTierChange', legacy('rejectTierChange'), 404, 409, 409, auto, 409, 409],
  ['change to one approved by itself', change('THIRD'), 404, 409, third, third, 409, 409],
  ['change to one to be approved', change('WANTED'), 404, 409, changing, changing, 409, 409],
  ['change to the one in force', change('AUTO'), 404, 409, auto, auto, 409, 409],
  ['DELETE', (cell) => cell.ask('DELETE', contractOf(cell)), 404, 'gone', 'gone', 'gone', 'gone', 'gone'],
  [
    'the application is deleted',
    (cell) => cell.ask('DELETE', `${APPLICATIONS}/${cell.number}`),
    'gone',
    'gone',
    'gone',
    'gone',
    'gone',
    'gone',
  ],
];

async function tell(cell: Cell): Promise<Told | 'gone'> {
  const { body } = await cell.ask('GET', `${MANAGER}/apis/${cell.number}/contracts`);
  const [contract] = body.contracts;
  if (contract === undefined) return 'gone';
  const named = (id: number | null) => (id === null ? null : (TIERS[id - cell.number * 10] ?? null));
  return [contract.status, named(contract.tierId), named(contract.requestedTierId)];
}

let anypoint: Anypoint;
beforeAll(async () => {
  anypoint = await open();
  return () => anypoint.harness.close();
});

const ROW = 100;

for (const [index, [title, act, ...cells]] of MATRIX.entries()) {
  describe(title, () => {
    test.each(STATES.map((state, column) => [state, cells[column], column] as const))(
      '%s becomes %j',
      async (state, expected, column) => {
        const cell: Cell = { number: (index + 1) * ROW + column, ask: anypoint.ask };
        await anypoint.seed(seedOf(cell, state));
        const before = await tell(cell);
        const { status } = await act(cell);
        if (typeof expected === 'number') {
          expect(status).toBe(expected);
          expect(await tell(cell)).toEqual(before);
        } else {
          expect(status).toBeLessThan(300);
          expect(await tell(cell)).toEqual(expected);
        }
      },
    );
  });
}

function seedOf(cell: Cell, state: State): object {
  const { number } = cell;
  const [status, tier, requested] = SEEDED[state];
  const idOf = (name: TierName | null) => (name === null ? null : tierId(cell, name));
  const contract = {
    id: number,
    applicationId: number,
    instanceId: number,
    status,
    tierId: idOf(tier),
    requestedTierId: idOf(requested),
  };
  return {
    instances: [{ id: number, assetId: 'connected-raml' }],
    tiers: TIERS.map((name) => ({
      id: tierId(cell, name),
      instanceId: number,
      name,
      autoApprove: name !== 'WANTED',
    })),
    applications: [{ id: number, name: `application ${number}` }],
    contracts: state === 'none' ? [] : [contract],
  };
}
