import { lookUp } from '../json.ts';
import { CODE_FILES } from '../project/code-files.ts';
import { fittingTypes } from '../project/make-connection.ts';
import type { Connection, Project } from '../project/project.ts';
import { MARKERS } from '../project/project.ts';
import { PROJECT_SCHEMAS } from '../project/schemas.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';
import type { JSONSchema, Section } from '../sections/section.ts';
import { readSource } from '../source.ts';
import { connectionOf } from '../validate.ts';
import { ConnectionReading } from './connection-reading.ts';
import { JSONText } from './json-text.ts';

/** A file as the features of an editor see it: its text, what it is a part of, and the schema that it follows. */
export interface FileReading {
  readonly file: string;
  readonly text: JSONText;
  /** Undefined for a file that follows none of ours. */
  readonly schema: NamedSchema | undefined;
  /** True if the file may hold comments. */
  readonly comments: boolean;
  /** Connections that it is a part of: more than one where several name the same file. */
  readonly connections: readonly ConnectionReading[];
  /** The section of its connections that it holds. */
  readonly section: SectionName | undefined;
  /** True if it holds tests of a connection. */
  readonly isTest: boolean;
}

/** A published schema, and its name. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: JSONSchema;
}

const TEST = /(?:^|\/)tests\/[^/]+\.test\.jsonc?$/;

/** Reads a file of a project; `readings` gives what is read of its connections. Undefined where the file is not there. */
export function readFileOf(
  project: Project,
  file: string,
  readings: (id: string) => ConnectionReading | undefined,
): FileReading | undefined {
  const text = project.files.read(file);
  if (text === undefined || project.isSecret(file)) return undefined;
  const owner = project.ownerOf(file);
  const connections = owner === 'project' ? [] : owner.flatMap((id) => readings(id) ?? []);
  const [first] = connections;
  const section = first?.sectionOf(file);
  const isTest = TEST.test(file);
  const name = isTest ? 'test' : nameOf(project, file, first?.connection);
  return {
    file,
    text: new JSONText(text),
    schema: section && first ? schemaOf(section, first.connection) : schemaNamed(name),
    comments: section?.comments ?? file !== MARKERS.make,
    connections,
    section: section?.name,
    isTest,
  };
}

/** The name of the schema of a file that is no section. */
function nameOf({ manifest, settings }: Project, file: string, connection: Connection | undefined): string | undefined {
  if (file === MARKERS.make) return 'makecomapp';
  if (file === manifest.file || file === settings.file) return 'connector';
  return file === connection?.descriptor.file || /(?:^|\/)connection\.json$/.test(file) ? 'connection' : undefined;
}

function schemaNamed(name: string | undefined): NamedSchema | undefined {
  const schema = name === undefined ? undefined : lookUp(PROJECT_SCHEMAS, name);
  return name === undefined || schema === undefined ? undefined : { name, schema };
}

function schemaOf(section: Section, { type, sections }: Connection): NamedSchema | undefined {
  const source = lookUp(sections as Readonly<Record<string, Connection['descriptor']>>, section.name);
  const value = source?.value ?? new JSONText(source?.text ?? '').value;
  const name = section.schemaFor(type, value);
  const schema = section.schemas[name];
  return schema === undefined ? undefined : { name, schema };
}

/** The section that a file of this name holds, in whatever layout; undefined when it is called like none. */
function sectionCalled(file: string): (Section & { readonly name: SectionName }) | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const own = SECTIONS.find(({ files }) => (files as readonly string[]).includes(name));
  if (own !== undefined) return own;
  const code = CODE_FILES.find((entry) => {
    const names = [entry.file, ...('oauth' in entry ? [entry.oauth] : [])];
    return names.some((each) => name === each || name.endsWith(`.${each}`));
  });
  return code && SECTIONS.find((section) => section.name === code.section);
}

/** Reads a file that is opened alone, by its name; undefined for a file that is called like no section. */
export function readAlone(file: string, text: string): (FileReading & { readonly connection: Connection }) | undefined {
  const section = sectionCalled(file);
  if (section === undefined) return undefined;
  const source = readSource(file, text, { comments: section.comments });
  const [first = 'basic', ...others] = fittingTypes({ [section.name]: source });
  const connection = connectionOf(section, [first, ...others], source);
  return {
    file,
    text: new JSONText(text),
    schema: schemaOf(section, connection),
    comments: section.comments,
    connections: [new ConnectionReading(connection)],
    section: section.name,
    isTest: false,
    connection,
  };
}
