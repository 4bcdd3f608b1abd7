import type { Node } from 'oxc-parser';
import { type Finding, type HouseRule, type Module, nameOf, SDK, type Tree, target, walk } from './tree.ts';

/** Checks that each published function, class and interface has a docstring where it is declared. */
function checkDocstrings(tree: Tree): Finding[] {
  const indexes = tree.modules(
    /^packages\/(sdk\/src\/(project|emulator|(iml|sync|runtime|connection-tests|node|platforms(\/[a-z]+)?)\/index)|(sdk|harness)\/src\/index)\.ts$/,
  );
  return [...new Set(indexes.flatMap((index) => undocumented(tree, index)))];
}

function undocumented(tree: Tree, module: Module, only?: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  for (const { specifier, names } of module.imports) {
    const to = target(module.file, specifier);
    const wanted = new Set(names.filter((name) => only?.has(name) ?? true));
    if (!tree.has(to) || wanted.size === 0) continue;
    const origin = tree.module(to);
    for (const name of wanted) {
      const declared = declarationOf(origin, name);
      if (declared === undefined || hasDocstring(origin, declared)) continue;
      findings.push(origin.at(declared.start, `${name} is published without a word; write a docstring before it`));
    }
    findings.push(...undocumented(tree, origin, wanted));
  }
  return findings;
}

/** The statement that declares a function, a class or an interface of that name. */
function declarationOf({ program }: Module, name: string): Node | undefined {
  let found: Node | undefined;
  walk(program, (node, parent) => {
    if (node.type === 'Program') return true;
    if (node.type === 'ExportNamedDeclaration') return true;
    if (isNamed(node, name)) found ??= parent?.type === 'ExportNamedDeclaration' ? parent : node;
    return false;
  });
  return found;
}

function isNamed(node: Node, name: string): boolean {
  if (/^(FunctionDeclaration|TSDeclareFunction|ClassDeclaration|TSInterfaceDeclaration)$/.test(node.type)) {
    const { id } = node as { id: Node | null };
    return id !== null && nameOf(id) === name;
  }
  if (node.type !== 'VariableDeclaration') return false;
  return node.declarations.some(({ id, init }) => nameOf(id) === name && /Function|Class/.test(init?.type ?? ''));
}

function hasDocstring({ comments, text }: Module, { start }: Node): boolean {
  return comments.some(
    ({ type, value, end }) =>
      type === 'Block' && value.startsWith('*') && end <= start && text.slice(end, start).trim() === '',
  );
}

/** Reports values that entries of the sdk export and no other package, page or example uses: nobody else shows how. */
function checkUsed(tree: Tree): Finding[] {
  const path = 'packages/sdk/package.json';
  if (!tree.has(path)) return [];
  const { exports = {} } = JSON.parse(tree.text(path)) as Manifest;
  const entries = Object.values(exports).flatMap((each) => (typeof each === 'string' ? [] : Object.values(each)));
  const used = new Set(tree.modules(/^(packages\/(?!sdk\/)|examples\/).*\.(ts|js)$/).flatMap(takenFromSdk));
  const pages = tree.paths.filter((each) => each.endsWith('.md')).map((each) => tree.text(each));
  const shown = new Set(pages.flatMap(codeOf).flatMap((code) => code.match(/\w+/g) ?? []));
  return entries.flatMap((entry) => {
    const file = `packages/sdk/${entry.replace('./', '')}`;
    if (!file.endsWith('.ts') || !tree.has(file)) return [];
    const module = tree.module(file);
    return exportedValues(module).flatMap(({ name, offset }) =>
      used.has(name) || shown.has(name) ? [] : [module.at(offset, `${name} is used nowhere; export it no longer`)],
    );
  });
}

function takenFromSdk({ imports }: Module): readonly string[] {
  return imports.flatMap(({ specifier, names }) => (specifier.startsWith('@connectorkit/sdk') ? names : []));
}

function codeOf(page: string): string[] {
  const blocks = [...page.matchAll(/^```[tj]s\n(.*?)^```/gms)].map(([, code = '']) => code);
  return [...blocks, ...[...page.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)];
}

