import type { Diagnostic } from '../diagnostics.ts';
import { type FileChange, type Files, updateFile } from './files.ts';
import type { ReadConnection } from './native-connection.ts';
import { CONNECTIONS, isSecret, VALUES } from './native-files.ts';

const IGNORE_FILE = '.gitignore';

/**
 * The lines of `.gitignore` that keep a file of secret values out of git, and the names that it has while it is
 * written. In our own layout they speak of the values of every connection.
 */
export function ignoreLines(file: string): readonly string[] {
  const at = isSecret(file) ? `${CONNECTIONS}/*/${VALUES}` : escaped(file);
  const end = at.lastIndexOf('/') + 1;
  // A line without a slash before its end would speak of files in every folder.
  const folder = at.slice(0, end) || '/';
  return [`${folder}${at.slice(end)}`, `${folder}.${at.slice(end)}.*.tmp`];
}

/** A path as a line that speaks of it alone. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\]]|^[#!]/g, '\\$&').replace(/ $/, '\\ ');
}

/** Adds lines to the project's `.gitignore`, and makes it where there is none. Gives those that were not in it. */
export function addIgnoreLines(files: Files, lines: readonly string[]): readonly string[] {
  let added: readonly string[] = [];
  updateFile(files, IGNORE_FILE, (text = '') => {
    added = missing(text, lines);
    return withLines(text, added);
  });
  return added;
}

/** The change by which lines come into the project's `.gitignore`; undefined when all are in it. */
export function ignoreChange(files: Files, lines: readonly string[]): FileChange | undefined {
  const text = files.read(IGNORE_FILE);
  const added = missing(text ?? '', lines);
  if (added.length === 0) return undefined;
  return { file: IGNORE_FILE, text: withLines(text ?? '', added), over: text ?? null };
}

function missing(text: string, lines: readonly string[]): readonly string[] {
  const present = text.split(/\r?\n/);
  return lines.filter((line) => !present.includes(line));
}

function withLines(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${lines.join('\n')}\n`;
}

/** Tells of the files of secret values that git would take, or has; none where there is no git to ask. */
export function leftToGit(files: Files, read: readonly ReadConnection[]): Diagnostic[] {
  const values = read.flatMap(({ connection, values: file }) =>
    connection === undefined || file === undefined ? [] : [{ connection: connection.id, file }],
  );
  if (values.length === 0) return [];
  const ignored = files.ignored?.(values.map(({ file }) => file));
  if (ignored === undefined) return [];
  const lines = new Set(files.read(IGNORE_FILE)?.split(/\r?\n/));
  return values.flatMap(({ connection, file }): Diagnostic[] => {
    if (ignored.has(file)) return [];
    const [line = ''] = ignoreLines(file);
    return [
      {
        code: 'common/not-ignored',
        severity: 'warning',
        message: `${file} contains secrets, but git does not ignore it.`,
        hint: lines.has(line)
          ? `It is already in git: remove it with \`git rm --cached ${file}\`, and replace pushed secrets at the provider.`
          : `Add ${line} to .gitignore; if the file is already in git, remove it with \`git rm --cached\`.`,
        connection,
        file,
      },
    ];
  });
}
