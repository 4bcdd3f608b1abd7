import type { Declared } from '../analysis/declared.ts';
import { FORMS, fieldsOf, listsIn } from '../analysis/fields.ts';
import { readParameters } from '../analysis/misspellings.ts';
import { sendsRequests } from '../analysis/requests.ts';
import { isObject, type JSONObject } from '../json.ts';
import { patternWords } from '../json-schema/schema-problems.ts';
import { patternOf } from '../json-schema/vocabulary.ts';
import { checkValues } from '../parameters/check-values.ts';
import { hasExpression, isField, REFERENCE } from '../parameters/kinds.ts';
import { asksForSecret } from '../secrecy.ts';
import type { Finding, Report, Rule } from './rule.ts';

function checkDuplicates(connection: Declared, report: Report): void {
  for (const section of FORMS) {
    for (const { path, fields } of listsIn(connection, section)) {
      const first = new Map<string, number>();
      for (const [index, field] of fields.entries()) {
        if (!isField(field)) continue;
        const before = first.get(field.name);
        if (before === undefined) {
          first.set(field.name, index);
          continue;
        }
        const found = JSON.stringify(field.name);
        report({
          section,
          path: [...path, index, 'name'],
          message: `Two parameters of the same form have the name ${found}.`,
          hint: 'Rename one of them: only one of the two values would be stored.',
          found,
          related: { message: 'First given here.', section, path: [...path, before, 'name'] },
        });
      }
    }
  }
}

function checkUnused(connection: Declared, report: Report): void {
  const read = readParameters(connection);
  if (read === undefined || !sendsRequests(connection)) return;
  const reported = new Set(read);
  for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
    // Of a credential more is said; a field that shows others does so without being read.
    if (reported.has(name) || asksForSecret(name, value) || showsOthers(value)) continue;
    reported.add(name);
    report({
      section: 'parameters',
      path: [...path, 'name'],
      message: `The parameter ${JSON.stringify(name)} is not used by any request of the connection.`,
      hint: 'Remove it, unless modules read it.',
      found: JSON.stringify(name),
    });
  }
}

function checkReferences(connection: Declared, report: Report): void {
  for (const section of FORMS) {
    for (const { path, fields } of listsIn(connection, section)) {
      for (const [index, field] of fields.entries()) {
        if (!isObject(field) || typeof field.type !== 'string' || !REFERENCE.test(field.type)) continue;
        report({
          section,
          path: [...path, index, 'type'],
          message: `Make documents fields of the type ${JSON.stringify(field.type)} for modules only.`,
          hint: 'Ask for values that the requests of the connection send, with a text, password or select field.',
          found: JSON.stringify(field.type),
        });
      }
    }
  }
}

function checkPatterns(connection: Declared, report: Report): void {
  for (const section of FORMS) {
    for (const { value, path } of fieldsOf(connection, section)) {
      const { validate } = value as JSONObject;
      const text = isObject(validate) ? validate.pattern : undefined;
      if (typeof text !== 'string' || hasExpression(text) || patternOf(text) !== undefined) continue;
      report({ section, path: [...path, 'validate', 'pattern'], ...patternWords(text) });
    }
  }
}

function checkDefaults(connection: Declared, report: Report): void {
  for (const section of FORMS) {
    for (const { name, value, path } of fieldsOf(connection, section)) {
      const { default: preset } = value as JSONObject;
      if (preset === undefined || preset === null || preset === '' || hasExpression(preset)) continue;
      // What is missing in it, or what it shows, is filled in when the form is.
      const { problems } = checkValues([value], { [name]: preset });
      const wrong = problems.find(({ code, path: [first] }) => first === name && code !== 'value/missing');
      if (wrong === undefined) continue;
      report({
        section,
        path: [...path, 'default'],
        message: `The default of ${JSON.stringify(name)} is not allowed by its own field: it must be ${wrong.expected}.`,
        hint: 'Correct the default, or the limits of the field.',
        expected: wrong.expected,
      });
    }
  }
}

function showsOthers(field: object): boolean {
  return JSON.stringify(field).includes('"nested"');
}

/** Names of fields that the platform has itself. */
const RESERVED = new Set(['accountName', 'teamID']);

/** Names that were seen to get lost when a connection is made through the API. */
const LOST = new Set(['appId', 'token']);

function namesIn(
  names: ReadonlySet<string>,
  words: (found: string) => Pick<Finding, 'message' | 'hint'>,
): Rule['check'] {
  return (connection, report) => {
    for (const { name, path } of fieldsOf(connection, 'parameters')) {
      if (!names.has(name)) continue;
      const found = JSON.stringify(name);
      report({ section: 'parameters', path: [...path, 'name'], ...words(found), found });
    }
  };
}

