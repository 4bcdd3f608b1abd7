import { PAGES, RULES, type Severity, TRAPS, TRAPS_SEEN, type Trap } from '@connectorkit/sdk';

/** Documentation of a code, whoever finds the problem. */
export interface CodePage {
  readonly code: string;
  /** The problem in a few words, without a full stop. */
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  /** Of a rule; the problems that no rule finds tell it case by case. */
  readonly severity?: Severity;
  /** Of a trap: where and when it was seen, and what decides what is right. */
  readonly source?: string;
}

/** The page of every code, sorted by code. */
export function pages(): CodePage[] {
  const own = Object.entries(PAGES).map(([code, page]) => ({ code, ...page }));
  const rules = RULES.map(({ code, title, why, remedy, severity }) => ({ code, title, why, remedy, severity }));
  return [...own, ...rules].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The page of every trap, by the code under which it is explained: `trap/<name>`. */
export function trapPages(): CodePage[] {
  const traps: readonly (readonly [string, Trap])[] = Object.entries(TRAPS);
  return traps.map(([name, { title, seen, why, instead, versions, source, date }]) => ({
    code: `trap/${name}`,
    title,
    why: `${seen} ${why}`,
    remedy: instead,
    source: `Seen on ${date ?? TRAPS_SEEN} with ${versions}. Source: ${source}.`,
  }));
}

/** A page as paragraphs: what the problem is, why it is one, how it is corrected, and the source of a trap. */
export function paragraphsOf({ title, why, remedy, source }: CodePage): string[] {
  return [`${title}.`, why, remedy, ...(source === undefined ? [] : [source])].map(
    (text) => text.charAt(0).toUpperCase() + text.slice(1),
  );
}

/** The paragraphs of these codes, by code. */
export function pagesOf(codes: Iterable<string>): Record<string, string[]> {
  const wanted = new Set(codes);
  const found = pages().filter(({ code }) => wanted.has(code));
  return Object.fromEntries(found.map((page) => [page.code, paragraphsOf(page)]));
}
