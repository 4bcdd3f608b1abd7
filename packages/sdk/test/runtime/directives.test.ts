import { describe, expect, test } from 'vitest';
import type { PrepareOptions } from '../../src/runtime/prepare.ts';
import { connectionOf, runnable } from './connections.ts';
import { type Received, type Reply, serve } from './server.ts';

/** What a request says, at a server that answers with this; `u` stands for the server's address in its strings. */
async function run(
  request: Readonly<Record<string, unknown>> | readonly object[],
  reply: Reply | ((request: Received) => Reply) = { body: {} },
  options: Partial<PrepareOptions> = {},
) {
  const { url, received } = await serve((asked) => (typeof reply === 'function' ? reply(asked) : reply));
  const api = JSON.parse(JSON.stringify(request).replaceAll('u://', `${url}/`));
  const names = Object.keys(options.parameters ?? {});
  const parameters = names.map((name) => ({ name, type: 'any', label: name }));
  const outcome = await runnable(connectionOf('apikey', { api, parameters }), options).connect();
  return { ...outcome, url, received, sent: received[0] };
}

describe('the address', () => {
  test('is joined with the query string, and both are encoded', async () => {
    const { sent } = await run(
      { url: 'u://a b/ü?x=1', qs: { q: 'a&b=c d', list: ['1', '2'], none: null, gone: '{{undefined}}', on: true } },
      { body: {} },
    );
    expect(sent?.url).toBe('/a%20b/%C3%BC?x=1&q=a%26b%3Dc%20d&list=1&list=2&none=&on=true');
  });

  test('is encoded once, and slashes that follow each other become one', async () => {
    const { sent } = await run({ url: 'u:///a%20b//{{parameters.id}}' }, {}, { parameters: { id: 'x/y' } });
    expect(sent?.url).toBe('/a%20b/x/y');
  });

  test('stays as it is where encodeUrl is false', async () => {
    const { sent } = await run({ url: 'u://a{b}?c=[1]|2', encodeUrl: false });
    expect(sent?.url).toBe('/a{b}?c=[1]|2');
  });
});

describe('headers', () => {
  test('are evaluated; what is undefined or null is left out, and a spread takes its place', async () => {
    const { sent } = await run(
      {
        url: 'u://',
        headers: { '{{...}}': '{{parameters.extra}}', 'X-Number': 7, 'X-Gone': '{{undefined}}', 'X-None': null },
      },
      {},
      { parameters: { extra: { 'x-one': '1' } } },
    );
    expect(sent?.headers).toMatchObject({ 'x-one': '1', 'x-number': '7' });
    expect(sent?.headers['x-gone'] ?? sent?.headers['x-none']).toBeUndefined();
  });
});

describe('a body', () => {
  test('is JSON unless said, and none with GET', async () => {
    const body = { a: '{{1 + 1}}', b: ['{{undefined}}', null], c: '{{undefined}}' };
    const posted = await run({ url: 'u://', method: 'POST', body });
    expect(posted.sent?.headers['content-type']).toBe('application/json');
    expect(posted.sent?.body).toBe('{"a":2,"b":[null]}');
    expect((await run({ url: 'u://', body })).sent).toMatchObject({ method: 'GET', body: '' });
  });

  test('is a form, of which nothing undefined or null is left', async () => {
    const { sent } = await run({
      ...{ url: 'u://', method: 'POST', type: 'urlencoded' },
      body: { a: "it's +& ü", b: null, c: ['1', '2'], d: { e: 'f' } },
    });
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(sent?.body)]).toEqual([
      ['a', "it's +& ü"],
      ['c', '1'],
      ['c', '2'],
      ['d[e]', 'f'],
    ]);
  });

  test('is a form in parts, with files', async () => {
    const file = { value: "{{toBinary('a,b')}}", options: { filename: 'a.csv', contentType: 'text/csv' } };
    const { sent } = await run({
      url: 'u://',
      method: 'POST',
      type: 'multipart/form-data',
      body: { name: 'Ada', file },
    });
    const type = sent?.headers['content-type'] ?? '';
    const form = await new Response(Buffer.from(sent?.body ?? '', 'latin1'), {
      headers: { 'content-type': type },
    }).formData();
    expect(form.get('name')).toBe('Ada');
    const read = form.get('file') as File;
    expect([read.name, read.type, await read.text()]).toEqual(['a.csv', 'text/csv', 'a,b']);
  });

  test.each([
    ['text', 'x={{1 + 1}}', 'x=2', undefined],
    ['string', 'x', 'x', undefined],
    ['raw', 'x', 'x', undefined],
    ['binary', "{{toBinary('ff00', 'hex')}}", '\u00ff\u0000', undefined],
    [
      "{{'xml'}}",
      { a: { '@b': '1', c: 'x & y' } },
      '<?xml version="1.0"?>\n<a b="1">\n  <c>x &amp; y</c>\n</a>',
      'application/xml',
    ],
  ])('is written as %s', async (type, body, written, mediaType) => {
    const { sent, problem } = await run({ url: 'u://', method: 'PUT', type, body });
    expect(problem).toBeUndefined();
    expect([sent?.body, sent?.headers['content-type']]).toEqual([written, mediaType]);
  });

  test('of a type that it cannot be is reported at its line', async () => {
    const { problem, received } = await run({ url: 'u://', method: 'POST', type: 'text', body: { a: 1 } });
    expect(problem).toMatchObject({ code: 'run/request', path: ['body'] });
    expect(received).toEqual([]);
  });
});

