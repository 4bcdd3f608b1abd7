import type { Declared } from './analysis/declared.ts';
import { type Wire, wireOf } from './authored.ts';
import type { Diagnostic, SeverityOverrides } from './diagnostics.ts';
import { sameInOrder } from './json.ts';
import { connectionsNamed } from './project/index.ts';
import type { Connection, Project } from './project/project.ts';
import { RULES } from './rules/index.ts';
import { type CodedRules, diagnosticsOf, type Findings, findingsOfAll } from './rules/runner.ts';
import type { CreateType } from './sections/create-types.ts';
import { SECTIONS, type SectionName } from './sections/index.ts';
import type { Section } from './sections/section.ts';
import { applySeverityOverrides, checkSeverityOverrides } from './severity-overrides.ts';
import { readSource, type Source } from './source.ts';
import { suppressed } from './suppression.ts';

/** Parts of a project to validate. */
export interface ValidateOptions {
  /** The ids of the connections that are looked at (default: all). */
  readonly connections?: readonly string[];
  /** Severities that stand above those that the project gives to rules. */
  readonly overrides?: SeverityOverrides;
  /** Severities for codes that neither the project nor `overrides` names. */
  readonly defaults?: SeverityOverrides;
  /** True if only errors are wanted: what cannot be one is not even looked for. */
  readonly errors?: boolean;
}

/**
 * Everything that is wrong with the project: its files, then for each connection the texts, the schemas and the
 * rules. Sorted by place. A section whose text cannot be read, or that holds a value of the wrong type, is not shown to
 * rules.
 * @throws ConnectorError usage `project/unknown-connection` for an id that the project does not have.
 * @example
 * for (const { file, line, column, message } of validate(project)) console.log(`${file}:${line}:${column} ${message}`);
 */
export function validate(project: Project, options: ValidateOptions = {}): Diagnostic[] {
  const { connections, overrides = [], defaults = [], errors = false } = options;
  const severities = new Map([...defaults, ...project.rules, ...overrides]);
  const wanted = errors ? errorsAmong(severities) : RULES;
  const chosen = connections === undefined ? project.connections : connectionsNamed(project, connections);
  const ids = new Set(chosen.map(({ id }) => id));
  const left = new Set(project.connections.flatMap(({ id }) => (ids.has(id) ? [] : [id])));
  const { own, byConnection } = sorted(project.problems);
  const problems = [...own, ...checkSeverityOverrides(project.settings, project.rules)];
  for (const connection of chosen) {
    const { id, sections } = connection;
    const found = [...(byConnection.get(id) ?? []), ...problemsOf(connection, wanted)];
    for (const problem of suppressed(found, Object.values(sections))) problems.push({ ...problem, connection: id });
  }
  // What is wrong with connections that cannot be read.
  for (const [id, found] of byConnection) if (!ids.has(id) && !left.has(id)) problems.push(...found);
  const all = applySeverityOverrides(problems, severities);
  return (errors ? all.filter(({ severity }) => severity === 'error') : all).sort(byPlace);
}

/** Problems by the connection that they name, and those that name none. */
function sorted(problems: readonly Diagnostic[]) {
  const own: Diagnostic[] = [];
  const byConnection = new Map<string, Diagnostic[]>();
  for (const problem of problems) {
    const { connection } = problem;
    if (connection === undefined) own.push(problem);
    else byConnection.set(connection, [...(byConnection.get(connection) ?? []), problem]);
  }
  return { own, byConnection };
}

/** The project with a text in the place of a section of one of its connections, as an editor has it before it is saved. */
export function withSection(project: Project, id: string, { name, files, comments }: Section, text: string): Project {
  const connections = project.connections.map((connection) => {
    if (connection.id !== id) return connection;
    const there: Partial<Record<string, Source>> = connection.sections;
    const file = there[name]?.file ?? `${connection.folder}/${files[0]}`;
    const sections = { ...connection.sections, [name]: readSource(file, text, { comments }) };
    return { ...connection, sections };
  });
  return { ...project, connections };
}

/**
 * Everything that is wrong with a text as the only section of a connection of this type; of several types that it may
 * have, what is wrong in each. Problems name `file`.
 * @example
 * validateSection(section, 'oauth', '["read", 1]'); // Item 2 must be a string, not 1.
 */
export function validateSection(
  section: Section,
  type: CreateType | readonly [CreateType, ...CreateType[]],
  text: string,
  file = section.files[0],
): Diagnostic[] {
  const source = readSource(file, text, { comments: section.comments });
  const types: readonly [CreateType, ...CreateType[]] = typeof type === 'string' ? [type] : type;
  return suppressed(problemsOf(connectionOf(section, types, source), RULES), [source]).sort(byPlace);
}

/** A connection of which nothing is known but one section and the types that it may have. */
export function connectionOf(
  section: Section,
  possibleTypes: readonly [CreateType, ...CreateType[]],
  source: Source,
): Connection {
  return {
    id: '',
    type: possibleTypes[0],
    possibleTypes,
    label: '',
    folder: '',
    commonFile: '',
    removal: '',
    unmanaged: SECTIONS.map(({ name }) => name),
    descriptor: source,
    sections: { [section.name]: source },
  };
}

