import { createHash, randomBytes } from 'node:crypto';
import { attemptsOf, CALLBACK, require } from './oauth2.js';

const tokens = (/** @type {any} */ raw) => ({ access: raw.accessToken, refresh: raw.refreshToken, raw });

export { begin } from './oauth2.js';

export const attempts = attemptsOf(async ({ place }, { base, id, secret, scope, settings }) => {
  const { ClientOAuth2 } = require(place);
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  // As n8n calls it: PKCE in the query and the body.
  const client = new ClientOAuth2({
    clientId: id,
    clientSecret: secret,
    accessTokenUri: `${base}/token`,
    authorizationUri: `${base}/authorize`,
    redirectUri: CALLBACK,
    scopes: scope.split(' '),
    query: { code_challenge: challenge, code_challenge_method: 'S256' },
    state: 'a',
    ...(settings.inBody && { authentication: 'body' }),
  });
  return {
    url: async () => client.code.getUri(),
    finish: async (back) => tokens(await client.code.getToken(back.href, { body: { code_verifier: verifier } })),
    refresh: async ({ raw }) => tokens(await raw.refresh()),
    credentials: async () => tokens(await client.credentials.getToken()),
  };
});
