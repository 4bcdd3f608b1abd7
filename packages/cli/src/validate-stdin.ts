import {
  applySeverityOverrides,
  ConnectorError,
  CREATE_TYPES,
  type CreateType,
  type Diagnostic,
  type Files,
  nearest,
  openProject,
  SECTIONS,
  type Section,
  type SeverityOverrides,
  type Source,
  sectionNamed,
  validate,
  validateSection,
  withSection,
} from '@connectorkit/sdk';
import { checkIds, connectionsNamed } from '@connectorkit/sdk/project';

/** The text of a section that is given on stdin, as an editor has it before it is saved. */
export interface GivenSection {
  readonly section: Section;
  readonly text: string;
}

/** Diagnostics of a text, and the files that hold it. */
export interface Validated {
  readonly files: Files;
  readonly diagnostics: readonly Diagnostic[];
}

/** Validates a text in the place of the section's file in a connection: the other sections are those on disk. */
export function validateInConnection(
  files: Files,
  id: string,
  { section, text }: GivenSection,
  overrides: SeverityOverrides,
): Validated {
  const project = openProject(files, { connections: [id] });
  checkIds(project, [id]);
  const changed = withSection(project, id, section, text);
  const [connection] = connectionsNamed(changed, [id]);
  const own: Partial<Record<string, Source>> = connection?.sections ?? {};
  const file = own[section.name]?.file;
  const diagnostics = validate(changed, { connections: [id], overrides });
  return {
    files: { ...files, read: (path) => (path === file ? text : files.read(path)) },
    diagnostics: diagnostics.filter((problem) => problem.file === file),
  };
}

/** Validates a text as the only section of a connection of this type. Problems name the file alone: it lies nowhere. */
export function validateAlone(
  type: CreateType,
  { section, text }: GivenSection,
  overrides: SeverityOverrides,
): Validated {
  const [name] = section.files;
  const nothing = () => undefined;
  const read = (path: string) => (path === name ? text : undefined);
  return {
    files: { read, list: () => [], write: nothing, rename: nothing, remove: nothing },
    diagnostics: applySeverityOverrides(validateSection(section, type, text), overrides),
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
    message: `The schema of ${section.name} depends on the connection type, so --type is required.`,
    hint: `Add --type, such as --type oauth${instead}; types are ${types.join(', ')}.`,
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
    message: `${JSON.stringify(name)} is not a section.`,
    hint: meant === undefined ? `Sections are ${known.join(', ')}.` : `Did you mean ${meant}?`,
    found: name,
    expected: known.join(', '),
  });
}
