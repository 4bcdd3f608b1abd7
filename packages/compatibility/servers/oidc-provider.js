// oidc-provider with its own pages for signing in, as its guide starts it.
import { serve } from '../ours.js';
import { attemptsAt, CALLBACK, SECRET, SPECIAL } from './oauth2.js';

export const attempts = attemptsAt(async (context, { authentication, special }) => {
  const { default: Provider } = await import(`${context.place}/lib/index.js`);
  const client = special
    ? { client_id: SPECIAL.id, client_secret: SPECIAL.secret }
    : { client_id: 'app', client_secret: SECRET };
  /** @type {any} */
  let provider;
  const url = await serve(context, async (request, response) => {
    if (request.url !== '/v1/me') return handle(request, response);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
    response.writeHead(found === undefined ? 401 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(found === undefined ? { message: 'no such token' } : { id: found.accountId ?? found.clientId }),
    );
  });
  provider = new Provider(url, {
    clients: [
      {
        ...client,
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        ...(authentication === undefined ? {} : { token_endpoint_auth_method: authentication }),
      },
    ],
    scopes: ['openid', 'offline_access', 'read'],
    features: { clientCredentials: { enabled: true }, revocation: { enabled: true } },
    cookies: { keys: ['a key of a test'] },
  });
  const handle = provider.callback();
  const fill = (/** @type {string} */ page) =>
    page.includes('name="password"') ? { prompt: 'login', login: 'user-1', password: 'any' } : { prompt: 'consent' };
  return { url, paths: { authorize: '/auth', token: '/token', revoke: '/token/revocation' }, fill };
});
