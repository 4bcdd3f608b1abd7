// @node-oauth/oauth2-server behind plain HTTP, with a model in memory.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { serve } from '../ours.js';
import { attemptsAt, CALLBACK, SECRET, SPECIAL } from './oauth2.js';

const require = createRequire(import.meta.url);

export const attempts = attemptsAt(async (context, { special }) => {
  const OAuth2Server = require(context.place);
  const client = {
    ...(special ? { id: SPECIAL.id, secret: SPECIAL.secret } : { id: 'app', secret: SECRET }),
    grants: ['authorization_code', 'refresh_token', 'client_credentials'],
    redirectUris: [CALLBACK],
  };
  const codes = new Map();
  const tokens = new Map();
  const model = {
    getClient: async (/** @type {string} */ id, /** @type {string | null} */ secret) =>
      id === client.id && (secret === null || secret === client.secret) ? client : undefined,
    saveAuthorizationCode: async (code, owner, user) => {
      codes.set(code.authorizationCode, { ...code, client: owner, user });
      return codes.get(code.authorizationCode);
    },
    getAuthorizationCode: async (/** @type {string} */ code) => codes.get(code),
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
    saveToken: async (token, owner, user) => {
      const saved = { ...token, client: owner, user };
      for (const each of [token.accessToken, token.refreshToken]) tokens.set(each, saved);
      return saved;
    },
    getAccessToken: async (/** @type {string} */ token) => tokens.get(token),
    getRefreshToken: async (/** @type {string} */ token) => tokens.get(token),
    revokeToken: async ({ refreshToken }) => tokens.delete(refreshToken),
    getUserFromClient: async (/** @type {any} */ { id }) => ({ id }),
  };
  const server = new OAuth2Server({ model });
  const steps = {
    '/authorize': (request, response) =>
      server.authorize(request, response, { authenticateHandler: { handle: () => ({ id: 'user-1' }) } }),
    '/token': (request, response) => server.token(request, response),
    '/v1/me': async (request, response) => {
      const { user } = await server.authenticate(request, response);
      response.body = { id: user.id };
    },
  };
  const url = await serve(context, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://host');
    const body = Object.fromEntries(new URLSearchParams(await text(request)));
    const { method, headers } = request;
    const asked = new OAuth2Server.Request({ method, headers, query: Object.fromEntries(searchParams), body });
    const answer = new OAuth2Server.Response({ headers: {} });
    try {
      await steps[pathname](asked, answer);
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body));
    } catch (/** @type {any} */ { code, name, message }) {
      response.writeHead(answer.status === 302 ? 302 : code, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify({ error: name, error_description: message, message }));
    }
  });
  return { url, paths: { authorize: '/authorize', token: '/token', revoke: '/nowhere' }, fill: () => ({}) };
});
