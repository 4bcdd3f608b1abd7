import { createServer as createHTTPS } from 'node:https';
import { type AddressInfo, createServer as createTCP, type Server } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTransport } from '../../src/node/transport.ts';
import type { PrepareOptions } from '../../src/runtime/prepare.ts';
import { CERTIFICATE, KEY } from './certificate.ts';
import { connectionOf, runnable } from './connections.ts';
import { type Reply, type Script, serve } from './server.ts';

/** What a text of `api` comes to, at a server that answers like this; `u:/` stands for its address. */
async function run(api: string, script: Script | Reply, options: Partial<PrepareOptions> = {}) {
  const { url, received } = await serve(typeof script === 'function' ? script : () => script);
  const outcome = await runnable(connectionOf('apikey', { api: api.replaceAll('u:/', `${url}/`) }), options).connect();
  return { ...outcome, url, received };
}

/** The address of a server, which ends with the test. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const endless: Script = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => {
    while (response.write('"x".'.repeat(4096)));
  };
  response.on('drain', more);
  more();
  return undefined;
};

/** What each failure is reported as: its code, its line, and words of its message. */
const FAILURES: readonly [
  what: string,
  api: string,
  script: Script | Reply,
  told: { code: string; line: number; words: string },
  options?: Partial<PrepareOptions>,
][] = [
  [
    'an answer that is no JSON',
    '{\n  "url": "u:/",\n  "response": {\n    "type": "json"\n  }\n}',
    { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' },
    { code: 'run/answer', line: 4, words: 'the section says so, and cannot be. It looks like HTML or XML.' },
  ],
  [
    'an answer that is labelled JSON and is none',
    '{\n  "url": "u:/"\n}',
    { headers: { 'content-type': 'application/json' }, body: 'a=b' },
    { code: 'run/answer', line: 1, words: 'its Content-Type is application/json' },
  ],
  [
    'an answer that is no XML',
    '{\n  "url": "u:/",\n  "response": { "type": "xml" }\n}',
    { body: '<a><b></a>' },
    { code: 'run/answer', line: 3, words: 'XML' },
  ],
  [
    'an answer that is nested without end',
    '{\n  "url": "u:/",\n  "response": {\n    "type": "json"\n  }\n}',
    { body: '['.repeat(100_000) + ']'.repeat(100_000) },
    { code: 'run/answer', line: 4, words: 'nested deeper than 200 levels' },
  ],
  [
    'a refusal that is nested without end',
    '{\n  "url": "u:/"\n}',
    { status: 400, body: '['.repeat(100_000) + ']'.repeat(100_000) },
    { code: 'run/refused', line: 2, words: 'status 400' },
  ],
  [
    'a text that is nested without end',
    '{\n  "url": "u:/",\n  "response": {\n    "uid": "{{parseJSON(body.text)}}"\n  }\n}',
    { body: { text: '['.repeat(100_000) + ']'.repeat(100_000) } },
    { code: 'run/expression', line: 4, words: 'nested too deeply' },
  ],
  [
    'XML that declares entities',
    '{\n  "url": "u:/",\n  "response": {\n    "type": "xml"\n  }\n}',
    { body: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' },
    { code: 'run/answer', line: 4, words: 'and cannot be. It declares entities, which are not read.' },
  ],
  [
    'an answer that is compressed in no way that it says',
    '{\n  "url": "u:/"\n}',
    { headers: { 'content-encoding': 'gzip' }, body: 'plain' },
    { code: 'run/answer', line: 2, words: 'not compressed as its Content-Encoding says (ERR_BODY_ENCODING)' },
  ],
  [
    'headers that are too long',
    '{\n  "url": "u:/"\n}',
    { headers: { 'x-long': 'x'.repeat(100_000) }, body: {} },
    { code: 'run/answer', line: 2, words: 'the headers of the answer are too long' },
  ],
  [
    'an expression that throws',
    '{\n  "url": "u:/",\n  "response": {\n    "uid": "{{parseJSON(body.text)}}"\n  }\n}',
    { body: { text: '{' } },
    { code: 'run/expression', line: 4, words: 'parseJSON' },
  ],
  [
    'redirects in a circle',
    '{\n  "method": "GET",\n  "url": "u:/a"\n}',
    ({ url }) => ({ status: 302, headers: { location: url === '/a' ? '/b' : '/a' } }),
    { code: 'run/redirect-loop', line: 3, words: 'After 2 redirects' },
  ],
  [
    'redirects without end',
    '{\n  "method": "GET",\n  "url": "u:/0"\n}',
    ({ url }) => ({ status: 302, headers: { location: `/${Number(url.slice(1)) + 1}` } }),
    { code: 'run/redirect-loop', line: 3, words: 'After 21 redirects' },
  ],
  [
    'an endless answer',
    '{\n  "url": "u:/"\n}',
    endless,
    { code: 'run/too-large', line: 2, words: 'more than 64 KB' },
    { limits: { answer: 64 * 1024 } },
  ],
  [
    'a small answer that grows',
    '{\n  "url": "u:/",\n  "gzip": true\n}',
    { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(1_000_000)) },
    { code: 'run/too-large', line: 2, words: 'more than 64 KB' },
    { limits: { answer: 64 * 1024 } },
  ],
  [
    'an answer that never begins',
    '{\n  "url": "u:/"\n}',
    () => undefined,
    { code: 'run/timeout', line: 2, words: 'within 0.2 seconds: no answer began in time' },
    { limits: { timeout: 200 } },
  ],
  [
    'an answer that never ends',
    '{\n  "url": "u:/"\n}',
    (_, response) => void response.writeHead(200).write('{'),
    { code: 'run/timeout', line: 2, words: 'the answer did not end' },
    { limits: { timeout: 200 } },
  ],
  [
    'an answer that is cut off',
    '{\n  "url": "u:/"\n}',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
      return undefined;
    },
    { code: 'run/unreachable', line: 2, words: 'cannot be reached' },
  ],
  [
    'an address that came to nothing',
    '{\n  "url": "{{parameters.host}}/me"\n}',
    {},
    { code: 'run/url', line: 2, words: '"/me" is not an absolute URL.' },
  ],
  [
    'a host that there is not',
    '{\n  "url": "https://nothing.invalid/me"\n}',
    {},
    { code: 'run/unreachable', line: 2, words: 'https://nothing.invalid/me cannot be reached' },
  ],
  [
    'a header with a line break',
    '{\n  "url": "u:/",\n  "headers": {\n    "x-key": "a\\nb"\n  }\n}',
    {},
    { code: 'run/request', line: 4, words: 'The header "x-key" cannot be sent' },
  ],
  [
    'more data than may be stored',
    '{\n  "url": "u:/",\n  "response": {\n    "data": { "all": "{{body.all}}" }\n  }\n}',
    { body: { all: 'x'.repeat(70_000) } },
    { code: 'run/data-too-large', line: 4, words: 'limit is 65536' },
  ],
  [
    'more requests than a run may make',
    `[\n${Array.from({ length: 101 }, () => '{ "url": "u:/" }').join(',\n')}\n]`,
    { body: {} },
    { code: 'run/too-many-requests', line: 102, words: 'made 100 requests' },
  ],
  [
    'a refusal',
    '{\n  "method": "GET",\n  "url": "u:/me"\n}',
    { status: 403, body: {} },
    { code: 'run/refused', line: 3, words: 'GET' },
  ],
];

