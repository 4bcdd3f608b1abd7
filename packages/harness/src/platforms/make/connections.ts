import { CREATE_TYPES, type CreateType, SECTIONS } from '@connectorkit/sdk/emulator';
import type { Operations } from '@connectorkit/sdk/platforms/make';
import { type Behaviours, Refusal } from '../../emulator.ts';
import { forgetInstances } from '../../instances/records.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { commonShown, refuseLocked } from './app-content.ts';
import { change, changeFields, changesOf, committed } from './changes.ts';
import {
  type App,
  allConnectionsOf,
  appNamed,
  type Connection,
  commonKey,
  connectionKey,
  connectionNamed,
  connectionsOf,
  goingKey,
  goingOf,
  headquartersKey,
  isGone,
  memberKey,
  paged,
  pushedKey,
  sectionKey,
  sectionsOf,
  type Use,
  usesKey,
} from './records.ts';
import { readSection } from './section-text.ts';
import { type Settings, settingsIn } from './settings.ts';

/** Make's page marks the type as optional and names no default. */
const UNSAID_TYPE: CreateType = 'basic';

/** Where an OAuth provider sends the user back to. Source: Make's documentation of `oauth.makeRedirectUri`. */
const REDIRECT_URI = 'https://www.make.com/oauth/cb/app';

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'listConnections'
  | 'createConnection'
  | 'getConnection'
  | 'updateConnection'
  | 'deleteConnection'
  | 'getConnectionSection'
  | 'setConnectionSection'
  | 'getConnectionCommon'
  | 'setConnectionCommon'
  | 'recreateConnection'
> = {
  listConnections: async ({ path, query, now }, tx) => {
    const { name, version } = await appNamed(path.SDK_appName, tx);
    const changes = await changesOf(name, tx);
    const connections = (await connectionsOf(name, now, tx)).map((connection) => ({
      ...answerOf(committed(connection, changes)),
      parameters: {},
      app_version: String(version),
      alias_to: null,
    }));
    return { body: { appConnections: paged(connections, query.pg) } };
  },

  createConnection: async ({ path, body, now }, tx) => {
    const app = await appNamed(path.SDK_appName, tx);
    const type = body.type ?? UNSAID_TYPE;
    await sweep(app.name, now, tx);
    const { name, number } = await freeName(app.name, await settingsIn(tx), tx);
    const connection: Connection = {
      name,
      number,
      label: body.label ?? name,
      type: CREATE_TYPES[type].stored,
      app: app.name,
      connectedSystemName: null,
    };
    await tx.set(connectionKey(name), connection);
    await tx.set(memberKey(app.name, number), name);
    await fillWithTemplate(name, type, tx);
    return { body: { appConnection: answerOf(connection) } };
  },

  getConnection: async ({ path, now }, tx) => {
    const connection = await connectionNamed(path.SDK_connectionName, now, tx);
    const { name, version } = await appNamed(connection.app, tx);
    const shown = committed(connection, await changesOf(name, tx));
    const oauth = connection.type === 'oauth' ? { redirectUri: REDIRECT_URI } : {};
    const { connectedSystemName } = shown;
    return {
      body: { appConnection: { ...answerOf(shown), connectedSystemName, appVersion: String(version), ...oauth } },
    };
  },

  updateConnection: async ({ path, body, now }, tx) => {
    const before = await connectionNamed(path.SDK_connectionName, now, tx);
    const { label = before.label, connectedSystemName = before.connectedSystemName } = body;
    const connection: Connection = { ...before, label, connectedSystemName };
    await tx.set(connectionKey(connection.name), connection);
    await changeFields(await appNamed(before.app, tx), before, connection, tx);
    return { body: { appConnection: { ...answerOf(connection), connectedSystemName } } };
  },

  deleteConnection: async ({ path, now }, tx) => {
    const connection = await connectionNamed(path.SDK_connectionName, now, tx);
    await refuseDeletion(connection, await appNamed(connection.app, tx), tx);
    const { deletion_seconds: seconds } = await settingsIn(tx);
    if (seconds === 0) await deleteConnection(connection, tx);
    else if (connection.gone === undefined) {
      const gone = new Date(now.getTime() + seconds * 1000).toISOString();
      await tx.set(connectionKey(connection.name), { ...connection, gone } satisfies Connection);
      await tx.set(goingKey(connection.app, connection.number), connection.name);
    }
    return { body: { appConnection: connection.name } };
  },

  getConnectionSection: async ({ path, now }, tx) => {
    const { name } = await connectionNamed(path.SDK_connectionName, now, tx);
    const text = await tx.get<string>(sectionKey(name, path.SDK_connectionSection));
    return { mediaType: 'application/jsonc', body: text ?? 'null' };
  },

  setConnectionSection: async ({ path, body: after, now }, tx) => {
    const { name, app } = await connectionNamed(path.SDK_connectionName, now, tx);
    readSection(after, await settingsIn(tx));
    const code = path.SDK_connectionSection;
    const before = (await tx.get<string>(sectionKey(name, code))) ?? null;
    await tx.set(sectionKey(name, code), after);
    await tx.set(pushedKey(name), now.toISOString());
    const place = { group: 'account', item: name, code } as const;
    return { body: { change: await change(await appNamed(app, tx), place, { before, after }, tx) } };
  },

  getConnectionCommon: async ({ path, now }, tx) => {
    const { name, app } = await connectionNamed(path.SDK_connectionName, now, tx);
    return { body: await commonShown(await tx.getSecret(commonKey(name)), await appNamed(app, tx), tx) };
  },

  setConnectionCommon: async ({ path, body, now }, tx) => {
    const { name, app } = await connectionNamed(path.SDK_connectionName, now, tx);
    refuseLocked(await appNamed(app, tx));
    await tx.setSecret(commonKey(name), body);
    return { body: { changed: true } };
  },

  // The connection is registered anew from what is stored; its content stays as it is.
  recreateConnection: async ({ path, now }, tx) => {
    const connection = await connectionNamed(path.SDK_connectionName, now, tx);
    const sections = await tx.list<string>(['make', 'sections', connection.name]);
    const texts = Object.fromEntries(sections.map(({ key, value }) => [key.at(-1), value]));
    await tx.set(headquartersKey(connection.name), { ...answerOf(connection), texts, recreated: now.toISOString() });
    return { body: {} };
  },
};

