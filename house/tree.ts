import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Node, parseSync, visitorKeys } from 'oxc-parser';

/** A finding of a check: `file:line what is wrong; what to do`. */
export type Finding = string;

/** A rule of the house, with small trees that break it, and some that look as if they did. */
export interface HouseRule {
  readonly name: string;
  readonly check: (tree: Tree) => Finding[];
  /** Small trees, each with how a finding begins and more words that are found. */
  readonly bad: readonly (readonly [texts: Texts, begins: string, ...words: string[]])[];
  readonly good?: readonly Texts[];
}

/** Files by path. */
export type Texts = Readonly<Record<string, string>>;

export const SDK = 'packages/sdk/src';

interface Import {
  readonly specifier: string;
  /** `type` is gone when the module runs, `deferred` is loaded when it is asked for. */
  readonly kind: 'static' | 'deferred' | 'type';
  readonly offset: number;
  /** The names that are taken, as the other side calls them; `*` for all. */
  readonly names: readonly string[];
}

/** A module, parsed. */
export interface Module {
  readonly file: string;
  readonly text: string;
  readonly program: Node;
  readonly imports: readonly Import[];
  readonly comments: readonly { readonly type: string; readonly value: string; readonly end: number }[];
  at(offset: number, message: string): Finding;
}

/** The files that a check looks at, by their path from the root. The house is one; a test makes small ones. */
export class Tree {
  readonly paths: readonly string[];
  readonly #read: (path: string) => string;
  readonly #known: ReadonlySet<string>;
  readonly #modules = new Map<string, Module>();

  constructor(paths: readonly string[], read: (path: string) => string) {
    this.paths = paths.toSorted();
    this.#known = new Set(paths);
    this.#read = read;
  }

  static of(texts: Texts): Tree {
    return new Tree(Object.keys(texts), (path) => texts[path] ?? '');
  }

  has(path: string): boolean {
    return this.#known.has(path);
  }

  text(path: string): string {
    return this.#read(path);
  }

  module(path: string): Module {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const module = parse(path, this.#read(path));
    this.#modules.set(path, module);
    return module;
  }

  /** The modules whose path matches, in order. */
  modules(pattern: RegExp): readonly Module[] {
    return this.paths.filter((path) => pattern.test(path)).map((path) => this.module(path));
  }

  /** Modules that are shipped: the sources without their tests. */
  sources(pattern: RegExp = /./): readonly Module[] {
    return this.modules(/^packages\/[^/]+\/src\/.*\.tsx?$/).filter(({ file }) => !isTest(file) && pattern.test(file));
  }
}

/** Returns the tree of files that git tracks, and those that it would track if it were asked to now. */
export function houseTree(root: string): Tree {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1e8 } as const;
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
  const texts = new Map<string, string>();
  return new Tree(paths, (path) => {
    const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
    texts.set(path, text);
    return text;
  });
}

export function isTest(path: string): boolean {
  return /\.test\.ts$|^packages\/[^/]+\/test\//.test(path);
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Where a relative specifier leads, from the root. */
export function target(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

/** The nodes that a node holds, in the order of the text. */
export function children(node: Node): Node[] {
  const held = node as unknown as Record<string, unknown>;
  return (visitorKeys[node.type] ?? [])
    .flatMap((key) => held[key])
    .filter((child): child is Node => typeof child === 'object' && child !== null && 'type' in child);
}

/** Shows every node with the one that holds it; what answers false is not looked into. */
export function walk(node: Node, visit: (node: Node, parent?: Node) => unknown, parent?: Node): void {
  if (visit(node, parent) === false) return;
  for (const child of children(node)) walk(child, visit, node);
}

/** The text of a literal, also of a template without expressions; undefined for all else. */
export function literal(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function parse(file: string, text: string): Module {
  const { program, comments, errors } = parseSync(file, text, { preserveParens: false });
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file} cannot be parsed: ${error.message}`);
  const at = (offset: number, message: string) => `${file}:${lineAt(text, offset)} ${message}`;
  const imports: Import[] = [];
  walk(program, (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
  });
  return { file, text, program, comments, imports, at };
}

function importOf(node: Node): Import | undefined {
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') {
    const specifier = literal(node.source);
    const kind = node.type === 'TSImportType' ? 'type' : 'deferred';
    return specifier === undefined ? undefined : { specifier, kind, offset: node.start, names: ['*'] };
  }
  // With verbatimModuleSyntax only a whole `import type` is left out of what is emitted.
  if (node.type === 'ImportDeclaration') {
    const kind = node.importKind === 'type' ? 'type' : 'static';
    return { specifier: node.source.value, kind, offset: node.start, names: node.specifiers.map(importedName) };
  }
  if (node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source !== null)) {
    const kind = node.exportKind === 'type' ? 'type' : 'static';
    const names = node.type === 'ExportAllDeclaration' ? ['*'] : node.specifiers.map(({ local }) => nameOf(local));
    return { specifier: (node.source as { value: string }).value, kind, offset: node.start, names };
  }
  return undefined;
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportSpecifier') return nameOf(specifier.imported);
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
}

/** Returns the name of an identifier, a private name or a string key. */
export function nameOf(node: Node): string {
  return 'name' in node && typeof node.name === 'string' ? node.name : (literal(node) ?? '');
}
