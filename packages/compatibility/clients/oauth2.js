// What OAuth 2 clients of others try at the local provider.
import { createRequire } from 'node:module';
import { CALLBACK, provider } from '../ours.js';

export const require = createRequire(import.meta.url);
export { CALLBACK };

const SPECIAL = { id: 'app &1', secret: 's+e c*r!t%' };

/**
 * @typedef {object} Settled what an adapter is told
 * @property {string} base the provider's address, which is its issuer
 * @property {string} id
 * @property {string} secret
 * @property {string} scope
 * @property {any} settings of the attempt
 *
 * @typedef {{ access: string, refresh?: string, raw?: any }} Tokens
 *
 * @typedef {object} Adapter how one client does it, with what its documentation shows
 * @property {() => Promise<string | URL>} [url] where the user's browser goes, with PKCE if the client has it
 * @property {(back: URL) => Promise<Tokens>} [finish] trades the code that the browser came back with
 * @property {(tokens: Tokens) => Promise<Tokens>} [refresh]
 * @property {() => Promise<Tokens>} [credentials]
 */

/** @param {any} context */
export function begin(context) {
  const client = { client_secret: SPECIAL.secret, redirect_uris: [CALLBACK] };
  return provider(context, {
    clients: [
      { ...client, client_id: SPECIAL.id, basic: 'form-encoded' },
      { ...client, client_id: `${SPECIAL.id} raw`, basic: 'raw' },
      { client_id: 'keeping', client_secret: 'demo-secret', redirect_uris: [CALLBACK], refresh_tokens: 'keep' },
    ],
  });
}

/** What programs can find at an error. @param {any} error */
function textOf(error) {
  const seen = new Set();
  const within = (/** @type {any} */ value, depth = 0) => {
    if (typeof value !== 'object' || value === null) return [String(value)];
    if (depth > 3 || seen.has(value)) return [];
    seen.add(value);
    // What it says of our request is no answer.
    const names = Object.getOwnPropertyNames(value).filter((name) => !['stack', 'request', 'config'].includes(name));
    return names.flatMap((name) => within(value[name], depth + 1));
  };
  return within(error).join(' ');
}

/** The attempts of a client. @param {(context: any, settled: Settled) => Promise<Adapter>} adapt */
export function attemptsOf(adapt) {
  const begun = async (/** @type {any} */ context, /** @type {any} */ settings) => {
    const local = context.subject;
    await local.reset();
    const { special, client = 'demo-strict', wrong } = settings;
    const id = special === undefined ? client : `${SPECIAL.id}${special === 'raw' ? ' raw' : ''}`;
    const secret = wrong ?? (special === undefined ? 'demo-secret' : SPECIAL.secret);
    if (settings.fault !== undefined) await local.harness.faults.add({ platform: 'provider', effect: settings.fault });
    const scope = settings.scope ?? 'profile offline_access';
    const adapter = await adapt(context, { base: local.base, id, secret, scope, settings });
    return { ...local, id, adapter };
  };
  const signedIn = async (/** @type {any} */ { adapter, visit }) => adapter.finish(await visit(await adapter.url()));
  return {
    /** A code, PKCE as the provider's strict client demands it, and whose the token is. */
    code: async (context, settings) => {
      const all = await begun(context, settings);
      const { access } = await signedIn(all);
      const { id } = await all.whose(access);
      if (id !== 'demo') throw new Error(`the token is of ${id}`);
    },
    refreshTwice: async (context, settings) => {
      const all = await begun(context, settings);
      let tokens = await signedIn(all);
      for (let count = 0; count < 2; count++) {
        await all.harness.clock.advance(61 * 60_000);
        const before = tokens.access;
        tokens = await all.adapter.refresh(tokens);
        if (tokens.access === before) throw new Error('a refresh gave the same access token');
        await all.whose(tokens.access);
      }
    },
    credentials: async (context, settings) => {
      const all = await begun(context, { scope: 'read', ...settings });
      const { access } = await all.adapter.credentials();
      const { client_id: id } = await all.whose(access);
      if (id !== all.id) throw new Error(`the token is of ${id}`);
    },
    /** A code of one authorization with the verifier of another: refused only by who really compares the two. */
    otherVerifier: async (context, settings) => {
      const all = await begun(context, settings);
      const { adapter: other } = await begun(context, settings);
      const back = await all.visit(await all.adapter.url());
      const state = new URL(await other.url()).searchParams.get('state');
      if (state !== null) back.searchParams.set('state', state);
      const failed = await other.finish(back).then(
        () => '',
        (/** @type {unknown} */ error) => textOf(error),
      );
      if (!/invalid_grant|PKCE|code_verifier/.test(failed)) throw new Error(`it is not refused: ${failed}`);
    },
    /** Something is refused: the client has to fail, and to give the code of the error. */
    error: async (context, { words, by, ...settings }) => {
      const all = await begun(context, { ...(by === 'credentials' && { scope: 'read' }), ...settings });
      let got;
      try {
        got = by === 'credentials' ? await all.adapter.credentials() : await signedIn(all);
      } catch (error) {
        const { message } = /** @type {any} */ (error);
        if (words.test(textOf(error))) return;
        throw new Error(`it fails without the code of the error: ${message}`);
      }
      throw new Error(`an error is taken for a token: ${JSON.stringify(got.access)}`);
    },
  };
}
