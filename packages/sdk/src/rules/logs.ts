import { type Carried, type RequestSecrets, secretsCarried } from '../analysis/carried-secrets.ts';
import type { Declared } from '../analysis/declared.ts';
import { lacks } from '../analysis/keys.ts';
import { lazy } from '../analysis/lazy.ts';
import { coverOf } from '../analysis/log-cover.ts';
import { type LogPath, LogPaths, plainPath, readLogPath, writtenPath } from '../analysis/log-paths.ts';
import type { Request } from '../analysis/requests.ts';
import { nearest, searchBudget } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import type { Finding, Report, Rule } from './rule.ts';

/** The logged parts of a request, and those that are sanitized. */
interface Log {
  readonly secrets: RequestSecrets;
  readonly request: Request;
  /** The secrets that are reported when nothing hides them. */
  readonly carried: readonly Carried[];
  /** None when nothing is sanitized, so that nothing is logged. */
  readonly entries: readonly (LogPath & { readonly text: string; readonly index: number })[];
  /** True if the entries name the secrets one by one, and nothing else. */
  readonly isExact: boolean;
  /** Entries that name nothing, and what was surely meant. */
  readonly misspelt: readonly { readonly index: number; readonly meant: string | undefined }[];
}

const PARTS = ['headers', 'qs', 'body'] as const;

/** The logs of those requests of which it can be known what they hide. */
function* logsOf(connection: Declared): Generator<Log> {
  for (const log of logsIn(connection).values()) if (log !== undefined) yield log;
}

/** What is logged of a request follows from the secrets that it carries, and is the same while these are. */
const logsIn = lazy((connection: Declared, before: ReadonlyMap<RequestSecrets, Log | undefined> | undefined) => {
  const logs = new Map<RequestSecrets, Log | undefined>();
  for (const secrets of secretsCarried(connection)) {
    logs.set(secrets, before?.has(secrets) ? before.get(secrets) : logOf(secrets));
  }
  return logs;
});

function logOf(secrets: RequestSecrets): Log | undefined {
  const { request } = secrets;
  // The browser goes to `authorize`, so that there is no request of ours to be logged.
  if (request.step === 'authorize') return undefined;
  const { log } = request.value;
  const listed = isObject(log) && Array.isArray(log.sanitize) ? log.sanitize : [];
  // An expression may name anything.
  if (listed.some(isExpression) || isMisspelt(request.value)) return undefined;
  const entries = listed.flatMap((text: unknown, index) =>
    typeof text === 'string' ? [{ ...readLogPath(text), text, index }] : [],
  );
  const carried = secrets.carried.filter(({ certainty }) => certainty !== 'possible');
  const names = new Set(entries.flatMap(({ plain, only }) => (only === undefined ? [plain] : [])));
  // Most requests name just the secrets that there are.
  const isExact = carried.length === entries.length && carried.every(({ plain }) => names.has(plain));
  const misspelt = isExact ? [] : misspeltIn(entries, request, secrets.carried);
  return { secrets, request, carried, entries, isExact, misspelt };
}

/** Checks if there may be a `log` that cannot be read: the schema says why. */
function isMisspelt(value: JSONObject): boolean {
  if (isObject(value.log)) return !Array.isArray(value.log.sanitize) && !lacks(value.log, 'sanitize');
  return !lacks(value, 'log');
}

function isExpression(name: unknown): boolean {
  return typeof name === 'string' && name.includes('{{');
}

const ROOT = /^(request|response)(?=[\n]|$)/;

function misspeltIn(entries: Log['entries'], request: Request, carried: readonly Carried[]): Log['misspelt'] {
  const names = new Map(sentBy(request).map((path) => [plainPath(path), writtenPath(path)]));
  for (const { logged, plain } of carried) names.set(plain, logged);
  // Most other entries name something else that there is.
  if (entries.every(({ plain }) => names.has(plain))) return [];
  const known = new LogPaths(names.keys());
  const open = PARTS.some((part) => typeof request.value[part] === 'string' || hasSpread(request.value[part]));
  let free: ReadonlyMap<string, string> | undefined;
  const budget = searchBudget();
  return entries.flatMap(({ plain, text, index }) => {
    if (known.covers(plain) || known.hasInside(plain)) return [];
    if (open && /^request\./.test(text)) return [];
    free ??= freeNames(names, entries);
    const meant = nearest(plain, free.keys(), budget);
    if (meant === undefined && ROOT.test(plain)) return [];
    return [{ index, meant: meant === undefined ? undefined : free.get(meant) }];
  });
}

/** The names that no entry covers, by their plain spelling. */
function freeNames(names: ReadonlyMap<string, string>, entries: Log['entries']): ReadonlyMap<string, string> {
  const covered = new LogPaths(entries.map(({ plain }) => plain));
  return new Map([...names].filter(([plain]) => !covered.covers(plain)));
}

