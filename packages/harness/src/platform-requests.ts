import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { lookUp } from '@connectorkit/sdk/emulator';
import type { Emulation, Incoming, Outgoing } from './emulate.ts';
import { Refusal } from './emulator.ts';
import type { RequestJournal } from './journal.ts';
import { isSecure } from './origin.ts';

/**
 * Answers a request to a platform. It stands before Express: on Node 20 and 22 the prototype that Express gives each
 * request and answer makes every access to them slow, and its chain of middleware costs more than the answer.
 * @param facts gets what the request was for, before it is answered
 */
export async function answerRequest(
  emulation: Emulation,
  request: IncomingMessage,
  response: ServerResponse,
  journal: RequestJournal,
  facts?: { route?: string | undefined },
) {
  const started = performance.now();
  const { method = 'GET', url = '/', headers } = request;
  const body = hasBody(request) ? await readBody(request, emulation.bodyLimit(method, url)) : undefined;
  // Nobody is left to be answered.
  if (body instanceof Refusal && request.destroyed && !request.complete) return;
  const given = body instanceof Refusal ? undefined : body;
  const incoming = { method, url, headers, body: given, secure: isSecure(request) };
  const outgoing = body instanceof Refusal ? emulation.refused(method, url, body) : await emulation.answer(incoming);
  if (facts !== undefined) facts.route = routeOf(outgoing);
  if (outgoing.cut === undefined) sendAnswer(response, outgoing);
  else sendCut(response, outgoing);
  note(journal, emulation, incoming, outgoing, { started });
}

/**
 * Sends a request of the harness's own as a client would: faults strike it, and it stands in the journal.
 * @param replayOf the number of the entry whose request it is
 */
export async function askAsClient(
  emulation: Emulation,
  incoming: Incoming,
  journal: RequestJournal,
  replayOf?: number,
): Promise<Outgoing> {
  const started = performance.now();
  const outgoing = await emulation.answer(incoming);
  note(journal, emulation, incoming, outgoing, { started, ...(replayOf === undefined ? {} : { replayOf }) });
  return outgoing;
}

function note(
  journal: RequestJournal,
  emulation: Emulation,
  incoming: Incoming,
  outgoing: Outgoing,
  { started, ...replay }: { readonly started: number; readonly replayOf?: number },
): void {
  // Of a body whose type nobody reads nobody knows what in it is secret.
  const body = incoming.body === undefined || emulation.declaresBody(incoming) ? incoming.body : undefined;
  const bytes = incoming.body?.length ?? 0;
  journal.record({ ...incoming, body }, outgoing, { milliseconds: performance.now() - started, bytes, ...replay });
}

/** The template of an answer's path: that of its contract, or where there is none the operation. */
function routeOf({ route }: Outgoing): string | undefined {
  return route === undefined ? undefined : (route.path ?? `${route.platform} ${route.operation}`);
}

/** Sends an answer as it is. */
export function sendAnswer(response: ServerResponse, { status, headers, body, encoding: said }: Outgoing): void {
  const encoding = said ?? 'utf8';
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body, encoding) };
  const safe = String(headers['content-type']).startsWith('text/html') ? PAGE : ANSWER;
  response.writeHead(status, { ...safe, ...headers, ...length }).end(body, encoding);
}

/** Headers of every answer to browsers, unless a platform has its own. */
const ANSWER = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** Headers of every page. */
const PAGE = {
  ...ANSWER,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/** Cuts the connection where a fault that was asked for says. */
function sendCut(response: ServerResponse, { cut, status, headers, body, encoding }: Outgoing): void {
  const { socket } = response.req;
  const bytes = Buffer.from(body, encoding);
  if (cut === 'within' && bytes.length > 1) {
    response.writeHead(status, { ...headers, 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length >> 1), () => socket.destroy());
    return;
  }
  try {
    socket.resetAndDestroy();
  } catch {
    // Only bare TCP can be reset.
    socket.destroy();
  }
}

/** Sends a whole page of the harness's own; it can neither run scripts nor load anything. */
export function sendPage(response: ServerResponse, page: string, status = 200): void {
  response.writeHead(status, { ...PAGE, 'content-type': 'text/html; charset=utf-8' }).end(page);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { ...ANSWER, ...headers, 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

const TOO_LARGE = new Refusal('too-large', 'request entity too large');
const UNREADABLE = new Refusal('malformed', 'The body could not be read.');

/** How much more than its limit a body may have before the connection is cut, instead of being read to its end. */
const OVERRUN = 64_000_000;

/**
 * The body, or why there is none. A body that is too large is read to its end without being kept, because a client
 * that still sends does not see an answer.
 */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | Refusal> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > limit + OVERRUN) request.destroy();
    });
    request.once('end', () => {
      if (size > limit) return resolve(TOO_LARGE);
      const [first = Buffer.alloc(0)] = chunks;
      resolve(decoded(request, chunks.length > 1 ? Buffer.concat(chunks, size) : first, limit));
    });
    request.once('close', () => resolve(UNREADABLE));
    request.once('error', () => resolve(UNREADABLE));
  });
}

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip) as Decode,
  deflate: promisify(inflate) as Decode,
  br: promisify(brotliDecompress) as Decode,
};

async function decoded({ headers }: IncomingMessage, bytes: Buffer, limit: number): Promise<Buffer | Refusal> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return bytes;
  const decode = lookUp(DECODERS, encoding);
  if (decode === undefined) return new Refusal('media-type', `The body cannot be read in the encoding ${encoding}.`);
  try {
    return await decode(bytes, { maxOutputLength: limit });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : UNREADABLE;
  }
}
