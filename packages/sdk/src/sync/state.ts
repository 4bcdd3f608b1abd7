import { createHash } from 'node:crypto';
import { wireOf } from '../authored.ts';
import { ConnectorError } from '../diagnostics.ts';
import type { Registry, RemoteApp, RemoteConnection } from '../platforms/platform.ts';
import { commonKeys, commonValues, commonVariable, type Environment } from '../project/common.ts';
import type { Connection, Origin, Project } from '../project/project.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';

/** Section → wire text, for the sections that are pushed as text. */
export type Texts = { readonly [section in SectionName]?: string };

/** A connection as this project declares it. */
export interface LocalConnection extends Pick<Connection, 'id' | 'type' | 'label'> {
  readonly texts: Texts;
  /** Environment variables that give the values that `common` declares. */
  readonly commonVariables: readonly string[];
  /** Secret; undefined when no values are at hand. */
  readonly common: Readonly<Record<string, unknown>> | undefined;
}

/** A connection as a platform has it. */
export interface StoredConnection extends RemoteConnection {
  /** Only the sections that were asked for. */
  readonly texts: Texts;
  readonly common: unknown;
}

/** What a platform has of this project. */
export interface RemoteState {
  readonly app: RemoteApp | undefined;
  readonly connections: ReadonlyMap<string, StoredConnection>;
}

export const TEXT_SECTIONS = SECTIONS.filter((section) => section.wire === 'text');

export function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * What the project would push.
 * @throws ConnectorError findings when a section or the values of a `common` cannot be used.
 */
export function localState(
  project: Project,
  connections: readonly Connection[],
  environment: Environment,
): readonly LocalConnection[] {
  return connections.map((connection) => ({
    id: connection.id,
    type: connection.type,
    label: connection.label,
    texts: textsOf(connection),
    commonVariables: commonKeys(connection).map((key) => commonVariable(connection.id, key)),
    common: commonValues(project, connection, environment),
  }));
}

/** @throws ConnectorError findings when a section cannot be brought into the platform's form */
function textsOf(connection: Connection): Texts {
  const texts: { [section in SectionName]?: string } = {};
  for (const section of TEXT_SECTIONS) {
    const source = connection.sections[section.name];
    if (source === undefined) continue;
    const { text, problems } = wireOf(section, connection.type, source);
    if (text === undefined) throw new ConnectorError('findings', problems);
    texts[section.name] = text;
  }
  return texts;
}

/**
 * Reads what the platform has. A connection whose remote name is not recorded, or is gone, is recognised by label and
 * type when exactly one matches and belongs to no other: so a second clone of a project creates nothing twice.
 */
export async function remoteState(
  registry: Registry,
  project: Project,
  origin: Origin,
  local: readonly LocalConnection[],
): Promise<RemoteState> {
  const app = findApp(await registry.apps(), project, origin, registry);
  if (app === undefined) return { app, connections: new Map() };
  const pairs = match(await registry.list(app.name), origin.connections ?? {}, local);
  const connections = new Map<string, StoredConnection>();
  for (const [connection, remote] of pairs) {
    const texts: Record<string, string> = {};
    for (const section of Object.keys(connection.texts)) texts[section] = await registry.section(remote.name, section);
    const common = connection.common === undefined ? undefined : await registry.common(remote.name);
    connections.set(connection.id, { ...remote, texts, common });
  }
  return { app, connections };
}

function findApp(
  apps: readonly RemoteApp[],
  project: Project,
  origin: Origin,
  registry: Registry,
): RemoteApp | undefined {
  if (origin.app !== undefined) {
    const version = origin.version ?? 1;
    const recorded = apps.find((app) => app.name === origin.app && app.version === version);
    if (recorded !== undefined) return recorded;
  }
  const candidates = apps.filter((app) => app.label === project.label && registry.namedAfter(app.name, project.name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function match(
  remotes: readonly RemoteConnection[],
  names: Readonly<Record<string, string>>,
  local: readonly LocalConnection[],
): readonly (readonly [LocalConnection, RemoteConnection])[] {
  const taken = new Set(Object.values(names));
  const free = remotes.filter((remote) => !taken.has(remote.name));
  return local.flatMap((connection) => {
    const recorded = remotes.find((remote) => remote.name === names[connection.id]);
    if (recorded !== undefined) return [[connection, recorded] as const];
    const alike = free.filter((remote) => remote.label === connection.label && isStoredAs(connection, remote));
    return alike.length === 1 && alike[0] !== undefined ? [[connection, alike[0]] as const] : [];
  });
}

function isStoredAs(connection: LocalConnection, remote: RemoteConnection): boolean {
  return remote.type === CREATE_TYPES[connection.type].stored;
}
