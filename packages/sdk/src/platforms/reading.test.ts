import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../diagnostics.ts';
import { READS as AKANA } from './akana/reads.ts';
import { readAnswer } from './answer-fields.ts';
import { READS as ANYPOINT } from './anypoint/reads.ts';
import { PLATFORMS, type PlatformName } from './index.ts';
import { READS as MAKE } from './make/client.ts';
import { operationsOf } from './operations.ts';
import type { Endpoint, HttpRequest, Platform } from './platform.ts';
import { READS as WORKATO } from './workato/client.ts';

const { make, akana, anypoint, workato } = PLATFORMS;
const TOKEN = '3f8b1c9e-5a2d-4e7f-9b0a-1c2d3e4f5a6b';

/** The first thing that each role asks a platform for, and the question who one is. */
const CALLS: readonly (readonly [name: string, call: (endpoint: Endpoint) => Promise<unknown> | undefined])[] = [
  ...Object.values<Platform>(PLATFORMS).map(({ name, whoami }) => [`whoami of ${name}`, whoami] as const),
  ['apps of make', (endpoint) => make.registry(endpoint).apps()],
  ['list of make', (endpoint) => make.registry(endpoint).list('app')],
  ['get of make', (endpoint) => make.registry(endpoint).get('app')],
  ['create of make', (endpoint) => make.registry(endpoint).create('app', { type: 'basic', label: 'x' })],
  ['checksums of make', (endpoint) => make.registry(endpoint).checksums?.({ name: 'app', version: 1 })],
  ['list of akana', (endpoint) => akana.access(endpoint).list({ api: '1.acme' })],
  ['show of akana', (endpoint) => akana.access(endpoint).show('1')],
  ['credentials of akana', (endpoint) => akana.access(endpoint).credentials('1')],
  ['list of anypoint', (endpoint) => anypoint.access(endpoint).list({})],
  ['show of anypoint', (endpoint) => anypoint.access(endpoint).show('1/2')],
  ['list of workato', (endpoint) => workato.instances(endpoint).list('1')],
  ['create of workato', (endpoint) => workato.instances(endpoint).create('1', { name: 'x' })],
];

/** An endpoint at which everything is answered like this. */
function answering(body: string, mediaType?: string, sent: HttpRequest[] = []): Endpoint {
  const headers = mediaType === undefined ? {} : { 'content-type': mediaType };
  const send = async (request: HttpRequest) => {
    sent.push(request);
    return { status: 200, headers, body, request };
  };
  return { url: 'https://platform.example.com', token: TOKEN, send };
}

/** Answers of servers in between, or of broken ones, with a status that means success. */
const ANSWERS: readonly (readonly [what: string, mediaType: string | undefined, body: string])[] = [
  ['a login page of the network', 'text/html; charset=utf-8', `<title>Guest WiFi</title> Log in ${TOKEN}`],
  ['a page that is called JSON', 'application/json', '<!DOCTYPE html><h1>Maintenance</h1>'],
  ['text', 'text/plain', 'Back soon.'],
  ['nothing', undefined, ''],
  ['an object of others', 'application/json', '{"status":"maintenance"}'],
  ['an empty object', 'application/json', '{}'],
  ['null', 'application/json', 'null'],
  ['a list of others', 'application/json', '[5]'],
];

describe.each(CALLS)('%s', (name, call) => {
  test.each(ANSWERS)('is refused with %s', async (_, mediaType, body) => {
    const error = await call(answering(body, mediaType))?.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    const { kind, message, diagnostics } = error as ConnectorError;
    expect(message).not.toContain(TOKEN);
    // An answer without a user is how Akana says that there is no session.
    if (name === 'whoami of akana' && kind === 'auth') return;
    // Akana knows by several questions whether an id is one.
    if (name === 'list of akana' && diagnostics[0]?.code === 'origin/not-found') return;
    expect([kind, diagnostics[0]?.code]).toEqual(['refused', 'origin/unexpected-answer']);
    expect(message).toContain('was answered with');
  });
});

