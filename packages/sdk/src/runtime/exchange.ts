import type { Path } from '../diagnostics.ts';
import { placeOf } from './address.ts';
import { type Built, isReading } from './build.ts';
import { Failure } from './failure.ts';
import type { RunLimits } from './limits.ts';
import { type HttpAnswer, type HttpCall, type Transport, TransportError } from './transport.ts';

/** A request as it went out, and its answer, when there was one. */
export interface Exchanged {
  readonly call: HttpCall;
  answer?: HttpAnswer;
  /** By the clock of the run. */
  milliseconds: number;
}

/** Context of sending, beside the request. */
export interface Sending {
  readonly transport: Transport;
  readonly limits: RunLimits;
  readonly now: () => Date;
  /** Of the request, into `api`. */
  readonly path: Path;
  /** Told of each request before it goes out, so that the run knows how many there were, and of what came back. */
  readonly sent: (exchange: Exchanged) => void;
}

/**
 * Sends a request and follows the redirects that it allows: what only reads is read there, everything else becomes a
 * GET unless the answer is 307 or 308. To another origin go no credentials and no cookies.
 * @throws Failure when there is no whole answer, and when redirects do not end
 */
export async function exchange({ call, follow }: Built, sending: Sending): Promise<HttpAnswer> {
  const { limits } = sending;
  const seen = new Set<string>();
  const [step] = sending.path;
  let next: HttpCall = {
    ...(typeof step === 'string' ? { step } : {}),
    ...{ ...call, timeout: limits.timeout, largest: limits.answer },
  };
  for (;;) {
    const answer = await once(next, sending);
    const target = isReading(call.method) ? follow.reading : follow.writing;
    const location = target ? locationOf(answer, next) : undefined;
    if (location === undefined) return answer;
    seen.add(`${next.method} ${next.url}`);
    next = redirected(next, answer.status, location);
    if (seen.has(`${next.method} ${next.url}`) || seen.size >= limits.redirects) {
      throw loop(next.url, seen.size, sending.path);
    }
  }
}

async function once(call: HttpCall, { transport, now, path, sent }: Sending): Promise<HttpAnswer> {
  const exchange: Exchanged = { call, milliseconds: 0 };
  sent(exchange);
  const started = now().getTime();
  try {
    exchange.answer = await transport(call);
    return exchange.answer;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new Failure({ ...WORDS[error.failure](call, error.message), path: [...path, 'url'] }, { cause: error });
  } finally {
    exchange.milliseconds = now().getTime() - started;
  }
}

type Words = (call: HttpCall, what: string) => Pick<Failure['reason'], 'code' | 'message' | 'hint'>;

const WORDS: Readonly<Record<TransportError['failure'], Words>> = {
  timeout: ({ method, url, timeout }, what) => ({
    code: 'run/timeout',
    message: `${method} ${placeOf(url)} got no complete response within ${timeout / 1000} seconds: ${what}.`,
    hint: 'Make has the same limit: find out why the API is slow, or use a faster endpoint.',
  }),
  'too-large': ({ method, url, largest }) => ({
    code: 'run/too-large',
    message: `The response to ${method} ${placeOf(url)} has more than ${Math.floor(largest / 1024)} KB.`,
    hint: 'Use an endpoint with a smaller response, such as the account of the user.',
  }),
  certificate: ({ url }, what) => ({
    code: 'run/unreachable',
    message: `${placeOf(url)} cannot be trusted: ${what}.`,
    hint: 'If the API has its own certificate authority, set its certificate in "ca".',
  }),
  unreadable: ({ method, url }, what) => ({
    code: 'run/answer',
    message: `The response to ${method} ${placeOf(url)} cannot be read: ${what}.`,
    hint: 'A proxy between this machine and the API may have changed the response; otherwise report it to the vendor.',
  }),
  unreachable: ({ method, url }, what) => ({
    code: 'run/unreachable',
    message: `${placeOf(url)} cannot be reached: ${what}. The request was ${method}.`,
    hint: 'Check the host and the port in the URL, and the network.',
  }),
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Undefined for an answer that leads nowhere else. */
function locationOf({ status, headers }: HttpAnswer, { url }: HttpCall): string | undefined {
  const location = [headers.location].flat()[0];
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, url)) return undefined;
  const target = new URL(location, url);
  target.hash = '';
  return /^https?:$/.test(target.protocol) ? target.href : undefined;
}

/** Headers that belong to a body. */
const OF_BODY = new Set(['content-type', 'content-length', 'content-encoding', 'content-language', 'content-md5']);
/** Headers that belong to an origin. */
const OF_ORIGIN = new Set(['authorization', 'cookie', 'proxy-authorization', 'host']);

function redirected(call: HttpCall, status: number, url: string): HttpCall {
  const keeps = status === 307 || status === 308 || isReading(call.method);
  const moves = new URL(url).origin !== new URL(call.url).origin;
  const headers = Object.fromEntries(
    Object.entries(call.headers).filter(([name]) => !(moves && OF_ORIGIN.has(name)) && (keeps || !OF_BODY.has(name))),
  );
  if (keeps) return { ...call, url, headers };
  const { body: _, ...rest } = call;
  return { ...rest, method: 'GET', url, headers };
}

function loop(url: string, count: number, path: Path): Failure {
  return new Failure({
    code: 'run/redirect-loop',
    message: `After ${count} ${count === 1 ? 'redirect' : 'redirects'} the API redirects to ${placeOf(url)} again, without a response.`,
    hint: 'Use the exact URL that the API documents, including or without the slash at its end; or set "followRedirects": false.',
    path: [...path, 'url'],
  });
}
