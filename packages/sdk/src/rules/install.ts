import type { Declared } from '../analysis/declared.ts';
import { fieldsOf } from '../analysis/fields.ts';
import { misspellingsOf } from '../analysis/misspellings.ts';
import { textsOf } from '../analysis/requests.ts';
import { nearest, searchBudget } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import type { Report, Rule } from './rule.ts';

function checkFields(connection: Declared, report: Report): void {
  const { install } = connection.sections;
  if (!isObject(install) || Object.keys(install).length === 0) return;
  const read = new Set<string>();
  for (const { references } of textsOf(connection, 'install')) {
    for (const { root, members } of references) {
      if (root !== 'parameters') continue;
      const name = members[0];
      if (name === undefined) return;
      read.add(name);
    }
  }
  for (const { name, path } of fieldsOf(connection, 'installSpec')) {
    if (read.has(name) || misspellingsOf(connection).meant('installSpec').has(name)) continue;
    report({
      section: 'installSpec',
      path: [...path, 'name'],
      message: `The field ${JSON.stringify(name)} is in the form, but install does not write it.`,
      hint: `Write {{parameters.${name}}} into install, or remove the field.`,
      found: JSON.stringify(name),
    });
  }
}

/** Keywords by which a schema may declare more properties than it lists. */
const MORE = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties'];

function checkWrites({ sections: { install, common } }: Declared, report: Report): void {
  const written = valueAt(install, ['common']);
  if (!isObject(written) || !isObject(common) || !isObject(common.properties)) return;
  if (MORE.some((keyword) => common[keyword] !== undefined)) return;
  const names = Object.keys(common.properties);
  const known = new Set(names);
  const expected = names.join(', ');
  const budget = searchBudget();
  for (const name of Object.keys(written)) {
    if (known.has(name) || name.includes('{{')) continue;
    const meant = nearest(name, names, budget);
    report({
      section: 'install',
      path: ['common', name],
      part: 'key',
      message: `install writes common.${name}, but common does not declare it.`,
      hint:
        meant === undefined
          ? 'Declare it in the properties of common.schema.json, or correct its name.'
          : `Did you mean ${JSON.stringify(meant)}?`,
      found: JSON.stringify(name),
      ...(expected === '' ? {} : { expected }),
      related:
        meant === undefined
          ? { message: 'The other values are declared here.', section: 'common', path: ['properties'], part: 'key' }
          : { message: 'Declared here.', section: 'common', path: ['properties', meant], part: 'key' },
    });
  }
}

const installSpec = [
  { name: 'clientId', type: 'text', label: 'Client ID' },
  { name: 'clientSecret', type: 'password', label: 'Client secret' },
];
const properties = { clientId: { type: 'string' }, clientSecret: { type: 'string', writeOnly: true } };
const install = { common: { clientId: '{{parameters.clientId}}', clientSecret: '{{parameters.clientSecret}}' } };
const common = { type: 'object', properties, additionalProperties: false };
const good = (): Declared => ({ type: 'oauth', sections: { install, installSpec, common } });

export const INSTALL_RULES = [
  {
    code: 'install/unused-field',
    severity: 'info',
    title: 'a field of installSpec that install does not use',
    why: 'The values of the administrator’s form are only stored if install writes them.',
    remedy: 'Write it in install, or remove the field.',
    check: checkFields,
    bad: () => ({
      type: 'oauth',
      sections: { install, installSpec: [...installSpec, { name: 'region', type: 'text', label: 'Region' }], common },
    }),
    good,
  },
  {
    code: 'install/undeclared-common',
    severity: 'warning',
    title: 'install writes an undeclared value of common',
    why: 'Requests read common by the names that its schema declares. A value with another name is never read.',
    remedy: 'Correct the name, or declare it in common.schema.json.',
    check: checkWrites,
    bad: () => ({
      type: 'oauth',
      sections: {
        install: { common: { ...install.common, client_id: '{{parameters.clientId}}' } },
        installSpec,
        common,
      },
    }),
    good,
  },
] as const satisfies readonly Rule[];
