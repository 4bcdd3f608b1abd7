import { ConnectorError, type Diagnostic, openProject } from '@connectorkit/sdk';
import type { Imported } from '@connectorkit/sdk/openapi';
import type { Context, Run } from '../command.ts';
import { checkOrigins, importedFrom, writeImported, writeTemplate } from '../new-connections.ts';
import type { add as command } from './add.ts';

export const run: Run<typeof command> = async (context, args) => {
  const { id, template } = args;
  checkOrigins(args);
  const files = context.files(context.root());
  checkFree(openProject(files).ids, id);
  const imported = await importedFrom(context, args);
  let diagnostics: readonly Diagnostic[] = [];
  if (imported === undefined) writeTemplate(files, 'templates', template ?? '', id);
  else {
    const one = await onlyOne(context, imported);
    diagnostics = [
      ...imported.diagnostics,
      ...(await writeImported(files, one, new Map([[one.connections[0]?.id ?? '', id]]))),
    ];
  }
  const added = openProject(files).connections.find((each) => each.id === id);
  const written = Object.values(added?.sections ?? {}).map(({ file }) => file);
  return {
    data: { connection: id, type: added?.type, folder: added?.folder, files: written },
    diagnostics,
    lines: written,
    summary: `Added the connection ${id}.`,
    next: [`connector validate ${id}`, 'connector types', `connector connect ${id}`],
  };
};

function checkFree(ids: readonly string[], id: string): void {
  const taken = ids.find((each) => each.toLowerCase() === id.toLowerCase());
  if (taken === undefined) return;
  throw new ConnectorError('usage', {
    code: 'project/connection-id',
    message: `The project has a connection ${JSON.stringify(taken)} already.`,
    hint: 'Choose another id.',
    found: id,
  });
}

/** The connection that is wanted of a document: there is an id for one. */
async function onlyOne({ ask, terminal }: Context, imported: Imported): Promise<Imported> {
  const { connections } = imported;
  if (connections.length < 2) return imported;
  const choices = connections.map(({ id, summary }) => ({ value: id, label: id, hint: summary }));
  if (!terminal.interactive) {
    const list = connections.map(({ id, summary }) => `${id} (${summary})`).join(', ');
    throw new ConnectorError('usage', {
      code: 'openapi/answer',
      message: `The document describes ${connections.length} connections, and one is added at a time.`,
      hint: `Choose one with --connection: ${list}.`,
    });
  }
  const chosen = await ask.choose({ message: 'Which of the connections?', flag: '--connection', choices });
  return { ...imported, connections: connections.filter(({ id }) => id === chosen) };
}
