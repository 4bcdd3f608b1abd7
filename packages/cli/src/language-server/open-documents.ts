import type {
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** The documents that the editor has open, as they are there: changed text by text, in the order of their versions. */
export class OpenDocuments {
  readonly #documents = new Map<string, TextDocument>();
  /** Documents of which a change got lost or came twice: their text is not what the editor has. */
  readonly #uncertain = new Set<string>();

  get(uri: string): TextDocument | undefined {
    return this.#documents.get(uri);
  }

  *[Symbol.iterator](): Generator<TextDocument> {
    yield* this.#documents.values();
  }

  open({ textDocument: { uri, languageId, version, text } }: DidOpenTextDocumentParams): TextDocument {
    const document = TextDocument.create(uri, languageId, version, text);
    this.#documents.set(uri, document);
    this.#uncertain.delete(uri);
    return document;
  }

  close({ textDocument: { uri } }: DidCloseTextDocumentParams): void {
    this.#documents.delete(uri);
    this.#uncertain.delete(uri);
  }

  /**
   * Applies a change. One that is not newer than the document is not applied, and from then on no change of a part is:
   * nobody knows what it would change. A change of the whole text makes good again.
   * @returns why it was not applied; undefined when it was
   */
  change({ textDocument: { uri, version }, contentChanges }: DidChangeTextDocumentParams): string | undefined {
    const document = this.#documents.get(uri);
    if (document === undefined) return `${uri} was changed, but is not open.`;
    const whole = contentChanges.findLastIndex((change) => !('range' in change) || change.range === undefined);
    if (whole < 0 && version <= document.version) {
      this.#uncertain.add(uri);
      return `${uri} went from version ${document.version} back to ${version}: the change is left out. Open the file again.`;
    }
    if (whole < 0 && this.#uncertain.has(uri)) return `${uri} misses a change. Open the file again.`;
    this.#uncertain.delete(uri);
    TextDocument.update(document, whole < 0 ? contentChanges : contentChanges.slice(whole), version);
    return undefined;
  }
}
