import type { Code } from '../codes.ts';
import { ConnectorError } from '../diagnostics.ts';
import { parseExactly, writeExactly } from '../exact-numbers.ts';
import { type Answered, type AnswerFields, type Read, readAnswer } from './answer-fields.ts';
import { type Contract, type Operation, operationsOf } from './operations.ts';
import type { Endpoint, HttpRequest, HttpResponse, ReadError, Sending } from './platform.ts';
import { withoutSecrets } from './redact-response.ts';

/** Input and output of an operation, as generated from a contract. */
export interface OperationTypes {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly answer: unknown;
}

/** The parts of a call. A string body is sent as it is, in the operation's first media type; others as JSON. */
export interface CallParts extends Sending {
  readonly path?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** Conventions of a vendor that a contract does not describe. */
export interface Conventions<Wanted = undefined> {
  readonly contract: Contract;
  /** The headers that prove who calls. */
  readonly credentials: (token: string) => Readonly<Record<string, string>>;
  readonly readError: ReadError;
  /** Parts of the answers that are read, by operation: those are held against the contract. */
  readonly reads?: Wanted | undefined;
  /** Operations whose answers hold secrets, and are never quoted. */
  readonly secret?: readonly string[];
  /** Operations of whose answers numbers keep their digits, whatever a double can hold: what is read is sent again. */
  readonly exact?: readonly string[];
  /** True if a list of one may be written as that one. */
  readonly oneAsList?: boolean;
  /** Advice for a status, where the general advice does not fit. */
  readonly hints?: { readonly [status: number]: string };
  /** Value of the Accept header (default: JSON before anything else). */
  readonly accept?: string;
  /** Reads the text of an answer that is more than JSON, or not always the same JSON; throws when it cannot. */
  readonly parse?: (text: string) => unknown;
  /** Vendors also refuse in bodies of their own, whatever the status; undefined when an answer is no such refusal. */
  readonly refused?: (response: HttpResponse) => { readonly code: Code; readonly hint: string } | undefined;
}

/** Parts of answers that a client reads, by operation. */
export type Reads<Operations> = {
  readonly [Id in keyof Operations]?: Operations[Id] extends OperationTypes
    ? AnswerFields<Operations[Id]['answer']>
    : never;
};

/** Calls an operation; gives what is read of its answer, or all of it where nobody says what is read. */
export type Call<Operations, Wanted = undefined> = <Id extends keyof Operations & string>(
  id: Id,
  parts?: Partial<Operations[Id]> & CallParts,
) => Promise<Operations[Id] extends OperationTypes ? AnswerRead<Operations[Id]['answer'], Id, Wanted> : never>;

type AnswerRead<Answer, Id, Wanted> = Wanted extends undefined
  ? Answer
  : Id extends keyof Wanted
    ? Read<Answer, Wanted[Id]>
    : undefined;

/**
 * Calls a contract's operations: each call is built, sent and interpreted.
 * @throws ConnectorError from calls: auth `origin/unauthenticated` and `origin/forbidden`, refused `origin/not-found`,
 * `origin/refused`, and `origin/unexpected-answer` for what is not as the contract says it, as far as it is read.
 */
export function contractClient<Operations, Wanted = undefined>(
  conventions: Conventions<Wanted>,
  endpoint: Endpoint,
): Call<Operations, Wanted> {
  const {
    accept = 'application/json, */*',
    contract,
    credentials,
    exact,
    oneAsList = false,
    parse,
    secret,
  } = conventions;
  const operations = operationsOf(contract);
  const reads = (conventions.reads ?? {}) as Readonly<Record<string, unknown>>;
  return async (id, parts = {}) => {
    const operation = operations.get(id);
    if (operation === undefined) throw new Error(`the contract has no operation ${id}`);
    const request = build(operation, parts, endpoint, { accept, ...credentials(endpoint.token) });
    const answered: Answered = { request, ...(await endpoint.send(request)) };
    refuse(operation, answered, conventions);
    const isSecret = secret?.includes(id) ?? false;
    return readAnswer(operation, answered, {
      contract,
      reading: reads[id],
      oneAsList,
      parse: exact?.includes(id) ? parseExactly : parse,
      secret: isSecret,
    }) as never;
  };
}

function build(
  operation: Operation,
  { path, query, body, recheck }: CallParts,
  { url }: Endpoint,
  given: Readonly<Record<string, string>>,
): HttpRequest {
  const values = (path ?? {}) as Record<string, unknown>;
  const filled = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const search = queryString(query);
  const headers: Record<string, string> = { ...given };
  const address = `${url}${filled}${search}`;
  const request = { method: operation.method, url: address, headers, ...(recheck === undefined ? {} : { recheck }) };
  if (body === undefined) return request;
  headers['content-type'] = operation.mediaTypes[0] ?? 'application/json';
  return { ...request, body: typeof body === 'string' ? body : writeExactly(body) };
}

function queryString(query: unknown): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    const list = key.endsWith('[]') ? key : `${key}[]`;
    if (Array.isArray(value)) for (const item of value) search.append(list, String(item));
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, item] of Object.entries(value)) search.append(`${key}[${inner}]`, String(item));
    } else if (value !== undefined) search.append(key, String(value));
  }
  return search.size === 0 ? '' : `?${search}`;
}

const REFUSALS = {
  401: { kind: 'auth', code: 'origin/unauthenticated' },
  403: { kind: 'auth', code: 'origin/forbidden' },
  404: { kind: 'refused', code: 'origin/not-found' },
} as const;

function hintFor(status: number, operation: Operation, hints: Conventions['hints']): string {
  const own = hints?.[status];
  if (own !== undefined) return own;
  if (status === 401) return 'Check the token of this origin.';
  if (status === 403) return `Use a token that has the scope ${operation.scopes.join(', ')}.`;
  if (status === 404) return 'Push the project, or correct the name that it is recorded under.';
  return status >= 500 ? 'Try again later.' : 'Correct what the platform reports, then try again.';
}

/** @throws ConnectorError when the answer is a refusal */
function refuse(operation: Operation, answered: Answered, { readError, hints, refused }: Conventions<unknown>): void {
  const { status, request } = answered;
  const named = refused?.(answered);
  if (status >= 200 && status < 300 && named === undefined) return;
  const words = readError({ ...answered, body: withoutSecrets(request, answered.body) });
  const asked = `${request.method} ${new URL(request.url).pathname}`;
  const message = `${asked} was refused with ${status}: ${words ?? `no reason was given for ${operation.id}`}`;
  const { kind, code } = REFUSALS[status as keyof typeof REFUSALS] ?? { kind: 'refused', code: 'origin/refused' };
  throw new ConnectorError(kind, { code, message, hint: hintFor(status, operation, hints), ...named });
}
