import { nearest, type Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { SPREAD } from './expressions.ts';
import { lately } from './lately.ts';
import { type Request, requestsOf } from './reading.ts';
import { lacks } from './requests.ts';
import type { Declared, Finding, Rule, Tell } from './rule.ts';
import { looksSecret, type Secrets, secretsOf } from './secrets.ts';

/** A secret on its way, under the path by which `log.sanitize` would name it. */
interface Carried {
  readonly logged: string;
  /** The same as it is compared. */
  readonly plain: string;
  readonly finding: Pick<Finding, 'path' | 'span' | 'related'>;
  /** How the expression calls it. */
  readonly words: string;
}

/** What of one request is logged, and what of that is sanitized. */
interface Log {
  readonly request: Request;
  readonly carried: readonly Carried[];
  /** Undefined when the request has no `log.sanitize`. */
  readonly sanitize: readonly string[] | undefined;
  /** The same as it is compared. */
  readonly named: ReadonlySet<string>;
  /** Entries that name nothing, and what was surely meant. */
  readonly misspelt: readonly { readonly index: number; readonly meant: string | undefined }[];
}

const PARTS = ['headers', 'qs', 'body'] as const;

const logsOf = lately((connection: Declared): readonly Log[] => {
  const secrets = secretsOf(connection);
  const logs: Log[] = [];
  for (const request of requestsOf(connection)) {
    // The browser goes to `authorize`, so that there is no request of ours to be logged.
    if (request.step !== 'authorize') logs.push(logOf(request, secrets));
  }
  return logs;
});

function logOf(request: Request, secrets: Secrets): Log {
  const { log } = request.value;
  const listed = isObject(log) ? log.sanitize : undefined;
  const entries = Array.isArray(listed) ? listed.filter((each): each is string => typeof each === 'string') : undefined;
  // An expression may name anything.
  if (entries?.some(isExpression) === true || isMisspelt(request.value)) {
    return { request, carried: NOTHING, sanitize: entries, named: new Set(), misspelt: [] };
  }
  const carried = carriedBy(request, secrets);
  const named = new Set(entries?.map(plainPath));
  // Most requests name just the secrets that there are.
  const isExact = carried.length === named.size && carried.every(({ plain }) => named.has(plain));
  const misspelt = isExact || entries === undefined ? [] : misspeltIn(entries, request, carried);
  return { request, carried, sanitize: entries, named, misspelt };
}

/** Whether there may be a `log` that cannot be read: the schema says why. */
function isMisspelt(value: JSONObject): boolean {
  if (isObject(value.log)) return !Array.isArray(value.log.sanitize) && !lacks(value.log, 'sanitize');
  return !lacks(value, 'log');
}

function isExpression(name: string): boolean {
  return name.includes('{{');
}

function carriedBy({ path: { length: from }, texts }: Request, secrets: Secrets): readonly Carried[] {
  const found = new Map<string, Carried>();
  for (const text of texts) {
    const part = text.path[from];
    const kind = text.path[from + 1];
    const sent = part === 'headers' || part === 'qs' || part === 'body';
    if (!sent && !(part === 'response' && (kind === 'data' || kind === 'temp'))) continue;
    if (sent && text.path.includes(SPREAD, from + 1)) continue;
    for (const source of text.sources) {
      const secret = sent ? secrets.get(source) : answered(source, text.path.at(-1));
      if (secret === undefined) continue;
      const names = sent ? text.path.slice(from) : [source.root, ...source.members];
      const logged = [sent ? 'request' : 'response', ...names].filter((each) => typeof each === 'string').join('.');
      const plain = plainPath(logged);
      if (found.has(plain)) continue;
      const { offset, end } = source;
      found.set(plain, {
        logged,
        plain,
        words: [source.root, ...source.members].join('.'),
        finding: {
          path: text.path,
          span: { offset, end },
          ...(secret.declared === undefined ? {} : { related: secret.declared }),
        },
      });
    }
  }
  return found.size === 0 ? NOTHING : [...found.values()];
}

const NOTHING: readonly Carried[] = [];

/** Whether what an answer brings is a secret, by its own name or by the one that it is kept under. */
function answered(
  { root, members }: { readonly root: string; readonly members: readonly string[] },
  kept: Path[number] | undefined,
): { readonly declared?: NonNullable<Finding['related']> } | undefined {
  if (root !== 'body' && root !== 'headers') return undefined;
  const last = members.at(-1);
  const isSecret = (last !== undefined && looksSecret(last)) || (typeof kept === 'string' && looksSecret(kept));
  return isSecret ? {} : undefined;
}

/** Names of headers are compared without case, items of arrays by what they are items of. */
function plainPath(path: string): string {
  const named = INDEXED.test(path) ? path.replace(/\[[^\]]*\]/g, '').replace(/\.\d+(?=\.|$)/g, '') : path;
  return HEADER.test(named) ? named.toLowerCase() : named;
}

