import { type Finding, type HouseRule, type Module, nameOf, type Texts, type Tree, target, walk } from './tree.ts';

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'MethodDefinition',
]);

/**
 * A table that is an object also has what every object has: asked for `constructor`, it gives a function. Who asks one
 * by any string asks `lookUp`.
 */
function checkLookups(tree: Tree): Finding[] {
  const sources = tree.sources();
  const declared = new Map(sources.map((module) => [module.file, tablesIn(module)]));
  const everywhere = new Set([...declared.values()].flatMap((names) => [...names]));
  return sources.flatMap((module) => {
    const tables = new Set(declared.get(module.file));
    for (const { specifier, names } of module.imports) {
      const known = specifier.startsWith('.') ? declared.get(target(module.file, specifier)) : everywhere;
      for (const name of names) if (known?.has(name)) tables.add(name);
    }
    return lookupsIn(module, tables);
  });
}

/** The names of a module's constants that may be asked by any string. */
function tablesIn({ program, text }: Module): ReadonlySet<string> {
  const names = new Set<string>();
  walk(program, (node, parent) => {
    if (FUNCTIONS.has(node.type)) return false;
    if (node.type !== 'VariableDeclarator' || parent?.type !== 'VariableDeclaration' || parent.kind !== 'const') return;
    const { id } = node;
    if (id.type !== 'Identifier' || !id.typeAnnotation || node.init?.type !== 'ObjectExpression') return;
    const type = text.slice(id.typeAnnotation.start, id.typeAnnotation.end);
    if (/^[A-Z][A-Z\d_]*$/.test(id.name) && /^:\s*(?:Readonly<)?Record<string,/.test(type)) names.add(id.name);
  });
  return names;
}

function lookupsIn({ program, at }: Module, tables: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  walk(program, (node) => {
    if (node.type !== 'MemberExpression' || !node.computed || node.property.type === 'Literal') return;
    const table = nameOf(node.object);
    if (tables.has(table)) findings.push(at(node.start, `looks up any name in ${table}; call lookUp(${table}, …)`));
  });
  return findings;
}

const source = (text: string): Texts => ({ 'packages/sdk/src/a.ts': text });
const TABLE = 'const WORDS: Readonly<Record<string, string>> = { a: "b" };\n';

export const LOOKUPS: readonly HouseRule[] = [
  {
    name: 'no name is looked up in an object that may be any',
    check: checkLookups,
    bad: [
      [
        source(`${TABLE}export const word = (name: string) => WORDS[name];`),
        'packages/sdk/src/a.ts:2 looks up any name in WORDS',
      ],
      [
        {
          ...source(TABLE.replace('const', 'export const')),
          'packages/cli/src/b.ts':
            'import { WORDS } from "@connectorkit/sdk";\nexport function f(name: string) {\n  return WORDS[name] ?? "";\n}',
        },
        'packages/cli/src/b.ts:3 looks up any name in WORDS',
      ],
    ],
    good: [
      source(`${TABLE}export const word = (name: string) => lookUp(WORDS, name);`),
      source(`${TABLE}export const word = WORDS['a'];`),
      source(
        'const WORDS: Readonly<Record<"a" | "b", string>> = { a: "b", b: "c" };\nexport const word = (name: "a") => WORDS[name];',
      ),
    ],
  },
];
