import { createRequire } from 'node:module';
import { CALLBACK } from '../ours.js';
import { attemptsOf } from './http.js';

export { begin } from './http.js';

const require = createRequire(import.meta.url);
const listed = (/** @type {Record<string, unknown>} */ values) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

/** Runs requests one after the other, and gives the answers. @param {string} place @param {readonly any[]} requests */
function run(place, requests) {
  const newman = require(place);
  const collection = {
    info: { name: 'requests', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: requests.map((request, index) => ({ name: String(index), request })),
  };
  return new Promise((resolve, reject) => {
    newman.run({ collection, timeout: 30_000 }, (/** @type {any} */ error, /** @type {any} */ summary) => {
      if (error) return reject(error);
      const { executions, failures } = summary.run;
      if (failures.length > 0) return reject(failures[0].error);
      resolve(executions.map(({ response }) => ({ status: response.code, text: response.stream.toString() })));
    });
  });
}

const digest = attemptsOf(async ({ place }, { url, user, password, method = 'GET', body, times = 1 }) => {
  const auth = { type: 'digest', digest: listed({ username: user, password }) };
  const sent =
    body === undefined ? {} : { body: { mode: 'raw', raw: body }, header: listed({ 'content-type': 'text/plain' }) };
  const answers = await run(
    place,
    Array.from({ length: times }, () => ({ url, method, auth, ...sent })),
  );
  return answers.at(-1);
});

export const attempts = {
  ...digest,
  /** Three steps of OAuth 1, and a request with parameters that are repeated, empty and encoded. */
  oauth1: async ({ place, subject }, { signatureMethod }) => {
    const { base, visit, reset } = subject;
    await reset();
    const signed = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {object} */ more) => {
      const values = {
        consumerKey: 'demo',
        consumerSecret: 'demo-secret',
        signatureMethod,
        version: '1.0',
        addParamsToHeader: true,
        ...more,
      };
      const [{ status, text }] = await run(place, [
        { url: `${base}${path}`, method, auth: { type: 'oauth1', oauth1: listed(values) } },
      ]);
      if (status !== 200) throw new Error(`${path} is answered ${status} ${text.slice(0, 200)}`);
      return text;
    };
    const pair = (/** @type {string} */ text) => {
      const form = new URLSearchParams(text);
      return { token: form.get('oauth_token'), tokenSecret: form.get('oauth_token_secret') };
    };
    const asked = pair(await signed('POST', '/oauth1/request-token', { callback: CALLBACK }));
    const back = await visit(`${base}/oauth1/authorize?oauth_token=${asked.token}`);
    const verifier = back.searchParams.get('oauth_verifier');
    const granted = pair(await signed('POST', '/oauth1/access-token', { ...asked, verifier }));
    const text = await signed('GET', '/resources/oauth1?a3=2%20q&c%40=&a3=a', granted);
    if (JSON.parse(text).id !== 'demo') throw new Error(text);
  },
};
