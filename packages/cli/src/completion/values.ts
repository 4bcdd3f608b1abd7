import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookUp, openProject, type Project } from '@connectorkit/sdk';
import { findProject } from '@connectorkit/sdk/node';
import type { Context, ValueSource } from '../command.ts';
import type { Candidate } from './candidates.ts';

/** Parts of a context that values are found with, and what was typed already. */
export interface CompletionContext
  extends Pick<Context, 'cwd' | 'files' | 'state' | 'environment' | 'send' | 'commands'> {
  /** The value of --project. */
  readonly folder: string | undefined;
  /** The value of --url. */
  readonly url: string | undefined;
  /** The positionals before the cursor. */
  readonly taken: readonly string[];
}

/** Values, or `files` where the shell completes the name of a file. */
type Values = readonly Candidate[] | 'files';

/** How the values of each kind are found: on this machine, and fast. */
export const VALUES: Readonly<
  Record<Exclude<ValueSource, 'files'>, (place: CompletionContext) => Values | Promise<Values>>
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

  async harness(place) {
    const [action = ''] = place.taken;
    if (action === 'seed') return 'files';
    if (action === 'clock') return [{ value: 'real', about: 'the time of this machine' }];
    const subjects = lookUp(SUBJECTS, action);
    // Another machine may be slow, and wants a token.
    if (subjects === undefined || place.url !== undefined) return [];
    const { controlOf } = await import('../harness-control.ts');
    const asked = controlOf(place, place.state(rootAt(place))).then((ask) => ask('GET', subjects.path));
    const answer = await Promise.race([asked, sleep(PATIENCE, undefined, { ref: false })]);
    return subjects.in(answer ?? {});
  },
};

/** Milliseconds that somebody who is typing waits for a harness. */
const PATIENCE = 1000;

/** Answers of the harness's API. */
type Answer = Readonly<Record<string, unknown>>;

/** Action on the running harness → where it lists what the action can be about. */
const SUBJECTS: Readonly<Record<string, { readonly path: string; in(answer: Answer): readonly Candidate[] }>> = {
  snapshot: { path: '/snapshots', in: snapshotsIn },
  restore: { path: '/snapshots', in: snapshotsIn },
  'remove-space': { path: '/spaces', in: ({ spaces }) => namedIn(spaces) },
  fault: {
    path: '/faults/effects',
    in: ({ effects }) => [...namedIn(effects), { value: 'clear', about: 'remove all faults' }],
  },
};

function snapshotsIn({ snapshots }: Answer): readonly Candidate[] {
  return (Array.isArray(snapshots) ? snapshots : []).map((name) => ({ value: String(name) }));
}

function namedIn(list: unknown): readonly Candidate[] {
  return (Array.isArray(list) ? list : []).map(({ name, summary }) => ({ value: String(name), about: summary }));
}

/** @throws Error where there is none */
function rootAt({ cwd, folder = '.' }: CompletionContext): string {
  const root = findProject(resolve(cwd, folder));
  if (root === undefined) throw new Error('there is no project here');
  return root;
}

/** The project without its connections, of which nothing but the ids is needed. */
function projectAt(place: CompletionContext): Project {
  return openProject(place.files(rootAt(place)), { connections: [] });
}
