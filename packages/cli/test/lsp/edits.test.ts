import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CancellationToken, CancellationTokenSource, type Range } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { temporaryFolder } from '../connector.ts';
import { Editor, example, offsetOf, shortly } from './editor.ts';

let editor: Editor;
/** Another server, which sees each text for the first time. */
let fresh: Editor;
let folder: string;

beforeAll(async () => {
  [editor, fresh] = await Promise.all([new Editor(temporaryFolder()).start(), new Editor(temporaryFolder()).start()]);
  const project = join(temporaryFolder(), 'project');
  cpSync(example('github-oauth'), project, { recursive: true });
  folder = join(project, 'connections/github');
});

afterAll(() => Promise.all([editor.stop(), fresh.stop()]));

/** Pieces that break and mend JSON and expressions, line breaks of every kind, and characters of two code units. */
const PIECES = [
  ...['{', '}', '[', ']', '"', ',', ':', '{{', '}}', '\\', '//', '/*', '*/', '\n', '\r\n', ' ', '', '', '', '\t'],
  ...['parameters.', 'temp.code', 'ifempty(', ')', '`', "'", '"url": "https://a.test",', '{{body.x}}', '\\u00e9', 'é'],
  ...[
    '😀',
    '// connector-ignore request/plain-http: why',
    '"response": { "temp": { "a": "{{now}}" } },',
    'null',
    '1e3',
  ],
];

/** Numbers from 0 up to a limit that look like chance, and are the same in each run. */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const ASKED = ['hover', 'completion', 'definition', 'signatureHelp', 'prepareRename', 'references', 'rename'];
const WHOLE = ['documentSymbol', 'foldingRange', 'semanticTokens/full', 'formatting', 'inlayHint', 'codeAction'];

/** What a server says of a whole document. */
async function all(of: Editor, document: TextDocument): Promise<unknown> {
  const range: Range = { start: { line: 0, character: 0 }, end: document.positionAt(document.getText().length) };
  const more = { range, context: { diagnostics: [] }, options: { tabSize: 2, insertSpaces: true } };
  const textDocument = { uri: document.uri };
  const answers = await Promise.all(
    WHOLE.map((method) => of.connection.sendRequest(`textDocument/${method}`, { textDocument, ...more })),
  );
  // Edits say of which version of the document they are.
  const unversioned = JSON.stringify(answers, (key, value) => {
    return key === 'version' && value === document.version ? 'this one' : value;
  });
  return { problems: (of.shown.get(document.uri) ?? []).map(shortly), answers: JSON.parse(unversioned) };
}

test('after 1,000 random edits everything is as in a document that was just opened', async () => {
  const random = chance(28);
  const file = join(folder, 'api.jsonc');
  let document = await editor.open(file);
  const original = document.getText();
  const compared = new Set<string>();
  for (let index = 1; index <= 1000; index++) {
    // Several changes in one message build on one another.
    const ahead = TextDocument.create(document.uri, 'jsonc', 1, document.getText());
    const changes = Array.from({ length: random(8) === 0 ? 3 : 1 }, () => {
      const { length } = ahead.getText();
      const offset = random(length + 1);
      const end = Math.min(length, offset + (random(3) === 0 ? random(12) : 0));
      const range = { start: ahead.positionAt(offset), end: ahead.positionAt(end) };
      const change = { range, text: PIECES[random(PIECES.length)] ?? '' };
      TextDocument.update(ahead, [change], 1);
      return change;
    });
    await editor.send(document, changes, document.version + 1);
    const at = document.positionAt(random(document.getText().length + 1));
    const more = { context: { includeDeclaration: true }, newName: 'other' };
    const method = ASKED[index % ASKED.length] ?? 'hover';
    await editor.askAt(method, document, at, more).catch((error: { code: number; message: string }) => {
      // A name that is not renamed is refused in words; anything else would be a bug.
      expect([method, error.code]).toEqual([expect.stringMatching(/rename/i), -32803]);
    });
    if (index % 40 !== 0) continue;
    const other = await fresh.open(file, document.getText());
    const [now, again] = [await all(editor, document), await all(fresh, other)];
    expect(now).toEqual(again);
    compared.add(JSON.stringify(now));
    await fresh.close(other);
    // From time to time the text is one that can be read again.
    if (index % 120 === 0) await editor.change(document, 0, document.getText().length, original);
  }
  // The comparisons were of texts that differ.
  expect(compared.size).toBeGreaterThan(20);
  await editor.close(document);
  document = await editor.open(file);
  expect(await editor.problems(document.uri)).toEqual([]);
  await editor.close(document);
}, 120_000);

test('a version that runs backwards is noticed, and what it would break is not taken over', async () => {
  const document = await editor.open(join(folder, 'scope.jsonc'), '["user"]');
  await editor.change(document, 1, 6, '"repo"');
  const before = editor.messages.length;
  const start = { line: 0, character: 0 };
  const send = (version: number, changes: object[]) =>
    editor.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: document.uri, version },
      contentChanges: changes,
    });
  await send(1, [{ range: { start, end: start }, text: '{' }]);
  await editor.settled();
  expect(editor.messages.slice(before)).toEqual([expect.stringContaining('went from version 2 back to 1')]);
  expect(await editor.problems(document.uri)).toEqual([]);
  // What comes after it may build on what is missing.
  await send(3, [{ range: { start, end: start }, text: '{' }]);
  await editor.settled();
  expect(editor.messages.at(-1)).toContain('misses a change');
  expect(await editor.problems(document.uri)).toEqual([]);
  await send(4, [{ text: '["user", 1]' }]);
  expect(await editor.problems(document.uri)).toEqual(['1:10 error schema/type']);
  const end = { line: 0, character: 10 };
  await send(5, [{ range: { start: { line: 0, character: 9 }, end }, text: '"repo"' }]);
  expect(await editor.problems(document.uri)).toEqual([]);
  await editor.close(document);
});

test('requests that are cancelled end, and the others are answered', async () => {
  const document = await editor.open(join(folder, 'api.jsonc'));
  const position = document.positionAt(offsetOf(document, 'parameters.clientId') + 12);
  const params = { textDocument: { uri: document.uri }, position, context: { includeDeclaration: true } };
  const ends: Promise<string>[] = [];
  for (let index = 0; index < 200; index++) {
    const source = new CancellationTokenSource();
    const token: CancellationToken = source.token;
    const ended = editor.connection.sendRequest('textDocument/references', params, token).then(
      (found) => `${(found as unknown[]).length > 0}`,
      ({ code }) => `${code}`,
    );
    ends.push(ended);
    if (index % 2 === 0) source.cancel();
  }
  const found = await Promise.all(ends);
  expect(found.filter((_, index) => index % 2 === 1)).toEqual(Array(100).fill('true'));
  const cancelled = found.filter((_, index) => index % 2 === 0);
  expect(cancelled.every((each) => each === 'true' || each === '-32800')).toBe(true);
  expect(cancelled).toContain('-32800');
  await editor.close(document);
});

test('a document that is not open is no reason to fail', async () => {
  const uri = pathToFileURL(join(folder, 'scopes.jsonc')).href;
  const other = TextDocument.create(uri, 'jsonc', 1, '');
  expect(await editor.ask('hover', other, 0)).toBeNull();
  const before = editor.messages.length;
  await editor.change(other, 0, 0, 'x');
  await editor.settled();
  expect(editor.messages.slice(before)).toEqual([expect.stringContaining('is not open')]);
});
