import type { Node } from 'oxc-parser';
import {
  children,
  type Finding,
  type HouseRule,
  type Module,
  nameOf,
  SDK,
  type Texts,
  type Tree,
  walk,
} from './tree.ts';

/** Parts of Node.js that the sdk may use: pure functions. Without names, all of the module. */
const PURE: Readonly<Record<string, readonly string[] | undefined>> = {
  'node:crypto': [
    'constants',
    'createHash',
    'createHmac',
    'createPrivateKey',
    'createPublicKey',
    'createSecretKey',
    'createSign',
    'createVerify',
    'hash',
    'KeyObject',
    // Some signatures draw randomness of their own: it is part of what they are.
    'sign',
    'timingSafeEqual',
  ],
  // Libraries that most runs never need are loaded when an expression calls for them.
  'node:module': ['createRequire'],
  'node:util': undefined,
};

/** Names that lead out of a program, each with what takes its place in the sdk. */
const OUTSIDE: Readonly<Record<string, string>> = {
  process: 'take what is needed as an argument',
  console: 'return a Diagnostic',
  fetch: 'take a `Send`',
  WebSocket: 'take a `Send`',
  XMLHttpRequest: 'take a `Send`',
  setTimeout: 'take a clock',
  setInterval: 'take a clock',
  setImmediate: 'take a clock',
  performance: 'take a clock',
  crypto: 'take the random values as an argument',
  globalThis: 'name what is used',
};

const OUTSIDE_MEMBERS: Readonly<Record<string, string>> = {
  'Date.now': 'take a clock',
  'Math.random': 'take the random values as an argument',
};

/**
 * The sdk touches no terminal, clock, chance, file, network or process: it is given them. What can be given on Node.js
 * lies in `node/`, which has an entry of its own.
 */
function checkSdk(tree: Tree): Finding[] {
  return tree
    .sources(/^packages\/sdk\/src\/(?!node\/)/)
    .flatMap((module) => [...impureImports(module), ...outside(module)]);
}

function impureImports(module: Module): Finding[] {
  return module.imports.flatMap(({ specifier, names, offset }) => {
    if (!specifier.startsWith('node:')) return [];
    const allowed = PURE[specifier];
    if (Object.hasOwn(PURE, specifier) && names.every((name) => allowed?.includes(name) ?? true)) return [];
    return [module.at(offset, `the sdk must not use ${names.join(', ')} of ${specifier}; take it as an argument`)];
  });
}

function outside(module: Module): Finding[] {
  const own = boundNames(module.program);
  const findings: Finding[] = [];
  const tell = (node: Node, what: string, instead = '') =>
    findings.push(module.at(node.start, `the sdk must not use ${what}; ${instead}`));
  walkValues(module.program, (node, parent) => {
    if (isReference(node, parent) && !own.has(nameOf(node)) && Object.hasOwn(OUTSIDE, nameOf(node))) {
      tell(node, nameOf(node), OUTSIDE[nameOf(node)]);
    }
    const path = memberPath(node);
    if (path !== undefined && Object.hasOwn(OUTSIDE_MEMBERS, path)) tell(node, path, OUTSIDE_MEMBERS[path]);
    if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date' && node.arguments.length === 0) {
      tell(node, 'new Date() without a time', 'take a clock');
    }
    if (node.type === 'CallExpression' && nameOf(node.callee) === 'Date') tell(node, 'Date()', 'take a clock');
  });
  return findings;
}

const STREAM = /^(stdout|stderr)$/;
const PRINTER = 'packages/cli/src/output/';
/** Hands the process's streams to Output, and says what happens when their reader has gone away. */
const HANDS_OVER = 'packages/cli/src/main.ts';

/** Only `output/` prints. */
function checkPrinting(tree: Tree): Finding[] {
  return tree.sources().flatMap((module) => (module.file.startsWith(PRINTER) ? [] : printing(module)));
}

function printing(module: Module): Finding[] {
  const own = boundNames(module.program);
  const findings: Finding[] = [];
  const tell = (node: Node, what: string) =>
    findings.push(
      module.at(node.start, `only ${PRINTER} prints, not ${what}; return it in the Result, or give an event`),
    );
  walkValues(module.program, (node, parent) => {
    if (isReference(node, parent) && nameOf(node) === 'console' && !own.has('console')) tell(node, 'console');
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const { object, property } = node.callee;
      const stream = object.type === 'MemberExpression' ? object.property : object;
      if (/^(write|end)$/.test(nameOf(property)) && STREAM.test(nameOf(stream)))
        tell(node, module.text.slice(node.start, node.callee.end));
    }
    if (module.file !== HANDS_OVER && takesStream(node)) tell(node, 'the streams of the process');
  });
  return findings;
}

