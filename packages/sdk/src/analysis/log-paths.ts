import { remembered } from '../remembered.ts';

/** Between the names of a path, where no name can hold it. */
const SEPARATOR = '\n';

/** A path of `log.sanitize`, with its meaning. */
export interface LogPath {
  /** The path as paths are compared: see `plainPath`. */
  readonly plain: string;
  /** Part of the value that is hidden, in an entry such as `request.body<parameters.secret>`; else all of it is. */
  readonly only: string | undefined;
}

const NAME = /`([^`]*)`|[^.`]+/g;
const ONLY = /^(.*?)<([^<>]*)>$/s;

/**
 * Reads an entry of `log.sanitize`. Names may stand in backticks, and an entry may name what of a text is hidden.
 * Source: Make's documentation, "Authorization and sanitization".
 */
export const readLogPath = remembered((entry): LogPath => {
  const [, path = entry, only] = ONLY.exec(entry) ?? [];
  const names: string[] = [];
  for (const [found, quoted] of path.matchAll(NAME)) {
    const name = quoted ?? found.replace(/\[[^\]]*\]/g, '');
    // Items of arrays are compared by what they are items of.
    if (name !== '' && (quoted !== undefined || !/^\d+$/.test(name))) names.push(name);
  }
  return { plain: plainPath(names), only };
});

/** A path as paths are compared: names of headers without case. */
export function plainPath(names: readonly string[]): string {
  const plain = names.join(SEPARATOR);
  return names[1]?.toLowerCase() === 'headers' ? plain.toLowerCase() : plain;
}

/** A path as an entry of `log.sanitize` writes it. */
export function writtenPath(names: readonly string[]): string {
  return names.map((name) => (/^[^.`[\]<>\s]+$/.test(name) ? name : `\`${name}\``)).join('.');
}

/** Paths, as they are compared, that others are held against: themselves, and what they are inside of. */
export class LogPaths {
  readonly #paths = new Set<string>();
  readonly #outer = new Set<string>();
  #any = false;

  constructor(paths: Iterable<string>) {
    for (const path of paths) {
      if (this.#paths.has(path)) continue;
      this.#paths.add(path);
      this.#any ||= path.includes('*');
      // An outer path that is there has been told of what it is inside of itself.
      for (const outer of outerPaths(path)) {
        if (this.#outer.has(outer)) break;
        this.#outer.add(outer);
      }
    }
  }

  /** Checks if one of them covers the path: it is the path, or what the path is inside of. A star may mean anything. */
  covers(path: string): boolean {
    return this.#any || this.#paths.has(path) || this.isInsideOne(path);
  }

  /** Checks if the path is inside of one of them. */
  isInsideOne(path: string): boolean {
    for (const outer of outerPaths(path)) if (this.#paths.has(outer)) return true;
    return false;
  }

  /** Checks if one of them is the path, or inside of it. */
  hasInside(path: string): boolean {
    if (path.includes('*')) return this.#paths.size > 0;
    return this.#paths.has(path) || this.#outer.has(path);
  }
}

/** Yields the paths that a path is inside of, the nearest first. */
function* outerPaths(path: string): Generator<string> {
  for (let end = path.lastIndexOf(SEPARATOR); end > 0; end = path.lastIndexOf(SEPARATOR, end - 1))
    yield path.slice(0, end);
}
