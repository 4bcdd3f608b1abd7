import type { CreateType, StoredType } from '../sections/create-types.ts';
import type { Exchange } from './exchange.ts';
import type { Contract } from './operations.ts';

/** One HTTP request. The body is text; header names are as the vendor writes them. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One HTTP answer; its body is text. */
export interface HttpResponse {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/**
 * Sends a request and gives the answer, whatever its status. Given by the caller.
 * @throws ConnectorError network `origin/unreachable` when there was no answer.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** How a client reaches a platform: the API's base URL without a slash at the end, and the token. */
export interface Access {
  readonly url: string;
  readonly token: string;
  readonly send: Send;
}

/** A compiled JSON Schema. After a call that answered false, `errors` says why. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** One broken keyword of a schema. */
export interface SchemaError {
  /** JSON Pointer to the value that failed. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type Validators = Readonly<Record<string, Validator>>;

/** A platform that connectors are published to or used on. A new one is an entry in PLATFORMS. */
export interface Platform {
  readonly name: string;
  readonly title: string;
  /** The path under which the API stands on a host, such as `/api/v2`. */
  readonly basePath: string;
  readonly contract: Contract;
  /** The contract's schemas, compiled ahead of time; named as `schemasOf` names them. Loaded when asked for. */
  readonly validators: () => Promise<Validators>;
  /** Requests and answers from the vendor's documentation, by which client and emulator are tested. */
  readonly exchanges: () => Promise<readonly Exchange[]>;
  /** Where connections are defined; absent on platforms with another role. */
  readonly registry?: (access: Access) => Registry;
  /** Where customers' own connections live; absent on platforms with another role. */
  readonly instances?: (access: Access) => Instances;
}

/** An app holds the connections that a connector declares. */
export interface RemoteApp {
  readonly name: string;
  readonly label: string;
  readonly version: number;
}

/** A connection as a platform lists it. */
export interface RemoteConnection {
  readonly name: string;
  readonly label: string;
  readonly type: StoredType;
}

/**
 * The role of a platform where connections are defined. Every method throws ConnectorError:
 * auth `origin/unauthenticated` or `origin/forbidden`, refused `origin/not-found` or `origin/refused`,
 * network `origin/unreachable`.
 */
export interface Registry {
  /** Whether the platform may have named an app `given` that was asked for as `asked`. */
  namedAfter(given: string, asked: string): boolean;
  apps(): Promise<readonly RemoteApp[]>;
  createApp(app: { readonly name: string; readonly label: string }): Promise<RemoteApp>;
  list(app: string): Promise<readonly RemoteConnection[]>;
  create(app: string, connection: { readonly type: CreateType; readonly label: string }): Promise<RemoteConnection>;
  get(name: string): Promise<RemoteConnection>;
  update(name: string, change: { readonly label: string }): Promise<RemoteConnection>;
  delete(name: string): Promise<void>;
  /** The text of a section, byte for byte. */
  section(name: string, section: string): Promise<string>;
  setSection(name: string, section: string, text: string): Promise<void>;
  /** The values that all users of the app share; secret. */
  common(name: string): Promise<unknown>;
  setCommon(name: string, values: unknown): Promise<void>;
  /** Registers the connection anew from what is stored. */
  recreate(name: string): Promise<void>;
}

/** A connection of one customer, as its platform tells of it. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  /** The connector that it is a connection of; null while none was chosen. */
  readonly provider: string | null;
  readonly state: 'connected' | 'disconnected' | 'failed';
  /** When it was last authorized, ISO 8601. */
  readonly authorizedAt: string | null;
  /** Why it could not be authorized, in the platform's words. */
  readonly error: string | null;
  /** Since when and why its credentials no longer work; it stays connected meanwhile. */
  readonly lost: { readonly at: string; readonly reason: string | null } | null;
  /** Who it is authorized as; undefined where the platform did not say. */
  readonly identity?: string | null;
  readonly externalId: string | null;
  readonly folder: string;
  readonly parent: string | null;
  /** Handles; undefined where they were not asked for. */
  readonly tags?: readonly string[];
}

/** What is written of an instance. What is left out stays as it is. */
export interface InstanceChange {
  readonly name?: string;
  readonly provider?: string;
  readonly externalId?: string;
  readonly folder?: string;
  readonly parent?: string;
  /** The connection's parameters; secret. Merged into those that are stored, and tested. */
  readonly input?: { readonly [parameter: string]: unknown };
}

/** Which instances are meant: those that fit all that is said. */
export interface InstanceFilter {
  /** Exactly this one; the same for the ids. */
  readonly provider?: string;
  readonly externalId?: string;
  readonly folder?: string;
  readonly parent?: string;
  /** Whether the connections of single end users are told as well. */
  readonly runtime?: boolean;
  readonly tags?: boolean;
}

/**
 * The role of a platform where customers' own connections live. `user` is the customer as the platform writes it.
 * Every method throws ConnectorError: auth `origin/unauthenticated` or `origin/forbidden`, refused
 * `origin/not-found`, `origin/refused` or `instances/in-use`, network `origin/unreachable`.
 */
export interface Instances {
  list(user: string, filter?: InstanceFilter): Promise<readonly Instance[]>;
  /** Without `input` a shell, to be connected later; with it the credentials are tested: look at `state`. */
  create(user: string, instance: InstanceChange): Promise<Instance>;
  update(user: string, id: string, change: InstanceChange): Promise<Instance>;
  /** Takes its credentials away. `force`: even if something that runs uses it. */
  disconnect(user: string, id: string, options?: { readonly force?: boolean }): Promise<void>;
  delete(user: string, id: string): Promise<void>;
}

/** What a vendor's error body says, in the vendor's own words. */
export type ReadError = (response: HttpResponse) => string | undefined;
