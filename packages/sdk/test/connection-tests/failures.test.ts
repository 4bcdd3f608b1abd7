import { describe, expect, test } from 'vitest';
import { API, caseWith, FILE, filesWith, tested } from './api-key.ts';

const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

const exchange = (request: object, answer: object = { body: { id: 7, name: 'Ada', plan: 'free' } }) => ({
  exchanges: [{ request, answer }],
});

const column = (name: string) => `\${${name}}`;

test('a case that goes as it says passes', async () => {
  expect(await tested(filesWith({ cases: [caseWith()] }))).toEqual({ problems: [], count: 1 });
});

/** What differs, the code, the line of the test by what stands on it, and the line of the section. */
const DIFFERENCES: readonly (readonly [string, object, string, string, string])[] = [
  ['another method', exchange({ method: 'POST' }), 'test/request', '"method": "POST"', '"url"'],
  ['another url', exchange({ url: 'https://api.acme.test/you' }), 'test/request', '/you"', '"url"'],
  [
    'another url with its query',
    exchange({ url: 'https://api.acme.test/me?fields=no' }),
    'test/request',
    'fields=no',
    '"url"',
  ],
  ['another query', exchange({ qs: { fields: 'name' } }), 'test/request', '"fields": "name"', '"fields"'],
  ['more in the query', exchange({ qs: {} }), 'test/request', '"qs": {}', '"fields"'],
  ['another header', exchange({ headers: { 'x-key': 'key-2' } }), 'test/request', 'key-2', 'X-Key'],
  ['a header that is not sent', exchange({ headers: { accept: 'a/b' } }), 'test/request', 'a/b', '"headers"'],
  [
    'a header that must not be sent',
    exchange({ headers: { 'x-key': null } }),
    'test/request',
    '"x-key": null',
    'X-Key',
  ],
  ['a body', exchange({ body: { a: 1 } }), 'test/request', '"body": {\n', '"url"'],
  ['another uid', { expect: { uid: 8 } }, 'test/result', '"uid": 8', '"uid"'],
  ['no uid', { expect: { uid: null } }, 'test/result', '"uid": null', '"uid"'],
  ['other metadata', { expect: { metadata: 'Bob' } }, 'test/result', '"metadata": "Bob"', '"metadata"'],
  ['other data', { expect: { data: { plan: 'paid' } } }, 'test/result', '"plan": "paid"', '"plan"'],
  ['data that is not stored', { expect: { data: { plan: 'free', seats: 3 } } }, 'test/result', '"seats"', '"data"'],
  ['expires', { expect: { expires: '2026-01-01T00:00:00Z' } }, 'test/result', '"expires"', '"response"'],
  ['other steps', { expect: { steps: ['request', 'info'] } }, 'test/steps', '"info"', '{'],
  ['an error that does not come', { expect: { error: 'no' } }, 'test/error', '"error": "no"', '"valid"'],
  ['a failure', exchange({}, { status: 500, body: { error: 'down' } }), 'test/failed-run', '"name": "a case"', '"url"'],
  [
    'a refusal',
    { ...exchange({}, { status: 401, body: { error: 'x' } }), expect: { error: 'Wrong' } },
    'test/error',
    '"error": "Wrong"',
    '"401"',
  ],
  [
    'other words',
    { ...exchange({}, { status: 403, body: { error: 'x' } }), expect: { error: '[403] y' } },
    'test/error',
    '[403] y',
    'statusCode',
  ],
  [
    'another step of the error',
    { ...exchange({}, { status: 403, body: { error: 'x' } }), expect: { error: { step: 'token' } } },
    'test/error',
    '"step"',
    'statusCode',
  ],
  ['another scope', { expect: { scope: ['a'] } }, 'test/result', '"scope"', '"response"'],
  [
    'another code of the error',
    { exchanges: [{ answer: { failure: 'timeout' } }], expect: { error: { code: 'run/refused' } } },
    'test/error',
    '"code": "run/refused"',
    '"url"',
  ],
  ['a request too many', { exchanges: [], expect: { uid: 7 } }, 'test/unexpected-request', '"exchanges"', '"url"'],
  [
    'a visit in the place of a request',
    { exchanges: [{ query: { code: 'c' } }] },
    'test/unexpected-request',
    '{\n          "query"',
    '"url"',
  ],
];