test.each<[answer: string, mediaType: string | undefined, said: string]>([
  ['<title>Guest WiFi</title> Log in', 'text/html; charset=utf-8', 'text/html, which is not JSON: Guest WiFi Log in'],
  ['Back soon.', undefined, 'no media type, which is not JSON: Back soon.'],
  ['', 'application/json', 'application/json, which is not JSON: it is empty.'],
  ['{"apps":', 'application/json', 'application/json, which is not JSON: {"apps":'],
  ['{}', 'application/json', 'application/json, in which apps is missing: {}'],
  ['[]', 'application/json', 'application/json, which is not an object: []'],
  ['{"apps":{}}', 'application/json', 'application/json, in which apps is not a list: {"apps":{}}'],
  ['{"apps":[{"name":5}]}', 'Application/JSON', 'in which apps[0].name is not a string: {"apps":[{"name":5}]}'],
  [
    '{"apps":[{"name":"a","label":"A","version":1},{"name":"b","version":1}]}',
    'application/json',
    'in which apps[1].label is missing: {"apps":[{"name":"a"',
  ],
])('%s as %s: what came is said', async (answer, mediaType, said) => {
  const error = await make
    .registry(answering(answer, mediaType))
    .apps()
    .catch((thrown: Error) => thrown);
  expect(String(error)).toContain('GET /sdk/apps was answered with 200 and ');
  expect(String(error)).toContain(said);
});

test.each([undefined, 'Application/JSON', 'APPLICATION/PROBLEM+JSON; charset=UTF-8', 'text/plain', 'text/html'])(
  'JSON that is called %s is JSON',
  async (mediaType) => {
    const body = '{"apps":[{"name":"a","label":"A","version":1,"approved":null,"more":{}}],"pg":{}}';
    expect(await make.registry(answering(body, mediaType)).apps()).toEqual([{ name: 'a', label: 'A', version: 1 }]);
  },
);

test.each<[mediaType: string | undefined, body: string, taken: boolean]>([
  ['application/jsonc', '{ /* kept */ }', true],
  ['application/json; charset=utf-8', '{}', true],
  ['text/plain', '', true],
  [undefined, '{}', true],
  [undefined, '<html>Log in</html>', false],
  ['text/html', '{}', false],
  ['TEXT/HTML; charset=utf-8', '<html>Log in</html>', false],
  ['application/xhtml+xml', '<html/>', false],
])('a section that is called %s: %s', async (mediaType, body, taken) => {
  const text = make.registry(answering(body, mediaType)).section('a', 'api');
  if (taken) expect(await text).toBe(body);
  else await expect(text).rejects.toThrow('which is not application/jsonc');
});

test('what holds secrets is not quoted, but for the words of a page', async () => {
  const registry = (body: string) => make.registry(answering(body, 'application/json'));
  const said = (body: string) =>
    registry(body)
      .common('a')
      .catch((error: Error) => error.message);
  expect(await said('["hunter2"]')).toMatch(/which is not an object\.$/);
  expect(await said('hunter2')).toMatch(/which is not JSON\.$/);
  expect(await said('<p>Log in</p>')).toMatch(/which is not JSON: Log in$/);
});

test('secrets of the request as it went out are not quoted', async () => {
  const endpoint = answering('back to you: s3cret!');
  const send: Endpoint['send'] = async (request) => ({
    ...(await endpoint.send(request)),
    request: { ...request, headers: { ...request.headers, cookie: 'session=s3cret!' } },
  });
  const error = await make
    .registry({ ...endpoint, send })
    .apps()
    .catch((thrown: Error) => thrown);
  expect(String(error)).toMatch(/which is not JSON: back to you: \[redacted\]$/);
});

describe.each(Object.entries({ make: MAKE, akana: AKANA, anypoint: ANYPOINT, workato: WORKATO }))(
  '%s',
  (name, reads) => {
    const { contract } = PLATFORMS[name as PlatformName];
    const operations = operationsOf(contract);

    test.each(Object.keys(reads))('the contract knows what is read of %s', (id) => {
      const operation = operations.get(id);
      const reading = (reads as Record<string, unknown>)[id];
      const options = { contract, reading, oneAsList: false, secret: false, parse: undefined };
      const answered = {
        status: 200,
        headers: {},
        body: 'true',
        request: { method: 'GET', url: 'http://host/', headers: {} },
      };
      // What no answer can be is refused by what is read, and by nothing else.
      const read = () => operation && readAnswer(operation, answered, options);
      if (reading !== true) expect(read).toThrow(ConnectorError);
    });

    test('what its documentation says is what is read', async () => {
      for (const { operation: id, answer } of await PLATFORMS[name as PlatformName].exchanges()) {
        const operation = operations.get(id);
        const reading = (reads as Record<string, unknown>)[id];
        if (operation === undefined || reading === undefined || answer.status >= 300) continue;
        if (typeof answer.body === 'string' && reading !== true) continue;
        const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
        const headers = { 'content-type': answer.mediaType };
        const request = { method: 'GET', url: 'http://host/', headers: {} };
        const options = { contract, reading, oneAsList: true, secret: false, parse: undefined };
        expect(readAnswer(operation, { status: answer.status, headers, body, request }, options)).toEqual(answer.body);
      }
    });
  },
);
