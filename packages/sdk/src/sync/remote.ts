import { ConnectorError } from '../diagnostics.ts';
import { inPairs } from '../platforms/pace.ts';
import type { Checksums, Registry, RemoteApp, RemoteConnection } from '../platforms/platform.ts';
import type { Base, Origin, Project } from '../project/project.ts';
import { CREATE_TYPES, type StoredType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';
import { type LocalConnection, TEMPLATE, TEXT_SECTIONS, type Texts } from './local.ts';

/** A connection as a platform has it. */
export interface StoredConnection extends RemoteConnection {
  /** Only the sections that were asked for. */
  readonly texts: Texts;
  /** Secret; undefined when it was not read. */
  readonly common: unknown;
}

/** State of this project on a platform. */
export interface RemoteState {
  readonly app: RemoteApp | undefined;
  /** Connection id → what is stored of it. Ids that are recorded and not declared here are there as well. */
  readonly connections: ReadonlyMap<string, StoredConnection>;
  /** Connections of the app that have no id here. */
  readonly strangers: readonly RemoteConnection[];
  /** Other contents of the app, as far as the platform says: other components, and connections that are left alone. */
  readonly others: readonly string[];
  /** Ids of connections that a push that was cut off had created. */
  readonly unfinished: ReadonlySet<string>;
  /** Checksums of all stored texts, where the platform gives them. */
  readonly checksums?: Checksums | undefined;
}

/** Options of reading a platform: what helps, and how much is wanted. */
export interface Wanted {
  readonly base: Base;
  /** The text with this hash, when this machine still has it. */
  readonly textOf: (hash: string) => string | undefined;
  /** True if the values of this connection's `common` are to be read. */
  readonly readsCommon: (connection: LocalConnection) => boolean;
  /** True if connections that are recorded and no longer declared here are read whole. */
  readonly dropped: boolean;
  /** Connections that a push that was cut off was about to create, and those that were there before it. */
  readonly unfinished?:
    | {
        readonly creating: readonly Pick<LocalConnection, 'id' | 'type' | 'label'>[];
        readonly known: readonly string[];
      }
    | undefined;
}

/**
 * Reads what the platform has: apps, connections and checksums in one request each, and the texts that the checksums
 * do not name or that are neither ours nor the last ones that were equal. A connection whose remote name is not
 * recorded, or is gone, is recognised by label and type: so a second clone of a project creates nothing twice.
 * @throws ConnectorError conflict `sync/ambiguous` when several apps, or connections, may be the same one of ours
 */
export async function readRemote(
  registry: Registry,
  project: RemoteIdentity,
  origin: Origin,
  local: readonly LocalConnection[],
  wanted: Wanted,
): Promise<RemoteState> {
  const app = findApp(await registry.apps(), project, origin, registry);
  if (app === undefined) return { app, connections: new Map(), strangers: [], others: [], unfinished: new Set() };
  const [all, checksums] = await Promise.all([registry.list(app.name), registry.checksums?.(app)]);
  const ignored = all.filter(({ name }) => origin.ignored?.remote.includes(name) === true);
  const listed = all.filter((remote) => !ignored.includes(remote));
  const { pairs, unfinished } = match(listed, origin.connections ?? {}, local, project, wanted.unfinished);
  const declared = new Map(local.map((connection) => [connection.id, connection]));
  const reader = { registry, checksums, wanted };
  const stored = await inPairs([...pairs], async ([id, remote]): Promise<[string, StoredConnection]> => {
    const connection = declared.get(id);
    if (connection === undefined) return [id, wanted.dropped ? await readWhole(reader, id, remote) : bare(remote)];
    const texts: Record<string, string> = {};
    for (const { name, empty } of TEXT_SECTIONS) {
      const text = connection.texts[name];
      // What is not declared here is cleared, where it holds what a connection of ours was created with.
      const isRead = text !== undefined || wanted.base[id]?.[name] === TEMPLATE;
      if (!isRead) continue;
      texts[name] = await readText(reader, remote.name, name, [text ?? empty, baseText(wanted, id, name)]);
    }
    const common = wanted.readsCommon(connection) ? await registry.common(remote.name) : undefined;
    return [id, { ...remote, texts, common }];
  });
  const named = new Set([...pairs.values()].map(({ name }) => name));
  return {
    app,
    connections: new Map(stored),
    strangers: listed.filter(({ name }) => !named.has(name)),
    others: [...ignored.map(({ name }) => `connection ${name}`), ...(checksums?.others ?? [])],
    unfinished,
    checksums,
  };
}

/** All that a platform stores of a connection as text. */
export async function wholeConnection(registry: Registry, remote: RemoteConnection): Promise<StoredConnection> {
  const names = TEXT_SECTIONS.map(({ name }) => name);
  const texts = await inPairs(names, (section) => registry.section(remote.name, section));
  return { ...remote, texts: Object.fromEntries(names.map((name, at) => [name, texts[at]])), common: undefined };
}

interface Reader {
  readonly registry: Registry;
  readonly checksums: Checksums | undefined;
  readonly wanted: Wanted;
}

function bare(remote: RemoteConnection): StoredConnection {
  return { ...remote, texts: {}, common: undefined };
}

async function readWhole(reader: Reader, id: string, remote: RemoteConnection): Promise<StoredConnection> {
  const texts: Record<string, string> = {};
  for (const { name, empty } of TEXT_SECTIONS) {
    texts[name] = await readText(reader, remote.name, name, [baseText(reader.wanted, id, name), empty]);
  }
  return { ...remote, texts, common: undefined };
}

function baseText({ base, textOf }: Wanted, id: string, section: string): string | undefined {
  const hash = base[id]?.[section as SectionName];
  return hash === undefined ? undefined : textOf(hash);
}

/** The stored text of a section: one of the guesses, when the platform says that it is, and otherwise downloaded. */
async function readText(
  { registry, checksums }: Reader,
  name: string,
  section: string,
  guesses: readonly (string | undefined)[],
): Promise<string> {
  const right = guesses.find((text) => text !== undefined && checksums?.says(name, section, text) === true);
  return right ?? (await registry.section(name, section));
}

/** Parts of a project that say which things on a platform are its own. */
export type RemoteIdentity = Pick<Project, 'name' | 'label'> & Partial<Pick<Project, 'namesAt'>>;

/**
 * The app that a project is pushed to, among those of a platform: the recorded one, or the only one that is alike.
 * @throws ConnectorError conflict `sync/ambiguous` when several are alike
 */
export function findApp(
  apps: readonly RemoteApp[],
  project: RemoteIdentity,
  origin: Pick<Origin, 'app' | 'version'>,
  registry: Pick<Registry, 'namedAfter'>,
): RemoteApp | undefined {
  if (origin.app !== undefined) {
    const version = origin.version ?? 1;
    const recorded = apps.find((app) => app.name === origin.app && app.version === version);
    if (recorded !== undefined) return recorded;
  }
  const candidates = apps.filter((app) => app.label === project.label && registry.namedAfter(app.name, project.name));
  if (candidates.length > 1) {
    const names = candidates.map(({ name, version }) => `${name} version ${version}`);
    throw ambiguous(`Several apps match this project: ${names.join(', ')}.`, project);
  }
  return candidates[0];
}

function ambiguous(message: string, { namesAt = 'the origin' }: Partial<Pick<Project, 'namesAt'>>): ConnectorError {
  const hint = `Write the right one into ${namesAt}, or change the label of one of them.`;
  return new ConnectorError('conflict', { code: 'sync/ambiguous', message, hint });
}

/**
 * Which remote connection belongs to which id: those that are recorded, then those that a push that was cut off may
 * have created, then those that are alike. As many as are alike here and there are taken in order, which is that of
 * their creation.
 */
function match(
  remotes: readonly RemoteConnection[],
  names: Readonly<Record<string, string>>,
  local: readonly LocalConnection[],
  project: RemoteIdentity,
  cut: Wanted['unfinished'] = { creating: [], known: [] },
): { pairs: Map<string, RemoteConnection>; unfinished: Set<string> } {
  const pairs = new Map<string, RemoteConnection>();
  const taken = new Set<string>();
  const take = (id: string, remote: RemoteConnection | undefined) => {
    if (remote === undefined) return;
    pairs.set(id, remote);
    taken.add(remote.name);
  };
  for (const [id, name] of Object.entries(names)) {
    take(
      id,
      remotes.find((remote) => remote.name === name),
    );
  }
  const created = remotes.filter(({ name }) => !cut.known.includes(name));
  for (const [among, wanted] of [[created, cut.creating] as const, [remotes, local] as const]) {
    for (const connection of wanted) {
      if (pairs.has(connection.id)) continue;
      const alike = among.filter((remote) => !taken.has(remote.name) && isAlike(connection, remote));
      const own = wanted.filter((each) => !pairs.has(each.id) && alike[0] !== undefined && isAlike(each, alike[0]));
      if (alike.length > own.length) {
        const all = alike.map(({ name }) => name).join(' and ');
        throw ambiguous(
          `Both ${all} may be ${own.map(({ id }) => id).join(' or ')}: they have its label and type.`,
          project,
        );
      }
      take(connection.id, alike[0]);
    }
  }
  const unfinished = cut.creating
    .map(({ id }) => id)
    .filter((id) => created.includes(pairs.get(id) as RemoteConnection));
  return { pairs, unfinished: new Set(unfinished) };
}

/** Checks if a connection may have been created from this one. */
export function isAlike(
  connection: Pick<LocalConnection, 'type' | 'possibleTypes' | 'label'>,
  remote: RemoteConnection,
): boolean {
  return remote.label === connection.label && mayBe(connection, remote.type);
}

/** Checks if a connection is of a type that platforms store so. */
export function mayBe(
  { type, possibleTypes = [type] }: Pick<LocalConnection, 'type' | 'possibleTypes'>,
  stored: StoredType,
): boolean {
  return possibleTypes.some((each) => CREATE_TYPES[each].stored === stored);
}
