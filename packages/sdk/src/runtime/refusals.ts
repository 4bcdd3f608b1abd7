import { isObject, type JSONObject, jsonIn, lookUp } from '../json.ts';
import type { TrapName } from '../traps.ts';
import { readPairs } from './form-encoding.ts';
import type { Note, Reader, Seen } from './observations.ts';
import { mediaTypeOf } from './read-answer.ts';
import type { StepRecord } from './records.ts';
import type { HttpCall } from './transport.ts';

export const isTokenStep = ({ name }: StepRecord) => /^(token|refresh)\b/.test(name);

/** The parameters of a form that was sent; none of any other body. */
export function sentForm({ body, headers }: HttpCall): ReadonlyMap<string, string> {
  const isForm = mediaTypeOf(headers) === 'application/x-www-form-urlencoded';
  return new Map(body === undefined || !isForm ? [] : readPairs(new TextDecoder().decode(body)));
}

/** Observes the encoding of Basic, when that makes a difference. Sources: RFC 6749, section 2.3.1; RFC 7617, section 2.1. */
const aboutBasic: Reader = ({ answer: { statusCode }, call, record }) => {
  const [, encoded] = /^Basic +(\S+)$/i.exec(call.headers.authorization ?? '') ?? [];
  if (encoded === undefined || (statusCode !== 400 && statusCode !== 401)) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  if (/[^\0-\x7f]/.test(pair) && !isTokenStep(record)) {
    const text = 'Basic has characters beyond ASCII, which were sent as UTF-8; some APIs expect Latin-1.';
    return { text, trap: 'basic-charset' };
  }
  if (!isTokenStep(record)) return undefined;
  const parts = [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)];
  if (parts.some((part) => /%[0-9a-f]{2}/i.test(part))) {
    const text =
      'The client id and secret were sent form-encoded in Basic, as RFC 6749 requires; some APIs expect them without that encoding.';
    return { text, trap: 'basic-encoded' };
  }
  if (parts.every((part) => /^[\w.*-]*$/.test(part))) return undefined;
  const text =
    "The client’s id and secret were sent in Basic without form-encoding, but have characters that RFC 6749 requires to be form-encoded: {{base64(encodeURL(id) + ':' + encodeURL(secret))}} encodes them.";
  return { text, trap: 'basic-not-encoded' };
};

/** Observes a challenge, and how long the vendor wants to be left alone. Sources: RFC 9110, section 11.6.1; RFC 7616. */
const aboutChallenge: Reader = (seen) => {
  const { headers, statusCode } = seen.answer;
  const challenges = challengesOf(seen);
  const schemes = [...new Set(challenges.map(({ scheme }) => scheme))];
  const digests = challenges
    .filter(({ scheme }) => scheme.toLowerCase() === 'digest')
    .map(({ parameters }) => parameters);
  const directive = digests.length === 0 ? '' : `, for which a connection has no directive: ${computed(digests)}`;
  const wait = headers['retry-after'];
  return [
    ...(schemes.length === 0 ? [] : [required(schemes, directive, challenges.length)]),
    ...digests.flatMap(aboutDigest),
    ...(statusCode === 429 && typeof wait === 'string'
      ? [`The API asks to wait ${wait}${/^\d+$/.test(wait) ? ' seconds' : ''}.`]
      : []),
  ];
};

function required(schemes: readonly string[], directive: string, challenges: number): Note {
  const text = `The API requires ${schemes.join(' or ')}${directive}.`;
  return challenges > 1 ? { text, trap: 'several-challenges' } : text;
}

type Parameters = ReadonlyMap<string, string>;

/** Algorithm of Digest → the function of IML that computes it. */
const HASHES: Readonly<Record<string, string>> = { MD5: 'md5()', 'SHA-256': 'sha256()' };

const algorithmOf = (digest: Parameters) => digest.get('algorithm') ?? 'MD5';

function computed(digests: readonly Parameters[]): string {
  const functions = digests.flatMap((digest) => lookUp(HASHES, algorithmOf(digest).toUpperCase()) ?? []);
  return functions.length === 0 ? 'no function computes it' : `it is computed with ${functions.join(' or ')}`;
}

