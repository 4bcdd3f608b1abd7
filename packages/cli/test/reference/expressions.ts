import { evaluate, momentOf, scopeAt } from '@connectorkit/sdk/iml';
import { shown } from './functions.ts';
import { code, type Page, prose, table } from './markdown.ts';

const GIVEN = {
  now: () => new Date('2030-01-01T00:00:00Z'),
  random: () => 0.5,
  uuid: () => '3f2b8c1e-7a4d-4e0b-9c1d-5a6b7c8d9e0f',
};

/** Values of the examples. */
const SCOPE = {
  body: { id: 7, user: { name: 'Ada' }, roles: ['admin', 'dev'], 'full-name': 'Ada L.' },
  parameters: { region: 'eu', url: '' },
};

/** What can be written, each with what it means. */
const SYNTAX: readonly (readonly [template: string, meaning: string])[] = [
  ['{{body.id}}', 'One expression alone keeps its type: this is a number.'],
  ['id-{{body.id}}', 'With text around it, the result is a text.'],
  ['{{body.user.name}}', 'A property. A property of something that is missing is missing, and no error.'],
  ['{{body.roles[1]}}', 'An item. The first has the number 1, and [] is the first too.'],
  ['{{body.roles[-1]}}', 'Negative numbers count from the end.'],
  ['{{body.`full-name`}}', 'A name with characters other than letters, digits and _ is written in backticks.'],
  ["{{'a text'}}", 'A text has single or double quotes.'],
  ['{{upper(body.user.name)}}', 'A function.'],
  ["{{if(parameters.region = 'eu'; 'de'; 'com')}}", 'Arguments are separated by a comma or a semicolon.'],
  ['{{body.id + 1}}', 'Numbers are added; + - * / % have their usual meaning.'],
  ["{{'a' + body.id}}", 'With a text, + joins.'],
  [
    "{{body.id >= 5 && body.user.name != 'Bob'}}",
    'Comparisons are = != < <= > >=, also written == and ===; && is and, || is or.',
  ],
  ['{{!parameters.url}}', 'Not: true for what is missing, null, false, 0 or an empty text.'],
  [
    "{{parameters.url || 'none'}}",
    'Or gives the second value where the first is missing, null, false, 0 or an empty text.',
  ],
  ['{{(body.id + 1) * 2}}', 'Parentheses group.'],
];

/** Words that stand for a value, each with what it is. */
const WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ['true', 'and false'],
  ['null', 'stores null'],
  ['undefined', 'leaves a property out'],
  ['emptystring', 'a text without characters'],
  ['emptyarray', 'an array without items'],
  ['space', 'one space; nbsp, tab, newline and carriagereturn are the others'],
  ['now', 'the moment of the run, a date'],
  ['timestamp', 'the seconds since 1970'],
  ['uuid', 'a new UUID each time that it stands somewhere'],
  ['random', 'a number from 0 to 1'],
  ['pi', 'the number'],
];

/** What each variable is. A variable without words here fails the test that makes the page. */
const VARIABLES: Readonly<Record<string, string>> = {
  parameters: 'the values of the form that the user filled in',
  common: 'the values that all users of the app share, such as the client secret',
  temp: 'what `temp` of this request, and of earlier steps of the same run, has set',
  environment: 'variables of the platform’s environment',
  executionId: 'the id of this run',
  connection: 'the same as `data`',
  data: 'the values that the connection has stored, by `response.data` of a step before',
  body: 'the body of the response',
  headers: 'the headers of the response, by names in lower case',
  statusCode: 'the status of the response',
  oauth: '`oauth.scope`, `oauth.localRedirectUri`, `oauth.redirectUri`, `oauth.makeRedirectUri`, `oauth.state`',
  query: 'the query string with which the browser came back',
};

const MOMENTS: readonly (readonly [title: string, path: readonly string[]])[] = [
  ['`install`', ['install']],
  ['request', ['api', 'url']],
  ['response', ['api', 'response', 'data']],
  ['`authorize` request', ['api', 'authorize', 'qs']],
  ['`authorize` response', ['api', 'authorize', 'response', 'temp']],
  ['`token` request', ['api', 'token', 'body']],
  ['`token` response', ['api', 'token', 'response', 'data']],
  ['`refresh` request', ['api', 'refresh', 'body']],
  ['`refresh` response', ['api', 'refresh', 'response', 'data']],
];

/** How expressions are written, and which variables they see. */
export function expressionsPage(): Page {
  return {
    title: 'Expressions',
    blocks: [
      `Text in double braces is an expression of IML, such as ${code('{{parameters.apiKey}}')}. It is evaluated when the connection runs. \`connector iml\` evaluates one in the terminal, and \`connector validate\` checks all.`,
      '## Syntax',
      `The examples are evaluated with \`body\` as ${code(shown(SCOPE.body))} and \`parameters\` as ${code(shown(SCOPE.parameters))}.`,
      table(
        ['expression', 'gives', 'meaning'],
        SYNTAX.map(([template, meaning]) => [code(template), code(result(template)), prose(meaning)]),
      ),
      '`!` binds most tightly, then `*` `/` `%`, then `+` `-`, then `<` `<=` `>` `>=`, then `=` `!=`, then `&&`, and then `||`.',
      '## Words',
      'These words stand for a value wherever a variable could stand.',
      table(
        ['word', 'gives', 'meaning'],
        WORDS.map(([word, meaning]) => [code(word), code(result(`{{${word}}}`)), prose(meaning)]),
      ),
      '`ignore` is the same as `undefined`, and `erase` the same as `null`.',
      '## Variables',
      'Which variables exist depends on where the expression stands. `connector validate` reports one that does not exist there, and says why.',
      table(
        ['variable', 'meaning'],
        names().map((name) => [code(name), meaningOf(name)]),
      ),
      table(
        ['variable', ...MOMENTS.map(([title]) => title)],
        names().map((name) => [code(name), ...MOMENTS.map(([, path]) => (variablesAt(path).has(name) ? 'yes' : ''))]),
      ),
      'The request and the response are those of a connection without OAuth; the steps are those of OAuth 2.0. The steps after `authorize` see `query` too. The functions are in [IML functions](functions.md).',
    ],
  };
}

function result(template: string): string {
  return shown(evaluate(template, SCOPE, GIVEN));
}

function variablesAt(path: readonly string[]): ReadonlySet<string> {
  const moment = momentOf(path);
  if (moment === undefined) throw new Error(`${path.join('.')} holds no expressions`);
  return new Set([...scopeAt(moment).variables].map(([name]) => name));
}

function names(): string[] {
  return [...new Set(MOMENTS.flatMap(([, path]) => [...variablesAt(path)]))];
}

function meaningOf(name: string): string {
  const meaning = VARIABLES[name];
  if (meaning === undefined) throw new Error(`say in reference/expressions.ts what the variable ${name} is`);
  return meaning;
}
