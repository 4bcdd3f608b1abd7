import { createHash } from 'node:crypto';
import type { MakeOperations } from '@connectorkit/sdk';
import type { Behaviours } from '../../emulator.ts';
import type { Writing } from '../../store/store.ts';
import { deleteConnectionsOf } from './connections.ts';
import { type App, appAt, appKey, paged } from './records.ts';

export const behaviours: Pick<
  Behaviours<MakeOperations>,
  'listApps' | 'createApp' | 'getApp' | 'updateApp' | 'deleteApp'
> = {
  listApps: async ({ query }, tx) => {
    const apps = (await tx.list<App>(['make', 'apps'])).map(({ value }) => value);
    return { body: { apps: paged(apps, query.pg) } };
  },

  createApp: async ({ body, now }, tx) => {
    const app = newApp(await freeName(body.name, tx), body, now);
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

/** An app as it is right after its creation. */
export function newApp(name: string, asked: MakeOperations['createApp']['body'], now: Date): App {
  return {
    name,
    label: asked.label,
    description: asked.description ?? '',
    version: 1,
    beta: false,
    theme: (asked.theme ?? '#000000').toLowerCase(),
    language: asked.language ?? 'en',
    public: false,
    approved: false,
    global: asked.audience !== 'countries',
    countries: asked.countries ?? null,
    created: now.toISOString(),
    manifestVersion: 1,
  };
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
