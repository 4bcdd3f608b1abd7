import { editorSchema, type FileReading } from '@connectorkit/sdk/language';
import { getLanguageService, type JSONDocument, type LanguageService } from 'vscode-json-languageservice';
import type { CompletionItem, FoldingRange, Hover, Position, SelectionRange } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** A document as the JSON service has it. */
interface JSONFile {
  readonly document: TextDocument;
  readonly json: JSONDocument;
}

/** Language features from a file's schema and its brackets, by the JSON service that editors use. */
export class JSONFeatures {
  readonly #service: LanguageService = getLanguageService({ clientCapabilities: CAPABILITIES });
  readonly #schemas = new Map<
    string,
    { readonly uri: string; readonly fileMatch: string[]; readonly schema: object }
  >();

  async complete(document: TextDocument, reading: FileReading, position: Position): Promise<readonly CompletionItem[]> {
    const file = this.#open(document, reading);
    const list = await this.#service.doComplete(file.document, position, file.json);
    return list?.items ?? [];
  }

  async hover(document: TextDocument, reading: FileReading, position: Position): Promise<Hover | undefined> {
    const file = this.#open(document, reading);
    return (await this.#service.doHover(file.document, position, file.json)) ?? undefined;
  }

  folding(document: TextDocument, most: number | undefined): readonly FoldingRange[] {
    return this.#service.getFoldingRanges(document, most === undefined ? {} : { rangeLimit: most });
  }

  selection(document: TextDocument, positions: Position[]): readonly SelectionRange[] {
    return this.#service.getSelectionRanges(document, positions, this.#service.parseJSONDocument(document));
  }

  /** The service chooses the schema by the address, and by what a text itself names as its schema. */
  #open(document: TextDocument, { schema, connections: [connection] }: FileReading): JSONFile {
    const key = schema === undefined ? 'none' : `${schema.name}-${connection?.connection.type ?? ''}`;
    if (schema !== undefined && !this.#schemas.has(key)) {
      const uri = `connectorkit://schemas/${key}`;
      this.#schemas.set(key, { uri, fileMatch: [`/${key}/*`], schema: editorSchema(schema, connection) });
      this.#service.configure({ schemas: [...this.#schemas.values()], validate: false, allowComments: true });
    }
    const text = document.getText().replace(/"\$schema"(?=\s*:)/g, '"_schema"');
    const own = TextDocument.create(`connectorkit://files/${key}/file.jsonc`, 'jsonc', document.version, text);
    return { document: own, json: this.#service.parseJSONDocument(own) };
  }
}

const CAPABILITIES = {
  textDocument: {
    completion: { completionItem: { documentationFormat: ['markdown' as const], commitCharactersSupport: false } },
  },
};
