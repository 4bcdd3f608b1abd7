import type { Diagnostic } from '@connectorkit/sdk';
import type { Imported } from '@connectorkit/sdk/openapi';

/** The README of a project whose connections were made of a vendor's document. */
export function readmeOf(name: string, { title, source, connections }: Imported, marks: readonly Diagnostic[]): string {
  const rows = connections.map(({ id, type, summary }) => `| \`connections/${id}\` | ${summary} | \`${type}\` |`);
  const open = marks.filter(({ severity }) => severity === 'warning');
  const questions = open.map(({ file, line, message }) => `- \`${file}:${line}\`: ${message}`);
  const hasClient = connections.some(({ texts }) => texts.common !== undefined);
  const steps = [
    '`npm install`',
    ...(open.length === 0 ? [] : ['Answer the questions below; each is marked with `Unanswered:` at its place.']),
    ...(hasClient
      ? [
          'Register a client with the provider and write its id and secret to `common.local.json` in the folder of the connection, which git ignores: `{ "clientId": "…", "clientSecret": "…" }`',
        ]
      : []),
    '`npm run validate` reports each problem with its place and a hint; `npm test` runs the tests in `tests/`, and `npx connector test --update` updates them after an intended change.',
    '`npm run dev` runs the platform on this machine, pushes the connections to it, and follows whenever you save.',
    '`npx connector connect` connects with the real API, and shows every step.',
    '`npm run types` writes `connector.d.ts`, the types of what a connection holds.',
    '`npm run push` publishes it. Without an origin in `connector.json`, that is the platform on this machine.',
  ];
  return `# ${name}

How users connect to ${title || 'the API'}, made of its ${source} document.

| folder | how users sign in | type |
| --- | --- | --- |
${rows.join('\n')}

In each folder, \`api.jsonc\` holds the requests and \`parameters.jsonc\` the form that users fill in.
${questions.length === 0 ? '' : `\n## What the document does not say\n\n${questions.join('\n')}\n`}
## Next steps

${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}

\`npx connector explain <code>\` explains a problem, \`npx connector --help\` lists all commands.
`;
}
