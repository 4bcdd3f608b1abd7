import { PAGES, RULES, type Rule, TRAPS } from '@connectorkit/sdk';
import { structuredPatch } from 'diff';
import { pages, trapPages } from '../../src/pages.ts';
import { code, fenced, json, type Page, prose, sentence, table } from './markdown.ts';

/** Anchor of a code's heading. */
const anchorOf = (name: string) => name.toLowerCase().replaceAll('/', '');

const themeOf = (name: string) => name.split('/')[0] ?? '';

function byTheme<Entry extends { readonly code: string }>(entries: readonly Entry[]): [string, Entry[]][] {
  const themes = [...new Set(entries.map((entry) => themeOf(entry.code)))].sort();
  return themes.map((theme) => [theme, entries.filter((entry) => themeOf(entry.code) === theme)]);
}

/** Every code: what the problem is, why it is one, and how it is corrected; rules have a page of their own. */
export function codesPage(): Page {
  const all = pages();
  const rules: ReadonlySet<string> = new Set(RULES.map((rule) => rule.code));
  return {
    title: 'Error codes',
    blocks: [
      `Each problem that a command reports has a code, such as ${code('schema/unknown-key')}. There are ${all.length}. \`connector explain <code>\` prints the same in a terminal. The ${rules.size} codes that link to [Rules](rules.md) are found by \`connector validate\`.`,
      table(
        ['code', 'problem'],
        all.map((each) => [
          `[${code(each.code)}](${rules.has(each.code) ? 'rules.md' : ''}#${anchorOf(each.code)})`,
          prose(each.title),
        ]),
      ),
      ...byTheme(all.filter((each) => !rules.has(each.code))).flatMap(([theme, entries]) => [
        `## ${theme}`,
        ...entries.flatMap((each) => [
          `### ${code(each.code)}`,
          sentence(each.title),
          prose(each.why),
          prose(each.remedy),
          suppression(each.code),
        ]),
      ]),
    ],
  };
}

function suppression(name: string): string {
  const { allowed } = (PAGES as Readonly<Record<string, { allowed?: 'project' | 'comment' }>>)[name] ?? {};
  if (allowed === undefined) return '';
  const where =
    allowed === 'project' ? 'by a comment or in the whole project' : 'by a comment, but not in the whole project';
  return `It can be [suppressed](project.md#suppress-a-problem) ${where}.`;
}

/** Every trap: what is seen, why, what to write instead, and where and when it was seen. */
export function trapsPage(): Page {
  const bodies = Object.entries(TRAPS).flatMap(([name, { seen, why, instead }], index) => {
    const page = trapPages()[index];
    return [
      `## ${code(`trap/${name}`)}`,
      sentence(page?.title ?? ''),
      `**Seen:** ${prose(seen)}`,
      `**Why:** ${prose(why)}`,
      `**Instead:** ${prose(instead)}`,
      prose(page?.source ?? ''),
    ];
  });
  return {
    title: 'Traps',
    blocks: [
      `Providers, libraries and API descriptions that behave otherwise than one would guess: ${trapPages().length} cases, each seen by running the version that it names. Problems, notes of a trace and remarks of an import name the trap that they are about; ${code('connector explain trap/<name>')} prints the same page in a terminal.`,
      table(
        ['trap', 'what it is'],
        trapPages().map((each) => [`[${code(each.code)}](#${anchorOf(each.code)})`, prose(each.title)]),
      ),
      ...bodies,
    ],
  };
}

/** Every rule of `connector validate`, with an example. */
export function rulesPage(): Page {
  return {
    title: 'Rules',
    blocks: [
      `\`connector validate\` checks ${RULES.length} rules, beside the syntax and the schema of each section. An **error** cannot work, or the platform refuses it. A **warning** works, but is risky or surely not meant. An **info** is worth knowing. A rule can be [suppressed](project.md#suppress-a-problem) or get another severity. Each example is tested: without the change, the rule reports it.`,
      table(
        ['rule', 'severity', 'problem'],
        RULES.map((rule) => [`[${code(rule.code)}](#${anchorOf(rule.code)})`, rule.severity, prose(rule.title)]),
      ),
      ...byTheme(RULES).flatMap(([theme, rules]) => [`## ${theme}`, ...rules.flatMap(ruleBlocks)]),
    ],
  };
}

function ruleBlocks(rule: Rule): string[] {
  return [
    `### ${code(rule.code)}`,
    `${rule.severity.slice(0, 1).toUpperCase()}${rule.severity.slice(1)}: ${prose(rule.title)}.`,
    prose(rule.why),
    prose(rule.remedy),
    example(rule),
  ];
}

/** The change that makes the wrong example a right one; both, where they have little in common. */
function example(rule: Rule): string {
  const [bad, good] = [rule.bad(), rule.good()];
  const names = [...new Set([...Object.keys(bad.sections), ...Object.keys(good.sections)])];
  const parts = names.flatMap((section) => {
    const [before, after] = [textIn(bad, section), textIn(good, section)];
    const { hunks } = structuredPatch(section, section, before, after, '', '', { context: 2 });
    const lines = hunks.flatMap((hunk) => hunk.lines);
    const changed = lines.filter((line) => !line.startsWith(' ')).length;
    if (changed === 0) return [];
    if (before !== '' && after !== '' && changed > lines.length / 2) {
      return [`Wrong, in ${code(section)}:`, fenced('json', before), 'Right:', fenced('json', after)];
    }
    return [`In ${code(section)}:`, fenced('diff', lines.join('\n'))];
  });
  return parts.join('\n\n');
}

function textIn({ sections }: ReturnType<Rule['bad']>, section: string): string {
  const value = (sections as Readonly<Record<string, unknown>>)[section];
  return value === undefined ? '' : `${json(value)}\n`;
}
