import type { Diagnostic } from '@connectorkit/sdk';
import type { Imported } from '@connectorkit/sdk/openapi';

/** The beginning of the README of a project whose connections were made of a vendor's document. */
export function readmeOf(name: string, { title, source, connections }: Imported, marks: readonly Diagnostic[]): string {
  const rows = connections.map(({ id, type, summary }) => `| \`connections/${id}\` | ${summary} | \`${type}\` |`);
  const open = marks.filter(({ severity }) => severity === 'warning');
  const questions = open.map(({ file, line, message }) => `- \`${file}:${line}\`: ${message}`);
  return `# ${name}

The connections to ${title || 'the API'}, created from its ${source} document.

| folder | how users sign in | type |
| --- | --- | --- |
${rows.join('\n')}
${open.length === 0 ? '' : `\n## Open questions\n\nEach is marked with \`Unanswered:\` at its place. Answer it from the vendor’s documentation.\n\n${questions.join('\n')}\n`}`;
}