/** The rules whose findings are errors. */
export function errorsAmong(severities: SeverityOverrides): CodedRules {
  // A comment allows something only when that is looked for.
  if (severities.get('suppression/unused') === 'error') return RULES;
  return RULES.filter(({ code, severity }) => (severities.get(code) ?? severity) === 'error');
}

/** Returns the declarations of a connection, as far as it is without errors, except for those that a comment allows. */
export function declaredBy({ type, sections, unmanaged }: Connection): Declared {
  const values: { [name in SectionName]?: unknown } = {};
  for (const section of SECTIONS) {
    const source = sections[section.name];
    if (source === undefined) continue;
    const { value, problems } = wireOf(section, type, source);
    const isFaulty = suppressed(problems, [source]).some(({ severity }) => severity === 'error');
    if (value !== undefined && !isFaulty) values[section.name] = value;
  }
  return { type, sections: values, absent: absentIn(sections, unmanaged) };
}

function absentIn(sections: Connection['sections'], unmanaged: readonly SectionName[]): readonly SectionName[] {
  return SECTIONS.flatMap(({ name }) => (sections[name] === undefined && !unmanaged.includes(name) ? [name] : []));
}

/**
 * Returns the problems of a connection's declarations: where its type is not declared, those of each type that it may
 * have.
 */
function problemsOf(connection: Connection, rules: CodedRules): Diagnostic[] {
  const { type, possibleTypes = [type] } = connection;
  const [first = [], ...others] = possibleTypes.map(
    (each) => checkConnection({ ...connection, type: each }, rules).problems,
  );
  return first.filter((problem) => others.every((each) => each.some((other) => isSameProblem(problem, other))));
}

function isSameProblem(one: Diagnostic, other: Diagnostic): boolean {
  return (
    one.code === other.code && one.severity === other.severity && byPlace(one, { ...other, message: one.message }) === 0
  );
}

/** Checks one connection: returns its declarations and their problems. */
export function checkConnection(
  connection: Connection,
  rules: CodedRules = RULES,
): { problems: Diagnostic[]; declared: Declared } {
  const problems: Diagnostic[] = [];
  const sections: { [name in SectionName]?: unknown } = {};
  const readable: { [name in SectionName]?: unknown } = {};
  const wires: { [name in SectionName]?: Wire } = {};
  for (const section of SECTIONS) {
    const source = connection.sections[section.name];
    if (source === undefined) continue;
    const wire = wireAgain(section, connection.type, source);
    const { value, problems: found } = wire;
    for (const each of found) problems.push(each);
    if (value === undefined) continue;
    wires[section.name] = wire;
    if (!found.some(({ severity }) => severity === 'error')) sections[section.name] = value;
    // A key or a value too many does not keep rules from what else there is; a value of another type might.
    if (!found.some(({ code }) => UNREADABLE.has(code))) readable[section.name] = value;
  }
  const absent = absentIn(connection.sections, connection.unmanaged);
  const findings = findingsAgain(rules, connection.id, { type: connection.type, sections: readable, absent });
  problems.push(...diagnosticsOf(findings, connection, wires));
  return { problems, declared: { type: connection.type, sections, absent } };
}

/** Section → its wire form as it was made last: while a connection is edited, all sections but one stay what they are. */
const lastWires = new Map<SectionName, { readonly type: CreateType; readonly source: Source; readonly wire: Wire }>();

function wireAgain(section: (typeof SECTIONS)[number], type: CreateType, source: Source): Wire {
  const last = lastWires.get(section.name);
  if (last !== undefined && last.source === source && last.type === type) return last.wire;
  const wire = wireOf(section, type, source);
  lastWires.set(section.name, { type, source, wire });
  return wire;
}

/** Findings of rules in the values of a connection. */
interface Run {
  readonly rules: CodedRules;
  readonly id: string;
  readonly declared: Declared;
  readonly findings: Findings;
}

/**
 * The last runs, the newest first: one for texts that can be read, and one for while a section is typed and cannot be,
 * of which rules see nothing then.
 */
let lastRuns: readonly Run[] = [];

/** Rules look again only at other values: comments, spaces and line breaks change nothing but where the findings stand. */
function findingsAgain(rules: CodedRules, id: string, declared: Declared): Findings {
  const last = lastRuns.find((run) => run.rules === rules && run.id === id && isSame(run.declared, declared));
  const run = last ?? { rules, id, declared, findings: findingsOfAll(rules, declared) };
  lastRuns = [run, ...lastRuns.filter((each) => each !== run)].slice(0, 2);
  return run.findings;
}

/** Checks if everything is the same, in the same order. */
function isSame(one: Declared, other: Declared): boolean {
  return (
    one.type === other.type &&
    one.absent?.join() === other.absent?.join() &&
    SECTIONS.every(({ name }) => sameInOrder(one.sections[name], other.sections[name]))
  );
}

/** Problems of a section after which rules cannot make sense of it. */
const UNREADABLE: ReadonlySet<string> = new Set(['schema/type', 'schema/connection-type']);

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (
    byText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    byText(a.code, b.code) ||
    byText(a.message, b.message)
  );
}

/** By code units, so that the order is the same on every machine. */
export function byText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
