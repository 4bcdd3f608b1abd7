import type { Writable } from 'node:stream';
import {
  AbstractMessageWriter,
  createConnection,
  LSPErrorCodes,
  Message,
  type MessageWriter,
  ProposedFeatures,
  type ResponseMessage,
  StreamMessageReader,
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
  const connection = createConnection(ProposedFeatures.all, reader, new WholeMessageWriter(output), {
    connectionStrategy: { cancelUndispatched: cancelled },
  });
  new LanguageServer(connection, options);
  connection.listen();
  await new Promise<void>((done) => {
    reader.onClose(() => done());
    signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Answers a request that is cancelled before its turn comes: it is not worked on. */
function cancelled(message: Message): ResponseMessage | undefined {
  if (!Message.isRequest(message)) return undefined;
  const { jsonrpc, id } = message;
  return { jsonrpc, id, error: { code: LSPErrorCodes.RequestCancelled, message: 'The request was cancelled.' } };
}

/** Writes each message at once: as two writes, its header and its content wake the editor twice. */
class WholeMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #output: Writable;

  constructor(output: Writable) {
    super();
    this.#output = output;
    output.on('error', (error) => this.fireError(error));
    output.on('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    const content = JSON.stringify(message);
    const text = `Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
    return new Promise((done, fail) => {
      this.#output.write(text, 'utf8', (error) => (error ? fail(error) : done()));
    });
  }

  end(): void {
    this.#output.end();
  }
}
