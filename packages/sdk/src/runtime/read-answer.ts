import { FUNCTIONS } from '../iml/functions/index.ts';
import { DEEPEST, isDeeper, isObject, lookUp } from '../json.ts';
import { Failure, type Reason } from './failure.ts';
import { objectOf, readPairs } from './form-encoding.ts';
import type { HttpAnswer } from './transport.ts';

/** An answer as expressions see it. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
  /** How the body was read: what the directive says, or what its Content-Type tells. */
  readonly type: AnswerType;
  /** True if the Content-Type gave it. */
  readonly automatic: boolean;
  /** The body as text; undefined for bytes. */
  readonly text: string | undefined;
  /** The charset that its Content-Type names, if that is unknown: the text was read as UTF-8. */
  readonly unknownCharset?: string;
}

type AnswerType = 'json' | 'urlencoded' | 'xml' | 'text' | 'binary';

const ALIASES: Readonly<Record<string, AnswerType | 'automatic'>> = {
  automatic: 'automatic',
  json: 'json',
  urlencoded: 'urlencoded',
  xml: 'xml',
  text: 'text',
  string: 'text',
  raw: 'text',
  binary: 'binary',
};

/** The type for a status: of a map, that of the smallest range that holds it. Source: Make's documentation, "Type". */
export function typeFor(directive: unknown, status: number): unknown {
  if (!isObject(directive)) return directive;
  let best: { readonly type: unknown; readonly size: number } | undefined;
  for (const [range, type] of Object.entries(directive)) {
    const [, from = '1', to = range === '*' ? '999' : from] = /^(\d{3})(?:-(\d{3}))?$/.exec(range) ?? [];
    const size = Number(to) - Number(from);
    if (status < Number(from) || status > Number(to) || (best !== undefined && best.size <= size)) continue;
    best = { type, size };
  }
  return best?.type;
}

/**
 * Reads the body of an answer by its type. What a refusal cannot be read as is left a text: it is the status that is reported.
 * @param type from `typeFor`; automatic when it is undefined
 * @throws Failure for a type that there is not, and for a body that is not what it is to be read as
 */
export function readAnswer({ status, headers, body }: HttpAnswer, type: unknown, path: Reason['path']): Answer {
  const given = type ?? 'automatic';
  const wanted = typeof given === 'string' ? lookUp(ALIASES, given) : undefined;
  const place = [...path, 'response', 'type'];
  if (wanted === undefined) {
    const hint = `The types are ${Object.keys(ALIASES).join(', ')}.`;
    const message = `The answer cannot be read as ${JSON.stringify(given)}.`;
    throw new Failure({ code: 'run/answer', message, hint, path: place });
  }
  const automatic = wanted === 'automatic';
  const mediaType = mediaTypeOf(headers);
  const resolved = automatic ? reported(mediaType, body) : wanted;
  const answer = { statusCode: status, headers, automatic, type: resolved };
  if (resolved === 'binary') return { ...answer, body, text: undefined };
  const decoded = decode(body, headers);
  const { text } = decoded;
  try {
    return { ...answer, ...decoded, body: READERS[resolved](text) };
  } catch (error) {
    if (status >= 400) return { ...answer, ...decoded, type: 'text', body: text };
    throw unreadable({ type: resolved, text, mediaType, automatic, place, error });
  }
}

/** Nothing is read of an empty body. */
const READERS: Readonly<Record<Exclude<AnswerType, 'binary'>, (text: string) => unknown>> = {
  json: (text) => (text.trim() === '' ? undefined : shallow(JSON.parse(text))),
  urlencoded: (text) => objectOf(readPairs(text.trim().replace(/^\?/, ''))),
  xml: (text) => (text.trim() === '' ? undefined : FUNCTIONS.get('parseXML')?.run([text], SURROUNDINGS)),
  text: (text) => text,
};

const TOO_DEEP = new Error('nested too deeply');

/** @throws TOO_DEEP for what is nested so deeply that nothing could look at it */
function shallow(value: unknown): unknown {
  if (isDeeper(value, DEEPEST)) throw TOO_DEEP;
  return value;
}

/** Surroundings for `parseXML`; the length of an answer was limited before. */
const SURROUNDINGS = { now: () => new Date(0), random: () => 0, uuid: () => '', spend: () => {} };

const NAMES = { json: 'JSON', urlencoded: 'a form', xml: 'XML', text: 'text', binary: 'bytes' } as const;

interface Unreadable extends Pick<Answer, 'type' | 'automatic'> {
  readonly text: string;
  readonly mediaType: string;
  readonly place: Reason['path'];
  readonly error: unknown;
}

function unreadable({ type, text, mediaType, automatic, place, error }: Unreadable): Failure {
  const why = automatic ? `its Content-Type is ${mediaType}` : 'the section says so';
  const looks = LOOKS.find(({ not, is }) => type !== not && is.test(text))?.words ?? '';
  const deep = error === TOO_DEEP ? ` It is nested deeper than ${DEEPEST} levels.` : looks;
  const message = `The answer is to be read as ${NAMES[type]}, because ${why}, and cannot be.${deep}`;
  const hint =
    'Look at the answer in the trace: the URL may lead to a page for people, or the answer may need another "type" in "response".';
  return new Failure({ code: 'run/answer', message, hint, path: place }, { cause: error });
}

/** Guesses at what a text that cannot be read is; the first that fits counts. What the parser said is left out: it quotes the text. */
const LOOKS: readonly { readonly is: RegExp; readonly not?: AnswerType; readonly words: string }[] = [
  { is: /^\s*</, not: 'xml', words: ' It looks like HTML or XML.' },
  { is: /<!DOCTYPE[^>]*\[/i, words: ' It declares entities, which are not read.' },
  { is: /^[\w.-]+=/, words: ' It looks like a form.' },
];

/** The media type of an answer in lower case, without its parameters; empty when there is none. */
export function mediaTypeOf(headers: HttpAnswer['headers']): string {
  const [value = ''] = [headers['content-type']].flat();
  return value.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Returns the type of an answer by its Content-Type. */
function reported(mediaType: string, body: Uint8Array): AnswerType {
  if (/^application\/(json|[\w.+-]+\+json)$/.test(mediaType)) return 'json';
  if (mediaType === 'application/x-www-form-urlencoded') return 'urlencoded';
  if (/^(application|text)\/xml$|^application\/[\w.-]+\+xml$/.test(mediaType)) return 'xml';
  return mediaType.startsWith('text/') || isUTF8(body) ? 'text' : 'binary';
}

function isUTF8(body: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(body).includes('\0');
  } catch {
    return false;
  }
}

/** Reads bytes as text by the charset of their Content-Type; as UTF-8 where it names none, or an unknown one. */
function decode(body: Uint8Array, headers: HttpAnswer['headers']): Pick<Answer, 'unknownCharset'> & { text: string } {
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([\w.:-]+)/i.exec([headers['content-type']].flat()[0] ?? '') ?? [];
  try {
    return { text: new TextDecoder(charset).decode(body) };
  } catch {
    return { text: new TextDecoder().decode(body), unknownCharset: charset };
  }
}
