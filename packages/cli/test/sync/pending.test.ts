import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connection, Folder, platform, projectAt, stored } from './team.ts';

/** Seconds that a push waits, and milliseconds after which the platform does it all the same. */
const PATIENCE = '2';
const LATE = 3200;

/** A project of which one connection was pushed and one is new, or of which nothing was pushed. */
async function before(pushed: boolean) {
  const harness = await platform();
  const { root } = projectAt(harness, connection('one'));
  const project = new Folder(root, { CONNECTOR_TIMEOUT: PATIENCE });
  if (pushed) {
    expect((await project.run('push')).code).toBe(0);
    for (const [path, text] of Object.entries(connection('two'))) project.write(path, text);
  }
  const ask = async (path: string) => {
    const headers = { authorization: `Token ${harness.token}` };
    return JSON.parse(await (await fetch(`${harness.url}/api/v2/sdk/apps${path}`, { headers })).text());
  };
  const labels = async () => {
    const { apps } = await ask('');
    const lists = await Promise.all(apps.map(({ name }: { name: string }) => ask(`/${name}/connections`)));
    return lists.map((list) => list.appConnections.map(({ label }: { label: string }) => label));
  };
  const section = (name: string) =>
    stored(harness, project.json('.connector/origins.json').harness.connections.one, name);
  return { harness, project, labels, section };
}

const creations = [
  { what: 'a connection', operation: 'createConnection', pushed: true, end: [['one', 'two']] },
  { what: 'an app', operation: 'createApp', pushed: false, end: [['one']] },
];

test.concurrent.each(creations)(
  '$what whose answer did not come in time is waited for by the next push, and made once',
  async ({ operation, pushed, end }) => {
    const { harness, project, labels } = await before(pushed);
    await harness.faults.add({ effect: 'latency', milliseconds: LATE, times: 1, operation });
    const earlier = await labels();
    expect((await project.run('push')).code).toBe(6);
    expect(await labels(), 'it is still under way').toEqual(earlier);
    const again = await project.run('push');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toMatch(/did not respond: it may still do it\. Waiting up to \d s for it/);
    expect(await labels()).toEqual(end);
    expect((await project.run('diff', '--exit-code')).code).toBe(0);
    expect((await project.run('push')).stderr).not.toContain('Waiting');
  },
  20_000,
);

test.concurrent('a rollback waits for it as well, and leaves nothing behind', async () => {
  const { harness, project, labels } = await before(true);
  await harness.faults.add({ effect: 'latency', milliseconds: LATE, times: 1, operation: 'createConnection' });
  expect((await project.run('push')).code).toBe(6);
  expect((await project.run('rollback', '--allow-destructive')).code).toBe(0);
  await sleep(LATE);
  expect(await labels()).toEqual([['one']]);
}, 20_000);

test.concurrent('no change comes after a rollback', async () => {
  const { harness, project, section } = await before(true);
  project.write('connections/one/api.jsonc', '{}');
  const was = await section('api');
  await harness.faults.add({ effect: 'latency', milliseconds: LATE, times: 1, operation: 'setConnectionSection' });
  expect((await project.run('push')).code).toBe(6);
  const back = await project.run('rollback', '--allow-destructive');
  expect(back.stderr).toContain('s for that');
  expect(back.code).toBe(0);
  await sleep(LATE);
  expect(await section('api')).toBe(was);
}, 20_000);

test.concurrent('what never was carried out is made after the wait, and what was refused without one', async () => {
  const { harness, project, labels } = await before(true);
  await harness.faults.add({ effect: 'reset', times: 1, operation: 'createConnection' });
  expect((await project.run('push')).code).toBe(6);
  await harness.faults.add({ effect: 'status', times: 1, operation: 'createConnection' });
  const refused = await project.run('push');
  expect(refused.code).toBe(7);
  expect(refused.stderr).toContain('so that it is not created twice');
  const again = await project.run('push');
  expect(again.code).toBe(0);
  expect(again.stderr).not.toContain('so that it is not created twice');
  expect(await labels()).toEqual([['one', 'two']]);
}, 20_000);
