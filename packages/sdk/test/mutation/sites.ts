import { type Node, parseTree } from 'jsonc-parser';
import { partsOf } from '../../src/analysis/expressions.ts';
import { parseTemplate } from '../../src/iml/parse.ts';
import { type Expression, KEYWORDS } from '../../src/iml/tree.ts';
import { type Subject, sectionOf } from './corpus.ts';

/** What stands at a site. Only an author can know whether what stands at a free one is right. */
export type SiteKind =
  | 'directive key'
  | 'enumerated value'
  | 'typed value'
  | 'function'
  | 'variable'
  | 'declared name'
  | 'reference'
  | 'expression token'
  | 'brace'
  | 'scope'
  | 'address'
  | 'sent value'
  | 'log entry'
  | 'section'
  | 'redirect URI'
  | 'credential'
  | 'punctuation'
  | 'free';

/** A stretch of a file that a mutation may change; quotes are not part of it, but for entries of a list. */
export interface Site {
  readonly subject: Subject;
  readonly file: string;
  readonly kind: SiteKind;
  readonly offset: number;
  readonly text: string;
}

/** Places of `api` whose names and values are the author's own. */
const FREE_PLACES = new Set(['headers', 'qs', 'body', 'temp', 'data']);

const FIXED = new Set(['method', 'type', 'signature_method', 'transport_method', 'tags', 'mode']);

/** Where the members of a variable are declared: by a section, or by the requests themselves. */
const DECLARED: Readonly<Record<string, string>> = {
  parameters: 'parameters',
  common: 'common',
  temp: 'api',
  data: 'api',
  connection: 'api',
  oauth: 'api',
};

/** Every site of the subject, in the order of its files. */
export function sitesOf(subject: Subject): Site[] {
  const scopes = listedScopes(subject);
  return Object.entries(subject.texts).flatMap(([file, text]) => {
    const section = sectionOf(file);
    const tree = parseTree(text);
    if (tree === undefined || (section === undefined && file === 'connector.json')) return [];
    const sites: Site[] = [];
    const add = (kind: SiteKind, offset: number, found: string) => {
      if (found !== '') sites.push({ subject, file, kind, offset, text: found });
    };
    const form = section === 'install' ? 'installSpec' : 'parameters';
    const declares = (root: string) => {
      const declaring = root === 'parameters' ? form : DECLARED[root];
      return declaring !== undefined && fileOf(subject, declaring) !== '';
    };
    if (section !== undefined && isNeeded(subject, section)) add('section', 0, text);
    visit(tree, section ?? 'connection', [], { add, text, subject, scopes, declares });
    return sites;
  });
}

interface Visit {
  readonly add: (kind: SiteKind, offset: number, found: string) => void;
  readonly text: string;
  readonly subject: Subject;
  readonly scopes: ReadonlySet<string>;
  /** True if anything in the connection says which members the variable has. */
  readonly declares: (root: string) => boolean;
}

function visit(node: Node, section: string, path: readonly (string | number)[], context: Visit): void {
  const { add, text } = context;
  if (section === 'api') addSecretSites(node, path, context);
  if (section === 'api' && node.type === 'object') addRedirectSite(node, path, context);
  if (node.type === 'object' || node.type === 'array') {
    add('punctuation', node.offset, text[node.offset] ?? '');
    add('punctuation', node.offset + node.length - 1, text[node.offset + node.length - 1] ?? '');
    for (const [index, child] of (node.children ?? []).entries()) {
      visit(child, section, node.type === 'array' ? [...path, index] : path, context);
      const comma = text.slice(child.offset + child.length).match(/^\s*,/)?.[0];
      if (comma !== undefined) add('punctuation', child.offset + child.length + comma.length - 1, ',');
    }
  } else if (node.type === 'property') {
    const [key, value] = node.children ?? [];
    if (key === undefined || value === undefined) return;
    add('punctuation', key.offset, '"');
    add('punctuation', node.colonOffset ?? key.offset + key.length, ':');
    add(keyKind(section, path, String(key.value), context), key.offset + 1, String(key.value));
    visit(value, section, [...path, String(key.value)], context);
  } else visitScalar(node, section, path, context);
}

const SENT = ['headers', 'qs', 'body'];

