import type { Declared } from '../analysis/declared.ts';
import { flowOf } from '../analysis/expression-scopes.ts';
import type { Scope } from '../iml/check.ts';
import type { IMLType } from '../iml/function.ts';
import { membersOf, union } from '../iml/infer.ts';
import { VARIABLES } from '../iml/scopes.ts';
import { isObject, lookUp } from '../json.ts';

/** A JSON Schema, or `{ tsType }` for what only TypeScript can say. */
export type Schema = { readonly [keyword: string]: unknown };

export function closed(properties: Readonly<Record<string, Schema>>, required = Object.keys(properties)): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

const ANYTHING: Schema = { type: 'object', additionalProperties: true };

/** Types that hold nothing but themselves, as `evaluate` gives them. */
const SIMPLE: Readonly<Record<string, Schema>> = {
  any: {},
  text: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { tsType: 'Date' },
  array: { type: 'array' },
  collection: ANYTHING,
  buffer: { tsType: 'Uint8Array' },
  null: { type: 'null' },
  undefined: { tsType: 'undefined' },
};

function schemaOf(type: IMLType): Schema {
  if (typeof type === 'string') return lookUp(SIMPLE, type) ?? {};
  if ('union' in type) return { anyOf: membersOf(type).map(schemaOf) };
  if ('array' in type) return { type: 'array', items: schemaOf(type.array) };
  return objectOf(new Map(Object.entries(type.collection)), type.rest !== undefined);
}

/** Members that may be undefined may be left out. */
function objectOf(members: ReadonlyMap<string, IMLType>, open: boolean, always = true): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const [name, type] of members) {
    const values = membersOf(type).filter((each) => each !== 'undefined');
    properties[name] = values.length === 0 ? { tsType: 'undefined' } : schemaOf(union(...values));
    if (always && !membersOf(type).some((each) => each === 'undefined' || each === 'any')) required.push(name);
  }
  return { ...closed(properties, required), additionalProperties: open };
}

/** Variables that are the same in all connections, under the name of the interface that declares them. */
interface Frame {
  readonly name: string;
  /** Comment above it. */
  readonly words: string;
  readonly variables: readonly string[];
  /** The type of `oauth`, where that tells the frame from another. */
  readonly oauth?: IMLType;
  /** True if it is part of what all steps of a connection see, and not only some. */
  readonly everywhere: boolean;
}

const FRAMES: readonly Frame[] = [
  {
    name: 'Surroundings',
    words: 'What every expression of a request sees.',
    variables: ['environment', 'executionId'],
    everywhere: true,
  },
  {
    name: 'OAuth',
    words: 'What expressions of OAuth 2.0 see.',
    variables: ['oauth'],
    oauth: VARIABLES.oauth?.type ?? 'any',
    everywhere: true,
  },
  {
    name: 'OAuth1',
    words: 'What expressions of OAuth 1.0a see.',
    variables: ['oauth'],
    oauth: 'collection',
    everywhere: true,
  },
  {
    name: 'Callback',
    words: 'What the browser brings back from authorize.',
    variables: ['query'],
    everywhere: false,
  },
  {
    name: 'Answer',
    words: 'What expressions see once a request has been answered.',
    variables: ['body', 'headers', 'statusCode'],
    everywhere: false,
  },
];

/** The frames of which the expressions see all variables. */
function framesIn({ variables }: Scope, everywhere: boolean): string[] {
  return FRAMES.filter(
    (frame) =>
      frame.everywhere === everywhere &&
      frame.variables.every((each) => variables.has(each)) &&
      (frame.oauth === undefined || variables.get('oauth')?.type === frame.oauth),
  ).map(({ name }) => name);
}

export const FRAME_NAMES = FRAMES.map(({ name }) => name);

/** The frames of these names. */
export function frameSchemas(names: ReadonlySet<string>): Readonly<Record<string, Schema>> {
  const chosen = FRAMES.filter(({ name }) => names.has(name));
  return Object.fromEntries(
    chosen.map(({ name, words, variables, oauth }) => {
      const types = variables.map((each) => [each, schemaOf(oauth ?? lookUp(VARIABLES, each)?.type ?? 'any')] as const);
      return [name, { description: words, ...closed(Object.fromEntries(types)) }];
    }),
  );
}

