import type { Files } from '@connectorkit/sdk';
import { addIgnoreLines, ignoreLines } from '@connectorkit/sdk/project';

/**
 * The same files, where a file of secrets is written only after the project's `.gitignore` says that git ignores it, and
 * the name that it has while it is written.
 * @param tell gets a sentence about what was added to `.gitignore`, and about a secret file that git has all the same
 */
export function keptFromGit(files: Files, tell: (message: string) => void): Files {
  return {
    ...files,
    write: (path, text, options) => {
      if (options?.secret === true) ignore(files, path, tell);
      files.write(path, text, options);
    },
  };
}

function ignore(files: Files, path: string, tell: (message: string) => void): void {
  const end = path.lastIndexOf('/') + 1;
  const names = [path, `${path.slice(0, end)}.${path.slice(end)}.1.tmp`];
  const ignored = files.ignored?.(names);
  const lines = ignoreLines(path).filter((_, index) => ignored?.has(names[index] ?? '') !== true);
  if (lines.length === 0) return;
  const added = addIgnoreLines(files, lines);
  if (added.length > 0) tell(`Added to .gitignore, because ${path} holds secrets: ${added.join(' and ')}`);
  if (ignored !== undefined && files.ignored?.([path])?.has(path) === false) {
    tell(`Git has ${path}, which holds secrets: take it out with \`git rm --cached ${path}\``);
  }
}
