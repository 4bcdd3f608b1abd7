import type { Declared } from '../analysis/declared.ts';
import { declaredCommon } from '../analysis/known-variables.ts';
import { lazy } from '../analysis/lazy.ts';
import { misspellingsOf } from '../analysis/misspellings.ts';
import { namesRead, sendsRequests, textsOf } from '../analysis/requests.ts';
import { nearest, type Path, searchBudget } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { resolveSchema } from '../json-schema/resolve.ts';
import { problemsOfSchema, type SchemaProblem } from '../json-schema/schema-problems.ts';
import { OF_OTHER_DRAFTS, VOCABULARY } from '../json-schema/vocabulary.ts';
import { holdsKnownSecret, isSecretSchema, looksSecret } from '../secrecy.ts';
import type { Report, Rule } from './rule.ts';

/** Keywords of JSON Schema by which a value comes into the file. */
const VALUES = ['const', 'default', 'enum', 'examples', 'example'] as const;

const KEYWORDS = new Set(Object.keys(VOCABULARY));

/** A schema in `common`, the property that it describes, and where it stands. */
interface Declaration {
  readonly name: string | undefined;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly path: Path;
}

const declarationsIn = lazy((common: unknown): readonly Declaration[] =>
  resolveSchema(common).schemas.map(({ schema, path }) => ({ name: propertyAt(path), schema, path })),
);

/** The name of the property or definition that a schema describes, or is a part of. */
function propertyAt(path: Path): string | undefined {
  let name: string | undefined;
  for (let index = 0; index < path.length; index++) {
    const holds = lookUp(VOCABULARY, String(path[index]))?.holds;
    if (holds === undefined) return name;
    if (holds === 'map') name = String(path[++index]);
    else if (typeof path[index + 1] === 'number') index++;
  }
  return name;
}

const problemsIn = lazy((common: unknown) => problemsOfSchema(common));

function checkSchema(code: SchemaProblem['code']): Rule['check'] {
  return ({ sections: { common } }, report) => {
    for (const { code: own, ...problem } of common === undefined ? [] : problemsIn(common)) {
      if (own === code) report({ section: 'common', ...problem });
    }
  };
}

function checkValues({ sections: { common } }: Declared, report: Report): void {
  for (const { name, schema, path } of declarationsIn(common)) {
    const secret = name !== undefined && isSecretSchema(name, schema);
    for (const keyword of VALUES) {
      const value = schema[keyword];
      const texts = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string' && each !== '');
      if (!texts.some((each) => secret || holdsKnownSecret(String(each)))) continue;
      report({
        section: 'common',
        path: [...path, keyword],
        message: `The value of ${JSON.stringify(name ?? keyword)} looks like a secret, and the file is tracked in git.`,
        hint: 'Move the value to common.local.json, which git ignores.',
        fix: { title: 'Remove it', changes: [{ section: 'common', path: [...path, keyword], value: undefined }] },
      });
    }
  }
  if (!isObject(common)) return;
  for (const [name, value] of Object.entries(common)) {
    if (KEYWORDS.has(name) || typeof value !== 'string' || value === '') continue;
    if (!looksSecret(name) && !holdsKnownSecret(value)) continue;
    report({
      section: 'common',
      path: [name],
      message: `The value of ${JSON.stringify(name)} looks like a secret, and the file is tracked in git.`,
      hint: `Move it to common.local.json, and declare it here: {"properties": {${JSON.stringify(name)}: {"type": "string", "writeOnly": true}}}.`,
    });
  }
}

function checkKeywords({ sections: { common } }: Declared, report: Report): void {
  for (const { schema, path } of declarationsIn(common)) {
    for (const [name, value] of Object.entries(schema)) {
      if (KEYWORDS.has(name) || Object.hasOwn(OF_OTHER_DRAFTS, name) || name.startsWith('x-')) continue;
      const meant = nearest(name, KEYWORDS);
      const isValue = path.length === 0 && (typeof value !== 'object' || value === null);
      if (meant === undefined && (!isValue || (typeof value === 'string' && looksSecret(name)))) continue;
      const found = JSON.stringify(name);
      report({
        section: 'common',
        path: [...path, name],
        part: 'key',
        message: `${found} is not a JSON Schema keyword, so it has no effect.`,
        hint:
          meant === undefined
            ? `Write values into common.local.json; declare them here: {"properties": {${found}: {"type": "string"}}}.`
            : `Did you mean ${JSON.stringify(meant)}?`,
        found,
        ...(meant === undefined ? {} : { expected: JSON.stringify(meant) }),
      });
    }
  }
}

