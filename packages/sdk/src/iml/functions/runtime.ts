import { DEEPEST, isDeeper, lookUp } from '../../json.ts';
import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { memberOf } from '../values.ts';
import {
  arrayOf,
  type Collection,
  contentOf,
  isCollection,
  isMissing,
  kindOf,
  put,
  textOf,
  textOr,
} from './coercion.ts';
import { mediaTypeOf } from './mime.ts';

/*
 * Functions that the runtime of custom apps adds to the language: JSON, media types, errors and descriptions of data. A
 * missing stays missing.
 */

function parseJSON(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the text, which may hold a secret.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1] ?? 'some position';
    throw new IMLError(`parseJSON cannot read the text as JSON: it is broken at position ${position}.`);
  }
  if (isDeeper(value, DEEPEST)) throw new IMLError('parseJSON cannot read the text: it is nested too deeply.');
  return value;
}

/** The types that the runtime can raise; they choose what a scenario does next. */
const ERRORS: ReadonlySet<string> = new Set([
  'ConnectionError',
  'DataError',
  'DataSizeLimitExceededError',
  'DuplicateDataError',
  'ExecutionInterruptedError',
  'IncompleteDataError',
  'InconsistencyError',
  'InvalidAccessTokenError',
  'InvalidConfigurationError',
  'MaxFileSizeExceededError',
  'MaxResultsExceededError',
  'ModuleTimeoutError',
  'OperationsLimitExceededError',
  'OutOfSpaceError',
  'RateLimitError',
  'RuntimeError',
  'ScenarioTimeoutError',
  'UnexpectedError',
  'UnknownError',
  'Warning',
]);

const TYPES: Readonly<Record<string, string>> = {
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  buffer: 'buffer',
  array: 'array',
  collection: 'collection',
};

/** Fields as Make's data structures and parameters describe them: name and type, and what a collection or array holds. */
function fieldsOf(value: Collection, surroundings: EvaluationContext): Collection[] {
  return Object.keys(value).map((name) => ({ name, ...describe(memberOf(value, name), surroundings) }));
}

function describe(value: unknown, surroundings: EvaluationContext): Collection {
  surroundings.spend(1);
  const type = lookUp(TYPES, kindOf(value)) ?? 'text';
  if (isCollection(value)) return { type, spec: fieldsOf(value, surroundings) };
  if (!Array.isArray(value)) return { type };
  const items = arrayOf(value, surroundings);
  if (items.length === 0) return { type };
  const collections = items.filter(isCollection);
  if (collections.length < items.length) return { type, spec: describe(items[0], surroundings) };
  // Items may each have but some of the fields.
  const all: Collection = {};
  for (const item of collections)
    for (const key of Object.keys(item)) put(all, key, memberOf(item, key) ?? memberOf(all, key));
  return { type, spec: fieldsOf(all, surroundings) };
}

export const RUNTIME: readonly IMLFunction[] = [
  {
    name: 'parseJSON',
    parameters: [{ name: 'text', type: 'text' }],
    returns: 'any',
    summary: 'Reads JSON.',
    example: { template: '{{parseJSON(\'{"a":[1]}\')}}', result: { a: [1] } },
    run: ([value], surroundings) => (isMissing(value) ? value : parseJSON(textOf('parseJSON', value, surroundings))),
  },
  {
    name: 'createJSON',
    parameters: [{ name: 'value', type: 'any' }],
    returns: 'text',
    summary: 'Writes a value as JSON, without spaces.',
    example: { template: '{{createJSON(data)}}', scope: { data: { a: [1, null] } }, result: '{"a":[1,null]}' },
    run: ([value], surroundings) => {
      if (value === undefined) return undefined;
      // Takes the size of the value from the budget, and refuses one that contains itself.
      contentOf(value, surroundings);
      return JSON.stringify(value);
    },
  },
  {
    name: 'toDataStructure',
    parameters: [
      { name: 'data', type: 'any' },
      { name: 'type', type: 'text', optional: true },
    ],
    returns: { array: 'collection' },
    summary:
      'Describes data as a list of fields with name, type and, for nested data, spec; with the type json, a text is parsed first.',
    example: {
      template: '{{toDataStructure(parseJSON(\'{"id":7,"tags":["a"]}\'))}}',
      result: [
        { name: 'id', type: 'number' },
        { name: 'tags', type: 'array', spec: { type: 'text' } },
      ],
    },
    run: ([value, type], surroundings) => {
      if (isMissing(value)) return value;
      const json =
        kindOf(value) === 'text' && textOr('toDataStructure', type, 'json', surroundings).toLowerCase() === 'json';
      const data = json ? parseJSON(textOf('toDataStructure', value, surroundings)) : value;
      contentOf(data, surroundings);
      const { spec } = describe(Array.isArray(data) ? data : [data], surroundings);
      return Array.isArray(spec) ? spec : [];
    },
  },
  {
    name: 'mime',
    parameters: [{ name: 'filename', type: 'text' }],
    returns: { union: ['text', 'undefined'] },
    summary: 'Gives the media type for the extension of a file name; undefined when it is not known.',
    example: { template: "{{mime('report.pdf')}}", result: 'application/pdf' },
    run: ([value], surroundings) => (isMissing(value) ? undefined : mediaTypeOf(textOf('mime', value, surroundings))),
  },
  {
    name: 'errorFactory',
    parameters: [
      { name: 'type', type: 'text' },
      { name: 'message', type: 'text', optional: true },
    ],
    returns: { collection: { name: 'text', message: 'text' } },
    summary: "Gives an error of one of the runtime's types as a collection of name and message.",
    example: {
      template: "{{errorFactory('RateLimitError', 'Slow down')}}",
      result: { name: 'RateLimitError', message: 'Slow down' },
    },
    run: ([type, message], surroundings) => {
      const name = textOr('errorFactory', type, 'RuntimeError', surroundings);
      if (!ERRORS.has(name)) throw new IMLError(`errorFactory has no error ${name.slice(0, 50)}.`);
      return { name, message: textOr('errorFactory', message, '', surroundings) };
    },
  },
];
