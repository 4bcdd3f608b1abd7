import { describe, expect, test } from 'vitest';
import { openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

const url = 'https://auth.acme.test/oauth';
const data = {
  accessToken: '{{body.access_token}}',
  refreshToken: '{{body.refresh_token}}',
  renewal: '{{body.refresh_token}}',
  expires: '{{addSeconds(now, body.expires_in)}}',
  issued: '{{now}}',
  lifetime: '{{body.expires_in}}',
  userId: null,
};

/** Checks if it is reported that these requests refresh at every run, and where. */
function said(refresh: unknown): string[] {
  const api = { authorize: { url }, token: { url, response: { data } }, refresh };
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "refresh"}',
      'connections/a/connection.json': '{"type": "oauth-refresh"}',
      'connections/a/api.jsonc': JSON.stringify(api),
    }),
  );
  return validate(project)
    .filter(({ code }) => code === 'oauth/refresh-always')
    .map(({ severity, path }) => `${severity} ${path?.join('.')}`);
}

describe('a condition of refresh', () => {
  test.each<[unknown]>([
    ['{{data.refreshToken}}'],
    ['{{connection.refreshToken}}'],
    ['{{data.renewal}}'],
    ['{{data.accessToken && data.refreshToken}}'],
    ['{{data.refreshToken != null}}'],
    ["{{data.refreshToken != ''}}"],
    ['{{!!data.refreshToken}}'],
    ['{{if(data.refreshToken, true, false)}}'],
    ['{{ifempty(data.refreshToken, false)}}'],
    ['{{data.refreshToken | data.expires < now}}'],
    ['{{true}}'],
    [true],
    ['true'],
    // The wrong way round: true until it expires, and never after.
    ['{{data.expires > now}}'],
    ['{{addMinutes(now, 5) < data.expires}}'],
  ])('%j is reported, being true as long as the token is good', (condition) => {
    expect(said({ url, condition })).toEqual(['warning refresh.condition']);
  });

  test.each<[unknown]>([
    ['{{data.expires < addMinutes(now, 15)}}'],
    ['{{addMinutes(now, 15) > data.expires}}'],
    ['{{data.expires < now}}'],
    ['{{data.refreshToken && data.expires < addMinutes(now, 1)}}'],
    ['{{if(data.refreshToken, data.expires < addMinutes(now, 1), false)}}'],
    ['{{if(data.expires, data.expires < addMinutes(now, 1), true)}}'],
    ['{{!data.accessToken}}'],
    ['{{data.issued < addMinutes(now, -50)}}'],
    ['{{addSeconds(data.issued, data.lifetime) < now}}'],
    ['{{parseDate(data.expires) < now}}'],
    ['{{data.userId && data.expires < now}}'],
    ['{{data.other}}'],
    ['{{parameters.refresh}}'],
    ['{{temp.refresh}}'],
    [false],
  ])('%j is not reported', (condition) => {
    expect(said({ url, condition })).toEqual([]);
  });

  test('may be an object, and one of several', () => {
    expect(said({ url, condition: { condition: '{{data.refreshToken}}', default: false } })).toEqual([
      'warning refresh.condition.condition',
    ]);
    expect(said([{ url, condition: '{{data.refreshToken}}' }, { url }])).toEqual(['warning refresh.0.condition']);
    expect(
      said([
        { url, condition: '{{data.refreshToken}}' },
        { url, condition: '{{temp.more}}' },
      ]),
    ).toEqual([]);
  });
});