function hasSpread(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some(isExpression);
}

/** The paths of everything that the request sends by a name. */
function sentBy({ value }: Request): string[][] {
  const found: string[][] = [];
  for (const part of PARTS) addPaths(value[part], ['request', part], found);
  return found;
}

function addPaths(value: unknown, path: readonly string[], found: string[][]): void {
  if (!isObject(value)) return;
  for (const name of Object.keys(value)) {
    const inner = [...path, name];
    found.push(inner);
    addPaths(value[name], inner, found);
  }
}

/** The secrets that no entry hides, and that no misspelt one was to hide. */
function unhidden({ carried, entries, isExact, misspelt }: Log): readonly Carried[] {
  if (isExact || carried.length === 0) return [];
  const named = new LogPaths(entries.flatMap(({ plain, only }) => (only === undefined ? [plain] : [])));
  const meant = new Set(misspelt.map((each) => each.meant));
  return carried.filter(({ logged, plain, isOpen, words }) => {
    if (named.covers(plain) || meant.has(logged)) return false;
    if (isOpen && named.hasInside(plain)) return false;
    return !entries.some((entry) => entry.only === words && entry.plain === plain);
  });
}

function checkSanitized(connection: Declared, report: Report): void {
  for (const log of logsOf(connection)) {
    const [first, ...others] = unhidden(log);
    if (first === undefined) continue;
    if (log.entries.length === 0) checkUnlogged(connection, log, report);
    else reportLogged(log, [first, ...others], report);
  }
}

/** Reports a request that is not logged yet: it would be as soon as anything of it is sanitized. */
function checkUnlogged(connection: Declared, { request, secrets, carried }: Log, report: Report): void {
  const first = carried.find(({ certainty }) => certainty === 'declared');
  if (first === undefined) return;
  const { paths, isComplete } = coverOf(connection, secrets);
  report({
    section: 'api',
    ...first.finding,
    message: `The request contains ${listed(carried.map(({ logged }) => logged))}, but has no log.sanitize.`,
    hint: isComplete ? `Add ${addition(paths)}` : UNNAMEABLE,
    found: 'no log.sanitize',
    expected: few(paths),
    ...(isComplete ? { fix: turningOn(request, paths) } : {}),
  });
}

const UNNAMEABLE =
  'Leave log.sanitize out, so that nothing is logged: the request carries a secret in a place that it cannot name, such as the URL. To log the request, move that secret to a header, qs or body first.';

/** Returns the fix that makes the platform log a request, so that it has to name all that is secret. */
function turningOn({ path }: Request, paths: readonly string[]): NonNullable<Finding['fix']> {
  const change = { section: 'api', path: [...path, 'log', 'sanitize'], value: paths } as const;
  return { title: `Sanitize ${few(paths)}`, changes: [change] };
}

function addition(paths: readonly string[]): string {
  if (paths.length > FEW) return `log.sanitize to the request, with ${few(paths)}.`;
  return `"log": {"sanitize": ${JSON.stringify(paths)}} to the request.`;
}

function reportLogged({ request, entries }: Log, missing: readonly Carried[], report: Report): void {
  const texts = entries.map(({ text }) => text);
  const path = [...request.path, 'log', 'sanitize', texts.length];
  for (const { logged, words, finding } of missing) {
    report({
      section: 'api',
      ...finding,
      message: `The secret ${words} is logged as ${logged}.`,
      hint: `Add ${JSON.stringify(logged)} to log.sanitize.`,
      found: few(texts),
      expected: logged,
      // One after the other: what is added to the end of a list moves nothing that stands in it.
      fix: { title: `Sanitize ${logged}`, changes: [{ section: 'api', path, value: logged }] },
    });
  }
}

/** Paths that one message names. */
const FEW = 12;

function listed(words: readonly string[]): string {
  const [first, ...more] = words;
  return more.length === 0 ? `the secret ${first}` : `${words.length} secrets: ${few(words)}`;
}

function few(words: readonly string[]): string {
  const left = words.length - FEW;
  return left <= 0 ? words.join(', ') : `${words.slice(0, FEW).join(', ')} and ${left} more`;
}

/** A request that is not logged, and of which only its form could say whether it carries secrets. */
function checkUsed(connection: Declared, report: Report): void {
  for (const { carried, entries, secrets } of logsOf(connection)) {
    const [first] = carried;
    if (first === undefined || entries.length > 0 || carried.some(({ certainty }) => certainty === 'declared'))
      continue;
    const { paths, isComplete } = coverOf(connection, secrets);
    report({
      section: 'api',
      ...first.finding,
      message: `${first.words} is sent as a credential in ${first.logged}. The request is not logged, because it has no log.sanitize.`,
      hint: isComplete ? `To have it logged, add ${addition(paths)}` : UNNAMEABLE,
      found: 'no log.sanitize',
      expected: few(paths),
    });
  }
}

