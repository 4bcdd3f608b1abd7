// What our connections try at an OAuth 2 server of others: the templates for a code with PKCE and for client credentials.
import { browse, CALLBACK, connectionOf, expectRefused, instanceOf } from '../ours.js';

export const SECRET = 'a-secret-of-the-client';
export const SPECIAL = { id: 'app &1', secret: 's+e c*r!t%' };

const RAW = "parameters.clientId + ':' + parameters.clientSecret";
const ENCODED = "encodeURL(parameters.clientId) + ':' + encodeURL(parameters.clientSecret)";
const IN_BODY =
  /"client_id": "\{\{(?:ifempty\()?parameters[^}]*\}\}",\s*"client_secret": "[^"]*"(?=\s*\}(?:,\s*"response"))/g;

/** Edits of a template: where the server is, and where id and secret stand. */
function edits({ url, paths }, { basic, prompt, scope, verifier }) {
  const credentials = basic === 'raw' ? RAW : ENCODED;
  return /** @type {(readonly [string | RegExp, string])[]} */ ([
    ...(basic === undefined
      ? []
      : [
          [IN_BODY, '"nothing": "{{undefined}}"'],
          [
            '"type": "urlencoded",',
            `"type": "urlencoded", "headers": { "authorization": "Basic {{base64(${credentials})}}" },`,
          ],
        ]),
    ...(prompt === undefined ? [] : [['"response_type": "code",', `"response_type": "code", "prompt": "${prompt}",`]]),
    ...(verifier === undefined ? [] : [['"code_verifier": "{{temp.codeVerifier}}"', `"code_verifier": "${verifier}"`]]),
    ['https://auth.example.com/oauth/authorize', `${url}${paths.authorize}`],
    ['https://auth.example.com/oauth/token', `${url}${paths.token}`],
    ['https://auth.example.com/oauth/revoke', `${url}${paths.revoke}`],
    ['https://api.example.com/v1/me', `${url}/v1/me`],
    [/^\["(?:profile|orders:read)"\]/gm, JSON.stringify(scope ?? ['read'])],
  ]);
}

/**
 * The attempts at a server.
 * @param {(context: any, settings: any) => Promise<{ url: string, paths: Record<string, string>, fill: (page: string) => Record<string, string> }>} start
 */
export function attemptsAt(start) {
  const connected = async (/** @type {any} */ context, /** @type {any} */ settings) => {
    const server = await start(context, settings);
    const { id = 'app', secret = SECRET } = settings.special ? SPECIAL : {};
    const parameters = { clientId: id, clientSecret: settings.wrong ? 'another-secret' : secret };
    const { runnable, forward } = connectionOf(context, settings.template ?? 'oauth2-pkce', edits(server, settings), {
      parameters,
    });
    const outcome = await runnable.connect(async ({ url }) => browse(url, server.fill));
    return { runnable, forward, outcome };
  };
  return {
    /** Connects, and asks the API who that is. */
    connect: async (context, settings) => {
      const { outcome } = await connected(context, settings);
      const { uid } = instanceOf(outcome);
      const wanted = settings.template === undefined ? 'user-1' : settings.special ? SPECIAL.id : 'app';
      if (uid !== wanted) throw new Error(`the token is of ${uid}`);
    },
    refreshTwice: async (context, settings) => {
      const { runnable, forward, outcome } = await connected(context, settings);
      let instance = instanceOf(outcome);
      for (let count = 0; count < 2; count++) {
        forward(61);
        const before = instance.data.accessToken;
        instance = instanceOf(await runnable.verify(instance));
        if (instance.data.accessToken === before) throw new Error('a refresh gave the same access token');
      }
    },
    revoke: async (context, settings) => {
      const { runnable, outcome } = await connected(context, settings);
      const instance = instanceOf(outcome);
      const { problem } = await runnable.invalidate(instance);
      if (problem !== undefined) throw new Error(problem.message);
      expectRefused(await runnable.verify(instance), /401/);
    },
    otherVerifier: async (context, settings) => {
      const { outcome } = await connected(context, { ...settings, verifier: '{{temp.codeVerifier}}x' });
      expectRefused(outcome, /\[400\]/);
    },
    wrongSecret: async (context, settings) => {
      const { outcome } = await connected(context, { ...settings, wrong: true });
      expectRefused(outcome, settings.words);
    },
  };
}

export { CALLBACK };