function checkRequired({ sections: { common } }: Declared, report: Report): void {
  const budget = searchBudget();
  for (const { schema, path } of declarationsIn(common)) {
    const { properties, required } = schema;
    if (!isObject(properties) || !Array.isArray(required) || schema.patternProperties !== undefined) continue;
    const names = Object.keys(properties);
    for (const [index, name] of required.entries()) {
      if (typeof name !== 'string' || Object.hasOwn(properties, name)) continue;
      const meant = nearest(name, names, budget);
      const found = JSON.stringify(name);
      report({
        section: 'common',
        path: [...path, 'required', index],
        message: `${found} is required, but there is no property with this name.`,
        hint:
          meant === undefined
            ? 'Declare it in properties, or remove it from required.'
            : `Did you mean ${JSON.stringify(meant)}?`,
        found,
        ...(meant === undefined ? {} : { expected: JSON.stringify(meant) }),
      });
    }
  }
}

function checkRead(connection: Declared, report: Report): void {
  const { common } = connection.sections;
  if (!isObject(common) || !isObject(common.properties) || !sendsRequests(connection)) return;
  const read = namesRead(connection, 'common');
  if (read === undefined) return;
  const budget = searchBudget();
  for (const name of Object.keys(common.properties)) {
    if (read.has(name) || misspellingsOf(connection).meant('common').has(name)) continue;
    const meant = nearest(name, read, budget);
    report({
      section: 'common',
      path: ['properties', name],
      part: 'key',
      message: `No request reads common.${name}.`,
      hint:
        meant === undefined
          ? 'Remove it, or read it in api.'
          : `Did you mean ${JSON.stringify(meant)}, which api reads?`,
      found: JSON.stringify(name),
    });
  }
}

/** Directives of a request that are not sent, or only when something else is. */
const UNSENT = new Set(['response', 'condition', 'log', 'iterate', 'pagination']);

function checkFilled(connection: Declared, report: Report): void {
  const { common, install } = connection.sections;
  const isAbsent = connection.absent?.includes('common') ?? false;
  if (!isAbsent && (!isObject(common) || Object.keys(objectIn(common.properties)).length > 0)) return;
  const filled = declaredCommon({ common: { ...objectIn(common), properties: {} }, install });
  if (filled === undefined) return;
  const sent = textsOf(connection, 'api').find(
    ({ path, references }) =>
      !path.some((step) => UNSENT.has(String(step))) &&
      references.length > 0 &&
      references.every(({ root, members: [name] }) => root === 'common' && name !== undefined && !filled.has(name)),
  );
  const name = sent?.references[0]?.members[0];
  if (sent === undefined || name === undefined) return;
  report({
    section: 'api',
    path: sent.path,
    message: `common.${name} is sent and always empty: ${isAbsent ? 'there is no common' : 'common declares nothing'}, and install does not write it.`,
    hint: `Declare ${name} in common.schema.json and write its value into common.local.json (in Make’s layout, into the file of common data); or ask the administrator for it, with installSpec and install. If common exists only on the platform, list it in "unmanaged" of connection.json.`,
    found: `common.${name}`,
  });
}

function objectIn(value: unknown): JSONObject {
  return isObject(value) ? value : {};
}

const clientSecret = { type: 'string', writeOnly: true };
const required = ['clientSecret'];
const good = (): Declared => ({
  type: 'oauth',
  sections: { common: { type: 'object', properties: { clientSecret }, required, additionalProperties: false } },
});

const apiKey = { type: 'string', writeOnly: true };
const api = {
  url: 'https://api.example.com/v1/me',
  headers: { 'x-api-key': '{{common.apiKey}}' },
  log: { sanitize: ['request.headers.x-api-key'] },
};

