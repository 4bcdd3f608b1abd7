import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem, Hover, MarkupContent, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { temporaryFolder } from '../connector.ts';
import { Editor, example } from './editor.ts';

let editor: Editor;
let api: TextDocument;

const connection = join(example('github-oauth'), 'connections/github');

beforeAll(async () => {
  editor = await new Editor(temporaryFolder()).start();
  api = await editor.open(join(connection, 'api.jsonc'));
});

afterAll(() => editor.stop());

const complete = (document: TextDocument, at: string | number, further = 0) =>
  editor.ask<CompletionItem[]>('completion', document, at, further);

const labels = (items: readonly CompletionItem[]) => items.map(({ label }) => label);

const hover = async (document: TextDocument, at: string | number, further = 0) => {
  const found = await editor.ask<Hover | null>('hover', document, at, further);
  const contents = found?.contents as MarkupContent | string[] | undefined;
  return Array.isArray(contents) ? contents.join('\n') : (contents?.value ?? '');
};

/** A document of the connection with another text, which is put back afterwards. */
async function written<T>(text: string, work: (document: TextDocument) => Promise<T>): Promise<T> {
  const before = api.getText();
  await editor.change(api, 0, before.length, text);
  const result = await work(api);
  await editor.change(api, 0, text.length, before);
  return result;
}

describe('completion in an expression', () => {
  test('knows the members of variables here, with their types', async () => {
    const items = await complete(api, 'parameters.clientId', 'parameters.'.length);
    expect(labels(items)).toEqual(['clientId', 'clientSecret']);
    expect(items[0]).toMatchObject({ detail: 'text or undefined', textEdit: { newText: 'clientId' } });
    const [edit] = items.map(({ textEdit }) => textEdit as TextEdit);
    expect(api.getText(edit?.range)).toBe('clientId');
    expect(labels(await complete(api, 'common.clientId', 'common.'.length))).toEqual(['clientId', 'clientSecret']);
    expect(labels(await complete(api, 'oauth.localRedirectUri', 'oauth.'.length))).toContain('state');
  });

  test('knows variables, functions and keywords where an expression begins, and only those that exist there', async () => {
    const authorize = await complete(api, '{{ifempty', 2);
    expect(labels(authorize)).toEqual(expect.arrayContaining(['parameters', 'common', 'oauth', 'base64', 'now']));
    expect(labels(authorize)).not.toContain('body');
    const call = authorize.find(({ label }) => label === 'base64');
    // Parentheses are there already.
    expect(call).toMatchObject({ kind: 3, textEdit: { newText: 'base64' } });
    const empty = await written('{ "url": "{{}}" }', (document) => complete(document, '{{', 2));
    const inserted = empty.find(({ label }) => label === 'base64');
    expect(inserted).toMatchObject({ insertTextFormat: 2, textEdit: { newText: 'base64($1)' } });
    const response = await complete(api, '{{body.', 2);
    expect(labels(response)).toEqual(expect.arrayContaining(['body', 'statusCode']));
  });

  test('works while the text is broken in every way in which it is while it is typed', async () => {
    const head = '{ "token": { "url": "https://a.test/';
    const cases: [string, string][] = [
      [`${head}{{parameters.|`, 'clientId'],
      [`${head}{{parameters.cli|`, 'clientId'],
      [`${head}{{parameters.cli|}}" } }`, 'clientId'],
      [`${head}{{ifempty(parameters.|, 1)}}" } }`, 'clientId'],
      [`${head}{{ifempty(temp.x, common.|`, 'clientSecret'],
      [`${head}{{|`, 'parameters'],
      [`${head}{{|}}", "method": `, 'parameters'],
      [`${head}{{par|`, 'parameters'],
      [`${head}{{1 + |}}"`, 'parameters'],
      [`${head}\\u00e9{{'a' + parameters.\`|`, 'clientId'],
    ];
    for (const [marked, label] of cases) {
      const at = marked.indexOf('|');
      const text = marked.replace('|', '');
      const items = await written(text, (document) => complete(document, at));
      expect([marked, labels(items)]).toEqual([marked, expect.arrayContaining([label])]);
    }
  });

  test('says nothing in a text inside an expression, nor behind a path of which nothing is known', async () => {
    for (const marked of ['{ "url": "{{join(oauth.scope, \'par|\')}}" }', '{ "token": { "url": "{{body.|}}" } }']) {
      const at = marked.indexOf('|');
      expect(await written(marked.replace('|', ''), (document) => complete(document, at))).toEqual([]);
    }
  });

  test('knows what requests set in temp, from there on', async () => {
    const text = (place: string) => `{
      "authorize": { "url": "https://a.test/${place === 'before' ? '{{temp.|}}' : ''}", "response": { "temp": { "code": "{{query.code}}", "a-b": 1 } } },
      "token": { "url": "https://a.test/${place === 'after' ? '{{temp.|}}' : ''}", "response": { "data": { "accessToken": "{{body.x}}" } } },
      "info": { "url": "https://a.test/${place === 'stored' ? '{{connection.|}}' : ''}" }
    }`;
    const at = async (place: string) => {
      const marked = text(place);
      return written(marked.replace('|', ''), (document) => complete(document, marked.indexOf('|')));
    };
    expect(labels(await at('before'))).toEqual([]);
    const after = await at('after');
    expect(labels(after)).toEqual(['code', 'a-b']);
    expect(after[1]).toMatchObject({ textEdit: { newText: '`a-b`' } });
    expect(labels(await at('stored'))).toEqual(expect.arrayContaining(['accessToken', 'clientId']));
  });
});

