/**
 * The files of one project, given by the caller: the sdk touches none on its own account.
 * Paths are relative to the project's folder, with forward slashes.
 */
export interface Files {
  /** The text of a file, decoded as UTF-8 with a byte order mark kept; undefined when there is none. */
  read(path: string): string | undefined;
  /** The names in a folder, sorted, folders with a slash at the end; empty when there is no such folder. */
  list(folder: string): readonly string[];
  /** Writes a whole file or nothing, and makes its folders. A secret file is readable by its owner only. */
  write(path: string, text: string, options?: { readonly secret?: boolean }): void;
  rename(from: string, to: string): void;
  /**
   * What becomes another when the text of a file or the names in a folder do, told without reading them; undefined when
   * that cannot be told: for links, and for what changed so lately that the next change might look the same, unless it
   * is our own.
   */
  stamp?(path: string, options?: { readonly own?: boolean }): Stamp | undefined;
}

/** When a file or folder changed, how long it is and which one it is, in numbers that only compare. */
export type Stamp = readonly [changed: number, size: number, identity: number];
