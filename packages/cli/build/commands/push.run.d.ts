import { type Plan, type Project, type RemoteNames } from '@connectorkit/sdk';
import type { Context, Run } from '../command.ts';
import { type OpenedRegistry } from '../registry.ts';
import type { push as command } from './push.ts';
export declare const run: Run<typeof command>;
/** Compares the project with its origin. @throws ConnectorError conflict when others changed what would be overwritten */
export declare function planPush(
  { environment }: Pick<Context, 'environment'>,
  project: Project,
  { destination, registry }: OpenedRegistry,
  ours: boolean,
): Promise<Plan>;
/**
 * Applies a plan, records every step as soon as it is answered, then reads everything back.
 * @returns how the platform calls things, when there is anything.
 * @throws ConnectorError refused `sync/not-verified`, or what the platform's client throws
 */
export declare function applyPush(
  { report, signal }: Pick<Context, 'report' | 'signal'>,
  project: Project,
  { destination, registry }: OpenedRegistry,
  planned: Plan,
): Promise<RemoteNames | undefined>;
//# sourceMappingURL=push.run.d.ts.map
