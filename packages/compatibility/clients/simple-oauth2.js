import { createHash, randomBytes } from 'node:crypto';
import { attemptsOf, CALLBACK, require } from './oauth2.js';

const tokens = (/** @type {any} */ raw) => ({ access: raw.token.access_token, refresh: raw.token.refresh_token, raw });

export { begin } from './oauth2.js';

export const attempts = attemptsOf(async ({ place }, { base, id, secret, scope, settings }) => {
  const { AuthorizationCode, ClientCredentials } = require(place);
  const { origin, pathname } = new URL(base);
  const auth = { tokenHost: origin, tokenPath: `${pathname}/token` };
  const configuration = {
    ...{ client: { id, secret }, auth },
    ...(settings.inBody && { options: { authorizationMethod: 'body' } }),
  };
  const client = new AuthorizationCode({ ...configuration, auth: { ...auth, authorizePath: `${pathname}/authorize` } });
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return {
    // It has no PKCE of its own, and hands on what it is given.
    url: async () =>
      client.authorizeURL({
        redirect_uri: CALLBACK,
        scope,
        state: 'a',
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }),
    finish: async (back) => {
      const code = back.searchParams.get('code');
      if (code === null) throw new Error(`${back.searchParams.get('error')}, which the program has to look for`);
      return tokens(await client.getToken({ code, redirect_uri: CALLBACK, code_verifier: verifier }));
    },
    refresh: async ({ raw, refresh }) => {
      const next = await raw.refresh();
      const kept = { ...next.token, refresh_token: next.token.refresh_token ?? refresh };
      return tokens(settings.keeps ? client.createToken(kept) : next);
    },
    credentials: async () => tokens(await new ClientCredentials(configuration).getToken({ scope })),
  };
});
