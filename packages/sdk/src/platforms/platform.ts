import type { AuthorizationKind, CreateType, StoredType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';
import type { Exchange } from './exchange.ts';
import type { Contract } from './operations.ts';

/** One HTTP request. The body is text; header names are as the vendor writes them. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Called when the request had to wait, directly before it is sent. What it throws takes the place of an answer. */
  readonly recheck?: () => Promise<void>;
}

/** How a change is sent. */
export type Sending = Pick<HttpRequest, 'recheck'>;

/** One HTTP answer; its body is text. */
export interface HttpResponse {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The request as it went out, so that nothing of it is reported where the answer is quoted. */
  readonly request?: HttpRequest;
}

/**
 * Sends a request and gives the answer, whatever its status. Given by the caller.
 * @throws ConnectorError network `origin/unreachable` when there was no answer.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Limits of a request with all that belongs to it. */
export interface SendLimits {
  /** Milliseconds from the first attempt to connect to the end of the answer. */
  readonly milliseconds: number;
  /** Bytes of the answer's body. */
  readonly bytes: number;
}

/** Those that hold unless the user says otherwise; the largest section that a platform takes has less than 2 MB. */
export const SEND_LIMITS: SendLimits = { milliseconds: 40_000, bytes: 64 * 1024 * 1024 };

