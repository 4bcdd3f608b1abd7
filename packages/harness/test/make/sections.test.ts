import { readSource } from '@connectorkit/sdk';
import { describe, expect, test } from 'vitest';
import { answer, ask, client, start } from './author.ts';

const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'] as const;
const one = { app: 'shop', connections: [{ type: 'oauth', label: 'x' }] };
const at = (section: string) => `/sdk/apps/connections/shop/${section}`;
const put = (section: string, body: string, type = 'application/jsonc') =>
  answer(at(section), { method: 'PUT', body, type });
const textOf = async (section: string) => (await ask(at(section))).text();

describe('1.6 read a section', () => {
  test('is its text, as application/jsonc', async () => {
    await start(one);
    for (const section of SECTIONS) {
      const response = await ask(at(section));
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/jsonc']);
    }
  });

  test.each([
    ['comments, tabs and line ends', '{\r\n\t// kept\r\n  "a": 1 /* too */ }\r\n\n'],
    ['no line end, wide characters', '{"é":"𝒳\\u0000"}'],
    ['a whole text of another kind', '"rpc://listParameters"'],
    ['what old rows have', 'null'],
  ])('byte for byte: %s', async (_what, text) => {
    await start(one);
    expect(await put('parameters', text)).toEqual([200, { change: {} }]);
    const bytes = Buffer.from(await (await ask(at('parameters'))).arrayBuffer());
    expect(bytes.equals(Buffer.from(text))).toBe(true);
  });

  test('one that there is not', async () => {
    await start(one);
    for (const section of ['wrong', 'communication', 'Api']) expect((await answer(at(section)))[0]).toBe(404);
    expect((await put('wrong', '{}'))[0]).toBe(404);
  });
});

describe('1.7 write a section', () => {
  test('as application/jsonc or as application/json, nothing else', async () => {
    await start(one);
    expect((await put('api', '{ /* one */ }'))[0]).toBe(200);
    expect((await put('api', '{}', 'application/json; charset=utf-8'))[0]).toBe(200);
    expect((await put('api', '{}', 'text/plain'))[0]).toBe(415);
    expect(await textOf('api')).toBe('{}');
  });

  test('broken syntax is refused with its position, and what was there stays', async () => {
    await start({ ...one, sections: { api: '{}' } });
    for (const [text, position] of [
      ['{ "url" "x" }', 8],
      ['{\r\n  "url" "x"\r\n}', 11],
      ['{ // 𝒳\n  "a": }', 15],
      ['[1, 2', 5],
      ['nothing', 0],
    ] as const) {
      const [status, refusal] = await put('api', text);
      expect([status, refusal.code], text).toEqual([400, 'SC400']);
      expect(refusal.detail, text).toMatch(new RegExp(` in JSONC at position ${position}$`));
    }
    expect(await textOf('api')).toBe('{}');
  });

  test('trailing commas: accepted, or refused where that reading is chosen', async () => {
    const harness = await start(one);
    expect((await put('scope', '["a",]'))[0]).toBe(200);
    await harness.seed('make', { settings: { trailing_commas: 'refused' } });
    expect((await put('scope', '["a",]'))[1].detail).toContain(' in JSONC at position 4');
  });

  test('what it says is not looked at', async () => {
    await start(one);
    expect((await put('api', '{ "url": "/relative", "response": { "output": 7 }, "wrong": [] }'))[0]).toBe(200);
    expect((await put('scopes', '7'))[0]).toBe(200);
  });
});

describe('1.8 common', () => {
  test('a plain object, in the clear, replaced as a whole', async () => {
    await start(one);
    const { connections } = client().sdk;
    expect(await connections.getCommon('shop')).toEqual({});
    expect(await connections.setCommon('shop', { clientId: 'a', clientSecret: 'b' })).toBe(true);
    expect(await connections.setCommon('shop', { clientSecret: 'c' })).toBe(true);
    expect(await answer(at('common'))).toEqual([200, { clientSecret: 'c' }]);
  });

  test('strict JSON only, and an object only', async () => {
    await start(one);
    expect((await put('common', '{ "a": 1 } // comment', 'application/json'))[0]).toBe(400);
    expect((await put('common', '{}', 'application/jsonc'))[0]).toBe(415);
    for (const text of ['[]', '"text"', 'null', '7']) {
      const [status, refusal] = await put('common', text, 'application/json');
      expect([status, refusal.detail], text).toEqual([400, 'Common data must be a collection']);
    }
  });
});

describe('1 new connections: default section content', () => {
  const OAUTH = ['authorize', 'token', 'info', 'invalidate'];
  const WHO = ['url', 'headers', 'response', 'log'];
  const CLIENT = ['clientId', 'clientSecret'];
  const TEMPLATES = {
    apikey: [WHO, ['apiKey']],
    basic: [WHO, ['username', 'password']],
    other: [[], []],
    oauth: [OAUTH, CLIENT],
    'oauth-refresh': [['authorize', 'token', 'refresh', 'info', 'invalidate'], CLIENT],
    'oauth-clicre': [['token', 'info', 'invalidate'], CLIENT],
    'oauth-resowncre': [
      ['token', 'info', 'invalidate'],
      ['username', 'password', ...CLIENT],
    ],
    'oauth-1': [
      ['oauth', 'requestToken', 'authorize', 'accessToken', 'info'],
      ['consumerKey', 'consumerSecret'],
    ],
  } as const;

  test.each(Object.entries(TEMPLATES))('%s', async (type, [steps, fields]) => {
    await start({ app: 'shop', connections: [{ type, label: 'x' }] });
    const read = async (section: string) => readSource('', await textOf(section), { comments: true }).value;
    expect(Object.keys((await read('api')) as object)).toEqual(steps);
    expect(((await read('parameters')) as { name: string }[]).map(({ name }) => name)).toEqual(fields);
    if (type === 'oauth') expect(await textOf('api')).toContain('oauth.localRedirectUri');
    expect([await read('scope'), await read('scopes'), await read('install'), await read('installSpec')]).toEqual([
      [],
      {},
      {},
      [],
    ]);
    expect(await answer(at('common'))).toEqual([200, {}]);
  });
});
