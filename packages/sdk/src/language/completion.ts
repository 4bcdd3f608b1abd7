import { secretsCarriedBy } from '../analysis/carried-secrets.ts';
import { namesIn } from '../analysis/fields.ts';
import { declaredCommon } from '../analysis/known-variables.ts';
import { requestsOf } from '../analysis/requests.ts';
import type { Path } from '../diagnostics.ts';
import { type Scope, signatureOf } from '../iml/check.ts';
import { FUNCTIONS } from '../iml/functions/index.ts';
import { infer, membersOf, memberType, typeWords } from '../iml/infer.ts';
import { named } from '../iml/print.ts';
import { type Expression, KEYWORDS } from '../iml/tree.ts';
import { isObject, valueAt } from '../json.ts';
import type { SectionName } from '../sections/index.ts';
import type { ConnectionReading } from './connection-reading.ts';
import { describeFunction, describeKeyword, describePath, describeVariable, typeBeside } from './descriptions.ts';
import { expressionAt, typedPathAt } from './expression-point.ts';
import type { FileReading } from './file-reading.ts';
import type { JSONText, Stretch } from './json-text.ts';

/** A word that can stand at a place. */
export interface Completion {
  readonly label: string;
  readonly kind: 'function' | 'variable' | 'member' | 'keyword' | 'value' | 'key';
  /** A few words beside the label, such as a type. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** The text to insert, as the JSON text is written. */
  readonly text: string;
  /** True if `text` is a snippet: `$1` is where the cursor goes. */
  readonly snippet?: true;
  /** Range that the text replaces. */
  readonly replaced: Stretch;
}

/** Words that can stand in an expression at an offset; undefined outside of expressions. */
function expressionCompletions(
  reading: ConnectionReading,
  section: SectionName,
  text: JSONText,
  offset: number,
): readonly Completion[] | undefined {
  const point = expressionAt(text, offset);
  if (point === undefined) return undefined;
  const typed = typedPathAt(point);
  if (typed === undefined) return [];
  const scope = reading.scopeAt(section, point.place.path) ?? NOTHING;
  const replaced = point.stretch(typed.replaced);
  if (typed.object !== undefined) return memberCompletions(typed.object, reading, scope, replaced);
  // Behind a dot of which nothing is known no name of the outside can stand.
  const before = point.template.text.slice(0, typed.replaced.offset).trimEnd();
  if (before.endsWith('.')) return [];
  const isCalled = point.template.text.startsWith('(', typed.replaced.end);
  return nameCompletions(scope, replaced, isCalled);
}

const NOTHING: Scope = { variables: new Map(), elsewhere: new Map() };

function memberCompletions(
  object: Expression,
  reading: ConnectionReading,
  scope: Scope,
  replaced: Stretch,
): readonly Completion[] {
  const types = { get: (name: string) => scope.variables.get(name)?.type };
  const type = infer(object, types);
  const known = object.kind === 'variable' ? scope.variables.get(object.name)?.members?.names : undefined;
  const names = new Set<string>(known);
  for (const each of membersOf(type)) {
    if (typeof each === 'object' && 'collection' in each)
      for (const name of Object.keys(each.collection)) names.add(name);
  }
  return [...names].map((name) => {
    const path: Expression = { kind: 'member', object, name, offset: 0, end: 0 };
    const detail = typeBeside(memberType(type, name));
    const documentation = describePath(path, reading, scope);
    return {
      label: name,
      kind: 'member',
      ...optional({ detail, documentation }),
      text: escaped(named(name)),
      replaced,
    };
  });
}

/** @param isCalled true if parentheses follow already */
function nameCompletions(scope: Scope, replaced: Stretch, isCalled: boolean): readonly Completion[] {
  const found: Completion[] = [];
  for (const [name, { type }] of scope.variables) {
    const detail = typeof type === 'string' ? typeBeside(type) : 'collection';
    const documentation = describeVariable(name);
    found.push({ label: name, kind: 'variable', ...optional({ detail, documentation }), text: name, replaced });
  }
  for (const each of FUNCTIONS.values()) {
    const { name, parameters, returns } = each;
    if (each.documented === false) continue;
    const text = isCalled ? name : parameters.length === 0 ? `${name}()` : `${name}($1)`;
    const detail = `${signatureOf(name, parameters)}: ${typeWords(returns)}`;
    found.push({
      label: name,
      kind: 'function',
      detail,
      documentation: describeFunction(each),
      text,
      snippet: true,
      replaced,
    });
  }
  for (const name of KEYWORDS) {
    found.push({
      label: name,
      kind: 'keyword',
      ...optional({ documentation: describeKeyword(name) }),
      text: name,
      replaced,
    });
  }
  return found;
}

