import type { Diagnostic } from '@connectorkit/sdk';
import {
  type Allowance,
  callHelp,
  completionsIn,
  describeAt,
  formatted,
  highlightsOf,
  type NameUse,
  namesIn,
  type OutlineItem,
  outlineOf,
  problemsAlone,
  type Replacement,
  refusal,
  renamed,
  typesBeside,
} from '@connectorkit/sdk/language';
import {
  type CodeAction,
  type CodeActionParams,
  type CompletionItem,
  type DocumentSymbol,
  type FoldingRange,
  type FormattingOptions,
  type Hover,
  type InlayHint,
  InlayHintKind,
  type Location,
  LSPErrorCodes,
  type Position,
  type Range,
  ResponseError,
  type SelectionRange,
  type SemanticTokens,
  SemanticTokensBuilder,
  type SignatureHelp,
  SymbolKind,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActions } from './code-actions.ts';
import { completionItem, plainItem } from './completion-items.ts';
import { rangeIn } from './conversions.ts';
import { JSONFeatures } from './json-features.ts';
import type { Located, OpenProject } from './projects.ts';

/** An open document, and what it is. */
export interface Target extends Located {
  readonly document: TextDocument;
  /** True if the editor takes edits that say of which version of a document they are. */
  readonly versioned: boolean;
}

/** Kinds of tokens, as they are announced to the editor. */
export const TOKEN_TYPES = ['macro', 'function', 'variable', 'property', 'keyword', 'string', 'number', 'operator'];

/** Kind of a word in an expression → its index among TOKEN_TYPES. */
const TOKENS = { brace: 0, function: 1, variable: 2, member: 3, keyword: 4, string: 5, number: 6, operator: 7 };

const SYMBOLS: Readonly<Record<OutlineItem['kind'], SymbolKind>> = {
  request: SymbolKind.Method,
  field: SymbolKind.Field,
  object: SymbolKind.Object,
  array: SymbolKind.Array,
  string: SymbolKind.String,
  number: SymbolKind.Number,
  boolean: SymbolKind.Boolean,
  null: SymbolKind.Null,
};

/** Answers of the server about a document. */
export class Answers {
  readonly #json = new JSONFeatures();

  /** @param snippets true if the editor knows snippets */
  async completion({ document, reading }: Target, position: Position, snippets: boolean): Promise<CompletionItem[]> {
    const own = completionsIn(reading, document.offsetAt(position));
    const items = (own?.list ?? []).map((each) => completionItem(each, rangeIn(document, each.replaced)));
    const others = own?.isComplete === true ? [] : await this.#json.complete(document, reading, position);
    const all = [...items, ...others];
    return snippets ? all : all.map(plainItem);
  }

  async hover({ document, reading }: Target, position: Position): Promise<Hover | undefined> {
    const found = describeAt(reading, document.offsetAt(position));
    if (found === undefined) return this.#json.hover(document, reading, position);
    return { contents: { kind: 'markdown', value: found.markdown }, range: rangeIn(document, found) };
  }

  definition(target: Target, position: Position): Location[] {
    const { uses, at } = namesAt(target, position);
    const found = at === undefined ? [] : sameName(uses, at);
    const declared = found.filter(({ role }) => role === 'declaration');
    return locations(target, declared);
  }

  references(target: Target, position: Position, declarations: boolean): Location[] {
    const { uses, at } = namesAt(target, position);
    const found = at === undefined ? [] : sameName(uses, at);
    return locations(target, declarations ? found : found.filter(({ role }) => role === 'use'));
  }

  /** @throws ResponseError where there is a name that is not renamed, and says why */
  prepareRename(target: Target, position: Position): { range: Range; placeholder: string } | undefined {
    const { at } = namesAt(target, position);
    if (at === undefined) return undefined;
    const refused = refusal(at);
    if (refused !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, refused);
    return { range: rangeIn(target.document, at), placeholder: at.name };
  }

  /** @throws ResponseError for a name that cannot be taken, and says why */
  rename(target: Target, position: Position, name: string): WorkspaceEdit | undefined {
    const { uses, at } = namesAt(target, position);
    if (at === undefined) return undefined;
    const replacements = renamed(at, name, uses);
    if (typeof replacements === 'string') throw new ResponseError(LSPErrorCodes.RequestFailed, replacements);
    return workspaceEdit(target, replacements);
  }

  symbols({ document, reading }: Target): DocumentSymbol[] {
    const symbol = (item: OutlineItem): DocumentSymbol => ({
      name: item.name,
      ...(item.detail === undefined ? {} : { detail: item.detail }),
      kind: SYMBOLS[item.kind],
      range: rangeIn(document, item),
      selectionRange: rangeIn(document, item.selection),
      children: item.children.map(symbol),
    });
    return outlineOf(reading.text).map(symbol);
  }

