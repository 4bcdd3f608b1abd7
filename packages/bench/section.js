// The api section of an OAuth 2.0 connection as published apps have it, written for this benchmark: its expressions
// are those that the hand-written code of limit.js can read as well.

/** @param {string} id Makes every template one that was not met before. */
export function section(id) {
  const sanitize = ['request.headers.authorization', 'request.body.client_secret', 'response.body.access_token'];
  return {
    preauthorize: {
      url: `https://{{parameters.domain}}.example.com/oauth/prepare?run=${id}`,
      headers: { accept: 'application/json', 'x-client': `{{ifempty(parameters.clientId, common.clientId)}} ${id}` },
      response: { temp: { nonce: '{{body.nonce}}' } },
    },
    authorize: {
      url: `https://{{parameters.domain}}.example.com/oauth/authorize?run=${id}`,
      qs: {
        scope: `{{join(oauth.scope, ' ')}} ${id}`,
        client_id: `{{ifempty(parameters.clientId, common.clientId)}}${id}`,
        redirect_uri: `{{oauth.localRedirectUri}}?${id}`,
        response_type: 'code',
        state: `${id}{{temp.nonce}}`,
      },
      response: { temp: { code: `{{query.code}}${id}` } },
    },
    token: {
      url: `https://{{parameters.domain}}.example.com/oauth/token?run=${id}`,
      method: 'POST',
      type: 'urlencoded',
      headers: {
        authorization: `Basic ${id}{{base64(ifempty(parameters.clientId, common.clientId) + ':' + ifempty(parameters.clientSecret, common.clientSecret))}}`,
      },
      body: {
        grant_type: 'authorization_code',
        code: `{{temp.code}}${id}`,
        redirect_uri: `{{oauth.localRedirectUri}}#${id}`,
      },
      response: {
        data: {
          accessToken: `{{body.access_token}}${id}`,
          refreshToken: `${id}{{body.refresh_token}}`,
          expires: `${id}{{addSeconds(now, body.expires_in)}}`,
        },
        error: { message: `[{{statusCode}}] {{body.error}}: {{ifempty(body.error_description, body.error)}} (${id})` },
      },
      log: { sanitize },
    },
    info: {
      url: `https://{{parameters.domain}}.example.com/v1/users/{{body.user.id}}?fields=id,name,email&run=${id}`,
      headers: { authorization: `Bearer ${id}{{connection.accessToken}}` },
      response: {
        uid: `{{body.user.id}}${id}`,
        metadata: { type: 'email', value: `{{body.user.name}} <{{body.user.email}}> ${id}` },
      },
      log: { sanitize },
    },
    refresh: {
      url: `https://{{parameters.domain}}.example.com/oauth/token?refresh=${id}`,
      method: 'POST',
      body: { grant_type: 'refresh_token', refresh_token: `{{connection.refreshToken}}${id}` },
      response: {
        data: {
          accessToken: `{{body.access_token}}-${id}`,
          refreshToken: `{{ifempty(body.refresh_token, connection.refreshToken)}}${id}`,
        },
      },
      log: { sanitize },
    },
    invalidate: {
      url: `https://{{parameters.domain}}.example.com/oauth/revoke?run=${id}`,
      method: 'DELETE',
      headers: { authorization: `Bearer {{connection.accessToken}} ${id}` },
    },
  };
}

export const NOW = new Date('2024-01-01T00:00:00.000Z');

export const SCOPE = {
  now: NOW,
  parameters: { domain: 'acme', clientSecret: 's3cr3t', username: 'alice', password: 'correct horse' },
  common: { clientId: 'client-1', clientSecret: 'shared' },
  oauth: { scope: ['users:read', 'users:write', 'offline'], localRedirectUri: 'https://www.make.com/oauth/cb/app' },
  temp: { nonce: 'n-1', code: 'c-1' },
  query: { code: 'c-1' },
  connection: { apiKey: 'sk_live_0123456789abcdef', accessToken: 'at-1', refreshToken: 'rt-1' },
  statusCode: 200,
  body: {
    access_token: 'at-2',
    refresh_token: 'rt-2',
    expires_in: 3600,
    error: 'none',
    user: { id: 'u-1', name: 'Alice', email: 'alice@example.com' },
  },
};
