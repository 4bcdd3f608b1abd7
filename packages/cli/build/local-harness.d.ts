import type { Harness } from '@connectorkit/harness';
import type { Context } from './command.ts';
export interface HarnessArguments {
  readonly port: number;
  readonly host: string;
  readonly store: string | undefined;
  readonly synchronous: 'NORMAL' | 'FULL';
  readonly 'allow-remote': boolean;
}
/** The options of the commands that start a harness. */
export declare const HARNESS_OPTIONS: {
  readonly port: {
    readonly type: 'number';
    readonly value: 'number';
    readonly describe: 'Port to listen on; 0 takes a free one';
    readonly default: 4600;
  };
  readonly host: {
    readonly type: 'string';
    readonly value: 'address';
    readonly describe: 'Address to listen on';
    readonly default: '127.0.0.1';
  };
  readonly store: {
    readonly type: 'string';
    readonly value: 'path';
    readonly describe: 'SQLite file that keeps the state, or `memory`; .connector/harness.db unless given';
  };
  readonly synchronous: {
    readonly type: 'string';
    readonly describe: 'Whether an answered write survives the end of the process (NORMAL) or a power cut as well (FULL)';
    readonly choices: readonly ['NORMAL', 'FULL'];
    readonly default: 'NORMAL';
  };
  readonly 'allow-remote': {
    readonly type: 'boolean';
    readonly describe: 'Let other machines in; needs a token of your own in CONNECTOR_TOKEN';
  };
};
export interface RunningHarness {
  readonly harness: Harness;
  /** Stops it and takes its address out of `.connector/harness.json`; the token stays for the next start. */
  stop(): Promise<void>;
}
/**
 * Starts a harness that keeps its state in `.connector/` below `root`, and writes down where it is.
 * @throws ConnectorError usage `harness/already-running`, or what createHarness throws
 */
export declare function startHarness(context: Context, root: string, args: HarnessArguments): Promise<RunningHarness>;
/** Resolves when the command is told to end. */
export declare function interrupted(signal: AbortSignal): Promise<void>;
//# sourceMappingURL=local-harness.d.ts.map
