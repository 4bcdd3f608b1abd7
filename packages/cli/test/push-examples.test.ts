import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { giveHosts, type Started, share, start, stopAll } from './project.ts';

/* Each template and example, made by the command, pushed to the harness, and equal there. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const namesIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []));
const EACH = [
  ...namesIn('templates').map((name) => ['template', name] as const),
  ...namesIn('examples').map((name) => ['example', name] as const),
];

let harness: Started;
beforeAll(async () => {
  harness = await start(['harness', '--port', '0', '--store', 'memory'], temporaryFolder());
});
afterAll(stopAll);

test('there are at least ten examples', () => {
  expect(namesIn('examples').length).toBeGreaterThanOrEqual(10);
});

test.each(EACH)('the %s %s is pushed, and nothing differs after it', async (kind, name) => {
  const parent = temporaryFolder();
  expect(
    (await run(['create', `${name}-1`.slice(0, 30), `--${kind}`, name, '--folder', 'mine'], { cwd: parent })).code,
  ).toBe(0);
  const cwd = join(parent, 'mine');
  if (kind === 'template') giveHosts(cwd);
  share(harness, cwd);
  const pushed = await run(['push', '--yes', '--json'], { cwd });
  expect(pushed.code, pushed.stdout).toBe(0);
  const sections = readdirSync(join(cwd, 'connections'));
  const compared = await run(['diff', '--exit-code', '--json'], { cwd });
  expect(compared.code, compared.stdout).toBe(0);
  const { data } = JSON.parse((await run(['status', '--json'], { cwd })).stdout);
  expect(data.connections).toEqual(sections.map((id) => ({ id, state: 'here', parts: [] })));
  // What a change is, the comparison tells: it is not blind.
  const api = join(cwd, 'connections', sections[0] ?? '', 'api.jsonc');
  writeFileSync(api, `${readFileSync(api, 'utf8')}// changed\n`);
  expect((await run(['diff', '--exit-code'], { cwd })).code).toBe(3);
});
