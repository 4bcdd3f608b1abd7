import { isBuiltin } from 'node:module';
import {
  type Finding,
  type HouseRule,
  type Import,
  isTest,
  type Module,
  SDK,
  type Texts,
  type Tree,
  target,
} from './tree.ts';

/** Which of our packages a package may know. Nothing points the other way. */
const KNOWS: Readonly<Record<string, readonly string[]>> = {
  sdk: [],
  harness: ['@connectorkit/sdk'],
  cli: ['@connectorkit/sdk', '@connectorkit/harness'],
  'create-connector': ['@connectorkit/cli'],
  bench: ['@connectorkit/sdk', '@connectorkit/harness'],
  clients: ['@connectorkit/harness'],
};

/** The sdk from the ground up: at run time a line knows only itself and the lines above it. */
const LAYERS: readonly (readonly string[])[] = [
  ['diagnostics.ts', 'json.ts', 'exact-numbers.ts', 'hash.ts'],
  ['json-schema/'],
  ['secrecy.ts'],
  ['codes.ts', 'duplicate-keys.ts', 'source.ts', 'schema.ts', 'comments.ts', 'fix.ts'],
  ['list-alignment.ts', 'value-changes.ts', 'text-difference.ts', 'json-edits/'],
  ['parameters/'],
  ['sections/'],
  ['authored.ts', 'convert.ts'],
  ['project/'],
  ['iml/'],
  ['analysis/'],
  ['rules/'],
  ['severity-overrides.ts'],
  ['suppression.ts'],
  ['validate.ts'],
  ['connection-hash.ts'],
  ['incremental-validator.ts', 'fix-project.ts'],
  ['declarations/'],
  ['runtime/'],
  ['connection-tests/'],
  ['platforms/'],
  ['sync/'],
  ['node/'],
  ['emulator.ts', 'project.ts', 'index.ts'],
];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

const CODE = /^packages\/([^/]+)\/.*\.(ts|js)$/;

/** Packages know each other in one direction, by name, and as declared. */
function checkPackages(tree: Tree): Finding[] {
  return tree
    .modules(CODE)
    .filter(({ file }) => !file.endsWith('.d.ts'))
    .flatMap((module) => {
      const [, name = ''] = CODE.exec(module.file) ?? [];
      if (!tree.has(`packages/${name}/package.json`)) return [];
      return module.imports.flatMap((each) => {
        const message = each.specifier.startsWith('.')
          ? leaves(module, each, name)
          : (breaksDirection(module, each, name, tree) ?? isUndeclared(module, each, name, tree));
        return message === undefined ? [] : [module.at(each.offset, message)];
      });
    });
}

function leaves({ file }: Module, { specifier }: Import, name: string): string | undefined {
  const to = target(file, specifier);
  if (!to.startsWith(`packages/${name}/`)) return `${specifier} leaves the package; import the other by its name`;
  const src = `packages/${name}/src/`;
  if (!file.startsWith(src) || isTest(file)) return undefined;
  if (!to.startsWith(src)) return `${specifier} is not shipped with src; move what is needed into src`;
  return isTest(to) ? `${specifier} is a test; move what is needed out of it` : undefined;
}

function breaksDirection({ file }: Module, { specifier }: Import, name: string, tree: Tree): string | undefined {
  const known = KNOWS[name];
  if (known === undefined) return `packages/${name} has no place in KNOWS (house/direction.ts); give it one`;
  const other = packageOf(specifier);
  const own = manifest(tree, `packages/${name}`).name;
  const ours = [...new Set(Object.values(KNOWS).flat())];
  if (other === own) return isTest(file) ? undefined : `${other} imports itself by name; use a relative path`;
  if (!ours.includes(other) || known.includes(other)) return undefined;
  return `${own} must not know ${other}; move this down, or hand it in as an argument`;
}

function isUndeclared({ file }: Module, { specifier }: Import, name: string, tree: Tree): string | undefined {
  const own = manifest(tree, `packages/${name}`);
  if (specifier.startsWith('#')) {
    const keys = Object.keys(own.imports ?? {}).map((key) => key.split('*')[0] ?? key);
    return keys.some((key) => specifier.startsWith(key)) ? undefined : `${specifier} is not in "imports"; add it there`;
  }
  if (specifier.startsWith('node:') && isBuiltin(specifier)) return undefined;
  const other = packageOf(specifier);
  const inside = file.slice(`packages/${name}/`.length);
  const shipped = (inside.startsWith('src/') && !isTest(file)) || (own.files ?? []).includes(inside);
  // What it is built with becomes part of it.
  const bundled = own.scripts?.bundle !== undefined;
  const declared = {
    ...own.dependencies,
    ...(shipped && !bundled ? {} : own.devDependencies),
    // The root brings what all tests use, such as vitest.
    ...(shipped ? {} : manifest(tree, '.').devDependencies),
  };
  if (other === own.name || Object.hasOwn(declared, other)) return undefined;
  const group = shipped && !bundled ? 'dependencies' : 'devDependencies';
  return `${other} is not declared; add it to "${group}" of packages/${name}/package.json`;
}

/** The layers of the sdk know each other downwards. A type is gone when the code runs, so it may come from anywhere. */
function checkLayers(tree: Tree): Finding[] {
  return tree.sources(/^packages\/sdk\/src\//).flatMap((module) => {
    const own = layerOf(module.file);
    if (own < 0) return [module.at(0, 'has no layer; give it a line in LAYERS (house/direction.ts)')];
    return module.imports.flatMap(({ specifier, kind, offset }) => {
      const to = target(module.file, specifier);
      if (kind === 'type' || !specifier.startsWith('.') || layerOf(to) <= own) return [];
      const message = `${to.slice(SDK.length + 1)} lies above it; move what is needed down, or import only its type`;
      return [module.at(offset, message)];
    });
  });
}

function layerOf(file: string): number {
  const inside = file.slice(SDK.length + 1);
  return LAYERS.findIndex((layer) =>
    layer.some((each) => (each.endsWith('/') ? inside.startsWith(each) : inside === each)),
  );
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function manifest(tree: Tree, folder: string): Manifest {
  const path = folder === '.' ? 'package.json' : `${folder}/package.json`;
  return tree.has(path) ? (JSON.parse(tree.text(path)) as Manifest) : { name: '' };
}

const SDK_MANIFEST = JSON.stringify({
  name: '@connectorkit/sdk',
  dependencies: { known: 'catalog:' },
  devDependencies: { tool: 'catalog:' },
  imports: { '#generated/*': './generated/*' },
});
const inSdk = (text: string): Texts => ({ 'packages/sdk/package.json': SDK_MANIFEST, [`${SDK}/source.ts`]: text });

export const DIRECTION: readonly HouseRule[] = [
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
          '{"name":"@connectorkit/cli","scripts":{"bundle":"node bundle.js"},"devDependencies":{"@connectorkit/sdk":"workspace:*"}}',
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
];
