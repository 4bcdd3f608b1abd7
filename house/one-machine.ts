import { type Finding, type HouseRule, lineAt, type Tree } from './tree.ts';

/** Texts that only say where or how something was written, with advice. */
const TRACES: readonly (readonly [RegExp, string])[] = [
  [
    /(?<![\w.:/*?)\]}~-])\/(?:workspaces?|work|root|tmp|home\/\w+|Users\/\w+)\/(?![dgimsuvy]{1,3}\b)[\w.-]/g,
    'a path of one machine; write one from the root, or use os.tmpdir()',
  ],
  [
    /\bhttps?:\/\/registry\.\w|\bregistry\s*=\s*https?:|\btarball: https?:/g,
    'the address of a package registry; leave it to the settings of whoever installs',
  ],
  [/\b(?:T[O]DO|F[I]XME|X{3})\b/g, 'something left for later; do it, or take it out'],
];

/** Folders of what is made from the sources. */
const MADE = /^packages\/[^/]+\/(build|dist|generated)\//;

/** Checks that tracked files hold nothing of the machine on which they were written. */
function checkTracked(tree: Tree): Finding[] {
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

export const ONE_MACHINE: readonly HouseRule[] = [
  {
    name: 'nothing of one machine is in tracked files',
    check: checkTracked,
    bad: [
      [{ 'packages/cli/build/a.d.ts': '' }, 'packages/cli/build/:1 is made by the build'],
      [{ 'a.md': `\nSee ${slashed('work', 'a.md')}.` }, `a.md:2 ${slashed('work', 'a')}`],
      [{ 'a.ts': `open('${slashed('tmp', 'a')}');` }, 'a.ts:1'],
      [{ 'pnpm-lock.yaml': `resolution: {tarball${':'} https://a.example/b.tgz}` }, 'pnpm-lock.yaml:1'],
      [{ '.npmrc': `a=1\nregistry${'='}https://a.example/` }, '.npmrc:2'],
      [{ 'a.md': `https://registry${'.'}example/a` }, 'a.md:1'],
      [{ 'a.ts': `// ${'TO'}${'DO'}: this` }, 'a.ts:1'],
      [{ 'a.ts': `\n\n// ${'FIX'}${'ME'}` }, 'a.ts:3'],
    ],
    good: [{ 'a.md': 'https://a.example/work/b, packages/root/a, ./tmp/a and the method todo.\n' }],
  },
];
