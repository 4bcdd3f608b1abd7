import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Context } from '../command.ts';
import { LanguageServer, type ServerOptions } from './server.ts';

/** Speaks with an editor over streams until the editor ends it, or the signal does. */
export async function serveEditor(
  { input, output }: ReturnType<Context['streams']>,
  options: ServerOptions,
  signal: AbortSignal,
): Promise<void> {
  const reader = new StreamMessageReader(input);
  const connection = createConnection(ProposedFeatures.all, reader, new StreamMessageWriter(output));
  new LanguageServer(connection, options);
  connection.listen();
  await new Promise<void>((done) => {
    reader.onClose(() => done());
    signal.addEventListener('abort', () => done(), { once: true });
  });
}
