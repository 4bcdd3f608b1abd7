import { type Addressed, secretsCarried } from '../analysis/carried-secrets.ts';
import type { Declared } from '../analysis/declared.ts';
import { isObject } from '../json.ts';
import { looksSecret } from '../secrecy.ts';
import { STEPS_THAT_WORK } from './oauth.ts';
import type { Report, Rule } from './rule.ts';

/** The secrets in addresses that requests without a log go to; what is logged, another rule tells. */
function* unloggedIn(connection: Declared): Generator<Addressed> {
  for (const { request, addressed } of secretsCarried(connection)) {
    const { log } = request.value;
    if (request.step === 'authorize' || (isObject(log) && Array.isArray(log.sanitize) && log.sanitize.length > 0))
      continue;
    for (const each of addressed) if (each.certainty !== 'possible') yield each;
  }
}

function checkQuery(connection: Declared, report: Report): void {
  for (const { kind, name, expression, words, finding } of unloggedIn(connection)) {
    if (kind === 'path') continue;
    const qs = JSON.stringify({ qs: { [name ?? 'key']: expression } });
    report({
      section: 'api',
      ...finding,
      message: `The secret ${words} is in the ${kind === 'query' ? 'query string of the URL' : 'URL, before the host'}.`,
      hint:
        kind === 'query'
          ? `Write it as ${qs}, or better in a header: log.sanitize can hide it there.`
          : 'Write it in the header authorization, where log.sanitize can name it: "Basic {{base64(user + \':\' + password)}}".',
    });
  }
}

function checkPath(connection: Declared, report: Report): void {
  for (const { kind, words, finding } of unloggedIn(connection)) {
    if (kind !== 'path') continue;
    report({
      section: 'api',
      ...finding,
      message: `The secret ${words} is a part of the URL, which log.sanitize cannot hide.`,
      hint: 'Send it in a header if the service accepts that; otherwise remove log.sanitize, so that the request is not logged.',
    });
  }
}

/** Names of what proves who the client or the user is; a key may be what a provider calls the client's identifier. */
function isProof(words: string): boolean {
  const [root, ...members] = words.split('.');
  const name = members.at(-1) ?? '';
  return (root === 'common' || root === 'parameters') && looksSecret(name) && !/key$/i.test(name);
}

function checkBrowser(connection: Declared, report: Report): void {
  for (const { request, carried, addressed } of secretsCarried(connection)) {
    if (request.step !== 'authorize') continue;
    const sent = carried.filter(({ finding }) => finding.path[request.path.length] === 'qs');
    for (const { words, finding } of [...sent, ...addressed]) {
      const text = request.texts.find(({ path }) => path === finding.path);
      // What signs a request is not in it.
      if (!isProof(words) || text?.template.text.includes('jwt(') === true) continue;
      report({
        section: 'api',
        ...finding,
        message: `The authorization URL contains the secret ${words}, which the user can read there.`,
        hint: 'Remove it: authorize needs only the client id; token sends the secret, from server to server.',
      });
    }
  }
}

const parameters = [{ name: 'apiKey', type: 'password', label: 'API key' }];
const url = 'https://api.example.com/v1/me';
const inHeader = {
  url,
  headers: { 'x-api-key': '{{parameters.apiKey}}' },
  log: { sanitize: ['request.headers.x-api-key'] },
};
const good = (): Declared => ({ type: 'apikey', sections: { api: inHeader, parameters } });

const { authorize, token, info } = STEPS_THAT_WORK;
const client_secret = '{{common.clientSecret}}';

export const SECRET_URL_RULES = [
  {
    code: 'request/secret-in-query',
    severity: 'warning',
    title: 'a secret in the query string of a URL',
    why: 'URLs are written to the logs of servers and proxies (CWE-598). Also, entries of log.sanitize cannot hide a part of url, so the request can never be logged.',
    remedy:
      'Send it in a header. If the service accepts it only in the query string, write it in qs, which log.sanitize can hide.',
    check: checkQuery,
    bad: () => ({ type: 'apikey', sections: { api: { url: `${url}?api_key={{parameters.apiKey}}` }, parameters } }),
    good,
  },
  {
    code: 'request/secret-in-path',
    severity: 'info',
    title: 'a secret in the path of a URL',
    why: 'Entries of log.sanitize cannot hide a part of url. Without log.sanitize the platform does not log the request; servers and proxies may.',
    remedy: 'Send it in a header if the service accepts that.',
    check: checkPath,
    bad: () => ({ type: 'apikey', sections: { api: { url: `${url}/{{parameters.apiKey}}` }, parameters } }),
    good,
  },
  {
    code: 'oauth/secret-in-browser',
    severity: 'warning',
    title: 'a secret in the authorization URL',
    why: 'The user’s browser opens the authorization URL, so its parameters are visible to the user, in the browser’s history and to the provider’s pages (RFC 6749, section 10.2).',
    remedy: 'Send only client_id in authorize, and the secret in token.',
    check: checkBrowser,
    bad: () => ({
      type: 'oauth',
      sections: { api: { authorize: { ...authorize, qs: { ...authorize.qs, client_secret } }, token, info } },
    }),
    good: () => ({ type: 'oauth', sections: { api: STEPS_THAT_WORK } }),
  },
] as const satisfies readonly Rule[];