test.each(FAILURES)(
  '%s is a problem at its line, with the trace until there',
  async (_, api, script, told, options) => {
    const { problem, trace, instance } = await run(api, script, options);
    expect(instance).toBeUndefined();
    expect(problem).toMatchObject({ code: told.code, line: told.line, severity: 'error', connection: 'main' });
    expect(problem?.file).toBe('connections/main/api.jsonc');
    expect(problem?.message).toContain(told.words);
    expect(problem?.hint).toMatch(/\.$/);
    expect(trace.problem).toEqual(problem);
    expect(trace.steps.at(-1)).toMatchObject({ outcome: 'failed', problem });
  },
);

test('a port at which nothing listens is reported', async () => {
  const server = createTCP();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { problem } = await run(`{ "url": "http://127.0.0.1:${port}/me" }`, {});
  expect(problem).toMatchObject({ code: 'run/unreachable', message: expect.stringContaining('nothing listens there') });
});

test('what answers without HTTP is reported', async () => {
  const port = await listening(createTCP((socket) => socket.end('SSH-2.0\r\n')));
  const { problem } = await run(`{ "url": "http://127.0.0.1:${port}/me" }`, {});
  expect(problem).toMatchObject({ code: 'run/unreachable' });
});

describe('a certificate', () => {
  const secured = async () => {
    const options = { key: KEY, cert: CERTIFICATE };
    const server = createHTTPS(options, (_, response) => void response.end('{}'));
    return `https://127.0.0.1:${await listening(server)}/`;
  };

  test('that nobody vouches for is reported', async () => {
    const { problem } = await run(`{ "url": "${await secured()}" }`, {});
    expect(problem).toMatchObject({ code: 'run/unreachable', message: expect.stringContaining('cannot be trusted') });
  });

  test('is trusted where ca has its authority', async () => {
    const { problem } = await run(JSON.stringify({ url: await secured(), ca: CERTIFICATE }), {});
    expect(problem).toBeUndefined();
  });

  test('is not looked at where a comment allows rejectUnauthorized', async () => {
    const url = await secured();
    const allowed = '// connector-ignore schema/unknown-key: the test server signs for itself';
    const api = (comment: string) => `{\n"url": "${url}",\n${comment}\n"rejectUnauthorized": false\n}`;
    expect(() => runnable(connectionOf('apikey', { api: api('') }))).toThrow('rejectUnauthorized');
    const { problem, trace } = await run(api(allowed), {});
    expect([problem, trace.steps[0]?.exchanges[0]?.answer?.status]).toEqual([undefined, 200]);
  });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('an answer in %s is read', async (encoding, compress) => {
  const reply = { headers: { 'content-encoding': encoding }, body: compress(JSON.stringify({ id: 7 })) };
  const api = '{ "url": "u:/", "gzip": true, "response": { "type": "json", "uid": "{{body.id}}" } }';
  const { instance, received } = await run(api, reply);
  expect(instance?.uid).toBe(7);
  expect(received[0]?.headers['accept-encoding']).toBe('gzip, deflate');
});

test('an interruption is passed on, and ends the request', async () => {
  const controller = new AbortController();
  const { url, received } = await serve(() => {
    controller.abort(new Error('interrupted'));
    return undefined;
  });
  const transport = createTransport({ signal: controller.signal });
  const connection = runnable(connectionOf('apikey', { api: { url } }), { transport });
  await expect(connection.connect()).rejects.toThrow('interrupted');
  expect(received.length).toBe(1);
  await expect(connection.connect()).rejects.toThrow('interrupted');
  expect(received.length).toBe(1);
});
