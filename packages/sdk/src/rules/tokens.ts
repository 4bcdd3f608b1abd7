import { conditionAtFirst, conditionWhileGood } from '../analysis/condition-evaluation.ts';
import type { Declared } from '../analysis/declared.ts';
import { namesIn } from '../analysis/fields.ts';
import { hasSpread, lacks } from '../analysis/keys.ts';
import { misspellingsOf } from '../analysis/misspellings.ts';
import { isOAuth2, stepsOf, textsUnder } from '../analysis/requests.ts';
import { nearest, searchBudget } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { REFRESH_THAT_WORKS, STEPS_THAT_WORK } from './oauth.ts';
import type { Report, Rule } from './rule.ts';

function checkTokenRuns(connection: Declared, report: Report): void {
  const { api } = connection.sections;
  if (!isOAuth2(connection) || !isObject(api) || !lacks(api, 'authorize')) return;
  const tokens = stepsOf(connection, 'token');
  const [first] = tokens;
  if (first === undefined) return;
  const runs = tokens.some(
    ({ value }) => !lacks(value, 'condition') && conditionAtFirst(value.condition, connection) !== false,
  );
  if (runs) return;
  const conditional = first.value.condition !== undefined;
  report({
    section: 'api',
    path: conditional ? [...first.path, 'condition'] : ['token'],
    part: conditional ? 'value' : 'key',
    message: conditional
      ? 'Without authorize, token runs only if its condition is true, and this condition is false for a new connection.'
      : 'Without authorize, token runs only if its condition is true, and it has no condition: it never runs.',
    hint: 'Write "condition": "{{if(data.accessToken, data.expires < addMinutes(now, 1), true)}}".',
    found: conditional ? 'a condition that is false' : 'no condition',
    expected: 'a condition that is true at first',
  });
}

function checkRefreshCondition(connection: Declared, report: Report): void {
  const requests = stepsOf(connection, 'refresh').filter(({ value }) => Object.keys(value).length > 0);
  const [first] = requests;
  if (first === undefined || requests.some(({ value }) => !lacks(value, 'condition'))) return;
  report({
    section: 'api',
    path: ['refresh'],
    part: 'key',
    message: 'The step refresh has no condition for when to refresh the token.',
    hint: 'Write "condition": "{{data.expires < addMinutes(now, 15)}}", with the expiry that token stores.',
    found: 'no condition',
  });
}

function checkRefreshedAlways(connection: Declared, report: Report): void {
  const conditional = stepsOf(connection, 'refresh').filter(({ value }) => value.condition !== undefined);
  const [first] = conditional;
  if (first === undefined || !conditional.every(({ value }) => conditionWhileGood(value.condition, connection))) return;
  const { condition } = first.value;
  report({
    section: 'api',
    path: [...first.path, 'condition', ...(isObject(condition) ? ['condition'] : [])],
    message: 'The condition is true while the token is still valid, so the token is refreshed at every run.',
    hint: 'Write "{{data.expires < addMinutes(now, 15)}}", with the expiry that token stores.',
    found: 'a condition that is always true',
    expected: 'a condition that is true when the token is about to expire',
  });
}

/** Names that the answers of the steps store as `data`; undefined when nobody can know them all. */
function storedBy(connection: Declared, steps: readonly string[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const step of steps) {
    for (const { value, response } of stepsOf(connection, step)) {
      const data = response?.data;
      if (data === undefined && !hasSpread(value)) continue;
      if (!isObject(data) || hasSpread(data)) return undefined;
      for (const name of Object.keys(data)) names.add(name);
    }
  }
  return names;
}

const BEFORE_REFRESH = ['preauthorize', 'authorize', 'token', 'info'];