export const COMMON_RULES = [
  {
    code: 'common/secret-value',
    severity: 'warning',
    title: 'a secret of common in a file that git tracks',
    why: 'The schema of common is tracked in git, and so is the file of its values in Make’s layout unless git ignores it. Everyone who can read the repository and its history has the secret.',
    remedy:
      'Remove it, or have git ignore the file; if it was pushed, replace it at the provider. In the native layout, values are in common.local.json.',
    check: checkValues,
    bad: () => ({
      type: 'oauth',
      sections: { common: { type: 'object', properties: { clientSecret: { ...clientSecret, default: 'hunter2' } } } },
    }),
    good,
  },
  {
    code: 'common/keyword',
    severity: 'warning',
    title: 'an unknown keyword in common.schema.json',
    why: 'JSON Schema ignores unknown keywords. A misspelt keyword has no effect, and a key outside of properties declares no value.',
    remedy: 'Correct the keyword; declare values in properties, and keep them in common.local.json.',
    check: checkKeywords,
    bad: () => ({ type: 'oauth', sections: { common: { type: 'object', propertes: { clientSecret } } } }),
    good,
  },
  {
    code: 'common/unresolved-reference',
    severity: 'error',
    title: 'a reference in common.schema.json that cannot be resolved',
    why: 'The values must also match the referenced schema. A reference that is misspelt, points to another file or refers to itself cannot be checked.',
    remedy: 'Refer to a schema in the same file, or write the schema in place; other files are not loaded.',
    check: checkSchema('common/unresolved-reference'),
    bad: () => ({ type: 'oauth', sections: { common: { properties: { region: { $ref: '#/$defs/regoin' } } } } }),
    good,
  },
  {
    code: 'common/unreadable-pattern',
    severity: 'error',
    title: 'an invalid pattern in common.schema.json',
    why: 'In JSON Schema a pattern is an ECMA-262 regular expression with the flag u: unknown escapes and syntax of other languages are errors. An invalid pattern cannot be checked.',
    remedy: 'Correct the pattern.',
    check: checkSchema('common/unreadable-pattern'),
    bad: () => ({ type: 'oauth', sections: { common: { properties: { region: { pattern: '^[a-z]+\\-[a-z]+$' } } } } }),
    good,
  },
  {
    code: 'common/unchecked-keyword',
    severity: 'error',
    title: 'a keyword of another draft in common.schema.json',
    why: 'The drafts 2020-12 and draft-07 of JSON Schema are supported. Each ignores keywords that only other drafts have, and draft-07 also ignores keywords beside a `$ref`. An ignored keyword has no effect.',
    remedy: 'Use the keyword of the draft in `$schema`; without `$schema` that is 2020-12.',
    check: checkSchema('common/unchecked-keyword'),
    bad: () => ({ type: 'oauth', sections: { common: { properties: { region: { nullable: true } } } } }),
    good,
  },
  {
    code: 'common/repeated-id',
    severity: 'error',
    title: 'two schemas with the same id in common.schema.json',
    why: 'A reference to an `$id` or an `$anchor` that two schemas share is ambiguous.',
    remedy: 'Give each schema its own id.',
    check: checkSchema('common/repeated-id'),
    bad: () => ({
      type: 'oauth',
      sections: { common: { $defs: { one: { $anchor: 'region' }, two: { $anchor: 'region' } } } },
    }),
    good,
  },
  {
    code: 'common/required',
    severity: 'warning',
    title: 'a required value that common does not declare',
    why: 'A required value must be given before a push, but only declared values can be given.',
    remedy: 'Correct the name, or declare it in properties.',
    check: checkRequired,
    bad: () => ({
      type: 'oauth',
      sections: { common: { type: 'object', properties: { clientSecret }, required: ['clientSecrets'] } },
    }),
    good,
  },
  {
    code: 'common/unused',
    severity: 'info',
    title: 'a value of common that no request reads',
    why: 'Only the requests of the connection can read its common data, so a value that they do not read has no use.',
    remedy: 'Remove it, or correct its name.',
    check: checkRead,
    bad: () => ({
      type: 'other',
      sections: { api, common: { type: 'object', properties: { apiKey, region: { type: 'string' } } } },
    }),
    good: () => ({ type: 'other', sections: { api, common: { type: 'object', properties: { apiKey } } } }),
  },
  {
    code: 'common/unfilled',
    severity: 'warning',
    title: 'a value of common that is used but never set',
    why: 'On Make, an expression for a value that does not exist is empty: the request is sent without its client id or key, and the provider refuses it.',
    remedy:
      'Declare the value in common.schema.json, or have install write it. If common exists only on the platform, list it in `unmanaged` of connection.json.',
    check: checkFilled,
    bad: () => ({ type: 'other', sections: { api, common: {} } }),
    good: () => ({ type: 'other', sections: { api, common: { type: 'object', properties: { apiKey } } } }),
  },
] as const satisfies readonly Rule[];
