import { ConnectorError, nearest } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { wrapped } from '../output/text.ts';
import { type CodePage, pages, paragraphsOf, trapPages } from '../pages.ts';
import type { explain as command } from './explain.ts';

export const run: Run<typeof command> = async (context, { code }) => {
  const entries = [...pages(), ...trapPages()];
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
  for (const text of paragraphsOf(entry)) lines.push('', ...wrapped(text, columns));
  return { data: entry, lines };
};

function unknownCode(code: string, entries: readonly CodePage[]): ConnectorError {
  const codes = entries.map((entry) => entry.code);
  const meant = nearest(code, codes) ?? codes.find((each) => each.endsWith(`/${code}`));
  return new ConnectorError('usage', {
    code: 'explain/unknown-code',
    message: `There is no code ${JSON.stringify(code)}.`,
    hint: meant === undefined ? '`connector explain` lists them all.' : `Did you mean ${meant}?`,
  });
}
