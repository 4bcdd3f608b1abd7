import type { Declared } from '../analysis/declared.ts';
import { placesOf, type TemplatePlace } from '../analysis/expression-scopes.ts';
import { lazy } from '../analysis/lazy.ts';
import { misspellingsOf, type Namespace } from '../analysis/misspellings.ts';
import { type SearchBudget, searchBudget } from '../diagnostics.ts';
import { check, type IMLCode, type Scope } from '../iml/check.ts';
import { membersOf, memberType, typeWords } from '../iml/infer.ts';
import { impossibleMember, incomparableIn, type Mismatch, type MismatchCode } from '../iml/mismatch.ts';
import type { Span } from '../iml/tree.ts';
import { STEPS_THAT_WORK } from './oauth.ts';
import type { Finding, Rule } from './rule.ts';

/** Problems of the expressions of a connection, by their code, and of each template, by its scope and its text. */
interface Checked {
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly templates: ReadonlyMap<Scope, ReadonlyMap<string, CheckedTemplate>>;
}

/** The expressions of a connection are checked once for all rules, and those that are still the same not again. */
const checkedIn = lazy((declared: Declared, before: Checked | undefined): Checked => {
  const findings = new Map<string, Finding[]>();
  const add = (code: string, finding: Finding) => {
    const list = findings.get(code);
    if (list === undefined) findings.set(code, [finding]);
    else list.push(finding);
  };
  const budget = searchBudget();
  // Many requests hold the same expression where the same exists: what is wrong with it is found out once.
  const templates = new Map<Scope, Map<string, CheckedTemplate>>();
  for (const place of placesOf(declared)) {
    const { section, path, text, scope } = place;
    const known = templates.get(scope) ?? new Map<string, CheckedTemplate>();
    templates.set(scope, known);
    let checked = known.get(text);
    if (checked === undefined) {
      checked = takenOver(before?.templates.get(scope)?.get(text), budget) ?? checkTemplate(declared, place, budget);
      known.set(text, checked);
    }
    for (const { code, ...problem } of checked.problems) add(code, { section, path, ...problem });
  }
  return { findings, templates };
});

/** What was found out before of a template, if it holds now: its searches are paid for as if they were made again. */
function takenOver(before: CheckedTemplate | undefined, budget: SearchBudget): CheckedTemplate | undefined {
  if (before?.isOwn !== true || budget.left < before.cost) return undefined;
  budget.left -= before.cost;
  return before;
}

function checkTemplate(declared: Declared, place: TemplatePlace, budget: SearchBudget): CheckedTemplate {
  const { left } = budget;
  const { problems, isOwn } = problemsIn(declared, place, budget);
  return { problems, isOwn: isOwn && budget.left >= 0, cost: left - budget.left };
}

/** A template that was checked where certain variables exist. */
interface CheckedTemplate {
  readonly problems: readonly Problem[];
  /** True if nothing but these variables was asked about. */
  readonly isOwn: boolean;
  /** How much of the budget for searches it took. */
  readonly cost: number;
}

/** What is wrong with an expression, wherever it stands. */
type Problem = Omit<Finding, 'section' | 'path'> & { readonly code: IMLCode | MismatchCode };

function problemsIn(declared: Declared, place: TemplatePlace, budget: SearchBudget) {
  const problems: Problem[] = [];
  let isOwn = true;
  for (const { offset, length, ...words } of check(place.template, place.scope, budget)) {
    // Of a misspelt name more is said.
    const namespace = UNDECLARED[place.section][words.code];
    if (namespace !== undefined) {
      isOwn = false;
      if (misspellingsOf(declared).has(namespace, words.found ?? '')) continue;
    }
    const span = { offset, end: offset + length };
    const related = ABOUT_TYPES.has(words.code) ? originIn(place, span) : undefined;
    problems.push({ ...words, span, ...(related && { related }) });
  }
  for (const { offset, end, ...words } of mismatchesIn(place, budget)) {
    const span = { offset, end };
    const related = originIn(place, span);
    problems.push({ ...words, span, ...(related && { related }) });
  }
  return { problems, isOwn };
}

