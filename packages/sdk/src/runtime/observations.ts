import { isObject, type JSONObject, jsonIn } from '../json.ts';
import type { TrapName } from '../traps.ts';
import { asText, readPairs } from './form-encoding.ts';
import { type Answer, mediaTypeOf } from './read-answer.ts';
import type { StepRecord } from './records.ts';
import { ABOUT_REFUSALS, isTokenStep, sentForm } from './refusals.ts';
import type { Run } from './run.ts';
import type { HttpCall } from './transport.ts';

/** Sentences about a step, with the traps that they are about, if they are about any. */
export type Note = string | { readonly text: string; readonly trap: TrapName | readonly TrapName[] };

/** Says of a step what is worth knowing of what the vendor did, and of how the request may have misled it. */
export function observations(record: StepRecord, run: Run): Note[] {
  const { answer, exchanges, visit, request, isSilent } = record;
  const call = exchanges.at(-1)?.call;
  return [
    ...(isSilent === true ? ['The request has no url, so nothing is sent.'] : []),
    ...(exchanges.length > 1 ? [redirects(exchanges.length - 1, call)] : []),
    ...(answer === undefined || call === undefined
      ? []
      : [
          ...READERS.flatMap((read) => read({ answer, call, record, request }) ?? []),
          ...aboutScopes({ answer, call, record, request }, run),
        ]),
    ...(visit === undefined ? [] : aboutVisit(visit.url, run)),
    ...aboutMoments(record),
    ...aboutEnd(record, run),
  ];
}

export interface Seen {
  readonly answer: Answer;
  readonly call: HttpCall;
  readonly record: StepRecord;
  readonly request: JSONObject;
}

/** One note, or more, or nothing. */
export type Reader = (seen: Seen) => Note | readonly Note[] | undefined;

function redirects(count: number, call: HttpCall | undefined): string {
  const times = count === 1 ? 'one redirect was' : `${count} redirects were`;
  return `${times[0]?.toUpperCase()}${times.slice(1)} followed, the last with ${call?.method ?? ''}.`;
}

/** Observes a body that differs from its label, or from what is usual. */
const aboutBody: Reader = ({ answer: { body, headers, text, type, automatic }, record }) => {
  const mediaType = mediaTypeOf(headers);
  if (body === undefined || text === '') return 'The response has no body.';
  if (body === null) return 'The response is null, so it has no values.';
  if (type === 'text' && automatic && isJSON(text)) {
    const label = mediaType === '' ? 'has no Content-Type' : `has the Content-Type ${mediaType}`;
    const text = `The response is JSON and ${label}, so body is one text; set "type": "json" under response to parse it.`;
    return { text, trap: 'token-as-text' };
  }
  if (type === 'text' && automatic && isTokenStep(record)) {
    const looks = isFormText(text)
      ? 'a form without its Content-Type; set "type": "urlencoded" under response to parse it'
      : 'a text';
    const end = isFormText(text) ? '' : ', so body has no properties';
    return { text: `The response is ${looks}${end}.`, trap: 'token-as-text' };
  }
  if (type === 'urlencoded' && automatic && isTokenStep(record)) {
    return {
      text: 'The response is a form, not JSON: every value is a text, including numbers.',
      trap: 'token-in-a-form',
    };
  }
  if (type === 'json' && typeof body === 'string') return 'The response is a JSON text, so body has no properties.';
  return undefined;
};

/** Observes a charset that cannot be decoded. */
const aboutCharset: Reader = ({ answer: { unknownCharset: charset } }) =>
  charset === undefined
    ? undefined
    : `The Content-Type of the response has the unknown charset ${charset}, so it was read as UTF-8.`;

