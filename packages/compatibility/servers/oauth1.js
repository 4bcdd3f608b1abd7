// What our connections try at a server of others that verifies signatures of OAuth 1.
import { browse, connectionOf, expectRefused, instanceOf } from '../ours.js';

export const CONSUMER = { key: 'a-consumer-of-ours-1', secret: 'consumer/s&cret+1' };
export const TOKEN = { token: 'an-access-token-1234', secret: 'token/s&cret+1' };

/** Parameters that are repeated, empty, encoded and beyond ASCII. */
const HARD = `"qs": { "empty": "", "list": ["2", "1"], "é": "+&= %" },`;

/** @param {(context: any, settings: any) => Promise<{ url: string, fill?: (page: string) => Record<string, string> }>} start */
export function attemptsAt(start) {
  const connected = async (
    /** @type {any} */ context,
    /** @type {any} */ settings,
    secret = settings.secret ?? CONSUMER.secret,
  ) => {
    const { url, fill = () => ({}) } = await start(context, settings);
    const { method = 'HMAC-SHA1', place, hard, target = '/v1/me' } = settings;
    const changes = /** @type {const} */ ([
      ['https://api.example.com/v1/me",', `https://api.example.com${target}",${hard ? HARD : ''}`],
      ['https://api.example.com', url],
      [
        '"consumer_secret": "{{common.consumerSecret}}"',
        `"consumer_secret": "{{common.consumerSecret}}", "signature_method": "${method}"${place === undefined ? '' : `, "transport_method": "${place}"`}`,
      ],
      ...(settings.edits ?? []),
    ]);
    const common = { consumerKey: CONSUMER.key, consumerSecret: secret };
    const { runnable } = connectionOf(context, 'oauth1', changes, { common });
    if (settings.only !== undefined) {
      // A server that only verifies: its token was given before.
      const { trace, ...outcome } = await runnable.verify({ data: { token: TOKEN.token, tokenSecret: TOKEN.secret } });
      return outcome;
    }
    return runnable.connect(async (visit) => browse(visit.url, fill));
  };
  return {
    connect: async (context, settings) => {
      const { uid } = instanceOf(await connected(context, settings));
      if (uid !== 'user-1') throw new Error(`the token is of ${uid}`);
    },
    wrongSecret: async (context, settings) =>
      expectRefused(await connected(context, settings, 'another secret'), /\[401\]/),
  };
}
