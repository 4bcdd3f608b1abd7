import { describe, expect, test } from 'vitest';
import { readDescription } from '../../src/openapi/description.ts';
import { acme, imported, schemes, sectionOf, written } from './written.ts';

const KEY = schemes({ key: { type: 'apiKey', in: 'header', name: 'X-Key' } });
const said = async (text: string) => (await readDescription(text)).odd.map(({ message }) => message);
const whyNot = (text: string) =>
  readDescription(text).then(
    () => expect.unreachable(),
    (error) => error.diagnostics[0],
  );

describe('what is read', () => {
  test.each(['3.0.3', '3.1.0', '3.2.0'])('OpenAPI %s', async (openapi) => {
    expect(await said(acme({ ...KEY, openapi }))).toEqual([]);
  });

  test('YAML, with keys that are merged and numbers that are versions', async () => {
    const text = `openapi: 3.0
info: &info
  title: Acme
servers: [{url: https://api.acme.test}]
x-shared: &shared
  in: header
components:
  securitySchemes:
    key: {<<: *shared, type: apiKey, name: X-Key}
security: [{key: []}]
paths:
  /me: {get: {}}
`;
    const made = await imported(text);
    expect(made.source).toBe('OpenAPI 3.0');
    expect(made.diagnostics.map(({ message }) => message)).toEqual(['The version is the number 3, not a string.']);
    expect(sectionOf(written(made).byId.get('main'), 'api').headers).toEqual({ 'X-Key': '{{parameters.apiKey}}' });
  });

  test('JSON with a byte order mark, with comments or commas too many', async () => {
    expect(await said(`\ufeff${acme(KEY)}`)).toEqual(['The document begins with a byte order mark.']);
    const tolerated = ['The document is not valid JSON: it has comments or trailing commas.'];
    expect(await said(`${acme(KEY).slice(0, -1)},}`)).toEqual(tolerated);
    expect(await said(acme(KEY).replace('{', '{ // of Acme\n/* as it was sent */'))).toEqual(tolerated);
    const flow = acme(KEY).replace('{', '{ # of Acme\n');
    expect(await said(flow)).toEqual(['The document is not valid JSON. It was parsed as YAML.']);
  });

  test('references in a circle, into other files and to nowhere lead to nothing, and nothing else is resolved', async () => {
    const paths = {
      '/me': { $ref: '#/paths/~1me' },
      '/user': { $ref: 'other.yaml#/user' },
      '/account': { $ref: '#/x-items/constructor' },
      '/orders': { $ref: '#/x-items/orders%20list' },
    };
    const text = acme({ ...KEY, paths, 'x-items': { 'orders list': { get: {} } } });
    expect(sectionOf(written(await imported(text)).byId.get('main'), 'api').url).toBe(
      'https://api.acme.test/v1/orders',
    );
  });
});

describe('OpenAPI 2.0', () => {
  const swagger = (more: object) =>
    JSON.stringify({
      swagger: '2.0',
      info: { title: 'Acme', version: '1' },
      host: 'api.acme.test',
      basePath: '/v1',
      schemes: ['http', 'https'],
      paths: {
        '/me': {
          get: {
            responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/User' } } },
          },
        },
      },
      definitions: { User: { properties: { email: { type: 'string' }, id: { type: 'integer' } } } },
      security: [{ it: [] }],
      ...more,
    });

  test.each([
    [
      { type: 'basic' },
      { headers: { Authorization: "Basic {{base64(parameters.username + ':' + parameters.password)}}" } },
    ],
    [{ type: 'apiKey', in: 'query', name: 'k' }, { qs: { k: '{{parameters.apiKey}}' } }],
  ])('%j', async (scheme, expected) => {
    const made = await imported(swagger({ securityDefinitions: { it: scheme } }));
    const { byId, problems } = written(made);
    expect(problems).toEqual([]);
    expect(sectionOf(byId.get('main'), 'api')).toMatchObject({
      url: 'https://api.acme.test/v1/me',
      response: { metadata: { value: '{{body.email}}' } },
      ...expected,
    });
  });

  test('the flow accessCode is that of an authorization code', async () => {
    const it = {
      type: 'oauth2',
      flow: 'accessCode',
      authorizationUrl: 'https://auth.acme.test/a',
      tokenUrl: 'https://auth.acme.test/t',
      scopes: { me: 'Me' },
    };
    const made = await imported(swagger({ securityDefinitions: { it } }));
    expect(made.connections.map(({ type }) => type)).toEqual(['oauth']);
    expect(sectionOf(written(made).byId.get('main'), 'api').token.url).toBe('https://auth.acme.test/t');
  });

  test('without schemes it is https, or that of the document', async () => {
    const text = swagger({ securityDefinitions: { it: { type: 'basic' } }, schemes: undefined });
    const made = await imported(text);
    expect(made.diagnostics.map(({ message }) => message)).toEqual([
      'The document has no "schemes": https is assumed.',
    ]);
    expect(sectionOf(written(made).byId.get('main'), 'api').url).toMatch(/^https:/);
    const there = await imported(text, {}, 'http://intranet.test/swagger.json');
    expect(sectionOf(written(there).byId.get('main'), 'api').url).toMatch(/^http:\/\/api/);
  });

  test('what the upgrade would stumble over is left out of it', async () => {
    const odd = {
      securityDefinitions: { it: { type: 'basic' }, gone: null },
      paths: { '/me': { get: null }, '/x': null },
      parameters: 'x',
    };
    expect((await imported(swagger(odd))).connections).toHaveLength(1);
  });
});

test.each([
  ['<!doctype html><title>Docs</title>', 'HTML'],
  ['{"asyncapi": "3.0.0"}', 'AsyncAPI'],
  ['{"info": {"_postman_id": "x"}}', 'Postman'],
  ['{"openrpc": "1.0"}', 'OpenRPC'],
  ['{"issuer": "https://a"}', '--from-discovery'],
  ['{"swaggerVersion": "1.2"}', 'Swagger 1'],
  ['{"openapi": "4.0.0"}', '4.0.0'],
  ['a: [1', 'YAML'],
  ['just words', 'not an object'],
  ['', 'not an object'],
  ['a: &a [*a]\nb: [*a, *a]', 'neither "openapi"'],
])('%s is none, and it is said what it is', async (text, what) => {
  const { code, message, hint } = await whyNot(text);
  expect(code).toBe('openapi/unreadable');
  expect(`${message} ${hint}`).toContain(what);
});
