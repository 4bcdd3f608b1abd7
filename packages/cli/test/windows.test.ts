import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openProject } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import { isDeviceName } from '@connectorkit/sdk/project';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CodeAction, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { pathBelow } from '../src/watcher.ts';
import { run, temporaryFolder } from './connector.ts';
import { changesOf, Editor } from './lsp/editor.ts';
import { ask, newProject, start, stopAll } from './project.ts';

/* What is different on Windows: line ends, as git checks them out there, names of files, and how paths are written. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let project: string;
beforeEach(async () => {
  project = await newProject();
});
afterEach(stopAll);

const folder = () => join(project, 'connections/github');
const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];

/** Gives every file the line ends of Windows. */
function checkOutOnWindows(): void {
  for (const entry of readdirSync(project, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.jsonc?$/.test(file) && !file.includes('.connector')) {
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    }
  }
}

/** Puts a text in the place of a piece of api, and gives the file. */
function broken(piece: string, text: string): string {
  const file = join(folder(), 'api.jsonc');
  const before = readFileSync(file, 'utf8');
  expect(before).toContain(piece);
  writeFileSync(file, before.replace(piece, text));
  return file;
}

const validated = async () => JSON.parse((await run(['validate', '--json'], { cwd: project })).stdout).diagnostics;

/** Checks that every line ends as on Windows. */
function expectWindows(text: string): void {
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(text).toContain('\r\n');
}

test('problems stand at the same places, and fixes leave the line ends', async () => {
  broken('"method": "POST",', '"method": "PSOT",');
  broken('"code": "{{query.code}}"', '"code": "{{query.code}}",');
  const before = await validated();
  expect(before.map(({ code }: { code: string }) => code)).toEqual(
    expect.arrayContaining(['schema/enum', 'source/trailing-comma']),
  );
  checkOutOnWindows();
  const withoutFixes = (all: object[]) => all.map((each) => ({ ...each, fix: undefined }));
  expect(withoutFixes(await validated())).toEqual(withoutFixes(before));
  await run(['validate', '--fix'], { cwd: project });
  const text = readFileSync(join(folder(), 'api.jsonc'), 'utf8');
  expectWindows(text);
  expect(text).toContain('"{{query.code}}"\r\n');
});

test('an editor formats them, and adds comments to them, as they are', async () => {
  broken('https://api.github.com/user', 'http://api.github.com/user');
  checkOutOnWindows();
  const editor = await new Editor(temporaryFolder()).start();
  const api = await editor.open(broken('"authorize": {', '"authorize":    {'));
  const [problem] = await editor.problems(api.uri);
  const [, line = 0] = /^(\d+):\d+ warning request\/plain-http$/.exec(problem ?? '') ?? [];
  expect(api.getText().split('\r\n')[Number(line) - 1]).toContain('http://api.github.com/user');
  const edits = await editor.connection.sendRequest<TextEdit[]>('textDocument/formatting', {
    textDocument: { uri: api.uri },
    options: { tabSize: 2, insertSpaces: true },
  });
  const formatted = TextDocument.applyEdits(api, edits);
  expectWindows(formatted);
  expect(formatted).toContain('"authorize": {\r\n');
  const diagnostics = editor.shown.get(api.uri) ?? [];
  const actions = await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: api.uri },
    range: diagnostics[0]?.range,
    context: { diagnostics },
  });
  const allow = actions.find(({ title }) => title.startsWith('Allow request/plain-http'));
  const allowed = TextDocument.applyEdits(api, changesOf(allow?.edit ?? {})[api.uri] ?? []);
  expectWindows(allowed);
  expect(allowed).toContain('// connector-ignore request/plain-http: \r\n');
  expect(await editor.stop()).toBe(0);
});

test('they are pushed byte for byte, are then the same, and come back as they are', async () => {
  checkOutOnWindows();
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
  const json = async (...args: string[]) => JSON.parse((await run([...args, '--json'], { cwd: project })).stdout).data;
  const { connections } = await json('push');
  for (const section of SECTIONS) {
    const { bytes } = await ask(harness, `/sdk/apps/connections/${connections.github}/${section}`);
    expect(bytes.equals(readFileSync(join(folder(), `${section}.jsonc`))), section).toBe(true);
    expectWindows(bytes.toString());
  }
  expect((await json('push')).changes).toEqual([]);
  expect((await run(['diff', '--exit-code'], { cwd: project })).code).toBe(0);
  const before = readFileSync(join(folder(), 'api.jsonc'));
  expect((await run(['pull'], { cwd: project })).code).toBe(0);
  expect(readFileSync(join(folder(), 'api.jsonc')).equals(before)).toBe(true);
  expectWindows(readFileSync(join(project, 'connector.json'), 'utf8'));
});

test('their tests run, and the types of their values are the same', async () => {
  const before = await run(['test'], { cwd: project });
  expect((await run(['types'], { cwd: project })).code).toBe(0);
  checkOutOnWindows();
  const after = await run(['test'], { cwd: project });
  expect([after.code, after.stdout]).toEqual([before.code, before.stdout]);
  expect((await run(['types', '--check'], { cwd: project })).code).toBe(0);
});

test.each(['native', 'make'])(
  'in the layout %s, a path of Windows leads to the connection that owns it',
  async (layout) => {
    if (layout === 'make') expect((await run(['convert', '--layout', 'make'], { cwd: project })).code).toBe(0);
    const opened = openProject(filesIn(project));
    const ownerOf = (path: string) => opened.ownerOf(pathBelow('C:\\work\\mine', path, win32));
    const { api } = opened.connections[0]?.sections ?? {};
    const file = `C:\\work\\mine\\${api?.file.replaceAll('/', '\\')}`;
    expect(file).toContain('github');
    expect(ownerOf(file)).toEqual(['github']);
    expect(ownerOf(file.replace('C:\\work', 'c:\\WORK'))).toEqual(['github']);
    expect(ownerOf(`C:\\work\\mine\\${opened.manifest.file}`)).toBe('project');
    expect(ownerOf('C:\\work\\mine\\README.md')).toEqual([]);
  },
);

test('every file of ours, and of a project that is made, can lie on a disk of Windows', async () => {
  const ours = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(ours.length).toBeGreaterThan(500);
  await start(['harness', '--port', '0', '--store', 'memory'], project);
  for (const args of [['push'], ['connect', 'github', '--local', '--headless'], ['harness', 'snapshot', 'before']]) {
    expect([args, (await run([...args], { cwd: project })).code]).toEqual([args, 0]);
  }
  const made = readdirSync(project, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll(sep, '/'));
  expect(made.some((path) => path.startsWith('.connector/snapshots/'))).toBe(true);
  for (const all of [ours, made]) {
    const parts = new Set(all.flatMap((path) => path.split('/')));
    expect([...parts].filter((part) => !canBeNamed(part))).toEqual([]);
    // Names that differ only in case are one file there.
    const paths = new Set(
      all.flatMap((path) => path.split('/').map((_, index, each) => each.slice(0, index + 1).join('/'))),
    );
    expect(new Set([...paths].map((path) => path.toLowerCase())).size).toBe(paths.size);
    // 260 characters in all, of which a folder of the user takes some.
    expect(all.filter((path) => path.length > 160)).toEqual([]);
  }
});

/** Checks if a file can be called so. Source: Microsoft, "Naming Files, Paths, and Namespaces". */
function canBeNamed(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is forbidden
  return !/[<>:"|?*\\\u0000-\u001f]|[. ]$/.test(name) && !isDeviceName(name.split('.')[0] ?? '');
}
