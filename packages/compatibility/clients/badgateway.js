import { attemptsOf, CALLBACK } from './oauth2.js';

const tokens = (/** @type {any} */ raw) => ({ access: raw.accessToken, refresh: raw.refreshToken, raw });

export { begin } from './oauth2.js';

export const attempts = attemptsOf(async ({ place }, { base, id, secret, scope, settings }) => {
  const { OAuth2Client, generateCodeVerifier } = await import(`${place}/dist/index.js`);
  const client = new OAuth2Client({
    server: base,
    clientId: id,
    clientSecret: secret,
    ...(settings.discovery ?? { discoveryEndpoint: `${base}/.well-known/openid-configuration` }),
    ...(settings.inBody && { authenticationMethod: 'client_secret_post' }),
  });
  const codeVerifier = await generateCodeVerifier();
  const sent = { redirectUri: CALLBACK, codeVerifier, state: 'a' };
  return {
    url: async () => client.authorizationCode.getAuthorizeUri({ ...sent, scope: scope.split(' ') }),
    finish: async (back) => tokens(await client.authorizationCode.getTokenFromCodeRedirect(back, sent)),
    refresh: async ({ raw }) => tokens(await client.refreshToken(raw)),
    credentials: async () => tokens(await client.clientCredentials({ scope: scope.split(' ') })),
  };
});
