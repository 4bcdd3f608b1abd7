import { type Finding, type HouseRule, isTest, lineAt, type Texts, type Tree, target } from './tree.ts';

const README = 'README.md';
const HEADING = '## Where things go';

/** Files that lie where entries lie and are none, and why. Parts that a neighbour imports need no line here. */
const NO_ENTRY: Readonly<Record<string, string>> = {
  'packages/cli/src/output/ask.ts': 'questions, whatever the format',
  'packages/sdk/src/project/common.ts': 'the values of a section, whatever the layout',
  'packages/sdk/src/project/moves.ts': 'another id for a connection, or none, whatever the layout',
  'packages/sdk/src/project/schemas.ts': 'the schemas of the project’s own files',
  'packages/sdk/src/rules/runner.ts': 'how any rule is run, and what it found reported',
};

interface Row {
  readonly line: number;
  readonly what: string;
  readonly places: readonly string[];
  readonly registers: readonly string[];
}

/** Checks that README says where things go as it is: each place exists, and what lies there is registered. */
function checkPlaces(tree: Tree): Finding[] {
  const text = tree.has(README) ? tree.text(README) : '';
  if (!text.includes(`${HEADING}\n`)) return [`${README}:1 has no section "Where things go"; write it`];
  const rows = rowsOf(text);
  if (rows.length === 0) return [`${README}:1 "Where things go" has no table; write to add | go to | register`];
  const everything = [...tree.paths, ...foldersOf(tree.paths)];
  return rows.flatMap((row) => checkRow(tree, everything, row));
}

/** The rows of the table, without its head. */
function rowsOf(text: string): Row[] {
  const start = text.indexOf(`${HEADING}\n`);
  const first = lineAt(text, start);
  const [section = ''] = text.slice(start + HEADING.length).split(/\n## /);
  return section.split('\n').flatMap((line, index) => {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length !== 5 || /^-+$/.test(cells[1] ?? '') || cells[1] === 'to add') return [];
    const [, what = '', places = '', registers = ''] = cells;
    return { line: first + index, what, places: quoted(places), registers: quoted(registers) };
  });
}

function checkRow(tree: Tree, everything: readonly string[], { line, what, places, registers }: Row): Finding[] {
  const findings: Finding[] = [];
  const here = `${README}:${line} ${what}`;
  if (places.length === 0) findings.push(`${here}: no path; write it in backticks`);
  const used = new Set<string>();
  for (const place of places) {
    const found = everything.filter((path) => !isTest(path)).flatMap((path) => match(place, path) ?? []);
    if (found.length === 0) findings.push(`${here}: nothing is at ${place}; write where it is now`);
    for (const { path, values } of found) {
      const tables = registers.map((register) => fill(register, values));
      if (registers.length === 0 || tables.includes(path) || isPart(tree, path, tables)) continue;
      const table = tables.find((each) => isRegistered(tree, path, each));
      if (table === undefined) findings.push(`${path}:1 is registered nowhere; import it in ${tables.join(' or ')}`);
      else used.add(registers[tables.indexOf(table)] ?? '');
    }
  }
  for (const register of registers) {
    if (!everything.some((path) => match(register, path) !== undefined)) {
      findings.push(`${here}: ${register} is not there; write where it is registered now`);
    } else if (!used.has(register) && !places.includes(register)) {
      findings.push(`${here}: ${register} registers nothing of it; write where it is registered now`);
    }
  }
  return findings;
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path).filter((path) => /[/.]/.test(path));
}

/** Returns the parts of a path in the places of a pattern's `<name>`s; undefined when it does not match. */
function match(pattern: string, path: string): { path: string; values: Readonly<Record<string, string>> } | undefined {
  const source = pattern.replace(/[.*+?^${}()[\]\\]/g, '\\$&').replace(/<(\w+)>/g, '(?<$1>[^/.]+)');
  const found = new RegExp(`^${source}$`).exec(path);
  return found === null ? undefined : { path, values: { ...found.groups } };
}

function fill(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/<(\w+)>/g, (whole, name: string) => values[name] ?? whole);
}

function isRegistered(tree: Tree, path: string, table: string): boolean {
  if (!tree.has(table)) return false;
  const entry = path.endsWith('/') ? `${path}index.ts` : path;
  return tree
    .module(table)
    .imports.some(({ kind, specifier }) => kind !== 'type' && target(table, specifier) === entry);
}

/**
 * A neighbour that is no table imports it: then it is a part of entries. An entry that was forgotten, nobody imports,
 * but for the module that it loads itself.
 */
function isPart(tree: Tree, path: string, tables: readonly string[]): boolean {
  if (Object.hasOwn(NO_ENTRY, path)) return true;
  if (!path.endsWith('.ts')) return false;
  const needed = neededBy(tree, path);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return tree.paths
    .filter((each) => each.startsWith(folder) && each.endsWith('.ts') && !isTest(each))
    .filter((each) => !tables.includes(each) && !needed.includes(each))
    .some((each) => tree.module(each).imports.some(({ specifier }) => target(each, specifier) === path));
}

function neededBy(tree: Tree, path: string): string[] {
  const needed = tree.module(path).imports.filter(({ kind }) => kind !== 'type');
  return needed.map(({ specifier }) => target(path, specifier));
}

function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
      folders.add(path.slice(0, slash + 1));
  }
  return [...folders];
}

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

export const PLACES: readonly HouseRule[] = [
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
      [
        places({ 'rules/b.ts': `import('./b.run.ts');`, 'rules/b.run.ts': `import type { b } from './b.ts';` }),
        'rules/b.ts:1 is registered nowhere',
      ],
      [places({}, 'rules', 'nothing'), 'README.md:7 a rule: no path'],
      [places({}, undefined, '`rules/all.ts`'), 'README.md:7 a rule: rules/all.ts is not there'],
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
      places({
        'rules/a.ts': `import type { Rule } from './rule.ts';\nimport('./a.run.ts');`,
        'rules/a.run.ts': `import type { a } from './a.ts';`,
      }),
      places({}, '`rules/a.ts`', 'nothing: the table is the registration'),
      places({ 'v/x/index.ts': '', 'v/index.ts': `import './x/index.ts';` }, '`v/<vendor>/`', '`v/index.ts`'),
    ],
  },
];
