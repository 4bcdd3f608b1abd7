import { isObject, type JSONObject, jsonIn } from '../json.ts';
import { asText, readPairs } from './form-encoding.ts';
import { type Answer, mediaTypeOf } from './read-answer.ts';
import type { StepRecord } from './records.ts';
import { ABOUT_REFUSALS, isTokenStep, sentForm } from './refusals.ts';
import type { Run } from './run.ts';
import type { HttpCall } from './transport.ts';

/** Says of a step what is worth knowing of what the vendor did, and of how the request may have misled it. */
export function observations(record: StepRecord, run: Run): string[] {
  const { answer, exchanges, visit, request, isSilent } = record;
  const call = exchanges.at(-1)?.call;
  return [
    ...(isSilent === true ? ['The request has no url, so that nothing is sent.'] : []),
    ...(exchanges.length > 1 ? [redirects(exchanges.length - 1, call)] : []),
    ...(answer === undefined || call === undefined
      ? []
      : READERS.flatMap((read) => read({ answer, call, record, request }) ?? [])),
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

/** One sentence, or more, or nothing. */
export type Reader = (seen: Seen) => string | readonly string[] | undefined;

function redirects(count: number, call: HttpCall | undefined): string {
  const times = count === 1 ? 'one redirect was' : `${count} redirects were`;
  return `${times[0]?.toUpperCase()}${times.slice(1)} followed, the last with ${call?.method ?? ''}.`;
}

/** Observes a body that differs from its label, or from what is usual. */
const aboutBody: Reader = ({ answer: { body, headers, text, type, automatic }, record }) => {
  const mediaType = mediaTypeOf(headers);
  if (body === undefined || text === '') return 'The answer has no body.';
  if (body === null) return 'The answer is null, so that nothing can be read of it.';
  if (type === 'text' && automatic && isJSON(text)) {
    const label = mediaType === '' ? 'has no Content-Type' : `is labelled ${mediaType}`;
    return `The answer is JSON and ${label}, so that body is one text; "type": "json" under response reads it.`;
  }
  if (type === 'text' && automatic && isTokenStep(record)) {
    const looks = isFormText(text)
      ? 'a form that is not labelled as one; "type": "urlencoded" under response reads it'
      : 'a text';
    return `The vendor answered with ${looks}${isFormText(text) ? '' : ', so that body has no members'}.`;
  }
  if (type === 'urlencoded' && automatic && isTokenStep(record)) {
    return 'The vendor answered with a form and not with JSON: every value is a text, numbers too.';
  }
  if (type === 'json' && typeof body === 'string') return 'The answer is a JSON text, so that body has no members.';
  return undefined;
};

function isJSON(text: string | undefined): boolean {
  return text !== undefined && /^\s*[[{]/.test(text) && jsonIn(text) !== undefined;
}

function isFormText(text: string | undefined): boolean {
  return text !== undefined && /^[\w.-]+=[^\s<>]*$/.test(text.trim());
}

/** An error that the status hides, and a status that `valid` allows. */
const aboutStatus: Reader = ({ answer: { statusCode, body }, record, request }) => {
  const notes: string[] = [];
  const error = isObject(body) ? body.error : undefined;
  if (statusCode < 400 && error !== undefined && error !== null && error !== false) {
    const said = typeof error === 'string' ? ` (${error})` : '';
    const unseen = record.outcome === 'done' ? '; "valid": "{{!body.error}}" under response sees it' : '';
    notes.push(`The vendor said ${statusCode} and put an error${said} into the body${unseen}.`);
  }
  if (statusCode >= 400 && record.outcome === 'done') {
    notes.push(`The vendor said ${statusCode}, and "valid" takes it for success.`);
  }
  if (isObject(request.response) && request.response.valid === undefined && statusCode >= 300 && statusCode < 400) {
    notes.push(`The vendor said ${statusCode}, which is no failure unless "valid" says so.`);
  }
  return notes;
};

/** Observes unusual parts of an answer that grants a token. Source: RFC 6749, section 5.1. */
const aboutToken: Reader = ({ answer: { statusCode, body }, record }) => {
  if (!isTokenStep(record) || statusCode >= 400 || !isObject(body) || body.error !== undefined) return undefined;
  const { access_token: token, token_type: type, expires_in: seconds, scope } = body;
  const notes: string[] = [];
  if (token === undefined || token === null || token === '') {
    notes.push('There is no access_token in the answer.');
    return notes;
  }
  if (type === undefined) notes.push('There is no token_type in the answer, which RFC 6749 requires.');
  if (typeof seconds === 'string') notes.push(`expires_in is the text ${JSON.stringify(seconds)} and no number.`);
  else if (seconds === null) notes.push('expires_in is null: nobody knows when the token ends.');
  else if (seconds === undefined) notes.push('There is no expires_in in the answer: nobody knows when the token ends.');
  if (Array.isArray(scope)) notes.push('scope is a list and not a text with spaces in it.');
  if (body.refresh_token === null && !record.name.startsWith('refresh'))
    notes.push('refresh_token is null: the vendor gives none, and the connection ends with its access token.');
  return notes;
};

/** Observes what becomes of the refresh token. Source: RFC 6749, section 6. */
const aboutRefresh: Reader = ({ answer: { statusCode, body }, record }) => {
  if (!record.name.startsWith('refresh') || statusCode >= 400 || !isObject(body) || body.error !== undefined)
    return undefined;
  const token = body.refresh_token;
  if (token === undefined) {
    return 'The answer brings no new refresh token: the old one stays, and is stored on unless the section stores something else.';
  }
  if (token !== null && token !== '')
    return 'The answer brings a new refresh token; the old one may have ended with that.';
  const found = token === null ? 'null' : 'an empty text';
  return `refresh_token is ${found}: {{ifempty(body.refresh_token, data.refreshToken)}} keeps the old one.`;
};

/** Observes a verifier that strict providers refuse. Source: RFC 7636, section 4.1. */
const aboutVerifier: Reader = ({ call }) => {
  const verifier = sentForm(call).get('code_verifier');
  if (verifier === undefined || /^[\w.~-]{43,128}$/.test(verifier)) return undefined;
  const length = `code_verifier has ${verifier.length} characters`;
  return /^[\w.~-]*$/.test(verifier)
    ? `${length}, and RFC 7636 wants 43 to 128: strict providers refuse it. {{uuid}} alone has 36.`
    : `${length}, some of which RFC 7636 does not allow: letters, digits and - . _ ~ are.`;
};

const READERS: readonly Reader[] = [aboutBody, aboutStatus, aboutToken, aboutRefresh, aboutVerifier, ...ABOUT_REFUSALS];

/**
 * Observes parts of the authorization address that providers refuse. Sources: RFC 7636, section 4; RFC 6749, section
 * 3.1.2.
 */
function aboutVisit(url: string, { world, isOAuth1 }: Run): string[] {
  const sent = new Map(readPairs(new URL(url).search.slice(1)));
  const notes: string[] = [];
  const challenge = sent.get('code_challenge');
  const method = sent.get('code_challenge_method');
  if (challenge !== undefined && method !== 'S256') {
    const found = method === undefined ? 'There is no code_challenge_method' : `code_challenge_method is ${method}`;
    notes.push(`${found}: strict providers take S256 and nothing else.`);
  }
  if (challenge !== undefined && method === 'S256' && !/^[\w-]{43}$/.test(challenge)) {
    notes.push(
      "code_challenge is not the base64url of a SHA-256, which has 43 characters: {{base64url(sha256(temp.code_verifier, 'base64'))}}.",
    );
  }
  const redirect = sent.get('redirect_uri');
  if (redirect !== undefined && redirect !== world.redirectUri) {
    notes.push(`The browser is sent on to ${redirect}, and not back here: use {{oauth.localRedirectUri}}.`);
  } else if (redirect === undefined && !isOAuth1) {
    notes.push('There is no redirect_uri: the provider chooses one of those that it knows.');
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
      ? [`${asText(name)} is no date, so that a condition that compares it is never true.`]
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
