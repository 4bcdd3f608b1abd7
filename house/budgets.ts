import type { Node } from 'oxc-parser';
import { type Finding, type HouseRule, isTest, lineAt, type Module, nameOf, SDK, type Tree, walk } from './tree.ts';

const FILE_LINES = 400;
const FUNCTION_LINES = 70;
const SMALL_LINES = 25;
const SMALL_SHARE = 0.15;

/** Files that may be long, and why. */
const DATA: readonly (readonly [RegExp, string])[] = [
  [/^packages\/sdk\/src\/codes\.ts$/, 'a page for each problem'],
  [/^packages\/sdk\/src\/sections\//, 'schemas, starters and examples'],
  [/^packages\/sdk\/src\/platforms\/[^/]+\/(contract|exchanges)\//, 'a vendor’s operations, and its own examples'],
  [/^packages\/sdk\/src\/iml\/functions\//, 'an entry for each function'],
];

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
const OWN_NAMES =
  /^packages\/(sdk\/src\/(sections|project|runtime)\/common|cli\/src\/commands\/types(\.run)?)(\.test)?\.ts$/;

function checkSizes(tree: Tree): Finding[] {
  return code(tree).flatMap((module) => {
    if (isTest(module.file)) return [];
    const findings = longFunctions(module);
    const lines = linesOf(module.text);
    if (lines > FILE_LINES && !DATA.some(([pattern]) => pattern.test(module.file))) {
      findings.push(module.at(0, `has ${lines} lines of at most ${FILE_LINES}; split it by what it is about`));
    }
    return findings;
  });
}

function longFunctions(module: Module): Finding[] {
  const findings: Finding[] = [];
  walk(module.program, (node) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
    const lines = lineAt(module.text, node.end) - lineAt(module.text, node.start) + 1;
    if (lines <= FUNCTION_LINES) return;
    findings.push(
      module.at(node.start, `a function of ${lines} lines of at most ${FUNCTION_LINES}; take a step out of it`),
    );
  });
  return findings;
}

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
    if (!/^(packages|house)\/.*\.(ts|js)$/.test(path) || OWN_NAMES.test(path) || path.endsWith('.d.ts')) return [];
    const kind = path
      .split('/')
      .map((part) => part.split('.')[0] ?? '')
      .find((stem) => NO_THING.test(stem));
    return kind === undefined ? [] : `${path}:1 ${kind} is a kind; name it after the thing that it is about`;
  });
}

/** Everything is exported once, by name. */
function checkExports(tree: Tree): Finding[] {
  return code(tree).flatMap((module) => {
    const findings: Finding[] = [];
    const tell = (node: Node, message: string) => findings.push(module.at(node.start, message));
    walk(module.program, (node) => {
      if (node.type === 'ExportDefaultDeclaration') tell(node, 'a default export; export it by name');
      if (node.type === 'ExportSpecifier' && nameOf(node.exported) === 'default')
        tell(node, 'a default export; export it by name');
      if (node.type === 'ExportAllDeclaration') tell(node, 'export *; list the names');
      if (node.type === 'TSEnumDeclaration') tell(node, 'an enum; use a union of literals, or an object `as const`');
    });
    return findings;
  });
}

function code(tree: Tree): readonly Module[] {
  return tree.modules(/^(packages\/[^/]+\/(src|test)\/.*\.ts|packages\/[^/]+\/[^/]+\.js|house\/.*\.ts)$/);
}

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const lines = (count: number) => 'a();\n'.repeat(count);

export const BUDGETS: readonly HouseRule[] = [
  {
    name: 'files and functions keep their size',
    check: checkSizes,
    bad: [
      [{ [`${SDK}/a.ts`]: lines(401) }, `${SDK}/a.ts:1 has 401 lines of at most 400`],
      [
        { [`${SDK}/a.ts`]: `\nexport function a() {\n${lines(70)}}` },
        `${SDK}/a.ts:2 a function of 72 lines of at most 70`,
      ],
      [{ [`${SDK}/codes.ts`]: `const a = { b() {\n${lines(70)}} };` }, `${SDK}/codes.ts:1 a function of 72 lines`],
    ],
    good: [{ [`${SDK}/a.ts`]: lines(400), [`${SDK}/codes.ts`]: lines(900), [`${SDK}/a.test.ts`]: lines(900) }],
  },
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
  {
    name: 'everything is exported by name',
    check: checkExports,
    bad: [
      [{ [`${SDK}/a.ts`]: `\nexport default 1;` }, `${SDK}/a.ts:2 a default export`],
      [{ [`${SDK}/a.ts`]: `export { a as default };` }, `${SDK}/a.ts:1 a default export`],
      [{ [`${SDK}/index.ts`]: `export * from './a.ts';` }, `${SDK}/index.ts:1 export *`],
      [{ [`${SDK}/a.ts`]: `export enum A { B }` }, `${SDK}/a.ts:1 an enum`],
    ],
    good: [{ [`${SDK}/index.ts`]: `export { a, type B } from './a.ts';` }],
  },
];
