import type { Node } from 'oxc-parser';
import {
  children,
  type Finding,
  type HouseRule,
  literal,
  type Module,
  nameOf,
  SDK,
  type Tree,
  target,
  walk,
} from './tree.ts';

/** The vendors that are planned; those that have a folder are added to them. */
const VENDORS = ['make', 'workato', 'akana', 'anypoint'];

/** A place where an entry may be named, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  'packages/sdk/src/project/into-make.ts': 'an entry’s own: how a project comes into Make’s layout',
};

const ENTRY = /^packages\/(sdk|harness)\/src\/platforms\/([^/]+)\//;
const TABLE = /^packages\/(sdk|harness)\/src\/platforms\/index\.ts$/;
const SECTION_ENTRY = /^packages\/sdk\/src\/sections\/(?!index\.ts|section\.ts)/;

/** Nothing outside an entry asks which entry it has: a reader that needs to know gets a field for it. */
function checkEntries(tree: Tree): Finding[] {
  const folders = tree.paths.flatMap((path) => ENTRY.exec(path)?.[2] ?? []);
  const vendors = new Set([...VENDORS, ...folders]);
  const sections = sectionNames(tree);
  return tree.sources().flatMap((module) => {
    const inVendor = ENTRY.test(module.file);
    return [
      ...(inVendor || TABLE.test(module.file) ? [] : vendorQuestions(module, vendors)),
      ...(inVendor || SECTION_ENTRY.test(module.file) ? [] : sectionQuestions(module, sections)),
    ];
  });
}

function sectionNames(tree: Tree): ReadonlySet<string> {
  const table = 'packages/sdk/src/sections/index.ts';
  if (!tree.has(table)) return new Set();
  const { imports } = tree.module(table);
  return new Set(imports.filter(({ kind }) => kind === 'static').flatMap(({ names }) => names));
}

const MATCHERS = /^(includes|startsWith|endsWith|indexOf|has|match|test)$/;
const EQUALS = /^[!=]==?$/;

function vendorQuestions(module: Module, vendors: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  const tell = (offset: number, vendor: string) => {
    if (Object.hasOwn(ALLOWED, module.file)) return;
    findings.push(
      module.at(offset, `asks for ${vendor}; give the entries of the table a field that says what is needed`),
    );
  };
  for (const { specifier, offset } of module.imports) {
    const [, , vendor] = ENTRY.exec(specifier.startsWith('.') ? target(module.file, specifier) : '') ?? [];
    if (vendor !== undefined) tell(offset, vendor);
  }
  walk(module.program, (node) => {
    if (node.type === 'MemberExpression' && /^(PLATFORMS|EMULATORS)$/.test(nameOf(node.object))) {
      if (vendors.has(nameOf(node.property))) tell(node.start, nameOf(node.property));
    }
    for (const decisive of decisiveParts(node)) {
      walk(decisive, (part) => {
        const vendor = vendorIn(part, vendors);
        if (vendor !== undefined) tell(part.start, vendor);
        // What a branch does is no question; it is looked at on its own.
        return (
          !/Function|CallExpression|ConditionalExpression|LogicalExpression|BinaryExpression/.test(part.type) ||
          part === decisive
        );
      });
    }
  });
  return [...new Set(findings)];
}

/** The parts of a node on which it depends what happens next. */
function decisiveParts(node: Node): Node[] {
  switch (node.type) {
    case 'BinaryExpression':
      return EQUALS.test(node.operator) || node.operator === 'in' ? [node.left, node.right] : [];
    case 'LogicalExpression':
      return [node.left, node.right];
    case 'ConditionalExpression':
      return [node.test, node.consequent, node.alternate].filter(
        (part, index) => index === 0 || literal(part) !== undefined,
      );
    case 'IfStatement':
    case 'WhileStatement':
      return [node.test];
    case 'SwitchStatement':
      return [node.discriminant, ...node.cases.flatMap(({ test }) => test ?? [])];
    case 'CallExpression':
      if (node.callee.type !== 'MemberExpression' || !MATCHERS.test(nameOf(node.callee.property))) return [];
      return [node.callee.object, ...node.arguments];
    default:
      return [];
  }
}

