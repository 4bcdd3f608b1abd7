import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type FileSystemWatcher,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { BINARY, environmentOf } from '../connector.ts';

/** What the editors of the tests can do: what VS Code can. */
export const CAPABILITIES: ClientCapabilities = {
  workspace: {
    applyEdit: true,
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: true },
  },
};

/** URI → what an edit changes there, be it of versions of documents or not. */
export function changesOf({ changes = {}, documentChanges = [] }: WorkspaceEdit): Record<string, TextEdit[]> {
  const versioned = documentChanges.flatMap((change) =>
    'edits' in change ? [[change.textDocument.uri, change.edits as TextEdit[]] as const] : [],
  );
  return { ...changes, ...Object.fromEntries(versioned) };
}

/** An editor: a client of the real server over stdio, which has documents as an editor has them. */
export class Editor {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcess;
  /** URI → what is shown of the file now. */
  readonly shown = new Map<string, readonly Diagnostic[]>();
  /** Messages to the user. */
  readonly messages: string[] = [];
  readonly registered: string[] = [];
  /** What the server asks to be told of on disk. */
  readonly watched: FileSystemWatcher[] = [];
  readonly #documents = new Map<string, TextDocument>();
  initialized: InitializeResult | undefined;

  constructor(cwd: string) {
    const child = spawn(process.execPath, [BINARY, 'lsp', '--stdio'], {
      cwd,
      env: environmentOf(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child = child;
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout as NodeJS.ReadableStream),
      new StreamMessageWriter(child.stdin as NodeJS.WritableStream),
    );
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: PublishDiagnosticsParams) => void this.shown.set(uri, diagnostics),
    );
    this.connection.onNotification('window/showMessage', ({ message }) => void this.messages.push(message));
    this.connection.onRequest('client/registerCapability', ({ registrations }) => {
      for (const { method, registerOptions } of registrations) {
        this.registered.push(method);
        this.watched.push(...(registerOptions?.watchers ?? []));
      }
    });
    this.connection.listen();
  }

  async start(capabilities: ClientCapabilities = CAPABILITIES): Promise<this> {
    const params = { processId: process.pid, rootUri: null, capabilities };
    this.initialized = await this.connection.sendRequest<InitializeResult>('initialize', params);
    await this.connection.sendNotification('initialized', {});
    return this;
  }

  /** Opens a file, with the text that it has on disk unless another is given. */
  async open(file: string, text = readFileSync(file, 'utf8')): Promise<TextDocument> {
    return this.openUri(pathToFileURL(file).href, text);
  }

  async openUri(uri: string, text: string): Promise<TextDocument> {
    const document = TextDocument.create(uri, 'jsonc', 1, text);
    this.#documents.set(uri, document);
    const textDocument = { uri, languageId: 'jsonc', version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
    return document;
  }

  /** Changes a stretch of a document; offsets. */
  async change(document: TextDocument, offset: number, length: number, text: string): Promise<void> {
    const range: Range = { start: document.positionAt(offset), end: document.positionAt(offset + length) };
    await this.send(document, [{ range, text }], document.version + 1);
  }

  /** Replaces a piece of the text that is there once. */
  async replace(document: TextDocument, piece: string, text: string): Promise<void> {
    await this.change(document, offsetOf(document, piece), piece.length, text);
  }

  async send(document: TextDocument, changes: { range: Range; text: string }[], version: number): Promise<void> {
    TextDocument.update(document, changes, version);
    const textDocument = { uri: document.uri, version };
    await this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: changes });
  }

  async close(document: TextDocument): Promise<void> {
    this.#documents.delete(document.uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: document.uri } });
  }

  /** Asks at an offset, or at the beginning of a piece of the text and so many characters further. */
  ask<Answer>(
    method: string,
    document: TextDocument,
    at: string | number,
    further = 0,
    more: object = {},
  ): Promise<Answer> {
    const offset = typeof at === 'number' ? at : offsetOf(document, at);
    return this.askAt(method, document, document.positionAt(offset + further), more);
  }

  askAt<Answer>(method: string, { uri }: TextDocument, position: Position, more: object = {}): Promise<Answer> {
    return this.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, position, ...more });
  }

  /** Waits until all that was sent so far is worked off, and gives what is shown of a file, by code and place. */
  async problems(file: string): Promise<readonly string[]> {
    await this.settled();
    return (this.shown.get(/^\w+:/.test(file) ? file : pathToFileURL(file).href) ?? []).map(shortly);
  }

  async settled(): Promise<void> {
    await this.connection.sendRequest('textDocument/hover', {
      textDocument: { uri: 'file:///nothing.json' },
      position: { line: 0, character: 0 },
    });
  }

  /** All problems that are shown below a folder, sorted. */
  async allProblems(root: string): Promise<readonly string[]> {
    await this.settled();
    const prefix = `${pathToFileURL(root).href}/`;
    return [...this.shown]
      .flatMap(([uri, found]) => found.map((each) => `${uri.slice(prefix.length)}:${shortly(each)}`))
      .sort();
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((done) => this.child.once('exit', done));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}

/** A problem in short: its place, severity and code. */
export function shortly({ range: { start }, severity, code }: Diagnostic): string {
  return `${start.line + 1}:${start.character + 1} ${SEVERITIES[(severity ?? 1) - 1]} ${code}`;
}

const SEVERITIES = ['error', 'warning', 'info'];

/** Where a piece of a text begins that is there. */
export function offsetOf(document: TextDocument, piece: string): number {
  const offset = document.getText().indexOf(piece);
  if (offset < 0) throw new Error(`There is no ${piece} in ${document.uri}.`);
  return offset;
}

export const EXAMPLES = fileURLToPath(new URL('../../../../examples', import.meta.url));

/** The folder of an example. */
export function example(name: string): string {
  return join(EXAMPLES, name);
}
