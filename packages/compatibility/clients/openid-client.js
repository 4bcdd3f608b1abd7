import { attemptsOf, CALLBACK, require } from './oauth2.js';

/** @param {any} set @param {string} [before] a refresh token that the program keeps */
const tokens = (set, before) => ({ access: set.access_token, refresh: set.refresh_token ?? before });

/** Before the sixth version: classes. */
async function classes(openid, { base, id, secret, scope, settings }) {
  const issuer = await openid.Issuer.discover(base);
  const client = new issuer.Client({
    client_id: id,
    client_secret: secret,
    ...(settings.inBody && { token_endpoint_auth_method: 'client_secret_post' }),
  });
  const verifier = openid.generators.codeVerifier();
  const state = openid.generators.state();
  const challenge = openid.generators.codeChallenge(verifier);
  return {
    url: async () =>
      client.authorizationUrl({
        redirect_uri: CALLBACK,
        scope,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }),
    finish: async (/** @type {URL} */ back) =>
      tokens(
        await client.oauthCallback(CALLBACK, client.callbackParams(back.href), { code_verifier: verifier, state }),
      ),
    refresh: async (/** @type {any} */ { refresh }) =>
      tokens(await client.refresh(refresh), settings.keeps ? refresh : undefined),
    credentials: async () => tokens(await client.grant({ grant_type: 'client_credentials', scope })),
  };
}

export { begin } from './oauth2.js';

export const attempts = attemptsOf(async ({ place }, settled) => {
  const { base, id, secret, scope, settings } = settled;
  const { version } = require(`${place}/package.json`);
  if (version.startsWith('5.')) return classes(require(place), settled);
  const openid = await import(`${place}/build/index.js`);
  // As its documentation begins: the secret alone, which goes into the body.
  const proof = settings.inHeader ? openid.ClientSecretBasic(secret) : undefined;
  const configuration = await openid.discovery(new URL(base), id, secret, proof, {
    execute: [openid.allowInsecureRequests],
  });
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  return {
    url: async () =>
      openid.buildAuthorizationUrl(configuration, {
        ...{ redirect_uri: CALLBACK, scope, state, code_challenge_method: 'S256' },
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      }),
    finish: async (back) =>
      tokens(
        await openid.authorizationCodeGrant(configuration, back, { pkceCodeVerifier: verifier, expectedState: state }),
      ),
    refresh: async ({ refresh }) =>
      tokens(await openid.refreshTokenGrant(configuration, refresh), settings.keeps ? refresh : undefined),
    credentials: async () => tokens(await openid.clientCredentialsGrant(configuration, { scope })),
  };
});