test('a body that is only labelled JSON is sent as it is', async () => {
  const { sent, problem, trace } = await run({
    ...{ url: 'u://', method: 'POST', type: 'text', body: '{"a": ' },
    headers: { 'content-type': 'application/json' },
  });
  expect([sent?.body, problem]).toEqual(['{"a": ', undefined]);
  expect(trace.steps[0]?.exchanges[0]?.request.body).toBe('{"a": ');
});

test('a name and a password before the host are sent as Basic', async () => {
  const { url } = await serve(() => ({}));
  const { received } = await run({ url: 'u://' }, {});
  expect(received[0]?.headers.authorization).toBeUndefined();
  const to = await serve(() => ({}));
  const api = { url: to.url.replace('//', '//ada:100%25%zz@') };
  const { trace } = await runnable(connectionOf('apikey', { api })).connect();
  const sent = Buffer.from(to.received[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString();
  expect(sent).toBe('ada:100%25%zz');
  expect(JSON.stringify(trace.steps[0]?.exchanges)).not.toContain('100%25');
  expect(url).not.toBe(to.url);
});

describe('condition', () => {
  test.each([
    [false, 0, 'is false'],
    ['{{parameters.a}}', 1, 'is a text'],
    ['{{parameters.b}}', 0, 'is undefined'],
    ["{{if(parameters.a, 'false', '')}}", 0, 'is a text'],
    [{ condition: '{{parameters.b}}', default: { none: true } }, 0, 'is undefined'],
    [{ condition: true }, 1, 'is true'],
  ])('%j', async (condition, count, words) => {
    const { received, trace } = await run({ url: 'u://', condition }, {}, { parameters: { a: 'x', b: undefined } });
    expect(received.length).toBe(count);
    expect(trace.steps[0]?.decision).toContain(words);
    expect(trace.steps[0]?.outcome).toBe(count === 0 ? 'skipped' : 'done');
  });
});

describe('temp', () => {
  test('is evaluated before the condition, all of it at once, and merged deeply into what is there', async () => {
    const { sent, problem } = await run(
      [
        { url: 'u://first', temp: { a: { b: 1, list: ['x', 'y'] } }, response: { temp: { a: { c: '{{body.n}}' } } } },
        {
          url: 'u://second',
          temp: { a: { list: ['z'] } },
          condition: '{{temp.a.list[1] = "z"}}',
          response: { data: { a: '{{temp.a}}' } },
        },
      ],
      { body: { n: 5 } },
    );
    expect(problem).toBeUndefined();
    expect(sent?.url).toBe('/first');
  });

  test('reaches later requests, and what it holds is stored where data says so', async () => {
    const { instance } = await run(
      [
        { url: 'u://', temp: { a: { b: 1, list: ['x', 'y'] } }, response: { temp: { a: { c: '{{body.n}}' } } } },
        { url: 'u://', temp: { a: { list: ['z'] } }, response: { data: { kept: '{{temp.a}}' } } },
      ],
      { body: { n: 5 } },
    );
    expect(instance?.data).toEqual({ kept: { b: 1, c: 5, list: ['z', 'y'] } });
  });
});

describe('redirects', () => {
  const to =
    (status: number, location = '/end') =>
    (request: Received): Reply =>
      request.url === '/end'
        ? { body: { method: request.method, got: request.body } }
        : { status, headers: { location } };
  const stored = { response: { data: { '{{...}}': '{{body}}' } } };

  test.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'PUT', 'PUT', '{"a":1}'],
    [302, 'GET', 'GET', ''],
  ])('%i after %s leads to %s', async (status, method, then, got) => {
    const { instance, trace } = await run({ url: 'u://', method, body: { a: 1 }, ...stored }, to(status));
    expect(instance?.data).toEqual({ method: then, got });
    expect(trace.steps[0]?.exchanges.map(({ answer }) => answer?.status)).toEqual([status, 200]);
  });

  test('are not followed where that is not wanted', async () => {
    const one = await run(
      { url: 'u://', followRedirects: false, response: { data: { status: '{{statusCode}}' } } },
      to(302),
    );
    expect([one.instance?.data, one.received.length]).toEqual([{ status: 302 }, 1]);
    const other = await run({ url: 'u://', method: 'POST', followAllRedirects: false }, to(302));
    expect(other.received.length).toBe(1);
  });

  test('take no credentials to another origin', async () => {
    const other = await serve(() => ({ body: {} }));
    const { received } = await run(
      {
        url: 'u://',
        headers: { authorization: 'Bearer t0ken-1234', cookie: 'a=b', 'x-kept': '1' },
        log: { sanitize: ['request.headers.authorization'] },
      },
      { status: 302, headers: { location: `${other.url}/there` } },
    );
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer t0ken-1234', cookie: 'a=b' });
    expect(other.received[0]?.headers).toMatchObject({ 'x-kept': '1' });
    expect(other.received[0]?.headers.authorization ?? other.received[0]?.headers.cookie).toBeUndefined();
  });
});

