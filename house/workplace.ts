import { type Finding, type HouseRule, lineAt, type Tree } from './tree.ts';

/** Texts that only say where or how something was written, with advice. */
const TRACES: readonly (readonly [RegExp, string])[] = [
  [
    /(?<![\w.:/*?)\]}~-])\/(?:work|root|tmp|home\/\w+|Users\/\w+)\/(?![dgimsuvy]{1,3}\b)[\w.-]/g,
    'a path of one machine; write one from the root, or use os.tmpdir()',
  ],
  [
    /\bregistry\.(?:npmjs|yarnpkg)\.\w+|\b[\w-]*(?:artifactory|verdaccio|jfrog)[\w-]*\.\w|\bregistry\s*=\s*https?:|\btarball: https?:/g,
    'the host of a package registry; take it out',
  ],
  [/\b(?:T[O]DO|F[I]XME|X{3})\b/g, 'something left for later; do it, or take it out'],
];

/** Folders of what is made from the sources. */
const MADE = /^packages\/[^/]+\/(build|dist|generated)\//;

/** Checks that what is tracked reads the same wherever it was written. */
function checkWorkplace(tree: Tree): Finding[] {
  const made = new Set(tree.paths.flatMap((path) => MADE.exec(path)?.[0] ?? []));
  const findings = [...made].map((folder) => `${folder}:1 is made by the build; git rm -r --cached it, and ignore it`);
  return findings.concat(
    tree.paths.flatMap((path) => {
      const text = tree.text(path);
      if (text.includes('\0')) return [];
      return TRACES.flatMap(([pattern, message]) =>
        [...text.matchAll(pattern)].map(
          ({ 0: found, index }) => `${path}:${lineAt(text, index)} ${found.trim()} is ${message}`,
        ),
      );
    }),
  );
}

const slashed = (...parts: string[]) => `/${parts.join('/')}`;

export const WORKPLACE: readonly HouseRule[] = [
  {
    name: 'what is tracked reads the same wherever it was written',
    check: checkWorkplace,
    bad: [
      [{ 'packages/cli/build/a.d.ts': '' }, 'packages/cli/build/:1 is made by the build'],
      [{ 'a.md': `\nSee ${slashed('work', 'a.md')}.` }, `a.md:2 ${slashed('work', 'a')}`],
      [{ 'a.ts': `open('${slashed('tmp', 'a')}');` }, 'a.ts:1'],
      [{ 'pnpm-lock.yaml': `resolution: {tarball${':'} https://a.example/b.tgz}` }, 'pnpm-lock.yaml:1'],
      [{ '.npmrc': `a=1\nregistry${'='}https://a.example/` }, '.npmrc:2'],
      [{ 'a.md': `https://registry${'.'}npmjs.org/a` }, 'a.md:1'],
      [{ 'a.ts': `// ${'TO'}${'DO'}: this` }, 'a.ts:1'],
      [{ 'a.ts': `\n\n// ${'FIX'}${'ME'}` }, 'a.ts:3'],
    ],
    good: [{ 'a.md': 'https://a.example/work/b, packages/root/a, ./tmp/a and the method todo.\n' }],
  },
];
