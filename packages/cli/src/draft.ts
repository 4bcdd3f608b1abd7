import {
  ConnectorError,
  CREATE_TYPES,
  type CreateType,
  checkIds,
  connectionsNamed,
  type Diagnostic,
  type Files,
  nearest,
  openProject,
  SECTIONS,
  type Section,
  type Source,
  sectionNamed,
  validate,
  validateSection,
  type Weight,
  withSection,
} from '@connectorkit/sdk';

/** A section whose text is given, as an editor has it before it is saved. */
export interface Draft {
  readonly section: Section;
  readonly text: string;
}

/** What was found in a draft, and the files that it is told of. */
export interface Looked {
  readonly files: Files;
  readonly diagnostics: readonly Diagnostic[];
}

/** The draft in the place of the section's file in a connection: the other sections are those on disk. */
export function lookInConnection(
  files: Files,
  id: string,
  { section, text }: Draft,
  rules: ReadonlyMap<string, Weight> = new Map(),
): Looked {
  const project = openProject(files, { connections: [id] });
  checkIds(project, [id]);
  const drafted = withSection(project, id, section, text);
  const [connection] = connectionsNamed(drafted, [id]);
  const own: Partial<Record<string, Source>> = connection?.sections ?? {};
  const file = own[section.name]?.file;
  const diagnostics = validate(drafted, { connections: [id], rules });
  return {
    files: { ...files, read: (path) => (path === file ? text : files.read(path)) },
    diagnostics: diagnostics.filter((problem) => problem.file === file),
  };
}

/** The draft as the only section of a connection of this type. Problems name the file alone: it lies nowhere. */
export function lookAlone(type: CreateType, { section, text }: Draft): Looked {
  const [name] = section.files;
  const nothing = () => undefined;
  const read = (path: string) => (path === name ? text : undefined);
  return {
    files: { read, list: () => [], write: nothing, rename: nothing },
    diagnostics: validateSection(section, type, text),
  };
}

/**
 * The type that a section is read as: the one that was given, or any when its schema is the same for all.
 * @throws ConnectorError usage `usage/missing`
 */
export function typeFor(section: Section, type: CreateType | undefined, instead: string): CreateType {
  if (type !== undefined) return type;
  const types = Object.keys(CREATE_TYPES) as CreateType[];
  const [first] = types;
  if (first !== undefined && new Set(types.map((each) => section.schemaFor(each))).size === 1) return first;
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message: `What ${section.name} may hold depends on the type of the connection, and none was given.`,
    hint: `Add --type, as in --type oauth${instead}; types are ${types.join(', ')}.`,
  });
}

/**
 * The section of that name; `others` are names that would do as well.
 * @throws ConnectorError usage `usage/arguments`
 */
export function sectionOf(name: string, others: readonly string[] = []): Section {
  const section = sectionNamed(name);
  if (section !== undefined) return section;
  const known = [...SECTIONS.map((each) => each.name), ...others];
  const meant = nearest(name, known);
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `${JSON.stringify(name)} is none of the sections.`,
    hint: meant === undefined ? `They are ${known.join(', ')}.` : `Did you mean ${meant}?`,
    found: name,
    expected: known.join(', '),
  });
}
