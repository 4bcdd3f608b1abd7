import { createHash } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/make';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { WriteTransaction } from '../../store/store.ts';
import { fillApp, forgetContent } from './app-content.ts';
import { forgetChanges, listedChangesOf } from './changes.ts';
import { deleteConnectionsOf } from './connections.ts';
import { type App, appAt, appKey, paged, usesKey } from './records.ts';
import { settingsIn } from './settings.ts';

type Columns = { readonly [Column in keyof App]?: App[Column] };

export const behaviours: Pick<
  Behaviours<Operations>,
  'listApps' | 'createApp' | 'getApp' | 'updateApp' | 'deleteApp'
> = {
  listApps: async ({ query: { pg, cols = [], opensource } }, tx) => {
    const all = (await tx.list<App>(['make', 'apps'])).map(({ value }) => value);
    const wanted = opensource === 'true' ? all.filter((app) => app.opensource) : all;
    const apps = paged(wanted, pg).map(async (app) => ({
      ...columns(app, cols),
      ...(has(cols, 'changes') ? { changes: await listedChangesOf(app.name, tx) } : {}),
      ...listed(app),
    }));
    return { body: { apps: await Promise.all(apps) } };
  },

  createApp: async ({ body, now }, tx) => {
    const app = newApp(await freeName(body.name, tx), body, now);
    await tx.set(appKey(app.name), app);
    await fillApp(app.name, tx);
    return { body: { app: answerOf(app) } };
  },

  getApp: async ({ path, query: { cols } }, tx) => {
    const app = await appAt(path, tx);
    const changes = has(cols ?? [], 'changes') ? { changes: await listedChangesOf(app.name, tx) } : {};
    const { name, label, version, public: isPublic, approved } = app;
    const asked = cols === undefined ? app : columns(app, cols);
    return { body: { app: { ...asked, name, label, version, public: isPublic, approved, ...changes } } };
  },

  updateApp: async ({ path, body: { audience, ...change } }, tx) => {
    const app: App = {
      ...(await appAt(path, tx)),
      ...change,
      ...(change.theme === undefined ? {} : { theme: change.theme.toLowerCase() }),
      ...(audience === undefined ? {} : { global: audience === 'global' }),
    };
    await tx.set(appKey(app.name), app);
    return { body: { app: answerOf(app) } };
  },

  deleteApp: async ({ path }, tx) => {
    const { name } = await appAt(path, tx);
    await deleteConnectionsOf(name, tx);
    await forgetContent(name, tx);
    await forgetChanges(name, tx);
    await tx.delete(usesKey(name));
    await tx.delete(appKey(name));
    return { body: { app: name } };
  },
};

/** An app as it is right after its creation. */
export function newApp(name: string, asked: Operations['createApp']['body'], now: Date): App {
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
    manifestVersion: 2,
    opensource: false,
  };
}

/** Returns the answer about an app that was written. */
function answerOf({ name, label, description, version, theme, public: isPublic, approved }: App) {
  return { name, label, description, version, theme, public: isPublic, approved };
}

/** Returns the properties of an app that every list has. */
function listed({ name, label, version, beta }: App) {
  return { name, label, version, beta };
}

function columns(app: App, cols: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(app).filter(([column]) => has(cols, column)));
}

function has(cols: readonly string[], column: string): boolean {
  return cols.includes('*') || cols.includes(column);
}

/**
 * Make adds a hyphen and six characters. Here they are derived from the name and its count, so that every harness
 * names the same apps alike and a team's connector.json does not differ from machine to machine.
 */
async function freeName(asked: string, tx: WriteTransaction): Promise<string> {
  if ((await settingsIn(tx)).allow_apps) {
    if ((await tx.get(appKey(asked))) === undefined) return asked;
    throw new Refusal('rejected', `App '${asked}' already exists.`);
  }
  for (;;) {
    const count = await tx.next(['make', 'app-number', asked]);
    const digest = createHash('sha256').update(`${asked}/${count}`).digest();
    const suffix = Array.from(digest.subarray(0, 6), (byte) => (byte % 36).toString(36)).join('');
    const name = `${asked}-${suffix}`;
    if ((await tx.get(appKey(name))) === undefined) return name;
  }
}
