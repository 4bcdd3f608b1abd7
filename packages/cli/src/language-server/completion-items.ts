import type { Completion } from '@connectorkit/sdk/language';
import { type CompletionItem, CompletionItemKind, InsertTextFormat, type Range } from 'vscode-languageserver/node';

const KINDS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  function: CompletionItemKind.Function,
  variable: CompletionItemKind.Variable,
  member: CompletionItemKind.Field,
  keyword: CompletionItemKind.Keyword,
  value: CompletionItemKind.Value,
  key: CompletionItemKind.Property,
};

/** The order among words that could stand at the same place. */
const ORDER = ['member', 'key', 'value', 'variable', 'function', 'keyword'] as const satisfies Completion['kind'][];

/** A word as the protocol has it. */
export function completionItem(completion: Completion, range: Range): CompletionItem {
  const { label, kind, detail, documentation, text, snippet } = completion;
  return {
    label,
    kind: KINDS[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: { kind: 'markdown', value: documentation } }),
    sortText: `${ORDER.indexOf(kind)}${label}`,
    textEdit: { range, newText: text },
    insertTextFormat: snippet === true ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
  };
}

/** The same for an editor that knows no snippets: places to fill in are left out. */
export function plainItem(item: CompletionItem): CompletionItem {
  if (item.insertTextFormat !== InsertTextFormat.Snippet) return item;
  const { textEdit, insertText } = item;
  return {
    ...item,
    insertTextFormat: InsertTextFormat.PlainText,
    ...(insertText === undefined ? {} : { insertText: plainText(insertText) }),
    ...(textEdit === undefined ? {} : { textEdit: { ...textEdit, newText: plainText(textEdit.newText) } }),
  };
}

/** The text of a snippet, with the defaults of its places. */
function plainText(snippet: string): string {
  return snippet.replace(
    /\\([$}\\])|\$\{\d+:([^}]*)\}|\$\{?\d+\}?/g,
    (_, escaped = '', preset = '') => escaped + preset,
  );
}