/** The names that a module exports from others, types left out: those name what functions take and give. */
function exportedValues({ program }: Module): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  walk(program, (node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type') return node.type === 'Program';
    for (const { exported, exportKind, start } of node.specifiers) {
      if (exportKind !== 'type') found.push({ name: nameOf(exported), offset: start });
    }
    return false;
  });
  return found;
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly [group: string]: unknown;
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Packages are of one version, for one Node.js, lead to their sources, and take versions from the catalog. */
function checkManifests(tree: Tree): Finding[] {
  const paths = tree.paths.filter((path) =>
    /^(packages\/(?!bench\/|compatibility\/|descriptions\/)[^/]+\/)?package\.json$/.test(path),
  );
  const manifests = new Map(paths.map((path) => [path, JSON.parse(tree.text(path)) as Manifest]));
  const [version, node] = [versionOf(manifests), manifests.get('package.json')?.engines?.node];
  const ours = new Set([...manifests.values()].map(({ name }) => name));
  return [...manifests].flatMap(([path, manifest]) => {
    const tell = (key: string, message: string) => `${path}:${lineOfKey(tree.text(path), key)} ${message}`;
    const findings = wrongExports(tree, path, manifest).map((message) => tell('exports', message));
    if (path !== 'package.json' && manifest.private !== true && manifest.version !== version) {
      findings.push(tell('version', `is ${manifest.version}, others are ${version}; give all packages one version`));
    }
    if (manifest.engines?.node !== node)
      findings.push(tell('engines', `engines.node is not ${node}; write the root's`));
    for (const group of GROUPS) {
      for (const [name, range] of Object.entries((manifest[group] ?? {}) as Record<string, string>)) {
        const right = ours.has(name) ? /^workspace:[*^]$/ : /^catalog:$/;
        if (!right.test(range))
          findings.push(tell(name, `${name} is ${range}; write ${ours.has(name) ? 'workspace:*' : 'catalog:'}`));
      }
    }
    return findings;
  });
}

function versionOf(manifests: ReadonlyMap<string, Manifest>): string | undefined {
  return [...manifests].find(([path, { private: isPrivate }]) => path !== 'package.json' && isPrivate !== true)?.[1]
    .version;
}

function wrongExports(tree: Tree, path: string, { exports = {}, private: isPrivate }: Manifest): string[] {
  const folder = path.slice(0, -'package.json'.length);
  // Nobody can import what is private.
  if (folder === '' || isPrivate === true || !tree.paths.some((each) => each.startsWith(`${folder}src/`))) return [];
  const findings = exports['.'] === undefined ? ['has sources and no "."; add it'] : [];
  for (const [subpath, conditions] of Object.entries(exports)) {
    // Data has no sources.
    if (typeof conditions === 'string' && conditions.endsWith('.json')) continue;
    const [[condition, source] = ['', '']] = typeof conditions === 'string' ? [] : Object.entries(conditions);
    if (condition !== 'connectorkit-source')
      findings.push(`"${subpath}" has another condition first; put connectorkit-source first`);
    else if (!tree.has(`${folder}${source.replace('./', '')}`))
      findings.push(`"${subpath}" leads to ${source}, which is not there; correct the path`);
  }
  return findings;
}

function lineOfKey(text: string, key: string): number {
  const index = text.split('\n').findIndex((line) => line.includes(`"${key}":`));
  return index + 1 || 1;
}

const manifest = (fields: object) =>
  JSON.stringify({ name: 'a', version: '1.0.0', engines: { node: '>=20' }, ...fields }, null, 1);

export const PUBLISHED: readonly HouseRule[] = [
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
    name: 'what the sdk exports is used by another package or shown on a page',
    check: checkUsed,
    bad: [
      [
        {
          'packages/sdk/package.json': manifest({ exports: { './a': { 'connectorkit-source': './src/a.ts' } } }),
          'packages/sdk/src/a.ts': `\nexport { a, b, type C } from './b.ts';`,
          'packages/cli/src/a.ts': `import { a } from '@connectorkit/sdk/a';\nconst b = 1;`,
          'docs/a.md': 'The function b.',
        },
        'packages/sdk/src/a.ts:2 b is used nowhere',
      ],
    ],
    good: [
      {
        'packages/sdk/package.json': manifest({ exports: { './a': { 'connectorkit-source': './src/a.ts' } } }),
        'packages/sdk/src/a.ts': `export { a, b } from './b.ts';\nexport type { C } from './b.ts';`,
        'packages/cli/src/a.ts': `import { a } from '@connectorkit/sdk/a';`,
        'docs/a.md': 'Call `b`.',
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
        'package.json:8 b is ^1.0.0; write catalog:',
      ],
      [{ 'package.json': manifest({ dependencies: { a: '1.0.0' } }) }, 'package.json:8 a is 1.0.0; write workspace:*'],
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
      {
        'packages/a/package.json': manifest({ private: true }),
        'packages/a/src/a.ts': '',
        'package.json': manifest({}),
      },
    ],
  },
];