function isJSON(text: string | undefined): boolean {
  return text !== undefined && /^\s*[[{]/.test(text) && jsonIn(text) !== undefined;
}

function isFormText(text: string | undefined): boolean {
  return text !== undefined && /^[\w.-]+=[^\s<>]*$/.test(text.trim());
}

/** An error that the status hides, and a status that `valid` allows. */
const aboutStatus: Reader = ({ answer: { statusCode, body }, record, request }) => {
  const notes: Note[] = [];
  const error = isObject(body) ? body.error : undefined;
  if (statusCode < 400 && error !== undefined && error !== null && error !== false) {
    const said = typeof error === 'string' ? ` (${error})` : '';
    const unseen = record.outcome === 'done' ? '; set "valid": "{{!body.error}}" under response to detect it' : '';
    const text = `The status is ${statusCode}, but the body contains an error${said}${unseen}.`;
    notes.push({ text, trap: 'token-error-in-success' });
  }
  if (statusCode >= 400 && record.outcome === 'done') {
    notes.push(`The status is ${statusCode}, but "valid" is true, so it is a success.`);
  }
  if (isObject(request.response) && request.response.valid === undefined && statusCode >= 300 && statusCode < 400) {
    notes.push(`The status is ${statusCode}, which is not a failure unless "valid" is false.`);
  }
  return notes;
};

/** Observes unusual parts of an answer that grants a token. Source: RFC 6749, section 5.1. */
const aboutToken: Reader = ({ answer: { statusCode, body }, record }) => {
  if (!isTokenStep(record) || statusCode >= 400 || !isObject(body) || body.error !== undefined) return undefined;
  const { access_token: token, token_type: type, expires_in: seconds, scope } = body;
  const notes: Note[] = [];
  if (token === undefined || token === null || token === '') {
    notes.push('The response has no access_token.');
    return notes;
  }
  const tell = (trap: TrapName, text: string) => notes.push({ text, trap });
  if (type === undefined) tell('token-type-missing', 'The response has no token_type, which RFC 6749 requires.');
  else if (typeof type === 'string' && !/^bearer$/i.test(type))
    tell(
      'token-type-other',
      `token_type is ${JSON.stringify(type)}, not Bearer: APIs differ in how they expect the token.`,
    );
  if (typeof seconds === 'string')
    tell('expiry-as-text', `expires_in is the text ${JSON.stringify(seconds)}, not a number.`);
  else if (typeof seconds === 'number' && seconds <= 0)
    tell('expiry-zero', `expires_in is ${seconds}: the token has expired, or never does.`);
  else if (seconds === null) tell('expiry-unknown', 'expires_in is null: the expiry of the token is unknown.');
  else if (seconds === undefined)
    tell('expiry-unknown', 'The response has no expires_in: the expiry of the token is unknown.');
  if (Array.isArray(scope)) tell('scope-as-list', 'scope is a list, not a text with spaces.');
  if (body.refresh_token === null && !record.name.startsWith('refresh'))
    tell('refresh-token-null', 'refresh_token is null: the connection stops working when the access token expires.');
  return notes;
};

/**
 * Observes scopes that were asked for and not granted: those of the visit before, or of this request. Some APIs answer
 * with the whole URI of what was named by its last part. Sources: RFC 6749, section 3.3; OpenID Connect Core 1.0, section 11.
 */
function aboutScopes({ answer: { statusCode, body }, call, record }: Seen, { records }: Run): Note[] {
  if (!isTokenStep(record) || statusCode >= 400 || !isObject(body) || body.error !== undefined) return [];
  const visit = records.findLast((each) => each.visit !== undefined)?.visit;
  const isCode = sentForm(call).has('code');
  const sent =
    isCode && visit !== undefined ? new URL(visit.url).searchParams.get('scope') : sentForm(call).get('scope');
  const asked = wordsIn(sent);
  const notes: Note[] = [];
  if (isCode && asked.includes('offline_access') && !body.refresh_token) {
    const text =
      'offline_access was requested, but the response has no refresh_token: "prompt": "consent" may be missing.';
    notes.push({ text, trap: 'offline-access-ignored' });
  }
  const granted = wordsIn(body.scope);
  const isGranted = (scope: string) =>
    granted.some((each) => each === scope || each.endsWith(`/${scope}`) || each.endsWith(`.${scope}`));
  const lacking = asked.filter((scope) => scope !== 'offline_access' && !isGranted(scope));
  if (granted.length > 0 && lacking.length > 0) {
    const text = `Not all requested scopes were granted: ${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} missing in scope.`;
    notes.push({ text, trap: 'scope-narrowed' });
  }
  return notes;
}

function wordsIn(scope: unknown): readonly string[] {
  if (Array.isArray(scope)) return scope.filter((each) => typeof each === 'string');
  return typeof scope === 'string' ? scope.split(/[\s,]+/).filter(Boolean) : [];
}

/** Observes what becomes of the refresh token. Source: RFC 6749, section 6. */
const aboutRefresh: Reader = ({ answer: { statusCode, body }, record }) => {
  if (!record.name.startsWith('refresh') || statusCode >= 400 || !isObject(body) || body.error !== undefined)
    return undefined;
  const token = body.refresh_token;
  if (token === undefined) {
    const text =
      'The response has no new refresh token: the old one stays stored, unless the section stores something else.';
    return { text, trap: 'refresh-token-missing' };
  }
  if (token !== null && token !== '')
    return 'The response has a new refresh token; the old one may no longer be valid.';
  const found = token === null ? 'null' : 'an empty text';
  const text = `refresh_token is ${found}: {{ifempty(body.refresh_token, data.refreshToken)}} keeps the old one.`;
  return { text, trap: 'refresh-token-null' };
};

/** Observes a verifier that strict providers refuse. Source: RFC 7636, section 4.1. */
const aboutVerifier: Reader = ({ call }) => {
  const verifier = sentForm(call).get('code_verifier');
  if (verifier === undefined || /^[\w.~-]{43,128}$/.test(verifier)) return undefined;
  const length = `code_verifier has ${verifier.length} characters`;
  if (!/^[\w.~-]*$/.test(verifier))
    return `${length}, some of which RFC 7636 does not allow: only letters, digits and - . _ ~.`;
  const text = `${length}, but RFC 7636 requires 43 to 128: strict providers refuse it. {{uuid}} alone has 36.`;
  return { text, trap: 'pkce-short-verifier' };
};

const READERS: readonly Reader[] = [
  ...[aboutBody, aboutCharset, aboutStatus, aboutToken, aboutRefresh, aboutVerifier],
  ...ABOUT_REFUSALS,
];

/**
 * Observes parts of the authorization address that providers refuse. Sources: RFC 7636, section 4; RFC 6749, section
 * 3.1.2.
 */
function aboutVisit(url: string, { world, isOAuth1 }: Run): Note[] {
  const sent = new Map(readPairs(new URL(url).search.slice(1)));
  const notes: Note[] = [];
  const challenge = sent.get('code_challenge');
  const method = sent.get('code_challenge_method');
  if (challenge !== undefined && method !== 'S256') {
    const found = method === undefined ? 'code_challenge_method is missing' : `code_challenge_method is ${method}`;
    const trap = method === undefined ? 'pkce-method-missing' : 'pkce-plain';
    notes.push({ text: `${found}: strict providers accept only S256.`, trap });
  }
  if (challenge !== undefined && method === 'S256' && !/^[\w-]{43}$/.test(challenge)) {
    const text =
      "code_challenge is not the base64url of a SHA-256, which has 43 characters: {{base64url(sha256(temp.code_verifier, 'base64'))}}.";
    notes.push({ text, trap: 'pkce-challenge-form' });
  }
  const redirect = sent.get('redirect_uri');
  if (redirect !== undefined && redirect !== world.redirectUri) {
    const text = `The browser is redirected to ${redirect}, not back to this command: use {{oauth.localRedirectUri}}.`;
    notes.push({ text, trap: 'redirect-other-host' });
  } else if (redirect === undefined && !isOAuth1) {
    notes.push('The request has no redirect_uri: the provider uses a registered one.');
  }
  return notes;
}

/** Moments that are none, so that nothing that is compared with them is ever true. */
function aboutMoments({ stored }: StepRecord): string[] {
  const { data, expires } = stored;
  const named = [
    ...(isObject(data) ? Object.entries(data) : []).map(([name, value]) => [`data.${name}`, value] as const),
    ['expires', expires] as const,
  ];
  return named.flatMap(([name, value]) =>
    value instanceof Date && Number.isNaN(value.getTime())
      ? [`${asText(name)} is not a date, so a condition that compares it is never true.`]
      : [],
  );
}

/** The end that `response.expires` set, once it has come: reported with the first step. */
function aboutEnd(record: StepRecord, { name, records, started }: Run): string[] {
  const { expires } = record;
  const isFirst = records[0] === record && (name === 'verify' || name === 'refresh');
  if (!isFirst || expires === undefined || !(expires.getTime() <= started.getTime())) return [];
  return [
    `The connection ended at ${expires.toISOString()}, as response.expires said: Make wants the user to connect again.`,
  ];
}
