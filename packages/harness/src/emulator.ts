import type { JSONSchema, Operation, Platform, StoredType } from '@connectorkit/sdk/emulator';
import type { AccessQueue } from './access/queue.ts';
import type { Customers } from './customers/customers.ts';
import type { SeedReference } from './seed.ts';
import type { ReadTransaction, WriteTransaction } from './store/store.ts';

/** A call that passed the contract: what a behaviour sees of a request. */
export interface Call<Types extends OperationTypes = OperationTypes> {
  readonly path: Types['path'];
  readonly query: Types['query'];
  /** JSON as a value; a body that the contract declares as a string as its text. */
  readonly body: Types['body'];
  readonly headers: Headers;
  /** The scheme and host that the request was sent to, such as `http://127.0.0.1:4600`. */
  readonly origin: string;
  readonly principal: Principal;
  readonly now: Date;
  /** Media type of the answer, where the platform offers more than JSON. */
  readonly mediaType: string;
  /** A connection that was published to one of the harness's registries, by its remote name. */
  published(name: string): Promise<PublishedConnection | undefined>;
}

/** The parts of a published connection that other platforms of the same harness may read. */
export interface PublishedConnection {
  readonly name: string;
  readonly label: string;
  /** True if its users agree on a page of the provider's, as OAuth has it. */
  readonly consent: boolean;
  /** The text of its `parameters` section: JSON with comments, an array of Make's parameters. */
  readonly parameters: string;
}

/** A connection as lists show it. */
export interface ConnectionSummary {
  readonly app: string;
  /** Its name on the platform. */
  readonly name: string;
  readonly label: string;
  readonly type: StoredType;
}

/** A connection as it was pushed to a platform. */
export interface PushedConnection extends ConnectionSummary {
  /** Section → its text, for the sections that are texts. */
  readonly texts: Readonly<Record<string, string>>;
  /** The values of `common`; secret. */
  readonly common: unknown;
  /** When one of the texts was written last, ISO 8601; absent for those of older stores. */
  readonly pushed?: string | undefined;
}

/** Reads the connections that were pushed to a platform on which they run. */
export interface Pushed {
  /** Undefined when there is none of that name. */
  connection(name: string, now: Date, tx: ReadTransaction): Promise<PushedConnection | undefined>;
  /** All, or those of one app, by app in the order in which they were made. */
  list(app: string | undefined, now: Date, tx: ReadTransaction): Promise<readonly ConnectionSummary[]>;
  /** Section → its text, as a snapshot has it; undefined when it has no connection of that name, or there is no snapshot. */
  kept(name: string, snapshot: string, tx: ReadTransaction): Promise<PushedConnection['texts'] | undefined>;
}

interface OperationTypes {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly answer: unknown;
}

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who calls, and what they may do. */
export interface Principal {
  readonly id: number;
  readonly scopes: readonly string[];
  /** Whom the credentials speak of, when that is not who they belong to. */
  readonly subject?: string;
}

/** Credentials of a request. */
export interface Presented {
  readonly operation: Operation;
  readonly headers: Headers;
  readonly query: URLSearchParams;
  readonly now: Date;
}

export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  /** Default: what was negotiated, or `application/json`; otherwise `body` is a string. */
  readonly mediaType?: string;
  /** Several values of one header, such as cookies, are a list. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Absent where the contract declares none. */
  readonly body: unknown;
  /** How bytes are written in `body`; otherwise it is a text, also of an image. */
  readonly encoding?: 'base64';
}

/**
 * Behaviour of an operation: it touches nothing but its transaction, so that a store may run it again.
 * A GET is given a transaction in which writing fails.
 */
export type Behaviour<Types extends OperationTypes = OperationTypes> = (
  call: Call<Types>,
  tx: WriteTransaction,
) => Promise<Omit<Answer, 'body'> & { readonly body: Types['answer'] }>;

export type Behaviours<Operations> = {
  readonly [Id in keyof Operations]: Operations[Id] extends OperationTypes ? Behaviour<Operations[Id]> : never;
};

/** Why a request is not served, in words that no vendor owns; an emulator dresses it in its vendor's. */
export type Reason =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'no-such-path'
  | 'malformed'
  | 'invalid'
  | 'media-type'
  | 'too-large'
  | 'too-many'
  | 'rejected'
  | 'internal';

