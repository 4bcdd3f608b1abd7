import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Location, Range, WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { run, temporaryFolder } from '../connector.ts';
import { CAPABILITIES, changesOf, Editor, example, offsetOf } from './editor.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await new Editor(temporaryFolder()).start();
});

afterAll(() => editor.stop());

function copyOf(folder: string): string {
  const project = join(temporaryFolder(), 'project');
  cpSync(folder, project, { recursive: true });
  return project;
}

const github = () => join(copyOf(example('github-oauth')), 'connections/github');

/** The pieces of text that locations mean, each with the name of its file. */
function pieces(locations: readonly Location[] | null): string[] {
  return (locations ?? []).map(({ uri, range }) => {
    const file = fileURLToPath(uri);
    return `${file.slice(file.lastIndexOf('/') + 1)} ${pieceOf(readFileSync(file, 'utf8'), range)}`;
  });
}

function pieceOf(text: string, range: Range): string {
  return TextDocument.create('a', 'jsonc', 1, text).getText(range);
}

/** How the tests of a project end, in words. */
async function tested(project: string): Promise<string> {
  const { stderr } = await run(['test', '--project', project], { cwd: project });
  return stderr;
}

/** Writes what a rename changes, as an editor would. */
function apply(edit: WorkspaceEdit): string[] {
  return Object.entries(changesOf(edit)).map(([uri, edits]) => {
    const file = fileURLToPath(uri);
    const document = TextDocument.create(uri, 'jsonc', 1, readFileSync(file, 'utf8'));
    writeFileSync(file, TextDocument.applyEdits(document, edits));
    return file.slice(file.lastIndexOf('/') + 1);
  });
}

const rename = (document: TextDocument, at: string, further: number, newName: string) =>
  editor.ask<WorkspaceEdit>('rename', document, at, further, { newName });

describe('definition and references', () => {
  test('lead from a parameter to its field and back', async () => {
    const folder = github();
    const api = await editor.open(join(folder, 'api.jsonc'));
    const definition = await editor.ask<Location[]>('definition', api, 'parameters.clientId', 'parameters.cl'.length);
    expect(pieces(definition)).toEqual(['parameters.jsonc clientId']);
    const form = await editor.open(join(folder, 'parameters.jsonc'));
    const context = { includeDeclaration: false };
    const found = pieces(await editor.ask('references', form, '"clientId"', 2, { context }));
    expect(found.filter((each) => each === 'api.jsonc clientId')).toHaveLength(4);
    expect(found).toContain('main.test.jsonc clientId');
    expect(found).not.toContain('parameters.jsonc clientId');
    await editor.close(api);
    await editor.close(form);
  });

  test('lead to temp, stored data, common, scopes and the form of the installation', async () => {
    const folder = github();
    const api = await editor.open(join(folder, 'api.jsonc'));
    const definition = (at: string, further: number, document = api) =>
      editor.ask<Location[]>('definition', document, at, further).then(pieces);
    expect(await definition('{{temp.code}}', 8)).toEqual(['api.jsonc code']);
    expect(await definition('connection.accessToken', 12)).toEqual(['api.jsonc accessToken']);
    expect(await definition('common.clientId', 8)).toEqual(expect.arrayContaining(['common.schema.json clientId']));
    const scope = await editor.open(join(folder, 'scope.jsonc'));
    expect(await definition('"read:user"', 3, scope)).toEqual(['scopes.jsonc read:user']);
    const install = await editor.open(join(folder, 'install.jsonc'));
    expect(await definition('parameters.clientId', 12, install)).toEqual(['installSpec.jsonc clientId']);
    const nothing = await editor.ask<Location[]>('definition', api, '"method"', 3);
    expect(nothing).toEqual([]);
    for (const document of [api, scope, install]) await editor.close(document);
  });
});

describe('references', () => {
  test.each([
    ['a key of temp', 'api', '"code": "{{query.code}}"', 2, ['api.jsonc code']],
    ['a key of stored data', 'api', '"accessToken"', 3, ['api.jsonc accessToken', 'main.test.jsonc accessToken']],
    [
      'a key of common',
      'common.schema',
      '"clientId"',
      3,
      ['api.jsonc clientId', 'common.schema.json clientId', 'main.test.jsonc clientId'],
    ],
    ['a scope', 'scopes', '"read:user"', 3, ['scope.jsonc read:user']],
  ])('of %s lead to its uses', async (_, section, piece, further, expected) => {
    const file = join(github(), `${section}.json${section === 'common.schema' ? '' : 'c'}`);
    const document = await editor.open(file);
    const asked = async (includeDeclaration: boolean) =>
      pieces(await editor.ask('references', document, piece, further, { context: { includeDeclaration } }));
    const uses = await asked(false);
    expect([...new Set(uses)].sort()).toEqual([...expected].sort());
    expect(await asked(true)).toEqual(expect.arrayContaining(uses));
    expect((await asked(true)).length).toBeGreaterThan(uses.length);
    await editor.close(document);
  });
});

