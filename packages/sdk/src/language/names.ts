import type { Text } from '../analysis/expressions.ts';
import { FORMS, namesIn as fieldNames, fieldsOf } from '../analysis/fields.ts';
import { requestsOf, textsOf } from '../analysis/requests.ts';
import type { Path } from '../diagnostics.ts';
import type { Expression } from '../iml/tree.ts';
import { isObject, lookUp, valueAt } from '../json.ts';
import type { SectionName } from '../sections/index.ts';
import type { ConnectionReading } from './connection-reading.ts';
import type { FileReading } from './file-reading.ts';
import type { JSONText, Stretch } from './json-text.ts';

/** Kinds of names: fields of the two forms, what requests keep, what all users share, and scopes. */
export type Namespace = 'parameters' | 'installSpec' | 'temp' | 'data' | 'common' | 'scope';

/** A place of a name in a file. */
export interface NameUse extends Stretch {
  readonly namespace: Namespace;
  readonly name: string;
  readonly file: string;
  readonly role: 'declaration' | 'use';
  /** True if it stands in an expression, where names with other characters are in backticks. */
  readonly inExpression: boolean;
}

/** A file of tests. */
export interface TestText {
  readonly file: string;
  readonly text: JSONText;
}

/** Every place of a name in a connection and in its tests. */
export function namesOfConnection(reading: ConnectionReading, tests: readonly TestText[]): readonly NameUse[] {
  return new Names(reading).all(tests);
}

/** Every place of a name in a file that is opened alone. */
export function namesIn({ connections }: Pick<FileReading, 'connections'>): readonly NameUse[] {
  return connections.flatMap((reading) => namesOfConnection(reading, []));
}

/** The form whose values the expressions of a section read as `parameters`. */
const FORMS_READ: Readonly<Record<string, Namespace>> = { api: 'parameters', install: 'installSpec' };

/** Keywords of a JSON Schema whose schemas are about the same value. */
const IN_PLACE = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'not', 'dependentSchemas'];

class Names {
  readonly #reading: ConnectionReading;
  readonly #uses: NameUse[] = [];
  readonly #stored = new Set<string>();
  readonly #fields: ReadonlySet<string>;

  constructor(reading: ConnectionReading) {
    this.#reading = reading;
    this.#fields = fieldNames(reading.declared, 'parameters');
  }

  all(tests: readonly TestText[]): readonly NameUse[] {
    this.#requests();
    this.#forms();
    this.#common();
    this.#scopes();
    for (const section of ['api', 'install'] as const) {
      for (const text of textsOf(this.#reading.declared, section)) this.#references(text);
    }
    for (const test of tests) this.#test(test);
    return this.#uses;
  }

  #add(
    section: SectionName,
    path: Path,
    part: 'key' | 'value',
    use: Pick<NameUse, 'namespace' | 'name' | 'role'>,
  ): void {
    const file = this.#reading.fileOf(section);
    const text = this.#reading.text(section);
    if (file !== undefined && text !== undefined) this.#addIn({ file, text }, path, part, use);
  }

  #addIn(
    { file, text }: TestText,
    path: Path,
    part: 'key' | 'value',
    use: Pick<NameUse, 'namespace' | 'name' | 'role'>,
  ): void {
    const stretch = text.inner(path, part);
    if (stretch !== undefined) this.#uses.push({ ...use, file, ...stretch, inExpression: false });
  }

  /** Values that requests store under a name. */
  #requests(): void {
    for (const { path, value, response } of requestsOf(this.#reading.declared)) {
      this.#keys('api', [...path, 'temp'], value.temp, 'temp');
      this.#keys('api', [...path, 'response', 'temp'], response?.temp, 'temp');
      this.#keys('api', [...path, 'response', 'data'], response?.data, 'data');
      for (const name of isObject(response?.data) ? Object.keys(response.data) : []) this.#stored.add(name);
    }
  }

