import type { Diagnostic, Path } from '../diagnostics.ts';
import type { Source } from '../source.ts';

/** How an origin calls a connection; one without a side says that the other is left alone. */
export interface Pair {
  readonly origin: string;
  readonly local: string | undefined;
  readonly remote: string | undefined;
  /** Its place in the manifest. */
  readonly path: Path;
}

/**
 * Returns the problems of pairs: two of ours are one connection on an origin, or two connections there are one of
 * ours.
 */
export function pairedTwice(manifest: Source, pairs: readonly Pair[]): Diagnostic[] {
  return pairs.flatMap((pair, index) => {
    const { origin, local, remote, path } = pair;
    const before = pairs.slice(0, index).filter((each) => each.origin === origin);
    const ours = before.find((each) => remote !== undefined && each.remote === remote);
    const theirs = before.find((each) => local !== undefined && each.local === local);
    const [first, message] =
      ours !== undefined
        ? [ours, `${shown(ours.local)} and ${shown(local)} are both ${shown(remote)} on ${shown(origin)}.`]
        : [theirs, `${shown(local)} is both ${shown(theirs?.remote)} and ${shown(remote)} on ${shown(origin)}.`];
    if (first === undefined) return [];
    const { line, column } = manifest.locate(first.path);
    return [
      {
        code: 'project/paired-twice',
        severity: 'error',
        message,
        hint: 'Keep one of the two.',
        file: manifest.file,
        path,
        ...manifest.locate(path),
        related: [{ message: 'the first', file: manifest.file, line, column }],
      },
    ];
  });
}

function shown(name: string | undefined): string {
  return name === undefined ? 'nothing' : JSON.stringify(name);
}
