import { type Project, type Registry } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { type Destination } from './settings.ts';
/** The option by which every command that talks to a platform is told where to. */
export declare const ORIGIN: {
  readonly type: 'string';
  readonly value: 'name';
  readonly describe: 'Origin in connector.json to talk to; `harness` is the one on this machine';
};
export interface OpenedRegistry {
  readonly destination: Destination;
  readonly registry: Registry;
}
/**
 * Where connections are defined, for the origin that was chosen.
 * @throws ConnectorError usage `origin/unknown`, network `harness/not-running`, auth `origin/no-token`
 */
export declare function openRegistry(context: Context, project: Project, flag: string | undefined): OpenedRegistry;
/** Where connections are defined, at a destination that is known. */
export declare function registryAt({ send }: Pick<Context, 'send'>, destination: Destination): OpenedRegistry;
//# sourceMappingURL=registry.d.ts.map