describe('what differs is told at its line of the test, and at the line of the section', () => {
  test.each(DIFFERENCES)('%s', async (_, more, code, inTest, inSection) => {
    const files = filesWith({ cases: [caseWith(more)] });
    const { problems, count } = await tested(files);
    expect(count).toBe(1);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem).toMatchObject({ code, severity: 'error', file: FILE, connection: 'main' });
    const text = files.read(FILE) ?? '';
    const wanted = inTest === '"name": "a case"' ? lineOf(text, '{\n      "name"') : lineOf(text, inTest);
    expect(problem?.line).toBe(wanted);
    expect(problem?.related?.[0]).toMatchObject({ file: 'connections/main/api.jsonc', line: lineOf(API, inSection) });
  });

  test('with a diff of the request', async () => {
    const { problems } = await tested(
      filesWith({
        cases: [caseWith(exchange({ method: 'GET', qs: { fields: 'name' }, headers: { 'x-key': 'key-1' } }))],
      }),
    );
    expect(problems[0]?.difference).toEqual([
      '@@ -1,3 +1,3 @@',
      ' GET',
      '-? fields: name',
      '+? fields: id',
      ' x-key: key-1',
    ]);
    expect(problems[0]?.message).toBe(
      '"a case": The request of request has "id" at qs.fields, where the test expects "name".',
    );
  });
});

describe('in a section with steps', () => {
  const api = `{
  "authorize": {
    "url": "https://auth.acme.test/authorize",
    "qs": { "redirect_uri": "{{oauth.localRedirectUri}}",
      "prompt": "login" },
    "response": { "temp": { "code": "{{query.code}}" } }
  },
  "token": {
    "condition": "{{temp.code}}",
    "url": "https://auth.acme.test/token",
    "method": "POST",
    "type": "urlencoded",
    "body": { "code": "{{temp.code}}",
      "client_id": "an-id" },
    "response": {
      "data": { "accessToken": "{{body.access_token}}",
        "kind": "{{body.token_type}}" },
      "scope": "{{split(body.scope, ' ')}}",
      "expires": "{{addDays(now, 1)}}",
      "error": "{{body.error}}"
    },
    "log": { "sanitize": ["request.body.code", "response.body.access_token"] }
  }
}`;
  const agreed = { query: { code: 'code-1' } };
  const granted = { answer: { body: { access_token: 'access-1', token_type: 'Bearer', scope: 'a b' } } };
  const visit = { visit: { qs: { prompt: 'consent' }, match: { qs: 'part' } } };

  test.each([
    ['the visit', [{ ...visit, ...agreed }, granted], {}, 'test/request', '"consent"', 5],
    [
      'a field of a form',
      [agreed, { request: { body: { client_id: 'other' }, match: { body: 'part' } }, ...granted }],
      {},
      ...['test/request', '"other"', 14],
    ],
    ['the data', [agreed, granted], { data: { kind: 'MAC' }, match: { data: 'part' } }, 'test/result', '"MAC"', 17],
    ['the scope', [agreed, granted], { scope: ['a'] }, 'test/result', '"scope": [', 18],
    ['the end', [agreed, granted], { expires: '2026-01-03T00:00:00.000Z' }, 'test/result', '"expires"', 19],
    ['a skipped step', [{ query: {} }], { error: 'Other' }, 'test/error', '"error": "Other"', 3],
    [
      'the words of a refusal',
      [agreed, { answer: { status: 400, body: { error: 'no' } } }],
      { error: 'yes' },
      ...['test/error', '"yes"', 20],
    ],
    ['the steps', [agreed, granted], { steps: ['authorize', 'token skipped'] }, 'test/steps', '"token skipped"', 9],
  ] as [string, object[], object, string, string, number][])(
    '%s',
    async (_, exchanges, expected, code, inTest, line) => {
      const given = { parameters: { key: 'key-1' } };
      const cases = [{ name: 'a case', given, exchanges, expect: expected }];
      const files = filesWith({ cases }, api, 'oauth');
      const { problems } = await tested(files);
      expect(problems.map((each) => each.code)).toEqual([code]);
      const [problem] = problems;
      expect(problem?.line).toBe(lineOf(files.read(FILE) ?? '', inTest));
      expect(problem?.related?.[0]).toMatchObject({ file: 'connections/main/api.jsonc', line });
    },
  );
});

