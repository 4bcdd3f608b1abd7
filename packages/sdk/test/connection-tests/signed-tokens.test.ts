import { describe, expect, test } from 'vitest';
import { API, caseWith, filesWith, tested } from './api-key.ts';

/* A token that a section signs is in what a test expects to be sent. One that a test gives is a secret. */

const SIGNING = API.replace('{{parameters.key}}', "{{jwt(temp.claims, parameters.key, 'HS256')}}").replace(
  '{\n',
  '{\n  "temp": { "claims": { "sub": "service-1" } },\n',
);
/** HS256 with `key-1` as key, computed by `openssl dgst`. */
const TOKEN =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzZXJ2aWNlLTEifQ.MISAgeJABCKrSFCEkHBVc18hHLYj0UjuIw4TYMmJ_EE';

const codes = async (more: object, before = '') => {
  const text = JSON.stringify({ cases: [caseWith(more)] }, undefined, 2);
  const { problems, count } = await tested(filesWith(before + text, SIGNING));
  return [count, ...problems.map(({ code, line }) => `${code}:${line}`)];
};
const sending = (token: string, answer: object = { body: { id: 7, name: 'Ada', plan: 'free' } }) => ({
  exchanges: [{ request: { headers: { 'x-key': token } }, answer }],
});

describe('a signed token', () => {
  test('that the section makes can be expected', async () => {
    expect(await codes(sending(TOKEN))).toEqual([1]);
    expect((await codes(sending(`${TOKEN.slice(0, -1)}x`)))[1]).toMatch(/^test\/request:/);
  });

  test.each<[string, object, string]>([
    ['what is filled in', { ...sending(TOKEN), given: { parameters: { key: TOKEN } } }, ''],
    ['an answer', sending(TOKEN, { body: { id: 7, token: TOKEN } }), ''],
    ['a table', { ...sending(`\${${'token'}}`), table: [{ token: TOKEN }] }, ''],
    ['a comment', sending('none'), `// ${TOKEN}\n`],
    [
      'a comment beside one that is expected',
      sending(TOKEN),
      `// ${TOKEN.replace('.eyJzdWIiOiJzZXJ2aWNlLTEifQ.', '.eyJzdWIiOiJzb21lYm9keSJ9.')}\n`,
    ],
  ])('is a secret in %s', async (_, more, before) => {
    const [count, first] = await codes(more, before);
    expect([count, first]).toEqual([0, expect.stringMatching(/^test\/secret:/)]);
  });
});
