import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryFiles } from '../../src/project/files.ts';
import { openProject } from '../../src/project/index.ts';
import type { Connection } from '../../src/project/project.ts';
import { clockAt, runnable } from './connections.ts';
import { agrees, provider } from './provider.ts';

/* Every template and example of the project connects, refreshes and disconnects. */

const ROOT = join(import.meta.dirname, '../../../..');

/** The project in a folder, with each host of its sections replaced by a server of the test's. */
function projectIn(folder: string, url: string): readonly Connection[] {
  const path = join(ROOT, folder);
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const files = names
    .filter((name) => /^(connector|connections\/.*)\.jsonc?$/.test(name) && !name.includes('node_modules'))
    .map((name) => {
      const text = readFileSync(join(path, name), 'utf8');
      return [name, name.endsWith('/api.jsonc') ? text.replaceAll(/"https:\/\/[^/"]+/g, `"${url}`) : text];
    });
  return openProject(memoryFiles(Object.fromEntries(files))).connections;
}

const FOLDERS = ['templates', 'examples'].flatMap((parent) =>
  readdirSync(join(ROOT, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(ROOT, folder, 'connector.json'))),
);

test('there are some', () => expect(FOLDERS.length).toBeGreaterThan(2));

test.each(FOLDERS)('%s', async (folder) => {
  const grant = {
    access_token: 'access-token-1',
    refresh_token: 'refresh-token-1',
    token_type: 'bearer',
    expires_in: 3600,
  };
  const account = () => ({ body: { id: 7, email: 'ada@example.com', login: 'ada', name: 'Ada' } });
  const { url, received } = await provider({
    '/oauth/token': () => ({ body: grant }),
    '/login/oauth/access_token': () => ({ body: grant }),
    '/v1/me': account,
    '/user': account,
    '/oauth/revoke': () => ({ status: 200 }),
    '/applications/client-1/token': () => ({ status: 204 }),
  });
  const connections = projectIn(folder, url);
  expect(connections.length).toBeGreaterThan(0);
  for (const connection of connections) {
    const clock = clockAt('2026-01-01T00:00:00Z');
    const running = runnable(connection, {
      parameters: { apiKey: 'k3y-12345' },
      common: { clientId: 'client-1', clientSecret: 's3cret-1' },
      now: clock.now,
    });
    const { instance, problem } = await running.connect(agrees());
    expect(problem).toBeUndefined();
    expect(instance).toMatchObject({ uid: 7, metadata: { value: expect.stringMatching(/^ada/) } });
    if (instance === undefined) continue;
    clock.forward(3600);
    for (const outcome of [await running.refresh(instance), await running.verify(instance)]) {
      expect(outcome.problem).toBeUndefined();
    }
    expect((await running.invalidate(instance)).problem).toBeUndefined();
  }
  const paths = received.map(({ method, url }) => `${method} ${url}`);
  expect(paths.filter((path) => /me$|user$/.test(path)).length).toBe(2 * connections.length);
});
