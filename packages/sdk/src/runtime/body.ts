import { FUNCTIONS } from '../iml/functions/index.ts';
import { isObject, lookUp } from '../json.ts';
import { isPlain } from './expressions.ts';
import { Failure, type Reason } from './failure.ts';
import { asText, isBytes, pairsOf, written } from './form-encoding.ts';

/** A body as it is sent. */
export interface WrittenBody {
  readonly bytes: Uint8Array;
  /** The Content-Type that goes with it unless the request names one; undefined when only the request can know. */
  readonly mediaType: string | undefined;
}

type Writer = (value: unknown, refuse: Refuse) => WrittenBody | Promise<WrittenBody>;
type Refuse = (what: string, hint: string) => Failure;

/** How a body is written, by the directive `type`. Source: Make's documentation, "Making requests", type. */
const WRITERS: Readonly<Record<string, Writer>> = {
  json: (value) => ({ bytes: utf8(JSON.stringify(value)), mediaType: 'application/json' }),
  urlencoded: (value, refuse) => {
    const mediaType = 'application/x-www-form-urlencoded';
    if (typeof value === 'string') return { bytes: utf8(value), mediaType };
    if (!isObject(value)) throw refuse('a form takes an object', 'Write the fields of the form as an object.');
    return { bytes: utf8(written(pairsOf(value, 'left out'))), mediaType };
  },
  'multipart/form-data': multipart,
  text: plain(undefined),
  string: plain(undefined),
  raw: plain(undefined),
  binary: (value) => ({ bytes: isBytes(value) ? value : utf8(asText(value)), mediaType: undefined }),
  xml: (value, refuse) => {
    if (!isObject(value)) return plain('application/xml')(value, refuse);
    const bytes = utf8(asText(FUNCTIONS.get('createXML')?.run([value], SURROUNDINGS)));
    return { bytes, mediaType: 'application/xml' };
  },
};

/** Surroundings for `createXML`; it uses neither clock nor chance. */
const SURROUNDINGS = { now: () => new Date(0), random: () => 0, uuid: () => '', spend: () => {} };

/**
 * Writes the body of a request.
 * @throws Failure when the type is none, or cannot take such a value
 */
export async function writeBody(type: unknown, value: unknown, path: Reason['path']): Promise<WrittenBody> {
  const name = type ?? 'json';
  const write = typeof name === 'string' ? lookUp(WRITERS, name) : undefined;
  if (write === undefined) {
    throw new Failure({
      code: 'run/request',
      message: `The body cannot be written as ${JSON.stringify(name)}.`,
      hint: `The types are ${Object.keys(WRITERS).join(', ')}.`,
      path: [...path, 'type'],
    });
  }
  const refuse: Refuse = (what, hint) =>
    new Failure({
      code: 'run/request',
      message: `The body cannot be written as ${name}: ${what}.`,
      hint,
      path: [...path, 'body'],
    });
  try {
    return await write(value, refuse);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refuse(error instanceof Error ? error.message : String(error), 'Check what the body is made of.');
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function plain(mediaType: string | undefined): Writer {
  return (value, refuse) => {
    if (isBytes(value)) return { bytes: value, mediaType };
    if (Array.isArray(value) || isPlain(value)) {
      throw refuse('it is not a text', 'Use the type json, or convert it to a text with createJSON.');
    }
    return { bytes: utf8(asText(value)), mediaType };
  };
}

/** Bytes become files, `{ value, options: { filename, contentType } }` names them, everything else is a field. */
async function multipart(value: unknown, refuse: Refuse): Promise<WrittenBody> {
  if (!isObject(value)) throw refuse('a form takes an object', 'Write the fields of the form as an object.');
  const form = new FormData();
  for (const [name, field] of Object.entries(value)) {
    for (const each of Array.isArray(field) ? field : [field]) append(form, name, each);
  }
  const response = new Response(form);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, mediaType: response.headers.get('content-type') ?? undefined };
}

function append(form: FormData, name: string, field: unknown): void {
  if (field === undefined || field === null) return;
  const isDescribed = isObject(field) && 'value' in field;
  const content = isDescribed ? field.value : field;
  const { filename, contentType } = isDescribed && isObject(field.options) ? field.options : {};
  if (!isBytes(content) && filename === undefined) form.append(name, asText(content));
  else {
    const type = typeof contentType === 'string' ? contentType : 'application/octet-stream';
    const part = isBytes(content) ? new Uint8Array(content) : asText(content);
    form.append(name, new Blob([part], { type }), typeof filename === 'string' ? filename : 'file');
  }
}

/** Checks if a Content-Type says that a body is a form whose fields a signature covers. Source: RFC 5849, section 3.4.1.3. */
export function isForm(mediaType: string | undefined): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(mediaType ?? '');
}
