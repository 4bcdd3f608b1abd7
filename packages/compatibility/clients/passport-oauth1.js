import { createRequire } from 'node:module';
import { CALLBACK } from '../ours.js';
import { asked } from './passport-oauth2.js';

export { begin } from './http.js';

const require = createRequire(import.meta.url);

export const attempts = {
  oauth1: async ({ place, subject }, { signatureMethod, path = '/resources/oauth1' }) => {
    const { base, visit, reset } = subject;
    await reset();
    const OAuthStrategy = require(place);
    const strategy = new OAuthStrategy(
      {
        ...{ requestTokenURL: `${base}/oauth1/request-token`, accessTokenURL: `${base}/oauth1/access-token` },
        ...{ userAuthorizationURL: `${base}/oauth1/authorize`, callbackURL: CALLBACK, signatureMethod },
        ...{ consumerKey: 'demo', consumerSecret: 'demo-secret' },
      },
      (token, secret, _profile, done) => done(null, { token, secret }),
    );
    const session = {};
    const { url } = await asked(strategy, { query: {}, session, headers: {} });
    const back = await visit(url);
    const { token, secret } = await asked(strategy, {
      query: Object.fromEntries(back.searchParams),
      session,
      headers: {},
    });
    const text = await new Promise((resolve, reject) => {
      strategy._oauth.get(`${base}${path}`, token, secret, (/** @type {any} */ error, /** @type {string} */ data) =>
        error ? reject(new Error(`${error.statusCode} ${error.data}`)) : resolve(data),
      );
    });
    if (JSON.parse(String(text)).id !== 'demo') throw new Error(String(text));
  },
};
