import type { Declared } from '../analysis/declared.ts';
import { type Misspelling, misspellingsOf } from '../analysis/misspellings.ts';
import { lookUp } from '../json.ts';
import type { Report, Rule } from './rule.ts';

/** How a name of each variable comes to be. */
const MADE: Readonly<Record<string, string>> = {
  parameters: 'declared',
  common: 'declared',
  temp: 'set',
  data: 'stored',
  connection: 'stored',
};

function checkNames(connection: Declared, report: Report): void {
  for (const misspelling of misspellingsOf(connection)) reportOne(misspelling, report);
}

function reportOne({ text, reference, name, meant, declared }: Misspelling, report: Report): void {
  const { root } = reference;
  const made = lookUp(MADE, root) ?? 'declared';
  report({
    section: text.section,
    path: text.path,
    part: text.part,
    span: reference,
    message: `${root}.${name} is never ${made}; ${root}.${meant} is ${made}, but nothing reads it.`,
    hint: `Did you mean ${root}.${meant}?`,
    found: `${root}.${name}`,
    expected: `${root}.${meant}`,
    related: { message: `${made.charAt(0).toUpperCase()}${made.slice(1)} here.`, ...declared },
  });
}

const url = 'https://api.example.com/v1/me';
const log = { sanitize: ['request.headers.authorization'] };
const parameters = [{ name: 'apiKey', type: 'password', label: 'API key' }];

function sending(authorization: string): Declared {
  return { type: 'apikey', sections: { api: { url, headers: { authorization }, log }, parameters } };
}

export const NAME_RULES = [
  {
    code: 'iml/misspelt-name',
    severity: 'error',
    title: 'a probably misspelt name',
    why: 'A name that is not declared is undefined, without an error, so a misspelt credential is never sent. This name is almost the same as a declared name that nothing reads.',
    remedy: 'Write the same name in both places.',
    check: checkNames,
    bad: () => sending('Bearer {{parameters.apiKeyy}}'),
    good: () => sending('Bearer {{parameters.apiKey}}'),
  },
] as const satisfies readonly Rule[];
