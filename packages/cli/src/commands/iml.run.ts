import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { ConnectorError, type Diagnostic, readSource, ruleNamed } from '@connectorkit/sdk';
import {
  check,
  evaluate,
  IMLError,
  inferTemplate,
  momentOf,
  parseTemplate,
  type Scope,
  scopeAt,
  type Template,
  typeWords,
} from '@connectorkit/sdk/iml';
import type { Context, Result, Run } from '../command.ts';
import { textGiven } from '../input.ts';
import type { iml as command } from './iml.ts';

export const run: Run<typeof command> = async (context, { template, data, at }) => {
  const scope = at === undefined ? undefined : scopeOf(at);
  const variables = data === undefined ? {} : await readVariables(data, context);
  if (template !== undefined) {
    const result = answer(template, variables, scope);
    for (const message of underlined(template, result.diagnostics ?? [])) context.report({ kind: 'note', message });
    return result;
  }
  const question = {
    message: 'Template (an empty line ends)',
    optional: true,
    flag: 'the template: connector iml "{{…}}"',
    example: '{{1 + 1}}',
  };
  while (!context.signal.aborted) {
    const asked = await context.ask.text(question);
    if (asked === '') break;
    const { lines = [], diagnostics = [] } = answer(asked, variables, scope);
    for (const message of lines) context.report({ kind: 'done', message });
    if (diagnostics.length > 0) context.report({ kind: 'problem', message: 'Problems:', diagnostics });
  }
  return {};
};

/** The template with a mark under each character that is meant; nothing when it has several lines. */
function underlined(text: string, diagnostics: readonly Diagnostic[]): string[] {
  if (diagnostics.length === 0 || text.includes('\n')) return [];
  const marks = Array.from({ length: text.length + 1 }, () => ' ');
  for (const { column = 1, endColumn = column } of diagnostics) marks.fill('^', column - 1, endColumn - 1);
  return [text, marks.join('').trimEnd()];
}

/** The value and its type, and what is wrong. */
function answer(text: string, variables: object, scope: Scope | undefined): Result {
  const template = parseTemplate(text);
  const findings = scope === undefined ? template.problems : check(template, scope);
  const diagnostics: Diagnostic[] = findings.map(({ code, offset, length, ...words }) => ({
    code,
    severity: ruleNamed(code)?.severity ?? 'error',
    ...words,
    ...placeIn(text, offset, length),
  }));
  const type = typeWords(inferTemplate(template, typesOf(scope)));
  const outcome = template.problems.length > 0 ? undefined : evaluated(template, text, variables);
  if (outcome === undefined) return { diagnostics, data: { template: text, type } };
  if ('problem' in outcome) return { diagnostics: [...diagnostics, outcome.problem], data: { template: text, type } };
  const { value } = outcome;
  return {
    diagnostics,
    // Undefined has no JSON: the property is missing then, as it would be in a request.
    data: {
      template: text,
      type,
      kind: kindOf(value),
      value: Buffer.isBuffer(value) ? value.toString('base64') : value,
    },
    lines: [shown(value)],
    summary:
      kindOf(value) === type || type === 'any'
        ? `Type: ${kindOf(value)}.`
        : `Type: ${kindOf(value)}; known before: ${type}.`,
  };
}

function evaluated(template: Template, text: string, variables: object): { value: unknown } | { problem: Diagnostic } {
  const given = { now: () => new Date(), random: Math.random, uuid: randomUUID };
  try {
    return { value: evaluate(template, variables, given) };
  } catch (error) {
    if (!(error instanceof IMLError)) throw error;
    const { message, offset, length } = error;
    const place = offset === undefined || length === undefined ? {} : placeIn(text, offset, length);
    return { problem: { code: 'iml/evaluation', severity: 'error', message, ...place } };
  }
}

function typesOf(scope: Scope | undefined) {
  return new Map([...(scope?.variables ?? [])].map(([name, { type }]) => [name, type]));
}

/** The template is the file: what is reported points at its characters. */
function placeIn(text: string, offset: number, length: number) {
  return readSource('', text, { comments: false }).place(offset, length);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  return Buffer.isBuffer(value) ? 'buffer' : 'collection';
}

/** Texts as they are, everything else as JSON where there is JSON for it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date || value === undefined || typeof value === 'number' || Buffer.isBuffer(value))
    return inspect(value);
  return JSON.stringify(value, undefined, 2);
}

function scopeOf(at: string): Scope {
  const moment = momentOf(at.split('.'));
  if (moment !== undefined) return scopeAt(moment);
  throw new ConnectorError('usage', {
    code: 'iml/place',
    message: `${JSON.stringify(at)} is not a place in a connection.`,
    hint: 'Use a place in a section with expressions, such as api.url, api.token.body, api.response.data or install.common.',
    found: at,
  });
}

async function readVariables(file: string, context: Context): Promise<object> {
  const name = file === '-' ? 'stdin' : file;
  const text = await textGiven(context, file, OBJECT_WANTED);
  const { value, problems } = readSource(name, text, { comments: true });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConnectorError('usage', errors);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConnectorError('usage', { ...OBJECT_WANTED, message: `${name} is not a JSON object.` });
}

const OBJECT_WANTED = {
  code: 'iml/data',
  hint: 'Pass a JSON object, such as {"parameters": {"apiKey": "x"}}.',
} as const;
