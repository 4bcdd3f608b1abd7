import { literalSecretsIn } from '../analysis/literal-secrets.ts';
import { misspellingsOf } from '../analysis/misspellings.ts';
import { asksForSecret, looksSecret } from '../secrecy.ts';
import { SPREAD } from './expressions.ts';
import { FORMS, fieldsOf } from './fields.ts';
import { lately } from './lately.ts';
import { namesRead, requestsOf } from './reading.ts';
import type { Declared, Rule, Tell } from './rule.ts';

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

/**
 * The names that the connection reads of what the user filled in, or means to read by a misspelt one; undefined when it
 * reads all of them at once.
 */
export const readParameters = lately((connection: Declared): ReadonlySet<string> | undefined => {
  const read = namesRead(connection, 'parameters', 'data', 'connection');
  if (read === undefined) return undefined;
  const misspellings = misspellingsOf(connection);
  return new Set([...read, ...misspellings.meant('parameters'), ...misspellings.meant('data')]);
});

/** Whether the connection sends anything by itself; otherwise only modules can use what was filled in. */
export function sendsRequests(connection: Declared): boolean {
  return requestsOf(connection).some(({ value }) => value.url !== undefined || SPREAD in value);
}

function checkSent(connection: Declared, tell: Tell): void {
  const read = readParameters(connection);
  if (read === undefined || !sendsRequests(connection)) return;
  for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
    if (!asksForSecret(name, value) || read.has(name)) continue;
    tell({
      section: 'parameters',
      path: [...path, 'name'],
      message: `The credential ${JSON.stringify(name)} is asked for, and no request of the connection sends it.`,
      hint: `Send it as {{parameters.${/^\w+$/.test(name) ? name : `\`${name}\``}}}, or do not ask for it.`,
      found: JSON.stringify(name),
    });
  }
}

function checkHardCoded(connection: Declared, tell: Tell): void {
  for (const request of requestsOf(connection)) {
    for (const { path, name } of literalSecretsIn(request)) {
      const inURL = name === undefined;
      tell({
        section: 'api',
        path,
        message: inURL
          ? 'A secret is written into the URL.'
          : `A secret is written into the section, as the value of ${JSON.stringify(name)}.`,
        hint: `Ask the user for it in a field of type password, or keep it in common, and ${inURL ? 'send it in a header' : 'write an expression here'}.`,
      });
    }
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
