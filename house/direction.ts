import { type Finding, type HouseRule, SDK, type Tree, target } from './tree.ts';

/** The sdk from the ground up: at run time a line knows only itself and the lines above it. */
const LAYERS: readonly (readonly string[])[] = [
  ['diagnostics.ts', 'json.ts', 'remembered.ts', 'exact-numbers.ts', 'node-crypto.ts', 'hash.ts', 'device-names.ts'],
  ['json-schema/'],
  ['secrecy.ts'],
  [
    'codes.ts',
    'traps.ts',
    'duplicate-keys.ts',
    'text-nodes.ts',
    'string-offsets.ts',
    'source.ts',
    'schema.ts',
    'comments.ts',
    'fix.ts',
  ],
  ['list-alignment.ts', 'value-changes.ts', 'text-difference.ts', 'json-edits/'],
  ['parameters/'],
  ['sections/'],
  ['authored.ts', 'convert.ts'],
  ['openapi/'],
  ['project/'],
  ['iml/'],
  ['analysis/'],
  ['rules/'],
  ['severity-overrides.ts'],
  ['suppression.ts'],
  ['validate.ts'],
  ['connection-hash.ts'],
  ['incremental-validator.ts', 'fix-project.ts'],
  ['language/'],
  ['declarations/'],
  ['runtime/'],
  ['connection-tests/'],
  ['platforms/'],
  ['sync/'],
  ['node/'],
  ['emulator.ts', 'project.ts', 'index.ts'],
];

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

export const DIRECTION: readonly HouseRule[] = [
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
