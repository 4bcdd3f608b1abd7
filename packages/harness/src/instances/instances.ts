import type { Diagnostic } from '@connectorkit/sdk/emulator';
import type { Instance } from '@connectorkit/sdk/runtime';
import type { ConnectionSummary } from '../emulator.ts';
import type { InstanceTrace } from './records.ts';
import type { PushedSections, SectionDifferences } from './sections.ts';

/** A connection that was pushed, and what is needed to connect it. */
export interface ConnectableConnection {
  readonly app: string;
  /** Its name on the platform. */
  readonly name: string;
  readonly label: string;
  /** As the platform stores it. */
  readonly type: 'basic' | 'oauth';
  /** Names the texts of its sections: the same texts have the same version. */
  readonly version: string;
  /** The fields that users fill in, as the section `parameters` was pushed. */
  readonly form: readonly unknown[];
  /** Scopes that users may ask for beside those that it needs, each with what it is for. */
  readonly scopes: Readonly<Record<string, string>>;
  /** True if users agree on a page of the provider’s. */
  readonly needsBrowser: boolean;
  /** The redirect URI to register with the provider. */
  readonly redirectUri: string;
  /** The errors for which it is not run. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Connections that are asked for (default: all). */
export interface ConnectionRange {
  readonly app?: string;
  /** A part of their name, their label or their app's name, in capitals or not. */
  readonly search?: string;
  readonly limit?: number;
  /** Connections left out at the start. */
  readonly offset?: number;
}

/** Some of the connections, and how many fit without `limit` and `offset`. */
export interface ConnectionSummaries {
  readonly total: number;
  readonly connections: readonly ConnectionSummary[];
}

/** Values and choices with which a connection is connected. */
export interface ConnectInstanceOptions {
  /** Values of the form; with `local` the demo user's values unless said. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Scopes that are asked for beside those of the section `scope`. */
  readonly scopes?: readonly string[];
  /** Name of the instance (default: the label of the connection). */
  readonly name?: string;
  /** True if the harness's own provider stands in for the vendor. */
  readonly local?: boolean;
  /** With `local`: the demo user signs in and agrees without a browser. */
  readonly headless?: boolean;
  /** Origin by which the browser reaches the harness, such as `https://harness.example.com:4643` (default: `Harness.url`). */
  readonly origin?: string;
}

/** Values and choices with which an instance is connected again; what is left out stays as it was. */
export type ReauthorizeOptions = Pick<ConnectInstanceOptions, 'parameters' | 'scopes' | 'headless' | 'origin'>;

/** A connection that somebody connected, or is connecting. It holds no secret: what is stored is told by its names. */
export interface ConnectionInstance extends Instance {
  /** Such as `shop-1`: the name of the connection, and a number. */
  readonly id: string;
  readonly app: string;
  readonly connection: string;
  readonly name: string;
  /** `waiting` for the browser, also to be connected again; `failed` when it came back with a refusal, not at all, or what followed was refused. */
  readonly status: 'waiting' | 'connected' | 'failed';
  readonly local: boolean;
  /** ISO 8601, by the harness's clock; so is `changed`, the moment of the last run that went well. */
  readonly created: string;
  readonly changed: string;
  /** Of the sections that were run last. */
  readonly version: string;
  /** Reason for which the last run failed. What is stored is then as it was before. */
  readonly problem?: Diagnostic;
}

/** Address that a browser has to go to, and the time until which it is waited for. */
export interface InstanceAuthorization {
  readonly url: string;
  readonly redirectUri: string;
  /** ISO 8601, in real time. */
  readonly until: string;
}

/** Result of a run. */
export interface InstanceOutcome {
  /** As it is now; absent where nothing came of it, and when it was deleted. */
  readonly instance?: ConnectionInstance;
  /** Absent while a browser is waited for. */
  readonly trace?: InstanceTrace;
  /** Reason for which the run failed, at the line of the section. */
  readonly problem?: Diagnostic;
  /** Present while a browser is waited for. */
  readonly authorization?: InstanceAuthorization;
}

/**
 * Connections in the harness, of the sections as they were pushed. Each run uses those that are there then. Every method
 * that takes a name or an id throws ConnectorError usage `harness/instance` for one that is not there.
 */
export interface Instances {
  /** The connections that can be connected. */
  connections(options?: ConnectionRange): Promise<readonly ConnectableConnection[]>;
  /** The same by their names, and how many there are in all: for lists of many. */
  summaries(options?: ConnectionRange): Promise<ConnectionSummaries>;
  connection(name: string): Promise<ConnectableConnection>;
  /** The sections of a connection as they were pushed. */
  sections(name: string): Promise<PushedSections>;
  /**
   * The differences between the sections that are there now and those of a snapshot, or else those in the project's
   * files: what leads from the snapshot to now, or from now to the files.
   * @throws ConnectorError usage `harness/instance` as well where the snapshot or the project does not have it
   */
  differences(name: string, from: { readonly snapshot?: string }): Promise<SectionDifferences>;
  /**
   * Connects a connection. Where a browser has to go to the provider, the outcome says where, and the instance waits for
   * it; otherwise it is connected, or the outcome says why not.
   * @throws ConnectorError findings for each error in the sections, and for each value that the form does not take; usage
   * `usage/arguments` for `headless` without `local`
   */
  connect(name: string, options?: ConnectInstanceOptions): Promise<InstanceOutcome>;
  /** Of all apps, or of one, or of one connection. */
  list(options?: { readonly app?: string; readonly connection?: string }): Promise<readonly ConnectionInstance[]>;
  /** @param options.wait milliseconds that a browser which is waited for may take before this is answered (default: 0) */
  get(id: string, options?: { readonly wait?: number }): Promise<ConnectionInstance>;
  /** Proves that it still holds; it is refreshed before, where that is due. @throws ConnectorError as `refresh` does */
  verify(id: string): Promise<InstanceOutcome>;
  /**
   * Refreshes it if its condition is true.
   * @throws ConnectorError refused `harness/not-connected`; findings for errors in the sections that are there now
   */
  refresh(id: string): Promise<InstanceOutcome>;
  /**
   * Connects it again, such as after its tokens were revoked; it keeps its id and its name. `parameters` replace those
   * values of the form that they name. Until it has succeeded, what is stored holds as it was.
   * @throws ConnectorError as `connect` does; refused `harness/not-connected`
   */
  reauthorize(id: string, options?: ReauthorizeOptions): Promise<InstanceOutcome>;
  /**
   * Waits for its browser no longer: one that was connected before is what it was, and one that was not is gone. Nothing
   * happens where none is waited for.
   */
  abandon(id: string): Promise<void>;
  /** Takes back what it was granted, and deletes it, unless that fails. @throws ConnectorError as `refresh` does */
  invalidate(id: string): Promise<InstanceOutcome>;
  /** The last run; undefined while a browser is waited for. */
  trace(id: string): Promise<InstanceTrace | undefined>;
  /** Deletes it without telling the provider; one that waits for a browser waits no longer. */
  delete(id: string): Promise<void>;
}
