import type { Declared } from '../analysis/declared.ts';
import { lacks } from '../analysis/keys.ts';
import { isOAuth2, readsOf, requestsOf, stepsOf } from '../analysis/requests.ts';
import { nearest } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import type { Report, Rule } from './rule.ts';

/** Variables that hold an address of the platform, by which the browser comes back. */
export const REDIRECTS = ['localRedirectUri', 'makeRedirectUri', 'redirectUri'] as const;

/** Members of `oauth`, in connections with OAuth 2.0. */
const MEMBERS: readonly string[] = ['scope', 'state', ...REDIRECTS];

function checkMembers(connection: Declared, report: Report): void {
  if (!isOAuth2(connection)) return;
  for (const { text, reference } of readsOf(connection, 'oauth')) {
    const name = reference.members[0];
    if (name === undefined || MEMBERS.includes(name)) continue;
    const meant = nearest(name, MEMBERS);
    report({
      section: 'api',
      path: text.path,
      part: text.part,
      span: reference,
      message: `oauth.${name} does not exist: it is always undefined.`,
      hint: meant === undefined ? `Use one of oauth.${MEMBERS.join(', oauth.')}.` : `Did you mean oauth.${meant}?`,
      found: `oauth.${name}`,
      expected: MEMBERS.map((each) => `oauth.${each}`).join(', '),
    });
  }
}

function checkState(connection: Declared, report: Report): void {
  for (const { path, value } of stepsOf(connection, 'authorize')) {
    const state = valueAt(value, ['qs', 'state']);
    if (typeof state !== 'string' || state.includes('{{')) continue;
    report({
      section: 'api',
      path: [...path, 'qs', 'state'],
      message: `The state of the authorization is ${state === '' ? 'empty' : 'constant'}, so it does not protect against forged responses.`,
      hint: 'Remove it: the platform sends its own state and checks it. If the provider needs it as a parameter, write {{oauth.state}}.',
      found: JSON.stringify(state.slice(0, 40)),
      expected: '{{oauth.state}}',
      fix: { title: 'Remove it', changes: [{ section: 'api', path: [...path, 'qs', 'state'], value: undefined }] },
    });
  }
}

function checkInfo(connection: Declared, report: Report): void {
  const { api } = connection.sections;
  if (!isOAuth2(connection) || !isObject(api)) return;
  if (stepsOf(connection, 'token').length + stepsOf(connection, 'authorize').length === 0) return;
  const named = requestsOf(connection).some(({ value, response }) =>
    response === undefined ? !lacks(value, 'response') : !lacks(response, 'metadata'),
  );
  // A client that signs in for itself has proved itself by its token, whose answer may name it.
  const isProved = named && stepsOf(connection, 'authorize').length === 0;
  if (lacks(api, 'info') && !isProved) {
    report({
      section: 'api',
      path: [],
      message: 'There is no step info to verify the token and to show the account.',
      hint: 'Add info: a request that every valid token may make, with metadata from its response.',
    });
    return;
  }
  if (named || api.info === undefined) return;
  report({
    section: 'api',
    path: ['info'],
    part: 'key',
    message: 'No response sets metadata, so users cannot tell their connections apart.',
    hint: 'Add "metadata": {"type": "text", "value": "{{body.name}}"} to the response of info.',
  });
}

const url = 'https://auth.example.com/oauth';
const log = {
  sanitize: [
    'request.body.code',
    'request.body.client_secret',
    'response.body.access_token',
    'response.body.refresh_token',
  ],
};
const client = { client_id: '{{common.clientId}}', client_secret: '{{common.clientSecret}}' };
const authorize = {
  url: `${url}/authorize`,
  qs: { response_type: 'code', client_id: '{{common.clientId}}', redirect_uri: '{{oauth.localRedirectUri}}' },
  response: { temp: { code: '{{query.code}}' } },
};
const token = {
  url: `${url}/token`,
  method: 'POST',
  type: 'urlencoded',
  body: {
    grant_type: 'authorization_code',
    code: '{{temp.code}}',
    redirect_uri: '{{oauth.localRedirectUri}}',
    ...client,
  },
  response: {
    data: {
      accessToken: '{{body.access_token}}',
      refreshToken: '{{body.refresh_token}}',
      expires: '{{addSeconds(now, body.expires_in)}}',
    },
  },
  log,
};
const info = {
  url: 'https://api.example.com/v1/me',
  headers: { authorization: 'Bearer {{connection.accessToken}}' },
  response: { metadata: { type: 'text', value: '{{body.name}}' } },
  log: { sanitize: ['request.headers.authorization'] },
};

/** The steps of a connection in which nothing is wrong, for the rules about them. */
export const STEPS_THAT_WORK = { authorize, token, info } as const;

/** The step that they can have besides. */
export const REFRESH_THAT_WORKS = {
  ...token,
  condition: '{{data.expires < addMinutes(now, 5)}}',
  body: { grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}', ...client },
  log: { sanitize: [...log.sanitize, 'request.body.refresh_token'] },
} as const;

const good = (): Declared => ({ type: 'oauth', sections: { api: STEPS_THAT_WORK } });

export const OAUTH_RULES = [
  {
    code: 'oauth/unknown-member',
    severity: 'warning',
    title: 'a property that oauth does not have',
    why: 'The variable oauth has the scopes, the state and the redirect URIs. Any other property is undefined, without an error.',
    remedy: 'Correct the name.',
    check: checkMembers,
    bad: () => ({
      type: 'oauth',
      sections: {
        api: {
          authorize: { ...authorize, qs: { ...authorize.qs, redirect_uri: '{{oauth.localRedirectUrl}}' } },
          token,
          info,
        },
      },
    }),
    good,
  },
  {
    code: 'oauth/fixed-state',
    severity: 'warning',
    title: 'a constant state',
    why: 'The state proves that the browser that returns is the one that was sent (RFC 6749, section 10.12). An empty or constant state proves nothing, and replaces the platform’s own.',
    remedy: 'Remove state, or write {{oauth.state}}.',
    check: checkState,
    bad: () => ({
      type: 'oauth',
      sections: { api: { authorize: { ...authorize, qs: { ...authorize.qs, state: '' } }, token, info } },
    }),
    good: () => ({
      type: 'oauth',
      sections: {
        api: { authorize: { ...authorize, qs: { ...authorize.qs, state: '{{oauth.state}}' } }, token, info },
      },
    }),
  },
  {
    code: 'oauth/unnamed',
    severity: 'info',
    title: 'a connection without info or metadata',
    why: 'The step info verifies the token before anything uses it, and its metadata shows users which of their accounts a connection belongs to.',
    remedy: 'Add info: a request that every valid token may make, with metadata from its response.',
    check: checkInfo,
    bad: () => ({ type: 'oauth', sections: { api: { authorize, token } } }),
    good,
  },
] as const satisfies readonly Rule[];
