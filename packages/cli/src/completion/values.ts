import { resolve } from 'node:path';
import { openProject, type Project } from '@connectorkit/sdk';
import { findProject } from '@connectorkit/sdk/node';
import type { Context, ValueSource } from '../command.ts';
import type { Candidate } from './candidates.ts';

/** Parts of a context that values are found with, and what was typed already. */
export interface Place extends Pick<Context, 'cwd' | 'files' | 'state' | 'environment' | 'commands'> {
  /** The value of --project. */
  readonly folder: string | undefined;
  /** The positionals before the cursor. */
  readonly taken: readonly string[];
}

/** How the values of each kind are found: on this machine, and fast. */
export const VALUES: Readonly<
  Record<Exclude<ValueSource, 'files'>, (place: Place) => readonly Candidate[] | Promise<readonly Candidate[]>>
> = {
  connections: (place) => projectAt(place).ids.map((value) => ({ value })),

  origins(place) {
    const { origins } = projectAt(place);
    const own = Object.entries(origins).map(([value, { url, zone, platform }]) => {
      return { value, about: [platform, zone ?? url].filter(Boolean).join(' ') };
    });
    const hasOwn = own.some(({ value }) => value === 'harness');
    return hasOwn ? own : [...own, { value: 'harness', about: 'the harness on this machine' }];
  },

  snapshots: (place) =>
    place
      .state(rootAt(place))
      .snapshots('')
      .toReversed()
      .map((value) => ({ value })),

  async connected(place) {
    const { connectedStore } = await import('../local-state/connected.ts');
    const all = connectedStore(place.state(rootAt(place)), place.environment).all();
    return all.map(({ id, connection, local }) => ({
      value: id,
      about: `${connection}, ${local ? 'local provider' : 'API'}`,
    }));
  },

  async codes() {
    const { pages } = await import('../pages.ts');
    return pages().map(({ code, title }) => ({ value: code, about: title }));
  },

  sections: async () => (await import('./sdk-tables.ts')).sectionNames(),

  platforms: async () => (await import('./sdk-tables.ts')).platformNames(),

  commands: ({ commands }) => commands.map(({ name, summary }) => ({ value: name, about: summary })),
};

/** @throws Error where there is none */
function rootAt({ cwd, folder = '.' }: Place): string {
  const root = findProject(resolve(cwd, folder));
  if (root === undefined) throw new Error('there is no project here');
  return root;
}

/** The project without its connections, of which nothing but the ids is needed. */
function projectAt(place: Place): Project {
  return openProject(place.files(rootAt(place)), { connections: [] });
}
