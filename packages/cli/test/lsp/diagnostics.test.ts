import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileChangeType, WatchKind } from 'vscode-languageserver/node';
import { run, temporaryFolder } from '../connector.ts';
import { Editor, EXAMPLES, example } from './editor.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await new Editor(temporaryFolder()).start();
});

afterAll(() => editor.stop());

/** What `connector validate` says, in the form of the editor's problems. */
async function validated(project: string): Promise<readonly string[]> {
  const { stdout } = await run(['validate', '--json', '--project', project], { cwd: temporaryFolder() });
  const { diagnostics } = JSON.parse(stdout);
  return diagnostics
    .map(
      ({ file, line = 1, column = 1, severity, code }: Record<string, unknown>) =>
        `${file}:${line}:${column} ${severity} ${code}`,
    )
    .sort();
}

function copyOf(folder: string): string {
  const project = join(temporaryFolder(), 'project');
  cpSync(folder, project, { recursive: true, filter: (path) => !/[\\/](\.connector|node_modules)$/.test(path) });
  return project;
}

const apiOf = (project: string) => {
  const [id = ''] = readdirSync(join(project, 'connections'));
  return join(project, 'connections', id, 'api.jsonc');
};

const NAMES = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test.each(NAMES)('what is shown of the example %s is what validate says', async (name) => {
  const document = await editor.open(apiOf(example(name)));
  expect(await editor.allProblems(example(name))).toEqual(await validated(example(name)));
  expect(editor.shown.get(document.uri)).toBeDefined();
  await editor.close(document);
});