/** All of an app's connections go when it does. */
export async function deleteConnectionsOf(app: string, tx: WriteTransaction): Promise<void> {
  for (const connection of await allConnectionsOf(app, tx)) await deleteConnection(connection, tx);
}

/** Really deletes the connections whose time has come. */
async function sweep(app: string, now: Date, tx: WriteTransaction): Promise<void> {
  for (const { value: name } of await tx.list<string>(goingOf(app))) {
    const connection = await tx.get<Connection>(connectionKey(name));
    if (connection !== undefined && isGone(connection, now)) await deleteConnection(connection, tx);
  }
}

async function deleteConnection({ name, app, number }: Connection, tx: WriteTransaction): Promise<void> {
  await tx.delete(connectionKey(name));
  await tx.delete(memberKey(app, number));
  await tx.delete(goingKey(app, number));
  await tx.delete(commonKey(name));
  await tx.delete(pushedKey(name));
  await tx.delete(headquartersKey(name));
  await tx.deleteAll(sectionsOf(name));
  await forgetInstances('make', name, tx);
}

/** @throws Refusal rejected for connections of apps that others use, and for those that modules use */
async function refuseDeletion({ name }: Connection, app: App, tx: ReadTransaction): Promise<void> {
  if (app.public || app.approved) {
    const words = 'Connections of a public or approved app cannot be deleted.';
    throw new Refusal('rejected', words, { status: 403, code: 'SC403' });
  }
  const uses = (await tx.get<readonly Use[]>(usesKey(app.name))) ?? [];
  const words = uses.map(({ module, connection, alternative }) => {
    if (connection === name && alternative !== undefined) {
      return 'Connection cannot be deleted when alternative connection exists.';
    }
    return connection === name || alternative === name ? `Connection is used by module '${module}'.` : '';
  });
  const [first] = words.filter((each) => each !== '');
  if (first !== undefined) throw new Refusal('rejected', first, { code: 'IM016' });
}

/** Returns the properties of a connection that every answer has. */
function answerOf({ name, label, type }: Connection) {
  return { name, label, type };
}

/** The first connection is named as its app, the ones after it with a number behind: `app`, `app2`, `app3`. */
async function freeName(
  app: string,
  { connection_numbers: numbers }: Settings,
  tx: WriteTransaction,
): Promise<{ name: string; number: number }> {
  const [last] = await tx.list<string>(['make', 'app-connections', app], { reverse: true, limit: 1 });
  let number = Number(last?.key.at(-1) ?? 0);
  for (;;) {
    // Counted in both readings, so that one can be exchanged for the other.
    const count = await tx.next(['make', 'connection-number', app]);
    number = numbers === 'highest' ? number + 1 : Math.max(count, number + 1);
    const name = number === 1 ? app : `${app}${number}`;
    if ((await tx.get(connectionKey(name))) === undefined) return { name, number };
  }
}

/** Make's template app has these two; the other sections of a new connection are empty. */
const TEMPLATED: ReadonlySet<string> = new Set(['api', 'parameters']);

async function fillWithTemplate(name: string, type: CreateType, tx: WriteTransaction): Promise<void> {
  for (const section of SECTIONS) {
    const text = TEMPLATED.has(section.name) ? section.starter(type) : section.empty;
    if (section.wire === 'text') await tx.set(sectionKey(name, section.name), text);
    else await tx.setSecret(commonKey(name), JSON.parse(text));
  }
}
