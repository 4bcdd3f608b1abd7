import { CREATE_TYPES, type CreateType, type MakeOperations, readSource, SECTIONS } from '@connectorkit/sdk';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { Writing } from '../../store/store.ts';
import {
  appNamed,
  type Connection,
  commonKey,
  connectionKey,
  connectionNamed,
  connectionsOf,
  headquartersKey,
  memberKey,
  paged,
  sectionKey,
} from './records.ts';

/** Where an OAuth provider sends the user back to. Source: Make's documentation of `oauth.makeRedirectUri`. */
const REDIRECT_URI = 'https://www.make.com/oauth/cb/app';

export const behaviours: Pick<
  Behaviours<MakeOperations>,
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
  listConnections: async ({ path, query }, tx) => {
    const app = await appNamed(path.SDK_appName, tx);
    const connections = await connectionsOf(app.name, tx);
    return { body: { appConnections: paged(connections.map(listed), query.pg) } };
  },

  createConnection: async ({ path, body }, tx) => {
    const app = await appNamed(path.SDK_appName, tx);
    if (body.type === undefined) throw new Refusal('invalid', 'Invalid connection type');
    const { name, number } = await freeName(app.name, tx);
    const connection: Connection = {
      name,
      number,
      label: body.label ?? name,
      type: CREATE_TYPES[body.type].stored,
      app: app.name,
      connectedSystemName: null,
    };
    await tx.set(connectionKey(name), connection);
    await tx.set(memberKey(app.name, number), name);
    await fillWithTemplate(name, body.type, tx);
    return { body: { appConnection: listed(connection) } };
  },

  getConnection: async ({ path }, tx) => {
    const connection = await connectionNamed(path.SDK_connectionName, tx);
    const { version } = await appNamed(connection.app, tx);
    const oauth = connection.type === 'oauth' ? { redirectUri: REDIRECT_URI } : {};
    const { connectedSystemName } = connection;
    return {
      body: { appConnection: { ...listed(connection), connectedSystemName, appVersion: String(version), ...oauth } },
    };
  },

  updateConnection: async ({ path, body }, tx) => {
    const before = await connectionNamed(path.SDK_connectionName, tx);
    const { label = before.label, connectedSystemName = before.connectedSystemName } = body;
    const connection: Connection = { ...before, label, connectedSystemName };
    await tx.set(connectionKey(connection.name), connection);
    return { body: { appConnection: { ...listed(connection), connectedSystemName } } };
  },

  deleteConnection: async ({ path }, tx) => {
    const { name } = await deleteConnection(path.SDK_connectionName, tx);
    return { body: { appConnection: name } };
  },

  getConnectionSection: async ({ path }, tx) => {
    const { name } = await connectionNamed(path.SDK_connectionName, tx);
    const text = await tx.get<string>(sectionKey(name, path.SDK_connectionSection));
    return { mediaType: 'application/jsonc', body: text ?? 'null' };
  },

  setConnectionSection: async ({ path, body }, tx) => {
    const { name } = await connectionNamed(path.SDK_connectionName, tx);
    refuseBrokenText(body);
    await tx.set(sectionKey(name, path.SDK_connectionSection), body);
    return { body: { change: {} } };
  },

  getConnectionCommon: async ({ path }, tx) => {
    const { name } = await connectionNamed(path.SDK_connectionName, tx);
    return { body: (await tx.getSecret<Record<string, unknown>>(commonKey(name))) ?? {} };
  },

  setConnectionCommon: async ({ path, body }, tx) => {
    const { name } = await connectionNamed(path.SDK_connectionName, tx);
    await tx.setSecret(commonKey(name), body);
    return { body: { changed: true } };
  },

  // The connection is registered anew from what is stored; its content stays as it is.
  recreateConnection: async ({ path, now }, tx) => {
    const connection = await connectionNamed(path.SDK_connectionName, tx);
    const sections = await tx.list<string>(['make', 'sections', connection.name]);
    const texts = Object.fromEntries(sections.map(({ key, value }) => [key.at(-1), value]));
    await tx.set(headquartersKey(connection.name), { ...listed(connection), texts, recreated: now.toISOString() });
    return { body: {} };
  },
};

/** All of an app's connections go when it does. */
export async function deleteConnectionsOf(app: string, tx: Writing): Promise<void> {
  for (const { value } of await tx.list<string>(['make', 'app-connections', app])) await deleteConnection(value, tx);
}

async function deleteConnection(asked: string, tx: Writing): Promise<Connection> {
  const connection = await connectionNamed(asked, tx);
  const { name, app, number } = connection;
  await tx.delete(connectionKey(name));
  await tx.delete(memberKey(app, number));
  await tx.delete(commonKey(name));
  await tx.delete(headquartersKey(name));
  await tx.deleteAll(['make', 'sections', name]);
  return connection;
}

function listed({ name, label, type }: Connection) {
  return { name, label, type };
}

/** The first connection is named as its app, the ones after it with a number behind: `app`, `app2`, `app3`. */
async function freeName(app: string, tx: Writing): Promise<{ name: string; number: number }> {
  for (;;) {
    const number = await tx.next(['make', 'connection-number', app]);
    const name = number === 1 ? app : `${app}${number}`;
    if ((await tx.get(connectionKey(name))) === undefined) return { name, number };
  }
}

/** Make's template app has these two; the other sections of a new connection are empty. */
const TEMPLATED: ReadonlySet<string> = new Set(['api', 'parameters']);

async function fillWithTemplate(name: string, type: CreateType, tx: Writing): Promise<void> {
  for (const section of SECTIONS) {
    const text = TEMPLATED.has(section.name) ? section.starter(type) : section.empty;
    if (section.wire === 'text') await tx.set(sectionKey(name, section.name), text);
    else await tx.setSecret(commonKey(name), JSON.parse(text));
  }
}

/** Only the syntax is checked, as on Make: what a section says shows when somebody connects. */
function refuseBrokenText(text: string): void {
  const source = readSource('', text, { comments: true });
  const problem = source.problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) return;
  const lines = text.split('\n').slice(0, (problem.line ?? 1) - 1);
  const position = lines.reduce((sum, line) => sum + line.length + 1, (problem.column ?? 1) - 1);
  throw new Refusal('malformed', `Unexpected token in JSONC at position ${position}`);
}
