import { ConnectorError, nearest, PAGES, RULES, type Severity } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { wrapped } from '../output/text.ts';
import type { explain as command } from './explain.ts';

interface Entry {
  readonly code: string;
  readonly title: string;
  readonly why: string;
  readonly mend: string;
  /** Of a rule; the problems that no rule finds tell it case by case. */
  readonly severity?: Severity;
}

export const run: Run<typeof command> = async (context, { code }) => {
  const entries = allEntries();
  if (code === undefined) {
    const width = Math.max(...entries.map((entry) => entry.code.length));
    return {
      data: entries,
      lines: entries.map((entry) => `${entry.code.padEnd(width)}  ${entry.title}`),
      next: [`connector explain ${entries[0]?.code}`],
    };
  }
  const entry = entries.find((each) => each.code === code);
  if (entry === undefined) throw unknownCode(code, entries);
  const columns = Math.min(context.terminal.columns, 100);
  const lines = [entry.severity === undefined ? entry.code : `${entry.code} (${entry.severity})`];
  for (const text of [`${entry.title}.`, entry.why, entry.mend]) {
    lines.push('', ...wrapped(text.slice(0, 1).toUpperCase() + text.slice(1), columns));
  }
  return { data: entry, lines };
};

function allEntries(): Entry[] {
  const pages = Object.entries(PAGES).map(([code, page]) => ({ code, ...page }));
  const rules = RULES.map(({ code, title, why, mend, severity }) => ({ code, title, why, mend, severity }));
  return [...pages, ...rules].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function unknownCode(code: string, entries: readonly Entry[]): ConnectorError {
  const codes = entries.map((entry) => entry.code);
  const meant = nearest(code, codes) ?? codes.find((each) => each.endsWith(`/${code}`));
  return new ConnectorError('usage', {
    code: 'explain/unknown-code',
    message: `There is no code ${JSON.stringify(code)}.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${meant}?`,
  });
}