/** How a client reaches a platform: the API's base URL without a slash at the end, and the token. */
export interface Endpoint {
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
interface SchemaError {
  /** JSON Pointer to the value that failed. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The compiled validators of a contract’s schemas, by the name of the schema. */
export type Validators = Readonly<Record<string, Validator>>;

/** A platform that connectors are published to or used on. A new one is an entry in PLATFORMS. */
export interface Platform {
  readonly name: string;
  readonly title: string;
  /** The path under which the API stands on a host, such as `/api/v2`. */
  readonly basePath: string;
  /** Zone → base URL, where the vendor has several that a user can be in; the first is the one that most are in. */
  readonly zones?: Readonly<Record<string, string>>;
  readonly contract: Contract;
  /** The contract's schemas, compiled ahead of time; named as `schemasOf` names them. Loaded when asked for. */
  readonly validators: () => Promise<Validators>;
  /** Requests and answers from the vendor's documentation, by which client and emulator are tested. */
  readonly exchanges: () => Promise<readonly Exchange[]>;
  /** Parts of a connection that is declared here that it can take. */
  readonly takes: PlatformTakes;
  /** Who the token belongs to. @throws ConnectorError auth `origin/unauthenticated`, network `origin/unreachable` */
  readonly whoami: (endpoint: Endpoint) => Promise<Account>;
  /** Where connections are defined; absent on platforms with another role. */
  readonly registry?: (endpoint: Endpoint) => Registry;
  /** Where access to the APIs behind connections is asked for and granted; absent on platforms with another role. */
  readonly access?: (endpoint: Endpoint) => Access;
  /** Where customers' own connections live; absent on platforms with another role. */
  readonly instances?: (endpoint: Endpoint) => Instances;
}

/** Parts of a connection that a platform has a place for. What it is not asked to do is left out. */
export interface PlatformTakes {
  /** Use that it makes of a connection, one sentence. */
  readonly use: string;
  /** The kinds of authorization that it can do by itself. */
  readonly kinds?: readonly AuthorizationKind[];
  readonly sections: readonly SectionName[];
  /** The types of form fields that it shows as they are declared. */
  readonly fields?: 'all' | readonly string[];
  /** True if it grants the client id and client secret that `common` declares. */
  readonly credentials: boolean;
}

/** Who a token belongs to, as far as the platform says. */
export interface Account {
  readonly name: string;
  readonly email?: string;
  /** Scopes of the token, in the platform's words. */
  readonly scopes?: readonly string[];
}

/** An app holds the connections that a connector declares. */
export interface RemoteApp {
  readonly name: string;
  readonly label: string;
  readonly version: number;
  /** True if it went through the vendor's review, after which some of it is locked; undefined where nobody says. */
  readonly approved?: boolean;
}

/** Checksums of many stored texts at once, without the texts. */
export interface Checksums {
  /** Checks if the stored text of a section is this one, byte for byte; undefined when the platform does not say. */
  says(connection: string, section: string, text: string): boolean | undefined;
  /** Returns the checksum of the stored text of a section; undefined when the platform does not say. */
  sum(connection: string, section: string): string | undefined;
  /** Other contents of the app beside connections, each as its kind and its name. */
  readonly others: readonly string[];
}

/** A connection as a platform lists it. */
export interface RemoteConnection {
  readonly name: string;
  readonly label: string;
  readonly type: StoredType;
}

/**
 * The role of a platform where connections are defined. Every method throws ConnectorError:
 * auth `origin/unauthenticated` or `origin/forbidden`, refused `origin/not-found`, `origin/refused` or
 * `origin/unexpected-answer`, network `origin/unreachable`.
 */
export interface Registry {
  /** Checks if the platform may have named an app `given` that was asked for as `asked`. */
  namedAfter(given: string, asked: string): boolean;
  apps(): Promise<readonly RemoteApp[]>;
  createApp(app: { readonly name: string; readonly label: string }): Promise<RemoteApp>;
  /** Deletes an app with all that it holds. */
  deleteApp(app: Pick<RemoteApp, 'name' | 'version'>, sending?: Sending): Promise<void>;
  list(app: string): Promise<readonly RemoteConnection[]>;
  /** Of all sections of an app's connections, in one request; absent where the platform has no such thing. */
  checksums?(app: Pick<RemoteApp, 'name' | 'version'>): Promise<Checksums>;
  create(app: string, connection: { readonly type: CreateType; readonly label: string }): Promise<RemoteConnection>;
  get(name: string): Promise<RemoteConnection>;
  update(name: string, change: { readonly label: string }, sending?: Sending): Promise<RemoteConnection>;
  delete(name: string, sending?: Sending): Promise<void>;
  /** The text of a section, byte for byte. */
  section(name: string, section: string): Promise<string>;
  setSection(name: string, section: string, text: string, sending?: Sending): Promise<void>;
  /** The values that all users of the app share; secret. */
  common(name: string): Promise<unknown>;
  setCommon(name: string, values: unknown, sending?: Sending): Promise<void>;
  /** Registers the connection anew from what is stored. */
  recreate(name: string, sending?: Sending): Promise<void>;
}

/** How far a contract has come, in words that no vendor owns; the vendor's own stand in `status`. */
export type ContractState = 'pending' | 'approved' | 'active' | 'suspended' | 'rejected' | 'revoked' | 'cancelled';

/** Actions on a contract; which of them are valid depends on its state, the platform and who asks. */
export type AccessAction =
  | 'approve'
  | 'reject'
  | 'activate'
  | 'suspend'
  | 'resume'
  | 'cancel'
  | 'revise'
  | 'resubmit'
  | 'revoke'
  | 'restore';

/** An agreement by which an application may use an API in one environment. */
export interface AccessContract {
  readonly id: string;
  /** The API's id on the platform, as `AccessRequest` takes it, and what people call it. */
  readonly api: { readonly id: string; readonly title: string };
  readonly application: { readonly id: string; readonly title: string };
  /** Where the API is used, in the platform's words, such as `Sandbox`. */
  readonly environment: string | null;
  /** The tier that is in force, in the platform's words; null where there is none. */
  readonly tier: string | null;
  /** The tier that was asked for and is not in force. */
  readonly requestedTier: string | null;
  readonly state: ContractState;
  /** The state in the platform's own words. */
  readonly status: string;
  /** Actions that are open to this caller now. */
  readonly actions: readonly AccessAction[];
}

/** A request for access. */
export interface AccessRequest {
  /** The API's id on the platform. */
  readonly api: string;
  /** The application's id on the platform, or its name. */
  readonly application: string;
  readonly environment?: string;
  /** Id or name of a tier, where the API has tiers. */
  readonly tier?: string;
  /** True if the legal terms are accepted; platforms that have some refuse without. */
  readonly acceptTerms?: boolean;
  readonly comment?: string;
}

/** Which contracts are meant: those that fit all that is said. */
export interface AccessFilter {
  readonly api?: string;
  readonly application?: string;
  readonly environment?: string;
  readonly state?: ContractState;
}

/** Details of an action. */
export interface AccessDetails {
  readonly comment?: string;
  readonly tier?: string;
  readonly acceptTerms?: boolean;
  /** The contract that the action was decided on: when it is another by now, nothing is done. */
  readonly seen?: AccessContract;
}

/** Credentials by which the API behind a connection knows an application; secret. */
export interface ApplicationCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * The role of a platform where access to APIs is asked for and granted. Every method throws ConnectorError:
 * auth `origin/unauthenticated` or `origin/forbidden`, refused `origin/not-found`, `origin/refused` or
 * `origin/unexpected-answer`, network `origin/unreachable`.
 */
export interface Access {
  /** Contracts that this caller may see, as far as one of `api` and `application` says where to look. */
  list(filter: AccessFilter): Promise<readonly AccessContract[]>;
  show(contract: string): Promise<AccessContract>;
  request(asked: AccessRequest): Promise<AccessContract>;
  /**
   * @throws ConnectorError refused `access/not-valid` when the platform has no such action for this caller now, conflict
   * `origin/changed` when the contract is not what was seen
   */
  act(contract: string, action: AccessAction, details?: AccessDetails): Promise<AccessContract>;
  /** Of the contract's application, for its team; undefined as long as the contract is not in force. */
  credentials(contract: string): Promise<ApplicationCredentials | undefined>;
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

/** Changes to write to an instance. What is left out stays as it is. */
export interface InstanceChange<Input extends object = { readonly [parameter: string]: unknown }> {
  readonly name?: string;
  readonly provider?: string;
  readonly externalId?: string;
  readonly folder?: string;
  readonly parent?: string;
  /** The connection's parameters; secret. Merged into those that are stored, and tested. */
  readonly input?: Input;
}

/** Which instances are meant: those that fit all that is said. */
export interface InstanceFilter {
  /** Exactly this one; the same for the ids. */
  readonly provider?: string;
  readonly externalId?: string;
  readonly folder?: string;
  readonly parent?: string;
  /** True if the connections of single end users are reported as well. */
  readonly runtime?: boolean;
  readonly tags?: boolean;
}

/**
 * The role of a platform where customers' own connections live. `Input` is what the connection asks for, such as
 * `Connections['main']['parameters']` of the generated declarations. `user` is the customer as the platform writes it.
 * Every method throws ConnectorError: auth `origin/unauthenticated` or `origin/forbidden`, refused
 * `origin/not-found`, `origin/refused`, `origin/unexpected-answer` or `instances/in-use`, network `origin/unreachable`.
 */
export interface Instances {
  list(user: string, filter?: InstanceFilter): Promise<readonly Instance[]>;
  /** Without `input` a shell, to be connected later; with it the credentials are tested: look at `state`. */
  create<Input extends object>(user: string, instance: InstanceChange<Input>): Promise<Instance>;
  update<Input extends object>(user: string, id: string, change: InstanceChange<Partial<Input>>): Promise<Instance>;
  /** Takes its credentials away. `force`: even if something that runs uses it. */
  disconnect(user: string, id: string, options?: { readonly force?: boolean }): Promise<void>;
  delete(user: string, id: string): Promise<void>;
}

/** Reads the message of a vendor's error body, in the vendor's own words. */
export type ReadError = (response: HttpResponse) => string | undefined;
