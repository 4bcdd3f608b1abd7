import type { Path } from '../diagnostics.ts';
import type { Origin, Scope, ScopeVariable } from '../iml/check.ts';
import type { IMLType } from '../iml/function.ts';
import { inferValue, union } from '../iml/infer.ts';
import { isObject, lookUp } from '../json.ts';

/** The types that are being found, and whether values are made of one another. */
export class Circles {
  /** True if a type was found by way of another one's: had that been asked for first, it might not be the same. */
  met = false;
  readonly #open: Assignment[] = [];

  /** Notes that a type is asked for while it is being found. What is made of itself alone has one type, whoever asks. */
  meet(assignment: Assignment): void {
    if (this.#open.at(-1) !== assignment) this.met = true;
  }

  find(assignment: Assignment, type: () => IMLType): IMLType {
    this.#open.push(assignment);
    try {
      return type();
    } finally {
      this.#open.pop();
    }
  }
}

/** A value that is kept under a name in `temp` or `data`. */
export class Assignment {
  readonly name: string;
  readonly path: Path;
  /** True if it may not take place, because its request has a condition. */
  readonly conditional: boolean;
  readonly #value: unknown;
  readonly #scope: Scope;
  readonly #circles: Circles;
  #isBeingFound = false;
  #type: IMLType | undefined;

  constructor(
    name: string,
    value: unknown,
    place: Pick<Assignment, 'path' | 'conditional'>,
    scope: Scope,
    circles: Circles,
  ) {
    this.name = name;
    this.path = place.path;
    this.conditional = place.conditional;
    this.#value = value;
    this.#scope = scope;
    this.#circles = circles;
  }

  /** Worked out when it is asked for: most are never needed. */
  get type(): IMLType {
    if (this.#isBeingFound) {
      // What a value is made of may be itself, as in a refresh that keeps the old token.
      this.#circles.meet(this);
      return 'any';
    }
    if (this.#type !== undefined) return this.#type;
    this.#isBeingFound = true;
    const types = { get: (name: string) => this.#scope.variables.get(name)?.type };
    this.#type = this.#circles.find(this, () => inferValue(this.#value, types));
    this.#isBeingFound = false;
    return this.#type;
  }
}

/**
 * A variable that holds what was assigned: the first `count` assignments, or all that there are when it is looked at.
 * There may be others that nobody sees.
 */
export class Assigned implements ScopeVariable {
  readonly holds = 'members';
  readonly members?: NonNullable<ScopeVariable['members']>;
  readonly #assignments: readonly Assignment[];
  readonly #count: number | undefined;
  readonly #others: ScopeVariable | undefined;
  #type: IMLType | undefined;

  constructor(
    assignments: readonly Assignment[],
    {
      count,
      others,
      members,
    }: { count?: number; others?: ScopeVariable | undefined; members?: NonNullable<ScopeVariable['members']> },
  ) {
    this.#assignments = assignments;
    this.#count = count;
    this.#others = others;
    if (members !== undefined) this.members = members;
  }

  get type(): IMLType {
    this.#type ??= typeOf(this.#assignments.slice(0, this.#count), this.#others?.type);
    return this.#type;
  }

  origin(member: string): Origin | undefined {
    const found = this.#assignments.slice(0, this.#count).find(({ name }) => name === member);
    return found === undefined ? this.#others?.origin?.(member) : { section: 'api', path: found.path, part: 'key' };
  }
}

/** A collection whose members' types are found when they are asked for: those of others may be made of this one. */
function typeOf(assignments: readonly Assignment[], others: IMLType | undefined): IMLType {
  const known = typeof others === 'object' && 'collection' in others ? others.collection : {};
  const byName = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const before = byName.get(assignment.name);
    if (before === undefined) byName.set(assignment.name, [assignment]);
    else before.push(assignment);
  }
  const collection: Record<string, IMLType> = Object.fromEntries(Object.entries(known));
  for (const [name, all] of byName) {
    const first = lookUp(known, name);
    const get = () => union(...(first === undefined ? [] : [first]), ...all.map(({ type }) => type), 'undefined');
    Object.defineProperty(collection, name, { get, enumerable: true, configurable: true });
  }
  return { collection, rest: 'any' };
}

/** The type that an answer is read as → what its body is then. What is not named here depends on the answer. */
const BODIES: Readonly<Record<string, IMLType>> = {
  text: 'text',
  string: 'text',
  raw: 'text',
  binary: 'buffer',
  urlencoded: 'collection',
};

/** The body of an answer whose type is given; undefined when nothing is known. */
export function bodyOf(response: unknown, path: Path): Pick<ScopeVariable, 'type' | 'origin'> | undefined {
  const given = isObject(response) ? response.type : undefined;
  const types = isObject(given) ? Object.values(given) : [given];
  if (given === undefined || (isObject(given) && given['*'] === undefined)) return undefined;
  const type = union(...types.map((each) => (typeof each === 'string' ? (lookUp(BODIES, each) ?? 'any') : 'any')));
  if (type === 'any') return undefined;
  const origin: Origin = { section: 'api', path: [...path, 'response', 'type'] };
  return { type, origin: () => origin };
}