describe('rename', () => {
  test('changes a parameter in the form, in expressions and in tests, and nothing breaks', async () => {
    const folder = github();
    const project = join(folder, '../..');
    const before = await tested(project);
    expect(before).toMatch(/of 1 connection/);
    const api = await editor.open(join(folder, 'api.jsonc'));
    const prepared = await editor.ask<object>('prepareRename', api, 'parameters.clientId', 'parameters.cl'.length);
    expect(prepared).toMatchObject({ placeholder: 'clientId' });
    const edit = await rename(api, 'parameters.clientId', 'parameters.cl'.length, 'own-client');
    expect(apply(edit).sort()).toEqual(['api.jsonc', 'main.test.jsonc', 'parameters.jsonc']);
    const text = readFileSync(join(folder, 'api.jsonc'), 'utf8');
    expect(text).toContain('{{ifempty(parameters.`own-client`, common.clientId)}}');
    expect(text).not.toContain('parameters.clientId');
    expect(readFileSync(join(folder, 'parameters.jsonc'), 'utf8')).toContain('"name": "own-client"');
    expect((await run(['validate', '--project', project], { cwd: project })).code).toBe(0);
    expect(await tested(project)).toBe(before);
    await editor.close(api);
  });

  test('changes a key of temp and one of stored data everywhere, unsaved texts included', async () => {
    const folder = github();
    const project = join(folder, '../..');
    const before = await tested(project);
    const api = await editor.open(join(folder, 'api.jsonc'));
    apply(await rename(api, '{{temp.code}}', 8, 'theCode'));
    await editor.change(api, 0, api.getText().length, readFileSync(join(folder, 'api.jsonc'), 'utf8'));
    expect(api.getText()).not.toMatch(/temp\.code|"code": "\{\{query/);
    const edit = await rename(api, '"accessToken"', 3, 'token');
    expect(apply(edit).sort()).toEqual(expect.arrayContaining(['api.jsonc', 'main.test.jsonc']));
    expect((await run(['validate', '--project', project], { cwd: project })).code).toBe(0);
    expect(await tested(project)).toBe(before);
    await editor.close(api);
  });

  test('says of which version of each open document it is, to an editor that wants to know', async () => {
    const folder = github();
    const uriOf = (file: string) => pathToFileURL(join(folder, file)).href;
    const versions = async (from: Editor) => {
      const api = await from.open(join(folder, 'api.jsonc'));
      const form = await from.open(join(folder, 'parameters.jsonc'));
      await from.change(form, form.getText().length, form.getText().length, '\n');
      const edit = await from.ask<WorkspaceEdit>('rename', api, 'parameters.clientId', 'parameters.cl'.length, {
        newName: 'own',
      });
      for (const document of [api, form]) await from.close(document);
      const changed = (edit.documentChanges ?? []).flatMap((change) => ('edits' in change ? change.textDocument : []));
      return { changed: changed.map(({ uri, version }) => [uri, version]), plain: edit.changes };
    };
    const { changed, plain } = await versions(editor);
    expect(plain).toBeUndefined();
    expect(changed).toEqual(
      expect.arrayContaining([
        [uriOf('api.jsonc'), 1],
        [uriOf('parameters.jsonc'), 2],
        [uriOf('tests/main.test.jsonc'), null],
      ]),
    );
    const older = await new Editor(temporaryFolder()).start({ ...CAPABILITIES, workspace: {} });
    const unversioned = await versions(older);
    expect(unversioned.changed).toEqual([]);
    expect(Object.keys(unversioned.plain ?? {})).toContain(uriOf('tests/main.test.jsonc'));
    expect(await older.stop()).toBe(0);
  });

  test('changes a form that is written as a JSON Schema', async () => {
    const folder = github();
    writeFileSync(
      join(folder, 'parameters.jsonc'),
      JSON.stringify({
        type: 'object',
        properties: { clientId: { type: 'string' }, clientSecret: { type: 'string', writeOnly: true } },
        required: ['clientId'],
      }),
    );
    const api = await editor.open(join(folder, 'api.jsonc'));
    const definition = await editor.ask<Location[]>('definition', api, 'parameters.clientId', 12);
    expect(pieces(definition)).toEqual(['parameters.jsonc clientId']);
    apply(await rename(api, 'parameters.clientId', 12, 'client'));
    const written = JSON.parse(readFileSync(join(folder, 'parameters.jsonc'), 'utf8'));
    expect(Object.keys(written.properties)).toEqual(['client', 'clientSecret']);
    expect(written.required).toEqual(['client']);
    await editor.close(api);
  });

  test('says why when a name cannot be taken, or is not ours to rename', async () => {
    const folder = github();
    const api = await editor.open(join(folder, 'api.jsonc'));
    const refused = (at: string, further: number, name: string) =>
      rename(api, at, further, name).then(
        () => 'done',
        (error: Error) => error.message,
      );
    expect(await refused('parameters.clientId', 12, 'clientSecret')).toBe(
      '"clientSecret" is a name of parameters already.',
    );
    expect(await refused('parameters.clientId', 12, 'accessToken')).toBe('"accessToken" is a name of data already.');
    expect(await refused('parameters.clientId', 12, ' ')).toBe('A name cannot be empty.');
    expect(await refused('parameters.clientId', 12, 'a`b')).toContain('backticks');
    expect(await refused('common.clientId', 8, 'x')).toContain('Keys of common are not renamed');
    const scope = await editor.open(join(folder, 'scope.jsonc'));
    await expect(rename(scope, '"read:user"', 3, 'x')).rejects.toThrow('Scopes are not renamed');
    await editor.close(scope);
    expect(await editor.ask('prepareRename', api, offsetOf(api, '"method"'), 2)).toBeNull();
    await editor.close(api);
  });

  test('works in a file that is opened alone, as far as it goes', async () => {
    const text =
      '{ "token": { "url": "https://a.test", "response": { "temp": { "a": 1 }, "data": { "b": "{{temp.a}}" } } } }';
    const alone = await editor.openUri('untitled:api.jsonc', text);
    const edit = await rename(alone, '"a"', 1, 'c');
    const changed = TextDocument.applyEdits(alone, changesOf(edit)[alone.uri] ?? []);
    expect(changed).toBe(text.replace('"a": 1', '"c": 1').replace('temp.a', 'temp.c'));
    await editor.close(alone);
  });
});
