import type { Diagnostic, Files } from '@connectorkit/sdk';
import { completionsIn, describeAt } from '@connectorkit/sdk/language';
import {
  type CompletionItem,
  type Connection,
  DidChangeWatchedFilesNotification,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { completionItem, plainItem } from './completion-items.ts';
import { diagnosticOf, rangeIn } from './conversions.ts';
import { JSONFeatures } from './json-features.ts';
import { OpenDocuments } from './open-documents.ts';
import { type Located, Projects } from './projects.ts';

/** Parts of the world that the server needs. */
export interface ServerOptions {
  readonly version: string;
  /** The files in a folder. */
  files(folder: string): Files;
}

/** An open document, and what it is. */
export interface Target extends Located {
  readonly document: TextDocument;
}

/** Answers an editor: keeps its documents, shows their problems, and answers what it asks. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #options: ServerOptions;
  readonly #documents = new OpenDocuments();
  readonly #json = new JSONFeatures();
  readonly #projects: Projects;
  #capabilities: InitializeParams['capabilities'] = {};
  #settling: NodeJS.Immediate | undefined;

  constructor(connection: Connection, options: ServerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#projects = new Projects({
      documents: this.#documents,
      files: (folder) => options.files(folder),
      publish: (uri, problems, uriOf) => this.#publish(uri, problems, uriOf),
    });
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#watch());
    this.#keepDocuments();
    this.#answer();
  }

  #initialize({ capabilities }: InitializeParams): InitializeResult {
    this.#capabilities = capabilities;
    return {
      serverInfo: { name: 'connector', version: this.#options.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        completionProvider: { triggerCharacters: ['"', '{', '.', '`', ':'] },
        hoverProvider: true,
      },
    };
  }

  /** Asks the editor to tell of changes on disk; of those in open documents it tells anyway. */
  #watch(): void {
    if (this.#capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
    const watchers = [{ globPattern: '**/*.{json,jsonc}' }, { globPattern: '**/.gitignore' }];
    this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {
      // An editor that refuses tells of changes when files are saved.
    });
  }

  #keepDocuments(): void {
    const connection = this.#connection;
    connection.onDidOpenTextDocument((params) => {
      const { uri } = this.#documents.open(params);
      this.#projects.open(uri);
      this.#touch(uri);
    });
    connection.onDidChangeTextDocument((params) => {
      const refused = this.#documents.change(params);
      if (refused === undefined) this.#touch(params.textDocument.uri);
      else this.#warn(refused);
    });
    connection.onDidCloseTextDocument((params) => {
      this.#documents.close(params);
      this.#projects.close(params.textDocument.uri);
    });
    connection.onDidSaveTextDocument(({ textDocument: { uri } }) => this.#projects.changedOnDisk([uri]));
    connection.onDidChangeWatchedFiles(({ changes }) => this.#projects.changedOnDisk(changes.map(({ uri }) => uri)));
  }

  #warn(message: string): void {
    this.#connection.sendNotification('window/showMessage', { type: MessageType.Warning, message });
  }

  /** Validates when all that has arrived is taken over: several changes that come together count as one. */
  #touch(uri: string): void {
    this.#projects.touch(uri);
    this.#settling ??= setImmediate(() => {
      this.#settling = undefined;
      this.#projects.settle();
    });
  }

  #publish(uri: string, problems: readonly Diagnostic[], uriOf: (file: string) => string): void {
    const related = this.#capabilities.textDocument?.publishDiagnostics?.relatedInformation === true;
    const diagnostics = problems.map((problem) => diagnosticOf(problem, { related, uriOf }));
    const version = this.#documents.get(uri)?.version;
    this.#connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  }

  #targetOf(uri: string): Target | undefined {
    const located = this.#projects.locate(uri);
    const document = this.#documents.get(uri);
    return located && document && { ...located, document };
  }

  #answer(): void {
    this.#connection.onCompletion((params) => this.#complete(params));
    this.#connection.onHover((params) => this.#hover(params));
  }

  async #complete({ textDocument, position }: TextDocumentPositionParams): Promise<CompletionItem[]> {
    const target = this.#targetOf(textDocument.uri);
    if (target === undefined) return [];
    const { document, reading } = target;
    const own = completionsIn(reading, document.offsetAt(position));
    const items = (own?.list ?? []).map((each) => completionItem(each, rangeIn(document, each.replaced)));
    const others = own?.isComplete === true ? [] : await this.#json.complete(document, reading, position);
    const all = [...items, ...others];
    const snippets = this.#capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    return snippets ? all : all.map(plainItem);
  }

  async #hover({ textDocument, position }: TextDocumentPositionParams): Promise<Hover | undefined> {
    const target = this.#targetOf(textDocument.uri);
    if (target === undefined) return undefined;
    const { document, reading } = target;
    const found = describeAt(reading, document.offsetAt(position));
    if (found === undefined) return this.#json.hover(document, reading, position);
    return { contents: { kind: 'markdown', value: found.markdown }, range: rangeIn(document, found) };
  }
}