/** Problems of a name that is not declared, and what it is read of. */
const UNDECLARED: Readonly<Record<TemplatePlace['section'], { readonly [code in IMLCode]?: Namespace }>> = {
  api: { 'iml/undeclared-parameter': 'parameters', 'iml/unset-common': 'common', 'iml/unset-temp': 'temp' },
  install: { 'iml/undeclared-parameter': 'installSpec' },
};

/** Problems that follow from a type, which may have been found out elsewhere. */
const ABOUT_TYPES: ReadonlySet<string> = new Set<IMLCode>(['iml/argument-type', 'iml/constant-comparison']);

function mismatchesIn({ template, references, scope }: TemplatePlace, budget: SearchBudget): readonly Mismatch[] {
  const found = /[<>=]/.test(template.text) ? incomparableIn(template, scope) : [];
  for (const { members, expression } of references) {
    const mismatch = members.length === 0 ? undefined : impossibleMember(expression, scope, budget);
    if (mismatch !== undefined) found.push(mismatch);
  }
  return found;
}

/** Where the type of the first value in the span was found out, if that was elsewhere. */
function originIn({ references, scope: { variables } }: TemplatePlace, span: Span): Finding['related'] {
  for (const { root, members, offset, end } of references) {
    if (end <= span.offset || offset >= span.end) continue;
    const [first = ''] = members;
    const variable = variables.get(root);
    const origin = variable?.origin?.(first);
    if (variable === undefined || origin === undefined) continue;
    const isHolder = typeof variable.type === 'object' && 'collection' in variable.type;
    const type = isHolder ? memberType(variable.type, first) : variable.type;
    const kinds = membersOf(type).filter((each) => each !== 'undefined');
    if (kinds.length === 0 || kinds.includes('any')) continue;
    const name = isHolder ? `${root}.${first}` : root;
    return { message: `Because of this, ${name} is ${kinds.map(typeWords).join(' or ')}.`, ...origin };
  }
  return undefined;
}

function codeFound(code: IMLCode | MismatchCode): Rule['check'] {
  return (declared, report) => checkedIn(declared).findings.get(code)?.forEach(report);
}

const url = 'https://api.example.com/v1/me';
const log = { sanitize: ['request.headers.authorization'] };
const parameters = [{ name: 'apiKey', type: 'password', label: 'API key' }];

/** A connection that sends the template as its key. */
function sending(authorization: string): Declared {
  return { type: 'apikey', sections: { api: { url, headers: { authorization }, log }, parameters } };
}

/** A connection that refuses an answer unless the template is true. */
function valid(condition: string): Declared {
  const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
  return { type: 'apikey', sections: { api: { url, headers, response: { valid: condition }, log }, parameters } };
}

const token = { url: 'https://api.example.com/token', method: 'POST', type: 'urlencoded' } as const;
const bearer = { authorization: 'Bearer {{connection.accessToken}}' };

/** A connection that sends the template as the id of the client. */
function asking(id: string): Declared {
  const body = { grant_type: 'client_credentials', client_id: id };
  const data = { accessToken: '{{body.access_token}}' };
  const api = {
    token: {
      ...token,
      condition: '{{!data.accessToken}}',
      body,
      response: { data },
      log: { sanitize: ['response.body.access_token'] },
    },
    info: { url, headers: bearer, response: { metadata: { type: 'text', value: '{{body.name}}' } }, log },
  };
  return { type: 'oauth-clicre', sections: { api, common } };
}

/** A connection that stores the one template, and refreshes on the other as a condition. */
function storing(expires: string, condition: string): Declared {
  const { info, ...steps } = STEPS_THAT_WORK;
  const { code: _, ...sent } = steps.token.body;
  const body = { ...sent, grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}' };
  const sanitize = [...steps.token.log.sanitize, 'request.body.refresh_token'];
  const data = { ...steps.token.response.data, expires };
  const token = { ...steps.token, response: { ...steps.token.response, data } };
  const refresh = { ...token, condition, body, log: { sanitize } };
  return { type: 'oauth', sections: { api: { ...steps, token, refresh, info } } };
}

