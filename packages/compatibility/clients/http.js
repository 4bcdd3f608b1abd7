// What HTTP clients of others try at the resources of the local provider that want digest.
import { provider } from '../ours.js';

export const begin = (/** @type {any} */ context) => provider(context);

/** @typedef {{ url: string, user: string, password: string, method?: string, body?: string, times?: number, between: () => Promise<void> }} Asked */

/**
 * The attempts of a client.
 * @param {(context: any, asked: Asked) => Promise<{ status: number, text: string }>} ask gives the answer to the last request
 */
export function attemptsOf(ask) {
  const answered = async (/** @type {any} */ context, /** @type {any} */ { path, wrong, later, ...asked }) => {
    const { base, reset, harness } = context.subject;
    await reset();
    const url = `${base}/resources${path}`;
    // A nonce is good for five minutes.
    const between = async () => {
      if (later) await harness.clock.advance(6 * 60_000);
    };
    return ask(context, { ...asked, between, url, user: 'demo', password: wrong ? 'another' : 'demo-password' });
  };
  return {
    digest: async (context, settings) => {
      const { status, text } = await answered(context, settings);
      const { id, message } = JSON.parse(text);
      if (status !== 200 || id !== 'demo') throw new Error(`${status} ${message}`);
    },
    wrongPassword: async (context, settings) => {
      const { status } = await answered(context, { ...settings, wrong: true });
      if (status !== 401) throw new Error(`the answer is ${status}`);
    },
  };
}
