import type { Path } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { SPREAD } from './expressions.ts';
import { FORMS, fieldsOf } from './fields.ts';
import { lately } from './lately.ts';
import { namesRead, requestsOf } from './reading.ts';
import type { Declared, Rule, Tell } from './rule.ts';
import { isHiding, looksSecret } from './secrets.ts';

function checkTextFields(connection: Declared, tell: Tell): void {
  for (const section of FORMS) {
    for (const { name, value, path } of fieldsOf(connection, section)) {
      if (value.type !== 'text' || !looksSecret(name)) continue;
      tell({
        section,
        path: [...path, 'type'],
        message: `The field ${JSON.stringify(name)} asks for a secret and shows it while it is typed.`,
        hint: 'Write "password": what is typed is then hidden, and not shown again.',
        found: '"text"',
        expected: '"password"',
        fix: { title: 'Make it a password', changes: [{ section, path: [...path, 'type'], value: 'password' }] },
      });
    }
  }
}

/** The names that the connection reads of what the user filled in; undefined when it reads all of them at once. */
export const readParameters = lately((connection: Declared) =>
  namesRead(connection, 'parameters', 'data', 'connection'),
);

/** Whether the connection sends anything by itself; otherwise only modules can use what was filled in. */
export function sendsRequests(connection: Declared): boolean {
  return requestsOf(connection).some(({ value }) => value.url !== undefined || SPREAD in value);
}

function checkSent(connection: Declared, tell: Tell): void {
  const read = readParameters(connection);
  if (read === undefined || !sendsRequests(connection)) return;
  for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
    if (!isHiding(value) || read.has(name)) continue;
    tell({
      section: 'parameters',
      path: [...path, 'name'],
      message: `The credential ${JSON.stringify(name)} is asked for, and no request of the connection sends it.`,
      hint: `Send it as {{parameters.${/^\w+$/.test(name) ? name : `\`${name}\``}}}, or do not ask for it.`,
      found: JSON.stringify(name),
    });
  }
}

/** Forms of secrets that are known by their beginning. */
const KNOWN =
  /(?<![A-Za-z0-9])(sk_live_|sk_test_|rk_live_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|SG\.|ya29\.|sk-ant-|shpat_|eyJ[\w-]{8,}\.eyJ)[\w.-]{8,}/;

/** Characters of the shortest of them. */
const SHORTEST = 11;

/** Whether the text holds something that looks like a secret of a well-known service. */
export function holdsKnownSecret(text: string): boolean {
  return text.length >= SHORTEST && KNOWN.test(text);
}

const SCHEME = /^(basic|bearer|token|apikey|digest|key|oauth)\s+(?=\S)/i;
const IN_URL = /^[a-z]+:\/\/[^/?#\s]*:[^/?#\s{}]+@|[?&]([\w.-]+)=([^&#{}\s]+)/gi;

function isLiteralSecret(name: string, value: string): boolean {
  if (value.trim() === '' || value.includes('{{')) return false;
  if (name.toLowerCase() === 'authorization') return SCHEME.test(value) || /^\S{8,}$/.test(value);
  return looksSecret(name);
}

const PARTS = ['headers', 'qs', 'body'] as const;

/** Calls back for each string in the value that holds a secret; `path` is where the walk is. */
function eachLiteralSecret(
  value: unknown,
  path: (string | number)[],
  name: string,
  tell: (path: Path, name: string) => void,
): void {
  if (typeof value === 'string') {
    if (isLiteralSecret(name, value) || holdsKnownSecret(value)) tell([...path], name);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      eachLiteralSecret(value[index], path, name, tell);
      path.pop();
    }
  } else if (isObject(value)) {
    for (const inner of Object.keys(value)) {
      path.push(inner);
      eachLiteralSecret(value[inner], path, inner, tell);
      path.pop();
    }
  }
}

function checkHardCoded(connection: Declared, tell: Tell): void {
  for (const { path, value } of requestsOf(connection)) {
    for (const part of PARTS) {
      eachLiteralSecret(value[part], [...path, part], part, (at, name) => {
        tell({
          section: 'api',
          path: at,
          message: `A secret is written into the section, as the value of ${JSON.stringify(name)}.`,
          hint: 'Ask the user for it in a field of type password, or keep it in common, and write an expression here.',
        });
      });
    }
    if (typeof value.url !== 'string') continue;
    const [match] = [...value.url.matchAll(IN_URL)].filter(([, name]) => name === undefined || looksSecret(name));
    if (match === undefined) continue;
    tell({
      section: 'api',
      path: [...path, 'url'],
      message: 'A secret is written into the URL.',
      hint: 'Ask the user for it in a field of type password, or keep it in common, and send it in a header.',
    });
  }
}

const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const api = { url: 'https://api.example.com/v1/me', headers, log: { sanitize: ['request.headers.authorization'] } };
const apiKey = { name: 'apiKey', type: 'password', label: 'API key', required: true };
const good = { type: 'apikey', sections: { api, parameters: [apiKey] } } as const satisfies Declared;

export const CREDENTIAL_RULES = [
  {
    code: 'credential/text-field',
    severity: 'warning',
    title: 'a secret in a text field',
    why: 'A field of type text shows what is typed, and shows it again to everybody who edits the connection.',
    mend: 'Make the field a password.',
    check: checkTextFields,
    bad: { type: 'apikey', sections: { api, parameters: [{ ...apiKey, type: 'text' }] } },
    good,
  },
  {
    code: 'credential/not-sent',
    severity: 'warning',
    title: 'a credential that no request sends',
    why: 'The connection cannot prove a credential that it never sends: a wrong one is found out only when a scenario fails.',
    mend: 'Send it in the request that proves the connection, or remove the field.',
    check: checkSent,
    bad: {
      type: 'apikey',
      sections: { api, parameters: [apiKey, { name: 'apiSecret', type: 'password', label: 'API secret' }] },
    },
    good,
  },
  {
    code: 'credential/hard-coded',
    severity: 'warning',
    title: 'a secret written into a section',
    why: 'Sections are text that is tracked, reviewed and pushed as it stands: everybody who sees them has the secret, and it cannot be changed without a new version.',
    mend: 'Take it out, change it at the provider, and keep it in a field of type password or in common.',
    check: checkHardCoded,
    bad: {
      type: 'other',
      sections: { api: { url: 'https://api.example.com/v1/me', headers: { 'x-api-key': '0123456789abcdef' } } },
    },
    good,
  },
] as const satisfies readonly Rule[];