const common = { type: 'object', properties: { clientId: { type: 'string' } }, additionalProperties: false } as const;

export const IML_RULES = [
  {
    code: 'iml/syntax',
    severity: 'error',
    title: 'a syntax error in an expression',
    why: 'Make evaluates everything between {{ and }} as an expression. An expression with a syntax error fails when the request is made.',
    remedy: 'Go to the reported place: the expression is correct up to there.',
    check: codeFound('iml/syntax'),
    bad: () => sending('Bearer {{parameters.apiKey'),
    good: () => sending('Bearer {{parameters.apiKey}}'),
  },
  {
    code: 'iml/foreign-syntax',
    severity: 'error',
    title: 'the syntax of another language',
    why: 'IML looks like JavaScript and like template languages, but has no operators named and, or and not, no ? :, and no lists, objects or methods.',
    remedy: 'Write it as the hint shows.',
    check: codeFound('iml/foreign-syntax'),
    bad: () => valid('{{statusCode >= 200 and statusCode < 300}}'),
    good: () => valid('{{statusCode >= 200 & statusCode < 300}}'),
  },
  {
    code: 'iml/unknown-function',
    severity: 'warning',
    title: 'an unknown function',
    why: 'Make fails with “Unknown function” unless the app defines a custom function with this name; custom functions are not part of a connection.',
    remedy: 'Correct the name, or make sure that the app defines the function.',
    check: codeFound('iml/unknown-function'),
    bad: () => sending('Basic {{base46(parameters.apiKey)}}'),
    good: () => sending('Basic {{base64(parameters.apiKey)}}'),
  },
  {
    code: 'iml/undocumented-function',
    severity: 'info',
    title: 'an undocumented function',
    why: 'Published apps use this function, but Make’s list of functions does not contain it. Its behaviour here is inferred from those apps: base64url, for example, is assumed to make a base64 text safe for URLs.',
    remedy: 'Try it on Make, or use documented functions.',
    check: codeFound('iml/undocumented-function'),
    bad: () => sending('{{base64url(parameters.apiKey)}}'),
    good: () => sending("{{replace(base64(parameters.apiKey), '=', '')}}"),
  },
  {
    code: 'iml/missing-argument',
    severity: 'error',
    title: 'a missing argument',
    why: 'The function requires this argument.',
    remedy: 'Add the argument.',
    check: codeFound('iml/missing-argument'),
    bad: () => sending("{{replace(parameters.apiKey, '-')}}"),
    good: () => sending("{{replace(parameters.apiKey, '-', '')}}"),
  },
  {
    code: 'iml/surplus-argument',
    severity: 'warning',
    title: 'too many arguments',
    why: 'The function ignores additional arguments, so the expression does not do what it seems to do.',
    remedy: 'Remove them, or nest the calls: ifempty(a, ifempty(b, c)).',
    check: codeFound('iml/surplus-argument'),
    bad: () => sending("{{ifempty(parameters.apiKey, 'none', 'nothing')}}"),
    good: () => sending("{{ifempty(parameters.apiKey, 'none')}}"),
  },
  {
    code: 'iml/argument-type',
    severity: 'warning',
    title: 'an argument of the wrong type',
    why: 'The function does not accept a value of this type.',
    remedy: 'Pass a value of an accepted type.',
    check: codeFound('iml/argument-type'),
    bad: () => sending("{{join(parameters.apiKey, ' ')}}"),
    good: () => sending("{{join(split(parameters.apiKey, ','), ' ')}}"),
  },
  {
    code: 'iml/unknown-variable',
    severity: 'error',
    title: 'an unknown variable',
    why: 'A variable that does not exist is undefined, without an error, so its value is silently missing.',
    remedy:
      'Correct the name. Put texts in quotes, and names with other characters than letters, digits and _ in backticks.',
    check: codeFound('iml/unknown-variable'),
    bad: () => sending('Bearer {{parameter.apiKey}}'),
    good: () => sending('Bearer {{parameters.apiKey}}'),
  },
  {
    code: 'iml/unavailable-variable',
    severity: 'error',
    title: 'a variable that is not available here',
    why: 'The available variables depend on the step: body, headers and statusCode exist after a response, query after the return from authorize, oauth only with OAuth. Elsewhere they are undefined, without an error.',
    remedy: 'Store the value in temp or data where it is available, and read it from there.',
    check: codeFound('iml/unavailable-variable'),
    bad: () => sending('Bearer {{body.token}}'),
    good: () => valid('{{body.id != null}}'),
  },
  {
    code: 'iml/undeclared-parameter',
    severity: 'warning',
    title: 'a parameter that is not in the form',
    why: 'Only fields of the form are in parameters, so this parameter is always undefined.',
    remedy: 'Declare it in parameters, or in installSpec if install reads it.',
    check: codeFound('iml/undeclared-parameter'),
    bad: () => sending('Bearer {{parameters.token}}'),
    good: () => sending('Bearer {{parameters.apiKey}}'),
  },
  {
    code: 'iml/unset-common',
    severity: 'warning',
    title: 'a value of common that is never set',
    why: 'Only values that common declares or install writes are in common, so this value is always undefined.',
    remedy: 'Declare it in common.schema.json, or write it in install.',
    check: codeFound('iml/unset-common'),
    bad: () => asking('{{common.id}}'),
    good: () => asking('{{common.clientId}}'),
  },
  {
    code: 'iml/unset-temp',
    severity: 'warning',
    title: 'a temporary value that is read before it is set',
    why: 'Values in temp exist during one run: temp is empty at first, and a value can be read by what is evaluated after it. Values that are set together cannot read each other, and refresh cannot read values that were set while connecting.',
    remedy: 'Set it in an earlier request, or store what later runs need in response.data.',
    check: codeFound('iml/unset-temp'),
    bad: () => ({ type: 'apikey', sections: { api: { url, temp: { a: '{{temp.b}}', b: 1 } } } }),
    good: () => ({ type: 'apikey', sections: { api: { url, temp: { b: 1 }, qs: { a: '{{temp.b}}' } } } }),
  },
  {
    code: 'iml/index-zero',
    severity: 'warning',
    title: 'an index of zero',
    why: 'Indexes start at 1, so [0] is always undefined.',
    remedy: 'Write [1] for the first item.',
    check: codeFound('iml/index-zero'),
    bad: () => valid('{{body.items[0].id}}'),
    good: () => valid('{{body.items[1].id}}'),
  },
  {
    code: 'iml/constant-comparison',
    severity: 'warning',
    title: 'a comparison with a constant result',
    why: 'The two sides can never be equal, or never be ordered, so the result is always the same.',
    remedy: 'Compare with a value that the other side can have.',
    check: codeFound('iml/constant-comparison'),
    bad: () => valid("{{statusCode = 'ok'}}"),
    good: () => valid("{{statusCode = '200'}}"),
  },
  {
    code: 'iml/incomparable',
    severity: 'warning',
    title: 'a comparison of values that cannot be compared',
    why: 'A date can be compared with another date. Compared with true, false or a list, it is neither equal nor ordered, so the result is meaningless.',
    remedy: 'Compare it with another date, or check that it is set.',
    check: codeFound('iml/incomparable'),
    bad: () => storing('{{addSeconds(now, body.expires_in)}}', '{{data.expires = true}}'),
    good: () => storing('{{addSeconds(now, body.expires_in)}}', '{{data.expires < now}}'),
  },
  {
    code: 'iml/impossible-member',
    severity: 'warning',
    title: 'a property that does not exist',
    why: 'The type of the value is known, and it has no such property: a text, a number or a date has no properties, and a response that is read as text is one text. The result is undefined, without an error.',
    remedy:
      'Read a property that exists. If the response is JSON, remove response.type; if the value needs more properties, store them.',
    check: codeFound('iml/impossible-member'),
    bad: () => storing('{{addSeconds(now, body.expires_in)}}', '{{data.expires.date < now}}'),
    good: () => storing('{{addSeconds(now, body.expires_in)}}', '{{data.expires < now}}'),
  },
] as const satisfies readonly Rule[];
