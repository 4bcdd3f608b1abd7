import { type Files, type Project } from '@connectorkit/sdk';
/** A harness that runs on this machine, as it wrote itself down. */
export interface Harness {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The id of its process. */
  readonly pid: number;
}
/** Where a command talks to, and how it is let in. */
export interface Destination {
  readonly name: string;
  /** The name of the platform; its default when absent. */
  readonly platform?: string;
  /** The address as the project declares it, or that of the running harness. */
  readonly url: string;
  readonly token: string;
  /** Whether the url is that of the running harness, and so without the path of a platform's API. */
  readonly local: boolean;
  readonly app?: string;
  readonly version?: number;
  /** Connection id → remote name. */
  readonly connections?: Readonly<Record<string, string>>;
}
export interface OriginChoice {
  /** The value of --origin. */
  readonly flag?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly project: Pick<Project, 'origins'>;
  /** The running harness, when there is one. */
  readonly harness?: Harness | undefined;
}
/** Where a harness writes down its address and its token. */
export declare const HARNESS_FILE = '.connector/harness.json';
/**
 * Where to talk to: the flag, or CONNECTOR_ORIGIN, or the project's only origin, or the running harness.
 * @throws ConnectorError usage `origin/unknown` or `usage/missing`, network `harness/not-running`, auth `origin/no-token`
 */
export declare function resolveOrigin({ flag, environment, project, harness }: OriginChoice): Destination;
/** The environment variable that holds the token of one origin: `make-eu` → `CONNECTOR_TOKEN_MAKE_EU`. */
export declare function tokenVariable(origin: string): string;
/** The harness that runs for a project, if it runs; a file that its harness left behind counts for nothing. */
export declare function runningHarness(files: Files, isAlive?: typeof isRunning): Harness | undefined;
/** The token of the harness that ran last, so that the next one has the same. */
export declare function rememberedToken(files: Files): string | undefined;
declare function isRunning(pid: number): boolean;
//# sourceMappingURL=settings.d.ts.map
