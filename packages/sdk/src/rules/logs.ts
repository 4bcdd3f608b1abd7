import { nearest, type Path } from '../diagnostics.ts';
import { isObject, type JSONObject, valueAt } from '../json.ts';
import { SPREAD, sourcePaths } from './expressions.ts';
import { lacks, type Request, requestsOf } from './requests.ts';
import type { Declared, Finding, Rule } from './rule.ts';
import { looksSecret, secretsOf, textsBelow } from './secrets.ts';

/** A secret on its way, under the path by which `log.sanitize` would name it. */
interface Carried {
  readonly logged: string;
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
  /** Entries that name nothing, and what was surely meant. */
  readonly misspelt: readonly { readonly index: number; readonly meant: string | undefined }[];
}

const PARTS = ['headers', 'qs', 'body'] as const;

const READ = new WeakMap<Declared, readonly Log[]>();

/** The browser goes to `authorize`, so that there is no request of ours to be logged. */
function logsOf(connection: Declared): readonly Log[] {
  let logs = READ.get(connection);
  if (logs === undefined) {
    logs = [...requestsOf(connection)]
      .filter(({ step }) => step !== 'authorize')
      .map((each) => logOf(connection, each));
    READ.set(connection, logs);
  }
  return logs;
}

function logOf(connection: Declared, request: Request): Log {
  const carried = [...carriedBy(connection, request)];
  const listed = valueAt(request.value, ['log', 'sanitize']);
  const entries = Array.isArray(listed) ? listed.filter((each): each is string => typeof each === 'string') : undefined;
  // An expression may name anything.
  if (entries?.some((each) => each.includes('{{')) === true || isMisspelt(request.value)) {
    return { request, carried: [], sanitize: entries, misspelt: [] };
  }
  return { request, carried, sanitize: entries, misspelt: misspeltIn(entries ?? [], request, carried) };
}

/** Whether there may be a `log` that cannot be read: the schema says why. */
function isMisspelt(value: JSONObject): boolean {
  if (isObject(value.log)) return !Array.isArray(value.log.sanitize) && !lacks(value.log, 'sanitize');
  return !lacks(value, 'log');
}

function isExpression(name: string): boolean {
  return name.includes('{{');
}

function* carriedBy(connection: Declared, { path }: Request): Generator<Carried> {
  const secrets = secretsOf(connection);
  const seen = new Set<string>();
  for (const text of textsBelow(connection, path)) {
    const [part = '', ...rest] = text.path.slice(path.length);
    const [kind] = rest;
    const sent = (PARTS as readonly unknown[]).includes(part) && !rest.includes(SPREAD);
    const kept = part === 'response' && (kind === 'data' || kind === 'temp');
    if (!sent && !kept) continue;
    for (const source of sourcePaths(text)) {
      const secret = sent ? secrets.get(source) : answered(source, rest);
      const names = sent ? [part, ...rest] : [source.root, ...source.members];
      const logged = [sent ? 'request' : 'response', ...names].filter((each) => typeof each === 'string').join('.');
      if (secret === undefined || seen.has(plain(logged))) continue;
      seen.add(plain(logged));
      const { offset, end } = source;
      yield {
        logged,
        words: [source.root, ...source.members].join('.'),
        finding: {
          path: text.path,
          span: { offset, end },
          ...(secret.declared === undefined ? {} : { related: secret.declared }),
        },
      };
    }
  }
}

/** Whether what an answer brings is a secret, by its own name or by the one that it is kept under. */
function answered(
  { root, members }: { readonly root: string; readonly members: readonly string[] },
  kept: Path,
): { readonly declared?: NonNullable<Finding['related']> } | undefined {
  if (root !== 'body' && root !== 'headers') return undefined;
  return [members.at(-1), kept.at(-1)].some((name) => typeof name === 'string' && looksSecret(name)) ? {} : undefined;
}

/** Names of headers are compared without case, items of arrays by what they are items of. */
function plain(path: string): string {
  const named = path.replace(/\[[^\]]*\]/g, '').replace(/\.\d+(?=\.|$)/g, '');
  return /^(request|response)\.headers\./i.test(named) ? named.toLowerCase() : named;
}

function covers(entry: string, logged: string): boolean {
  const [outer, inner] = [plain(entry), plain(logged)];
  if (outer.includes('*')) return true;
  return inner === outer || inner.startsWith(`${outer}.`);
}

const ROOT = /^(request|response)(\.|$)/;

function misspeltIn(entries: readonly string[], request: Request, carried: readonly Carried[]): Log['misspelt'] {
  const sent = sentBy(request);
  const names = [...new Set([...sent, ...carried.map(({ logged }) => logged)])];
  const open = PARTS.some((part) => typeof request.value[part] === 'string' || hasSpread(request.value[part]));
  return entries.flatMap((entry, index) => {
    if (names.some((name) => covers(entry, name) || covers(name, entry))) return [];
    if (open && /^request\./.test(entry)) return [];
    const free = names.filter((name) => !entries.some((other) => covers(other, name)));
    const meant = nearest(plain(entry), free.map(plain));
    if (meant === undefined && ROOT.test(entry)) return [];
    return [{ index, meant: free.find((name) => plain(name) === meant) }];
  });
}

function hasSpread(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some(isExpression);
}

/** The paths of everything that the request sends by a name. */
function sentBy({ value }: Request): string[] {
  return PARTS.flatMap((part) => [...pathsIn(value[part], `request.${part}`)]);
}

function* pathsIn(value: unknown, path: string): Generator<string> {
  if (!isObject(value)) return;
  for (const [name, each] of Object.entries(value)) {
    yield `${path}.${name}`;
    yield* pathsIn(each, `${path}.${name}`);
  }
}

function missing({ carried, sanitize = [], misspelt }: Log): Carried[] {
  return carried.filter(
    ({ logged }) => !sanitize.some((entry) => covers(entry, logged)) && !misspelt.some(({ meant }) => meant === logged),
  );
}

function* checkSanitized(connection: Declared): Generator<Finding> {
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
      yield {
        section: 'api',
        ...first.finding,
        message: `The request carries ${listed(paths)}, and nothing is sanitized.`,
        hint: `Add "log": {"sanitize": ${JSON.stringify(paths)}} to the request.`,
        found: 'no log.sanitize',
        expected: paths.join(', '),
        fix,
      };
      continue;
    }
    for (const [index, { logged, words, finding }] of [first, ...others].entries()) {
      yield {
        section: 'api',
        ...finding,
        message: `The secret ${words} is logged as ${logged}.`,
        hint: `Add ${JSON.stringify(logged)} to log.sanitize.`,
        found: sanitize.join(', '),
        expected: logged,
        ...(index === 0 ? { fix } : {}),
      };
    }
  }
}

function listed(words: readonly string[]): string {
  const [first, ...more] = words;
  return more.length === 0 ? `the secret ${first}` : `${words.length} secrets: ${words.join(', ')}`;
}

function* checkPaths(connection: Declared): Generator<Finding> {
  for (const { request, sanitize = [], carried, misspelt } of logsOf(connection)) {
    for (const { index, meant } of misspelt) {
      const path = [...request.path, 'log', 'sanitize', index];
      const found = JSON.stringify(sanitize[index]);
      const secret = carried.find(({ logged }) => logged === meant);
      yield {
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
      };
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
