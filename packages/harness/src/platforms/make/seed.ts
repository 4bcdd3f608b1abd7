import type { MakeSeed } from '#generated/seeds.js';
import type { Call, PublishedConnection } from '../../emulator.ts';
import type { SeedReference } from '../../seed.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { fillApp } from './app-content.ts';
import { newApp } from './apps.ts';
import { changesOf, committed, committedSection } from './changes.ts';
import { behaviours } from './connections.ts';
import { admit } from './credentials.ts';
import {
  type App,
  appCommonKey,
  appKey,
  appSectionKey,
  type Connection,
  commonKey,
  connectionKey,
  docsKey,
  iconKey,
  sectionKey,
  usesKey,
} from './records.ts';
import { settingsKey } from './settings.ts';

/** When seeded apps were created. */
const SEEDED = new Date('2026-01-01T00:00:00.000Z');

export const references: readonly SeedReference[] = [
  {
    path: ['uses', '*', 'connection'],
    what: 'connection',
    keys: (name: string) => [connectionKey(name)],
    among: [],
  },
];

export async function seed(tx: WriteTransaction, given: MakeSeed): Promise<void> {
  const { settings, tokens = [], app: name, ...more } = given;
  if (settings !== undefined) await tx.set(settingsKey, settings);
  for (const { token, scopes } of tokens) await admit(tx, token, scopes);
  if (name !== undefined) await seedApp(name, more, tx);
}

async function seedApp(name: string, given: Omit<MakeSeed, 'app'>, tx: WriteTransaction): Promise<void> {
  const { columns = {}, connections = [], sections = {}, content = {}, docs, icon, common, uses } = given;
  const before = await tx.get<App>(appKey(name));
  if (before === undefined) await fillApp(name, tx);
  const { approved = before?.approved ?? false, public: shown = before?.public ?? false } = given;
  const app = before ?? newApp(name, { name, label: name }, SEEDED);
  await tx.set(appKey(name), { ...app, ...columns, approved, public: shown } satisfies App);
  let last = '';
  for (const { common: values, type, label } of connections) {
    const call = { path: { SDK_appName: name }, body: { type, label }, now: SEEDED } as Call;
    const { body } = await behaviours.createConnection(call as never, tx);
    last = body.appConnection.name;
    if (values !== undefined) await tx.setSecret(commonKey(last), values);
  }
  for (const [section, text] of Object.entries(sections)) await tx.set(sectionKey(last, section), text);
  for (const [section, text] of Object.entries(content)) await tx.set(appSectionKey(name, section), text);
  if (docs !== undefined) await tx.set(docsKey(name), docs);
  if (icon !== undefined) await tx.set(iconKey(name), icon);
  if (common !== undefined) await tx.setSecret(appCommonKey(name), common);
  if (uses !== undefined) await tx.set(usesKey(name), uses);
}

/** Returns the committed parts of a connection that other platforms may read: its form, and if it wants consent. */
export async function published(name: string, tx: ReadTransaction): Promise<PublishedConnection | undefined> {
  const connection = await tx.get<Connection>(connectionKey(name));
  if (connection === undefined) return undefined;
  const { label, type, app } = committed(connection, await changesOf(connection.app, tx));
  return { name, label, consent: type === 'oauth', parameters: await committedSection(app, name, 'parameters', tx) };
}
