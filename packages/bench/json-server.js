// A language server that does nothing but check the schema of an OAuth 2.0 `api` with the JSON service that editors use:
// what `lsp.js` compares with.
import { sectionNamed } from '@connectorkit/sdk';
import { getLanguageService } from 'vscode-json-languageservice';
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const connection = createConnection(
  ProposedFeatures.all,
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const service = getLanguageService({});
const schema = sectionNamed('api')?.schemas['api-oauth2'];
service.configure({ validate: true, allowComments: true, schemas: [{ uri: 'a://schema', fileMatch: ['*'], schema }] });
/** @type {Map<string, TextDocument>} */
const documents = new Map();

connection.onInitialize(() => ({ capabilities: { textDocumentSync: 2 } }));
connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
  documents.set(uri, TextDocument.create(uri, languageId, version, text));
  validate(uri);
});
connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
  const document = documents.get(uri);
  if (document === undefined) return;
  TextDocument.update(document, contentChanges, version);
  setImmediate(() => validate(uri));
});
connection.listen();

/** @param {string} uri */
async function validate(uri) {
  const document = documents.get(uri);
  if (document === undefined) return;
  const { version } = document;
  const settings = { comments: 'ignore', trailingCommas: 'warning' };
  const diagnostics = await service.doValidation(
    document,
    service.parseJSONDocument(document),
    /** @type {never} */ (settings),
  );
  connection.sendDiagnostics({ uri, version, diagnostics });
}
