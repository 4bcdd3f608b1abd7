import type { JSONSchema } from '@connectorkit/sdk';
import { type Arguments, type Command, type Context, optionsOf, type Result } from '../command.ts';
import type { SignIns } from './sign-ins.ts';

/** One entry of TOOLS: what clients are told of a tool, and what it does. */
export interface Tool {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For agents: what it does, when to use it, and what it never does. */
  readonly description: string;
  /** Schemas of the input's members; none may be added. */
  readonly input: Readonly<Record<string, JSONSchema>>;
  readonly required?: readonly string[];
  /** The schema of `data` in the output. */
  readonly data: JSONSchema;
  readonly annotations: Annotations;
  /** True if problems that it finds are its result, and not the failure of what it was to do. */
  readonly reports: boolean;
  run(call: ToolCall): Promise<Result> | Result;
}

/** Hints of the protocol, all of them said: https://modelcontextprotocol.io/specification/draft/schema#toolannotations */
export interface Annotations {
  /** It changes nothing. */
  readonly readOnlyHint: boolean;
  /** It may overwrite or delete. */
  readonly destructiveHint: boolean;
  /** The same call once more changes nothing more. */
  readonly idempotentHint: boolean;
  /** It may talk to other machines. */
  readonly openWorldHint: boolean;
}

/** A call of a tool, with an input that fits its schema. */
interface ToolCall {
  // biome-ignore lint/suspicious/noExplicitAny: the schema says what it is
  readonly input: any;
  /** The surroundings of this call: it ends when the client cancels the call. */
  readonly context: Context;
  readonly signIns: SignIns;
}

/**
 * Runs a command as the command line does.
 * @param args those that differ from their defaults; undefined ones are as if they were not there
 */
export async function runCommand<C extends Command>(
  command: C,
  args: { readonly [Name in keyof Arguments<C>]?: Arguments<C>[Name] | undefined },
  context: Context,
): Promise<Result> {
  const many = Object.entries(command.positionals).filter((entry) => entry[1].many);
  const defaults = { ...Object.fromEntries(many.map(([name]) => [name, []])), ...optionsOf(command.options, {}) };
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const { run } = await command.load();
  return run(context, { ...defaults, ...Object.fromEntries(given) } as never);
}

/** The schema of what every tool answers. */
export function outputSchema(data: JSONSchema) {
  return {
    type: 'object' as const,
    properties: {
      ok: { type: 'boolean', description: 'True if it worked and found no errors.' },
      summary: { type: 'string', description: 'How it went, in one sentence.' },
      data,
      diagnostics: { type: 'array', items: DIAGNOSTIC, description: 'Every problem; explain tells more about a code.' },
      next: { type: 'array', items: { type: 'string' }, description: 'Commands that a person would run next.' },
    },
    required: ['ok', 'diagnostics', 'next'],
    additionalProperties: false,
  };
}

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer', minimum: 1 } as const;

const DIAGNOSTIC = {
  type: 'object',
  properties: {
    code: { ...TEXT, description: 'Stable, such as `schema/type`.' },
    severity: { enum: ['error', 'warning', 'info'] },
    message: { ...TEXT, description: 'What is wrong.' },
    hint: { ...TEXT, description: 'What to do.' },
    file: { ...TEXT, description: 'Relative to the project.' },
    line: COUNT,
    column: COUNT,
    endLine: COUNT,
    endColumn: COUNT,
    connection: { ...TEXT, description: 'The id of the connection.' },
    path: {
      type: 'array',
      items: { type: ['string', 'integer'] },
      description: 'Into the value; of refused input, the field.',
    },
    fix: { type: 'object', description: 'Edits that correct it, with offsets in UTF-16 code units.' },
  },
  required: ['code', 'severity', 'message'],
} as const;
