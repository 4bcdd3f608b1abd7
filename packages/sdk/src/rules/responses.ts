import { soleExpression, sourcesOf, type Text } from '../analysis/expressions.ts';
import type { Request } from '../analysis/requests.ts';
import { nearest, type Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp, valueAt } from '../json.ts';
import { REQUEST_DEFINITIONS } from '../sections/api-request.ts';
import { inEachRequest } from './each-request.ts';
import type { Report, Rule } from './rule.ts';

function checkMetadata({ path, response }: Request, report: Report): void {
  const metadata = response?.metadata;
  if (!isObject(metadata) || (metadata.type !== undefined && metadata.value !== undefined)) return;
  if (Object.keys(metadata).some((name) => name.includes('{{'))) return;
  const at = [...path, 'response', 'metadata'];
  for (const { name, says, hint, preset } of METADATA) {
    if (metadata[name] !== undefined) continue;
    const meant = nearest(
      name,
      Object.keys(metadata).filter((each) => each !== 'type' && each !== 'value'),
    );
    report({
      section: 'api',
      path: meant === undefined ? at : [...at, meant],
      part: 'key',
      message: `The metadata has no ${name}, so ${says}.`,
      hint: meant === undefined ? hint : `Did you mean ${JSON.stringify(name)} instead of ${JSON.stringify(meant)}?`,
      found: Object.keys(metadata).join(', '),
      expected: name,
      ...(preset === undefined || meant !== undefined
        ? {}
        : {
            fix: {
              title: `Add "${name}": "${preset}"`,
              changes: [{ section: 'api', path: [...at, name], value: preset }],
            },
          }),
    });
  }
}

const METADATA = [
  {
    name: 'type',
    says: 'nothing tells how it is shown',
    hint: 'Add "type": "text", or "email" for an address.',
    preset: 'text',
  },
  {
    name: 'value',
    says: 'nothing is shown behind the name of the connection',
    hint: 'Add "value": "{{body.name}}".',
    preset: undefined,
  },
] as const;

/** The lists of allowed values that a schema has at a place: an expression there must give one of each. */
function listsAt(schema: unknown, [step, ...rest]: Path): readonly (readonly string[])[] {
  if (!isObject(schema)) return [];
  const reference = typeof schema.$ref === 'string' ? /^#\/\$defs\/(\w+)$/.exec(schema.$ref)?.[1] : undefined;
  if (reference !== undefined) {
    return listsAt(valueAt(REQUEST_DEFINITIONS, [reference]), step === undefined ? [] : [step, ...rest]);
  }
  if (step !== undefined) return childrenOf(schema, step).flatMap((child) => listsAt(child, rest));
  const allowed = allowedBy(schema);
  return allowed === undefined ? [] : [allowed];
}

/** The schemas of the values that have this key. */
function childrenOf(schema: JSONObject, key: string | number): readonly unknown[] {
  if (typeof key !== 'string') return [];
  return [schema, schema.else].filter(isObject).flatMap(({ properties, patternProperties }) => {
    const named = isObject(properties) ? [lookUp(properties, key)] : [];
    const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
    return [...named, ...patterns.flatMap(([pattern, each]) => (new RegExp(pattern, 'u').test(key) ? [each] : []))];
  });
}

function allowedBy(schema: JSONObject): readonly string[] | undefined {
  for (const part of [schema, schema.else, schema.then]) {
    const list = isObject(part) ? part.enum : undefined;
    if (Array.isArray(list)) return list;
    const inner = isObject(part) && isObject(part.else) ? part.else.enum : undefined;
    if (Array.isArray(inner)) return inner;
  }
  return undefined;
}

