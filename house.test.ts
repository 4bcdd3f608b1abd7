import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkExports, checkFileNames, checkSizes, checkSmallFiles } from './house/budgets.ts';
import { checkCycles, checkLayers, checkPackages } from './house/direction.ts';
import { checkEntries } from './house/entries.ts';
import { checkPlaces } from './house/places.ts';
import { checkDocstrings, checkManifests } from './house/published.ts';
import { checkPrinting, checkSdk } from './house/surroundings.ts';
import { type Finding, houseTree, Tree } from './house/tree.ts';
import { checkWorkplace } from './house/workplace.ts';

type Texts = Readonly<Record<string, string>>;

/** A rule of the house, with small trees that break it, and some that look as if they did. */
interface HouseRule {
  readonly name: string;
  readonly check: (tree: Tree) => Finding[];
  /** What is found begins with `file:line` and holds the words. */
  readonly bad: readonly (readonly [texts: Texts, ...found: string[]])[];
  readonly good?: readonly Texts[];
}

const lines = (count: number, line = 'a();\n') => line.repeat(count);
const manifest = (fields: object) =>
  JSON.stringify({ name: 'a', version: '1.0.0', engines: { node: '>=20' }, ...fields }, null, 1);
const slashed = (...parts: string[]) => `/${parts.join('/')}`;

const SDK = 'packages/sdk/src';
const SDK_MANIFEST = JSON.stringify({
  name: '@connectorkit/sdk',
  dependencies: { known: 'catalog:' },
  devDependencies: { tool: 'catalog:' },
  imports: { '#generated/*': './generated/*' },
});
const inSdk = (text: string): Texts => ({ 'packages/sdk/package.json': SDK_MANIFEST, [`${SDK}/source.ts`]: text });
const SECTIONS = `import { api } from './api.ts';\nimport { scope } from './scope.ts';\nexport const SECTIONS = [api, scope];`;
const table = (place: string, register: string) =>
  `# Kit\n\n## Where things go\n\n| to add | go to | register |\n|---|---|---|\n| a rule | ${place} | ${register} |\n`;
const places = (rest: Texts, place = '`rules/<theme>.ts`', register = '`rules/index.ts`'): Texts => ({
  'README.md': table(place, register),
  'rules/index.ts': `import './a.ts';`,
  'rules/a.ts': `import type { Rule } from './rule.ts';`,
  'rules/rule.ts': '',
  'rules/a.test.ts': '',
  ...rest,
});

