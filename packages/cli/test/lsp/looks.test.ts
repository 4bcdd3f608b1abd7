import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { temporaryFolder } from '../connector.ts';
import { Editor, EXAMPLES, example } from './editor.ts';

let editor: Editor;
let api: TextDocument;

beforeAll(async () => {
  editor = await new Editor(temporaryFolder()).start();
  api = await editor.open(join(example('github-oauth'), 'connections/github/api.jsonc'));
});

afterAll(() => editor.stop());

function request<Answer>(method: string, document: TextDocument, more: object = {}): Promise<Answer> {
  return editor.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri: document.uri }, ...more });
}

test('the outline names steps with their requests, and fields with their types', async () => {
  const symbols = await request<DocumentSymbol[]>('documentSymbol', api);
  expect(symbols.map(({ name, detail }) => [name, detail])).toEqual([
    ['authorize', 'GET https://github.com/login/oauth/authorize'],
    ['token', 'POST https://github.com/login/oauth/access_token'],
    ['info', 'GET https://api.github.com/user'],
    ['invalidate', expect.stringMatching(/^DELETE https:/)],
  ]);
  const [authorize] = symbols;
  expect(api.getText(authorize?.selectionRange)).toBe('"authorize"');
  expect(authorize?.children?.map(({ name }) => name)).toEqual(['url', 'qs', 'response']);
  const form = await editor.open(join(example('github-oauth'), 'connections/github/parameters.jsonc'));
  const fields = await request<DocumentSymbol[]>('documentSymbol', form);
  expect(fields.map(({ name, detail }) => [name, detail])).toEqual([
    ['clientId', 'text'],
    ['clientSecret', 'password'],
  ]);
  await editor.close(form);
});

test('objects, lists and comments fold, and selections grow', async () => {
  const ranges = await request<FoldingRange[]>('foldingRange', api);
  const first = api
    .getText()
    .split('\n')
    .findIndex((line) => line.includes('"authorize"'));
  expect(ranges.map(({ startLine }) => startLine)).toContain(first);
  const positions = [api.positionAt(api.getText().indexOf('POST'))];
  const [selection] = await request<{ range: never; parent?: object }[]>('selectionRange', api, { positions });
  expect(api.getText(selection?.range)).toBe('POST');
  expect(selection?.parent).toBeDefined();
});

test('formatting indents, and keeps comments and lines', async () => {
  const text = '{\n// why\n      "token":   { "url":"https://a.test" , /* here */ "qs": { "a":[1,2] } }\n}';
  const document = await editor.openUri('untitled:api.jsonc', text);
  const options = { tabSize: 2, insertSpaces: true, insertFinalNewline: true };
  const edits = await request<TextEdit[]>('formatting', document, { options });
  expect(TextDocument.applyEdits(document, edits)).toBe(
    '{\n  // why\n  "token": { "url": "https://a.test", /* here */ "qs": { "a": [1, 2] } }\n}\n',
  );
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 99 } };
  const part = await request<TextEdit[]>('rangeFormatting', document, { options, range });
  expect(TextDocument.applyEdits(document, part)).toContain(
    '{\n// why\n      "token": { "url": "https://a.test", /* here */ "qs": { "a": [1, 2] } }\n}',
  );
  await editor.replace(document, '"url"', '"url');
  expect(await request<TextEdit[]>('formatting', document, { options })).toEqual([]);
  await editor.close(document);
});

test('formatting leaves the examples as they are', async () => {
  const options = { tabSize: 2, insertSpaces: true, insertFinalNewline: true };
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((file) => {
    return (
      !api.uri.endsWith(file) && /\.jsonc?$/.test(file) && /^[^/]+\/connections\//.test(file.replaceAll('\\', '/'))
    );
  });
  expect(files.length).toBeGreaterThan(50);
  const changed: string[] = [];
  for (const file of files) {
    const document = await editor.open(join(EXAMPLES, file));
    if (((await request<TextEdit[] | null>('formatting', document, { options })) ?? []).length > 0) changed.push(file);
    await editor.close(document);
  }
  expect(changed).toEqual([]);
});

test('semantic tokens colour the words of expressions', async () => {
  const legend = editor.initialized?.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
  const text = `{ "url": "a{{ifempty(parameters.x, 'y') + 1}}b", "method": "GET" }`;
  const document = await editor.openUri('untitled:api.jsonc', text);
  const { data } = await request<SemanticTokens>('semanticTokens/full', document);
  const words: string[] = [];
  let character = 0;
  for (let index = 0; index < data.length; index += 5) {
    character += data[index + 1] ?? 0;
    words.push(`${legend[data[index + 3] ?? 0]} ${text.slice(character, character + (data[index + 2] ?? 0))}`);
  }
  expect(words).toEqual([
    'macro {{',
    'function ifempty',
    'operator (',
    'variable parameters',
    'operator .',
    'property x',
    'operator ,',
    "string 'y'",
    'operator )',
    'operator +',
    'number 1',
    'macro }}',
  ]);
  await editor.close(document);
  const range = { start: { line: 0, character: 0 }, end: { line: 8, character: 0 } };
  const some = await request<SemanticTokens>('semanticTokens/range', api, { range });
  const all = await request<SemanticTokens>('semanticTokens/full', api);
  expect(some.data.length).toBeGreaterThan(0);
  expect(some.data.length).toBeLessThan(all.data.length);
});

test('types stand beside values that are one expression', async () => {
  const range = { start: { line: 0, character: 0 }, end: api.positionAt(api.getText().length) };
  const hints = await request<InlayHint[]>('inlayHint', api, { range });
  const lines = api.getText().split('\n');
  const shown = hints.map(({ position, label }) => `${lines[position.line]?.trim().replace(/,$/, '')}${label}`);
  expect(shown).toContain('"scope": "{{join(oauth.scope, \' \')}}": text');
  expect(shown).toContain('"valid": "{{!body.error}}": boolean');
  expect(shown.join('\n')).not.toContain('"Bearer {{');
});

test('signature help follows the argument', async () => {
  const at = async (further: number) =>
    editor.ask<SignatureHelp | null>(
      'signatureHelp',
      api,
      '{{ifempty(parameters.clientId, common.clientId)}}',
      further,
    );
  const first = await at('{{ifempty('.length);
  expect(first).toMatchObject({ activeParameter: 0, signatures: [{ label: 'ifempty(value, otherwise): any' }] });
  const [value, otherwise] = first?.signatures[0]?.parameters ?? [];
  const words = (label: string | [number, number] | undefined) =>
    Array.isArray(label) ? 'ifempty(value, otherwise): any'.slice(...label) : label;
  expect([words(value?.label), words(otherwise?.label)]).toEqual(['value', 'otherwise']);
  expect(await at('{{ifempty(parameters.clientId, '.length)).toMatchObject({ activeParameter: 1 });
  expect(await at('{{if'.length)).toBeNull();
});
