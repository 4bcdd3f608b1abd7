// @ts-nocheck A stand-in has none of the types of what it stands for.
// Runs an extension with as much of VS Code as its language client needs: one folder, one open document. Prints the
// problems that the editor would show, as JSON. node vscode-host.cjs <extension> <folder> <file>
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { setTimeout: sleep } = require('node:timers/promises');
const { fileURLToPath, pathToFileURL } = require('node:url');

const [, , extension, folder, file] = process.argv;
/** Milliseconds until nothing is waited for any more. */
const PATIENCE = 60_000;

const disposable = { dispose() {} };
const event = () => disposable;

class EventEmitter {
  #listeners = new Set();
  event = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value) {
    for (const listener of this.#listeners) listener(value);
  }
  dispose() {}
}

class Uri {
  #href;
  constructor(href) {
    const { protocol, pathname } = new URL(href);
    this.#href = href;
    Object.assign(this, {
      scheme: protocol.slice(0, -1),
      path: decodeURIComponent(pathname),
      fsPath: fileURLToPath(href),
    });
  }
  toString() {
    return this.#href;
  }
  static parse(href) {
    return new Uri(href);
  }
  static file(path) {
    return new Uri(pathToFileURL(path).href);
  }
}

class Range {
  constructor(startLine, startCharacter, endLine, endCharacter) {
    this.start = { line: startLine, character: startCharacter };
    this.end = { line: endLine, character: endCharacter };
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class Disposable {
  static from(...all) {
    return { dispose: () => all.forEach((each) => void each.dispose()) };
  }
  dispose() {}
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: event };
  cancel() {}
  dispose() {}
}

/** A class of which whatever is asked is a class again: kinds and constants that nobody looks at here. */
const anything = () =>
  new Proxy(class {}, {
    get: (of, name) => (name in of ? of[name] : name === 'then' ? undefined : anything()),
    apply: () => anything(),
  });

/** What the client logs; its errors are told. */
const LOG = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error };

/** A part of the editor: what is given, events that never come, things that are registered, and classes. */
const part = (given) =>
  new Proxy(given, {
    get(of, name) {
      if (name in of || typeof name === 'symbol') return of[name];
      if (/^on[A-Z]/.test(name)) return event;
      if (/^(register|create)[A-Z]/.test(name))
        return () => part({ ...disposable, append() {}, appendLine() {}, show() {}, ...LOG });
      return /^[A-Z]/.test(name) ? anything() : undefined;
    },
  });

const root = { uri: Uri.file(folder), name: 'project', index: 0 };
const text = readFileSync(file, 'utf8');
const document = {
  uri: Uri.file(file),
  fileName: file,
  languageId: 'jsonc',
  version: 1,
  isClosed: false,
  getText: () => text,
};
let problems = [];

const vscode = part({
  // Compiled modules copy what does not say that it is one, and a copy of this would have next to nothing.
  __esModule: true,
  ...{ EventEmitter, Uri, Range, Diagnostic, Disposable, CancellationTokenSource, version: '1.91.0' },
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  env: { appName: 'tests', language: 'en' },
  workspace: part({
    textDocuments: [document],
    notebookDocuments: [],
    workspaceFolders: [root],
    getWorkspaceFolder: () => root,
    getConfiguration: () => ({ get: (_, otherwise) => otherwise }),
  }),
  window: part({
    visibleTextEditors: [{ document }],
    activeTextEditor: { document },
    tabGroups: { all: [], onDidChangeTabs: event, onDidChangeTabGroups: event },
    showErrorMessage: async (message) => console.error(message),
    showWarningMessage: async (message) => console.error(message),
  }),
  languages: part({
    match: (selector, { languageId }) => (JSON.stringify(selector).includes(`"${languageId}"`) ? 10 : 0),
    createDiagnosticCollection: () =>
      part({ ...disposable, clear() {}, delete() {}, set: (uri, list) => (problems = [uri.toString(), list]) }),
  }),
  commands: part({ registerCommand: event }),
  extensions: part({ getExtension: () => undefined, all: [] }),
});

const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));
const { activate, deactivate } = require(extension);

(async () => {
  await activate();
  for (const end = Date.now() + PATIENCE; problems.length === 0 && Date.now() < end; ) await sleep(20);
  const [uri, list = []] = problems;
  const shown = list.map(({ code, severity, range: { start } }) => ({ code, severity, start }));
  await deactivate();
  process.stdout.write(JSON.stringify({ uri, shown }));
})();
