import { editDistance, type Path } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import type { SectionName } from '../sections/index.ts';
import type { Declared } from './declared.ts';
import type { Reference, Text } from './expressions.ts';
import { type FormName, fieldsOf, isOpen } from './fields.ts';
import { declaredCommon } from './known-variables.ts';
import { lazy } from './lazy.ts';
import { namesRead, ofEachRequest, type Read, type Request, readsOf, textsOf } from './requests.ts';

/** Where a name is declared. */
interface Declaration {
  readonly section: SectionName;
  readonly path: Path;
  readonly part?: 'key';
}

/** A name that an expression reads, that is declared nowhere, and that almost is one that nothing reads. */
export interface Misspelling {
  readonly text: Text;
  readonly reference: Reference;
  readonly name: string;
  readonly meant: string;
  readonly declared: Declaration;
}

/** Names by which values are read: those of a form, those that `common` shares, and those that requests keep. */
export type Namespace = FormName | 'common' | 'temp' | 'data';

/** The misspelt names of a connection, by what they are read of. */
export interface Misspellings extends Iterable<Misspelling> {
  /** Checks if this name is a misspelt one. */
  has(namespace: Namespace, name: string): boolean;
  /** The declared names that misspelt ones mean. */
  meant(namespace: Namespace): ReadonlySet<string>;
}

/**
 * The misspelt names of a connection. Only where every name is known that may be read: no form that is asked for at run
 * time, no expression that gives names.
 */
export const misspellingsOf = lazy((connection: Declared): Misspellings => {
  const found: Misspelling[] = [];
  const names = new Set<string>();
  const meanings = new Map<Namespace, Set<string>>();
  for (const [namespace, read] of namespacesOf(connection)) {
    const misspelt = read === undefined ? [] : misspeltIn(read);
    for (const { name } of misspelt) names.add(`${namespace} ${name}`);
    meanings.set(namespace, new Set(misspelt.map(({ meant }) => meant)));
    for (const each of misspelt) found.push(each);
  }
  return {
    has: (namespace, name) => names.has(`${namespace} ${name}`),
    meant: (namespace) => meanings.get(namespace) ?? NONE,
    [Symbol.iterator]: () => found[Symbol.iterator](),
  };
});

const NONE: ReadonlySet<string> = new Set();

/** The names of one namespace, and what is read of it. */
interface Names {
  readonly declared: ReadonlyMap<string, Declaration>;
  /** Values that are read by a name that is declared, or is taken for one. */
  readonly reads: readonly Read[];
  /** Other names that exist. */
  readonly others?: ReadonlySet<string>;
  /** Reads of the same values by another variable. */
  readonly elsewhere?: readonly Read[];
}

function misspeltIn({ declared, reads, others, elsewhere = [] }: Names): Misspelling[] {
  const read = new Set<string>();
  for (const { reference } of [...reads, ...elsewhere]) {
    const [name] = reference.members;
    // Who reads all of them at once reads each.
    if (name === undefined) return [];
    read.add(name);
  }
  const unread = [...declared].filter(([name]) => !read.has(name));
  const unknown = [...read].filter((name) => !declared.has(name) && others?.has(name) !== true);
  if (unread.length * unknown.length > MOST) return [];
  const meanings = new Map(unknown.map((name) => [name, unread.find(([each]) => isAlmost(name, each))]));
  return reads.flatMap(({ text, reference }) => {
    const [name = ''] = reference.members;
    const [meant, place] = meanings.get(name) ?? [];
    return meant === undefined || place === undefined ? [] : [{ text, reference, name, meant, declared: place }];
  });
}

/** Pairs of names that are compared: nobody writes by hand what has more. */
const MOST = 50_000;

/** Letters of names from which on two slips are still no other word. */
const LONG = 8;

/** Checks if the one is the other with a slip of the fingers, or with other separators or capitals. */
function isAlmost(name: string, meant: string): boolean {
  const [one, other] = [name, meant].map((each) => each.toLowerCase().replace(/[^a-z0-9]/g, '')) as [string, string];
  if (one === other) return one !== '';
  const most = Math.min(one.length, other.length) >= LONG ? 2 : 1;
  return editDistance(one, other, most + 1) <= most;
}

function namespacesOf(connection: Declared): [Namespace, Names | undefined][] {
  const stored = keptAs('data', connection);
  const fields = fieldsIn(connection, 'parameters');
  const asStored = [...readsOf(connection, 'data'), ...readsOf(connection, 'connection')];
  const filledIn = readsOf(connection, 'parameters');
  const common = declaredCommon(connection.sections);
  const temp = keptAs('temp', connection);
  const administered = fieldsIn(connection, 'installSpec');
  return [
    // What users fill in is stored as well, and what is stored may be read as if they had.
    [
      'parameters',
      fields && stored && { declared: fields, reads: filledIn, others: new Set(stored.keys()), elsewhere: asStored },
    ],
    ['data', fields && stored && { declared: new Map([...fields, ...stored]), reads: asStored, elsewhere: filledIn }],
    ['common', common && { declared: common, reads: readsOf(connection, 'common') }],
    ['temp', temp && { declared: temp, reads: readsOf(connection, 'temp') }],
    ['installSpec', administered && { declared: administered, reads: installReads(connection) }],
  ];
}

function fieldsIn(connection: Declared, form: FormName): ReadonlyMap<string, Declaration> | undefined {
  if (!Array.isArray(connection.sections[form]) || isOpen(connection, form)) return undefined;
  return new Map(
    fieldsOf(connection, form).map(({ name, path }) => [name, { section: form, path: [...path, 'name'] }]),
  );
}

function installReads(connection: Declared): Read[] {
  return textsOf(connection, 'install').flatMap((text) =>
    text.references.flatMap((reference) => (reference.root === 'parameters' ? [{ text, reference }] : [])),
  );
}

/** Returns the names that requests keep in `temp` or in `data`; undefined when an expression gives the names. */
function keptAs(root: 'temp' | 'data', connection: Declared): ReadonlyMap<string, Declaration> | undefined {
  const found = new Map<string, Declaration>();
  for (const kept of KEPT[root](connection).values()) {
    if (kept === undefined) return undefined;
    for (const [name, declaration] of kept) found.set(name, declaration);
  }
  return found;
}

const KEPT = {
  temp: ofEachRequest((request) => keptBy(request, 'temp')),
  data: ofEachRequest((request) => keptBy(request, 'data')),
};

function keptBy({ path, value, response }: Request, root: 'temp' | 'data') {
  if (Object.keys(value).some((key) => key.includes('{{'))) return undefined;
  const found: [name: string, Declaration][] = [];
  const places = [
    [['response', root], response?.[root]],
    [[root], root === 'temp' ? value.temp : undefined],
  ] as const;
  for (const [place, kept] of places) {
    if (kept === undefined) continue;
    if (!isObject(kept) || Object.keys(kept).some((key) => key.includes('{{'))) return undefined;
    for (const name of Object.keys(kept)) {
      found.push([name, { section: 'api', path: [...path, ...place, name], part: 'key' }]);
    }
  }
  return found;
}

/**
 * The names that the connection reads of what the user filled in, or means to read by a misspelt one; undefined when it
 * reads all of them at once.
 */
export const readParameters = lazy((connection: Declared): ReadonlySet<string> | undefined => {
  const read = namesRead(connection, 'parameters', 'data', 'connection');
  if (read === undefined) return undefined;
  const misspellings = misspellingsOf(connection);
  return new Set([...read, ...misspellings.meant('parameters'), ...misspellings.meant('data')]);
});
