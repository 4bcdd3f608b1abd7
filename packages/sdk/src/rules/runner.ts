import type { Declared } from '../analysis/declared.ts';
import type { Wire } from '../authored.ts';
import { andMore, type Diagnostic, MANY, type TextEdit } from '../diagnostics.ts';
import { editTo } from '../json-edits/index.ts';
import type { Connection } from '../project/project.ts';
import type { SectionName } from '../sections/index.ts';
import type { Source } from '../source.ts';
import type { Change, Finding, Rule } from './rule.ts';

/** The wire forms of the sections that rules see. */
export type Wires = { readonly [name in SectionName]?: Wire };

/** Rules whose codes are documented. */
export type CodedRules = readonly (Rule & Pick<Diagnostic, 'code'>)[];

/** Findings of rules in the values of a connection, in whichever of its files. */
export type Findings = readonly { readonly rule: CodedRules[number]; readonly findings: readonly Finding[] }[];

/** Applies the rules to the declarations of a connection; only those that found something are told. */
export function findingsOfAll(rules: CodedRules, declared: Declared): Findings {
  const all: { rule: CodedRules[number]; findings: readonly Finding[] }[] = [];
  for (const rule of rules) {
    const findings = findingsOf(rule, declared);
    if (findings.length > 0) all.push({ rule, findings });
  }
  return all;
}

/** A Diagnostic for each finding, of one rule at most MANY, and one more that says that there are more. */
export function diagnosticsOf(found: Findings, connection: Connection, wires: Wires): Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const { rule, findings } of found) {
    for (const finding of findings.slice(0, MANY))
      problems.push(diagnosticOf(rule, authored(finding, wires), connection));
    if (findings.length > MANY) problems.push(andMore(rule.code, connection.descriptor.file));
  }
  return problems;
}

/** Everything that a rule finds in a connection. */
export function findingsOf({ check }: Pick<Rule, 'check'>, connection: Declared): readonly Finding[] {
  const findings: Finding[] = [];
  check(connection, (finding) => findings.push(finding));
  return findings;
}

/** Rules see what is pushed. Their findings are reported where it was authored, and fixed where that is the same text. */
function authored({ related, fix, ...finding }: Finding, wires: Wires): Finding {
  const isFixable = fix?.changes.every(({ section }) => wires[section]?.compiled === false) === true;
  return {
    ...placeInText(finding, wires),
    ...(related === undefined ? {} : { related: placeInText(related, wires) }),
    ...(fix !== undefined && isFixable ? { fix } : {}),
  };
}

function placeInText<T extends Pick<Finding, 'section' | 'path' | 'part'>>(place: T, wires: Wires): T {
  const { path, part = place.part } = wires[place.section]?.written(place.path) ?? place;
  return { ...place, path, ...(part === undefined ? {} : { part }) };
}

/** The Diagnostic of a finding, with its place in the connection's files and the edits that fix it. */
export function diagnosticOf(
  { code, severity }: Pick<Rule, 'severity'> & Pick<Diagnostic, 'code'>,
  { section, part, span, related, fix, ...finding }: Finding,
  connection: Connection,
): Diagnostic {
  const source = sourceOf(connection, section);
  const place = source.locate(finding.path, part, span);
  const diagnostic = { code, severity, ...finding, ...wordsOf(finding), file: source.file, ...place };
  const edits = fix?.changes.flatMap((change) => editsOf(change, connection)) ?? [];
  return {
    ...diagnostic,
    ...(related === undefined ? {} : { related: [elsewhere(related, connection)] }),
    ...(fix === undefined || edits.length === 0 ? {} : { fix: { title: fix.title, edits } }),
  };
}

/** Characters of a text that names something: a generated name may be longer than anybody reads. */
const LONGEST = 900;

const WORDS = ['message', 'hint', 'found', 'expected'] as const;

function wordsOf(finding: Pick<Finding, (typeof WORDS)[number]>): Partial<typeof finding> {
  const long = WORDS.flatMap((word) => {
    const text = finding[word] ?? '';
    return text.length > LONGEST ? [[word, `${text.slice(0, LONGEST)}…`]] : [];
  });
  return Object.fromEntries(long);
}

function elsewhere({ message, section, path, part, span }: NonNullable<Finding['related']>, connection: Connection) {
  const source = sourceOf(connection, section);
  const { line, column } = source.locate(path, part, span);
  return { message, file: source.file, line, column };
}

function sourceOf(connection: Connection, section: SectionName): Source {
  const source = connection.sections[section];
  if (source === undefined) throw new Error(`A rule spoke about ${section}, which ${connection.id} does not have.`);
  return source;
}

/** Characters of a text that is fixed: each edit reads all of it, and nobody wrote more by hand. */
const LARGE_TEXT = 256 * 1024;

/** None where the path leads through another value than the rule saw, as where a name is there twice. */
function editsOf({ section, path, value }: Change, connection: Connection): TextEdit[] {
  const source = connection.sections[section];
  if (source === undefined || source.text.length > LARGE_TEXT) return [];
  // A section that was only made of values is not the text that lies there.
  if (source.file === connection.commonFile) return [];
  try {
    const edit = editTo(source.text, path, value);
    return edit === undefined ? [] : [{ file: source.file, ...edit }];
  } catch {
    return [];
  }
}