/** `process.stdout`, or `const { stdout } = process`. */
function takesStream(node: Node): boolean {
  if (node.type === 'MemberExpression') return nameOf(node.object) === 'process' && STREAM.test(nameOf(node.property));
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'ObjectPattern') return false;
  if (node.init === null || nameOf(node.init) !== 'process') return false;
  return node.id.properties.some((property) => property.type === 'Property' && STREAM.test(nameOf(property.key)));
}

/** Like walk, without types: what they name is never used. */
function walkValues(node: Node, visit: (node: Node, parent?: Node) => void): void {
  walk(node, (each, parent) => {
    if (each.type.startsWith('TS') && !('expression' in each)) return false;
    visit(each, parent);
    return true;
  });
}

/** Checks if an identifier stands for a value, and is not the name of a member or a key. */
function isReference(node: Node, parent: Node | undefined): boolean {
  if (node.type !== 'Identifier' || parent === undefined) return false;
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent.type === 'Property') return parent.value === node || parent.computed;
  return !['MethodDefinition', 'PropertyDefinition', 'ImportSpecifier', 'ExportSpecifier'].includes(parent.type);
}

/** Every name that a module gives to something of its own. */
function boundNames(program: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: Node | null) => {
    if (pattern === null) return;
    if (pattern.type === 'Identifier') names.add(pattern.name);
    else if (pattern.type === 'Property') bind(pattern.value);
    else if (pattern.type === 'AssignmentPattern') bind(pattern.left);
    else if (/Pattern$|^RestElement$/.test(pattern.type)) for (const child of children(pattern)) bind(child);
  };
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator') bind(node.id);
    else if (node.type === 'CatchClause') bind(node.param);
    else if ('params' in node && Array.isArray(node.params)) for (const param of node.params as Node[]) bind(param);
    else if (/^Import(Default|Namespace)?Specifier$/.test(node.type)) bind((node as { local: Node }).local);
    if (/^(Function|Class)Declaration$/.test(node.type)) bind((node as { id: Node | null }).id);
  });
  return names;
}

function memberPath(node: Node): string | undefined {
  return node.type === 'MemberExpression' ? `${nameOf(node.object)}.${nameOf(node.property)}` : undefined;
}

const inSdk = (text: string): Texts => ({ [`${SDK}/source.ts`]: text });

/** Node's own way to make a folder and those above it does not end on some file systems that cannot make any. */
function checkFolders(tree: Tree): Finding[] {
  return tree.sources().flatMap(({ program, text, at }) => {
    const findings: Finding[] = [];
    walk(program, (node) => {
      if (node.type !== 'CallExpression') return;
      const { callee } = node;
      const name = nameOf(callee.type === 'MemberExpression' ? callee.property : callee);
      if (!/^mkdir(?:Sync)?$/.test(name) || !/\brecursive\b/.test(text.slice(callee.end, node.end))) return;
      findings.push(at(node.start, 'makes a folder with `recursive`; call makeFolder'));
    });
    return findings;
  });
}

export const SURROUNDINGS: readonly HouseRule[] = [
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
      { [`${SDK}/node/a.ts`]: `import { request } from 'node:http';\nsetTimeout(() => 1, 1);` },
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
    name: 'folders are made by makeFolder',
    check: checkFolders,
    bad: [
      [
        { 'packages/cli/src/a.ts': `\nmkdirSync(folder, { recursive: true });` },
        'packages/cli/src/a.ts:2',
        'makeFolder',
      ],
      [{ 'packages/harness/src/a.ts': `await fs.mkdir(a, { mode, recursive });` }, 'packages/harness/src/a.ts:1'],
    ],
    good: [
      { 'packages/cli/src/a.ts': `mkdirSync(folder, { mode: 0o700 });\nrmSync(folder, { recursive: true });` },
      { 'packages/cli/src/a.test.ts': `mkdirSync(folder, { recursive: true });` },
    ],
  },
];
