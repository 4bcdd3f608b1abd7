import { isWire, wireOf } from '../authored.ts';
import { ConnectorError } from '../diagnostics.ts';
import { hashOf } from '../hash.ts';
import { commonKeys, commonVariable, type Environment, exactCommonValues } from '../project/common.ts';
import type { Base, Connection, Project } from '../project/project.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';

/** Section → wire text, for the sections that are pushed as text. */
export type Texts = { readonly [section in SectionName]?: string };

/** A connection as this project declares it. */
export interface LocalConnection extends Pick<Connection, 'id' | 'type' | 'possibleTypes' | 'label'> {
  readonly texts: Texts;
  /** Sections without a file that are not said to be left alone; undefined for what the project's files do not say. */
  readonly absent?: readonly SectionName[];
  /** Environment variables that give the values that `common` declares. */
  readonly commonVariables: readonly string[];
  /** Where the project keeps the values; undefined for what is not declared here. */
  readonly commonFile?: string;
  /** Secret; undefined when no values are at hand. */
  readonly common: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Stands in the base for a section of a connection that we created and have not filled yet. It holds the platform's own
 * template: nobody's work is lost by writing over it.
 */
export const TEMPLATE = 'template';

export const TEXT_SECTIONS = SECTIONS.filter((section) => section.wire === 'text');

/**
 * Returns the connections that the project would push.
 * @throws ConnectorError findings when a section or the values of a `common` cannot be used.
 */
export function localConnections(
  project: Project,
  connections: readonly Connection[],
  environment: Environment,
): readonly LocalConnection[] {
  return connections.map((connection) => ({
    id: connection.id,
    type: connection.type,
    ...(connection.possibleTypes === undefined ? {} : { possibleTypes: connection.possibleTypes }),
    label: connection.label,
    texts: textsOf(connection),
    absent: TEXT_SECTIONS.flatMap(({ name }) =>
      connection.sections[name] === undefined && !connection.unmanaged.includes(name) ? [name] : [],
    ),
    commonFile: connection.commonFile,
    commonVariables: commonKeys(connection).map((key) => commonVariable(connection.id, key)),
    common: exactCommonValues(project, connection, environment),
  }));
}

/** Sections that were the same on both sides once, held something, and of which the project has no file any more. */
export function removedSections({ absent = [] }: LocalConnection, base: Base[string] = {}): readonly SectionName[] {
  return TEXT_SECTIONS.flatMap(({ name, empty }) => {
    const was = base[name];
    const blanks = [empty, `${empty}\n`, `${empty}\r\n`].map(hashOf);
    const wasFilled = was !== undefined && was !== TEMPLATE && !blanks.includes(was);
    return absent.includes(name) && wasFilled ? [name] : [];
  });
}

/**
 * Returns the texts of the sections of a connection as they would be pushed.
 * @throws ConnectorError findings when a section cannot be brought into the platform's form
 */
export function textsOf(connection: Connection): Texts {
  const texts: { [section in SectionName]?: string } = {};
  for (const section of TEXT_SECTIONS) {
    const source = connection.sections[section.name];
    if (source === undefined) continue;
    if (isWire(section, source)) {
      texts[section.name] = source.text;
      continue;
    }
    const { text, problems } = wireOf(section, connection.type, source);
    if (text === undefined) throw new ConnectorError('findings', problems);
    texts[section.name] = text;
  }
  return texts;
}
