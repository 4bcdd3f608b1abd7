import { isObject, type JSONObject, jsonIn } from '../json.ts';
import { isForm } from '../runtime/body.ts';
import { objectOf, readPairs } from '../runtime/form-encoding.ts';
import { mediaTypeOf } from '../runtime/read-answer.ts';
import type { HttpCall } from '../runtime/transport.ts';
import type { ExpectedRequest } from './test-file.ts';

/** A request, or an address that the browser was sent to, in the parts that tests compare. */
export interface Sent {
  readonly method?: string;
  /** As it was sent. */
  readonly address: string;
  /** The same without its query string. */
  readonly url: string;
  readonly qs: JSONObject;
  /** Names in lower case. */
  readonly headers: JSONObject;
  /** A value where it is JSON or a form, a text otherwise; undefined when there is none. */
  readonly body?: unknown;
  /** The body as it was sent, where that is a text. */
  readonly text?: string;
}

/** Headers of the runtime itself: authors do not write them, and they may change. */
export const OWN_HEADERS: readonly string[] = ['user-agent'];

/** Methods whose requests have no body. */
const BODILESS: readonly unknown[] = ['GET', 'HEAD', undefined];

/** Returns the expectation that such a request fulfils. */
export function expectedFrom({ method, url, qs, headers, body }: Sent): ExpectedRequest {
  const named = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  return {
    ...(method === undefined ? {} : { method }),
    ...{ url, qs },
    ...(named.length === 0 ? {} : { headers: Object.fromEntries(named) }),
    ...(body === undefined && BODILESS.includes(method) ? {} : { body: body ?? null }),
  };
}

/** Returns the request in its parts. */
export async function sentBy({ method, url, headers, body }: HttpCall): Promise<Sent> {
  const read: ReadBody = body === undefined ? { sent: {} } : await readBody(body, headers);
  return { method, ...addressed(url), headers: { ...headers, ...read.headers }, ...read.sent };
}

/** Returns an address in its parts. */
export function addressed(address: string): Pick<Sent, 'address' | 'url' | 'qs' | 'headers'> {
  const at = address.indexOf('?');
  if (at < 0) return { address, url: address, qs: {}, headers: {} };
  return { address, url: address.slice(0, at), qs: objectOf(readPairs(address.slice(at + 1))), headers: {} };
}

interface ReadBody {
  readonly sent: Pick<Sent, 'body' | 'text'>;
  readonly headers?: JSONObject;
}

async function readBody(bytes: Uint8Array, headers: HttpCall['headers']): Promise<ReadBody> {
  const mediaType = mediaTypeOf(headers);
  if (mediaType === 'multipart/form-data') {
    // What parts it is chosen anew for each request, and tells nothing.
    return { sent: { body: await partsOf(bytes, headers) }, headers: { 'content-type': mediaType } };
  }
  const text = textOf(bytes);
  if (text === undefined) return { sent: { body: { bytes: Buffer.from(bytes).toString('base64') } } };
  if (isForm(headers['content-type'])) return { sent: { body: objectOf(readPairs(text)), text } };
  const json = /[/+]json$/.test(mediaType) ? jsonIn(text) : undefined;
  return { sent: { body: json ?? text, text } };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the fields of a form in parts; files with their names, types and texts. */
async function partsOf(bytes: Uint8Array, headers: HttpCall['headers']): Promise<JSONObject> {
  const response = new Response(new Uint8Array(bytes), { headers: { 'content-type': headers['content-type'] ?? '' } });
  const fields = new Map<string, unknown>();
  for (const [name, value] of await response.formData()) {
    const each =
      typeof value === 'string' ? value : { filename: value.name, type: value.type, text: await value.text() };
    const before = fields.get(name);
    fields.set(name, before === undefined ? each : [before, each].flat());
  }
  return Object.fromEntries(fields);
}

/** Leaves out the state, which is another one in every visit, unless the test names it. */
export function stateless(sent: Sent, expected: ExpectedRequest = {}): Sent {
  if (Object.hasOwn(expected.qs ?? {}, 'state')) return sent;
  const { state: _, ...qs } = sent.qs;
  return { ...sent, qs };
}

/** Returns the value with the texts that query strings and forms hold in place of numbers and booleans. */
export function asSent(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asSent);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asSent(each)]));
}
