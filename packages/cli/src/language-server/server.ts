import type { Diagnostic, Files } from '@connectorkit/sdk';
import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  TextDocumentSyncKind,
  WatchKind,
} from 'vscode-languageserver/node';
import { Answers, type Target, TOKEN_TYPES } from './answers.ts';
import { diagnosticOf } from './conversions.ts';
import { OpenDocuments } from './open-documents.ts';
import { Projects } from './projects.ts';

/** Parts of the world that the server needs. */
export interface ServerOptions {
  readonly version: string;
  /** The files in a folder. */
  files(folder: string): Files;
}

/** Answers an editor: keeps its documents, shows their problems, and answers what it asks. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #options: ServerOptions;
  readonly #documents = new OpenDocuments();
  readonly #answers = new Answers();
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
        signatureHelpProvider: { triggerCharacters: ['(', ',', ';'] },
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        selectionRangeProvider: true,
        documentFormattingProvider: true,
        documentRangeFormattingProvider: true,
        semanticTokensProvider: { legend: { tokenTypes: TOKEN_TYPES, tokenModifiers: [] }, full: true, range: true },
        inlayHintProvider: true,
      },
    };
  }

  /** Asks the editor to tell of changes on disk; of those in open documents it tells anyway. */
  #watch(): void {
    if (this.#capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
    const watchers = [
      { globPattern: '**/*.{json,jsonc}' },
      { globPattern: '**/.gitignore' },
      // Of a folder that is moved or deleted, editors tell as of one file.
      { globPattern: '**', kind: WatchKind.Create | WatchKind.Delete },
    ];
    this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {
      // An editor that refuses tells of changes when files are saved.
    });
  }

  #keepDocuments(): void {
    const connection = this.#connection;
    connection.onDidOpenTextDocument((params) => {
      const { uri } = this.#documents.open(params);
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
    const versioned = this.#capabilities.workspace?.workspaceEdit?.documentChanges === true;
    return located && document && { ...located, document, versioned };
  }

  /** Answers with nothing about documents that are none of ours. */
  #about<Answer>(uri: string, answer: (target: Target) => Answer): Answer | undefined {
    const target = this.#targetOf(uri);
    return target && answer(target);
  }

  #answer(): void {
    const connection = this.#connection;
    const answers = this.#answers;
    connection.onCompletion(({ textDocument: { uri }, position }) => {
      const snippets = this.#capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
      return this.#about(uri, (target) => answers.completion(target, position, snippets));
    });
    connection.onHover(({ textDocument: { uri }, position }) => {
      return this.#about(uri, (target) => answers.hover(target, position));
    });
    connection.onDefinition(({ textDocument: { uri }, position }) => {
      return this.#about(uri, (target) => answers.definition(target, position));
    });
    connection.onReferences(({ textDocument: { uri }, position, context }) => {
      return this.#about(uri, (target) => answers.references(target, position, context.includeDeclaration));
    });
    connection.onPrepareRename(({ textDocument: { uri }, position }) => {
      return this.#about(uri, (target) => answers.prepareRename(target, position));
    });
    connection.onRenameRequest(({ textDocument: { uri }, position, newName }) => {
      return this.#about(uri, (target) => answers.rename(target, position, newName));
    });
    connection.onSignatureHelp(({ textDocument: { uri }, position }) => {
      return this.#about(uri, (target) => answers.signature(target, position));
    });
    connection.onCodeAction((params) => {
      const takesSnippets = this.#capabilities.workspace?.workspaceEdit?.snippetEditSupport === true;
      return this.#about(params.textDocument.uri, (target) => {
        return answers.codeActions(target, params, takesSnippets && target.versioned);
      });
    });
    this.#answerAboutWholes();
  }

  #answerAboutWholes(): void {
    const connection = this.#connection;
    const answers = this.#answers;
    connection.onDocumentSymbol(({ textDocument: { uri } }) => {
      return this.#about(uri, (target) => answers.symbols(target));
    });
    connection.onFoldingRanges(({ textDocument: { uri } }) => {
      const most = this.#capabilities.textDocument?.foldingRange?.rangeLimit;
      return this.#about(uri, (target) => answers.folding(target, most));
    });
    connection.onSelectionRanges(({ textDocument: { uri }, positions }) => {
      return this.#about(uri, (target) => answers.selection(target, positions));
    });
    connection.onDocumentFormatting(({ textDocument: { uri }, options }) => {
      return this.#about(uri, (target) => answers.format(target, options));
    });
    connection.onDocumentRangeFormatting(({ textDocument: { uri }, options, range }) => {
      return this.#about(uri, (target) => answers.format(target, options, range));
    });
    const none = { data: [] };
    connection.languages.semanticTokens.on(({ textDocument: { uri } }) => {
      return this.#about(uri, (target) => answers.semanticTokens(target)) ?? none;
    });
    connection.languages.semanticTokens.onRange(({ textDocument: { uri }, range }) => {
      return this.#about(uri, (target) => answers.semanticTokens(target, range)) ?? none;
    });
    connection.languages.inlayHint.on(({ textDocument: { uri }, range }) => {
      return this.#about(uri, (target) => answers.inlayHints(target, range));
    });
  }
}
