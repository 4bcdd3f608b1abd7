import { lookUp, type Project } from '@connectorkit/sdk';
import type { Context } from './command.ts';

/** Parts of a connection that are on platforms, as far as the project knows: no platform is asked. */
export interface OnPlatforms {
  /** Origin → what the connection is called there. */
  readonly names: Readonly<Record<string, string>>;
  /** Description of what stays there, for people. */
  readonly lines: readonly string[];
  /** Command that shows it. */
  readonly next: readonly string[];
}

/** How the origins of a project call one of its connections. */
export function onPlatforms({ program }: Pick<Context, 'program'>, project: Project, id: string): OnPlatforms {
  const names = Object.entries(project.origins).flatMap(([origin, { connections = {} }]) => {
    const name = lookUp(connections, id);
    return name === undefined ? [] : [[origin, name] as const];
  });
  return {
    names: Object.fromEntries(names),
    lines: names.map(([origin, name]) => `on ${origin} it stays as it is, and is called ${name}`),
    next: names.map(([origin]) => `${program} status --origin ${origin}`),
  };
}