/** Words that can be the string at an offset, where other sections of the connection say which. */
function valueCompletions(
  reading: ConnectionReading,
  section: SectionName,
  text: JSONText,
  offset: number,
): readonly Completion[] {
  const place = text.stringAt(offset);
  if (place === undefined || place.part === 'key') return [];
  const replaced = text.inner(place.path, place.part) ?? { offset, end: offset };
  const names = LISTS.flatMap((list) => [...(list.section === section ? list.names(reading, place.path) : [])]);
  const known = new Set<unknown>(siblingsOf(text, place.path));
  return names
    .filter(([name]) => !known.has(name))
    .map(([name, detail]) => ({ label: name, kind: 'value', ...optional({ detail }), text: escaped(name), replaced }));
}

type Named = readonly [name: string, detail: string | undefined];

/** Lists of strings that other parts of a connection know. */
const LISTS: readonly {
  readonly section: SectionName;
  names(reading: ConnectionReading, path: Path): Iterable<Named>;
}[] = [
  {
    section: 'scope',
    names: ({ declared }, path) => (path.length === 1 ? describedScopes(declared.sections.scopes) : []),
  },
  {
    section: 'api',
    names: ({ declared }, path) => {
      if (path.at(-2) !== 'sanitize' || path.at(-3) !== 'log') return [];
      const request = requestsOf(declared).find((each) => each.path.every((step, index) => path[index] === step));
      const secrets = request && secretsCarriedBy(declared, request);
      return (secrets?.carried ?? []).map(({ logged, words }): Named => [logged, words]);
    },
  },
];

function describedScopes(scopes: unknown): Named[] {
  return Object.entries(isObject(scopes) ? scopes : {}).map(([name, words]) => [
    name,
    typeof words === 'string' ? words : undefined,
  ]);
}

/** The items of the list that a path leads into, but for the one that is there. */
function siblingsOf(text: JSONText, path: Path): readonly unknown[] {
  const list = valueAt(text.value, path.slice(0, -1));
  return Array.isArray(list) ? list.filter((_, index) => index !== path.at(-1)) : [];
}

/** Names that a test of the connection can give or expect at an offset. */
function testCompletions(reading: ConnectionReading, text: JSONText, offset: number): readonly Completion[] {
  const place = text.stringAt(offset);
  if (place === undefined) return [];
  const replaced = text.inner(place.path, place.part) ?? { offset, end: offset };
  const last = place.path.slice(0, -1).filter((step) => typeof step === 'string');
  const list = TEST_NAMES.find(({ part, path }) => part === place.part && endsWith(last, path));
  if (list === undefined) return [];
  const holder = valueAt(text.value, place.path.slice(0, -1));
  const known = new Set(place.part === 'key' && isObject(holder) ? Object.keys(holder) : siblingsOf(text, place.path));
  const kind = place.part === 'key' ? 'key' : 'value';
  return [...list.names(reading)]
    .filter(([name]) => !known.has(name) || name === place.value)
    .map(([name, detail]) => ({ label: name, kind, ...optional({ detail }), text: escaped(name), replaced }));
}

const TEST_NAMES: readonly {
  readonly part: 'key' | 'value';
  readonly path: readonly string[];
  names(reading: ConnectionReading): Iterable<Named>;
}[] = [
  { part: 'key', path: ['given', 'parameters'], names: ({ declared }) => plain(namesIn(declared, 'parameters')) },
  { part: 'key', path: ['given', 'common'], names: ({ declared }) => plain(declaredCommon(declared.sections)?.keys()) },
  { part: 'key', path: ['stored', 'data'], names: (reading) => plain(storedNames(reading)) },
  { part: 'key', path: ['expect', 'data'], names: (reading) => plain(storedNames(reading)) },
  { part: 'value', path: ['given', 'scopes'], names: ({ declared }) => describedScopes(declared.sections.scopes) },
];

function plain(names: Iterable<string> = []): Named[] {
  return [...names].map((name) => [name, undefined]);
}

function storedNames({ declared }: ConnectionReading): ReadonlySet<string> {
  const stored = requestsOf(declared).flatMap(({ response }) =>
    isObject(response?.data) ? Object.keys(response.data) : [],
  );
  return new Set([...stored.filter((name) => !name.includes('{{')), ...namesIn(declared, 'parameters')]);
}

function endsWith(path: readonly unknown[], end: readonly string[]): boolean {
  return end.every((step, index) => path.at(index - end.length) === step);
}

/** A text as it stands in a JSON string. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The properties that have a value. */
function optional<Properties extends Readonly<Record<string, string | undefined>>>(properties: Properties) {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { readonly [name in keyof Properties]?: string };
}

/** Words that can stand at a place. */
export interface Completions {
  readonly list: readonly Completion[];
  /** True if nothing else can stand there, whatever the file's schema says. */
  readonly isComplete: boolean;
}

/** Completions at an offset of a file; undefined where the file's schema alone says what can stand there. */
export function completionsIn(
  { connections: [reading], section, text, isTest }: FileReading,
  offset: number,
): Completions | undefined {
  if (reading === undefined) return undefined;
  if (isTest) return { list: testCompletions(reading, text, offset), isComplete: false };
  if (section === undefined) return undefined;
  const list = expressionCompletions(reading, section, text, offset);
  if (list !== undefined) return { list, isComplete: true };
  return { list: valueCompletions(reading, section, text, offset), isComplete: false };
}
