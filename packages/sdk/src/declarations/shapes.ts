import type { Schema } from './contexts.ts';
import { printed } from './print.ts';
import type { Draft } from './tidy.ts';

/** Stands where the names of a connection's types begin with the connection's own. */
export const OWN = 'T_';
/** The same in a name that something is printed under. */
const PRINTED = /^T_(?:\d+_)?/;

/** The schemas of many connections. Those that are alike are printed once: printing takes longer than all the rest. */
export class Shapes {
  readonly #names = new Map<string, string>();
  readonly #schemas: Record<string, Schema> = {};
  #drafts: ReadonlyMap<string, Draft> = new Map();
  /** Name → names of the types that only it defines, sorted. */
  readonly #inner = new Map<string, string[]>();

  /** Takes schemas by the names of their types, and gives the names that these are printed under. */
  add(schemas: Readonly<Record<string, Schema>>): string[] {
    return Object.entries(schemas).map(([name, schema]) => {
      const key = name + JSON.stringify(schema);
      const before = this.#names.get(key);
      if (before !== undefined) return before;
      const own = name.startsWith(OWN) ? `${OWN}${this.#names.size}_${name.slice(OWN.length)}` : name;
      this.#names.set(key, own);
      this.#schemas[own] = schema;
      return own;
    });
  }

  async print(): Promise<void> {
    this.#drafts = await printed(this.#schemas);
    const prefixOf = (name: string) => PRINTED.exec(name)?.[0];
    const owners = new Map(Object.keys(this.#schemas).map((name) => [prefixOf(name), name]));
    for (const name of [...this.#drafts.keys()].sort()) {
      const prefix = prefixOf(name);
      const owner = prefix === undefined ? undefined : owners.get(prefix);
      if (owner !== undefined && owner !== name) this.#inner.set(owner, [...(this.#inner.get(owner) ?? []), name]);
    }
  }

  /** Whether one of these defines types itself, whose names depend on which are taken. */
  defines(names: readonly string[]): boolean {
    return names.some((name) => this.#inner.has(name));
  }

  /** The declarations, each followed by those of the types that only it defines, with names that begin with `base`. */
  texts(names: readonly string[], base: string, taken: Set<string>): string[] {
    const all = names.flatMap((name) => [name, ...(this.#inner.get(name) ?? [])]);
    const chosen = new Map<string, string>();
    for (const name of names.flatMap((each) => this.#inner.get(each) ?? [])) {
      const plain = name.replace(PRINTED, base);
      let free = plain;
      for (let number = 2; taken.has(free); number++) free = `${plain}${number}`;
      taken.add(free);
      chosen.set(name, free);
    }
    const rename = (name: string) => chosen.get(name) ?? name.replace(PRINTED, base);
    return all.flatMap((name) => this.#drafts.get(name)?.laidOut(rename) ?? []);
  }
}