describe('completion by the schema', () => {
  test('knows keys, and none that a connection may not have', async () => {
    const keys = labels(await complete(api, '"url"', 1));
    expect(keys).toEqual(expect.arrayContaining(['encodeUrl', 'condition', 'log']));
    expect(keys).not.toContain('pagination');
  });

  test('knows the values of an enumeration', async () => {
    expect(labels(await complete(api, '"POST"', 1))).toEqual(expect.arrayContaining(['"GET"', '"PATCH"']));
    const form = await editor.open(join(connection, 'parameters.jsonc'));
    expect(labels(await complete(form, '"password"', 1))).toEqual(expect.arrayContaining(['"text"', '"select"']));
    await editor.close(form);
  });

  test('brings a step as a snippet', async () => {
    const steps = await written('{  }', (document) => complete(document, 2));
    const token = steps.find(({ label }) => label === 'token');
    expect(token).toMatchObject({ insertTextFormat: 2 });
    expect(token?.textEdit?.newText ?? token?.insertText).toContain('"grant_type": "authorization_code"');
  });
});

test('completion knows scopes, and what log.sanitize should name', async () => {
  const scope = await editor.open(join(connection, 'scope.jsonc'), '["", "user"]');
  const scopes = await editor.open(join(connection, 'scopes.jsonc'), '{ "user": "All", "repo": "Your repositories" }');
  const items = await complete(scope, 2);
  expect(items).toMatchObject([{ label: 'repo', detail: 'Your repositories', textEdit: { newText: 'repo' } }]);
  expect(await hover(scope, '"user"', 2)).toBe('All');
  await editor.close(scope);
  await editor.close(scopes);
  const text =
    '{ "token": { "url": "https://a.test", "body": { "client_secret": "{{common.clientSecret}}" }, "log": { "sanitize": [""] } } }';
  const paths = await written(text, (document) => complete(document, '[""]', 2));
  expect(labels(paths)).toContain('request.body.client_secret');
});

test('completion in a test knows fields, common, stored data and scopes', async () => {
  const text = `{ "cases": [{ "name": "a", "given": { "parameters": { "": 1, "clientId": "x" }, "common": { "": 1 }, "scopes": [""] }, "expect": { "data": { "": 1 } } }] }`;
  const file = await editor.open(join(connection, 'tests/other.test.jsonc'), text);
  expect(labels(await complete(file, '"parameters": { "', '"parameters": { "'.length))).toContain('clientSecret');
  expect(labels(await complete(file, '"common": { "', '"common": { "'.length))).toContain('clientId');
  expect(labels(await complete(file, '"scopes": ["', '"scopes": ["'.length)).length).toBeGreaterThan(0);
  expect(labels(await complete(file, '"data": { "', '"data": { "'.length))).toContain('accessToken');
  expect(labels(await complete(file, '"name"', 1))).toContain('exchanges');
  await editor.close(file);
});

describe('hover', () => {
  test('tells a function, a variable, a member and where it comes from, and a keyword', async () => {
    const call = await hover(api, 'ifempty', 2);
    expect(call).toContain('ifempty(value, otherwise)');
    expect(call).toContain('Example: `{{');
    expect(await hover(api, 'parameters.clientId', 2)).toMatch(/What the user filled in/);
    const member = await hover(api, 'parameters.clientId', 'parameters.cl'.length);
    expect(member).toContain('parameters.clientId: text or undefined');
    expect(member).toMatch(/The field “.*” of `parameters`\./);
    expect(await hover(api, 'common.clientId', 'common.cl'.length)).toContain(
      'Declared in `common.properties.clientId`',
    );
    const keyword = await written('{ "info": { "url": "{{now}}{{body}}" } }', async (document) => [
      await hover(document, '{{now', 3),
      await hover(document, '{{body', 3),
    ]);
    expect(keyword[0]).toContain('The current date and time.');
    expect(keyword[1]).toContain('body does not exist here: it belongs to the response');
  });

  test('tells a directive and the fields of the manifest', async () => {
    expect(await hover(api, '"log"', 2)).toContain('not sanitized');
    const manifest = await editor.open(join(example('github-oauth'), 'connector.json'));
    expect(await hover(manifest, '"name"', 2)).toContain('name of the connector');
    await editor.close(manifest);
  });

  test('says nothing outside of everything', async () => {
    expect(await hover(api, 0)).not.toContain('undefined');
    const other = TextDocument.create('file:///none.json', 'jsonc', 1, '');
    expect(await editor.ask('hover', other, 0)).toBeNull();
  });
});

test('an editor without snippets gets plain words', async () => {
  const plain = await new Editor(temporaryFolder()).start({});
  const document = await plain.open(join(connection, 'api.jsonc'));
  await plain.replace(document, '{{ifempty', '{{ifempty + ifempty');
  const items = await plain.ask<CompletionItem[]>(
    'completion',
    document,
    '{{ifempty + ifempty',
    '{{ifempty + '.length - 1,
  );
  expect(items.find(({ label }) => label === 'base64')).toMatchObject({ textEdit: { newText: 'base64()' } });
  expect(items.every((each) => each.insertTextFormat !== 2)).toBe(true);
  expect(await plain.stop()).toBe(0);
});
