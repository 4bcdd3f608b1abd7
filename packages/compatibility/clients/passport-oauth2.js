import { attemptsOf, CALLBACK, require } from './oauth2.js';

/** Asks a strategy as Passport does, which gives each request a strategy with these four. */
export function asked(/** @type {any} */ strategy, /** @type {any} */ request) {
  return new Promise((resolve, reject) => {
    const one = Object.create(strategy);
    one.redirect = (/** @type {string} */ url) => resolve({ url });
    one.success = (/** @type {any} */ user) => resolve(user);
    one.fail = (/** @type {any} */ challenge) => reject(new Error(`it fails: ${JSON.stringify(challenge)}`));
    one.error = reject;
    one.authenticate(request, {});
  });
}

export { begin } from './oauth2.js';

export const attempts = attemptsOf(async ({ place }, { base, id, secret, scope, settings }) => {
  const OAuth2Strategy = require(place);
  const strategy = new OAuth2Strategy(
    {
      ...{ authorizationURL: `${base}/authorize`, tokenURL: `${base}/token`, callbackURL: CALLBACK },
      ...{ clientID: id, clientSecret: secret, scope: scope.split(' '), state: true, pkce: true },
    },
    (access, refresh, _profile, done) => done(null, { access, refresh }),
  );
  const session = {};
  const request = (/** @type {URL} */ { searchParams }) => ({
    query: Object.fromEntries(searchParams),
    session,
    headers: {},
  });
  return {
    url: async () => (await asked(strategy, request(new URL(CALLBACK)))).url,
    finish: async (back) => asked(strategy, request(back)),
    // The strategy itself has no refresh: users take the client inside of it.
    refresh: async ({ refresh }) =>
      new Promise((resolve, reject) => {
        strategy._oauth2.getOAuthAccessToken(refresh, { grant_type: 'refresh_token' }, (error, access, next) =>
          error
            ? reject(new Error(error.data ?? error))
            : resolve({ access, refresh: next ?? (settings.keeps ? refresh : undefined) }),
        );
      }),
  };
});
