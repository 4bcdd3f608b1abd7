import type { Code } from '../codes.ts';
import { ConnectorError } from '../diagnostics.ts';
import { type Contract, type Operation, operationsOf } from './operations.ts';
import type { Endpoint, HttpRequest, HttpResponse, ReadError, Sending } from './platform.ts';

/** What an operation takes and gives, as generated from a contract. */
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

/** What of a vendor's conventions a contract does not say. */
export interface Conventions {
  readonly contract: Contract;
  /** The headers that prove who calls. */
  readonly credentials: (token: string) => Readonly<Record<string, string>>;
  readonly readError: ReadError;
  /** What to do about a status, where the general advice does not fit. */
  readonly hints?: { readonly [status: number]: string };
  /** What the client accepts; JSON before anything else unless said. */
  readonly accept?: string;
  /** Reads an answer that is more than JSON, or not always the same JSON. What it throws says that it cannot. */
  readonly readAnswer?: (text: string, mediaType: string) => unknown;
  /** Vendors also refuse in bodies of their own, whatever the status; undefined when an answer is no such refusal. */
  readonly refused?: (response: HttpResponse) => { readonly code: Code; readonly hint: string } | undefined;
}

export type Call<Operations> = <Id extends keyof Operations & string>(
  id: Id,
  parts?: Partial<Operations[Id]> & CallParts,
) => Promise<Operations[Id] extends OperationTypes ? Operations[Id]['answer'] : never>;

/** Calls a contract's operations: each call is built, sent and interpreted. */
export function contractClient<Operations>(conventions: Conventions, endpoint: Endpoint): Call<Operations> {
  const operations = operationsOf(conventions.contract);
  return async (id, parts = {}) => {
    const operation = operations.get(id);
    if (operation === undefined) throw new Error(`the contract has no operation ${id}`);
    const { accept = 'application/json, */*', credentials } = conventions;
    const request = build(operation, parts, endpoint, { accept, ...credentials(endpoint.token) });
    const response = await endpoint.send(request);
    return interpret(operation, request, response, conventions) as never;
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
  return { ...request, body: typeof body === 'string' ? body : JSON.stringify(body) };
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
  if (status === 404) return 'Push the project, or correct the name in connector.json.';
  return status >= 500 ? 'Try again later.' : 'Correct what the platform names, then try again.';
}

function parsed(text: string, mediaType: string): unknown {
  return /[/+]json$/.test(mediaType) ? JSON.parse(text) : text;
}

function interpret(
  operation: Operation,
  request: HttpRequest,
  response: HttpResponse,
  { readError, hints, refused, readAnswer = parsed }: Conventions,
): unknown {
  const { status, body } = response;
  const mediaType = response.headers['content-type']?.split(';')[0]?.trim();
  const asked = `${request.method} ${new URL(request.url).pathname}`;
  const named = refused?.(response);
  if (status >= 200 && status < 300 && named === undefined) {
    try {
      return readAnswer(body, mediaType ?? '');
    } catch (cause) {
      const message = `${asked} was answered with text that is not ${/json$/.test(mediaType ?? '') ? 'JSON' : mediaType}.`;
      const hint = 'Check that the address belongs to the platform’s API.';
      throw new ConnectorError('refused', { code: 'origin/refused', message, hint }, { cause });
    }
  }
  const words = readError(response) ?? `no reason was given for ${operation.id}`;
  const message = `${asked} was refused with ${status}: ${words}`;
  const { kind, code } = REFUSALS[status as keyof typeof REFUSALS] ?? { kind: 'refused', code: 'origin/refused' };
  throw new ConnectorError(kind, { code, message, hint: hintFor(status, operation, hints), ...named });
}
