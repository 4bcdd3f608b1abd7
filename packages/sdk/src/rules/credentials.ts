import type { Declared } from '../analysis/declared.ts';
import { FORMS, fieldsOf } from '../analysis/fields.ts';
import { literalSecretsIn } from '../analysis/literal-secrets.ts';
import { readParameters } from '../analysis/misspellings.ts';
import { type Request, sendsRequests } from '../analysis/requests.ts';
import { asksForSecret, looksSecret } from '../secrecy.ts';
import { inEachRequest } from './each-request.ts';
import type { Report, Rule } from './rule.ts';

function checkTextFields(connection: Declared, report: Report): void {
  for (const section of FORMS) {
    for (const { name, value, path } of fieldsOf(connection, section)) {
      if (value.type !== 'text' || !looksSecret(name)) continue;
      report({
        section,
        path: [...path, 'type'],
        message: `The field ${JSON.stringify(name)} is for a secret, but shows the typed text.`,
        hint: 'Write "password": the typed text is then hidden, and not shown again.',
        found: '"text"',
        expected: '"password"',
        fix: { title: 'Make it a password', changes: [{ section, path: [...path, 'type'], value: 'password' }] },
      });
    }
  }
}

function checkSent(connection: Declared, report: Report): void {
  const read = readParameters(connection);
  if (read === undefined || !sendsRequests(connection)) return;
  for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
    if (!asksForSecret(name, value) || read.has(name)) continue;
    report({
      section: 'parameters',
      path: [...path, 'name'],
      message: `The credential ${JSON.stringify(name)} is in the form, but no request of the connection sends it.`,
      hint: `Send it as {{parameters.${/^\w+$/.test(name) ? name : `\`${name}\``}}}, or remove the field.`,
      found: JSON.stringify(name),
    });
  }
}

function checkHardCoded(request: Request, report: Report): void {
  for (const { path, name } of literalSecretsIn(request)) {
    const inURL = name === undefined;
    report({
      section: 'api',
      path,
      message: inURL
        ? 'A secret is written into the URL.'
        : `A secret is written into the section, as the value of ${JSON.stringify(name)}.`,
      hint: `Ask the user for it in a field of type password, or keep it in common, and ${inURL ? 'send it in a header' : 'write an expression here'}.`,
    });
  }
}

const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const api = { url: 'https://api.example.com/v1/me', headers, log: { sanitize: ['request.headers.authorization'] } };
const apiKey = { name: 'apiKey', type: 'password', label: 'API key', required: true };
const good = (): Declared => ({ type: 'apikey', sections: { api, parameters: [apiKey] } });

export const CREDENTIAL_RULES = [
  {
    code: 'credential/text-field',
    severity: 'warning',
    title: 'a secret in a text field',
    why: 'A text field shows what is typed, and shows it again to everyone who edits the connection.',
    remedy: 'Change the type of the field to password.',
    check: checkTextFields,
    bad: () => ({ type: 'apikey', sections: { api, parameters: [{ ...apiKey, type: 'text' }] } }),
    good,
  },
  {
    code: 'credential/not-sent',
    severity: 'warning',
    title: 'a credential that no request sends',
    why: 'A connection cannot verify a credential that it never sends, so a wrong credential only fails later, in a scenario.',
    remedy: 'Send it in the request that verifies the connection, or remove the field.',
    check: checkSent,
    bad: () => ({
      type: 'apikey',
      sections: { api, parameters: [apiKey, { name: 'apiSecret', type: 'password', label: 'API secret' }] },
    }),
    good,
  },
  {
    code: 'credential/hard-coded',
    severity: 'warning',
    title: 'a secret written into a section',
    why: 'Sections are committed, reviewed and pushed as they are: everyone who can read them has the secret, and replacing it needs a new version.',
    remedy: 'Remove it, replace it at the provider, and store the new one in a password field or in common.',
    check: inEachRequest(checkHardCoded),
    bad: () => ({
      type: 'other',
      sections: { api: { url: 'https://api.example.com/v1/me', headers: { 'x-api-key': '0123456789abcdef' } } },
    }),
    good,
  },
] as const satisfies readonly Rule[];
