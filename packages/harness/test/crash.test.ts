import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serve } from './served.ts';

const NIGHTLY = process.env.CONNECTOR_NIGHTLY !== undefined;
const ROUNDS = NIGHTLY ? 200 : 20;
const CLIENTS = 8;
const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';

let folder: string;
const running: Served[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});
afterAll(async () => {
  await Promise.all(running.map((each) => each.kill()));
  rmSync(folder, { recursive: true });
});

async function start(store: string): Promise<Served> {
  const served = await serve({ store, token: TOKEN });
  running.push(served);
  return served;
}

async function call(served: Served, method: string, path: string, body?: string) {
  const headers = { authorization: `Token ${TOKEN}`, 'content-type': 'application/jsonc' };
  const url = `${served.url}/api/v2/sdk/apps/connections/${path}`;
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: response.status, text: await response.text() };
}

/** A section whose end tells of its beginning. */
const section = (client: number, write: number) =>
  `{ "first": "${client}-${write}", "pad": "${'x'.repeat((write * 37) % 5000)}", "last": "${client}-${write}" }`;

test(`what was answered is there after ${ROUNDS} kills, and no section is half written`, {
  timeout: NIGHTLY ? 1_200_000 : 120_000,
}, async () => {
  const store = join(folder, 'crash.db');
  const answered = Array.from({ length: CLIENTS }, () => 0);
  const asked = Array.from({ length: CLIENTS }, () => 0);
  const names = Array.from({ length: CLIENTS }, (_, index) => (index === 0 ? 'crash' : `crash${index + 1}`));
  const first = await start(store);
  const connections = names.map((label) => ({ type: 'basic', label }));
  await first.seed('make', { app: 'crash', connections });
  await first.close();
  let lost = 0;
  let unanswered = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const served = await start(store);
    for (const [client, name] of names.entries()) {
      const { status, text } = await call(served, 'GET', `${name}/api`);
      expect(status).toBe(200);
      const [, write] = /^\{ "first": "\d+-(\d+)"/.exec(text) ?? [];
      if (write === undefined && answered[client] === 0) continue;
      expect(text).toBe(section(client, Number(write)));
      if (Number(write) < (answered[client] ?? 0)) lost++;
      expect(Number(write)).toBeLessThanOrEqual(asked[client] ?? 0);
      if (Number(write) > (answered[client] ?? 0)) unanswered++;
      answered[client] = Number(write);
    }
    expect(lost).toBe(0);
    const clients = names.map(async (name, client) => {
      for (;;) {
        const write = (asked[client] ?? 0) + 1;
        asked[client] = write;
        const result = await call(served, 'PUT', `${name}/api`, section(client, write)).catch(() => undefined);
        if (result === undefined) return;
        expect(result.status).toBe(200);
        answered[client] = write;
      }
    });
    await sleep(5 + Math.random() * 150);
    await served.kill();
    await Promise.all(clients);
  }
  const total = answered.reduce((sum, each) => sum + each, 0);
  console.log(
    `${ROUNDS} kills, ${CLIENTS} clients: ${total} writes, none that was answered lost, ${unanswered} that were not yet answered kept whole`,
  );
  expect(total).toBeGreaterThan(ROUNDS);
});

test('two harnesses on one file see what the other writes, and lose nothing', { timeout: 60_000 }, async () => {
  const store = join(folder, 'shared.db');
  const [one, other] = [await start(store), await start(store)];
  const names = Array.from({ length: CLIENTS }, (_, index) => (index === 0 ? 'pair' : `pair${index + 1}`));
  await one.seed('make', { app: 'pair', connections: names.map((label) => ({ type: 'basic', label })) });
  const writes = 25;
  await Promise.all(
    names.map(async (name, client) => {
      for (let write = 1; write <= writes; write++) {
        const [writer, reader] = write % 2 === 0 ? [one, other] : [other, one];
        const put = await call(writer, 'PUT', `${name}/api`, section(client, write));
        expect(put.status).toBe(200);
        expect((await call(reader, 'GET', `${name}/api`)).text).toBe(section(client, write));
      }
    }),
  );
  await one.kill();
  for (const [client, name] of names.entries()) {
    expect((await call(other, 'GET', `${name}/api`)).text).toBe(section(client, writes));
  }
  console.log(`two harnesses on one file: ${names.length * writes} writes, each read at once through the other`);
});