  folding({ document }: Pick<Target, 'document'>, most: number | undefined): FoldingRange[] {
    return [...this.#json.folding(document, most)];
  }

  selection({ document }: Pick<Target, 'document'>, positions: Position[]): SelectionRange[] {
    return [...this.#json.selection(document, positions)];
  }

  format({ document }: Target, options: FormattingOptions, range?: Range): TextEdit[] {
    const { tabSize, insertSpaces, insertFinalNewline: finalNewline = false } = options;
    const within = range && { offset: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const edits = formatted(document.getText(), { tabSize, insertSpaces, finalNewline }, within);
    return edits.map((edit) => ({ range: rangeIn(document, edit), newText: edit.text }));
  }

  semanticTokens({ document, reading }: Target, range?: Range): SemanticTokens {
    const builder = new SemanticTokensBuilder();
    for (const { kind, offset, end } of highlightsOf(reading)) {
      const { line, character } = document.positionAt(offset);
      if (range !== undefined && (line < range.start.line || line > range.end.line)) continue;
      builder.push(line, character, end - offset, TOKENS[kind], 0);
    }
    // Without an id: nobody can ask for what changed since.
    const { data } = builder.build();
    return { data };
  }

  inlayHints({ document, reading }: Target, range: Range): InlayHint[] {
    const within = { offset: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    return typesBeside(reading, within).map(({ offset, words }) => ({
      position: document.positionAt(offset),
      label: `: ${words}`,
      kind: InlayHintKind.Type,
      paddingLeft: false,
    }));
  }

  signature({ document, reading }: Target, position: Position): SignatureHelp | undefined {
    const help = callHelp(reading, document.offsetAt(position));
    if (help === undefined) return undefined;
    const { label, summary, parameters, active } = help;
    const signature = {
      label,
      documentation: summary,
      parameters: parameters.map(({ label: [from, to], type }) => {
        return { label: [from, to] as [number, number], documentation: type };
      }),
    };
    return { signatures: [signature], activeSignature: 0, activeParameter: active };
  }

  /** @param snippets true if the editor takes edits that are snippets */
  codeActions(target: Target, params: CodeActionParams, snippets: boolean): CodeAction[] {
    const { project, reading, document } = target;
    const problems = project?.problemsOf(reading.file) ?? problemsAlone(reading.file, document.getText());
    const ids = reading.connections.map(({ connection }) => connection.id);
    const check =
      project?.language.trial(ids.length === 0 ? undefined : ids) ??
      ((texts: ReadonlyMap<string, string>): readonly Diagnostic[] =>
        problemsAlone(reading.file, texts.get(reading.file) ?? document.getText()));
    const edit = (all: readonly Replacement[]) => workspaceEdit(target, all);
    const editWithCursor = (comment: Allowance) => (snippets ? snippetEdit(target, comment) : edit([comment]));
    return codeActions({ problems, reading, check, document, edit, editWithCursor }, params);
  }
}

/** Every name that a document and its connections know, and the one at a position. */
function namesAt({ project, reading, document }: Target, position: Position) {
  const uses = project?.language.names(reading.file) ?? namesIn(reading);
  const offset = document.offsetAt(position);
  return { uses, at: uses.find((use) => use.file === reading.file && use.offset <= offset && offset <= use.end) };
}

function sameName(uses: readonly NameUse[], { namespace, name }: NameUse): readonly NameUse[] {
  return uses.filter((use) => use.namespace === namespace && use.name === name);
}

function locations(target: Target, uses: readonly NameUse[]): Location[] {
  return uses.map((use) => ({ uri: uriOf(target, use.file), range: rangeOfFile(target, use) }));
}

function workspaceEdit(target: Target, replacements: readonly Replacement[]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const replacement of replacements) {
    const uri = uriOf(target, replacement.file);
    changes[uri] = [...(changes[uri] ?? []), { range: rangeOfFile(target, replacement), newText: replacement.text }];
  }
  if (!target.versioned) return { changes };
  // An editor refuses what was meant for a text that changed meanwhile.
  const documentChanges = Object.entries(changes).map(([uri, edits]) => {
    return { textDocument: { uri, version: versionOf(target, uri) }, edits };
  });
  return { documentChanges };
}

/** The version of a document; null for a file that is not open. */
function versionOf({ project, document }: Target, uri: string): number | null {
  return (uri === document.uri ? document : project?.documentAt(uri))?.version ?? null;
}

/** Of a snippet, the editor puts the cursor where it says. Until something is written there, nothing is allowed. */
function snippetEdit(target: Target, { file, offset, end, text, reasonAt }: Allowance): WorkspaceEdit {
  const [before, after] = [text.slice(0, reasonAt), text.slice(reasonAt)].map((part) =>
    part.replace(/[\\$}]/g, '\\$&'),
  );
  const uri = uriOf(target, file);
  const version = versionOf(target, uri);
  const range = rangeOfFile(target, { file, offset, end });
  const snippet = { kind: 'snippet', value: `${before}$0${after}` } as const;
  return { documentChanges: [{ textDocument: { uri, version }, edits: [{ range, snippet }] }] };
}

function uriOf({ project, document }: Target, file: string): string {
  return project?.uriOf(file) ?? document.uri;
}

/** The range of a stretch in a file, be it open or not. */
function rangeOfFile(
  { project, reading, document }: Target,
  place: Pick<Replacement, 'file' | 'offset' | 'end'>,
): Range {
  return rangeIn(place.file === reading.file ? document : documentOf(project, place.file, document), place);
}

function documentOf(project: OpenProject | undefined, file: string, otherwise: TextDocument): TextDocument {
  const text = project?.textOf(file);
  return text === undefined ? otherwise : TextDocument.create(file, 'jsonc', 0, text);
}
