import { isObject } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { addressOf } from './address.ts';
import { Failure } from './failure.ts';
import { asText, objectOf, type Pair, pairsOf, readPairs } from './form-encoding.ts';
import { interpret } from './interpret.ts';
import type { Declared, StepRecord, Visit } from './records.ts';
import type { Run } from './run.ts';

/**
 * The step in which a person agrees: builds the address, lets the browser go there, and takes what it brings back, if it
 * belongs to this visit. Nothing happens where the section has no such step.
 * @throws Failure when the provider refuses, and when somebody else's answer comes back
 */
export async function authorize(run: Run, visit: Visit): Promise<void> {
  const [declared] = run.requestsOf('authorize');
  if (declared === undefined) return;
  await run.browse(declared, async (record) => {
    const url = addressFor(declared, run);
    const { redirectUri } = run.world;
    record.visit = { url, redirectUri };
    const query = objectOf([...(await visit({ url, redirectUri }))]);
    record.visit = { url, redirectUri, query };
    expectOwn(url, query, declared);
    run.query = query;
    receive(declared, run, record);
  });
}

/**
 * The address that the browser is sent to. Where the section does not say it itself, it is known by what the browser can
 * be known again: `state`, or in OAuth 1.0a the token that `oauth` has.
 */
function addressFor({ path, value }: Declared, run: Run): string {
  const valueAt = (name: string) => run.evaluator.value(value[name], run.scope(), [...path, name]);
  const url = valueAt('url');
  const qs = valueAt('qs');
  const oauth = valueAt('oauth');
  const proof: Pair = run.isOAuth1
    ? ['oauth_token', isObject(oauth) && oauth.token !== undefined ? asText(oauth.token) : '']
    : ['state', run.state];
  // One that is empty proves nothing.
  const pairs = (isObject(qs) ? pairsOf(qs, 'empty') : []).filter(([name, text]) => name !== proof[0] || text !== '');
  const bare = addressOf(url, pairs, true, path);
  const isNamed = readPairs(new URL(bare).search.slice(1)).some(([name]) => name === proof[0]);
  return isNamed || proof[1] === '' ? bare : addressOf(url, [...pairs, proof], true, path);
}

/** Parameters of the address that the browser has to bring back: `state` in OAuth 2, the token itself in OAuth 1. */
export const PROOFS: readonly string[] = ['state', 'oauth_token'];

/** @throws Failure when what came back belongs to another visit */
function expectOwn(url: string, query: Readonly<Record<string, unknown>>, { path }: Declared): void {
  const sent = new Map(readPairs(new URL(url).search.slice(1)));
  for (const name of PROOFS) {
    const wanted = sent.get(name);
    if (wanted === undefined || (name === 'oauth_token' && typeof query.denied === 'string')) continue;
    if (isSame(wanted, query[name])) continue;
    const what = query[name] === undefined ? `without the ${name}` : `with another ${name} than the one`;
    throw new Failure({
      code: 'run/state',
      message: `The browser returned ${what} that it was sent with.`,
      hint: `The response is not used: it belongs to another attempt, or is forged. Connect again, and finish in the window that opens; if that ends in the same way, the provider does not return the ${name} as it has to.`,
      path: [...path, 'url'],
    });
  }
}

/**
 * Tells whether what a browser brought back belongs to the visit that began at an address: it holds the state, or in OAuth 1.0a
 * the token, with which the browser was sent there. False for an address that holds neither. Compared in a time that
 * tells nothing about where two texts differ.
 */
export function isAnswerTo(url: string, query: URLSearchParams): boolean {
  const proofs = readPairs(new URL(url).search.slice(1)).filter(([name, text]) => PROOFS.includes(name) && text !== '');
  const found = (name: string) => (name === 'oauth_token' ? [query.get(name), query.get('denied')] : [query.get(name)]);
  return proofs.length > 0 && proofs.every(([name, text]) => found(name).some((each) => isSame(text, each)));
}

/** Compares in a time that tells nothing about where two texts differ. */
function isSame(wanted: string, found: unknown): boolean {
  const [a, b] = [wanted, typeof found === 'string' ? found : ''].map((text) =>
    nodeCrypto().createHash('sha256').update(text).digest(),
  );
  return typeof found === 'string' && a !== undefined && b !== undefined && nodeCrypto().timingSafeEqual(a, b);
}

function receive(declared: Declared, run: Run, record: StepRecord): void {
  const { path, value } = declared;
  const { error, error_description: description, denied } = run.query ?? {};
  const isRefused = error !== undefined || denied !== undefined;
  const words = [error ?? 'access_denied', description].filter((each) => each !== undefined).map(asText);
  const results = interpret(isObject(value.response) ? value.response : {}, {
    evaluator: run.evaluator,
    scope: (temp) => run.scope(temp),
    temp: run.temp,
    path,
    status: undefined,
    isValid: !isRefused,
    refusal: () => (isRefused ? `The provider said ${words.join(': ')}.` : 'Response marked as invalid.'),
    code: 'run/denied',
  });
  run.keep(results, declared, record);
  if (!isRefused) run.ungranted = ungranted(run, declared);
}

/** Parameters that a provider brings back for a user who agreed, where the section does not read anything else. */
const GRANTED: readonly string[] = ['code', 'oauth_verifier'];
/** A variable of the query string, and one that a directive consists of. */
const READ = /\bquery\.(?:`([^`]+)`|(\w+))/g;
const WHOLE = /^\{\{\s*query\.(\w+)\s*\}\}$/;

/**
 * Returns the problem that the browser brought nothing of what the section reads from the query: neither a code nor an
 * error. Undefined where it brought it, and where the section reads nothing.
 */
function ungranted({ query = {} }: Run, { path, value }: Declared): Failure | undefined {
  const texts = textsIn(value.response);
  const read = texts.flatMap((text) => [...text.matchAll(READ)].map(([, quoted, plain]) => quoted ?? plain ?? ''));
  const wanted = [...new Set(read)].filter((name) => !OF_ERRORS.has(name) && !PROOFS.includes(name));
  const isLacking = (name: string) => query[name] === undefined || query[name] === '';
  const needed = texts.flatMap((text) => WHOLE.exec(text)?.[1] ?? []).filter((name) => GRANTED.includes(name));
  const lacking = wanted.every(isLacking) ? wanted : needed.filter(isLacking);
  if (lacking.length === 0) return undefined;
  const found = Object.keys(query).slice(0, 10);
  return new Failure({
    code: 'run/no-code',
    message: `The browser returned without ${lacking.join(' and without ')}, which the section reads, and without an error. ${found.length === 0 ? 'Its query string is empty' : `Its query string has ${found.join(', ')}`}.`,
    hint: 'Compare the names that the provider documents with those after "query." in the section, and check response_type in the authorization URL.',
    path: [...path, 'url'],
  });
}

/** Parameters that tell why a provider refuses. Source: RFC 6749, section 4.1.2.1; RFC 5849 has none. */
const OF_ERRORS = new Set(['error', 'error_description', 'error_uri', 'denied']);

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
