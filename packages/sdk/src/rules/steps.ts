import type { Declared } from '../analysis/declared.ts';
import { hasSpread, lacks } from '../analysis/keys.ts';
import type { Request } from '../analysis/requests.ts';
import { isObject } from '../json.ts';
import { type AuthorizationKind, CREATE_TYPES } from '../sections/create-types.ts';
import { inEachRequest } from './each-request.ts';
import { REFRESH_THAT_WORKS, STEPS_THAT_WORK } from './oauth.ts';
import type { Report, Rule } from './rule.ts';

/** Steps of which an `api` of each kind needs one to ever get a token, and their name. */
const GETTING: { readonly [kind in AuthorizationKind]?: { readonly any: readonly string[]; readonly hint: string } } = {
  oauth2: {
    any: ['preauthorize', 'authorize', 'token'],
    hint: 'Add token, and authorize before it if users sign in with a browser.',
  },
  oauth1: {
    any: ['oauth', 'requestToken', 'authorize', 'accessToken', 'info'],
    hint: 'Add requestToken, authorize and accessToken.',
  },
};

function checkGotten({ type, sections: { api } }: Declared, report: Report): void {
  const needed = GETTING[CREATE_TYPES[type].kind];
  if (needed === undefined || !isObject(api) || hasSpread(api)) return;
  if (!needed.any.every((name) => lacks(api, name))) return;
  report({
    section: 'api',
    path: [],
    message: 'The connection has no step that gets a token.',
    hint: needed.hint,
    found: Object.keys(api).join(', ') || 'no steps',
    expected: needed.any.join(', '),
  });
}

function checkScope({ path, step, response }: Request, report: Report): void {
  if (step === 'token' || response?.scope === undefined) return;
  report({
    section: 'api',
    path: [...path, 'response', 'scope'],
    part: 'key',
    message: `Granted scopes are only read from the response of token, not of ${step ?? 'this request'}.`,
    hint: 'Remove it, or move it to the response of token.',
    found: step === undefined ? 'response.scope' : `${step}.response.scope`,
    expected: 'token.response.scope',
  });
}

const { authorize, token, info } = STEPS_THAT_WORK;
const refresh = REFRESH_THAT_WORKS;
const scope = '{{body.scope}}';
const granted = { ...token, response: { ...token.response, scope } };

export const STEP_RULES = [
  {
    code: 'oauth/no-token',
    severity: 'warning',
    title: 'a connection that never gets a token',
    why: 'Every OAuth step is optional, but without token or authorize (with OAuth 1.0a, without requestToken and accessToken) the connection never gets a token.',
    remedy: 'Add the step that gets the token, or use a connection type without OAuth.',
    check: checkGotten,
    bad: () => ({ type: 'oauth', sections: { api: { info } } }),
    good: () => ({ type: 'oauth', sections: { api: STEPS_THAT_WORK } }),
  },
  {
    code: 'oauth/scope-ignored',
    severity: 'warning',
    title: 'granted scopes that are not read',
    why: 'The granted scopes are known when the code is exchanged for a token. The directive scope is read from the response of token, and ignored in all other steps.',
    remedy: 'Move it to the response of token.',
    check: inEachRequest(checkScope),
    bad: () => ({
      type: 'oauth-refresh',
      sections: {
        api: { authorize, token, refresh: { ...refresh, response: { ...refresh.response, scope } }, info },
      },
    }),
    good: () => ({ type: 'oauth-refresh', sections: { api: { authorize, token: granted, refresh, info } } }),
  },
] as const satisfies readonly Rule[];
