import type { Path } from '../diagnostics.ts';

/** Where something was written. */
export interface WrittenPlace {
  readonly path: Path;
  readonly part?: 'key';
  /** True if all below it is written in the same way. */
  readonly verbatim?: true;
}

/** From the paths of the wire form to those of the text that it was made from. */
export class Places {
  readonly #places = new Map<string, WrittenPlace>();

  set(wire: Path, written: WrittenPlace): void {
    const key = JSON.stringify(wire);
    if (!this.#places.has(key)) this.#places.set(key, written);
  }

  /** Where the value at a path of the wire form was written, or the nearest that holds it. */
  authored(wire: Path): WrittenPlace {
    for (let length = wire.length; length >= 0; length--) {
      const found = this.#places.get(JSON.stringify(wire.slice(0, length)));
      if (found === undefined) continue;
      const rest = wire.slice(length);
      if (rest.length === 0) return found;
      return { path: found.verbatim === true ? [...found.path, ...rest] : found.path };
    }
    return { path: [] };
  }

  /** Where the value at a path of the authored text came to stand, or the nearest that holds it. */
  wire(authored: Path): Path {
    const found = this.#inverse();
    for (let length = authored.length; length >= 0; length--) {
      const near = found.get(JSON.stringify(authored.slice(0, length)));
      if (near === undefined) continue;
      return near.verbatim ? [...near.path, ...authored.slice(length)] : near.path;
    }
    return [];
  }

  #turned: Map<string, { readonly path: Path; readonly verbatim: boolean }> | undefined;

  #inverse() {
    if (this.#turned !== undefined) return this.#turned;
    this.#turned = new Map();
    for (const [wire, { path, part, verbatim = false }] of this.#places) {
      const key = JSON.stringify(path);
      const isOuter = part !== 'key' && !this.#turned.has(key);
      if (isOuter) this.#turned.set(key, { path: JSON.parse(wire) as Path, verbatim });
    }
    return this.#turned;
  }
}
