import { type Finding, type HouseRule, SDK, type Tree } from './tree.ts';

const SMALL_LINES = 25;
const SMALL_SHARE = 0.15;

/** Files that are as short as what they declare, and why; they are not counted among the small ones. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/\/index\.ts$/, 'a table’s registration: one word an entry'],
  [
    /^packages\/cli\/src\/commands\/[^/.]+(\.run)?\.ts$/,
    'an entry of COMMANDS, and its module, which is loaded when it runs and is as thin as can be',
  ],
];

const NO_THING = /^(utils?|helpers?|types?|common|misc|shared)$/;

/** Names that are those of an entry: the section `common`, the command `types`. */
const OWN_NAMES = /^packages\/(sdk\/src\/(sections|project)\/common|cli\/src\/commands\/types(\.run)?)(\.test)?\.ts$/;

/** Many small files are a sign that one thing was torn apart. */
function checkSmallFiles(tree: Tree): Finding[] {
  const counted = tree.sources().filter(({ file }) => !SHORT.some(([pattern]) => pattern.test(file)));
  return [...new Set(counted.map(({ file }) => file.split('/')[1]))].flatMap((name) => {
    const modules = counted.filter(({ file }) => file.startsWith(`packages/${name}/`));
    const small = modules.filter(({ text }) => linesOf(text) < SMALL_LINES);
    const most = Math.max(1, Math.floor(modules.length * SMALL_SHARE));
    if (small.length <= most) return [];
    const list = small.map(({ file }) => file).join(', ');
    return `packages/${name}:1 ${small.length} of ${modules.length} files have under ${SMALL_LINES} lines, at most ${most} may; join some of ${list}`;
  });
}

/** Files of code and their folders are named after things or phases. */
function checkFileNames(tree: Tree): Finding[] {
  return tree.paths.flatMap((path) => {
    if (!/^(packages|house)\/.*\.(tsx?|js)$/.test(path) || OWN_NAMES.test(path) || path.endsWith('.d.ts')) return [];
    const kind = path
      .split('/')
      .map((part) => part.split('.')[0] ?? '')
      .find((stem) => NO_THING.test(stem));
    return kind === undefined ? [] : `${path}:1 ${kind} is a kind; name it after the thing that it is about`;
  });
}

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const lines = (count: number) => 'a();\n'.repeat(count);

export const BUDGETS: readonly HouseRule[] = [
  {
    name: 'few files are small',
    check: checkSmallFiles,
    bad: [
      [
        { [`${SDK}/a.ts`]: lines(3), [`${SDK}/b.ts`]: lines(3), [`${SDK}/c.ts`]: lines(30) },
        `packages/sdk:1 2 of 3 files have under 25 lines, at most 1 may; join some of ${SDK}/a.ts, ${SDK}/b.ts`,
      ],
    ],
    good: [{ [`${SDK}/a.ts`]: lines(3), [`${SDK}/rules/index.ts`]: lines(3), [`${SDK}/c.ts`]: lines(30) }],
  },
  {
    name: 'files are things or phases, never kinds',
    check: checkFileNames,
    bad: [
      [{ [`${SDK}/utils/a.ts`]: '' }, `${SDK}/utils/a.ts:1 utils is a kind`],
      [{ 'packages/console/src/helpers.tsx': '' }, 'packages/console/src/helpers.tsx:1 helpers is a kind'],
      [{ [`${SDK}/sync/helpers.test.ts`]: '' }, `${SDK}/sync/helpers.test.ts:1 helpers is a kind`],
      [{ 'packages/cli/src/common.ts': '' }, 'packages/cli/src/common.ts:1 common is a kind'],
    ],
    good: [
      {
        [`${SDK}/sections/common.ts`]: '',
        [`${SDK}/sections/create-types.ts`]: '',
        'packages/cli/src/commands/types.ts': '',
      },
    ],
  },
];
