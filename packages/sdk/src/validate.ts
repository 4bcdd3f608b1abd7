import type { Diagnostic } from './diagnostics.ts';
import { connectionsNamed } from './project/index.ts';
import type { Connection, Project } from './project/project.ts';
import { RULES } from './rules/index.ts';
import type { Declared, Finding, Rule } from './rules/rule.ts';
import { schemaProblems } from './schema.ts';
import { SECTIONS, type SectionName } from './sections/index.ts';

/** What of a project is validated. */
export interface ValidateOptions {
  /** The ids of the connections that are looked at; all unless said. */
  readonly connections?: readonly string[];
}

/**
 * Everything that is wrong with the project: its files, then for each connection the texts, the schemas and the
 * rules. Sorted by place. What the text or the schema of a section breaks is not shown to rules.
 * @throws ConnectorError usage `project/unknown-connection` for an id that the project does not have.
 */
export function validate(project: Project, { connections }: ValidateOptions = {}): Diagnostic[] {
  const chosen = connections === undefined ? project.connections : connectionsNamed(project, connections);
  const others = project.connections.filter((each) => !chosen.includes(each)).map(folderOf);
  const problems = new Set(
    project.problems.filter(({ file }) => !others.some((folder) => file?.startsWith(folder) === true)),
  );
  for (const connection of chosen) for (const problem of checkConnection(connection).problems) problems.add(problem);
  return [...problems].sort(byPlace);
}

/** What one connection says, and what is wrong with it. */
export function checkConnection(connection: Connection): { problems: Diagnostic[]; declared: Declared } {
  const problems: Diagnostic[] = [];
  const sections: { [name in SectionName]?: unknown } = {};
  for (const section of SECTIONS) {
    const source = connection.sections[section.name];
    if (source === undefined) continue;
    const found = [...source.problems, ...schemaProblems(section.schemaFor(connection.type), source)];
    problems.push(...found);
    if (source.value !== undefined && found.every((each) => each.severity !== 'error')) {
      sections[section.name] = source.value;
    }
  }
  const declared = { type: connection.type, sections };
  const rules: readonly (Rule & { readonly code: Diagnostic['code'] })[] = RULES;
  for (const rule of rules) {
    for (const finding of rule.check(declared)) problems.push(diagnostic(rule, finding, connection));
  }
  return { problems, declared };
}

function folderOf({ descriptor: { file } }: Connection): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

function diagnostic(
  { code, severity }: { readonly code: Diagnostic['code']; readonly severity: Diagnostic['severity'] },
  { section, part, related, ...finding }: Finding,
  connection: Connection,
): Diagnostic {
  const source = sourceOf(connection, section);
  return {
    code,
    severity,
    ...finding,
    file: source.file,
    ...source.locate(finding.path, part),
    ...(related === undefined ? {} : { related: [placed(related, connection)] }),
  };
}

function placed({ message, section, path }: NonNullable<Finding['related']>, connection: Connection) {
  const source = sourceOf(connection, section);
  const { line, column } = source.locate(path);
  return { message, file: source.file, line, column };
}

function sourceOf(connection: Connection, section: SectionName) {
  const source = connection.sections[section];
  if (source === undefined) throw new Error(`A rule spoke about ${section}, which ${connection.id} does not have.`);
  return source;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (
    byText(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    byText(a.code, b.code) ||
    byText(a.message, b.message)
  );
}

/** By code units, so that the order is the same on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