const INDEXED = /\[|\.\d/;
const HEADER = /^(?:request|response)\.headers\./i;

/** Paths, in plain spelling, that entries are compared with: themselves, and what they are inside of. */
class Paths {
  readonly #paths = new Set<string>();
  readonly #outer = new Set<string>();
  #any = false;

  constructor(paths: Iterable<string>) {
    for (const path of paths) {
      if (this.#paths.has(path)) continue;
      this.#paths.add(path);
      this.#any ||= path.includes('*');
      // An outer path that is there has been told of what it is inside of itself.
      for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
        const outer = path.slice(0, dot);
        if (this.#outer.has(outer)) break;
        this.#outer.add(outer);
      }
    }
  }

  /** Whether one of them covers the path: it is the path, or what the path is inside of. A star may mean anything. */
  covers(path: string): boolean {
    if (this.#any || this.#paths.has(path)) return true;
    for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1))
      if (this.#paths.has(path.slice(0, dot))) return true;
    return false;
  }

  /** Whether the path covers one of them. */
  isInside(path: string): boolean {
    if (path.includes('*')) return this.#paths.size > 0;
    return this.#paths.has(path) || this.#outer.has(path);
  }
}

const ROOT = /^(request|response)(\.|$)/;

function misspeltIn(entries: readonly string[], request: Request, carried: readonly Carried[]): Log['misspelt'] {
  const plains = new Set(carried.map(({ plain }) => plain));
  const names = new Map(sentBy(request).map((name) => [name, plainPath(name)]));
  for (const { logged, plain } of carried) names.set(logged, plain);
  for (const plain of names.values()) plains.add(plain);
  // Most other entries name something else that there is.
  if (entries.every((entry) => plains.has(plainPath(entry)))) return [];
  const known = new Paths(plains);
  const open = PARTS.some((part) => typeof request.value[part] === 'string' || hasSpread(request.value[part]));
  let free: Map<string, string> | undefined;
  return entries.flatMap((entry, index) => {
    const plain = plainPath(entry);
    if (known.covers(plain) || known.isInside(plain)) return [];
    if (open && /^request\./.test(entry)) return [];
    free ??= freeNames(names, entries);
    const meant = nearest(plain, free.keys());
    if (meant === undefined && ROOT.test(entry)) return [];
    return [{ index, meant: meant === undefined ? undefined : free.get(meant) }];
  });
}

/** The names that no entry covers, by their plain spelling. */
function freeNames(names: ReadonlyMap<string, string>, entries: readonly string[]): Map<string, string> {
  const covered = new Paths(entries.map(plainPath));
  const free = new Map<string, string>();
  for (const [name, plain] of names) if (!covered.covers(plain) && !free.has(plain)) free.set(plain, name);
  return free;
}

function hasSpread(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some(isExpression);
}

/** The paths of everything that the request sends by a name. */
function sentBy({ value }: Request): string[] {
  const found: string[] = [];
  for (const part of PARTS) addPaths(value[part], `request.${part}`, found);
  return found;
}

function addPaths(value: unknown, path: string, found: string[]): void {
  if (!isObject(value)) return;
  for (const name of Object.keys(value)) {
    const inner = `${path}.${name}`;
    found.push(inner);
    addPaths(value[name], inner, found);
  }
}

function missing({ carried, named, misspelt }: Log): readonly Carried[] {
  if (carried.length === 0) return carried;
  const unnamed = carried.filter(({ plain }) => !named.has(plain));
  if (unnamed.length === 0) return [];
  const entries = new Paths(named);
  const meant = new Set(misspelt.map((each) => each.meant));
  return unnamed.filter(({ logged, plain }) => !entries.covers(plain) && !meant.has(logged));
}

function checkSanitized(connection: Declared, tell: Tell): void {
  for (const log of logsOf(connection)) {
    const { request, sanitize = [] } = log;
    const [first, ...others] = missing(log);
    if (first === undefined) continue;
    const paths = [first, ...others].map(({ logged }) => logged);
    const changed = {
      section: 'api',
      path: [...request.path, 'log', 'sanitize'],
      value: [...sanitize, ...paths],
    } as const;
    const fix = { title: `Sanitize ${paths.join(', ')}`, changes: [changed] };
    if (sanitize.length === 0) {
      tell({
        section: 'api',
        ...first.finding,
        message: `The request carries ${listed(paths)}, and nothing is sanitized.`,
        hint: `Add "log": {"sanitize": ${JSON.stringify(paths)}} to the request.`,
        found: 'no log.sanitize',
        expected: paths.join(', '),
        fix,
      });
      continue;
    }
    for (const [index, { logged, words, finding }] of [first, ...others].entries()) {
      tell({
        section: 'api',
        ...finding,
        message: `The secret ${words} is logged as ${logged}.`,
        hint: `Add ${JSON.stringify(logged)} to log.sanitize.`,
        found: sanitize.join(', '),
        expected: logged,
        ...(index === 0 ? { fix } : {}),
      });
    }
  }
}

function listed(words: readonly string[]): string {
  const [first, ...more] = words;
  return more.length === 0 ? `the secret ${first}` : `${words.length} secrets: ${words.join(', ')}`;
}

function checkPaths(connection: Declared, tell: Tell): void {
  for (const { request, sanitize = [], carried, misspelt } of logsOf(connection)) {
    for (const { index, meant } of misspelt) {
      const path = [...request.path, 'log', 'sanitize', index];
      const found = JSON.stringify(sanitize[index]);
      const secret = carried.find(({ logged }) => logged === meant);
      tell({
        section: 'api',
        path,
        message: `The path ${found} names nothing that this request sends or receives.`,
        hint:
          meant === undefined
            ? 'Paths begin with request or response, as in request.headers.authorization or response.body.token.'
            : `Did you mean ${JSON.stringify(meant)}?`,
        found,
        ...(meant === undefined
          ? {}
          : {
              expected: meant,
              fix: { title: `Write ${meant}`, changes: [{ section: 'api', path, value: meant }] },
            }),
        ...(secret === undefined
          ? {}
          : {
              related: {
                message: 'This secret is logged.',
                section: 'api',
                path: secret.finding.path,
                ...(secret.finding.span === undefined ? {} : { span: secret.finding.span }),
              },
            }),
      });
    }
  }
}

const parameters = [{ name: 'apiKey', type: 'password', label: 'API key' }];
const request = { url: 'https://api.example.com/v1/me', headers: { authorization: 'Bearer {{parameters.apiKey}}' } };
const good = {
  type: 'apikey',
  sections: { api: { ...request, log: { sanitize: ['request.headers.authorization'] } }, parameters },
} as const satisfies Declared;

export const LOG_RULES = [
  {
    code: 'log/not-sanitized',
    severity: 'warning',
    title: 'a secret that log.sanitize does not name',
    why: 'What a request sends and receives is logged, except for what log.sanitize names. A request without log.sanitize is not logged now, but the first entry that is added for debugging writes all its other secrets into logs that many can read.',
    mend: 'Name every place that holds a secret in log.sanitize, such as request.headers.authorization or response.body.access_token; names of headers are compared without case.',
    check: checkSanitized,
    bad: { type: 'apikey', sections: { api: request, parameters } },
    good,
  },
  {
    code: 'log/unknown-path',
    severity: 'warning',
    title: 'a path in log.sanitize that names nothing',
    why: 'A path that leads nowhere hides nothing, and a misspelt one leaves the secret in the log that it was to keep out.',
    mend: 'Write request or response, then headers, qs or body, then the name as the request has it.',
    check: checkPaths,
    bad: {
      type: 'apikey',
      sections: { api: { ...request, log: { sanitize: ['request.headers.authorisation'] } }, parameters },
    },
    good,
  },
] as const satisfies readonly Rule[];
