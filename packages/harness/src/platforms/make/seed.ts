import type { CreateType } from '@connectorkit/sdk';
import type { Call, PublishedConnection } from '../../emulator.ts';
import type { Reading, Writing } from '../../store/store.ts';
import { newApp } from './apps.ts';
import { behaviours } from './connections.ts';
import { type App, appKey, type Connection, commonKey, connectionKey, sectionKey } from './records.ts';
import { type Settings, settingsKey } from './settings.ts';

/** When seeded apps were created. */
const SEEDED = new Date('2026-01-01T00:00:00.000Z');

/** What Make's emulator can be seeded with: readings, and one app with its connections, which are named after it. */
export interface MakeSeed {
  readonly settings?: Partial<Settings>;
  /** Kept as it is: nothing is added to it. Connections are added to an app that is there. */
  readonly app?: string;
  readonly approved?: boolean;
  readonly public?: boolean;
  readonly connections?: readonly { readonly type: CreateType; readonly label: string; readonly common?: unknown }[];
  /** Texts of sections of the last connection. */
  readonly sections?: Readonly<Record<string, string>>;
}

export async function seed(tx: Writing, given: never): Promise<void> {
  const { settings, app: name, connections = [], sections = {}, ...state } = given as MakeSeed;
  if (settings !== undefined) await tx.set(settingsKey, settings);
  if (name === undefined) return;
  const app = (await tx.get<App>(appKey(name))) ?? newApp(name, { name, label: name }, SEEDED);
  await tx.set(appKey(name), { ...app, ...state });
  let last = '';
  for (const { common, type, label } of connections) {
    const call = { path: { SDK_appName: name }, body: { type, label } } as Call;
    const { body } = await behaviours.createConnection(call as never, tx);
    last = body.appConnection.name;
    if (common !== undefined) await tx.setSecret(commonKey(last), common);
  }
  for (const [section, text] of Object.entries(sections)) await tx.set(sectionKey(last, section), text);
}

/** What other platforms may know of a connection here: its form, and whether it wants consent. */
export async function published(name: string, tx: Reading): Promise<PublishedConnection | undefined> {
  const connection = await tx.get<Connection>(connectionKey(name));
  if (connection === undefined) return undefined;
  const parameters = (await tx.get<string>(sectionKey(name, 'parameters'))) ?? '[]';
  return { name, label: connection.label, consent: connection.type === 'oauth', parameters };
}