/** Where secrets get into addresses and logs. The browser goes to `authorize`, of which there is no log. */
function addSecretSites(node: Node, path: readonly (string | number)[], { add, text, subject }: Visit): void {
  if (path[0] === 'authorize') return;
  const raw = text.slice(node.offset, node.offset + node.length);
  if (node.type === 'array' && path.at(-1) === 'sanitize') {
    for (const [index, entry] of (node.children ?? []).entries()) {
      const [before, after] = [node.children?.[index - 1], node.children?.[index + 1]];
      const start = before === undefined ? entry.offset : before.offset + before.length;
      const end = before === undefined && after !== undefined ? after.offset : entry.offset + entry.length;
      add('log entry', start, text.slice(start, end));
    }
  } else if (node.type === 'string' && raw.length === String(node.value).length + 2) {
    if (path.at(-1) === 'url' && !path.includes('body')) add('address', node.offset + 1, raw.slice(1, -1));
    const part = path.findIndex((step) => SENT.includes(String(step)));
    if (part < 0 || path.slice(0, part).includes('response') || typeof path.at(-1) !== 'string') return;
    const named = ['request', ...path.slice(part)].join('.').toLowerCase();
    if (!fileOf(subject, 'api').toLowerCase().includes(JSON.stringify(named))) {
      add('sent value', node.offset + 1, raw.slice(1, -1));
    }
  }
}

/** Checks if the connection does not work without the section: `api`, and what declares something that others read. */
function isNeeded(subject: Subject, section: string): boolean {
  const root = section === 'installSpec' ? 'parameters' : section;
  const reader = section === 'installSpec' ? 'install' : 'api';
  return section === 'api' || (root !== 'install' && readsAlone(fileOf(subject, reader), root));
}

/** Checks if an expression reads the variable, and none of the others that may stand in for it. */
function readsAlone(text: string, root: string): boolean {
  const expressions = text.match(/\{\{.*?\}\}/g) ?? [];
  return expressions.some((each) => each.includes(`${root}.`) && !each.includes('ifempty('));
}

/** Where the code is traded for a token with the redirect URI that the browser was sent with. */
function addRedirectSite(node: Node, path: readonly (string | number)[], { add, text, subject }: Visit): void {
  if (path[0] !== 'token' || !['body', 'qs'].includes(String(path.at(-1))) || path.includes('response')) return;
  if (!/"authorize".*"redirect_uri".*"token"/s.test(fileOf(subject, 'api'))) return;
  const members = node.children ?? [];
  const index = members.findIndex(({ children }) => children?.[0]?.value === 'redirect_uri');
  const member = members[index];
  if (member === undefined) return;
  const [before, after] = [members[index - 1], members[index + 1]];
  const start = before === undefined ? member.offset : before.offset + before.length;
  const end = before === undefined && after !== undefined ? after.offset : member.offset + member.length;
  add('redirect URI', start, text.slice(start, end));
}

/** Checks if it is a credential that is read here alone: modules read what connection holds, other requests may read it. */
function isCertain(subject: Subject, read: string): boolean {
  const isDeclared = /^(parameters|common)\./.test(read) && read === secretOf(subject);
  return isDeclared && fileOf(subject, 'api').split(read).length === 2;
}

/** What an expression of the subject reads that is a secret. */
export function secretOf(subject: Subject): string {
  const hidden = /"name":\s*"(\w+)",\s*"type":\s*"password"/.exec(fileOf(subject, 'parameters'))?.[1];
  if (hidden !== undefined) return `parameters.${hidden}`;
  const shared = /"(\w*[sS]ecret)":/.exec(fileOf(subject, 'common'))?.[1];
  return shared === undefined ? 'connection.accessToken' : `common.${shared}`;
}

function keyKind(section: string, path: readonly (string | number)[], key: string, { subject }: Visit): SiteKind {
  if (key.includes('{{') || key === '$schema' || key.startsWith('$')) return 'free';
  if (section === 'api') {
    const free = path.some((step) => FREE_PLACES.has(String(step)));
    return free ? (isRead(subject, path, key) ? 'declared name' : 'free') : 'directive key';
  }
  if (section === 'scopes') return isUsedScope(subject, key) ? 'scope' : 'free';
  if (section === 'common') {
    if (path.at(-1) !== 'properties') return 'directive key';
    return reads(subject, `common.${key}`) ? 'declared name' : 'free';
  }
  if (section === 'install') return path.length === 1 && path[0] === 'common' ? 'declared name' : 'free';
  return path.at(-1) === 'labels' ? 'free' : 'directive key';
}

function reads(subject: Subject, path: string): boolean {
  return new RegExp(`\\{\\{[^}]*\\b${path.replace('.', '\\.')}\\b`).test(Object.values(subject.texts).join('\n'));
}

/** Checks if a value of temp or data is read by its name. */
function isRead(subject: Subject, path: readonly (string | number)[], key: string): boolean {
  const place = path.at(-1);
  if (place === 'temp') return reads(subject, `temp.${key}`);
  if (place === 'data') return reads(subject, `data.${key}`) || reads(subject, `connection.${key}`);
  return false;
}

