import { command, type Module } from '../command.ts';
import { ORIGIN } from '../settings.ts';

export const push = command({
  name: 'push',
  summary: 'brings an origin to what the project declares',
  positionals: {},
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show what would be done, and do nothing' },
    ours: { type: 'boolean', describe: 'Write over what others changed on the platform' },
    yes: { type: 'boolean', describe: 'Do not ask before anything is changed on a platform' },
  },
  examples: [
    ['connector push', 'to the only origin, or to the harness'],
    ['connector push --origin make --dry-run', 'show the plan'],
    ['connector push --origin make --yes', 'for continuous integration'],
  ],
  load: (): Promise<Module> => import('./push.run.ts'),
});
