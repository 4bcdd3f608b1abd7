import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { run, temporaryFolder } from '../connector.ts';
import { CAPABILITIES, changesOf, Editor, example, offsetOf } from './editor.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await new Editor(temporaryFolder()).start();
});

afterAll(() => editor.stop());

async function opened(): Promise<{ project: string; api: TextDocument }> {
  const project = join(temporaryFolder(), 'project');
  cpSync(example('github-oauth'), project, { recursive: true });
  return { project, api: await editor.open(join(project, 'connections/github/api.jsonc')) };
}

async function actions(document: TextDocument, piece: string, only?: string[]): Promise<CodeAction[]> {
  await editor.settled();
  const start = document.positionAt(offsetOf(document, piece));
  const end = document.positionAt(offsetOf(document, piece) + piece.length);
  const diagnostics = editor.shown.get(document.uri) ?? [];
  return editor.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri: document.uri },
    range: { start, end },
    context: { diagnostics, ...(only === undefined ? {} : { only }) },
  });
}

async function applied(document: TextDocument, action: CodeAction | undefined): Promise<string> {
  return TextDocument.applyEdits(document, changesOf(action?.edit ?? {})[document.uri] ?? []);
}

test('a fix corrects one problem, all of its kind, or all of the file, as validate --fix does', async () => {
  const { project, api } = await opened();
  await editor.replace(api, '"code": "{{query.code}}"', '"code": "{{query.code}}",');
  await editor.replace(
    api,
    '"url": "https://github.com/login/oauth/authorize"',
    '"url": "https://github.com/login/oauth/authorize" // connector-ignore request/plain-http: it was plain',
  );
  await editor.replace(
    api,
    '"method": "POST"',
    '"method": "POST" // connector-ignore request/plain-http: it was plain',
  );
  // Text behind a comma is needed again.
  await editor.replace(
    api,
    'authorize" // connector-ignore request/plain-http: it was plain,',
    'authorize", // connector-ignore request/plain-http: it was plain',
  );
  await editor.replace(
    api,
    '"POST" // connector-ignore request/plain-http: it was plain,',
    '"POST", // connector-ignore request/plain-http: it was plain',
  );
  const problems = await editor.problems(api.uri);
  expect(problems.map((each) => each.split(' ')[2]).sort()).toEqual([
    'source/trailing-comma',
    'suppression/unused',
    'suppression/unused',
  ]);
  const found = await actions(api, '// connector-ignore request/plain-http: it was plain');
  expect(found.map(({ title, kind }) => [title, kind])).toEqual([
    ['Remove the comment', 'quickfix'],
    ['Fix all problems of suppression/unused in this file', 'quickfix'],
    ['Fix everything in this file that has one certain fix', 'source.fixAll'],
  ]);
  expect(found[0]).toMatchObject({ isPreferred: true, diagnostics: [{ code: 'suppression/unused' }] });
  const [one, kind, whole] = await Promise.all(found.map((action) => applied(api, action)));
  expect(one?.match(/connector-ignore/g)).toHaveLength(1);
  expect(kind).not.toContain('connector-ignore');
  expect(kind).toContain('"{{query.code}}",\n      }');
  writeFileSync(join(project, 'connections/github/api.jsonc'), api.getText());
  const fixed = await run(['validate', '--fix', '--project', project], { cwd: project });
  expect(fixed.code).toBe(0);
  const disk = readFileSync(join(project, 'connections/github/api.jsonc'), 'utf8');
  expect(whole).toBe(disk);
  const [only] = await actions(api, '"authorize"', ['source.fixAll']);
  expect(await applied(api, only)).toBe(disk);
  expect(await actions(api, '"info"', ['quickfix'])).toEqual([]);
  await editor.close(api);
});

test('a problem is allowed by a comment, which asks for its reason', async () => {
  const { project, api } = await opened();
  await editor.replace(api, 'https://api.github.com/user', 'http://api.github.com/user');
  expect((await editor.problems(api.uri)).join()).toContain('request/plain-http');
  const found = await actions(api, 'http://api.github.com/user');
  const allow = found.find(({ title }) => title.startsWith('Allow request/plain-http'));
  expect(allow?.kind).toBe('quickfix');
  const text = await applied(api, allow);
  expect(text).toContain('    // connector-ignore request/plain-http: \n    "url": "http://api.github.com/user"');
  await editor.change(api, 0, api.getText().length, text);
  expect((await editor.problems(api.uri)).join()).toContain('suppression/malformed');
  await editor.replace(api, 'request/plain-http: ', 'request/plain-http: only inside the plant');
  expect(await editor.problems(api.uri)).toEqual([]);
  // A syntax error cannot be allowed.
  await editor.replace(api, '"info"', '"info');
  const broken = await actions(api, '"info');
  expect(broken.filter(({ title }) => title.startsWith('Allow'))).toEqual([]);
  expect(project).toBeTruthy();
  await editor.close(api);
});

test('an editor that takes snippets puts the cursor where the reason is to be written', async () => {
  const other = await new Editor(temporaryFolder()).start({
    ...CAPABILITIES,
    workspace: { ...CAPABILITIES.workspace, workspaceEdit: { documentChanges: true, snippetEditSupport: true } },
  });
  const project = join(temporaryFolder(), 'project');
  cpSync(example('github-oauth'), project, { recursive: true });
  const api = await other.open(join(project, 'connections/github/api.jsonc'));
  await other.replace(api, 'https://api.github.com/user', 'http://api.github.com/user');
  await other.settled();
  const diagnostics = (other.shown.get(api.uri) ?? []).filter(({ code }) => code === 'request/plain-http');
  const found = await other.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: api.uri },
    range: diagnostics[0]?.range,
    context: { diagnostics },
  });
  const allow = found.find(({ title }) => title.startsWith('Allow request/plain-http'));
  const start = { line: diagnostics[0]?.range.start.line, character: 0 };
  expect(allow?.edit).toEqual({
    documentChanges: [
      {
        textDocument: { uri: api.uri, version: 2 },
        edits: [
          {
            range: { start, end: start },
            snippet: { kind: 'snippet', value: '    // connector-ignore request/plain-http: $0\n' },
          },
        ],
      },
    ],
  });
  expect(await other.stop()).toBe(0);
});

test('a file that is opened alone has fixes as well', async () => {
  const alone = await editor.openUri('untitled:scope.jsonc', '["read",]');
  const found = await actions(alone, ',');
  const texts = await Promise.all(found.map((action) => applied(alone, action)));
  expect(texts).toContain('["read"]');
  await editor.close(alone);
});