/** Types of a connection's expressions and answers. */
export interface Flow {
  /** Data that all answers together store; undefined without an `api`. */
  readonly data?: Schema;
  /** Variables of every step's expressions that belong to the connection itself. */
  readonly context?: Schema;
  readonly steps?: Schema;
  /** Variables of the expressions of `install`. */
  readonly install?: Schema;
}

/** The names of the types of a connection's parts. */
export type TypeNames = Readonly<Record<'parameters' | 'installParameters' | 'common' | 'data' | 'context', string>>;

/**
 * @param parts the parts of which there are types
 * @param frames to which the names of the frames that are used are added
 */
export function flowSchemas(
  declared: Declared,
  named: TypeNames,
  parts: ReadonlySet<string>,
  frames: Set<string>,
): Flow {
  const { api, install } = declared.sections;
  const nameOf = (part: keyof TypeNames) => (parts.has(part) ? { tsType: named[part] } : ANYTHING);
  const flow = flowOf(declared);
  const installed = {
    environment: ANYTHING,
    parameters: nameOf('installParameters'),
    common: nameOf('common'),
    temp: ANYTHING,
  };
  const [first] = flow.steps;
  if (api === undefined || first === undefined) return install === undefined ? {} : { install: closed(installed) };
  const everywhere = framesIn(first.request, true);
  const phase = (scope: Scope): Schema => {
    const own = framesIn(scope, false);
    for (const name of [...everywhere, ...own]) frames.add(name);
    return { allOf: [...[named.context, ...own].map((tsType) => ({ tsType })), closed(changing(scope))] };
  };
  const steps = flow.steps.map(({ step = 'api', request, response }) => [
    step,
    closed({ request: phase(request), response: phase(response) }),
  ]);
  const kept = parts.has('parameters') ? `${named.parameters} & Partial<${named.data}>` : `Partial<${named.data}>`;
  const connection = {
    parameters: nameOf('parameters'),
    common: commonWith(declared, nameOf('common')),
    connection: { tsType: kept },
    data: { tsType: kept },
  };
  return {
    data: flow.stored === undefined ? ANYTHING : objectOf(storedTypes(flow.stored), false),
    context: { allOf: [...everywhere.map((tsType) => ({ tsType })), closed(connection)] },
    steps: closed(Object.fromEntries(steps)),
    ...(install === undefined ? {} : { install: closed(installed) }),
  };
}

/** Returns the variables that differ from step to step. */
function changing({ variables }: Scope): Readonly<Record<string, Schema>> {
  const temp = variables.get('temp')?.type ?? 'collection';
  const body = variables.get('body')?.type ?? 'any';
  return {
    // Whatever a request has set may be missing: it may not have been sent.
    temp:
      typeof temp === 'object' && 'collection' in temp
        ? objectOf(new Map(Object.entries(temp.collection)), false, false)
        : ANYTHING,
    ...(body === 'any' ? {} : { body: schemaOf(body) }),
  };
}

/** Returns the schema of `common` with what the installation writes beside what is declared. */
function commonWith({ sections: { common: declared, install } }: Declared, common: Schema): Schema {
  const written = isObject(install) && isObject(install.common) ? Object.keys(install.common) : [];
  const known = isObject(declared) && isObject(declared.properties) ? declared.properties : {};
  const names = written.filter((name) => !name.includes('{{') && !Object.hasOwn(known, name));
  if (names.length === 0 || common === ANYTHING) return common;
  return { allOf: [common, closed(Object.fromEntries(names.map((name) => [name, {}])), [])] };
}

interface Kept {
  readonly name: string;
  readonly type: IMLType;
  readonly conditional: boolean;
}

function storedTypes(stored: readonly Kept[]): ReadonlyMap<string, IMLType> {
  const types = new Map<string, IMLType>();
  const certain = new Set(stored.filter(({ conditional }) => !conditional).map(({ name }) => name));
  for (const { name, type } of stored) {
    const before = types.get(name);
    types.set(name, union(...(before === undefined ? [] : [before]), type));
  }
  return new Map(
    [...types].map(([name, type]) => [name, certain.has(name) || type === 'any' ? type : union(type, 'undefined')]),
  );
}