function aboutDigest(digest: Parameters): Note[] {
  const offered = (digest.get('qop') ?? '').split(/[\s,]+/).filter(Boolean);
  const qop =
    offered.length === 0
      ? 'no qop'
      : offered.length === 1
        ? `qop=${offered[0]}`
        : `one qop of the list ${offered.join(', ')}`;
  const realm = digest.get('realm') ?? '';
  const commas = realm.includes(',') ? ` The realm ${JSON.stringify(realm)} is one text, including its commas.` : '';
  const equals = digest.get('nonce')?.includes('=') ? ' The nonce is one text, including its equals signs.' : '';
  const wanted = `The challenge requires ${algorithmOf(digest)} and ${qop}, the full path with its query as uri, and nc starting at 00000001.${commas}${equals}`;
  const stale = 'The nonce is stale: user name and password were right, but a new nonce must be used.';
  const traps: readonly (readonly [boolean, TrapName])[] = [
    [true, 'digest-uri'],
    [offered.length > 1, 'digest-qop-list'],
    [algorithmOf(digest).toUpperCase() !== 'MD5', 'digest-algorithm'],
    [commas !== '', 'digest-realm'],
    [equals !== '', 'digest-nonce'],
  ];
  return [
    { text: wanted, trap: traps.flatMap(([applies, trap]) => (applies ? [trap] : [])) },
    ...(/^true$/i.test(digest.get('stale') ?? '') ? [{ text: stale, trap: 'digest-stale-nonce' } as const] : []),
  ];
}

interface Challenge {
  /** As the vendor writes it. */
  readonly scheme: string;
  /** By names in lower case, without quotes. */
  readonly parameters: Map<string, string>;
}

/** A scheme, perhaps with a token of its own, or a parameter of the scheme before. Source: RFC 9110, section 11.2. */
const PART =
  /[\s,]*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",=]+)(?=\s*(?:,|$)))|(?:\s+[\w+/.~-]+=*(?=\s*(?:,|$)))?)/gsy;

