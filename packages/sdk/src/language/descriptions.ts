import type { Scope } from '../iml/check.ts';
import { signatureOf } from '../iml/check.ts';
import type { IMLFunction, IMLType } from '../iml/function.ts';
import { FUNCTIONS } from '../iml/functions/index.ts';
import { infer, typeWords } from '../iml/infer.ts';
import type { Expression, KeywordName } from '../iml/tree.ts';
import { isObject, lookUp, valueAt } from '../json.ts';
import type { ConnectionReading } from './connection-reading.ts';
import { namesOf } from './expression-point.ts';

/** Variables of expressions, each in one sentence. */
const VARIABLES: Readonly<Record<string, string>> = {
  parameters: 'What the user filled in. In `install`: what the administrator filled in.',
  common: 'Values that all users of the app share.',
  temp: 'Values that earlier requests of the same run computed, in `temp` or `response.temp`.',
  data: 'What is stored with the connection: the fields of the form, and `response.data` of its requests.',
  connection: 'What is stored with the connection; the same as `data`.',
  environment: 'The environment that the platform runs the connection in.',
  executionId: 'The id of the execution.',
  body: 'The body of the response.',
  headers: 'The headers of the response, by their names in lower case.',
  statusCode: 'The HTTP status code of the response.',
  oauth: 'What OAuth needs: the redirect URI, the state and the scopes that are requested.',
  query: 'The query string with which the browser comes back from `authorize`.',
};

/** Keywords of expressions, each in a few words. */
const KEYWORDS: Readonly<Record<KeywordName, string>> = {
  true: 'True.',
  false: 'False.',
  null: 'Null.',
  erase: 'Null: erases the value.',
  ignore: 'Nothing: the property is left out.',
  undefined: 'Nothing.',
  emptystring: 'The empty text, as a value.',
  emptyarray: 'A list without items.',
  space: 'A space.',
  nbsp: 'A space at which no line breaks.',
  tab: 'A tab.',
  newline: 'A line feed.',
  carriagereturn: 'A carriage return.',
  now: 'The current date and time.',
  timestamp: 'The current time in seconds since 1970.',
  uuid: 'A new random UUID.',
  pi: 'The number π.',
  random: 'A random number from 0 up to 1.',
};

/** A function as markdown: how it is called, what it does, and an example. */
export function describeFunction({ name, parameters, returns, summary, example }: IMLFunction): string {
  const given = example.scope === undefined ? '' : ` with \`${JSON.stringify(example.scope)}\``;
  const result = shown(example.result);
  return [
    code(`${signatureOf(name, parameters)}: ${typeWords(returns)}`),
    summary,
    `Example: \`${example.template}\`${given} gives \`${result}\`.`,
  ].join('\n\n');
}

function shown(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

/** The function of that name as markdown; undefined when there is none. */
export function describeFunctionNamed(name: string): string | undefined {
  const known = FUNCTIONS.get(name);
  return known && describeFunction(known);
}

/** A keyword as markdown; undefined for another word. */
export function describeKeyword(name: string): string | undefined {
  const words = lookUp(KEYWORDS, name);
  return words && `${code(name)}\n\n${words}`;
}

/** A path of an expression as markdown: its type, what it is, and where its value comes from. */
export function describePath(path: Expression, reading: ConnectionReading, scope: Scope): string | undefined {
  const [root, member] = namesOf(path);
  if (typeof root !== 'string') return undefined;
  const reason = scope.elsewhere.get(root);
  if (!scope.variables.has(root)) return reason && `${code(root)}\n\n${root} does not exist here: ${reason}`;
  const type = infer(path, { get: (name) => scope.variables.get(name)?.type });
  const names = namesOf(path).join('.');
  const about = typeof member === 'string' ? originOf(reading, scope, root, member) : lookUp(VARIABLES, root);
  return [code(`${names}: ${typeWords(type)}`), ...(about === undefined ? [] : [about])].join('\n\n');
}

/** Where the value of a member of a variable comes from, as markdown. */
function originOf(reading: ConnectionReading, scope: Scope, root: string, member: string): string | undefined {
  const { sections } = reading.declared;
  const origin = scope.variables.get(root)?.origin?.(member);
  if (origin !== undefined) {
    if (origin.part === 'key') return `Set in \`${[origin.section, ...origin.path].join('.')}\`.`;
    const field = valueAt(sections[origin.section], origin.path);
    const label = isObject(field) && typeof field.label === 'string' ? ` “${field.label}”` : '';
    const help = isObject(field) && typeof field.help === 'string' ? `\n\n${field.help}` : '';
    return `The field${label} of \`${origin.section}\`.${help}`;
  }
  const { common } = sections;
  const schema = root === 'common' ? valueAt(common, ['properties', member]) : undefined;
  if (!isObject(schema)) return undefined;
  const description = typeof schema.description === 'string' ? ` ${schema.description}` : '';
  return `Declared in \`common.properties.${member}\`.${description}`;
}

/** A variable in a sentence; undefined for one of which nothing is known. */
export function describeVariable(name: string): string | undefined {
  return lookUp(VARIABLES, name);
}

/** A type in words, to stand beside a name; undefined for any. */
export function typeBeside(type: IMLType): string | undefined {
  return type === 'any' ? undefined : typeWords(type);
}

function code(text: string): string {
  return `\`\`\`iml\n${text}\n\`\`\``;
}
