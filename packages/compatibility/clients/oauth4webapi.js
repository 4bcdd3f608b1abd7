import { attemptsOf, CALLBACK } from './oauth2.js';

export { begin } from './oauth2.js';

export const attempts = attemptsOf(async ({ place }, { base, id, secret, scope, settings }) => {
  const oauth = await import(`${place}/build/index.js`);
  const insecure = { [oauth.allowInsecureRequests]: true };
  const issuer = new URL(base);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  const client = {
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: settings.inBody ? 'client_secret_post' : 'client_secret_basic',
  };
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  // Since the third version how a client proves itself is an argument, and errors are thrown.
  const prove = settings.inBody ? oauth.ClientSecretPost : oauth.ClientSecretBasic;
  const proof = prove === undefined ? [] : [prove(secret)];
  const checked = (/** @type {any} */ result, /** @type {string | undefined} */ before = undefined) => {
    if (oauth.isOAuth2Error?.(result)) throw Object.assign(new Error(result.error_description), { code: result.error });
    return { access: result.access_token, refresh: result.refresh_token ?? (settings.keeps ? before : undefined) };
  };
  return {
    url: async () => {
      const url = new URL(as.authorization_endpoint);
      const challenge = await oauth.calculatePKCECodeChallenge(verifier);
      const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
      url.search = String(
        new URLSearchParams({ client_id: id, redirect_uri: CALLBACK, response_type: 'code', scope, state, ...pkce }),
      );
      return url;
    },
    finish: async (back) => {
      const parameters = oauth.validateAuthResponse(as, client, back, state);
      if (oauth.isOAuth2Error?.(parameters)) return checked(parameters);
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        ...proof,
        parameters,
        CALLBACK,
        verifier,
        insecure,
      );
      const process = oauth.processAuthorizationCodeOAuth2Response ?? oauth.processAuthorizationCodeResponse;
      return checked(await process(as, client, answer));
    },
    refresh: async ({ refresh }) =>
      checked(
        await oauth.processRefreshTokenResponse(
          as,
          client,
          await oauth.refreshTokenGrantRequest(as, client, ...proof, refresh, insecure),
        ),
        refresh,
      ),
    credentials: async () =>
      checked(
        await oauth.processClientCredentialsResponse(
          as,
          client,
          await oauth.clientCredentialsGrantRequest(as, client, ...proof, new URLSearchParams({ scope }), insecure),
        ),
      ),
  };
});
