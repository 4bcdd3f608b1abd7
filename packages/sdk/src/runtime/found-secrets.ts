import { readLogPath } from '../analysis/log-paths.ts';
import { isObject, jsonIn } from '../json.ts';
import { isCredentialHeader, looksSecret } from '../secrecy.ts';
import { formDecoded, objectOf, readPairs } from './form-encoding.ts';
import { mediaTypeOf } from './read-answer.ts';
import type { StepRecord } from './records.ts';
import type { Run } from './run.ts';
import { isSecretSent, type Secrets, type StandIn } from './secrets.ts';
import type { HttpCall } from './transport.ts';

/**
 * The secrets of a run, by their values: what was known to be one before, and what turned out to be one. They are
 * collected at its end, because what comes last may be a secret that stood somewhere first.
 */
export function secretsIn({ world, before, state, records }: Run, stand?: StandIn): Secrets {
  const secrets = world.secrets(stand);
  secrets.addNamed(before, 'data');
  secrets.add(state, 'oauth.state');
  const sentLater = namesSentAsSecrets(world.api);
  for (const record of records) {
    const { visit, exchanges, answer, stored, evaluations } = record;
    secrets.addNamed(visit?.query, 'query', isSecretSent);
    for (const [at, { call, answer: raw }] of exchanges.entries()) {
      addSent(call, secrets);
      const isRead = at === exchanges.length - 1 && typeof answer?.body === 'object';
      if (raw !== undefined && !isRead) addWritten(raw.body, secrets);
    }
    secrets.addNamed(answer?.body, 'body');
    if (visit !== undefined) addPlainVerifier(visit.url, secrets);
    secrets.addNamed(stored.temp, 'temp', (name) => isSecretSent(name) || sentLater.has(name));
    secrets.addNamed(stored.data, 'data');
    addSanitized(record, secrets);
    for (const each of evaluations) secrets.addHashed(each);
  }
  return secrets;
}

/** A text of nothing but variables of `temp`. */
const OF_TEMP = /^(?:\{\{\s*temp(?:\.\w+)+\s*\}\})+$/;

/**
 * The variables of `temp` that a request of the section sends under the name of a secret, such as the verifier of PKCE:
 * they are secrets from the step on that makes them, also if the request is never sent.
 */
function namesSentAsSecrets(api: unknown, name = '', found = new Set<string>()): ReadonlySet<string> {
  if (typeof api === 'string' && (isSecretSent(name) || isCredentialHeader(name)) && OF_TEMP.test(api)) {
    for (const [, variable = ''] of api.matchAll(/\.(\w+)\s*\}\}/g)) found.add(variable);
  }
  if (Array.isArray(api)) for (const item of api) namesSentAsSecrets(item, name, found);
  if (isObject(api)) for (const [key, each] of Object.entries(api)) namesSentAsSecrets(each, key, found);
  return found;
}

/** Adds the verifier of PKCE where the challenge is the verifier itself. Source: RFC 7636, section 4.2, `plain`. */
function addPlainVerifier(url: string, secrets: Secrets): void {
  const sent = new Map(readPairs(new URL(url).search.slice(1)));
  if (sent.get('code_challenge_method') !== 'S256') secrets.add(sent.get('code_challenge'), 'code_verifier');
}

/**
 * A text under a name in quotes, as in JSON, or behind an equals sign, as in a form. The lengths keep it from running
 * away, and what is shorter is a word that may stand anywhere.
 */