describe('the answer', () => {
  const asData = (type?: unknown) => ({
    url: 'u://',
    response: { ...(type === undefined ? {} : { type }), data: { body: '{{body}}' } },
  });
  const typed = (mediaType: string, body: string | Uint8Array): Reply => ({
    headers: { 'content-type': mediaType },
    body,
  });

  test.each([
    [undefined, typed('application/json; charset=utf-8', '{"a":1}'), { a: 1 }],
    [undefined, typed('application/vnd.api+json', '{"a":1}'), { a: 1 }],
    [undefined, typed('application/x-www-form-urlencoded', 'a=1&a=2&b=x+y'), { a: ['1', '2'], b: 'x y' }],
    [undefined, typed('text/xml', '<a b="1"><c>x</c></a>'), { a: { '@b': '1', c: 'x' } }],
    [undefined, typed('text/plain', '{"a":1}'), '{"a":1}'],
    ['json', typed('text/html', '{"a":1}'), { a: 1 }],
    ['urlencoded', typed('text/html', 'a=1'), { a: '1' }],
    ['text', typed('application/json', '{"a":1}'), '{"a":1}'],
    ['xml', typed('text/plain', '<a>x</a>'), { a: 'x' }],
    ['binary', typed('text/plain', new Uint8Array([255, 0])), '/wA='],
    [{ '*': 'text', '200-299': 'json', 200: 'urlencoded' }, typed('text/plain', 'a=1'), { a: '1' }],
    [{ '*': 'text', '200-299': 'json' }, typed('text/plain', '{"a":1}'), { a: 1 }],
    [{ '*': 'json', '400-499': 'text' }, typed('text/plain', '{"a":1}'), { a: 1 }],
  ])('of the type %j', async (type, reply, body) => {
    const { instance, problem } = await run(asData(type), reply);
    expect(problem).toBeUndefined();
    expect(instance?.data).toEqual({ body });
  });

  test('gives data, metadata, uid and expires', async () => {
    const { instance } = await run(
      {
        url: 'u://',
        response: {
          data: { seen: '{{headers.`x-seen`}}', at: '{{now}}', gone: '{{body.gone}}' },
          metadata: { type: 'text', value: '{{body.name}} ({{statusCode}})' },
          uid: '{{body.id}}',
          expires: '{{addDays(now, 30)}}',
        },
      },
      { headers: { 'X-Seen': 'yes' }, body: { id: 'u1', name: 'Ada' } },
    );
    expect(instance).toEqual({
      data: { at: '2026-01-01T00:00:00.000Z', seen: 'yes' },
      metadata: { type: 'text', value: 'Ada (200)' },
      uid: 'u1',
      expires: '2026-01-31T00:00:00.000Z',
    });
  });
});

describe('valid and error', () => {
  const message = async (response: object, reply: Reply) =>
    (await run({ url: 'u://', response }, reply)).problem?.message;

  test.each([
    [{}, { status: 404, body: {} }, /^RuntimeError: GET http:.*\/ was answered with the status 404\.$/],
    [{}, { status: 429, body: {} }, /^RateLimitError: /],
    [{}, { status: 503, body: {} }, /^ConnectionError: /],
    [{ error: '{{body.why}}' }, { status: 400, body: { why: 'because' } }, /^RuntimeError: because$/],
    [{ valid: '{{!body.error}}' }, { body: { error: 'x' } }, /^RuntimeError: Response marked as invalid\.$/],
    [
      { valid: '{{body.ok}}', error: { 200: { message: 'of 200', type: 'DataError' }, message: 'any' } },
      { body: {} },
      /^DataError: of 200$/,
    ],
    [
      { valid: { condition: '{{body.ok}}', message: 'own', type: 'AccountError' }, error: { message: 'any' } },
      { body: {} },
      /^AccountError: own$/,
    ],
    [
      { valid: { condition: '{{body.ok}}' }, error: { message: 'any', type: 'DataError' } },
      { body: {} },
      /^DataError: any$/,
    ],
  ])('%j', async (response, reply, words) => {
    expect(await message(response, reply)).toMatch(words);
  });

  test('what valid allows is no error, whatever the status; the trace says so', async () => {
    const { problem, trace } = await run(
      { url: 'u://', response: { valid: '{{statusCode = 401}}' } },
      { status: 401, body: {} },
    );
    expect(problem).toBeUndefined();
    expect(trace.steps[0]?.notes.join()).toContain('The status is 401, but "valid" is true, so it is a success.');
  });
});
