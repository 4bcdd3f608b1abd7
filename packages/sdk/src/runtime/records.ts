import type { Diagnostic, Path } from '../diagnostics.ts';
import type { Given } from '../iml/run.ts';
import type { JSONObject } from '../json.ts';
import type { Connection } from '../project/project.ts';
import type { Exchanged } from './exchange.ts';
import type { Evaluation } from './expressions.ts';
import type { Results } from './interpret.ts';
import type { RunLimits } from './limits.ts';
import type { Chance } from './oauth1-signature.ts';
import type { Answer } from './read-answer.ts';
import type { Secrets, StandIn } from './secrets.ts';
import type { TraceStep } from './trace.ts';
import type { Transport } from './transport.ts';

/** Context that all runs of a connection share. */
export interface World {
  readonly connection: Connection;
  /** The value of the section. */
  readonly api: unknown;
  readonly parameters: JSONObject;
  readonly common: JSONObject;
  /** The scopes that are asked for. */
  readonly scope: readonly string[];
  readonly redirectUri: string;
  readonly environment: JSONObject;
  readonly given: Given;
  readonly chance: Chance;
  readonly transport: Transport;
  readonly limits: RunLimits;
  /** A new table with what is known to be secret before anything runs; `stand` says what takes the place of each. */
  readonly secrets: (stand?: StandIn) => Secrets;
}

/** Takes the browser to the provider, and gives the query string with which it came back. */
export type Visit = (visit: { readonly url: string; readonly redirectUri: string }) => Promise<URLSearchParams>;

/** One request of a step as it happened, with its secrets: it is never given to anybody, and a trace is made of it. */
export interface StepRecord {
  readonly name: string;
  readonly path: Path;
  readonly sanitize: readonly string[];
  outcome: TraceStep['outcome'];
  decision: string;
  /** Value of its condition, if it has one. */
  holds?: boolean;
  milliseconds: number;
  evaluations: readonly Evaluation[];
  readonly exchanges: Exchanged[];
  answer?: Answer;
  visit?: { readonly url: string; readonly redirectUri: string; readonly query?: JSONObject };
  /** Of `temp` what the step has put there. */
  stored: { -readonly [Name in keyof Results]?: unknown };
  /** The request as it is declared. */
  readonly request: JSONObject;
  /** True if it has no url, so that nothing was sent. */
  isSilent?: boolean;
  /** When the user has to authorize again, as it was stored at the end of the step. */
  expires?: Date | undefined;
  problem?: Diagnostic;
}

/** A request as it is declared, and where. */
export interface Declared {
  readonly name: string;
  readonly path: Path;
  readonly value: JSONObject;
}

/** How a step differs from others. */
export interface StepOptions {
  /** Parameters that the protocol adds to a signature. */
  readonly protocol?: Readonly<Record<string, string>>;
  /** True if it requests a token with what the browser brought. */
  readonly needsGrant?: boolean;
  /** Why a request without a condition does not run here; undefined where it does. */
  readonly unconditional?: string;
}