function checkChoices({ path, texts }: Request, report: Report): void {
  for (const text of texts) {
    // Most texts are a path or a call of paths, and give no text of their own.
    if (!/['"]/.test(text.template.text)) continue;
    const lists = listsAt(REQUEST_DEFINITIONS.request, text.path.slice(path.length));
    for (const allowed of lists) wrongChoices(text, allowed, report);
  }
}

function wrongChoices(written: Text, allowed: readonly string[], report: Report): void {
  const { path, template } = written;
  const { text } = template;
  const expression = soleExpression(written);
  if (expression === undefined) return;
  for (const source of sourcesOf(expression)) {
    if (source.kind !== 'string' || source.value === '' || allowed.includes(source.value)) continue;
    const meant = nearest(source.value, allowed);
    const found = JSON.stringify(source.value.slice(0, 40));
    const quote = text[source.offset] ?? "'";
    const corrected =
      meant === undefined ? '' : text.slice(0, source.offset) + quote + meant + quote + text.slice(source.end);
    report({
      section: 'api',
      path,
      span: source,
      message: `The expression may give ${found}, which is not allowed for ${JSON.stringify(path.at(-1))}.`,
      hint:
        meant === undefined ? `Allowed values are ${allowed.join(', ')}.` : `Did you mean ${JSON.stringify(meant)}?`,
      found,
      expected: allowed.join(', '),
      ...(meant === undefined
        ? {}
        : { fix: { title: `Write ${meant}`, changes: [{ section: 'api', path, value: corrected }] } }),
    });
  }
}

function checkValid({ path, response }: Request, report: Report): void {
  const valid = response?.valid;
  const condition = isObject(valid) ? valid.condition : valid;
  if (condition !== false) return;
  report({
    section: 'api',
    path: [...path, 'response', 'valid', ...(isObject(valid) ? ['condition'] : [])],
    message: 'No response is ever valid here.',
    hint: 'Write a condition, such as "{{!body.error}}", or remove valid: then the status decides.',
    found: 'false',
  });
}

/** Limit of a connection's stored data, in bytes. */
const DATA_LIMIT = 64 * 1024;

function checkSize({ path, response }: Request, report: Report): void {
  const data = response?.data;
  if (!isObject(data)) return;
  const size = Buffer.byteLength(JSON.stringify(data));
  if (size <= DATA_LIMIT) return;
  report({
    section: 'api',
    path: [...path, 'response', 'data'],
    part: 'key',
    message: `The data has ${size} bytes, but a connection can store only ${DATA_LIMIT}.`,
    hint: 'Store only what requests need: tokens, ids and addresses.',
    found: `${size} bytes`,
    expected: `${DATA_LIMIT} bytes at most`,
  });
}

const url = 'https://api.example.com/v1/me';

function answering(response: JSONObject) {
  return { type: 'other', sections: { api: { url, response } } } as const;
}

export const RESPONSE_RULES = [
  {
    code: 'response/metadata',
    severity: 'warning',
    title: 'metadata without a type or a value',
    why: 'Metadata identifies the connection’s account for users: value is the text, type is its kind.',
    remedy: 'Write both, such as {"type": "text", "value": "{{body.name}}"}; type is text or email.',
    check: inEachRequest(checkMetadata),
    bad: () => answering({ metadata: { value: '{{body.name}}' } }),
    good: () => answering({ metadata: { type: 'text', value: '{{body.name}}' } }),
  },
  {
    code: 'response/unknown-choice',
    severity: 'warning',
    title: 'an expression with a value that is not allowed here',
    why: 'Only certain values are allowed here. Another value has no effect or the wrong effect, which shows only when a request fails.',
    remedy: 'Correct the text in the expression.',
    check: inEachRequest(checkChoices),
    bad: () =>
      answering({
        error: { message: '{{body.error}}', type: "{{if(statusCode = 429, 'RateLimitEror', 'DataError')}}" },
      }),
    good: () =>
      answering({
        error: { message: '{{body.error}}', type: "{{if(statusCode = 429, 'RateLimitError', 'DataError')}}" },
      }),
  },
  {
    code: 'response/never-valid',
    severity: 'error',
    title: 'a response that is never valid',
    why: 'With valid set to false every response is a failure, so users can never connect.',
    remedy: 'Write a condition, or remove valid: then statuses from 200 to 399 are valid.',
    check: inEachRequest(checkValid),
    bad: () => answering({ valid: false }),
    good: () => answering({ valid: '{{!body.error}}' }),
  },
  {
    code: 'response/too-large',
    severity: 'error',
    title: 'more data than a connection can store',
    why: 'The data of a connection is limited to 64 KB. The constant text here alone exceeds it.',
    remedy: 'Store only what requests need.',
    check: inEachRequest(checkSize),
    bad: () => answering({ data: { blob: 'x'.repeat(DATA_LIMIT) } }),
    good: () => answering({ data: { id: '{{body.id}}' } }),
  },
] as const satisfies readonly Rule[];