  #keys(section: SectionName, path: Path, value: unknown, namespace: Namespace): void {
    for (const name of isObject(value) ? Object.keys(value) : []) {
      if (!name.includes('{{')) this.#add(section, [...path, name], 'key', { namespace, name, role: 'declaration' });
    }
  }

  #forms(): void {
    const { declared, connection } = this.#reading;
    for (const form of FORMS) {
      for (const { path, name } of fieldsOf(declared, form)) {
        const written = this.#reading.written(form, [...path, 'name']);
        const use = { namespace: form, name, role: 'declaration' } as const;
        // In a form that is written as a JSON Schema, the name is that of the property.
        if (written.part === 'key' || written.path.at(-1) === 'name') {
          this.#add(form, written.path, written.part ?? 'value', use);
        }
      }
      const { value } = connection.sections[form] ?? {};
      if (isObject(value)) this.#schema(form, [], value, form);
    }
  }

  /** Names in a JSON Schema of an object: in `required` and in schemas about the same object. */
  #schema(section: SectionName, path: Path, schema: unknown, namespace: Namespace): void {
    if (Array.isArray(schema)) {
      for (const [index, each] of schema.entries()) this.#schema(section, [...path, index], each, namespace);
    }
    if (!isObject(schema)) return;
    for (const [index, name] of (Array.isArray(schema.required) ? schema.required : []).entries()) {
      if (typeof name !== 'string') continue;
      this.#add(section, [...path, 'required', index], 'value', { namespace, name, role: 'use' });
    }
    for (const name of path.length > 0 && isObject(schema.properties) ? Object.keys(schema.properties) : []) {
      this.#add(section, [...path, 'properties', name], 'key', { namespace, name, role: 'use' });
    }
    for (const keyword of IN_PLACE) {
      if (schema[keyword] !== undefined) this.#schema(section, [...path, keyword], schema[keyword], namespace);
    }
  }

  #common(): void {
    const { common, install } = this.#reading.declared.sections;
    if (isObject(install)) this.#keys('install', ['common'], install.common, 'common');
    if (!isObject(common)) return;
    this.#keys('common', ['properties'], common.properties, 'common');
    this.#schema('common', [], common, 'common');
  }

  #scopes(): void {
    const { scope, scopes } = this.#reading.declared.sections;
    this.#keys('scopes', [], scopes, 'scope');
    for (const [index, name] of (Array.isArray(scope) ? scope : []).entries()) {
      if (typeof name === 'string') this.#add('scope', [index], 'value', { namespace: 'scope', name, role: 'use' });
    }
  }

  #references({ section, path, part, template, references }: Text): void {
    const file = this.#reading.fileOf(section);
    const text = this.#reading.text(section);
    if (file === undefined || text === undefined) return;
    for (const { root, members, expression } of references) {
      const [name] = members;
      const member = firstMember(expression);
      const namespace = name === undefined ? undefined : this.#namespaceOf(section, root, name);
      if (name === undefined || member === undefined || namespace === undefined) continue;
      const length = template.text.charAt(member.end - 1) === '`' ? name.length + 2 : name.length;
      const stretch = text.within(path, part, { offset: member.end - length, end: member.end });
      if (stretch !== undefined) {
        this.#uses.push({ namespace, name, file, ...stretch, role: 'use', inExpression: true });
      }
    }
  }

  #namespaceOf(section: SectionName, root: string, name: string): Namespace | undefined {
    if (root === 'parameters') return lookUp(FORMS_READ, section);
    if (root === 'data' || root === 'connection') return this.#kept(name);
    return root === 'temp' || root === 'common' ? root : undefined;
  }

  /** Parameters are stored as well, unless an answer stores something under the name. */
  #kept(name: string): Namespace {
    return this.#fields.has(name) && !this.#stored.has(name) ? 'parameters' : 'data';
  }

  #test(test: TestText): void {
    const { value } = test.text;
    if (!isObject(value)) return;
    const cases = Array.isArray(value.cases) ? value.cases.map((_, index) => ['cases', index]) : [];
    for (const path of [[], ...cases]) {
      this.#given(test, [...path, 'given']);
      this.#testKeys(test, [...path, 'expect', 'data'], (name) => this.#kept(name));
      this.#testItems(test, [...path, 'expect', 'scope']);
    }
  }

  #given(test: TestText, path: Path): void {
    this.#testKeys(test, [...path, 'parameters'], () => 'parameters');
    this.#testKeys(test, [...path, 'common'], () => 'common');
    this.#testKeys(test, [...path, 'stored', 'data'], (name) => this.#kept(name));
    this.#testItems(test, [...path, 'scopes']);
    this.#testItems(test, [...path, 'stored', 'scope']);
  }

  #testKeys(test: TestText, path: Path, namespaceOf: (name: string) => Namespace): void {
    const value = valueAt(test.text.value, path);
    for (const name of isObject(value) ? Object.keys(value) : []) {
      this.#addIn(test, [...path, name], 'key', { namespace: namespaceOf(name), name, role: 'use' });
    }
  }

  #testItems(test: TestText, path: Path): void {
    const value = valueAt(test.text.value, path);
    for (const [index, name] of (Array.isArray(value) ? value : []).entries()) {
      if (typeof name === 'string')
        this.#addIn(test, [...path, index], 'value', { namespace: 'scope', name, role: 'use' });
    }
  }
}

/** The part of a path that reads the first name of its variable. */
function firstMember(path: Expression): Expression | undefined {
  let at = path;
  while (at.kind === 'member' || at.kind === 'index') {
    if (at.kind === 'member' && at.object.kind === 'variable') return at;
    at = at.object;
  }
  return undefined;
}
