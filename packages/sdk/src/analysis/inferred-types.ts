import type { Path } from '../diagnostics.ts';
import type { Origin, Scope, ScopeVariable } from '../iml/check.ts';
import type { IMLType } from '../iml/function.ts';
import { inferValue, union } from '../iml/infer.ts';
import { isObject, lookUp } from '../json.ts';

/** A value that is kept under a name in `temp` or `data`. */
export class Assignment {
  readonly name: string;
  readonly path: Path;
  /** True if it may not take place, because its request has a condition. */
  readonly conditional: boolean;
  readonly #value: unknown;
  readonly #scope: Scope;
  #type: IMLType | undefined;

  constructor(name: string, value: unknown, place: Pick<Assignment, 'path' | 'conditional'>, scope: Scope) {
    this.name = name;
    this.path = place.path;
    this.conditional = place.conditional;
    this.#value = value;
    this.#scope = scope;
  }

  /** Worked out when it is asked for: most are never needed. */
  get type(): IMLType {
    if (this.#type !== undefined) return this.#type;
    // What a value is made of may be itself, as in a refresh that keeps the old token.
    this.#type = 'any';
    const types = { get: (name: string) => this.#scope.variables.get(name)?.type };
    this.#type = inferValue(this.#value, types);
    return this.#type;
  }
}

/**
 * A variable that holds what was assigned: the first `count` assignments, or all that there are when it is looked at.
 * A variable of which assignments are known. It may exist without any that is seen.
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

function typeOf(assignments: readonly Assignment[], others: IMLType | undefined): IMLType {
  const members = new Map<string, IMLType>();
  if (typeof others === 'object' && 'collection' in others) {
    for (const [name, type] of Object.entries(others.collection)) members.set(name, type);
  }
  for (const { name, type } of assignments) {
    const before = members.get(name);
    members.set(name, union(...(before === undefined ? [] : [before]), type, 'undefined'));
  }
  return { collection: Object.fromEntries(members), rest: 'any' };
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