function checkAddresses(connection: Declared, report: Report): void {
  for (const { entries, secrets } of logsOf(connection)) {
    if (entries.length === 0) continue;
    for (const { certainty, words, kind, finding } of secrets.addressed) {
      if (certainty === 'possible') continue;
      report({
        section: 'api',
        ...finding,
        message: `The secret ${words} is logged with the URL, which log.sanitize cannot hide.`,
        hint:
          kind === 'query'
            ? 'Write it in qs or in a header, and list it in log.sanitize.'
            : 'Send it in a header if the service takes it there; otherwise remove log, so that nothing is logged.',
      });
    }
  }
}

function checkPaths(connection: Declared, report: Report): void {
  for (const { request, entries, secrets, misspelt } of logsOf(connection)) {
    for (const { index, meant } of misspelt) {
      const path = [...request.path, 'log', 'sanitize', index];
      const found = JSON.stringify(entries.find((entry) => entry.index === index)?.text);
      const secret = secrets.carried.find(({ logged }) => logged === meant);
      report({
        section: 'api',
        path,
        message: `The path ${found} does not exist in this request or its response.`,
        hint:
          meant === undefined
            ? 'Paths start with request or response, as in request.headers.authorization or response.body.token.'
            : `Did you mean ${JSON.stringify(meant)}?`,
        found,
        ...(meant === undefined
          ? {}
          : {
              expected: meant,
              fix: { title: `Write ${meant}`, changes: [{ section: 'api', path, value: meant }] },
            }),
        ...(secret === undefined ? {} : { related: logged(secret.finding) }),
      });
    }
  }
}

function logged({ path, span }: Carried['finding']): NonNullable<Finding['related']> {
  return { message: 'This secret is logged.', section: 'api', path, ...(span === undefined ? {} : { span }) };
}

const parameters = [{ name: 'apiKey', type: 'password', label: 'API key' }];
const request = { url: 'https://api.example.com/v1/me', headers: { authorization: 'Bearer {{parameters.apiKey}}' } };
const good = (): Declared => ({
  type: 'apikey',
  sections: { api: { ...request, log: { sanitize: ['request.headers.authorization'] } }, parameters },
});

export const LOG_RULES = [
  {
    code: 'log/not-sanitized',
    severity: 'warning',
    title: 'a secret that log.sanitize does not hide',
    why: 'Requests and responses are logged, except for what log.sanitize lists. A request without log.sanitize is not logged now, but the first entry that is added for debugging writes all other secrets into logs that many people can read.',
    remedy:
      'List every place that contains a secret in log.sanitize, such as request.headers.authorization or response.body.access_token; header names are not case-sensitive.',
    check: checkSanitized,
    bad: () => ({ type: 'apikey', sections: { api: request, parameters } }),
    good,
  },
  {
    code: 'log/not-logged',
    severity: 'info',
    title: 'a request with a credential that is not logged',
    why: 'Without log.sanitize a request is not logged: nothing is visible while debugging, and no secret leaks. Secrets are recognized here only by where they are sent, because the form is absent or loaded at run time.',
    remedy: 'No action is needed. To log the request, list every place that contains a secret in log.sanitize.',
    check: checkUsed,
    bad: () => ({ type: 'apikey', sections: { api: request } }),
    good,
  },
  {
    code: 'log/secret-in-url',
    severity: 'warning',
    title: 'a secret in a logged URL',
    why: 'A request with log.sanitize is logged. Its entries can hide headers, qs, body and the response, but not the URL, which is logged with every secret in it.',
    remedy:
      'Send the secret in a header, in qs or in body, and list it in log.sanitize. If the service requires it in the URL, remove log, so that the request is not logged.',
    check: checkAddresses,
    bad: () => ({
      type: 'apikey',
      sections: {
        api: {
          url: 'https://api.example.com/v1/{{parameters.apiKey}}/me',
          qs: { session: '{{uuid}}' },
          log: { sanitize: ['request.qs.session'] },
        },
        parameters,
      },
    }),
    good,
  },
  {
    code: 'log/unknown-path',
    severity: 'warning',
    title: 'a path in log.sanitize that does not exist',
    why: 'A path that does not exist hides nothing, and a misspelt path leaves the secret in the log.',
    remedy: 'Write request or response, then headers, qs or body, then the name as in the request.',
    check: checkPaths,
    bad: () => ({
      type: 'apikey',
      sections: { api: { ...request, log: { sanitize: ['request.headers.authorisation'] } }, parameters },
    }),
    good,
  },
] as const satisfies readonly Rule[];