const RULES: readonly HouseRule[] = [
  {
    name: 'packages know each other in one direction, by name, and as declared',
    check: checkPackages,
    bad: [
      [inSdk(`import '@connectorkit/harness';`), `${SDK}/source.ts:1 @connectorkit/sdk must not know`],
      [inSdk(`\nimport type { A } from '@connectorkit/cli';`), `${SDK}/source.ts:2 @connectorkit/sdk must not know`],
      [inSdk(`await import('../../harness/src/index.ts');`), `${SDK}/source.ts:1 ../../harness`, 'by its name'],
      [inSdk(`import '../test/memory.ts';`), `${SDK}/source.ts:1 ../test/memory.ts is not shipped`],
      [inSdk(`import './source.test.ts';`), `${SDK}/source.ts:1 ./source.test.ts is a test`],
      [inSdk(`import 'express';`), `${SDK}/source.ts:1 express is not declared; add it to "dependencies"`],
      [inSdk(`import 'tool/deep';`), `${SDK}/source.ts:1 tool is not declared; add it to "dependencies"`],
      [inSdk(`import 'fs';`), `${SDK}/source.ts:1 fs is not declared`],
      [inSdk(`import '#other/a.js';`), `${SDK}/source.ts:1 #other/a.js is not in "imports"`],
      [
        { 'packages/new/package.json': '{"name":"new"}', 'packages/new/a.js': `import 'b';` },
        'packages/new/a.js:1',
        'KNOWS',
      ],
    ],
    good: [
      inSdk(`import 'known/deep';\nimport 'node:util';\nimport '#generated/a.js';\nimport './json.ts';`),
      { 'packages/sdk/package.json': SDK_MANIFEST, 'packages/sdk/src/a.test.ts': `import 'tool';` },
      {
        'packages/cli/package.json':
          '{"name":"@connectorkit/cli","devDependencies":{"@connectorkit/sdk":"workspace:*"}}',
        'packages/cli/src/a.ts': `import '@connectorkit/sdk';`,
      },
    ],
  },
  {
    name: 'the layers of the sdk know each other downwards',
    check: checkLayers,
    bad: [
      [
        { [`${SDK}/source.ts`]: `import { RULES } from './rules/index.ts';` },
        `${SDK}/source.ts:1 rules/index.ts lies above it`,
      ],
      [
        { [`${SDK}/sections/a.ts`]: `export { b } from '../sync/b.ts';` },
        `${SDK}/sections/a.ts:1 sync/b.ts lies above it`,
      ],
      [{ [`${SDK}/rules/a.ts`]: `\nimport('../platforms/b.ts');` }, `${SDK}/rules/a.ts:2 platforms/b.ts lies above it`],
      // This is emitted as `import {} from …`.
      [{ [`${SDK}/codes.ts`]: `import { type A } from './rules/a.ts';` }, `${SDK}/codes.ts:1 rules/a.ts lies above it`],
      [{ [`${SDK}/news.ts`]: '' }, `${SDK}/news.ts:1 has no layer`],
    ],
    good: [
      {
        [`${SDK}/codes.ts`]: `import type { A } from './rules/a.ts';\ntype B = import('./sync/b.ts').B;`,
        [`${SDK}/sync/plan.ts`]: `import '../platforms/platform.ts';\nimport './state.ts';`,
      },
    ],
  },
  {
    name: 'the sdk touches no terminal, clock, chance, file, network or process',
    check: checkSdk,
    bad: [
      [
        inSdk(`import { readFileSync } from 'node:fs';`),
        `${SDK}/source.ts:1 the sdk must not use readFileSync of node:fs`,
      ],
      [inSdk(`import { createHash, randomUUID } from 'node:crypto';`), `${SDK}/source.ts:1`, 'node:crypto'],
      [inSdk(`const a = () => process.env.A;`), `${SDK}/source.ts:1 the sdk must not use process`],
      [inSdk(`\nconsole.log(1);`), `${SDK}/source.ts:2 the sdk must not use console`],
      [inSdk(`const a = Date.now();`), `${SDK}/source.ts:1 the sdk must not use Date.now`],
      [inSdk(`const a = new Date();`), `${SDK}/source.ts:1 the sdk must not use new Date()`],
      [inSdk(`const a = Math.random();`), `${SDK}/source.ts:1 the sdk must not use Math.random`],
      [inSdk(`const a = { send: fetch };`), `${SDK}/source.ts:1 the sdk must not use fetch`],
      [inSdk(`setTimeout(() => 1, 1);`), `${SDK}/source.ts:1 the sdk must not use setTimeout`],
      [inSdk(`const a = globalThis.fetch;`), `${SDK}/source.ts:1 the sdk must not use globalThis`],
      [inSdk(`const a = crypto.randomUUID();`), `${SDK}/source.ts:1 the sdk must not use crypto`],
    ],
    good: [
      inSdk(`import { createHash } from 'node:crypto';\nconst a = new Date(0);\nconst b = (clock: C) => clock.now();`),
      inSdk(`interface A { fetch: typeof fetch }\nconst a = (process: A) => process.fetch;\nconst c = { console: 1 };`),
      { [`${SDK}/a.test.ts`]: `process.exit(1);` },
    ],
  },
  {
    name: 'only output/ prints',
    check: checkPrinting,
    bad: [
      [{ 'packages/cli/src/a.ts': `console.error('a');` }, 'packages/cli/src/a.ts:1', 'not console'],
      [
        { 'packages/harness/src/a.ts': `\nprocess.stdout.write('a');` },
        'packages/harness/src/a.ts:2',
        'process.stdout.write',
      ],
      [
        { 'packages/cli/src/main.ts': `process.stderr.write('a');` },
        'packages/cli/src/main.ts:1',
        'process.stderr.write',
      ],
      [
        { 'packages/cli/src/a.ts': `const { stdout } = process;` },
        'packages/cli/src/a.ts:1',
        'the streams of the process',
      ],
      [{ 'packages/cli/src/a.ts': `given.stdout.write('a');` }, 'packages/cli/src/a.ts:1', 'given.stdout.write'],
    ],
    good: [
      { 'packages/cli/src/main.ts': `const { stdout } = process;\nnew Output({ stdout, stderr: process.stderr });` },
      {
        'packages/cli/src/output/index.ts': `stdout.write('a');`,
        'packages/harness/src/a.ts': `child.stdin.write('a');`,
      },
    ],
  },
  {
    name: 'no module needs itself in order to run',
    check: checkCycles,
    bad: [
      [
        {
          [`${SDK}/a.ts`]: `import './b.ts';`,
          [`${SDK}/b.ts`]: `\nimport './c.ts';`,
          [`${SDK}/c.ts`]: `export { a } from './a.ts';`,
        },
        `${SDK}/c.ts:1 closes a circle: ${SDK}/a.ts → ${SDK}/b.ts → ${SDK}/c.ts → ${SDK}/a.ts`,
      ],
      [{ [`${SDK}/a.ts`]: `import './b.ts';`, [`${SDK}/b.ts`]: `import('./a.ts');` }, `${SDK}/b.ts:1 closes a circle`],
    ],
    good: [
      { [`${SDK}/a.ts`]: `import './b.ts';`, [`${SDK}/b.ts`]: `import type { A } from './a.ts';` },
      {
        'packages/cli/src/commands/help.ts': `const load = () => import('./help.run.ts');`,
        'packages/cli/src/commands/help.run.ts': `import './help.ts';`,
      },
    ],
  },
  {
    name: 'nothing outside an entry asks which entry it has',
    check: checkEntries,
    bad: [
      [{ 'packages/cli/src/a.ts': `if (platform === 'make') go();` }, 'packages/cli/src/a.ts:1 asks for make'],
      [
        { 'packages/cli/src/a.ts': `\nswitch (name) { case 'workato': go(); }` },
        'packages/cli/src/a.ts:2 asks for workato',
      ],
      [{ 'packages/cli/src/a.ts': `if (url.endsWith('.make.com')) go();` }, 'packages/cli/src/a.ts:1 asks for make'],
      [{ 'packages/cli/src/a.ts': `const a = /anypoint/.test(url);` }, 'packages/cli/src/a.ts:1 asks for anypoint'],
      [{ 'packages/cli/src/a.ts': `const a = ['make', 'x'].includes(name);` }, 'packages/cli/src/a.ts:1 asks for make'],
      [{ 'packages/cli/src/a.ts': `const a = platform ?? 'make';` }, 'packages/cli/src/a.ts:1 asks for make'],
      [{ 'packages/cli/src/a.ts': `if (isMake) go();` }, 'packages/cli/src/a.ts:1 asks for make'],
      [{ 'packages/cli/src/a.ts': `const a = akanaLike ? 1 : 2;` }, 'packages/cli/src/a.ts:1 asks for akana'],
      [{ 'packages/cli/src/a.ts': `PLATFORMS.make.go();` }, 'packages/cli/src/a.ts:1 asks for make'],
      [
        { [`${SDK}/sync/a.ts`]: `import { b } from '../platforms/make/client.ts';` },
        `${SDK}/sync/a.ts:1 asks for make`,
      ],
      [
        { [`${SDK}/platforms/zapier/index.ts`]: '', 'packages/cli/src/a.ts': `if (name === 'zapier') go();` },
        'packages/cli/src/a.ts:1 asks for zapier',
      ],
      [
        { [`${SDK}/sections/index.ts`]: SECTIONS, [`${SDK}/validate.ts`]: `\nif (section === 'api') go();` },
        `${SDK}/validate.ts:2 asks for the section api`,
      ],
      [
        {
          [`${SDK}/sections/index.ts`]: SECTIONS,
          'packages/cli/src/a.ts': `switch (section.name) { case 'scope': go(); }`,
        },
        'packages/cli/src/a.ts:1 asks for the section scope',
      ],
      [
        {
          [`${SDK}/sections/index.ts`]: SECTIONS,
          [`${SDK}/a.ts`]: `import { SECTIONS } from './sections/index.ts';\nif (name !== 'api') go();`,
        },
        `${SDK}/a.ts:2 asks for the section api`,
      ],
    ],
    good: [
      {
        [`${SDK}/sections/index.ts`]: SECTIONS,
        [`${SDK}/sections/api.ts`]: `if (section === 'api') go();`,
        [`${SDK}/platforms/index.ts`]: `import { make } from './make/index.ts';\nexport const PLATFORMS = { make };`,
        [`${SDK}/platforms/make/client.ts`]: `if (name === 'make') go();`,
        [`${SDK}/oauth.ts`]: `if (parameter === 'scope') make?.(name);\nconst a = text.includes('make a new one');`,
        [`${SDK}/rules/a.ts`]: `const bad = { section: 'api', platform: 'make' };\nif (make === undefined) makeKey();`,
        'packages/cli/src/a.ts': `const examples = ['connector push --origin make'];\nif (done) say('make');`,
      },
    ],
  },
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
  {
    name: 'what is published has a docstring',
    check: checkDocstrings,
    bad: [
      [
        { [`${SDK}/index.ts`]: `export { a } from './a.ts';`, [`${SDK}/a.ts`]: `\nexport function a() {}` },
        `${SDK}/a.ts:2 a is published`,
      ],
      [
        { [`${SDK}/index.ts`]: `export type { A } from './a.ts';`, [`${SDK}/a.ts`]: `// A.\nexport interface A {}` },
        `${SDK}/a.ts:2 A is published`,
      ],
      [
        { [`${SDK}/index.ts`]: `export { A as B } from './a.ts';`, [`${SDK}/a.ts`]: `class A {}\nexport { A };` },
        `${SDK}/a.ts:1 A is published`,
      ],
      [
        {
          'packages/harness/src/index.ts': `export { a } from './b.ts';`,
          'packages/harness/src/b.ts': `export { a } from './a.ts';`,
          'packages/harness/src/a.ts': `/** Other. */\nconst c = 1;\nexport const a = () => 1;`,
        },
        'packages/harness/src/a.ts:3 a is published',
      ],
    ],
    good: [
      {
        [`${SDK}/index.ts`]: `export { a, B, type C } from './a.ts';`,
        [`${SDK}/a.ts`]: `/** A. */\nexport function a() {}\nexport const B = 1;\nexport type C = 1;\nexport function own() {}`,
      },
    ],
  },
  {
    name: 'packages are of one version, lead to their sources, and use the catalog',
    check: checkManifests,
    bad: [
      [
        {
          'packages/a/package.json': manifest({}),
          'packages/b/package.json': manifest({ version: '1.0.1' }),
          'package.json': manifest({}),
        },
        'packages/b/package.json:3 is 1.0.1, others are 1.0.0',
      ],
      [
        { 'packages/a/package.json': manifest({ engines: { node: '>=18' } }), 'package.json': manifest({}) },
        'packages/a/package.json:4 engines.node is not >=20',
      ],
      [
        { 'package.json': manifest({ devDependencies: { b: '^1.0.0' } }) },
        'package.json:7 b is ^1.0.0; write catalog:',
      ],
      [{ 'package.json': manifest({ dependencies: { a: '1.0.0' } }) }, 'package.json:2 a is 1.0.0; write workspace:*'],
      [
        {
          'packages/a/package.json': manifest({
            exports: { '.': { default: './dist/a.js', 'connectorkit-source': './src/a.ts' } },
          }),
          'packages/a/src/a.ts': '',
          'package.json': manifest({}),
        },
        'packages/a/package.json:7 "." has another condition first',
      ],
      [
        {
          'packages/a/package.json': manifest({ exports: { '.': { 'connectorkit-source': './src/b.ts' } } }),
          'packages/a/src/a.ts': '',
          'package.json': manifest({}),
        },
        'packages/a/package.json:7 "." leads to ./src/b.ts, which is not there',
      ],
      [
        { 'packages/a/package.json': manifest({}), 'packages/a/src/a.ts': '', 'package.json': manifest({}) },
        'packages/a/package.json:1 has sources',
      ],
    ],
    good: [
      {
        'packages/a/package.json': manifest({ dependencies: { b: 'catalog:', a: 'workspace:^' } }),
        'package.json': manifest({ version: undefined }),
      },
    ],
  },
  {
    name: 'README says where things go, and everything there is registered',
    check: checkPlaces,
    bad: [
      [{ 'README.md': '# Kit\n' }, 'README.md:1 has no section'],
      [{ 'README.md': '## Where things go\n\nSomewhere.\n' }, 'README.md:1 "Where things go" has no table'],
      [places({ 'rules/b.ts': '' }), 'rules/b.ts:1 is registered nowhere; import it in rules/index.ts'],
      [
        places({ 'rules/index.ts': `import type { A } from './a.ts';` }),
        'rules/a.ts:1 is registered nowhere',
        'README.md:7',
      ],
      [places({}, '`rule/<theme>.ts`', 'nothing'), 'README.md:7 a rule: nothing is at rule/<theme>.ts'],
      [places({}, 'rules', 'nothing'), 'README.md:7 a rule: no path'],
      [
        places({}, undefined, '`rules/all.ts`'),
        'rules/a.ts:1 is registered nowhere',
        'README.md:7 a rule: rules/all.ts is not there',
      ],
      [
        places(
          { 'v/x/': '', 'v/x/one.ts': '', 'v/x/index.ts': '', 'v/index.ts': '' },
          '`v/<vendor>/<one>.ts`',
          '`v/<vendor>/index.ts`',
        ),
        'v/x/one.ts:1 is registered nowhere; import it in v/x/index.ts',
      ],
      [
        places({ 'v/x/index.ts': '', 'v/index.ts': '' }, '`v/<vendor>/`', '`v/index.ts`'),
        'v/x/:1 is registered nowhere',
      ],
    ],
    good: [
      places({}),
      places({}, '`rules/a.ts`', 'nothing: the table is the registration'),
      places({ 'v/x/index.ts': '', 'v/index.ts': `import './x/index.ts';` }, '`v/<vendor>/`', '`v/index.ts`'),
    ],
  },
  {
    name: 'what is tracked reads the same wherever it was written',
    check: checkWorkplace,
    bad: [
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

const house = houseTree(fileURLToPath(new URL('.', import.meta.url)));

describe.each(RULES)('$name', ({ check, bad, good = [] }) => {
  test('here', () => {
    expect(check(house)).toEqual([]);
  });

  test.each(bad.map(([texts, ...found]) => ({ texts, found })))('$found.0', ({ texts, found }) => {
    const [findings, [first = '']] = [check(Tree.of(texts)).join('\n'), found];
    expect(findings.split('\n').some((finding) => finding.startsWith(first))).toBe(true);
    for (const words of found) expect(findings).toContain(words);
  });

  test.each(good.map((texts) => ({ texts })))('no false alarm %#', ({ texts }) => {
    expect(check(Tree.of(texts))).toEqual([]);
  });
});