const WRITTEN =
  /"([A-Za-z_][\w.-]{0,99})"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){8,8192})|(?<![\w.-])([A-Za-z_][\w.-]{0,99})=([^\s&;,"'<>]{8,8192})/gs;

/** Adds what stands under the name of a secret in an answer that is only known as a text: JSON that is cut off, a page. */
function addWritten(body: Uint8Array, secrets: Secrets): void {
  for (const [, key, quoted = '', field, value = ''] of new TextDecoder().decode(body).matchAll(WRITTEN)) {
    const name = key ?? field ?? '';
    if (!looksSecret(name)) continue;
    secrets.add(key === undefined ? formDecoded(value) : (jsonIn(`"${quoted}"`) ?? quoted), `body.${name}`);
  }
}

/** Adds the credentials that a request sends, whatever they are called. */
function addSent({ url, headers, body }: Pick<HttpCall, 'url' | 'headers' | 'body'>, secrets: Secrets): void {
  for (const [name, value] of Object.entries(headers)) {
    if (isCredentialHeader(name)) addCredential(value, `header ${name}`, secrets);
  }
  if (url.includes('@')) addPair(new URL(url), 'the URL', secrets);
  const at = url.indexOf('?');
  const form = body !== undefined && mediaTypeOf(headers) === 'application/x-www-form-urlencoded';
  const pairs = [
    ...(at < 0 ? [] : readPairs(url.slice(at + 1))),
    ...(form ? readPairs(new TextDecoder().decode(body)) : []),
  ];
  for (const [name, value] of pairs) if (isSecretSent(name)) secrets.add(value, name);
  if (body !== undefined && mediaTypeOf(headers).endsWith('json')) {
    secrets.addNamed(jsonIn(new TextDecoder().decode(body)), 'request.body', isSecretSent);
  }
}

/**
 * Adds the values that `log.sanitize` names in the last request and its answer: texts and numbers, and nothing that only holds them.
 */
function addSanitized({ sanitize, exchanges, answer }: StepRecord, secrets: Secrets): void {
  const call = exchanges.at(-1)?.call;
  if (call === undefined) return;
  const at = call.url.indexOf('?');
  const sent = call.body === undefined ? '' : new TextDecoder().decode(call.body);
  const request = {
    headers: Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, credentialIn(value)])),
    qs: at < 0 ? {} : objectOf(readPairs(call.url.slice(at + 1))),
    body: jsonIn(sent) ?? objectOf(readPairs(sent)),
  };
  const response = { headers: answer?.headers, body: answer?.body };
  for (const entry of sanitize) {
    const [names, label] = [readLogPath(entry).plain.split('\n'), entry.replace(/<.*$/s, '')];
    for (const value of valuesAt({ request, response }, names)) secrets.add(value, label);
  }
}

/** Returns the value at a path; for a list, those of each of its items. */
function valuesAt(value: unknown, names: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, names));
  const [name, ...rest] = names;
  if (name === undefined) return [value];
  return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [];
}

/** Returns the part of a header behind its scheme, or all of it. */
function credentialIn(value: string): string {
  return /^[A-Za-z][\w-]* +(\S.*)$/s.exec(value)?.[1] ?? value;
}

/** The password of Basic, as it is and decoded; where there is none, the name is a key. */
function addPair({ username, password }: { username: string; password: string }, where: string, secrets: Secrets) {
  const [value, what] = password === '' ? [username, 'user name'] : [password, 'password'];
  const label = `the ${what} of ${where}`;
  for (const each of [value, formDecoded(value), formDecoded(value.replaceAll('+', '%2B'))]) secrets.add(each, label);
}

/** `Bearer X`, a name and a password in base64, the quoted values of a signature, or the value as it is. */
function addCredential(value: string, label: string, secrets: Secrets): void {
  const [, scheme = '', rest = value] = /^([A-Za-z][\w-]*) +(\S.*)$/s.exec(value) ?? [];
  if (/^basic$/i.test(scheme)) {
    const [, username = '', password = ''] =
      /^([^:]*):?(.*)$/s.exec(Buffer.from(rest, 'base64').toString('utf8')) ?? [];
    addPair({ username, password }, label, secrets);
  }
  if (/^(oauth|digest|aws4-hmac-sha256)$/i.test(scheme)) {
    for (const [, name = '', quoted = ''] of rest.matchAll(/(\w+)="([^"]*)"/g)) {
      if (/^oauth_(token|signature|verifier)$|^response$/.test(name)) secrets.add(formDecoded(quoted), name);
    }
    return;
  }
  secrets.add(rest, label);
}