const url = 'https://api.example.com/v1/me';
const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const log = { sanitize: ['request.headers.authorization'] };
const apiKey = { name: 'apiKey', type: 'password', label: 'API key' };
const good = (): Declared => ({
  type: 'apikey',
  sections: { api: { url, headers, log }, parameters: [apiKey] },
});

export const PARAMETER_RULES = [
  {
    code: 'parameter/duplicate-name',
    severity: 'error',
    title: 'two parameters with the same name',
    why: 'The values of a form are stored by name, so one of the two is lost.',
    remedy: 'Give each parameter of a form a unique name.',
    check: checkDuplicates,
    bad: () => ({
      type: 'basic',
      sections: {
        parameters: [
          { name: 'login', type: 'text', label: 'User name' },
          { name: 'login', type: 'password', label: 'Password' },
        ],
      },
    }),
    good: () => ({
      type: 'basic',
      sections: {
        parameters: [
          { name: 'username', type: 'text', label: 'User name' },
          { name: 'password', type: 'password', label: 'Password' },
        ],
      },
    }),
  },
  {
    code: 'parameter/unused',
    severity: 'info',
    title: 'a parameter that no request uses',
    why: 'Users fill in a value that the connection does not need. Modules may read it, but modules are not checked here.',
    remedy: 'Remove it, unless modules read it.',
    check: checkUnused,
    bad: () => ({
      type: 'apikey',
      sections: { api: { url, headers, log }, parameters: [apiKey, { name: 'region', type: 'text', label: 'Region' }] },
    }),
    good,
  },
  {
    code: 'parameter/module-type',
    severity: 'warning',
    title: 'a field type for modules only',
    why: 'Fields of the types account, hook, keychain, datastore, device, aiagent and scenario select another object of the customer. Make documents them for modules only; they have no use in the form of a connection.',
    remedy: 'Ask for values that the requests of the connection send.',
    check: checkReferences,
    bad: () => ({
      type: 'apikey',
      sections: { parameters: [apiKey, { name: 'mail', type: 'account:google', label: 'Mail' }] },
    }),
    good,
  },
  {
    code: 'parameter/unreadable-pattern',
    severity: 'warning',
    title: 'a pattern that is not a valid regular expression',
    why: 'A pattern is an ECMA-262 regular expression with the flag u: unknown escapes and syntax of other languages are errors. An invalid pattern is checked neither here nor by programs that use the form as a schema.',
    remedy: 'Correct the pattern.',
    check: checkPatterns,
    bad: () => ({
      type: 'apikey',
      sections: { parameters: [{ ...apiKey, validate: { pattern: '(?i)[0-9a-f]+' } }] },
    }),
    good,
  },
  {
    code: 'parameter/default',
    severity: 'warning',
    title: 'a default that the field does not accept',
    why: 'The default is sent when the field is left empty. A default with another type, outside the limits or not among the options is refused or sent unchecked, depending on where the form is shown.',
    remedy: 'Correct the default, or the limits of the field.',
    check: checkDefaults,
    bad: () => ({
      type: 'apikey',
      sections: { parameters: [apiKey, { name: 'port', type: 'port', label: 'Port', default: 70000 }] },
    }),
    good,
  },
  {
    code: 'parameter/reserved-name',
    severity: 'warning',
    title: 'a reserved name',
    why: 'Every connection already has a field with this name, and the value of your field would overwrite it.',
    remedy: 'Choose another name.',
    check: namesIn(RESERVED, (found) => ({
      message: `Every connection already has a platform field ${found}.`,
      hint: 'Choose another name, such as accountId.',
    })),
    bad: () => ({
      type: 'apikey',
      sections: { parameters: [apiKey, { name: 'accountName', type: 'text', label: 'Account' }] },
    }),
    good,
  },
  {
    code: 'parameter/lost-name',
    severity: 'info',
    title: 'a name whose value may be lost',
    why: 'Make’s API was seen to drop fields with this name, without an error, when a connection was created through it.',
    remedy: 'Choose another name if connections are created through the API.',
    check: namesIn(LOST, (found) => ({
      message: `The value of a field ${found} may be lost when the connection is created through the API.`,
      hint: 'Choose another name, such as apiToken.',
    })),
    bad: () => ({ type: 'apikey', sections: { parameters: [{ name: 'token', type: 'password', label: 'Token' }] } }),
    good,
  },
] as const satisfies readonly Rule[];
