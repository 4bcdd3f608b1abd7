import { createHash } from 'node:crypto';
import type { MakeOperations } from '@connectorkit/sdk';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { Reading, Writing } from '../../store/store.ts';
import { deleteConnectionsOf } from './connections.ts';
import { type App, appKey, appNamed, paged } from './records.ts';

export const behaviours: Pick<
  Behaviours<MakeOperations>,
  'listApps' | 'createApp' | 'getApp' | 'updateApp' | 'deleteApp'
> = {
  listApps: async ({ query }, tx) => {
    const apps = (await tx.list<App>(['make', 'apps'])).map(({ value }) => value);
    return { body: { apps: paged(apps, query.pg) } };
  },

  createApp: async ({ body, now }, tx) => {
    const app: App = {
      name: await freeName(body.name, tx),
      label: body.label,
      description: body.description ?? '',
      version: 1,
      beta: false,
      theme: (body.theme ?? '#000000').toLowerCase(),
      language: body.language ?? 'en',
      public: false,
      approved: false,
      global: body.audience !== 'countries',
      countries: body.countries ?? null,
      created: now.toISOString(),
      manifestVersion: 1,
    };
    await tx.set(appKey(app.name), app);
    return { body: { app } };
  },

  getApp: async ({ path }, tx) => ({ body: { app: await appAt(path, tx) } }),

  updateApp: async ({ path, body: { audience, ...change } }, tx) => {
    const app: App = {
      ...(await appAt(path, tx)),
      ...change,
      ...(change.theme === undefined ? {} : { theme: change.theme.toLowerCase() }),
      ...(audience === undefined ? {} : { global: audience === 'global' }),
    };
    await tx.set(appKey(app.name), app);
    return { body: { app } };
  },

  deleteApp: async ({ path }, tx) => {
    const { name } = await appAt(path, tx);
    await deleteConnectionsOf(name, tx);
    await tx.delete(appKey(name));
    return { body: { app: name } };
  },
};

async function appAt(path: MakeOperations['getApp']['path'], tx: Reading): Promise<App> {
  const app = await appNamed(path.SDK_appName, tx);
  if (app.version === Number(path.SDK_appVersion)) return app;
  throw new Refusal('not-found', `App not found '${app.name}' version '${path.SDK_appVersion}'.`);
}

/**
 * Make adds a hyphen and six characters. Here they are derived from the name and its count, so that every harness
 * names the same apps alike and a team's connector.json does not differ from machine to machine.
 */
async function freeName(asked: string, tx: Writing): Promise<string> {
  for (;;) {
    const count = await tx.next(['make', 'app-number', asked]);
    const digest = createHash('sha256').update(`${asked}/${count}`).digest();
    const suffix = Array.from(digest.subarray(0, 6), (byte) => (byte % 36).toString(36)).join('');
    const name = `${asked}-${suffix}`;
    if ((await tx.get(appKey(name))) === undefined) return name;
  }
}