function fileOf({ texts }: Subject, section: string): string {
  return Object.entries(texts).find(([file]) => sectionOf(file) === section)?.[1] ?? '';
}

function listedScopes(subject: Subject): ReadonlySet<string> {
  return new Set([...fileOf(subject, 'scopes').matchAll(/^\s*"([^"]+)":/gm)].map(([, name]) => name ?? ''));
}

function isUsedScope(subject: Subject, name: string): boolean {
  return fileOf(subject, 'scope').includes(JSON.stringify(name));
}

function visitScalar(node: Node, section: string, path: readonly (string | number)[], context: Visit): void {
  const { add, text } = context;
  const raw = text.slice(node.offset, node.offset + node.length);
  const key = path.at(-1);
  if (node.type !== 'string') {
    add(isFree(section, path) ? 'free' : 'typed value', node.offset, raw);
    return;
  }
  add('punctuation', node.offset, '"');
  const value = String(node.value);
  // Escapes would shift offsets; such strings are left out, and there are few.
  if (raw.length !== value.length + 2) return;
  if (value.includes('{{')) visitTemplate(value, node.offset + 1, context);
  else if (section === 'connection') add(key === 'type' ? 'enumerated value' : 'free', node.offset + 1, value);
  else if (section === 'scope') add(context.scopes.has(value) ? 'scope' : 'free', node.offset + 1, value);
  else if (section === 'common') add(commonKind(path), node.offset + 1, value);
  else if (key === 'name' && (section === 'parameters' || section === 'installSpec')) {
    const file = section === 'parameters' ? 'api' : 'install';
    const read = new RegExp(`parameters\\.${value}\\b`).test(fileOf(context.subject, file));
    add(read ? 'declared name' : 'free', node.offset + 1, value);
  } else if (path.at(-2) === 'sanitize') add('reference', node.offset + 1, value);
  else if (FIXED.has(String(key)) && !isFree(section, path.slice(0, -1)))
    add('enumerated value', node.offset + 1, value);
  else add('free', node.offset + 1, value);
}

function commonKind(path: readonly (string | number)[]): SiteKind {
  if (path.at(-1) === 'type') return 'enumerated value';
  return path.at(-2) === 'required' ? 'reference' : 'free';
}

function isFree(section: string, path: readonly (string | number)[]): boolean {
  return (section === 'api' && path.some((step) => FREE_PLACES.has(String(step)))) || path.at(-1) === 'default';
}

function visitTemplate(value: string, start: number, context: Visit): void {
  const { add } = context;
  for (const part of parseTemplate(value).parts) {
    if (part.kind === 'text') add('free', start + part.offset, part.text);
    if (part.kind !== 'expression') continue;
    add('brace', start + part.offset, '{{');
    add('brace', start + part.end - 2, '}}');
    visitExpression(part.expression, start, value, context);
  }
}

function visitExpression(expression: Expression, start: number, text: string, context: Visit): void {
  const { add } = context;
  const { kind, offset, end } = expression;
  if (kind === 'call') {
    add('function', start + offset, expression.name);
    for (const character of ['(', ')', ',']) {
      const at = character === ')' ? end - 1 : text.indexOf(character, offset + expression.name.length);
      if (at >= 0 && at < end) add('expression token', start + at, character);
    }
  } else if (kind === 'string') {
    add('expression token', start + offset, text[offset] ?? '');
    add('free', start + offset + 1, expression.value);
  } else if (kind === 'binary') {
    const between = text.slice(expression.left.end, expression.right.offset);
    const operator = /[^\s()]+/.exec(between);
    if (operator !== null) add('expression token', start + expression.left.end + operator.index, operator[0]);
  } else if (kind === 'keyword') {
    add(
      (KEYWORDS as readonly string[]).includes(expression.name) ? 'variable' : 'free',
      start + offset,
      expression.name,
    );
  } else if (kind === 'variable') add('variable', start + offset, expression.name);
  else if (kind === 'member' && text[end - 1] !== '`') {
    const root = rootOf(expression);
    const direct = expression.object.kind === 'variable' && root !== undefined;
    add('expression token', start + expression.object.end, '.');
    const read = `${text.slice(expression.object.offset, expression.object.end)}.${expression.name}`;
    if (isCertain(context.subject, read)) add('credential', start + end - expression.name.length, expression.name);
    add(direct && context.declares(root) ? 'reference' : 'free', start + end - expression.name.length, expression.name);
  }
  for (const part of partsOf(expression)) visitExpression(part, start, text, context);
}

function rootOf(expression: Expression): string | undefined {
  if (expression.kind === 'variable') return expression.name;
  return expression.kind === 'member' || expression.kind === 'index' ? rootOf(expression.object) : undefined;
}
