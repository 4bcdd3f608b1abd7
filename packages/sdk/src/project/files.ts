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
   * For each path three numbers, of which one becomes another when the text of the file or the names in the folder do,
   * told without reading them. Undefined when that cannot be told: for links, and for what changed so lately that the
   * next change might look the same, unless it is our own.
   */
  stamps?(paths: readonly string[], options?: { readonly own?: boolean }): Float64Array | undefined;
}