interface RefusalParts {
  readonly violations?: readonly Violation[];
  /** By field of the body what is wrong with it, in the vendor's words. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** In place of the status that the vendor has for the reason. */
  readonly status?: number;
  /** In place of the vendor's own code for the reason. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by whatever refuses; it ends the transaction, which is rolled back. */
export class Refusal extends Error {
  readonly reason: Reason;
  /** Faults of the request, for a reader; one sentence each. */
  readonly details: readonly string[];
  readonly violations: readonly Violation[];
  readonly fields: RefusalParts['fields'];
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(reason: Reason, details: string | readonly string[], parts: RefusalParts = {}) {
    super([details].flat().join(' '));
    this.reason = reason;
    this.details = [details].flat();
    this.violations = parts.violations ?? [];
    this.fields = parts.fields;
    this.status = parts.status;
    this.code = parts.code;
    this.headers = parts.headers ?? {};
  }
}

/** Where a request and its contract part: the schema keyword that failed, and the pointer into that part. */
export interface Violation {
  readonly part: 'path' | 'query' | 'body';
  readonly pointer: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How many requests a minute a principal may make; operations with a limit of the same name share it. */
export interface Limit {
  readonly name: string;
  readonly perMinute: number;
}

/** Facts about an emulated platform that are known before it is loaded. */
export interface PlatformFacts extends Pick<Platform, 'name' | 'title' | 'basePath'> {
  /** Path prefixes whose unknown paths are refused in this vendor's shape; the longest wins. */
  readonly prefixes: readonly string[];
  /** Every scope that a token may be given, in the vendor's words: roles and privileges are called so as well. */
  readonly scopes: readonly string[];
  /** The platforms whose connections it may know, see `published`. */
  readonly knows?: readonly string[];
  /** Data that is kept there for others to look after: contracts for access to APIs, or connections of customers. */
  readonly keeps?: readonly ('access' | 'customers')[];
}

/** One emulated platform: an entry of EMULATORS. */
export interface EmulatedPlatform extends PlatformFacts {
  load(): Promise<Emulator>;
}

/** Stand-in for a platform: its contract, and the behaviour of its operations. */
export interface Emulator extends Pick<PlatformFacts, 'prefixes' | 'scopes'> {
  readonly platform: Platform;
  /** Bytes that a request body may have. */
  readonly bodyLimit: number;
  /** By operationId; each was checked against the types of its operation where the platform declares it. */
  readonly behaviours: Readonly<Record<string, (call: never, tx: WriteTransaction) => Promise<Answer>>>;
  /** @throws Refusal unauthenticated */
  authenticate(presented: Presented, tx: ReadTransaction): Promise<Principal>;
  /** The vendor's words for a refusal; the status and headers that the refusal itself names are put over it. */
  refuse(refusal: Refusal, operation: Operation | undefined, path: string): Answer;
  /**
   * On platforms that answer in more media types than one: the answer as text. What a client accepts is negotiated
   * among those that the contract declares for the status, and named as it stands there.
   */
  represent?(value: unknown, mediaType: string): string;
  /** Returns the current limit of an operation; `asked` is true when the harness was started with rate limits. */
  limit?(operation: Operation, asked: boolean, tx: ReadTransaction): Limit | undefined | Promise<Limit | undefined>;
  /** On platforms that are registries: what others may know of a connection. */
  published?(name: string, tx: ReadTransaction): Promise<PublishedConnection | undefined>;
  /** On platforms on which connections run. */
  readonly pushed?: Pushed;
  /** On platforms on which access to APIs is requested; loaded when asked for. */
  access?(): Promise<AccessQueue>;
  /** On platforms on which customers have connections; loaded when asked for. */
  customers?(): Promise<Customers>;
  /** Lets a token in, with all scopes unless some are named. What it overwrites is the same token's row. */
  admit(tx: WriteTransaction, token: string, scopes?: readonly string[]): Promise<void>;
  /**
   * Puts things in place as if they had been there before, with the ids and times that are given: what the API cannot
   * bring about, such as a connection that was lost, and what exchanges take for given. What is given fits `seedSchema`.
   * @throws Refusal
   */
  seed(tx: WriteTransaction, given: never): Promise<void>;
  /** The published JSON Schema of seeds, of which their types are made. */
  readonly seedSchema: JSONSchema;
  /** References of a seed to things that it does not have to hold itself. */
  readonly seedReferences: readonly SeedReference[];
}
