import { expect, test } from 'vitest';
import { connectionOf, runnable } from './connections.ts';
import { provider } from './provider.ts';

const API = (url: string) => `{
  "url": "${url}/v1/me",
  "headers": { "authorization": "Basic {{base64(parameters.username + ':' + parameters.password)}}" },
  "response": {
    "metadata": { "type": "text", "value": "{{body.name}}" },
    "error": {
      "401": { "message": "[{{statusCode}}] {{body.message}}", "type": "InvalidAccessTokenError" },
      "message": "{{body.message}}"
    }
  },
  "log": { "sanitize": ["request.headers.authorization"] }
}`;

const PARAMETERS = [
  { name: 'username', type: 'text', label: 'Name', required: true },
  { name: 'password', type: 'password', label: 'Password', required: true },
];

/** An API that knows one name and one password. */
function api() {
  const right = `Basic ${Buffer.from('ada:l0velace!').toString('base64')}`;
  return provider({
    '/v1/me': ({ headers }) =>
      headers.authorization === right
        ? { body: { name: 'Ada' } }
        : { status: 401, body: { message: `not ${headers.authorization}` } },
  });
}

test('the right values connect, and can be verified again', async () => {
  const { url, received } = await api();
  const connection = runnable(connectionOf('basic', { api: API(url), parameters: PARAMETERS }), {
    parameters: { username: 'ada', password: 'l0velace!' },
  });
  const { instance } = await connection.connect();
  expect(instance).toEqual({ data: {}, metadata: { type: 'text', value: 'Ada' } });
  expect((await connection.verify(instance ?? { data: {} })).instance).toEqual(instance);
  expect(received.length).toBe(2);
});

test('the wrong ones are reported in the words and with the type of the section, at its line, and without themselves', async () => {
  const { url } = await api();
  const connection = connectionOf('basic', { api: API(url), parameters: PARAMETERS });
  const outcome = await runnable(connection, { parameters: { username: 'ada', password: 'wr0ng-password' } }).connect();
  expect(outcome.problem).toMatchObject({
    code: 'run/refused',
    message: 'InvalidAccessTokenError: [401] not Basic [redacted parameters.password]',
    file: 'connections/main/api.jsonc',
    line: 2,
    found: '401',
  });
  const encoded = Buffer.from('ada:wr0ng-password').toString('base64');
  for (const secret of ['wr0ng-password', encoded]) expect(JSON.stringify(outcome)).not.toContain(secret);
});

test('where nothing is to be sent, the values are all that there is', async () => {
  const connection = connectionOf('other', { api: {}, parameters: PARAMETERS });
  const { instance, trace } = await runnable(connection, {
    parameters: { username: 'ada', password: 'l0velace!' },
  }).connect();
  expect(instance).toEqual({ data: {} });
  expect(trace.steps).toMatchObject([{ outcome: 'done', notes: ['The request has no url, so nothing is sent.'] }]);
});