/** The challenges of an answer: there may be several headers, and several challenges in one. */
function challengesOf({ answer: { headers } }: Seen): readonly Challenge[] {
  return [headers['www-authenticate'] ?? []].flat().flatMap((header) => {
    const challenges: Challenge[] = [];
    for (const [, name = '', quoted, token] of header.matchAll(PART)) {
      const value = quoted?.replace(/\\(.)/gs, '$1') ?? token;
      if (value === undefined) challenges.push({ scheme: name, parameters: new Map() });
      else challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
    return challenges;
  });
}

/** Errors of OAuth → their meaning. Sources: RFC 6749, section 5.2; RFC 6750, section 3.1. */
const MEANINGS: Readonly<Record<string, string>> = {
  invalid_grant:
    'the code is not accepted: it was used before, is expired, or the redirect URI or the verifier differs',
  invalid_client: 'the client is unknown, or its secret or its authentication method is not accepted',
  unauthorized_client: 'this client may not use this grant',
  unsupported_grant_type: 'the grant_type is not supported, or not found: it must be in a form body',
  invalid_scope: 'a requested scope does not exist, or is not allowed for this client or user',
  invalid_target: 'the resource or the audience is unknown',
  invalid_token: 'the access token is expired, revoked or not from this provider',
  insufficient_scope: 'the access token is valid, but lacks a scope: connect again with more scopes',
};
const ENDED_REFRESH =
  'the refresh token is expired, revoked or was used before; with token rotation, reusing an old one also revokes the new one. Connect again';

/** Observes an error of OAuth, in the body or in the challenge. */
const aboutError: Reader = (seen) => {
  const { answer, call, record } = seen;
  const inBody = isObject(answer.body) ? answer.body.error : undefined;
  const inChallenge = challengesOf(seen).map(({ parameters }) => parameters.get('error'));
  const error = [inBody, ...inChallenge].find(
    (each) => typeof each === 'string' && lookUp(MEANINGS, each) !== undefined,
  );
  if (typeof error !== 'string') return undefined;
  const isEnded = error === 'invalid_grant' && record.name.startsWith('refresh');
  const meaning = isEnded ? ENDED_REFRESH : lookUp(MEANINGS, error);
  const text = `${error} means that ${meaning}.`;
  const trap = isEnded ? 'refresh-token-reused' : error === 'invalid_target' ? 'resource-unknown' : undefined;
  return [trap === undefined ? text : { text, trap }, ...(error === 'invalid_client' ? aboutAssertion(call) : [])];
};

/** Statuses that RFC 6749, section 5.2, has for errors of the token endpoint. */
const STATUSES: readonly number[] = [400, 401];

/** Observes the status of an error of the token endpoint. Source: RFC 6749, section 5.2. */
const aboutErrorStatus: Reader = ({ answer: { statusCode, body }, record }) => {
  const error = isObject(body) ? body.error : undefined;
  if (!isTokenStep(record) || statusCode < 400 || STATUSES.includes(statusCode)) return undefined;
  if (typeof error !== 'string' || lookUp(MEANINGS, error) === undefined) return undefined;
  const usual = error === 'invalid_client' ? 401 : 400;
  return { text: `The status is ${statusCode}, where RFC 6749 has ${usual} for ${error}.`, trap: 'error-status' };
};

/** From this number on, a time is one in milliseconds: as seconds it would be after the year 5000. */
const MILLISECONDS = 1e11;

/** Observes times of an assertion in another unit or type. Source: RFC 7519, section 2. */
const aboutAssertionTimes: Reader = ({ answer: { statusCode }, call, record }) => {
  if (!isTokenStep(record) || statusCode < 400) return undefined;
  const form = sentForm(call);
  const claims = claimsOf(form.get('client_assertion') ?? form.get('assertion'));
  const said = ['exp', 'iat', 'nbf'].flatMap((name) => {
    const value = claims?.[name];
    if (typeof value === 'string') return [`${name} is a text`];
    return typeof value === 'number' && value > MILLISECONDS ? [`${name} is in milliseconds`] : [];
  });
  if (said.length === 0) return undefined;
  return { text: `In the assertion, ${said.join(' and ')}, not a number of seconds.`, trap: 'assertion-times' };
};

function claimsOf(assertion = ''): JSONObject | undefined {
  const [, payload = ''] = assertion.split('.');
  const claims = jsonIn(Buffer.from(payload, 'base64url').toString('utf8'));
  return isObject(claims) ? claims : undefined;
}

/** Observes claims that vendors would miss in a client assertion. Source: RFC 7523, section 3. */
function aboutAssertion(call: HttpCall): Note[] {
  const claims = claimsOf(sentForm(call).get('client_assertion'));
  if (claims === undefined) return [];
  const lacking = ['iss', 'sub', 'aud', 'exp', 'jti'].filter((name) => claims[name] === undefined);
  if (lacking.length === 0) return [];
  const text = `The client’s assertion has no ${lacking.join(' and no ')}, which the API may require.`;
  return [lacking.includes('jti') ? { text, trap: 'assertion-without-jti' } : text];
}

/** Observes parameters that libraries sign in different ways. Source: RFC 5849, section 3.4.1.3. */
const aboutSignature: Reader = ({ answer: { statusCode }, call }) => {
  if (statusCode !== 401 || !/^OAuth\s/i.test(call.headers.authorization ?? '')) return undefined;
  const query = new URL(call.url).search.slice(1);
  const pairs = [...readPairs(query), ...sentForm(call)];
  const names = pairs.map(([name]) => name);
  const isSimple = new Set(names).size === names.length && pairs.every(([, value]) => /^[\w.~-]+$/.test(value));
  if (pairs.length === 0 || isSimple) return undefined;
  const text =
    'The signature covers every parameter, including repeated, empty and encoded ones; some APIs compute it otherwise.';
  return { text, trap: 'oauth1-parameters' };
};

/** Observations of answers that refuse. */
export const ABOUT_REFUSALS: readonly Reader[] = [
  ...[aboutBasic, aboutChallenge, aboutError, aboutErrorStatus, aboutAssertionTimes, aboutSignature],
];
