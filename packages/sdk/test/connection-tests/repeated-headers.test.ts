import { expect, test } from 'vitest';
import { API, caseWith, filesWith, tested } from './api-key.ts';

test.each([
  ['link', 'a, b'],
  ['set-cookie', 'a,b'],
])('a repeated header %s is given to the connection as Node.js gives it', async (name, metadata) => {
  // It joins repeated headers, and keeps a list of cookies, of which IML makes a text.
  const api = API.replace('{{body.name}}', `{{headers.\`${name}\`}}`);
  const exchanges = [{ answer: { headers: { [name]: ['a', 'b'] }, body: { id: 7 } } }];
  const { problems, count } = await tested(filesWith({ cases: [caseWith({ exchanges, expect: { metadata } })] }, api));
  expect([count, problems]).toEqual([1, []]);
});