test('a request that is not made is told with the condition that decided it', async () => {
  const api = API.replace('"url"', '"condition": "{{parameters.key = \'other\'}}",\n  "url"');
  const { problems } = await tested(filesWith({ cases: [caseWith()] }, api));
  const [missing, steps] = problems;
  expect(missing).toMatchObject({ code: 'test/missing-request', related: [{ line: 2 }] });
  expect(missing?.message).toContain('is false');
  expect(steps?.code).toBe('test/steps');
  const silent = await tested(filesWith({ cases: [{ ...caseWith({ expect: { data: {} } }), exchanges: [] }] }, api));
  expect(silent.problems).toMatchObject([{ code: 'test/failed-run' }]);
  expect(silent.problems[0]?.message).toContain('the connection is not verified');
});

test('an error of the network is one of the answers', async () => {
  const more = (failure: string) => ({
    exchanges: [{ answer: { failure } }],
    expect: { error: { code: `run/${failure}` } },
  });
  const cases = ['timeout', 'unreachable', 'too-large'].map((failure) => ({
    ...caseWith(more(failure)),
    name: failure,
  }));
  expect((await tested(filesWith({ cases }))).problems).toEqual([]);
});

test('a part of a request, of a form and of what is stored can be named', async () => {
  const api = `{
    "url": "https://api.acme.test/me", "method": "POST", "type": "urlencoded", "qs": { "a": "1", "b": "2" },
    "body": { "key": "{{parameters.key}}", "more": 7 },
    "response": { "data": { "one": "1", "two": "{{body.two}}" } }, "log": { "sanitize": ["request.body.key"] }
  }`;
  const request = (match: object | undefined) => ({ qs: { a: 1 }, body: { key: 'key-1' }, ...(match && { match }) });
  const one = (match: object | undefined, data: object) =>
    tested(
      filesWith(
        {
          cases: [
            caseWith({
              exchanges: [{ request: request(match), answer: { body: { two: 2 } } }],
              expect: { data: { one: '1' }, match: data },
            }),
          ],
        },
        api,
      ),
    );
  expect((await one({ qs: 'part', body: 'part' }, { data: 'part' })).problems).toEqual([]);
  expect((await one(undefined, {})).problems.map(({ code }) => code)).toEqual(['test/request', 'test/result']);
  expect((await one({ qs: 'part', body: 'part', headers: 'whole' }, { data: 'part' })).problems).toEqual([]);
});

test('rows of a table are cases of their own, and are named in what fails', async () => {
  const row = {
    exchanges: [{ answer: { status: column('status'), body: { error: column('words') } } }],
    expect: { error: `[${column('status')}] ${column('words')}` },
  };
  const table = [
    { status: 403, words: 'no' },
    { status: 429, words: 'slow' },
    { status: 401, words: 'x' },
  ];
  const files = filesWith({ cases: [{ ...caseWith(row), table }] });
  const { problems, count } = await tested(files);
  expect(count).toBe(3);
  expect(problems.map(({ message }) => message)).toEqual([
    '"a case (row 3)": The error has "Wrong key", where the test expects "[401] x".',
  ]);
  expect(problems[0]?.related?.[1]).toMatchObject({
    file: FILE,
    line: lineOf(files.read(FILE) ?? '', '"status": 401') - 1,
  });
});

test('cases see nothing of one another: the same chance and the same clock in each', async () => {
  const api = API.replace('"fields": "id"', '"at": "{{now}}", "id": "{{uuid}}"');
  const sent = { qs: { at: '2026-01-01T00:00:00.000Z', id: '93bf0d05-b37f-47f5-b377-bd29a1d2ad7c' } };
  const cases = ['a', 'b', 'c'].map((name) => ({ ...caseWith(exchange(sent)), name }));
  const { problems } = await tested(filesWith({ cases }, api));
  const found = new Set(problems.map(({ found: each }) => each));
  expect(found.size).toBeLessThanOrEqual(1);
  const other = await tested(
    filesWith({ given: { now: '2027-01-01T00:00:00Z', chance: 'b' }, cases: [cases[0]] }, api),
  );
  expect(other.problems[0]?.difference?.filter((line) => line.startsWith('+'))).toHaveLength(2);
});