/** The vendor that a literal, a pattern or a name speaks of. `make` is a verb as well, unless it is called isMake. */
function vendorIn(node: Node, vendors: ReadonlySet<string>): string | undefined {
  if (node.type === 'Identifier') {
    const verb = /^(?:is|on|for|from|to|at|has|uses?)([A-Z][a-z]+)/.exec(node.name)?.[1]?.toLowerCase() ?? '';
    if (vendors.has(verb)) return verb;
    return [...vendors].find((vendor) => vendor !== 'make' && node.name.toLowerCase().includes(vendor));
  }
  const text = node.type === 'Literal' && 'regex' in node ? node.regex.pattern : literal(node);
  // A sentence is no question.
  if (text === undefined || /\s/.test(text)) return undefined;
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .find((word) => vendors.has(word));
}

function sectionQuestions(module: Module, sections: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  // Where sections are read, a bare `name` may be one; elsewhere `scope` and `parameters` are words like others.
  const reads = module.imports.some(({ names }) =>
    names.some((name) => /^(SECTIONS|SectionName|sectionNamed)$/.test(name)),
  );
  const compare = (about: Node, value: Node) => {
    const name = literal(value);
    if (name === undefined || !sections.has(name)) return;
    const asked = lastName(about);
    if (!/section/i.test(module.text.slice(about.start, about.end)) && !(reads && /^(name|key|which)$/.test(asked)))
      return;
    findings.push(
      module.at(value.start, `asks for the section ${name}; give Section a field that says what is needed`),
    );
  };
  walk(module.program, (node) => {
    if (node.type === 'BinaryExpression' && EQUALS.test(node.operator)) {
      compare(node.left, node.right);
      compare(node.right, node.left);
    }
    if (node.type === 'SwitchStatement') {
      for (const { test } of node.cases) if (test !== null) compare(node.discriminant, test);
    }
    if (
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      nameOf(node.callee.property) === 'includes'
    ) {
      const [asked] = node.arguments;
      if (asked !== undefined && node.callee.object.type === 'ArrayExpression') {
        for (const element of children(node.callee.object)) compare(asked, element);
      }
    }
  });
  return findings;
}

function lastName(node: Node): string {
  return node.type === 'MemberExpression' ? nameOf(node.property) : nameOf(node);
}

const SECTION_TABLE = `import { api } from './api.ts';\nimport { scope } from './scope.ts';\nexport const SECTIONS = [api, scope];`;

export const ENTRIES: readonly HouseRule[] = [
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
        { [`${SDK}/sections/index.ts`]: SECTION_TABLE, [`${SDK}/validate.ts`]: `\nif (section === 'api') go();` },
        `${SDK}/validate.ts:2 asks for the section api`,
      ],
      [
        {
          [`${SDK}/sections/index.ts`]: SECTION_TABLE,
          'packages/cli/src/a.ts': `switch (section.name) { case 'scope': go(); }`,
        },
        'packages/cli/src/a.ts:1 asks for the section scope',
      ],
      [
        {
          [`${SDK}/sections/index.ts`]: SECTION_TABLE,
          [`${SDK}/a.ts`]: `import { SECTIONS } from './sections/index.ts';\nif (name !== 'api') go();`,
        },
        `${SDK}/a.ts:2 asks for the section api`,
      ],
    ],
    good: [
      {
        [`${SDK}/sections/index.ts`]: SECTION_TABLE,
        [`${SDK}/sections/api.ts`]: `if (section === 'api') go();`,
        [`${SDK}/platforms/index.ts`]: `import { make } from './make/index.ts';\nexport const PLATFORMS = { make };`,
        [`${SDK}/platforms/make/client.ts`]: `if (name === 'make') go();`,
        [`${SDK}/oauth.ts`]: `if (parameter === 'scope') make?.(name);\nconst a = text.includes('make a new one');`,
        [`${SDK}/rules/a.ts`]: `const bad = { section: 'api', platform: 'make' };\nif (make === undefined) makeKey();`,
        'packages/cli/src/a.ts': `const examples = ['connector push --origin make'];\nif (done) say('make');`,
      },
    ],
  },
];