describe('a project that is edited', () => {
  test('shows what validate says of the unsaved texts, in all files of the project', async () => {
    const project = copyOf(example('github-oauth'));
    const api = apiOf(project);
    const document = await editor.open(api);
    const edits: [string, string][] = [
      ['"POST"', '"PSOT"'],
      ['parameters.clientId', 'parameters.clientld'],
      ['"authorize"', '"authorise"'],
      ['"url": "https:', '"url": "http:'],
      ['{', '['],
    ];
    for (const [piece, text] of edits) {
      await editor.replace(document, piece, text);
      writeFileSync(api, document.getText());
      const expected = await validated(project);
      expect(expected).not.toEqual([]);
      expect(await editor.allProblems(project)).toEqual(expected);
    }
    await editor.close(document);
  });

  test('shows the message, the hint, the range and related places', async () => {
    const project = copyOf(example('github-oauth'));
    const document = await editor.open(apiOf(project));
    await editor.replace(document, '"method": "POST",', '"method": "POST", "method": "GET",');
    await editor.settled();
    const [twice] = editor.shown.get(document.uri) ?? [];
    expect(twice).toMatchObject({
      code: 'source/duplicate-key',
      source: 'connector',
      severity: 1,
      message: '"method" occurs twice in this object: the first value is lost. Remove one of the two, or rename it.',
      relatedInformation: [{ message: 'The first is here.', location: { uri: document.uri } }],
    });
    const text = document.getText(twice?.range);
    expect(text).toBe('"method"');
    await editor.close(document);
  });

  test('a problem goes with its cause, and all go with the last document', async () => {
    const project = copyOf(example('github-oauth'));
    const document = await editor.open(apiOf(project));
    await editor.replace(document, '"POST"', '"PSOT"');
    expect(await editor.allProblems(project)).toHaveLength(1);
    await editor.replace(document, '"PSOT"', '"POST"');
    expect(await editor.allProblems(project)).toEqual([]);
    await editor.replace(document, '"POST"', '"PSOT"');
    await editor.close(document);
    expect(await editor.allProblems(project)).toEqual([]);
  });

  test('what others write on disk counts when the editor says so', async () => {
    const project = copyOf(example('github-oauth'));
    const document = await editor.open(apiOf(project));
    expect(await editor.allProblems(project)).toEqual([]);
    expect(editor.registered).toContain('workspace/didChangeWatchedFiles');
    const form = join(project, 'connections/github/parameters.jsonc');
    writeFileSync(form, '[{ "name": "clientId", "type": "txet" }]');
    const changes = [{ uri: pathToFileURL(form).href, type: 2 }];
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    const problems = await editor.allProblems(project);
    expect(problems).toEqual(await validated(project));
    expect(problems.join('\n')).toContain('parameters.jsonc');
    // The manifest goes: the file is one that is opened alone.
    rmSync(join(project, 'connector.json'));
    const gone = [{ uri: pathToFileURL(join(project, 'connector.json')).href, type: 3 }];
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: gone });
    expect(await editor.allProblems(project)).toEqual([]);
    await editor.close(document);
  });

  test('a folder that comes or goes counts, of which editors tell as of one file', async () => {
    const project = copyOf(example('github-oauth'));
    const document = await editor.open(apiOf(project));
    expect(await editor.allProblems(project)).toEqual([]);
    expect(editor.watched).toContainEqual({ globPattern: '**', kind: WatchKind.Create | WatchKind.Delete });
    const tell = (path: string, type: FileChangeType) => {
      const changes = [{ uri: pathToFileURL(path).href, type }];
      return editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    };
    const other = join(project, 'connections/other');
    const outside = join(temporaryFolder(), 'other');
    mkdirSync(outside);
    writeFileSync(join(outside, 'connection.json'), '{ "type": "apikey", "label": "Other" }');
    renameSync(outside, other);
    await tell(other, FileChangeType.Created);
    const problems = await editor.allProblems(project);
    expect(problems).toEqual(await validated(project));
    expect(problems.join('\n')).toContain('connections/other/connection.json');
    rmSync(other, { recursive: true });
    await tell(other, FileChangeType.Deleted);
    expect(await editor.allProblems(project)).toEqual([]);
    // The whole project goes: the file is one that is opened alone.
    await editor.replace(document, 'parameters.clientId', 'parameters.clientld');
    expect((await editor.allProblems(project)).join('\n')).toContain('iml/undeclared-parameter');
    rmSync(project, { recursive: true });
    await tell(project, FileChangeType.Deleted);
    expect((await editor.allProblems(project)).join('\n')).not.toContain('iml/undeclared-parameter');
    await editor.close(document);
  });

  test('in the layout of Make as well', async () => {
    const project = copyOf(example('github-oauth'));
    const { code } = await run(['convert', '--layout', 'make', '--project', project], { cwd: temporaryFolder() });
    expect(code).toBe(0);
    const manifest = await editor.open(join(project, 'makecomapp.json'));
    const api = JSON.parse(manifest.getText()).components.connection.github.codeFiles.communication;
    const document = await editor.open(join(project, api));
    await editor.replace(document, 'parameters.clientId', 'parameters.clientld');
    await editor.replace(manifest, '.scope-list.iml.json', '.scope-lits.iml.json');
    writeFileSync(join(project, api), document.getText());
    writeFileSync(join(project, 'makecomapp.json'), manifest.getText());
    const expected = await validated(project);
    expect(expected.length).toBeGreaterThan(1);
    expect(await editor.allProblems(project)).toEqual(expected);
    await editor.close(document);
    await editor.close(manifest);
  });
});

describe('a file that is opened alone', () => {
  test('is validated as what its name says, for every type that it may have', async () => {
    const folder = temporaryFolder();
    const api = await editor.open(join(folder, 'api.jsonc'), '{ "url": "https://api.acme.test", "mehtod": "GET" }');
    expect(await editor.problems(api.uri)).toEqual(
      ['1:35 error schema/unknown-key', expect.stringContaining('error')].slice(0, 1),
    );
    const scope = await editor.openUri('untitled:scope.jsonc', '["read", 1]');
    expect(await editor.problems(scope.uri)).toEqual(['1:10 error schema/type']);
    const named = await editor.open(join(folder, 'acme.oauth-communication.iml.json'), '{ "token": { "url": 1 } }');
    expect(await editor.problems(named.uri)).toEqual(['1:21 error schema/type']);
    const other = await editor.open(join(folder, 'tsconfig.json'), '{ "a": ');
    expect(await editor.problems(other.uri)).toEqual([]);
    for (const document of [api, scope, named, other]) await editor.close(document);
    await editor.settled();
    expect(editor.shown.get(scope.uri)).toEqual([]);
  });
});
