import { readLogPath } from '../analysis/log-paths.ts';
import { isObject, jsonIn } from '../json.ts';
import { isCredentialHeader } from '../secrecy.ts';
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
  for (const record of records) {
    const { visit, exchanges, answer, stored, evaluations } = record;
    secrets.addNamed(visit?.query, 'query', isSecretSent);
    for (const { call } of exchanges) addSent(call, secrets);
    secrets.addNamed(answer?.body, 'body');
    secrets.addNamed(stored.temp, 'temp', isSecretSent);
    secrets.addNamed(stored.data, 'data');
    addSanitized(record, secrets);
    for (const each of evaluations) secrets.addHashed(each);
  }
  return secrets;
}

/** Adds the credentials that a request sends, whatever they are called. */
function addSent({ url, headers, body }: Pick<HttpCall, 'url' | 'headers' | 'body'>, secrets: Secrets): void {
  for (const [name, value] of Object.entries(headers)) {
    if (isCredentialHeader(name)) addCredential(value, `header ${name}`, secrets);
  }
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

/** `Bearer X`, a name and a password in base64, the quoted values of a signature, or the value as it is. */
function addCredential(value: string, label: string, secrets: Secrets): void {
  const [, scheme = '', rest = value] = /^([A-Za-z][\w-]*) +(\S.*)$/s.exec(value) ?? [];
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(rest, 'base64').toString('utf8');
    const password = pair.slice(pair.indexOf(':') + 1);
    secrets.add(password, `the password of ${label}`);
    secrets.add(formDecoded(password), `the password of ${label}`);
  }
  if (/^(oauth|digest|aws4-hmac-sha256)$/i.test(scheme)) {
    for (const [, name = '', quoted = ''] of rest.matchAll(/(\w+)="([^"]*)"/g)) {
      if (/^oauth_(token|signature|verifier)$|^response$/.test(name)) secrets.add(formDecoded(quoted), name);
    }
    return;
  }
  secrets.add(rest, label);
}
