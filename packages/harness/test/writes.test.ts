import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { type Operation, PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import { describe, expect, test } from 'vitest';
import { type State, stateIn } from './state.ts';
import { send, type ValidRequest, validRequestsOf } from './valid-requests.ts';

const NOW = new Date('2026-05-01T10:00:00.000Z');

interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly before: State;
  readonly after: State;
  readonly faults: readonly string[];
}

/** Sends a request to a harness of its own, with this body in place of the request's. */
async function outcomeOf(request: ValidRequest, body: unknown = request.body): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'writes-'));
  const store = join(folder, 'harness.db');
  const faults: string[] = [];
  const harness = await createHarness({
    store,
    token: '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11',
    clock: { now: () => NOW },
    journal: 0,
    checkAnswers: true,
    onFault: (fault) => faults.push(String(fault)),
  });
  try {
    await request.prepare(harness);
    const before = stateIn(store);
    const answer = await send(harness, { ...request, method: request.operation.method, body });
    return { ...answer, before, after: stateIn(store), faults };
  } finally {
    await harness.close();
    rmSync(folder, { recursive: true });
  }
}

/** The state without what is drawn by chance: ids, tokens and what is encrypted. */
function comparable(state: State): string[] {
  const random = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b_\w{22}\b|[\w+/=-]{32,}/gi;
  return [...state].map((entry) => JSON.stringify(entry).replace(random, '…')).sort();
}

const platforms = await Promise.all(
  Object.values(PLATFORMS).map(async (platform) => ({ platform, requests: await validRequestsOf(platform) })),
);

describe.each(platforms)('$platform.title', ({ platform, requests }) => {
  test.each(requests.map((request) => [request.operation.id, request] as const))(
    '%s succeeds',
    async (_id, request) => {
      const { status, text, faults } = await outcomeOf(request);
      expect(faults).toEqual([]);
      expect(String(status), text).toMatch(/^2/);
    },
  );

  const structured = requests.flatMap((request) => {
    const declared = membersOf(request.operation, platform);
    return declared === undefined ? [] : [[request.operation.id, request, declared] as const];
  });

  test.each(structured)('%s stores no member that its contract does not declare', async (_id, request, declared) => {
    const plain = await outcomeOf(request);
    const names = storedNames(plain.after).filter((name) => !declared.has(name));
    expect(names.length).toBeGreaterThan(3);
    for (const value of ['taken-over', { a: 1 }]) {
      const members = Object.fromEntries(names.map((name) => [name, value]));
      const { status, before, after, faults } = await outcomeOf(request, {
        ...members,
        ...(request.body as object),
      });
      expect(faults).toEqual([]);
      // Where the contract allows no other members the request is refused.
      expect(comparable(after)).toEqual(comparable(status < 300 ? plain.after : before));
      expect([...after.values()].filter((each) => each.includes('taken-over'))).toEqual([]);
    }
  });
});

/** The members that a body's schema declares; undefined where it is no object, or one that may hold anything. */
function membersOf({ body }: Operation, { contract }: Platform): ReadonlySet<string> | undefined {
  const [given] = body.values();
  if (given === undefined) return undefined;
  const name = '$ref' in given ? given.$ref.replace('#/components/schemas/', '') : undefined;
  const schema = (name === undefined ? given : contract.components.schemas?.[name]) as
    | { readonly properties?: object; readonly additionalProperties?: unknown }
    | undefined;
  if (schema?.properties === undefined || schema.additionalProperties === true) return undefined;
  return new Set(Object.keys(schema.properties));
}

/** Names that anything in the state has, and some that every object of JavaScript has. */
function storedNames(state: State): string[] {
  const names = [...state.values()].flatMap((text) => [...text.matchAll(/"(\w+)":/g)].map(([, name = '']) => name));
  return [...new Set([...names, 'id', 'name', 'owner', 'approved', 'roles', 'constructor', 'toString'])];
}
