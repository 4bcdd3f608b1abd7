import { type Finding, lineAt, type Tree } from './tree.ts';

/** What only says where or how something was written, and what to do about it. */
const TRACES: readonly (readonly [RegExp, string])[] = [
  [
    /(?<![\w.:/*?)\]}~-])\/(?:work|root|tmp|home\/\w+|Users\/\w+)\/[\w.-]/g,
    'a path of one machine; write one from the root, or use os.tmpdir()',
  ],
  [
    /\bregistry\.(?:npmjs|yarnpkg)\.\w+|\b[\w-]*(?:artifactory|verdaccio|jfrog)[\w-]*\.\w|^\s*(?:@[\w-]+:)?registry\s*=|\btarball: /gm,
    'the host of a package registry; take it out',
  ],
  [/\b(?:T[O]DO|F[I]XME|X{3})\b/g, 'something left for later; do it, or take it out'],
];

/** What is tracked reads the same wherever it was written. */
export function checkWorkplace(tree: Tree): Finding[] {
  return tree.paths.flatMap((path) => {
    const text = tree.text(path);
    if (text.includes('\0')) return [];
    return TRACES.flatMap(([pattern, message]) =>
      [...text.matchAll(pattern)].map(
        ({ 0: found, index }) => `${path}:${lineAt(text, index)} ${found.trim()} is ${message}`,
      ),
    );
  });
}
