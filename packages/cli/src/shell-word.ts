/** A word as it is typed in a shell; on Windows a backslash is a part of paths. */
export function shellWord(word: string, windows = process.platform === 'win32'): string {
  if (/^[\w@%+=:,./-]+$/.test(windows ? word.replaceAll('\\', '/') : word)) return word;
  return `"${windows ? word : word.replace(/(["\\$`])/g, '\\$1')}"`;
}