function checkExpiryStored(connection: Declared, report: Report): void {
  const conditions = stepsOf(connection, 'refresh').flatMap((request) => textsUnder(request, 'condition'));
  if (conditions.length === 0 || stepsOf(connection, 'token').length === 0) return;
  const stored = storedBy(connection, BEFORE_REFRESH);
  if (stored === undefined) return;
  const fields = namesIn(connection, 'parameters');
  const expected = (root: string) => [...stored].map((each) => `${root}.${each}`).join(', ');
  const expectedOf = { data: expected('data'), connection: expected('connection') };
  const budget = searchBudget();
  for (const text of conditions) {
    for (const reference of text.references) {
      const { root, members } = reference;
      const name = members[0];
      if ((root !== 'data' && root !== 'connection') || name === undefined) continue;
      if (stored.has(name) || fields.has(name) || misspellingsOf(connection).has('data', name)) continue;
      if (!/expir|valid|until|ttl/i.test(name) && nearest(name, stored, budget) === undefined) continue;
      report({
        section: 'api',
        path: text.path,
        span: reference,
        message: `The condition reads ${root}.${name}, which the response of token never stores: the condition is never true.`,
        hint: `Store it in response.data of token, as in "${name}": "{{addSeconds(now, body.expires_in)}}".`,
        found: `${root}.${name}`,
        ...(stored.size === 0 ? {} : { expected: expectedOf[root] }),
      });
    }
  }
}

const { authorize, token, info } = STEPS_THAT_WORK;
const { code: _, ...body } = token.body;
const alone = {
  ...token,
  condition: '{{if(data.accessToken, data.expires < addMinutes(now, 1), true)}}',
  body: { ...body, grant_type: 'client_credentials' },
};
const refresh = REFRESH_THAT_WORKS;
const good = (): Declared => ({
  type: 'oauth-refresh',
  sections: { api: { authorize, token, refresh, info } },
});

export const TOKEN_RULES = [
  {
    code: 'oauth/token-never-runs',
    severity: 'error',
    title: 'a token step that never runs',
    why: 'The step token runs after the browser returns from authorize. Without authorize it runs only if its own condition is true, which must be the case while there is no token.',
    remedy: 'Add authorize, or a condition such as {{if(data.accessToken, data.expires < addMinutes(now, 1), true)}}.',
    check: checkTokenRuns,
    bad: () => ({ type: 'oauth-clicre', sections: { api: { token: { ...alone, condition: undefined }, info } } }),
    good: () => ({ type: 'oauth-clicre', sections: { api: { token: alone, info } } }),
  },
  {
    code: 'oauth/refresh-without-condition',
    severity: 'warning',
    title: 'a refresh without a condition',
    why: 'The condition of refresh decides when to renew the access token. Without it the token is refreshed at every run, or never, depending on the platform; many providers limit how often that is allowed.',
    remedy: 'Store the expiry in response.data of token and refresh, and compare it in the condition.',
    check: checkRefreshCondition,
    bad: () => ({
      type: 'oauth-refresh',
      sections: { api: { authorize, token, refresh: { ...refresh, condition: undefined }, info } },
    }),
    good,
  },
  {
    code: 'oauth/refresh-always',
    severity: 'warning',
    title: 'a token that is refreshed at every run',
    why: 'A condition that only checks for a refresh token is true at every run, and a condition that is true before the expiry is false after it. Many providers limit how often a token may be refreshed, or revoke it when two runs refresh at the same time.',
    remedy: 'Store the expiry in response.data of token and refresh, and compare it in the condition.',
    check: checkRefreshedAlways,
    bad: () => ({
      type: 'oauth-refresh',
      sections: { api: { authorize, token, refresh: { ...refresh, condition: '{{data.refreshToken}}' }, info } },
    }),
    good,
  },
  {
    code: 'oauth/expiry-not-stored',
    severity: 'warning',
    title: 'a refresh condition with an expiry that is never stored',
    why: 'A value that is never stored is undefined, and comparing with it is never true, so the token is never refreshed: the connection stops working when the first token expires.',
    remedy: 'Store the expiry in response.data of token under the name that the condition reads.',
    check: checkExpiryStored,
    bad: () => ({
      type: 'oauth-refresh',
      sections: {
        api: {
          authorize,
          token: { ...token, response: { data: { ...token.response.data, expires: undefined } } },
          refresh,
          info,
        },
      },
    }),
    good,
  },
] as const satisfies readonly Rule[];
